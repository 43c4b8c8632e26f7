"""Fixed-order quadrature for decay rates, whose integrands have square roots at the ends of phase space."""

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.numerics.kinematics import sqrt_or_zero

ORDER = 32
"""Default number of nodes: 1e-12 relative for every B -> M nu nubar rate (tests/observables/test_quadrature.py)."""
RESOLUTION = 0.005
"""Of t next to a pole: with 48 nodes 1e-10 relative for pairs of any mass (tests/observables/test_pairs.py)."""


def nodes(
    start: Float[Array, ""],
    end: Float[Array, ""],
    lower: Float[Array, ""] | None = None,
    upper: Float[Array, ""] | None = None,
    order: int = ORDER,
    pole: float | None = None,
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
        pole: where below `start` the integrand is singular, such as q2 = 0 below a threshold. Nodes then crowd at
            `start` over the distance to the pole.
    """
    unit, weights = np.polynomial.legendre.leggauss(order)
    width = jnp.maximum(end - start, 0.0)
    first = 0.0 if lower is None else _angle(lower, start, end)
    last = np.pi / 2 if upper is None else _angle(upper, start, end)
    if pole is None:
        t, slope = _linear(unit, first, last)
    else:
        knee = jnp.sqrt((start - pole) / jnp.where(width > 0, width, 1.0) + RESOLUTION**2)
        v, slope = _linear(unit, jnp.arcsinh(first / knee), jnp.arcsinh(last / knee))
        t, slope = knee * jnp.sinh(v), knee * jnp.cosh(v) * slope
    return start + width * jnp.sin(t) ** 2, width * jnp.sin(2 * t) * slope * weights


def _linear(
    unit: Float[np.ndarray, " node"], first: Float[Array, ""] | float, last: Float[Array, ""] | float
) -> tuple[Float[Array, " node"], Float[Array, ""]]:
    """From [-1, 1] to [first, last], and the slope; an empty interval has slope zero."""
    half = jnp.maximum(last - first, 0.0) / 2
    return first + half * (unit + 1), half


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
    pole: float | None = None,
) -> Float[Array, "..."]:
    """Integral of `integrand` over [lower, upper] within [start, end], see `nodes`."""
    points, weights = nodes(start, end, lower, upper, order, pole)
    return jnp.sum(integrand(points) * weights, axis=-1)
