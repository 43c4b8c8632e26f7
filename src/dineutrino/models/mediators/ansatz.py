"""Flavour in front of a heavy field: from a few named real parameters, and the CKM matrix, to all its couplings."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from math import inf, pi
from typing import ClassVar

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.inputs import Inputs
from dineutrino.models.mediators.couplings import Coupling, Values
from dineutrino.models.mediators.mediator import Mediator

RIGHT, HALF, FULL = (round(turns * pi + 4e-5, 4) for turns in (0.5, 1.0, 2.0))
"""Largest angles, rad, in four digits rounded up: 1.5708, 3.1416 and 6.2832 as one types them are allowed."""


@dataclass(frozen=True)
class RealParameter:
    """A parameter of an ansatz.

    Attributes:
        what: in words, with the unit.
        tex: label for plots, without dollars.
        limits: between which it stays.
    """

    what: str
    tex: str
    limits: tuple[float, float] = (-inf, inf)


class Ansatz(eqx.Module):
    """A pure function from real parameters to the couplings of a heavy field; what is not given is zero.

    Attributes:
        name: as in `FLAVOURS`.
        fits: in words, which couplings it knows.
    """

    name: ClassVar[str]
    fits: ClassVar[str]

    def shared(self) -> dict[str, RealParameter]:
        """Parameters that all fields have in common, such as a direction in the space of families."""
        return {}

    @abstractmethod
    def strengths(self, field: type[Mediator]) -> dict[str, RealParameter]:
        """Parameters of one field; all its couplings vanish with them. Empty where the ansatz does not fit."""

    @abstractmethod
    def couplings(self, field: type[Mediator], values: Values, inputs: Inputs) -> Mediator:
        """The field with its couplings."""


class CouplingByCoupling(Ansatz):
    """An ansatz that says for each array of couplings what it is."""

    @abstractmethod
    def own(self, coupling: Coupling) -> dict[str, RealParameter]:
        """Parameters of one array; empty where the ansatz does not know it, which then vanishes."""

    @abstractmethod
    def array(self, coupling: Coupling, values: Values, inputs: Inputs) -> Complex[Array, "..."]:
        """An array that has parameters."""

    def strengths(self, field: type[Mediator]) -> dict[str, RealParameter]:
        """Those of all arrays."""
        return {name: what for coupling in field.couplings for name, what in self.own(coupling).items()}

    def couplings(self, field: type[Mediator], values: Values, inputs: Inputs) -> Mediator:
        """Array by array."""
        return field(
            *(self.array(c, values, inputs) if c.legs and self.own(c) else c.array(values) for c in field.couplings)
        )


class Free(CouplingByCoupling):
    """No ansatz: the real and imaginary part of each coupling is a parameter."""

    name = "free"
    fits = "any coupling"

    def own(self, coupling: Coupling) -> dict[str, RealParameter]:
        """All real parameters of the array."""
        return {
            name: RealParameter(f"{what}, dimensionless", coupling.tex(name))
            for name, what in coupling.parameters().items()
        }

    def array(self, coupling: Coupling, values: Values, inputs: Inputs) -> Complex[Array, "..."]:
        """As given."""
        return coupling.array(values)


class FlavourFunction(Ansatz):
    """A function of your own: from the values of its parameters and the inputs of the point to the field.

    Attributes:
        function: returns the field with its couplings, of the class that the model is made for.
        parameters: its parameters by name; the function is given a number for each.
    """

    name = "function"
    fits = "whatever the function returns"

    function: Callable[[Values, Inputs], Mediator] = eqx.field(static=True)
    parameters: dict[str, RealParameter] = eqx.field(static=True)

    def strengths(self, field: type[Mediator]) -> dict[str, RealParameter]:
        """All parameters of the function."""
        return self.parameters

    def couplings(self, field: type[Mediator], values: Values, inputs: Inputs) -> Mediator:
        """What the function returns."""
        return self.function({name: jnp.asarray(values.get(name, 0.0)) for name in self.parameters}, inputs)


def overall(coupling: Coupling, suffix: str = "", what: str = "overall coupling") -> dict[str, RealParameter]:
    """One real number in front of an array."""
    tex = f"({coupling.symbol})_{{\\mathrm{{{suffix.strip('_')}}}}}" if suffix else coupling.symbol
    return {coupling.name + suffix: RealParameter(f"{what} of {coupling.what}, real, dimensionless", tex)}


def given(values: Values, name: str) -> Float[Array, ""]:
    """The value of a parameter, zero if there is none."""
    return jnp.asarray(values.get(name, 0.0), dtype=float)
