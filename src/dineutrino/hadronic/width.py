"""The width: the two sides of the decay meet, in the same way for every meson and every invisible pair."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.hadronic.masses import Masses
from dineutrino.invisible import Currents, contract
from dineutrino.numerics import sqrt_or_zero


def flux(q2: Float[Array, "..."], masses: Masses) -> Float[Array, "..."]:
    """lambda^(1/2)(m_B^2, m_M^2, q2) / (256 pi^3 m_B^3), GeV^-1: zero beyond the end point (m_B - m_M)^2."""
    momentum = sqrt_or_zero((masses.B - masses.M) ** 2 - q2) * sqrt_or_zero((masses.B + masses.M) ** 2 - q2)
    return momentum / (256 * jnp.pi**3 * masses.B**3)


def width(q2: Float[Array, "..."], hadronic: Currents, invisible: Currents, masses: Masses) -> Float[Array, "..."]:
    """dGamma(B -> M X)/dq2, GeV^-1, for a meson M of any spin: flux times the trace over the currents."""
    return flux(q2, masses) * contract(hadronic, invisible)
