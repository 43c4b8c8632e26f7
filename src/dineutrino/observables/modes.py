"""The decays with a range of q2 that the registry knows, and the numbers that tell one from the other."""

from dataclasses import dataclass

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.hadronic import Amplitudes, Masses, amplitudes
from dineutrino.inputs import DB, DS, SB, FormFactorCoefficients, Inputs, Quarks
from dineutrino.inputs.standard_model import unit
from dineutrino.invisible import Currents
from dineutrino.observables import long_distance
from dineutrino.observables.long_distance import LongDistance, TauDecay


@dataclass(frozen=True)
class Mode:
    """One decay with something invisible in it.

    Attributes:
        name: as in the names of observables, "B+->K".
        tex: LaTeX, without dollars.
        parent, daughter: suffixes of the names in `Inputs` ("B+" of `m_B+`, `tau_B+`); no daughter is "".
        quarks: the transition.
        transition: key of the form factors; "" without a daughter, and of free quarks.
        amplitudes: of the hadronic side.
        source: paper and equation of the rates.
        fraction: 1, or 1/2 where only half of the neutral kaons are seen as K_S, or half of a pi0 is d dbar.
        tau: how B+ -> tau+ nu, tau+ -> M+ nubar leads to the same final state, of charged mesons.
        lifetime: suffix of the name of its lifetime, if that is not `parent`.
        k_long: whether it is a decay of K_L, which sees a part of the couplings.
    """

    name: str
    tex: str
    parent: str
    daughter: str
    quarks: Quarks
    transition: str
    amplitudes: Amplitudes
    source: str
    fraction: float = 1.0
    tau: TauDecay | None = None
    lifetime: str = ""
    k_long: bool = False

    def masses(self, inputs: Inputs) -> Masses:
        """The masses of the decay, GeV."""
        daughter = inputs[f"m_{self.daughter}"] if self.daughter else jnp.asarray(0.0)
        heavy, light = self.quarks.masses
        return Masses(inputs[f"m_{self.parent}"], daughter, inputs[heavy], inputs[light])

    def tabulated(self, inputs: Inputs) -> bool:
        """Whether its total rate is a published number, chosen in place of form factors."""
        return self.quarks == DB and inputs.choices["B->d_rates"] == "table"

    def end_point(self, inputs: Inputs) -> float:
        """(m_B - m_M)^2 as a plain number, GeV^2."""
        return float(self.masses(inputs).q2_max)


_NO_FORM_FACTORS = FormFactorCoefficients({}, {}, "", "", "")


class Decay(eqx.Module):
    """The numbers of one mode, or with a leading axis of several that differ only in numbers.

    Attributes:
        masses: GeV.
        time: lifetime times the seen fraction and, if chosen, the factor for the width of the K*; GeV^-1.
        long_distance: the tau background, or None where no mode asks for it.
        amplitudes: of the hadronic side.
        transition: key of the form factors.
        quarks: of the transition.
        k_long: whether it is a decay of K_L.
        table: published branching ratios per |L_left + L_right|^2 and per |L_left - L_right|^2, GeV^4, where those are
            taken in place of the integrals over all q2.
    """

    masses: Masses
    time: Float[Array, "*mode"]
    long_distance: LongDistance | None
    amplitudes: Amplitudes = eqx.field(static=True)
    transition: str = eqx.field(static=True)
    quarks: Quarks = eqx.field(static=True)
    k_long: bool = eqx.field(static=True, default=False)
    table: Float[Array, "*mode 2"] | None = None

    def form_factors(self, inputs: Inputs) -> FormFactorCoefficients:
        """The coefficients of the form factors of this transition; none of free quarks."""
        return inputs.form_factors[self.transition] if self.transition else _NO_FORM_FACTORS

    def currents(
        self, q2: Float[Array, "..."], coefficients: FormFactorCoefficients, longitudinal: bool = False
    ) -> Currents:
        """Squared helicity amplitudes of the hadronic side, GeV^4.

        Args:
            q2: GeV^2, on the physical range.
            coefficients: of the form factors of its transition.
            longitudinal: only amplitudes with a pair of helicity zero, and so a longitudinally polarised vector meson.
        """
        return self.amplitudes(q2, self.masses, coefficients, longitudinal)


def decay(mode: Mode, inputs: Inputs) -> Decay:
    """The numbers of a mode."""
    time = inputs[f"tau_{mode.lifetime or mode.parent}"] * mode.fraction
    if mode.transition == "B->K*" and inputs.choices["K*_width"] == "finite":
        time = time * inputs["K*_width_factor"]
    background = None
    if inputs.choices["long_distance"] == "included":
        background = LongDistance.none() if mode.tau is None else long_distance.background(mode.tau, inputs)
    return Decay(
        mode.masses(inputs),
        jnp.asarray(time),
        background,
        mode.amplitudes,
        mode.transition,
        mode.quarks,
        mode.k_long,
        _published(mode, inputs) if mode.tabulated(inputs) else None,
    )


def _published(mode: Mode, inputs: Inputs) -> Float[Array, "2"]:
    """From the unit of the table, |2 V_tj V_ti* (C_L + C_R)|^2 and the same with C_L - C_R, to that of Lagrangians."""
    return 4 * jnp.stack([inputs[f"A_{sign} {mode.name}"] for sign in "+-"]) / unit(inputs) ** 2


_MESONS = "arXiv:2404.06533 eq. (A3); arXiv:1409.4557 sec. 2; further pairs: arXiv:2309.02940, arXiv:2309.12741"
_KAONS = "arXiv:0705.2025; arXiv:2404.06533 eqs. (A4) to (A7); further pairs: arXiv:2309.02940, arXiv:2309.12741"
_TO_K = (SB, "B->K", amplitudes.pseudoscalar, _MESONS)
_TO_KSTAR = (SB, "B->K*", amplitudes.vector, _MESONS)
_TO_PHI = (SB, "Bs->phi", amplitudes.vector, _MESONS)
_TO_LAMBDA = (SB, "Lambda_b->Lambda", amplitudes.baryon, "arXiv:1410.2115 sec. 3")
_TO_NOTHING = (SB, "", amplitudes.none, "arXiv:2309.02940 eq. (24), twice that")
_TO_PI = (DB, "B->pi", amplitudes.pseudoscalar, _MESONS)
_TO_RHO = (DB, "B->rho", amplitudes.vector, _MESONS)
TO_XS = Mode(
    "B->Xs", r"B\to X_s\nu\bar\nu", "b(1S)", "s", SB, "", amplitudes.quark, "arXiv:0902.0160 sec. 2", lifetime="B0"
)
"""Of a b quark with the 1S mass."""
MODES = {
    mode.name: mode
    for mode in (
        Mode("B+->K", r"B^+\to K^+\nu\bar\nu", "B+", "K+", *_TO_K, tau=TauDecay.TO_K),
        Mode("B0->K", r"B^0\to K^0\nu\bar\nu", "B0", "K0", *_TO_K),
        Mode("B0->KS", r"B^0\to K_S\nu\bar\nu", "B0", "K0", *_TO_K, fraction=0.5),
        Mode("B+->K*", r"B^+\to K^{*+}\nu\bar\nu", "B+", "K*+", *_TO_KSTAR, tau=TauDecay.TO_KSTAR),
        Mode("B0->K*", r"B^0\to K^{*0}\nu\bar\nu", "B0", "K*0", *_TO_KSTAR),
        Mode("Bs->phi", r"B_s\to\phi\nu\bar\nu", "B_s", "phi", *_TO_PHI),
        Mode("Lambdab->Lambda", r"\Lambda_b\to\Lambda\nu\bar\nu", "Lambda_b", "Lambda", *_TO_LAMBDA),
        Mode("Bs->", r"B_s\to\nu\bar\nu", "B_s", "", *_TO_NOTHING),
        Mode("B+->pi", r"B^+\to\pi^+\nu\bar\nu", "B+", "pi+", *_TO_PI, tau=TauDecay.TO_PI),
        Mode("B0->pi", r"B^0\to\pi^0\nu\bar\nu", "B0", "pi0", *_TO_PI, fraction=0.5),
        Mode("B+->rho", r"B^+\to\rho^+\nu\bar\nu", "B+", "rho+", *_TO_RHO, tau=TauDecay.TO_RHO),
        Mode("B0->rho", r"B^0\to\rho^0\nu\bar\nu", "B0", "rho0", *_TO_RHO, fraction=0.5),
    )
}
_OF_KAON = (DS, "K->pi", amplitudes.pseudoscalar, _KAONS)
K_PLUS = Mode("K+->pi", r"K^+\to\pi^+\nu\bar\nu", "K+", "pi+", *_OF_KAON)
K_LONG = Mode("KL->pi", r"K_L\to\pi^0\nu\bar\nu", "K0", "pi0", *_OF_KAON, lifetime="K_L", k_long=True)
"""With couplings of one phase alone, both halves of K_L give as much as the whole of K+, of which pi0 keeps as much."""
