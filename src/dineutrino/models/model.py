"""What every model has in common: named real parameters and the inputs of the point in, a theory out."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import ClassVar

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft import NuNu, to_lagrangian
from dineutrino.eft.charged import RightHanded
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import DB, DS, SB, Inputs, Quarks
from dineutrino.inputs.quarks import ALL
from dineutrino.invisible import OneParticle, Pair
from dineutrino.matching.descent import Smeft
from dineutrino.models.named_coefficients import (
    charged_parameters,
    charm_mixing_parameters,
    coefficient_parameters,
    lepton_parameters,
    mixing_parameters,
    named_charged,
    named_charm_mixing,
    named_coefficients,
    named_leptons,
    named_mixing,
)
from dineutrino.theory import Flavours, Theory, Wet

Values = Mapping[str, Float[Array, ""]]


class Model(ABC):
    """New physics as a pure function `model(values, inputs)` of its parameters and of the Standard Model's.

    The coefficients of massless neutrinos, "Re CL_bsnutaunutau" and so on, and those of meson mixing, "Re CVLL_bsbs",
    are parameters of every model too. What is not among the values is zero. The inputs are those of the point,
    nuisances included: the CKM matrix of the model is the one of the observables. A model of your own has
    `own_parameters`, and `pairs`, `one_particle` or `neutrinos`.
    """

    name: ClassVar[str]
    required: ClassVar[tuple[str, ...]] = ("mass",)
    transition: Quarks = SB

    @abstractmethod
    def own_parameters(self) -> dict[str, str]:
        """Names of the parameters besides those of massless neutrinos -> what they are, with their unit."""

    def pairs(self, values: Values, inputs: Inputs) -> tuple[Pair, ...]:
        """Invisible pairs besides massless neutrinos in the transition of the model, b -> s; by default none."""
        return ()

    def dark(self, values: Values, inputs: Inputs) -> Flavours[tuple[Pair, ...]]:
        """Invisible pairs besides massless neutrinos in all transitions; by default those of `pairs` alone."""
        return Flavours(**{self.transition.name: self.pairs(values, inputs)})

    def one_particle(self, values: Values, inputs: Inputs) -> Flavours[OneParticle]:
        """A single invisible particle in place of a pair; by default none."""
        return Flavours()

    def neutrinos(self, values: Values, inputs: Inputs) -> NuNu:
        """Vector currents of massless neutrinos in b -> s, GeV^-2; by default those of C_L and C_R alone."""
        return NuNu(*to_lagrangian(named_coefficients(values), inputs))

    def currents(self, values: Values, inputs: Inputs) -> Flavours[NuNu]:
        """Vector currents of massless neutrinos in all transitions; by default only C_L and C_R outside of b -> s."""
        others = (named_currents(values, inputs, quarks) for quarks in (DB, DS))
        return Flavours(self.neutrinos(values, inputs), *others)

    def right_handed(self, values: Values, inputs: Inputs) -> RightHanded | None:
        """Charged currents of the b quark with right-handed neutrinos; by default none."""
        return None

    def smeft(self, values: Values, inputs: Inputs) -> Smeft | None:
        """New physics above m_W, if the model begins there; by default it does not."""
        return None

    def parameters(self) -> dict[str, str]:
        """All names that the model understands -> what they are, with their unit."""
        coefficients = [name for quarks in ALL for name in coefficient_parameters(quarks)]
        leptons = [name for quarks in ALL for name in lepton_parameters(quarks)]
        mixing = [name for quarks in ALL for name in mixing_parameters(quarks)] + [*charm_mixing_parameters()]
        return (
            self.own_parameters()
            | dict.fromkeys(coefficients, "coefficient, dimensionless")
            | dict.fromkeys(leptons, "coefficient in the normalisation of flavio; of scalars CS and CP, GeV^-1")
            | dict.fromkeys(mixing, "coefficient at the scale of the bag parameters, GeV^-2")
            | dict.fromkeys(charged_parameters(), "coefficient at mu_b, dimensionless")
        )

    def check(self, names: Iterable[str]) -> None:
        """Refuse unknown parameters, and a model without what it needs.

        Raises:
            DineutrinoError: an unknown name, with the closest one; a required parameter that is missing; parameters
                that exclude each other.
        """
        given = list(names)
        for name in given:
            self.check_name(name)
        for name in self.required:
            if name not in given:
                raise DineutrinoError(f"{self.name} needs a value of '{name}', {self.own_parameters()[name]}.")

    def check_name(self, name: str) -> None:
        """Refuse an unknown parameter.

        Raises:
            DineutrinoError: with the closest name.
        """
        if name not in self.parameters():
            kind = f"parameter of {self.name}" if self.own_parameters() else "parameter"
            raise unknown(kind, name, self.parameters())

    def limits(self) -> dict[str, tuple[float, float]]:
        """Parameters that the model knows only between two values."""
        return {}

    def positive(self) -> tuple[str, ...]:
        """Parameters that are larger than zero, such as the mass of a particle that is integrated out."""
        return ()

    def check_range(self, name: str, lower: float, upper: float) -> None:
        """Refuse values, from `lower` to `upper`, for which the model has no answer.

        Raises:
            DineutrinoError: outside the limits of that parameter.
        """
        if name in self.positive() and (lower < 0 or upper <= 0):
            given = f"from {lower:g} to {upper:g}" if lower != upper else f"{lower:g}"
            raise DineutrinoError(f"'{name}' of {self.name}, {self.parameters()[name]}, must be positive, not {given}.")
        lowest, highest = self.limits().get(name, (-math.inf, math.inf))
        if not lowest <= lower <= upper <= highest:
            given = f"[{lower:g}, {upper:g}]" if lower != upper else f"{lower:g}"
            what = f"'{name}' of {self.name}, {self.parameters()[name]},"
            raise DineutrinoError(f"{what} must stay in [{lowest:g}, {highest:g}], not {given}.")

    def tex(self, name: str) -> str:
        """Label of a parameter for plots, without dollars; empty if its name says it all."""
        return ""

    def __call__(self, values: Values, inputs: Inputs | None = None) -> Theory:
        """The theory at given values of the parameters, with the inputs of the point.

        Raises:
            DineutrinoError: as `check`; no inputs.
        """
        if inputs is None:
            raise DineutrinoError(f"{self.name} sees the inputs of the point: write model(values, inputs).")
        self.check(values)
        mixing = Flavours(*(named_mixing(values, quarks) for quarks in ALL))
        leptons = Flavours(*(named_leptons(values, inputs, quarks) for quarks in ALL))
        dark, one, charged = self.dark(values, inputs), self.one_particle(values, inputs), named_charged(values, inputs)
        wet = Wet(
            self.currents(values, inputs),
            dark,
            leptons,
            mixing,
            charged=charged,
            one=one,
            charm_mixing=named_charm_mixing(values),
            right_handed=self.right_handed(values, inputs),
        )
        return Theory(inputs, wet, self.smeft(values, inputs))


def named_currents(values: Values, inputs: Inputs, quarks: Quarks) -> NuNu | None:
    """The Lagrangian of the named coefficients of one transition, if there are any among the values."""
    if not any(name in coefficient_parameters(quarks) for name in values):
        return None
    return NuNu(*to_lagrangian(named_coefficients(values, quarks), inputs, quarks))


def check_scale(name: str, scale: float) -> None:
    """Refuse a scale of new physics, in TeV, that is not positive and finite."""
    if not (math.isfinite(scale) and scale > 0):
        raise DineutrinoError(f"the scale of {name} must be positive and finite, in TeV, not {scale}.")


def complex_value(values: Values, name: str) -> Complex[Array, ""] | None:
    """Re + i Im of a parameter pair, or None if neither is there."""
    real, imaginary = values.get(f"Re {name}"), values.get(f"Im {name}")
    if real is None and imaginary is None:
        return None
    zero = jnp.asarray(0.0)
    return (zero if real is None else real) + 1j * (zero if imaginary is None else imaginary)


class MasslessNeutrinos(Model):
    """No further pair: the coefficients of massless left-handed neutrinos alone."""

    name = "MasslessNeutrinos"
    required = ()

    def own_parameters(self) -> dict[str, str]:
        """No parameters besides those of every model."""
        return {}
