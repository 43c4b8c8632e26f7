"""The whole Warsaw basis at mu_UV as a linear map onto numbers at m_Z: few of them row by row, all column by column."""

from collections.abc import Callable, Sequence
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float

from dineutrino.eft.warsaw import warsaw_parameters
from dineutrino.eft.warsaw_vector import warsaw_from_vector
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import Inputs
from dineutrino.matching.evolution import (
    NODES,
    RANGE,
    Evolution,
    EvolutionTable,
    Live,
    Matrices,
    Out,
    as_real,
    chebyshev_scales,
    unravelled,
)
from dineutrino.numerics.interpreted import by_numpy
from dineutrino.running.at_m_z import high_scale, mass_basis
from dineutrino.running.couplings import Couplings
from dineutrino.running.flow import Point
from dineutrino.running.many import couplings_of, run_many_to_m_z, run_rows
from dineutrino.running.warsaw_classes import Warsaw, rotated
from dineutrino.running.warsaw_slope import warsaw_slope

Readout = Callable[[Warsaw, Inputs], Out]
"""From coefficients at m_Z, in the down-aligned basis there, to a pytree of real numbers; linear in them."""


def warsaw_evolution(
    mu_uv: float, inputs: Inputs, readout: Readout[Out], columns: Sequence[str] | None = None
) -> Evolution[Out]:
    """The linear map from real and imaginary parts at mu_uv to a readout at m_Z.

    Args:
        mu_uv: GeV; the down-aligned Warsaw basis there.
        inputs: fixed; for derivatives by them use `warsaw_at_m_z`.
        readout: what is wanted; the cost grows with the number of its entries.
        columns: parameters, "Re uB_33", "Im phiq1_23"; by default all of them, 2499.

    Raises:
        DineutrinoError: an unknown parameter, a scale below m_Z or above 1e8 GeV, or a readout that is not real.
    """
    return _matrices((mu_uv,), inputs, readout, columns).first()


def warsaw_evolution_table(
    inputs: Inputs,
    readout: Readout[Out],
    columns: Sequence[str] | None = None,
    lower: float = RANGE[0],
    upper: float = RANGE[1],
    nodes: int = NODES,
) -> EvolutionTable[Out]:
    """`warsaw_evolution` for every mu_uv between `lower` and `upper`, GeV, so that mu_uv can be a free parameter."""
    return _matrices(chebyshev_scales(lower, upper, nodes), inputs, readout, columns).table(lower, upper)


def warsaw_columns(mu_uv: float, inputs: Inputs, columns: Sequence[str]) -> Evolution[Warsaw]:
    """The linear map from a few real and imaginary parts at mu_uv to all coefficients at m_Z.

    Args:
        mu_uv: GeV; the down-aligned Warsaw basis there.
        inputs: fixed.
        columns: parameters, "Re uB_33", "Im phiq1_23"; the cost grows with their number.

    Raises:
        DineutrinoError: an unknown parameter, or a scale below m_Z or above 1e8 GeV.
    """
    return _of_columns((mu_uv,), inputs, columns).first()


def warsaw_columns_table(
    inputs: Inputs, columns: Sequence[str], lower: float = RANGE[0], upper: float = RANGE[1], nodes: int = NODES
) -> EvolutionTable[Warsaw]:
    """`warsaw_columns` for every mu_uv between `lower` and `upper`, GeV, so that mu_uv can be a free parameter."""
    return _of_columns(chebyshev_scales(lower, upper, nodes), inputs, columns).table(lower, upper)


def _of_columns(scales: Sequence[float], inputs: Inputs, columns: Sequence[str]) -> Matrices[Warsaw]:
    places = _places(scales, inputs, columns)
    units: Float[Array, "n parameters"] = jnp.asarray(np.eye(len(warsaw_parameters()))[places])
    runs = [run_many_to_m_z(warsaw_slope, _aligned, units, mu, inputs) for mu in scales]
    values = jnp.stack([by_numpy(_numbers, run).T for run in runs])
    return Matrices(values, jnp.zeros((0, *values.shape)), Live.none(), tuple(columns), unravelled(Warsaw.zero()))


def _aligned(parameters: Float[Array, "n parameters"], sm: Couplings) -> Warsaw:
    """Sets of coefficients in the basis of the couplings from parameters in the down-aligned basis."""
    basis = mass_basis(sm)
    return jax.vmap(lambda x: rotated(warsaw_from_vector(x), basis))(parameters)


def _numbers(many: Warsaw) -> Float[Array, "n rows"]:
    return jax.vmap(lambda c: ravel_pytree(as_real(c))[0])(many)


def _places(scales: Sequence[float], inputs: Inputs, columns: Sequence[str]) -> list[int]:
    """Of the columns among all parameters."""
    for mu in scales:
        high_scale(mu, inputs["m_Z"])
    place = {name: i for i, name in enumerate(warsaw_parameters())}
    for name in columns:
        if name not in place:
            raise unknown("SMEFT parameter", name, place)
    return [place[name] for name in columns]


def _matrices(
    scales: Sequence[float], inputs: Inputs, readout: Readout[Out], columns: Sequence[str] | None
) -> Matrices[Out]:
    """At ascending scales, each reached from the one before."""
    names = warsaw_parameters() if columns is None else tuple(columns)
    places = np.array(_places(scales, inputs, names), int)
    shape = jax.eval_shape(readout, Warsaw.zero(), inputs)
    if any(jnp.iscomplexobj(leaf) for leaf in jax.tree.leaves(shape)):
        raise DineutrinoError("a readout must be real; give real and imaginary parts of its entries.")
    point = Point(_derivatives(inputs, readout), couplings_of(inputs))
    matrices, mu_before = [], float(inputs["m_Z"])
    for mu in scales:
        point = run_rows(warsaw_slope, point, mu_before, mu)
        matrices.append(by_numpy(_by_parameters, point.coefficients, point.couplings)[:, places])
        mu_before = mu
    values = jnp.stack(matrices)
    return Matrices(values, jnp.zeros((0, *values.shape)), Live.none(), names, unravelled(shape))


@partial(jax.jit, static_argnames="readout")
def _derivatives(inputs: Inputs, readout: Readout[Out]) -> Warsaw:
    """Of each entry of the readout by the coefficients at m_Z."""
    flat, pull = jax.vjp(lambda c: ravel_pytree(readout(c, inputs))[0], Warsaw.zero())
    (rows,) = jax.vmap(pull)(jnp.eye(flat.size))
    return rows


def _by_parameters(rows: Warsaw, sm: Couplings) -> Float[Array, "rows columns"]:
    """Derivatives by the parameters in the down-aligned basis from those by the coefficients."""
    basis = mass_basis(sm)
    _, pull = jax.vjp(lambda x: rotated(warsaw_from_vector(x), basis), jnp.zeros(len(warsaw_parameters())))
    return jax.vmap(lambda row: pull(row)[0])(rows)
