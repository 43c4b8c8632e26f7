"""B_s -> invisible: the whole meson turns into the pair.

    <0|sbar gamma^mu gamma_5 b|B_s(p)> = i f p^mu,    <0|sbar gamma_5 b|B_s> = -i f m_B^2/(m_b + m_s)

Only the class 0- contributes, at q2 = m_B^2. Massless neutrinos with vector couplings have none of it.
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.errors import unknown
from dineutrino.hadronic.masses import Masses
from dineutrino.invisible import Currents, SpinZero, contract

NORMALISATIONS = {"physical": 1.0, "paper": 0.5}
"""Factors on the width; "paper" is that of arXiv:2309.02940 eqs. (15), (16), (24), (25), half the physical one."""


def hadronic_currents(decay_constant: Float[Array, "..."], masses: Masses) -> Currents:
    """Squared amplitudes of <0|sbar Gamma b|B_s>, GeV^6: normalised like B -> V, with f q^mu for its timelike part.

    Args:
        decay_constant: f, GeV.
        masses: of the meson and of the quarks in the pseudoscalar current; that of a daughter is not read.

    Returns:
        The `pseudoscalar` class.
    """
    m2 = masses.B**2
    f_P = decay_constant / (masses.b_quark + masses.light_quark)
    return Currents(
        pseudoscalar=SpinZero(
            vector=m2**2 * decay_constant**2,
            scalar=m2**3 * f_P**2,
            interference=-(m2**2) * masses.B * decay_constant * f_P,
        )
    )


def width(
    hadronic: Currents, invisible: Currents, masses: Masses, normalisation: str = "physical"
) -> Float[Array, "..."]:
    """Gamma(B_s -> X) = contract(hadronic, invisible) / (16 pi m_B), GeV.

    Args:
        hadronic: from `hadronic_currents`.
        invisible: spectral functions of the pair at q2 = m_B^2, GeV^-4.
        masses: of the meson.
        normalisation: "physical", or "paper" to reproduce arXiv:2309.02940.

    Raises:
        DineutrinoError: unknown normalisation.
    """
    if normalisation not in NORMALISATIONS:
        raise unknown("normalisation of B_s -> invisible", normalisation, NORMALISATIONS)
    return NORMALISATIONS[normalisation] * contract(hadronic, invisible) / (16 * jnp.pi * masses.B)
