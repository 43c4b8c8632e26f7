"""The least chi2 over one parameter at each point of a grid of the others: one compiled call, without starting points.

Where a function of one variable has several narrow minima, whose widths are known to be at least a few per cent of
where they are, it is looked at everywhere: on a scan of values, and then between the neighbours of each of the lowest
minima of the scan, by golden sections.
"""

from collections.abc import Callable
from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int
from scipy.stats import chi2 as chi2_distribution

from dineutrino.errors import DineutrinoError
from dineutrino.numerics.batching import chunked

Statistic = Callable[[Float[Array, ""], Float[Array, " coordinate"]], Float[Array, ""]]
"""chi2 of the parameter that is profiled, and of the coordinates of a point of the grid."""
MINIMA = 3
"""Minima of a scan that are looked at more closely."""
STEPS = 16
"""Golden sections: from two spacings of the scan to a thousandth of one."""
CHUNK = 256
"""Points of the grid at a time."""
GOLDEN = (5**0.5 - 1) / 2
Brackets = tuple[Array, Array, Array, Array, Array, Array]
"""Lower ends, two values in between, upper ends, and the function at those in between."""


class GridProfile(eqx.Module):
    """The least chi2 at each point.

    Attributes:
        chi2: the least values.
        best: of the parameter, where they are.
        at_end: whether that is an end of the scan, beyond which there may be less.
    """

    chi2: Float[Array, "*point"]
    best: Float[Array, "*point"]
    at_end: Bool[Array, "*point"]

    @property
    def above(self) -> Float[Array, "*point"]:
        """chi2 less the least of all points."""
        return self.chi2 - jnp.min(self.chi2)


def profile_grid(
    statistic: Statistic,
    points: Float[Array, "point coordinate"],
    scan: Float[Array, " value"],
    chunk: int = CHUNK,
) -> GridProfile:
    """Profile a statistic over one parameter at many points; compiled once for each statistic and shape.

    Args:
        statistic: chi2, a pure function; nan counts as infinite.
        points: coordinates of the grid, in rows.
        scan: ascending values of the parameter, close enough that no minimum fits between two.
        chunk: points at a time, which bounds the memory.

    Raises:
        DineutrinoError: fewer than three values in the scan, or not in ascending order.
    """
    if len(scan) < 3 or not np.all(np.diff(np.asarray(scan)) > 0):
        raise DineutrinoError("the scan of a profile needs at least three values in ascending order.")
    return _all_points(statistic, chunk, jnp.asarray(points, dtype=float), jnp.asarray(scan, dtype=float))


def threshold(standard_deviations: float, parameters: int = 2) -> float:
    """By how much chi2 rises at the edge of a region: 2.30, 6.18 and 11.83 for one to three, and two parameters."""
    inside = chi2_distribution.cdf(standard_deviations**2, 1)
    return float(chi2_distribution.ppf(inside, parameters))


@partial(jax.jit, static_argnums=(0, 1))
def _all_points(
    statistic: Statistic, chunk: int, points: Float[Array, "point coordinate"], scan: Float[Array, " value"]
) -> GridProfile:
    """The profile at all points."""
    return chunked(lambda point: _least(statistic, point, scan), chunk)(points)


def _least(statistic: Statistic, point: Float[Array, " coordinate"], scan: Float[Array, " value"]) -> GridProfile:
    """The profile at one point."""

    def heights(values: Float[Array, " some"]) -> Float[Array, " some"]:
        found = jax.vmap(statistic, in_axes=(0, None))(values, point)
        return jnp.where(jnp.isnan(found), jnp.inf, found)

    scanned = heights(scan)
    end = jnp.full(1, jnp.inf)
    before, after = jnp.concatenate([end, scanned[:-1]]), jnp.concatenate([scanned[1:], end])
    lowest = jnp.argsort(jnp.where((scanned <= before) & (scanned <= after), scanned, jnp.inf))[:MINIMA]
    lower, upper = scan[jnp.maximum(lowest - 1, 0)], scan[jnp.minimum(lowest + 1, len(scan) - 1)]
    values, found = _golden(heights, lower, upper)
    values, found = jnp.concatenate([values, scan[lowest]]), jnp.concatenate([found, scanned[lowest]])
    least = jnp.argmin(found)
    spacing = jnp.stack([scan[1] - scan[0], scan[-1] - scan[-2]])
    near_end = jnp.abs(values[least] - scan[jnp.array([0, -1])]) < 1e-2 * spacing
    return GridProfile(found[least], values[least], jnp.any(near_end))


def _golden(
    heights: Callable[[Float[Array, " some"]], Float[Array, " some"]],
    lower: Float[Array, " some"],
    upper: Float[Array, " some"],
) -> tuple[Float[Array, " some"], Float[Array, " some"]]:
    """Minima between brackets, side by side, and the function there: one evaluation a step for each."""
    n = len(lower)
    inner = jnp.concatenate([upper - GOLDEN * (upper - lower), lower + GOLDEN * (upper - lower)])
    both = heights(inner)

    def step(_: Int[Array, ""], state: Brackets) -> Brackets:
        low, left, right, high, at_left, at_right = state
        keep_left = at_left <= at_right
        low, high = jnp.where(keep_left, low, left), jnp.where(keep_left, right, high)
        new = jnp.where(keep_left, high - GOLDEN * (high - low), low + GOLDEN * (high - low))
        at_new = heights(new)
        return (
            low,
            jnp.where(keep_left, new, right),
            jnp.where(keep_left, left, new),
            high,
            jnp.where(keep_left, at_new, at_right),
            jnp.where(keep_left, at_left, at_new),
        )

    start = (lower, inner[:n], inner[n:], upper, both[:n], both[n:])
    _, left, right, _, at_left, at_right = jax.lax.fori_loop(0, STEPS, step, start)
    return jnp.where(at_left <= at_right, left, right), jnp.minimum(at_left, at_right)
