"""Decays of muons and taus, and charged currents of light quarks, from SMEFT."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.weak_decays import LeptonDecay, WeakDecays
from dineutrino.inputs import Inputs, ckm_matrix
from dineutrino.inputs.leptons import MU, TAU, E
from dineutrino.inputs.quarks import D, S
from dineutrino.matching.charged import Factors, OfDownQuark, of_down_quark, with_ckm
from dineutrino.matching.currents import neutral_currents
from dineutrino.matching.descent import Smeft
from dineutrino.running import mass_ratio, tensor_factor
from dineutrino.running.jms import FIVE
from dineutrino.running.strong import FOUR, TWO_GEV
from dineutrino.running.warsaw_classes import Warsaw


class BeforeLightCKM(eqx.Module):
    """What `WeakDecays` follows from: decays of leptons as they are, those with quarks without the CKM matrix."""

    mu_e: LeptonDecay
    tau_e: LeptonDecay
    tau_mu: LeptonDecay
    down: OfDownQuark
    strange: OfDownQuark


def photons(inputs: Inputs) -> Float[Array, ""]:
    """What photons between m_Z and 2 GeV add to currents of quarks and leptons, 1 + alpha/pi ln(m_Z/2 GeV)."""
    return 1 + inputs["alpha_em(mu_b)"] / jnp.pi * jnp.log(inputs["m_Z"] / TWO_GEV)


def before_light_ckm(c: Warsaw, inputs: Inputs) -> BeforeLightCKM:
    """The readout: scalars run as the mass of a quark does, down to 2 GeV.

    Photons do to left-handed currents what they do to the Standard Model; for right-handed ones and scalars their
    effect is left out.
    """
    found = neutral_currents(c.vectors, ckm_matrix(inputs)[:2], inputs["s2_w"])
    left, right = found["VnueLL"], found["VnueLR"]

    def decay(a: int, b: int) -> LeptonDecay:
        return LeptonDecay(left[:, :, b, a], right[:, :, b, a])

    scalar = mass_ratio(TWO_GEV, inputs["m_Z"], inputs, FOUR, FIVE)
    factors = Factors(photons(inputs), scalar, tensor_factor(inputs["m_Z"], TWO_GEV, inputs))
    quarks = (of_down_quark(c, down, factors) for down in (D, S))
    return BeforeLightCKM(decay(MU, E), decay(TAU, E), decay(TAU, MU), *quarks)


def weak_decays_below(smeft: Smeft, V: Complex[Array, "3 3"]) -> WeakDecays:
    """All of them, with the CKM matrix V."""
    found = smeft.read(before_light_ckm)
    light = (with_ckm(part, V, 0, down) for part, down in ((found.down, D), (found.strange, S)))
    return WeakDecays(found.mu_e, found.tau_e, found.tau_mu, *light)
