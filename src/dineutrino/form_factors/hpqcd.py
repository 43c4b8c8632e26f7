"""The modified z-expansion of the HPQCD collaboration for B -> K (arXiv:2207.12468).

    f_0(q2)      = L/(1 - q2/m_0+^2) sum_n a_n z^n
    f_plus,T(q2) = L/(1 - q2/m_1-^2) sum_n a_n (z^n - (-1)^(n-N) (n/N) z^N),   n = 0 ... N-1

with z around t_0 = 0 and L a chiral logarithm (at the physical point a number).
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.form_factors.rows import constants, free_coefficients, with_first, with_last
from dineutrino.form_factors.values import PseudoscalarFormFactors
from dineutrino.form_factors.z_map import polynomials, threshold, z
from dineutrino.inputs.form_factor_coefficients import FormFactorCoefficients


def pseudoscalar(q2: Float[Array, "..."], coefficients: FormFactorCoefficients) -> PseudoscalarFormFactors:
    """Form factors of B -> K, with f_plus(0) = f_0(0).

    Args:
        q2: GeV^2, below (m_B + m_K)^2 and the resonances.
        coefficients: free coefficients f_0, f_T (a0, a1, ...) and f_plus (a1, ...); constants m_B and m_M of the z-map,
            resonances m_1- (f_plus, f_T) and m_0+ (f_0), and the chiral log_factor.

    Raises:
        DineutrinoError: a coefficient or constant is missing or superfluous.
    """
    f_0, f_plus, f_T = free_coefficients(coefficients, ("f_0", "f_plus", "f_T"), constrained=("f_plus",))
    m_B, m_K, m_scalar, m_vector, log_factor = constants(coefficients, "m_B", "m_M", "m_0+", "m_1-", "log_factor")
    rows = jnp.stack([jnp.append(f_0, 0.0), with_last(with_first(f_0[0], f_plus)), with_last(f_T)])
    f_0_series, f_plus_series, f_T_series = polynomials(rows, z(q2, threshold(m_B, m_K), jnp.zeros_like(m_B)))
    scalar = log_factor / (1 - q2 / m_scalar**2)
    vector = log_factor / (1 - q2 / m_vector**2)
    return PseudoscalarFormFactors(f_plus=vector * f_plus_series, f_0=scalar * f_0_series, f_T=vector * f_T_series)
