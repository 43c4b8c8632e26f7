"""Two charged leptons of any masses: spectral functions of ten chiral currents, and of a photon that makes the pair."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.invisible.fermion_pair import spectral_functions
from dineutrino.invisible.spectrum import Currents, SpinOne, SpinZero

Entry = Float[Array, "..."]
Twelve = Float[Array, "12"]
"""Coefficients of one pair in the order of `dineutrino.eft.leptons.LL`, then of e times the dipoles P_R and P_L."""
FOUR_FERMION = 10
"""How many of them are currents of four fermions, GeV^-2."""


def charged_leptons(
    q2: Float[Array, "..."], m_a: Float[Array, ""], m_b: Float[Array, ""], x: Twelve, odd: float = 1.0
) -> Currents:
    """The spectral functions of l_a^- l_b^+, spins summed, for real coefficients x; zero below the threshold.

    A dipole c (sbar sigma_mu_nu P_R b) F^mu_nu is a tensor current of the quarks, and its photon a vector current of
    the leptons: with the photon propagator its amplitude is 2 e c/q2 times that of the currents.

    Args:
        q2: invariant mass squared of the pair, GeV^2.
        m_a: mass of the lepton, GeV.
        m_b: mass of the antilepton, GeV.
        x: coefficients, GeV^-2; those of the photon GeV^-1.
        odd: 1; -1 reverses the squares of currents of the leptons that are odd under CP (scalar, and sigma^{ij}), for
            pairs of a lepton with its own antiparticle.
    """
    f = spectral_functions(q2, m_a, m_b)
    LL, LR, RL, RR = x[:4]
    sLL, sLR, sRL, sRR = x[4:8]
    tLL, tRR, right, left = x[8:]
    propagator = 2 / jnp.sqrt(jnp.where(q2 > 0, q2, 1.0))

    def spin_one(v: Entry, a: Entry, photon: Entry, e: Entry, b: Entry) -> SpinOne:
        return SpinOne(
            vector=f.phase_space * (v**2 * f.vector + a**2 * f.axial),
            tensor=f.phase_space
            * (photon**2 * f.vector + 2 * photon * e * f.vector_electric + e**2 * f.electric + odd * b**2 * f.magnetic),
            interference=f.phase_space * (v * photon * f.vector + v * e * f.vector_electric + a * b * f.axial_magnetic),
        )

    def spin_zero(v: Entry, a: Entry, s: Entry, p: Entry) -> SpinZero:
        return SpinZero(
            vector=f.phase_space * (odd * v**2 * f.divergence + a**2 * f.axial_divergence),
            scalar=f.phase_space * (odd * s**2 * f.scalar + p**2 * f.pseudoscalar),
            interference=f.phase_space * (odd * v * s * f.divergence_scalar + a * p * f.divergence_pseudoscalar),
        )

    # the first letter is the current of the quarks, the second that of the leptons; P_L = (1 - gamma_5)/2
    VV, VA, AV, AA = (LL + LR + RL + RR) / 4, (LR - LL + RR - RL) / 4, (RL + RR - LL - LR) / 4, (LL - LR - RL + RR) / 4
    SS, SP = (sLL + sLR + sRL + sRR) / 4, (sLR - sLL + sRR - sRL) / 4
    PS, PP = (sRL + sRR - sLL - sLR) / 4, (sLL - sLR - sRL + sRR) / 4
    TT, TT5 = (tRR + tLL) / 2, (tRR - tLL) / 2
    TV, T5V = propagator * (right + left) / 2, propagator * (right - left) / 2
    return Currents(
        vector=spin_one(VV, VA, TV, TT, TT5),
        axial=spin_one(AV, AA, T5V, TT5, TT),
        scalar=spin_zero(VV, VA, SS, SP),
        pseudoscalar=spin_zero(AV, AA, PS, PP),
    )
