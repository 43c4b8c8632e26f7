"""Dispersion relations for K -> pi, subtracted at q2 = 0 and, for f_0, at the Callan-Treiman point m_K^2 - m_pi^2.

    f_plus(q2) = f_plus(0) exp[q2/m_pi^2 (Lambda_+ + H(q2))]
    f_0(q2)    = f_plus(0) exp[q2/(m_K^2 - m_pi^2) (ln C - G(q2))]
    f_T(q2)    = f_T(0)/(1 - s_T q2)

G and H are integrals over phases of K pi scattering; in the range of the decay they are polynomials of
x = q2/(m_K - m_pi)^2. Source: arXiv:1005.2323 eqs. (33), (37); arXiv:0903.1654 eqs. (A.1), (A.3); f_T from
arXiv:1108.1021 eq. (4).
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.form_factors.rows import constants, free_coefficients
from dineutrino.form_factors.values import PseudoscalarFormFactors
from dineutrino.inputs.form_factor_coefficients import FormFactorCoefficients


def pseudoscalar(q2: Float[Array, "..."], coefficients: FormFactorCoefficients) -> PseudoscalarFormFactors:
    """Form factors of K -> pi, with f_plus(0) = f_0(0).

    Args:
        q2: GeV^2, up to (m_K - m_pi)^2.
        coefficients: f_plus(0) and Lambda_+ (f_plus), ln C (f_0), f_T(0) and s_T, GeV^-2 (f_T); constants m_B and m_M,
            the masses of the kaon and the pion, G_D, G_d, G_k and H_1, H_2 of the polynomials.

    Raises:
        DineutrinoError: a coefficient or constant is missing or superfluous.
    """
    f_plus, f_0, f_T = free_coefficients(coefficients, ("f_plus", "f_0", "f_T"), constrained=("f_0",))
    m_K, m_pi, G_D, G_d, G_k, H_1, H_2 = constants(coefficients, "m_B", "m_M", "G_D", "G_d", "G_k", "H_1", "H_2")
    x = q2 / (m_K - m_pi) ** 2
    G = x * G_D + (1 - x) * G_d + x * (1 - x) * G_k
    H = H_1 * x + H_2 * x**2
    return PseudoscalarFormFactors(
        f_plus=f_plus[0] * jnp.exp(q2 / m_pi**2 * (f_plus[1] + H)),
        f_0=f_plus[0] * jnp.exp(q2 / (m_K**2 - m_pi**2) * (f_0[0] - G)),
        f_T=f_T[0] / (1 - f_T[1] * q2),
    )
