"""The least chi2 over one parameter at each point of a grid of the others: one compiled call, without starting points.

chi2 as a function of a strength may have several narrow minima, but the predictions are smooth: they are all but
polynomials of the strength. So they are calculated at a few values of it and interpolated, chi2 of what is interpolated
is looked at everywhere, and around its least value the predictions are calculated anew.
"""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int
from scipy.interpolate import BarycentricInterpolator
from scipy.stats import chi2 as chi2_distribution

from dineutrino.errors import DineutrinoError
from dineutrino.inference.caution import warn
from dineutrino.inference.evaluation import in_chunks
from dineutrino.numerics.batching import chunked

Predictions = Callable[[Float[Array, ""], Float[Array, " coordinate"]], Float[Array, " n"]]
"""Of the parameter that is profiled, and of the coordinates of a point of the grid."""
Chi2 = Callable[[Float[Array, " n"]], Float[Array, ""]]
"""Of the predictions."""
NEAREST = 6
"""Values of the scan through which polynomials between two of them go."""
DENSER = 8
"""Values from one of the scan to the next at which chi2 is looked at."""
STEPS = 14
"""Golden sections: from two spacings of these values to a thousandth of one."""
TOO_FAR = 0.1
"""A profile is not trusted where chi2 of what is interpolated misses that of what is calculated by more."""
MATTERS = 20.0
"""chi2 above the least of all points up to which that is told."""
CHUNK = 64
"""Points of the grid at a time: their predictions fit the cache of a processor."""
SLAB = 4096
"""Points in one call; calls run side by side."""
GOLDEN = (5**0.5 - 1) / 2


class GridProfile(eqx.Module):
    """The least chi2 at each point.

    Attributes:
        chi2: the least values.
        best: of the parameter, where they are.
        at_end: whether that is an end of the scan, beyond which there may be less.
        missed: how far chi2 of interpolated predictions was off next to it.
    """

    chi2: Float[Array | np.ndarray, "*point"]
    best: Float[Array | np.ndarray, "*point"]
    at_end: Bool[Array | np.ndarray, "*point"]
    missed: Float[Array | np.ndarray, "*point"]

    @property
    def above(self) -> Float[Array | np.ndarray, "*point"]:
        """chi2 less the least of all points."""
        return self.chi2 - jnp.min(self.chi2)


def profile_grid(
    predictions: Predictions,
    chi2: Chi2,
    points: Float[Array, "point coordinate"],
    scan: Float[Array, " value"],
    chunk: int = CHUNK,
) -> GridProfile:
    """Profile chi2 over one parameter at many points; compiled once for each pair of functions and shape.

    Of minima that are equally deep up to the error of the interpolation one is taken, the other may be lower by that.

    Args:
        predictions: pure, and smooth in the parameter.
        chi2: pure; nan counts as infinite.
        points: coordinates of the grid, in rows.
        scan: ascending values of the parameter where predictions are calculated. Where too few for the interpolation
            are given, a `Caution` says so.
        chunk: points at a time, which bounds the memory.

    Raises:
        DineutrinoError: too few values in the scan, or not in ascending order.
    """
    values = np.asarray(scan, dtype=float)
    if len(values) < NEAREST or not np.all(np.diff(values) > 0):
        raise DineutrinoError(f"the scan of a profile needs at least {NEAREST} values in ascending order.")
    rows = np.asarray(points, dtype=float)

    def slab(some: tuple[np.ndarray, ...]) -> tuple[Array, ...]:
        found = _all_points(predictions, chi2, chunk, tuple(values.tolist()), jnp.asarray(some[0]))
        return found.chi2, found.best, found.at_end, found.missed

    profile = GridProfile(*in_chunks(slab, min(SLAB, len(rows)), rows))
    doubtful = (np.asarray(profile.missed) > TOO_FAR) & (np.asarray(profile.above) < MATTERS)
    if doubtful.any():
        warn((f"the scan of the profile is too coarse at {doubtful.sum()} of {len(rows)} points: add values to it.",))
    return profile


def threshold(standard_deviations: float, parameters: int = 2) -> float:
    """By how much chi2 rises at the edge of a region: 2.30, 6.18 and 11.83 for one to three, and two parameters."""
    inside = chi2_distribution.cdf(standard_deviations**2, 1)
    return float(chi2_distribution.ppf(inside, parameters))


@partial(jax.jit, static_argnums=(0, 1, 2, 3))
def _all_points(
    predictions: Predictions,
    chi2: Chi2,
    chunk: int,
    scan: tuple[float, ...],
    points: Float[Array, "point coordinate"],
) -> GridProfile:
    """The profile at all points."""
    nodes = np.array(scan)
    values, weights = _between(nodes)
    one = partial(_least, predictions, chi2, jnp.asarray(nodes), jnp.asarray(values), jnp.asarray(weights))
    return chunked(one, chunk)(points)


def _between(nodes: Float[np.ndarray, " node"]) -> tuple[Float[np.ndarray, " value"], Float[np.ndarray, "value node"]]:
    """Values between the nodes, and the weights of the nodes in polynomials there through the nearest of them."""
    values, weights = [nodes[:1]], [np.eye(1, len(nodes))]
    for i, (begin, end) in enumerate(pairwise(nodes)):
        first = int(np.clip(i + 1 - NEAREST // 2, 0, len(nodes) - NEAREST))
        near = slice(first, first + NEAREST)
        inner = np.linspace(begin, end, DENSER + 1)[1:]
        row = np.zeros((DENSER, len(nodes)))
        row[:, near] = BarycentricInterpolator(nodes[near], np.eye(NEAREST))(inner)
        values.append(inner)
        weights.append(row)
    return np.concatenate(values), np.concatenate(weights)


def _least(
    predictions: Predictions,
    chi2: Chi2,
    nodes: Float[Array, " node"],
    values: Float[Array, " value"],
    weights: Float[Array, "value node"],
    point: Float[Array, " coordinate"],
) -> GridProfile:
    """The profile at one point."""

    def calculated(at: Float[Array, " some"]) -> Float[Array, "some n"]:
        return jax.vmap(predictions, in_axes=(0, None))(at, point)

    def heights(rows: Float[Array, "some n"]) -> Float[Array, " some"]:
        found = jax.vmap(chi2)(rows)
        return jnp.where(jnp.isnan(found), jnp.inf, found)

    rows = calculated(nodes)
    known = jnp.all(jnp.isfinite(rows), axis=1)
    interpolated = heights(weights @ jnp.where(known[:, None], rows, 0.0))
    scanned = jnp.where((weights != 0) @ ~known, jnp.inf, interpolated)
    lowest = jnp.argmin(scanned)
    inner = jnp.clip(lowest, 1, len(values) - 2)
    bracket = jax.lax.dynamic_slice(values, (inner - 1,), (3,))
    around = calculated(bracket)
    best = _golden(lambda at: heights(_parabola(bracket, at) @ around), bracket[0], bracket[2])
    exact = heights(jnp.concatenate([around, calculated(best[None])]))
    candidates = jnp.concatenate([bracket, best[None]])
    least = jnp.argmin(exact)
    at_end = jnp.minimum(candidates[least] - values[0], values[-1] - candidates[least])
    spacing = jnp.minimum(bracket[1] - bracket[0], bracket[2] - bracket[1])
    missed = jnp.abs(scanned[lowest] - exact[lowest - inner + 1])
    return GridProfile(exact[least], candidates[least], at_end < 1e-2 * spacing, missed)


def _parabola(bracket: Float[Array, "3"], at: Float[Array, " some"]) -> Float[Array, "some 3"]:
    """Weights of three values in the parabola through them."""
    a, b, c = bracket
    return jnp.stack(
        [
            (at - b) * (at - c) / ((a - b) * (a - c)),
            (at - a) * (at - c) / ((b - a) * (b - c)),
            (at - a) * (at - b) / ((c - a) * (c - b)),
        ],
        axis=1,
    )


def _golden(
    heights: Callable[[Float[Array, " some"]], Float[Array, " some"]], lower: Float[Array, ""], upper: Float[Array, ""]
) -> Float[Array, ""]:
    """A minimum between two ends."""

    def step(_: Int[Array, ""], ends: tuple[Array, Array]) -> tuple[Array, Array]:
        low, high = ends
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        at_left, at_right = heights(jnp.stack([left, right]))
        return jnp.where(at_left <= at_right, low, left), jnp.where(at_left <= at_right, right, high)

    low, high = jax.lax.fori_loop(0, STEPS, step, (lower, upper))
    return (low + high) / 2
