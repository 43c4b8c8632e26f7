"""The b -> s decays that the registry knows, and the numbers that tell one from the other."""

from dataclasses import dataclass

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.inputs import FormFactorCoefficients, Inputs
from dineutrino.observables import long_distance
from dineutrino.observables.long_distance import LongDistance
from dineutrino.observables.masses import Masses


@dataclass(frozen=True)
class Mode:
    """One decay with something invisible in it.

    Attributes:
        name: as in the names of observables, "B+->K".
        tex: LaTeX, without dollars.
        parent, daughter: suffixes of the names in `Inputs` ("B+" of `m_B+`, `tau_B+`); no daughter is "".
        transition: key of the form factors; "" without a daughter.
        spin: of the daughter, 0, 1/2 or 1; None without one.
        fraction: 1, or 1/2 where only half of the neutral kaons are seen as K_S.
        charged: whether B+ -> tau+ nu, tau+ -> M+ nubar leads to the same final state.
    """

    name: str
    tex: str
    parent: str
    daughter: str
    transition: str
    spin: float | None
    fraction: float = 1.0
    charged: bool = False

    def masses(self, inputs: Inputs) -> Masses:
        """The masses of the decay, GeV."""
        daughter = inputs[f"m_{self.daughter}"] if self.daughter else jnp.asarray(0.0)
        return Masses(inputs[f"m_{self.parent}"], daughter, inputs["m_b"], inputs["m_s"])

    def end_point(self, inputs: Inputs) -> float:
        """(m_B - m_M)^2 as a plain number, GeV^2."""
        return float(self.masses(inputs).q2_max)


class Decay(eqx.Module):
    """The numbers of one mode, or with a leading axis of several that differ only in numbers.

    Attributes:
        masses: GeV.
        time: lifetime times the seen fraction and, if chosen, the factor for the width of the K*; GeV^-1.
        long_distance: the tau background, or None where no mode asks for it.
        spin: of the daughter, or None.
        transition: key of the form factors.
    """

    masses: Masses
    time: Float[Array, "*mode"]
    long_distance: LongDistance | None
    spin: float | None = eqx.field(static=True)
    transition: str = eqx.field(static=True)

    def form_factors(self, inputs: Inputs) -> FormFactorCoefficients:
        """The coefficients of the form factors of this transition."""
        return inputs.form_factors[self.transition]


def decay(mode: Mode, inputs: Inputs) -> Decay:
    """The numbers of a mode."""
    time = inputs[f"tau_{mode.parent}"] * mode.fraction
    if mode.transition == "B->K*" and inputs.choices["K*_width"] == "finite":
        time = time * inputs["K*_width_factor"]
    background = None
    if inputs.choices["long_distance"] == "included":
        background = long_distance.background(mode.daughter, inputs) if mode.charged else LongDistance.none()
    return Decay(mode.masses(inputs), jnp.asarray(time), background, mode.spin, mode.transition)


MODES = {
    mode.name: mode
    for mode in (
        Mode("B+->K", r"B^+\to K^+\nu\bar\nu", "B+", "K+", "B->K", 0, charged=True),
        Mode("B0->K", r"B^0\to K^0\nu\bar\nu", "B0", "K0", "B->K", 0),
        Mode("B0->KS", r"B^0\to K_S\nu\bar\nu", "B0", "K0", "B->K", 0, fraction=0.5),
        Mode("B+->K*", r"B^+\to K^{*+}\nu\bar\nu", "B+", "K*+", "B->K*", 1, charged=True),
        Mode("B0->K*", r"B^0\to K^{*0}\nu\bar\nu", "B0", "K*0", "B->K*", 1),
        Mode("Bs->phi", r"B_s\to\phi\nu\bar\nu", "B_s", "phi", "Bs->phi", 1),
        Mode("Lambdab->Lambda", r"\Lambda_b\to\Lambda\nu\bar\nu", "Lambda_b", "Lambda", "Lambda_b->Lambda", 1 / 2),
        Mode("Bs->", r"B_s\to\nu\bar\nu", "B_s", "", "", None),
    )
}
