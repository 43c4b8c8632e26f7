"""The z-expansion of Bourrely, Caprini and Lellouch (arXiv:0807.2722), as FLAG has it for B -> pi.

    f_plus,T(q2) = 1/(1 - q2/m_1-^2) sum_n a_n (z^n - (-1)^(n-N) (n/N) z^N),   n = 0 ... N-1
    f_0(q2)      = sum_n a_n z^n,   n = 0 ... N-1, without a pole below the threshold

with z around the optimal t_0. The last coefficient of f_0 is not free: f_0(0) = f_plus(0) fixes it.
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.form_factors.rows import constants, free_coefficients, with_last
from dineutrino.form_factors.values import PseudoscalarFormFactors
from dineutrino.form_factors.z_map import polynomials, t_optimal, threshold, z
from dineutrino.inputs.form_factor_coefficients import FormFactorCoefficients


def pseudoscalar(q2: Float[Array, "..."], coefficients: FormFactorCoefficients) -> PseudoscalarFormFactors:
    """Form factors of B -> pi, with f_plus(0) = f_0(0).

    Args:
        q2: GeV^2, below (m_B + m_pi)^2 and the resonance.
        coefficients: free coefficients f_plus, f_T (a0, a1, ...) and f_0 (a0, a1, ..., without the last one); constants
            m_B and m_M of the z-map, and the resonance m_1- (f_plus, f_T).

    Raises:
        DineutrinoError: a coefficient or constant is missing or superfluous.
    """
    f_plus, f_0, f_T = free_coefficients(coefficients, ("f_plus", "f_0", "f_T"), constrained=("f_0",))
    m_B, m_M, m_vector = constants(coefficients, "m_B", "m_M", "m_1-")
    t_plus, t_0 = threshold(m_B, m_M), t_optimal(m_B, m_M)
    N = f_0.shape[0]
    at_zero = z(jnp.zeros_like(t_0), t_plus, t_0)
    f_plus_row, f_T_row = with_last(f_plus), with_last(f_T)
    difference = jnp.vdot(f_plus_row, at_zero ** jnp.arange(N + 2)) - jnp.vdot(f_0, at_zero ** jnp.arange(N))
    f_0_row = jnp.concatenate([f_0, jnp.stack([difference / at_zero**N, jnp.zeros_like(at_zero)])])
    f_plus_series, f_0_series, f_T_series = polynomials(jnp.stack([f_plus_row, f_0_row, f_T_row]), z(q2, t_plus, t_0))
    vector = 1 / (1 - q2 / m_vector**2)
    return PseudoscalarFormFactors(f_plus=vector * f_plus_series, f_0=f_0_series, f_T=vector * f_T_series)
