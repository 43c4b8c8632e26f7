"""A pseudoscalar meson turns into two charged leptons: amplitudes and the width.

    <0|qbar gamma^mu gamma_5 b|B(p)> = i f p^mu,    <0|qbar gamma_5 b|B> = -i f m_B^2/(m_b + m_q)

so that the amplitude of B -> l_a^- l_b^+ is i f (S ubar_a v_b + P ubar_a gamma_5 v_b). Vector currents of leptons of
the same mass are conserved and drop out, tensors have no meson to come from.
"""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.leptons import LL
from dineutrino.numerics import kallen, sqrt_or_zero


class LeptonicMasses(eqx.Module):
    """GeV.

    Attributes:
        meson: what decays.
        quarks: the sum of its quarks, MS-bar, at the scale of the scalar currents.
        first, second: l_a and l_b.
    """

    meson: Float[Array, ""]
    quarks: Float[Array, ""]
    first: Float[Array, ""]
    second: Float[Array, ""]


class Amplitudes(eqx.Module):
    """P and S, GeV^-1."""

    pseudoscalar: Complex[Array, ""]
    scalar: Complex[Array, ""]


def amplitudes(
    c: LL, leptons: tuple[int, int], masses: LeptonicMasses, axial: Complex[Array, ""] | float = 0.0
) -> Amplitudes:
    """P and S of l_a^- l_b^+, linear in the coefficients.

    Args:
        c: new physics.
        leptons: a and b, counted from zero.
        masses: of this decay.
        axial: coefficient of (qbar gamma_mu P_L b)(lbar gamma^mu gamma_5 l) in the Standard Model, GeV^-2.
    """
    left_left, left_right, right_left, right_right = (v[leptons] for v in (c.VLL, c.VLR, c.VRL, c.VRR))
    vector = (right_right - left_right) + (right_left - left_left)
    axial_vector = (right_right - left_right) - (right_left - left_left) - 2 * axial
    right, left = c.SRR[leptons] - c.SLR[leptons], c.SRL[leptons] - c.SLL[leptons]
    density = masses.meson**2 / masses.quarks
    return Amplitudes(
        pseudoscalar=(axial_vector * (masses.first + masses.second) - (right - left) * density) / 4,
        scalar=(vector * (masses.first - masses.second) - (right + left) * density) / 4,
    )


def width_factors(
    decay_constant: Float[Array, ""], masses: LeptonicMasses
) -> tuple[Float[Array, ""], Float[Array, ""]]:
    """The width per |P|^2 and per |S|^2, GeV^3; zero where the leptons are too heavy.

    Gamma = f^2 sqrt(lambda)/(8 pi m_B^3) {[m_B^2 - (m_a - m_b)^2] |P|^2 + [m_B^2 - (m_a + m_b)^2] |S|^2}.
    Source: arXiv:1204.1737 eq. (7); for two flavours arXiv:1602.00881 eq. (5).
    """
    m2 = masses.meson**2
    above = m2 - (masses.first + masses.second) ** 2
    momentum = sqrt_or_zero(jnp.where(above > 0, kallen(m2, masses.first**2, masses.second**2), 0.0))
    common = decay_constant**2 * momentum / (8 * jnp.pi * masses.meson**3)
    return common * (m2 - (masses.first - masses.second) ** 2), common * jnp.maximum(above, 0.0)
