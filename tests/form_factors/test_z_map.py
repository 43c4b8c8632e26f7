"""The conformal map."""

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dineutrino.form_factors.z_map import polynomials, t_optimal, threshold, z, z_from_zero

MAP_AND_SLOPE = jax.jit(jax.value_and_grad(z))
M_B, M_K = jnp.asarray(5.279), jnp.asarray(0.497)
T_PLUS, T_0, T_MINUS = threshold(M_B, M_K), t_optimal(M_B, M_K), (M_B - M_K) ** 2


def test_definition():
    q2 = jnp.linspace(-5, float(T_MINUS), 9)
    root, root_0 = np.sqrt(T_PLUS - q2), np.sqrt(T_PLUS - T_0)
    np.testing.assert_allclose(z(q2, T_PLUS, T_0), (root - root_0) / (root + root_0), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(z_from_zero(q2, T_PLUS, T_0), z(q2, T_PLUS, T_0) - z(0.0 * q2, T_PLUS, T_0), atol=1e-15)


def test_zeros_are_exact():
    assert z(T_0, T_PLUS, T_0) == 0
    assert z_from_zero(jnp.asarray(0.0), T_PLUS, T_0) == 0


def test_t_optimal_balances_the_two_ends():
    """|z| is the same at q2 = 0 and at zero recoil, and t_0 is the one of the literature."""
    np.testing.assert_allclose(z(jnp.asarray(0.0), T_PLUS, T_0), -z(T_MINUS, T_PLUS, T_0), rtol=1e-12)
    np.testing.assert_allclose(T_0, T_PLUS * (1 - np.sqrt(1 - T_MINUS / T_PLUS)), rtol=1e-13)


@settings(deadline=None, max_examples=50)
@given(st.floats(0.1, 10), st.floats(0.01, 1), st.floats(0, 1))
def test_inside_the_unit_disc_and_falling(m_B, ratio, fraction):
    m_B, m_M = jnp.asarray(m_B), jnp.asarray(m_B * ratio)
    t_plus, t_0, q2 = threshold(m_B, m_M), t_optimal(m_B, m_M), fraction * (m_B - m_M) ** 2
    value, slope = MAP_AND_SLOPE(q2, t_plus, t_0)
    assert abs(value) < 1
    assert np.isfinite(slope)
    assert slope < 0


def test_polynomials():
    rows = jnp.array([[1.0, 2.0, -3.0], [0.5, 0.0, 4.0]])
    x = jnp.array([[0.0, 0.1], [-0.2, 0.3]])
    expected = np.stack([np.polyval(np.asarray(row)[::-1], x) for row in rows])
    np.testing.assert_allclose(polynomials(rows, x), expected, rtol=1e-14)
