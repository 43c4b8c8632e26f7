"""Couplings of the unbroken Standard Model at m_Z from measured inputs."""

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.inputs import Inputs, ckm_matrix
from dineutrino.running.couplings import Couplings, run_couplings
from dineutrino.running.quark_masses import QUARKS
from dineutrino.running.strong import TWO_GEV
from dineutrino.running.theories import Coupling, Theories, theories

SIX = 6
_LIGHT = {"m_u": "m_u(2 GeV)", "m_d": "m_d(2 GeV)"}


def couplings_at_m_z(inputs: Inputs) -> Couplings:
    """Tree-level relations at m_t in the theory with six flavours, run to m_Z with one loop of all couplings.

    There alpha_s and quark masses come from QCD with four loops, g1 and g2 from alpha_em and s2_w at m_Z, lambda from
    the Higgs mass, v from G_F. Electroweak corrections to these relations, below 1 % for y_t and 3 % for lambda, are
    left out. At m_Z, Yd and Ye are diagonal and Yu = V^dagger diag(y_u, y_c, y_t).

    Args:
        inputs: couplings, masses and the CKM matrix.

    Source: arXiv:1307.3536 for the size of the corrections.
    """
    m_z, m_t = inputs["m_Z"], inputs["m_t(m_t)"]
    v = 1 / jnp.sqrt(jnp.sqrt(2.0) * inputs["G_F"])
    e2 = 4 * jnp.pi * inputs["alpha_em"]
    zero = jnp.zeros((3, 3), complex)
    qcd = theories(inputs)
    at_top = qcd.at(m_t, SIX)
    gauge = Couplings(
        jnp.sqrt(e2 / (1 - inputs["s2_w"])),
        jnp.sqrt(e2 / inputs["s2_w"]),
        zero[0, 0].real,
        zero[0, 0].real,
        *[zero] * 3,
    )
    gauge = run_couplings(gauge, m_z, m_t)

    def yukawa(*masses: Float[Array, ""]) -> Complex[Array, "3 3"]:
        return jnp.diag(jnp.sqrt(2.0) * jnp.stack(masses) / v).astype(complex)

    def quark(name: str) -> Float[Array, ""]:
        return quark_mass_from(qcd, name, at_top, inputs)

    diagonal = Couplings(
        g1=gauge.g1,
        g2=gauge.g2,
        g3=jnp.sqrt(4 * jnp.pi * at_top.alpha_s),
        lambda_=jnp.square(inputs["m_h"] / v),
        Yu=yukawa(quark("m_u"), quark("m_c"), quark("m_t")),
        Yd=yukawa(quark("m_d"), quark("m_s"), quark("m_b")),
        Ye=yukawa(inputs["m_e"], inputs["m_mu"], inputs["m_tau"]),
    )
    low = run_couplings(diagonal, m_t, m_z)
    V = ckm_matrix(inputs)
    return Couplings(low.g1, low.g2, low.g3, low.lambda_, V.conj().T @ low.Yu, low.Yd, low.Ye)


def quark_mass_from(qcd: Theories, name: str, there: Coupling, inputs: Inputs) -> Float[Array, ""]:
    """MSbar mass, GeV, of "m_u" to "m_t" in the theory and at the scale of `there`; m_u and m_d from 2 GeV."""
    mass, scale, flavours = QUARKS.get(name, (_LIGHT.get(name, name), "", 4))
    start = qcd.at(inputs[scale] if scale else TWO_GEV, flavours)
    return inputs[mass] * jnp.exp(there.log_mass - start.log_mass)
