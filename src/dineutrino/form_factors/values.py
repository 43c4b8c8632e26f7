"""The form factors of a transition at given q2."""

import equinox as eqx
from jaxtyping import Array, Float


class PseudoscalarFormFactors(eqx.Module):
    """Form factors of B(p) -> P(k), q = p - k, dimensionless, shaped like q2.

    With D = m_B^2 - m_P^2 (convention of arXiv:1811.00983):

        <P| sbar gamma^mu b |B>            = f_plus ((p + k)^mu - D/q2 q^mu) + f_0 D/q2 q^mu
        <P| sbar sigma^(mu nu) q_nu b |B>  = i f_T/(m_B + m_P) (q2 (p + k)^mu - D q^mu)
    """

    f_plus: Float[Array, "..."]
    f_0: Float[Array, "..."]
    f_T: Float[Array, "..."]


class VectorFormFactors(eqx.Module):
    """Form factors of B -> V in the convention of arXiv:1503.05534, dimensionless, shaped like q2.

    V, T_1: vector and tensor current, transverse. A_1, T_2: axial and axial-tensor current, transverse. A_0: divergence
    of the axial current. For a longitudinal V, with D = m_B^2 - m_V^2 and the Källén function lambda(m_B^2, m_V^2, q2):

        16 m_B m_V^2 (m_B + m_V) A_12 = (m_B + m_V)^2 (D - q2) A_1 - lambda A_2
         8 m_B m_V^2 (m_B - m_V) T_23 = D (m_B^2 + 3 m_V^2 - q2) T_2 - lambda T_3
    """

    V: Float[Array, "..."]
    A_0: Float[Array, "..."]
    A_1: Float[Array, "..."]
    A_12: Float[Array, "..."]
    T_1: Float[Array, "..."]
    T_2: Float[Array, "..."]
    T_23: Float[Array, "..."]


class BaryonFormFactors(eqx.Module):
    """Helicity form factors of Lambda_b(p) -> Lambda(k), q = p - k, dimensionless, shaped like q2 (arXiv:1111.1844).

    With M, m the masses, s_pm = (M +- m)^2 - q2, and between the spinors of Lambda and Lambda_b:

        sbar gamma^mu b              f_0 (M - m) q^mu/q2 + f_plus (M + m)/s_+ Q^mu + f_perp V^mu
        sbar gamma^mu gamma_5 b      -gamma_5 (g_0 (M + m) q^mu/q2 + g_plus (M - m)/s_- Q^mu + g_perp A^mu)
        sbar i sigma^(mu nu) q_nu b  -h_plus q2/s_+ Q^mu - h_perp (M + m) V^mu
        sbar i sigma^(mu nu) gamma_5 q_nu b  -gamma_5 (htilde_plus q2/s_- Q^mu + htilde_perp (M - m) A^mu)

        Q^mu = (p + k)^mu - (M^2 - m^2) q^mu/q2
        V^mu = gamma^mu - 2 m/s_+ p^mu - 2 M/s_+ k^mu
        A^mu = gamma^mu + 2 m/s_- p^mu - 2 M/s_- k^mu

    For point-like baryons all ten are one.
    """

    f_plus: Float[Array, "..."]
    f_perp: Float[Array, "..."]
    f_0: Float[Array, "..."]
    g_plus: Float[Array, "..."]
    g_perp: Float[Array, "..."]
    g_0: Float[Array, "..."]
    h_plus: Float[Array, "..."]
    h_perp: Float[Array, "..."]
    htilde_plus: Float[Array, "..."]
    htilde_perp: Float[Array, "..."]
