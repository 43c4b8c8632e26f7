"""Annihilation of the dark scalar into mesons in the early universe, at leading order of chiral perturbation theory."""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.models.vector_like_quark.constants import constants
from dineutrino.numerics.bessel import scaled_bessel_k

ORDER = 96
REACH = 45.0
"""The thermal average is cut off where the distribution is exp(-REACH) of its largest value."""
CORNER = 0.01
"""Of the range: how closely nodes crowd at the threshold."""

Real = Float[Array, ""] | float


def eta(x: Real, z: Real) -> Float[Array, ""]:
    """Thermal average of the velocity factor of phi phi -> P P, twice the phase-space root for x -> infinity.

    eta = 4x/K_2(x)^2 times the integral over e from max(1, z) of sqrt((e - 1)(e - z)/e) K_1(2x sqrt(e)).
    It is smooth in z through the threshold z = 1, beyond which only fast scalars annihilate.

    Args:
        x: mass over temperature, positive.
        z: (m_P/m_phi)^2, not negative.

    Source: Gondolo and Gelmini, Nucl. Phys. B 360 (1991) 145, with the prefactors of valencia2024.
    """
    x, z = jnp.asarray(x, dtype=float), jnp.asarray(z, dtype=float)
    first, second = jnp.maximum(1.0, z), jnp.minimum(1.0, z)
    gap = first - second
    end = jnp.sqrt((jnp.sqrt(first) + REACH / (2 * x)) ** 2 - first)
    knee = jnp.sqrt(gap + (CORNER * end) ** 2)
    unit, weights = np.polynomial.legendre.leggauss(ORDER)
    half = jnp.arcsinh(end / knee) / 2
    t = knee * jnp.sinh(half * (unit + 1))  # e = first + t^2
    slope = knee * jnp.cosh(half * (unit + 1)) * half
    root = jnp.sqrt(first + t**2)
    factor = jnp.exp(-2 * x * (root - 1)) * scaled_bessel_k(1, 2 * x * root)
    integrand = 2 * t**2 * jnp.sqrt(t**2 + gap) / root * factor
    return 4 * x / scaled_bessel_k(2, x) ** 2 * jnp.sum(integrand * slope * weights)


def condensate() -> float:
    """B = m_K^2/(m_s + m_d), GeV."""
    known = constants()
    return known["m_K0"] ** 2 / (known["m_s"] + known["m_d"])


def cross_sections(m: Real, x: Real, C_ss: Real, C_dd: Real = 0.0) -> dict[str, Float[Array, ""]]:
    """<sigma v> of phi phi -> mesons by final state, GeV^-2.

    Args:
        m: mass of phi, GeV.
        x: mass over temperature.
        C_ss: scalar coefficient of strange quarks, GeV^-1; real, as Hermiticity has it.
        C_dd: of down quarks.

    Source: valencia2024, derived anew; K0 stands for K0 K0bar, pi for all three pions.
    """
    known = constants()

    def average(meson: str) -> Float[Array, ""]:
        return condensate() ** 2 * eta(x, (known[meson] / jnp.asarray(m)) ** 2) / (64 * jnp.pi * jnp.asarray(m) ** 2)

    return {
        "K+": jnp.square(C_ss) * average("m_K+"),
        "K0": jnp.square(C_dd + C_ss) * average("m_K0"),
        "eta": jnp.square(C_dd + 4 * C_ss) / 18 * average("m_eta"),
        "pi": 3 / 2 * jnp.square(C_dd) * average("m_pi"),
    }


def required_coefficient(m: Real, x: Real, R: Real = 0.0) -> Float[Array, ""]:
    """|C_ss|, GeV^-1, that gives the observed relic density, for R = C_dd/C_ss."""
    total = sum(cross_sections(m, x, 1.0, R).values(), start=jnp.asarray(0.0))
    return jnp.sqrt(constants()["relic_cross_section"] / total)
