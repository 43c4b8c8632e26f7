"""Fixed-order quadrature for decay rates, whose integrands have square roots at the ends of phase space."""

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

ORDER = 32
"""Default number of nodes: 1e-12 relative for every B -> M + invisible rate (tests/observables/test_quadrature.py)."""


def nodes(
    lower: Float[Array, ""], upper: Float[Array, ""], order: int = ORDER
) -> tuple[Float[Array, " node"], Float[Array, " node"]]:
    """Nodes and weights on [lower, upper]: Gauss-Legendre in t, x = lower + (upper - lower) sin^2 t.

    The map makes sqrt(x - lower) and sqrt(upper - x) smooth in t. An empty or reversed interval has zero weights.
    """
    unit, weights = np.polynomial.legendre.leggauss(order)
    t = (unit + 1) * np.pi / 4
    width = jnp.maximum(upper - lower, 0.0)
    return lower + width * np.sin(t) ** 2, width * (np.sin(2 * t) * weights * np.pi / 4)


def integrate(
    integrand: Callable[[Float[Array, " node"]], Float[Array, "... node"]],
    lower: Float[Array, ""],
    upper: Float[Array, ""],
    order: int = ORDER,
) -> Float[Array, "..."]:
    """Integral of `integrand` over [lower, upper]; zero, with finite gradient, for an empty interval."""
    points, weights = nodes(lower, upper, order)
    return jnp.sum(integrand(points) * weights, axis=-1)
