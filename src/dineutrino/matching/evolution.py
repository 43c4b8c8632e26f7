"""Running and matching as a linear map, at one high scale or tabulated in it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float
from numpy.polynomial import chebyshev

from dineutrino.eft.smeft import smeft_from_mapping, smeft_parameters, smeft_to_mapping
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import Inputs
from dineutrino.matching.smeft_chain import LowScales, low_energy, smeft_to_low_scales
from dineutrino.running.left_classes import LeftVectors
from dineutrino.running.vector_classes import VectorClasses

Readout = Callable[[LowScales, Inputs], Any]
"""From SMEFT coefficients at m_Z and LEFT coefficients at mu_b to a pytree of what is wanted; linear."""
Unravel = Callable[[Float[Array, " rows"]], Any]
RANGE = (500.0, 10000.0)
"""GeV."""
NODES = 8
"""Chebyshev nodes on `RANGE`; 1e-9 of the largest entry (tests/eft/test_evolution.py)."""

CHUNK = 16
"""Columns that are computed at once."""


class Evolution(eqx.Module):
    """rows = matrix @ parameters: real parameters at mu_uv, real numbers at mu_b.

    Attributes:
        matrix: per GeV^-2 of a coefficient.
        columns: names of the parameters, "Re lq1_3323".
        unravel: puts the rows into the pytree of the readout.
    """

    matrix: Float[Array, "rows columns"]
    columns: tuple[str, ...] = eqx.field(static=True)
    unravel: Unravel = eqx.field(static=True)

    def __call__(self, parameters: Float[Array, " columns"]) -> Any:
        """The readout at given parameters, GeV^-2, in the order of `columns`."""
        return self.unravel(self.matrix @ parameters)

    def then(self, step: Callable[[Any], Any]) -> "Evolution":
        """The evolution followed by another linear map, such as matching with the CKM matrix of a point."""
        matrix, unravel = _composed(self.matrix, self.unravel, step)
        return Evolution(matrix, self.columns, unravel)


class EvolutionTable(eqx.Module):
    """The same for every mu_uv in a range: entries are Chebyshev polynomials of ln(mu_uv).

    Attributes:
        polynomials: coefficients of T_0, T_1, ...
        lower, upper: ends of the range, GeV.
        columns, unravel: as in `Evolution`.
    """

    polynomials: Float[Array, "order rows columns"]
    lower: float = eqx.field(static=True)
    upper: float = eqx.field(static=True)
    columns: tuple[str, ...] = eqx.field(static=True)
    unravel: Unravel = eqx.field(static=True)

    def __call__(self, parameters: Float[Array, " columns"], mu_uv: Float[Array, ""] | float) -> Any:
        """The readout at given parameters, GeV^-2, at mu_uv, GeV; nan outside the range."""
        columns = self.polynomials @ parameters
        return self.unravel(self._weights(mu_uv) @ columns)

    def then(self, step: Callable[[Any], Any]) -> "EvolutionTable":
        """As `Evolution.then`."""
        polynomials, unravel = _composed(self.polynomials, self.unravel, step)
        return EvolutionTable(polynomials, self.lower, self.upper, self.columns, unravel)

    def at(self, mu_uv: float) -> Evolution:
        """The matrix at one scale.

        Raises:
            DineutrinoError: mu_uv outside the range.
        """
        if not self.lower <= mu_uv <= self.upper:
            raise DineutrinoError(f"the table holds from {self.lower:g} to {self.upper:g} GeV, not at {mu_uv:g} GeV.")
        return Evolution(jnp.tensordot(self._weights(mu_uv), self.polynomials, 1), self.columns, self.unravel)

    def _weights(self, mu_uv: Float[Array, ""] | float) -> Float[Array, " order"]:
        """T_k at ln(mu_uv) mapped to [-1, 1]."""
        log = jnp.log(jnp.asarray(mu_uv) / self.lower) / np.log(self.upper / self.lower)
        x = 2 * log - 1
        values = [jnp.ones_like(x), x]
        while len(values) < len(self.polynomials):
            values.append(2 * x * values[-1] - values[-2])
        slack = 1e-12
        return jnp.where((x >= -1 - slack) & (x <= 1 + slack), jnp.stack(values), jnp.nan)


def evolution(
    mu_uv: float, inputs: Inputs, columns: Sequence[str] | None = None, readout: Readout = low_energy
) -> Evolution:
    """The linear map from real and imaginary parts at mu_uv to a readout at mu_b.

    Args:
        mu_uv: GeV.
        inputs: fixed; for derivatives by them use `smeft_to_low_scales`.
        columns: parameters, "Re lq1_3323", "Im phiq1_23"; by default all of them, 1461.
        readout: by default `low_energy`.

    Raises:
        DineutrinoError: an unknown parameter, or a scale below m_Z.
    """
    names, matrices, unravel = _matrices(np.array([mu_uv]), inputs, columns, readout)
    return Evolution(matrices[0], names, unravel)


def evolution_table(
    inputs: Inputs,
    columns: Sequence[str] | None = None,
    readout: Readout = low_energy,
    lower: float = RANGE[0],
    upper: float = RANGE[1],
    nodes: int = NODES,
) -> EvolutionTable:
    """`evolution` for every mu_uv between `lower` and `upper`, GeV, so that mu_uv can be a free parameter.

    Other arguments and errors as for `evolution`.
    """
    x = chebyshev.chebpts1(nodes)
    scales = lower * (upper / lower) ** ((x + 1) / 2)
    names, matrices, unravel = _matrices(scales, inputs, columns, readout)
    inverse = np.linalg.inv(chebyshev.chebvander(x, nodes - 1))
    polynomials = jnp.tensordot(jnp.asarray(inverse), matrices, 1)
    return EvolutionTable(polynomials, float(lower), float(upper), names, unravel)


def _matrices(
    scales: Float[np.ndarray, " scale"], inputs: Inputs, columns: Sequence[str] | None, readout: Readout
) -> tuple[tuple[str, ...], Float[Array, "scale rows columns"], Callable[..., Any]]:
    """A few columns at a time, one compilation for all scales and all choices of columns."""
    if not np.all(np.isfinite(scales) & (scales >= float(inputs["m_Z"]))):
        raise DineutrinoError(f"SMEFT runs from scales above m_Z, in GeV, not from {float(np.min(scales)):g} GeV.")
    names = smeft_parameters() if columns is None else tuple(columns)
    for name in names:
        if name not in smeft_parameters():
            raise unknown("SMEFT parameter", name, smeft_parameters())
    units = [smeft_from_mapping({name[3:]: 1.0 if name.startswith("Re") else 1j}) for name in names]
    nothing = [VectorClasses.zero()] * (-len(units) % CHUNK)
    stacked = jax.tree.map(lambda *leaves: np.stack(leaves), *units, *nothing)

    def matrix(mu: float) -> Float[Array, "rows columns"]:
        parts = []
        for start in range(0, len(units), CHUNK):
            chunk = jax.tree.map(lambda leaf: leaf[start : start + CHUNK], stacked)  # noqa: B023
            parts.append(_columns(chunk, jnp.asarray(mu), inputs, readout))
        return jnp.concatenate(parts)[: len(units)].T

    matrices = jnp.stack([matrix(mu) for mu in scales])
    shape = jax.eval_shape(lambda: readout(LowScales(VectorClasses.zero(), LeftVectors.zero()), inputs))
    return names, matrices, _unravel(shape)


def _composed(
    matrices: Float[Array, "*batch rows columns"], unravel: Unravel, step: Callable[[Any], Any]
) -> tuple[Float[Array, "*batch more columns"], Unravel]:
    """A linear map applied to each column, and what puts the new rows into its pytree."""

    def column(rows: Float[Array, " rows"]) -> Float[Array, " more"]:
        return ravel_pytree(_real(step(unravel(rows))))[0]

    columns = jnp.swapaxes(matrices, -1, -2)
    found = jax.vmap(column)(columns.reshape(-1, columns.shape[-1])).reshape(*columns.shape[:-1], -1)
    shape = jax.eval_shape(lambda rows: step(unravel(rows)), columns.reshape(-1, columns.shape[-1])[0])
    return jnp.swapaxes(found, -1, -2), _unravel(shape)


def _unravel(shape: Any) -> Unravel:
    """Puts real rows into a pytree of these shapes, complex numbers as pairs."""
    with jax.ensure_compile_time_eval():
        zeros = jax.tree.map(lambda leaf: np.zeros(leaf.shape, leaf.dtype), shape)
        _, unravel_real = ravel_pytree(_real(zeros))

    def unravel(rows: Float[Array, " rows"]) -> Any:
        return jax.tree.map(_complex, unravel_real(rows), is_leaf=lambda x: isinstance(x, tuple))

    return unravel


@partial(jax.jit, static_argnames="readout")
def _columns(
    units: VectorClasses, mu: Float[Array, ""], inputs: Inputs, readout: Readout
) -> Float[Array, "chunk rows"]:
    """Rows of the readout for several coefficients at mu."""

    def column(unit: VectorClasses) -> Float[Array, " rows"]:
        return ravel_pytree(_real(readout(smeft_to_low_scales(unit, mu, inputs), inputs)))[0]

    return jax.vmap(column)(units)


def _real(tree: Any) -> Any:
    """Each complex leaf as a pair of real ones."""
    return jax.tree.map(lambda leaf: (leaf.real, leaf.imag) if jnp.iscomplexobj(leaf) else leaf, tree)


def _complex(part: Any) -> Array:
    """The inverse, leaf by leaf."""
    return part[0] + 1j * part[1] if isinstance(part, tuple) else part


def parameter_vector(values: Mapping[str, complex], columns: Sequence[str]) -> Float[Array, " columns"]:
    """Coefficients by name, GeV^-2, as the vector that an evolution takes.

    Raises:
        DineutrinoError: as `smeft_from_mapping`, and for a coefficient that is not among the columns.
    """
    values = smeft_to_mapping(smeft_from_mapping(values))
    place = {name: i for i, name in enumerate(columns)}
    vector = np.zeros(len(place))
    for name, value in values.items():
        for part, number in (("Re", complex(value).real), ("Im", complex(value).imag)):
            if number == 0:
                continue
            if f"{part} {name}" not in place:
                raise unknown("column of the evolution", f"{part} {name}", place)
            vector[place[f"{part} {name}"]] = number
    return jnp.asarray(vector)
