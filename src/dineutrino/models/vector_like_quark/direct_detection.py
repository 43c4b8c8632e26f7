"""Scattering of the dark scalar off nuclei, and what global fits of b -> s gamma leave."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.models.vector_like_quark.constants import constants

Real = Float[Array, ""] | float


def nucleon_cross_section(m: Real, C_ss: Real, R: Real, protons: Real, nucleons: Real) -> Float[Array, ""]:
    """Cross section per nucleon of phi N -> phi N, cm^2.

    Args:
        m: mass of phi, GeV.
        C_ss: scalar coefficient of strange quarks, GeV^-1.
        R: C_dd/C_ss; around -0.05 protons and neutrons nearly cancel.
        protons: Z of the nucleus.
        nucleons: its A.

    Source: valencia2024, after arXiv:2104.12785.
    """
    known = constants()
    m = jnp.asarray(m)
    reduced = m * known["m_N"] / (m + known["m_N"])
    strange = known["m_N"] / known["m_s"] * known["f_Ts_N"] * jnp.asarray(C_ss)
    share = protons / nucleons
    proton, neutron = (1 + isospin(nucleon) * R for nucleon in ("p", "n"))
    amplitude = strange * (proton * share + neutron * (1 - share))
    return known["hbar_c_squared"] * reduced**2 / (4 * jnp.pi * m**2) * amplitude**2


def isospin(nucleon: str) -> float:
    """m_s/m_d f_Td/f_Ts of the proton "p" or the neutron "n": how much C_dd weighs against C_ss."""
    known = constants()
    return known["ms_over_md"] * known[f"f_Td_{nucleon}"] / known["f_Ts_N"]


def b_to_s_gamma(C_sb: Real) -> Float[Array, ""]:
    """|C_sb| over what b -> s gamma allows for the dipole coefficient, which is of the same order; above 1 is excluded.

    Mixing of mesons needs operators of dimension eight here. Source: valencia2024.
    """
    return jnp.abs(C_sb) / constants()["b_to_s_gamma_limit"]
