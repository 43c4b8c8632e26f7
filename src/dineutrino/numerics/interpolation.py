"""A function that costs much where it is evaluated, as a polynomial in the logarithm of its argument."""

from collections.abc import Callable

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

_CHEBYSHEV = np.cos(np.pi * (np.arange(12) + 0.5) / 12)
"""Nodes of [-1, 1] where the function is evaluated."""
_TO_POWERS = np.linalg.inv(np.vander(_CHEBYSHEV, increasing=True))
"""From values at the nodes to coefficients of powers; 1e-12 is lost to rounding."""


class Logarithmic(eqx.Module):
    """A function between two positive numbers, interpolated at nodes that crowd at both of them.

    Attributes:
        powers: coefficients of the powers of t, which is -1 at the first number and 1 at the second.
        middle, half: ln(x) = middle + half t.
    """

    powers: Complex[Array, "*any power"]
    middle: Float[Array, ""]
    half: Float[Array, ""]

    @classmethod
    def of(
        cls,
        function: Callable[[Float[Array, " node"]], Complex[Array, "*any node"]],
        first: Float[Array, ""],
        last: Float[Array, ""],
    ) -> "Logarithmic":
        """Interpolate a function of x between the numbers 0 < first < last."""
        low, high = jnp.log(first), jnp.log(last)
        middle, half = (high + low) / 2, (high - low) / 2
        return cls(function(jnp.exp(middle + half * _CHEBYSHEV)) @ _TO_POWERS.T, middle, half)

    def __call__(self, x: Float[Array, " n"]) -> Complex[Array, "*any n"]:
        """Its values; outside of the two numbers that at the nearer one."""
        t = jnp.clip((jnp.log(x) - self.middle) / self.half, -1.0, 1.0)
        return self.powers @ jnp.vander(t, len(_CHEBYSHEV), increasing=True).T
