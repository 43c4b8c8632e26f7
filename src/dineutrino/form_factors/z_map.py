"""The conformal map of q2 on which form factors are expanded, and the polynomials in it."""

import jax.numpy as jnp
from jaxtyping import Array, Float


def threshold(m_B: Float[Array, ""], m_M: Float[Array, ""]) -> Float[Array, ""]:
    """t_+ = (m_B + m_M)^2, where the cut starts, GeV^2."""
    return (m_B + m_M) ** 2


def t_optimal(m_B: Float[Array, ""], m_M: Float[Array, ""]) -> Float[Array, ""]:
    """The t_0 that makes |z| equally large at both ends of 0 <= q2 <= t_- = (m_B - m_M)^2, GeV^2.

    t_+ (1 - sqrt(1 - t_-/t_+)), as in arXiv:1503.05534, where 1 - t_-/t_+ = 4 m_B m_M / t_+.
    """
    t_plus = threshold(m_B, m_M)
    return t_plus - 2 * jnp.sqrt(m_B * m_M * t_plus)


def z(q2: Float[Array, "..."], t_plus: Float[Array, ""], t_0: Float[Array, ""]) -> Float[Array, "..."]:
    """(sqrt(t_+ - q2) - sqrt(t_+ - t_0)) / (sqrt(t_+ - q2) + sqrt(t_+ - t_0)), dimensionless.

    Written without the difference of the two roots, so that it is exactly zero at q2 = t_0. Smooth for q2 < t_+, hence
    on the whole physical range; at q2 = t_+ its derivative diverges.

    Args:
        q2: GeV^2.
        t_plus: start of the cut, GeV^2.
        t_0: zero of the map, below t_plus, GeV^2.
    """
    return (t_0 - q2) / (jnp.sqrt(t_plus - q2) + jnp.sqrt(t_plus - t_0)) ** 2


def z_from_zero(q2: Float[Array, "..."], t_plus: Float[Array, ""], t_0: Float[Array, ""]) -> Float[Array, "..."]:
    """z(q2) - z(0) without cancellation: exactly zero at q2 = 0. Arguments as for `z`."""
    root, root_0, root_at_zero = jnp.sqrt(t_plus - q2), jnp.sqrt(t_plus - t_0), jnp.sqrt(t_plus)
    return -2 * root_0 * q2 / ((root + root_at_zero) * (root + root_0) * (root_at_zero + root_0))


def polynomials(
    rows: Float[Array, "form_factor order"], variable: Float[Array, "..."]
) -> Float[Array, "form_factor ..."]:
    """sum_k rows[i, k] variable^k for every form factor i, as one matrix product."""
    powers = [jnp.ones_like(variable)]
    for _ in range(rows.shape[1] - 1):
        powers.append(powers[-1] * variable)
    return jnp.tensordot(rows, jnp.stack(powers), axes=1)
