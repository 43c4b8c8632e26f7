"""Charged currents of light particles: decays of muons and taus, and u with d or s quarks."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex

from dineutrino.eft.charged import LeptonNeutrino
from dineutrino.inputs.leptons import MU, TAU, E
from dineutrino.inputs.quarks import D, S
from dineutrino.running.jms_classes import JMS

Matrix = Complex[Array, "neutrino antineutrino"]


class LeptonDecay(eqx.Module):
    """Coefficients of L for l -> l' nu nubar, GeV^-2; index (flavour of the neutrino, flavour of the antineutrino).

    left multiplies (nubar_a gamma_mu P_L nu_b)(lbar' gamma^mu P_L l), right the same with P_R between the charged
    leptons. After a Fierz transformation W exchange is of the left kind: -4 G_F/sqrt2, a being the flavour of l and b
    that of l'.
    """

    left: Matrix
    right: Matrix

    @classmethod
    def zero(cls) -> "LeptonDecay":
        """No new physics."""
        return cls(*[jnp.zeros((3, 3), complex)] * 2)


class WeakDecays(eqx.Module):
    """All of them; new physics only.

    Attributes:
        mu_e, tau_e, tau_mu: of mu -> e, tau -> e and tau -> mu.
        ud, us: currents (ubar ... d) and (ubar ... s) with leptons, at 2 GeV with four flavours.
    """

    mu_e: LeptonDecay
    tau_e: LeptonDecay
    tau_mu: LeptonDecay
    ud: LeptonNeutrino
    us: LeptonNeutrino

    @classmethod
    def zero(cls) -> "WeakDecays":
        """No new physics."""
        none, quarks = LeptonDecay.zero(), LeptonNeutrino.zero()
        return cls(none, none, none, quarks, quarks)

    @classmethod
    def from_jms(cls, c: JMS) -> "WeakDecays":
        """From all of LEFT."""
        left, right = c.left_left.VnueLL, c.left_right.VnueLR
        mu_e, tau_e, tau_mu = (
            LeptonDecay(left[:, :, b, a], right[:, :, b, a]) for a, b in ((MU, E), (TAU, E), (TAU, MU))
        )
        ud, us = (LeptonNeutrino.from_jms(c, 0, down) for down in (D, S))
        return cls(mu_e, tau_e, tau_mu, ud, us)
