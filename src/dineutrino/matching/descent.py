"""The way of SMEFT coefficients down to each sector below m_Z: linear, and tabulated only for what is read."""

from collections.abc import Callable
from typing import TypeAlias, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float, PyTree

from dineutrino.inputs import Inputs
from dineutrino.matching.evolution import Evolution, EvolutionTable, Live, as_real, unravelled
from dineutrino.numerics.interpreted import by_numpy
from dineutrino.running.warsaw_classes import Warsaw

Out = TypeVar("Out")
Mid = TypeVar("Mid")
Readout = Callable[[Warsaw, Inputs], Out]
"""From coefficients at m_Z, in the down-aligned basis there, to a pytree of numbers; linear over the real numbers."""
Table: TypeAlias = Evolution[Out] | EvolutionTable[Out]


class Descent:
    """How the real parameters of a model become coefficients at m_Z, and whatever follows from these linearly.

    A table is made when it is first asked for, at the inputs that the descent was made with, and is kept; where nothing
    asks, not even the running to m_Z is compiled. Two descents are never equal: a model makes one for each choice of
    parameters and keeps it, so that functions of its points are compiled once.

    Args:
        inputs: Standard Model parameters of running and matching.
        at_mu_uv: from the parameters to the coefficients that they are, GeV^-2, in the down-aligned basis at mu_UV.
        to_m_z: makes the linear map onto coefficients at m_Z, in the down-aligned basis there.
    """

    def __init__(
        self,
        inputs: Inputs,
        at_mu_uv: Callable[[Float[Array, " columns"]], Warsaw],
        to_m_z: Callable[[], Table[Warsaw]],
    ):
        self.inputs, self.at_mu_uv = inputs, at_mu_uv
        self._to_m_z = to_m_z
        self._tables: dict[tuple[object, ...], Table[PyTree[Array]]] = {}

    def at_m_z(self) -> Table[Warsaw]:
        """The linear map onto all coefficients at m_Z."""
        if () not in self._tables:
            with jax.ensure_compile_time_eval():
                self._tables[()] = self._to_m_z()
        return self._tables[()]

    def table(self, readout: Readout[Out]) -> Table[Out]:
        """The linear map onto a readout, a function that is known by its identity: write it at the top of a module."""
        if (readout,) not in self._tables:
            self._tables[readout,] = self._followed(self.at_m_z(), readout)
        return self._tables[readout,]

    def table_through(self, first: Readout[Mid], then: Callable[[Mid, Inputs], Out]) -> Table[Out]:
        """The same onto what follows from a readout that other sectors need too, and that is tabulated for all."""
        if (first, then) not in self._tables:
            self._tables[first, then] = self._followed(self.table(first), then)
        return self._tables[first, then]

    def _followed(self, table: Table[Mid], step: Callable[[Mid, Inputs], Out]) -> Table[Out]:
        with jax.ensure_compile_time_eval():
            return table.then(jax.jit(lambda c: step(c, self.inputs)))


class Smeft(eqx.Module):
    """New physics above m_W at one point: the parameters that all coefficients are linear in, and the way down.

    Attributes:
        parameters: real numbers in the order of the columns of the descent; coefficients at mu_UV, GeV^-2.
        live: values of the inputs that the running follows, at this point.
        scale: mu_UV, GeV, if it is free; one for all parameters or one for each.
        descent: the way down.
    """

    parameters: Float[Array, " columns"]
    live: Float[Array, " live"]
    scale: Float[Array, "..."] | None
    descent: Descent = eqx.field(static=True)

    @property
    def at_mu_uv(self) -> Warsaw:
        """All coefficients of the Warsaw basis where they are given, GeV^-2, in the down-aligned basis there."""
        return self.descent.at_mu_uv(self.parameters)

    @property
    def at_m_z(self) -> Warsaw:
        """All coefficients of the Warsaw basis at m_Z, GeV^-2, in the down-aligned basis there."""
        return self._of(self.descent.at_m_z())

    def read(self, readout: Readout[Out]) -> Out:
        """Something linear in the coefficients at m_Z, at the inputs of the descent; see `Descent.table`."""
        return self._of(self.descent.table(readout))

    def read_through(self, first: Readout[Mid], then: Callable[[Mid, Inputs], Out]) -> Out:
        """What follows from a readout that is shared; see `Descent.table_through`."""
        return self._of(self.descent.table_through(first, then))

    def _of(self, table: Table[Out]) -> Out:
        if isinstance(table, Evolution):
            return table.moved_to(self.live)(self.parameters)
        return table.moved_to(self.live)(self.parameters, jnp.nan if self.scale is None else self.scale)


def fixed_point(at_mu_uv: Warsaw, at_m_z: Warsaw, inputs: Inputs) -> Smeft:
    """Coefficients that are known at both scales: the only parameter multiplies them, and is 1."""
    rows = by_numpy(_in_a_row, at_m_z)

    def given(parameters: Float[Array, " columns"]) -> Warsaw:
        return jax.tree.map(lambda coefficient: parameters[0] * coefficient, at_mu_uv)

    def to_m_z() -> Evolution[Warsaw]:
        column = jnp.asarray(rows)[:, None]
        return Evolution(column, jnp.zeros((0, rows.size, 1)), Live.none(), ("all",), unravelled(at_m_z))

    return Smeft(jnp.ones(1), jnp.zeros(0), None, Descent(inputs, given, to_m_z))


def _in_a_row(coefficients: Warsaw) -> Float[Array, " rows"]:
    return ravel_pytree(as_real(coefficients))[0]
