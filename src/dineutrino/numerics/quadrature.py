"""Fixed-order quadrature for decay rates, whose integrands have square roots at the ends of phase space."""

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.numerics.kinematics import sqrt_or_zero

ORDER = 32
"""Default number of nodes: 1e-12 relative for every B -> M + invisible rate (tests/observables/test_quadrature.py)."""


def nodes(
    start: Float[Array, ""],
    end: Float[Array, ""],
    lower: Float[Array, ""] | None = None,
    upper: Float[Array, ""] | None = None,
    order: int = ORDER,
) -> tuple[Float[Array, " node"], Float[Array, " node"]]:
    """Nodes and weights on [lower, upper] within a phase space [start, end].

    Gauss-Legendre in t, x = start + (end - start) sin^2 t, which makes sqrt(x - start) and sqrt(end - x) smooth in t,
    also where an end of phase space is close to an edge of the bin. What lies outside of phase space does not count; an
    empty phase space or bin has zero weights.

    Args:
        start: where phase space opens.
        end: where it closes.
        lower: edge of the bin, by default `start`; derivatives with respect to it are zero at and below `start`.
        upper: edge of the bin, by default `end`; the same.
        order: number of nodes.
    """
    unit, weights = np.polynomial.legendre.leggauss(order)
    width = jnp.maximum(end - start, 0.0)
    first = 0.0 if lower is None else _angle(lower, start, end)
    last = np.pi / 2 if upper is None else _angle(upper, start, end)
    half = jnp.maximum(last - first, 0.0) / 2
    t = first + half * (unit + 1)
    return start + width * jnp.sin(t) ** 2, width * half * jnp.sin(2 * t) * weights


def _angle(x: Float[Array, ""], start: Float[Array, ""], end: Float[Array, ""]) -> Float[Array, ""]:
    """t of x, clipped to phase space; 0 where that is empty."""
    is_open = end > start
    inside = jnp.clip(x, start, jnp.where(is_open, end, start))
    above, below = sqrt_or_zero(inside - start), jnp.where(is_open, sqrt_or_zero(end - inside), 1.0)
    return jnp.arctan2(above, below)


def integrate(
    integrand: Callable[[Float[Array, " node"]], Float[Array, "... node"]],
    start: Float[Array, ""],
    end: Float[Array, ""],
    lower: Float[Array, ""] | None = None,
    upper: Float[Array, ""] | None = None,
    order: int = ORDER,
) -> Float[Array, "..."]:
    """Integral of `integrand` over [lower, upper] within [start, end], see `nodes`."""
    points, weights = nodes(start, end, lower, upper, order)
    return jnp.sum(integrand(points) * weights, axis=-1)
