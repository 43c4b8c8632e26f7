"""The parametrisation of Bharucha, Straub and Zwicky (arXiv:1503.05534).

    F(q2) = 1/(1 - q2/m_R^2) sum_k a_k (z(q2) - z(0))^k

with m_R the lowest resonance of the channel and z around t_0 = `t_optimal`. Since the series is one at q2 = 0 for k = 0
and zero otherwise, a0 = F(0), and an exact relation between form factors at q2 = 0 is one between their a0.
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.form_factors.rows import constants, free_coefficients, with_first
from dineutrino.form_factors.values import PseudoscalarFormFactors, VectorFormFactors
from dineutrino.form_factors.z_map import polynomials, t_optimal, threshold, z_from_zero
from dineutrino.inputs.form_factor_coefficients import FormFactorCoefficients


def pseudoscalar(q2: Float[Array, "..."], coefficients: FormFactorCoefficients) -> PseudoscalarFormFactors:
    """Form factors of B -> P, with f_0(0) = f_plus(0).

    Args:
        q2: GeV^2, below (m_B + m_P)^2 and the resonances.
        coefficients: free coefficients f_plus, f_T (a0, a1, ...) and f_0 (a1, ...); constants m_B and m_M of the z-map,
            resonances m_1- (f_plus, f_T) and m_0+ (f_0).

    Raises:
        DineutrinoError: a coefficient or constant is missing or superfluous.
    """
    f_plus, f_0, f_T = free_coefficients(coefficients, ("f_plus", "f_0", "f_T"), constrained=("f_0",))
    m_B, m_P, m_vector, m_scalar = constants(coefficients, "m_B", "m_M", "m_1-", "m_0+")
    rows = jnp.stack([f_plus, with_first(f_plus[0], f_0), f_T])
    f_plus_series, f_0_series, f_T_series = _series(q2, rows, m_B, m_P)
    vector = _pole(q2, m_vector)
    return PseudoscalarFormFactors(
        f_plus=vector * f_plus_series, f_0=_pole(q2, m_scalar) * f_0_series, f_T=vector * f_T_series
    )


def vector(q2: Float[Array, "..."], coefficients: FormFactorCoefficients) -> VectorFormFactors:
    """Form factors of B -> V, with A_12(0) = A_0(0) (m_B^2 - m_V^2)/(8 m_B m_V) and T_2(0) = T_1(0).

    The relations are exact (arXiv:1503.05534); the masses in the first are those of the fit.

    Args:
        q2: GeV^2, below (m_B + m_V)^2 and the resonances.
        coefficients: free coefficients V, A_0, A_1, T_1, T_23 (a0, a1, ...) and A_12, T_2 (a1, ...); constants m_B and
            m_M of the z-map, resonances m_0- (A_0), m_1- (V, T_1) and m_1+ (A_1, A_12, T_2, T_23).

    Raises:
        DineutrinoError: a coefficient or constant is missing or superfluous.
    """
    V, A_0, A_1, A_12, T_1, T_2, T_23 = free_coefficients(
        coefficients, ("V", "A_0", "A_1", "A_12", "T_1", "T_2", "T_23"), constrained=("A_12", "T_2")
    )
    m_B, m_V, m_pseudoscalar, m_vector, m_axial = constants(coefficients, "m_B", "m_M", "m_0-", "m_1-", "m_1+")
    A_12_at_zero = A_0[0] * (m_B**2 - m_V**2) / (8 * m_B * m_V)
    rows = jnp.stack([V, A_0, A_1, with_first(A_12_at_zero, A_12), T_1, with_first(T_1[0], T_2), T_23])
    V_series, A_0_series, A_1_series, A_12_series, T_1_series, T_2_series, T_23_series = _series(q2, rows, m_B, m_V)
    pseudoscalar, vector, axial = (_pole(q2, mass) for mass in (m_pseudoscalar, m_vector, m_axial))
    return VectorFormFactors(
        V=vector * V_series,
        A_0=pseudoscalar * A_0_series,
        A_1=axial * A_1_series,
        A_12=axial * A_12_series,
        T_1=vector * T_1_series,
        T_2=axial * T_2_series,
        T_23=axial * T_23_series,
    )


def _series(
    q2: Float[Array, "..."], rows: Float[Array, "form_factor order"], m_B: Float[Array, ""], m_M: Float[Array, ""]
) -> Float[Array, "form_factor ..."]:
    return polynomials(rows, z_from_zero(q2, threshold(m_B, m_M), t_optimal(m_B, m_M)))


def _pole(q2: Float[Array, "..."], resonance: Float[Array, ""]) -> Float[Array, "..."]:
    return 1 / (1 - q2 / resonance**2)
