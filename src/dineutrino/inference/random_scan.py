"""Points drawn at random in a box, and those of them where chi2 is low: a region as a cloud of points.

Such a cloud needs no grid, and each of its points can be carried to whatever a model predicts there.
"""

from collections.abc import Callable, Sequence
from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, PRNGKeyArray

from dineutrino.errors import DineutrinoError
from dineutrino.numerics.batching import chunked

Statistic = Callable[[Float[Array, " coordinate"]], Float[Array, ""]]
"""chi2 of the coordinates of one point."""
CHUNK = 64
"""Points at a time: their predictions fit the cache of a processor."""


class RandomScan(eqx.Module):
    """Points drawn evenly in a box.

    Attributes:
        points: in rows.
        chi2: at each; nan where the statistic is.
    """

    points: Float[Array, "draw coordinate"]
    chi2: Float[Array, " draw"]

    def inside(self, rise: float, least: float = np.inf) -> Bool[Array, " draw"]:
        """Where chi2 is less than `rise` above the least one, that of these points or one known from elsewhere."""
        lowest = jnp.minimum(jnp.nanmin(self.chi2), least)
        return self.chi2 < lowest + rise


def random_scan(
    statistic: Statistic,
    lower: Sequence[float],
    upper: Sequence[float],
    key: PRNGKeyArray,
    draws: int,
    chunk: int = CHUNK,
) -> RandomScan:
    """Draw points evenly in a box; compiled once for each statistic and number of points.

    Args:
        statistic: chi2, a pure function.
        lower: edges of the box.
        upper: those above.
        key: the same key draws the same points.
        draws: how many points.
        chunk: points at a time, which bounds the memory.

    Raises:
        DineutrinoError: edges that are not finite or not in order, or no point to draw.
    """
    low, high = np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)
    if low.shape != high.shape or not np.all(np.isfinite(high - low)) or not np.all(low < high):
        raise DineutrinoError("the box of a random scan needs a finite lower and a larger upper edge per coordinate.")
    if draws < 1:
        raise DineutrinoError(f"a random scan needs at least one point, not {draws}.")
    return _drawn(statistic, draws, chunk, jnp.asarray(low), jnp.asarray(high), key)


@partial(jax.jit, static_argnums=(0, 1, 2))
def _drawn(
    statistic: Statistic,
    draws: int,
    chunk: int,
    lower: Float[Array, " coordinate"],
    upper: Float[Array, " coordinate"],
    key: PRNGKeyArray,
) -> RandomScan:
    """The points and chi2 there."""
    points = jax.random.uniform(key, (draws, len(lower)), minval=lower, maxval=upper)
    return RandomScan(points, chunked(statistic, chunk)(points))
