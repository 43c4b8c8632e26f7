"""Running and matching as a linear map, at one high scale or tabulated in it."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Generic, TypeVar

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
from dineutrino.matching.smeft_chain import LowScales, smeft_to_low_scales
from dineutrino.running.at_m_z import high_scale
from dineutrino.running.left_classes import LeftVectors
from dineutrino.running.vector_classes import VectorClasses

Out = TypeVar("Out")
More = TypeVar("More")
Unravel = Callable[[Float[Array, " rows"]], Out]
"""Puts real numbers into the pytree of a readout."""
Readout = Callable[[LowScales, Inputs], Out]
"""From SMEFT coefficients at m_Z and LEFT coefficients at mu_b to a pytree of what is wanted; linear."""
RANGE = (500.0, 10000.0)
"""Scales, GeV, between which a table is made."""
NODES = 8
"""Chebyshev nodes on `RANGE`; 1e-9 of the largest entry (tests/eft/test_evolution.py)."""

CHUNK = 16
"""Columns that are computed at once."""


class Live(eqx.Module):
    """Inputs that a matrix follows to first order; the rest of the Standard Model stays where it was tabulated.

    Attributes:
        at: values at which the matrix was calculated.
        names: of the inputs, "m_t(m_t)".
    """

    at: Float[Array, " live"]
    names: tuple[str, ...] = eqx.field(static=True)

    @classmethod
    def none(cls) -> "Live":
        """No input is live."""
        return cls(jnp.zeros(0), ())

    def of(self, inputs: Inputs) -> Float[Array, " live"]:
        """The values that these inputs have."""
        return jnp.stack([inputs[name] for name in self.names]) if self.names else jnp.zeros(0)

    def moved(
        self,
        matrix: Float[Array, "*order rows columns"],
        slopes: Float[Array, "live *order rows columns"],
        to: Float[Array, " live"],
    ) -> Float[Array, "*order rows columns"]:
        """The matrix at other values of them."""
        return matrix + jnp.tensordot(to - self.at, slopes, 1) if self.names else matrix


class Evolution(eqx.Module, Generic[Out]):
    """rows = matrix @ parameters: real parameters at mu_uv, real numbers at mu_b.

    Attributes:
        matrix: per GeV^-2 of a coefficient.
        slopes: its derivatives by the live inputs.
        live: which these are.
        columns: names of the parameters, "Re lq1_3323".
        unravel: puts the rows into the pytree of the readout.
    """

    matrix: Float[Array, "rows columns"]
    slopes: Float[Array, "live rows columns"]
    live: Live
    columns: tuple[str, ...] = eqx.field(static=True)
    unravel: Unravel[Out] = eqx.field(static=True)

    def __call__(self, parameters: Float[Array, " columns"]) -> Out:
        """The readout at given parameters, GeV^-2, in the order of `columns`."""
        return self.unravel(self.matrix @ parameters)

    def then(self, step: Callable[[Out], More]) -> "Evolution[More]":
        """The evolution followed by another linear map, such as matching with the CKM matrix of a point."""
        (matrix, slopes), unravel = _composed((self.matrix, self.slopes), self.unravel, step)
        return Evolution(matrix, slopes, self.live, self.columns, unravel)

    def moved(self, inputs: Inputs) -> "Evolution[Out]":
        """The same at other inputs, to first order in the change of those that are live."""
        return self.moved_to(self.live.of(inputs))

    def moved_to(self, live: Float[Array, " live"]) -> "Evolution[Out]":
        """The same at other values of the live inputs."""
        matrix = self.live.moved(self.matrix, self.slopes, live)
        return Evolution(matrix, self.slopes, self.live, self.columns, self.unravel)


class EvolutionTable(eqx.Module, Generic[Out]):
    """The same for every mu_uv in a range: entries are Chebyshev polynomials of ln(mu_uv).

    Attributes:
        polynomials: coefficients of T_0, T_1, ...
        slopes: their derivatives by the live inputs.
        lower, upper: ends of the range, GeV.
        live, columns, unravel: as in `Evolution`.
    """

    polynomials: Float[Array, "order rows columns"]
    slopes: Float[Array, "live order rows columns"]
    live: Live
    lower: float = eqx.field(static=True)
    upper: float = eqx.field(static=True)
    columns: tuple[str, ...] = eqx.field(static=True)
    unravel: Unravel[Out] = eqx.field(static=True)

    def __call__(self, parameters: Float[Array, " columns"], mu_uv: Float[Array, "..."] | float) -> Out:
        """The readout at given parameters, GeV^-2, at mu_uv, GeV; nan outside the range.

        One scale for each parameter is allowed too, for fields of different masses.
        """
        weights = self._weights(mu_uv)
        if jnp.ndim(mu_uv) == 0:
            return self.unravel(weights @ (self.polynomials @ parameters))
        return self.unravel(jnp.einsum("orc,oc->r", self.polynomials, weights * parameters))

    def then(self, step: Callable[[Out], More]) -> "EvolutionTable[More]":
        """The table followed by another linear map, as `Evolution.then`."""
        (polynomials, slopes), unravel = _composed((self.polynomials, self.slopes), self.unravel, step)
        return EvolutionTable(polynomials, slopes, self.live, self.lower, self.upper, self.columns, unravel)

    def moved(self, inputs: Inputs) -> "EvolutionTable[Out]":
        """The table at other inputs, as `Evolution.moved`."""
        return self.moved_to(self.live.of(inputs))

    def moved_to(self, live: Float[Array, " live"]) -> "EvolutionTable[Out]":
        """The table at other values of the live inputs."""
        polynomials = self.live.moved(self.polynomials, self.slopes, live)
        return EvolutionTable(polynomials, self.slopes, self.live, self.lower, self.upper, self.columns, self.unravel)

    def at(self, mu_uv: float) -> Evolution[Out]:
        """The matrix at one scale.

        Raises:
            DineutrinoError: mu_uv outside the range.
        """
        if not self.lower <= mu_uv <= self.upper:
            raise DineutrinoError(f"the table holds from {self.lower:g} to {self.upper:g} GeV, not at {mu_uv:g} GeV.")
        weights = self._weights(mu_uv)
        matrix, slopes = jnp.tensordot(weights, self.polynomials, 1), jnp.einsum("o,lorc->lrc", weights, self.slopes)
        return Evolution(matrix, slopes, self.live, self.columns, self.unravel)

    def _weights(self, mu_uv: Float[Array, "..."] | float) -> Float[Array, "order ..."]:
        """T_k at ln(mu_uv) mapped to [-1, 1]."""
        log = jnp.log(jnp.asarray(mu_uv) / self.lower) / np.log(self.upper / self.lower)
        x = 2 * log - 1
        values = [jnp.ones_like(x), x]
        while len(values) < len(self.polynomials):
            values.append(2 * x * values[-1] - values[-2])
        slack = 1e-12
        return jnp.where((x >= -1 - slack) & (x <= 1 + slack), jnp.stack(values), jnp.nan)


class Matrices(eqx.Module, Generic[Out]):
    """What an evolution is made of, at several scales.

    Attributes:
        values: per GeV^-2 of a coefficient.
        slopes: derivatives by the live inputs.
        live, columns, unravel: as in `Evolution`.
    """

    values: Float[Array, "scale rows columns"]
    slopes: Float[Array, "live scale rows columns"]
    live: Live
    columns: tuple[str, ...] = eqx.field(static=True)
    unravel: Unravel[Out] = eqx.field(static=True)

    def first(self) -> Evolution[Out]:
        """The evolution from the first scale."""
        return Evolution(self.values[0], self.slopes[:, 0], self.live, self.columns, self.unravel)

    def table(self, lower: float, upper: float) -> EvolutionTable[Out]:
        """Polynomials through the scales of `chebyshev_scales`."""
        nodes = len(self.values)
        inverse = jnp.asarray(np.linalg.inv(chebyshev.chebvander(chebyshev.chebpts1(nodes), nodes - 1)))
        polynomials, slopes = (
            jnp.tensordot(inverse, self.values, 1),
            jnp.einsum("os,lsrc->lorc", inverse, self.slopes),
        )
        return EvolutionTable(polynomials, slopes, self.live, float(lower), float(upper), self.columns, self.unravel)


def chebyshev_scales(lower: float, upper: float, nodes: int) -> tuple[float, ...]:
    """Scales between two ends, GeV, ascending, whose values fix Chebyshev polynomials in the logarithm of the scale."""
    return tuple(float(mu) for mu in lower * (upper / lower) ** ((chebyshev.chebpts1(nodes) + 1) / 2))


def evolution(
    mu_uv: float,
    inputs: Inputs,
    readout: Readout[Out],
    columns: Sequence[str] | None = None,
    live: Sequence[str] = (),
) -> Evolution[Out]:
    """The linear map from real and imaginary parts at mu_uv to a readout at mu_b.

    Args:
        mu_uv: GeV.
        inputs: where the matrix is calculated.
        readout: what is wanted of the coefficients at the low scales, such as `neutrino_coefficients` of its LEFT.
        columns: parameters, "Re lq1_3323", "Im phiq1_23"; by default all of them, 1461.
        live: names of inputs by which first derivatives are calculated as well, so that the matrix can be `moved`.

    Raises:
        DineutrinoError: an unknown parameter or input, or a scale below m_Z or above 1e8 GeV.
    """
    return _matrices((mu_uv,), inputs, readout, columns, live).first()


def evolution_table(
    inputs: Inputs,
    readout: Readout[Out],
    columns: Sequence[str] | None = None,
    lower: float = RANGE[0],
    upper: float = RANGE[1],
    nodes: int = NODES,
    live: Sequence[str] = (),
) -> EvolutionTable[Out]:
    """`evolution` for every mu_uv between `lower` and `upper`, GeV, so that mu_uv can be a free parameter.

    Other arguments and errors as for `evolution`.
    """
    return _matrices(chebyshev_scales(lower, upper, nodes), inputs, readout, columns, live).table(lower, upper)


def _matrices(
    scales: Sequence[float],
    inputs: Inputs,
    readout: Readout[Out],
    columns: Sequence[str] | None,
    live: Sequence[str],
) -> Matrices[Out]:
    """A few columns at a time, one compilation for all scales and all choices of columns."""
    for mu in scales:
        high_scale(mu, inputs["m_Z"])
    names = smeft_parameters() if columns is None else tuple(columns)
    for name in names:
        if name not in smeft_parameters():
            raise unknown("SMEFT parameter", name, smeft_parameters())
    units = [smeft_from_mapping({name[3:]: 1.0 if name.startswith("Re") else 1j}) for name in names]
    nothing = [VectorClasses.zero()] * (-len(units) % CHUNK)
    stacked = jax.tree.map(lambda *leaves: np.stack(leaves), *units, *nothing)
    at = jnp.asarray([float(inputs[name]) for name in live])

    def matrix(mu: float) -> tuple[Float[Array, "rows columns"], Float[Array, "live rows columns"]]:
        parts = []
        for start in range(0, len(units), CHUNK):
            chunk = jax.tree.map(lambda leaf: leaf[start : start + CHUNK], stacked)  # noqa: B023
            parts.append(_columns(chunk, jnp.asarray(mu), at, inputs, readout, tuple(live)))
        values, slopes = (jnp.concatenate(part, axis=-2)[..., : len(units), :] for part in zip(*parts, strict=True))
        return values.T, jnp.swapaxes(slopes, 1, 2)

    values, slopes = zip(*(matrix(mu) for mu in scales), strict=True)
    shape = jax.eval_shape(lambda: readout(LowScales(VectorClasses.zero(), LeftVectors.zero()), inputs))
    return Matrices(jnp.stack(values), jnp.stack(slopes, axis=1), Live(at, tuple(live)), names, unravelled(shape))


def _composed(
    matrices: tuple[Float[Array, "*order rows columns"], Float[Array, "*more rows columns"]],
    unravel: Unravel[Out],
    step: Callable[[Out], More],
) -> tuple[tuple[Float[Array, "*order out columns"], Float[Array, "*more out columns"]], Unravel[More]]:
    """A linear map applied to each column of a matrix and of its slopes, and what puts the new rows into its pytree."""
    rows = jax.ShapeDtypeStruct(matrices[0].shape[-2:-1], matrices[0].dtype)

    def column(rows: Float[Array, " rows"]) -> Float[Array, " out"]:
        return ravel_pytree(as_real(step(unravel(rows))))[0]

    def mapped(matrix: Float[Array, "*order rows columns"]) -> Float[Array, "*order out columns"]:
        columns = jnp.swapaxes(matrix, -1, -2)
        if not columns.size:
            size = jax.eval_shape(column, rows).size
            return jnp.zeros((*matrix.shape[:-2], size, matrix.shape[-1]))
        images = jax.vmap(column)(columns.reshape(-1, columns.shape[-1])).reshape(*columns.shape[:-1], -1)
        return jnp.swapaxes(images, -1, -2)

    first, second = (mapped(matrix) for matrix in matrices)
    return (first, second), unravelled(jax.eval_shape(lambda rows: step(unravel(rows)), rows))


def unravelled(shape: Out) -> Unravel[Out]:
    """What puts real rows into a pytree of these shapes: the inverse of `as_real`, ravelled.

    All complex numbers are made at once: leaf by leaf they would be most of what is to be compiled.
    """
    leaves, tree = jax.tree.flatten(shape)
    halves = [1 + jnp.iscomplexobj(leaf) for leaf in leaves]
    sizes = [math.prod(leaf.shape) for leaf in leaves]
    pieces = [size for size, number in zip(sizes, halves, strict=True) for _ in range(number)]
    last = np.cumsum(halves) - 1
    first = last - np.array(halves) + 1

    def unravel(rows: Float[Array, " rows"]) -> Out:
        parts = jax.lax.split(rows, pieces)
        real, imaginary = (jnp.concatenate([parts[place] for place in places]) for places in (first, last))
        found = zip(jax.lax.split(jax.lax.complex(real, imaginary), sizes), leaves, strict=True)
        filled = ((part if jnp.iscomplexobj(leaf) else part.real).reshape(leaf.shape) for part, leaf in found)
        return jax.tree.unflatten(tree, filled)

    return unravel


@partial(jax.jit, static_argnames=("readout", "live"))
def _columns(
    units: VectorClasses,
    mu: Float[Array, ""],
    at: Float[Array, " live"],
    inputs: Inputs,
    readout: Readout[Out],
    live: tuple[str, ...],
) -> tuple[Float[Array, "chunk rows"], Float[Array, "live chunk rows"]]:
    """Rows of the readout for several coefficients at mu, and after them their derivatives by the live inputs."""

    def rows(at: Float[Array, " live"]) -> Float[Array, "chunk rows"]:
        here = inputs.replace(dict(zip(live, at, strict=True)))

        def column(unit: VectorClasses) -> Float[Array, " rows"]:
            return ravel_pytree(as_real(readout(smeft_to_low_scales(unit, mu, here), here)))[0]

        return jax.vmap(column)(units)

    values = rows(at)
    return values, jnp.moveaxis(jax.jacfwd(rows)(at), -1, 0) if live else jnp.zeros((0, *values.shape))


def as_real(tree: Out) -> Out:
    """Each complex leaf as a real one, with one axis more for real and imaginary part."""
    return jax.tree.map(lambda leaf: jnp.stack([leaf.real, leaf.imag]) if jnp.iscomplexobj(leaf) else leaf, tree)


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
