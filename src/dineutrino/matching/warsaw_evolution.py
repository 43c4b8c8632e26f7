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
    CHUNK,
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
from dineutrino.running.couplings import Couplings
from dineutrino.running.flow import STEPS, Point, run_rows
from dineutrino.running.smeft import high_scale, mass_basis
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.warsaw import warsaw_at_m_z
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
    """A few columns at a time, one compilation for all scales and all choices of columns."""
    places = _places(scales, inputs, columns)
    units = np.zeros((len(places) + -len(places) % CHUNK, len(warsaw_parameters())))
    units[np.arange(len(places)), places] = 1

    def matrix(mu: float) -> Float[Array, "rows columns"]:
        chunks = [units[start : start + CHUNK] for start in range(0, len(units), CHUNK)]
        parts = [_images(jnp.asarray(chunk), jnp.asarray(mu), inputs) for chunk in chunks]
        return jnp.concatenate(parts)[: len(places)].T

    values = jnp.stack([matrix(mu) for mu in scales])
    return Matrices(values, jnp.zeros((0, *values.shape)), Live.none(), tuple(columns), unravelled(Warsaw.zero()))


@jax.jit
def _images(
    units: Float[Array, "chunk parameters"], mu: Float[Array, ""], inputs: Inputs
) -> Float[Array, "chunk rows"]:
    couplings = couplings_at_m_z(inputs)

    def rows(unit: Float[Array, " parameters"]) -> Float[Array, " rows"]:
        at_m_z = warsaw_at_m_z(warsaw_from_vector(unit), mu, couplings, inputs["m_Z"])
        return ravel_pytree(as_real(at_m_z))[0]

    return jax.vmap(rows)(units)


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
    point = _start(inputs, readout)
    matrices, mu_before = [], float(inputs["m_Z"])
    for mu in scales:
        point, matrix = _next(point, jnp.asarray(mu_before), jnp.asarray(mu))
        matrices.append(matrix[:, places])
        mu_before = mu
    values = jnp.stack(matrices)
    return Matrices(values, jnp.zeros((0, *values.shape)), Live.none(), names, unravelled(shape))


@partial(jax.jit, static_argnames="readout")
def _start(inputs: Inputs, readout: Readout[Out]) -> Point[Warsaw]:
    """Derivatives of each entry of the readout by the coefficients at m_Z."""
    flat, pull = jax.vjp(lambda c: ravel_pytree(readout(c, inputs))[0], Warsaw.zero())
    (rows,) = jax.vmap(pull)(jnp.eye(flat.size))
    return Point(rows, couplings_at_m_z(inputs))


@jax.jit
def _next(
    point: Point[Warsaw], mu_before: Float[Array, ""], mu: Float[Array, ""]
) -> tuple[Point[Warsaw], Float[Array, "rows columns"]]:
    """Rows at the next scale, and there as derivatives by the parameters in the down-aligned basis."""
    there = run_rows(warsaw_slope, point, mu_before, mu, STEPS)
    return there, _by_parameters(there.coefficients, there.couplings)


def _by_parameters(rows: Warsaw, sm: Couplings) -> Float[Array, "rows columns"]:
    def aligned(parameters: Float[Array, " columns"]) -> Warsaw:
        return rotated(warsaw_from_vector(parameters), mass_basis(sm))

    _, pull = jax.vjp(aligned, jnp.zeros(len(warsaw_parameters())))
    return jax.vmap(lambda row: pull(row)[0])(rows)
