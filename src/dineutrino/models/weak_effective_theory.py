"""b -> s nu nubar with vector, scalar and tensor currents of massless neutrinos, the same for all three flavours."""

from dataclasses import dataclass
from typing import ClassVar

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.eft import NuNu
from dineutrino.inputs import SB, Inputs, Quarks, neutrino_currents, normalisation
from dineutrino.inputs.quarks import by_name
from dineutrino.invisible import Fermions, Pair
from dineutrino.invisible.fermion_pair import Couplings
from dineutrino.models.model import Model, Values
from dineutrino.theory import Flavours

FLAVOURS = 3
COEFFICIENTS = {
    "cVL": "vector current of left-handed quarks, with the Standard Model in it",
    "cVR": "vector current of right-handed quarks",
    "cSL": "scalar current of left-handed quarks",
    "cSR": "scalar current of right-handed quarks",
    "cTL": "tensor current of left-handed quarks",
}


@dataclass(frozen=True)
class WET(Model):
    """Real coefficients cVL, cVR, cSL, cSR, cTL of the weak effective theory, in the normalisation of EOS.

    L = 4 G_F/sqrt(2) alpha/(2 pi) |V_tb V_ts*| sum c O for b -> s; vectors cVL = -(C_L + C_L^SM), cVR = -C_R, with the
    phase of V_tb V_ts*. Scalars and tensors are those of Majorana pairs and have a factor 1/2 in the rate. B -> K
    depends on |cVL + cVR|, |cSL + cSR| and |cTL|: there cVL, cSL and cTL alone stand for these sums. Without cVL: its
    Standard Model value; a cVL of s -> d takes the place of charm quarks too.

    Attributes:
        transition: of the quarks, b -> s by default.

    Source: arXiv:2111.04327, as EOS 1.0.21 has it; arXiv:2507.12393.
    """

    transition: Quarks = SB

    name: ClassVar[str] = "WET"
    required: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def from_inputs(cls, inputs: Inputs, transition: str = SB.name) -> "WET":
        """The model, whatever the inputs: it sees those of each point.

        Raises:
            DineutrinoError: an unknown transition.
        """
        return cls(by_name(transition))

    def own_parameters(self) -> dict[str, str]:
        """The five coefficients, and what they multiply."""
        return {name: f"{what}, dimensionless" for name, what in COEFFICIENTS.items()}

    def pairs(self, values: Values, inputs: Inputs) -> tuple[Pair, ...]:
        """Scalars and tensors, where there are any; they do not interfere with the vectors."""
        if not {"cSL", "cSR", "cTL"} & set(values):
            return ()
        left, right, tensor = (self._value(values, name) for name in ("cSL", "cSR", "cTL"))
        even, odd, tensor = ((right + left) / 2, (right - left) / 2, tensor)
        g = {"SS": even, "SP": -even, "PS": odd, "PP": -odd, "TT": tensor, "TT5": -tensor}
        scale = jnp.abs(normalisation(inputs, self.transition))
        couplings = Couplings(**{name: scale * value for name, value in g.items()})
        return (Fermions(0.0, 0.0, couplings, FLAVOURS / 2),)

    def currents(self, values: Values, inputs: Inputs) -> Flavours[NuNu]:
        """cVL has the Standard Model in it, which the observables add: it is subtracted here."""
        others, quarks = super().currents(values, inputs), self.transition
        given, unit = others.of(quarks) or NuNu.zero(), normalisation(inputs, quarks) * jnp.eye(FLAVOURS)
        left, right = given.left, given.right - self._value(values, "cVR") * unit
        if "cVL" in values:
            left = left - values["cVL"] * unit - neutrino_currents(inputs, quarks)
        return Flavours(**(others.named | {quarks.name: NuNu(left, right)}))

    def tex(self, name: str) -> str:
        """C with the kind of current as its index."""
        return rf"C_{{{name[1:]}}}" if name in COEFFICIENTS else ""

    @staticmethod
    def _value(values: Values, name: str) -> Float[Array, ""]:
        return jnp.asarray(values.get(name, 0.0), dtype=float)
