"""The profile of one entry, and its confidence intervals."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from dineutrino.errors import DineutrinoError, NotConverged
from dineutrino.inference.caution import warn
from dineutrino.inference.crossings import Ways, crossings, known_vectors
from dineutrino.inference.optimum import Maxima
from dineutrino.inference.profile_function import Profiled, ProfileFunction
from dineutrino.inference.ranges import Line, explored, line, within_bounds
from dineutrino.inference.target import Target, check, index_of

ONE_AND_TWO_SIGMA = (math.erf(1 / math.sqrt(2)), math.erf(2 / math.sqrt(2)))
"""Probability content of one and two standard deviations of a Gaussian."""
POINTS = 41
"""Points of the grid, where none are asked for."""
MOST_REFINEMENTS, FINEST = 4, 1e-4
"""Times that points are added where the slopes say that the profile crosses a threshold unseen; relative distance."""


@dataclass(frozen=True)
class Interval:
    """A stretch of a parameter in which delta chi2 stays below a threshold.

    `lower_open` and `upper_open` say that the stretch goes on to a bound of the parameter, or to the edge of the
    explored range, so that this end is no crossing of the threshold. `lower_verified` and `upper_verified` say whether
    the profile at the end, and next to it, rests on optima of the other entries that are verified.
    """

    lower: float
    upper: float
    lower_open: bool
    upper_open: bool
    lower_verified: bool = True
    upper_verified: bool = True

    def __contains__(self, value: float) -> bool:
        return self.lower <= value <= self.upper


@dataclass(frozen=True)
class Profile:
    """The profile of one parameter.

    Attributes:
        name: of the parameter.
        values: of the parameter, ascending; the known maxima are among them, and points where the profile bends.
        delta_chi2: 2 (log_prob at the best maximum - profile log_prob).
        vectors: all entries at the profile, the nuisances at their best.
        converged: whether each point rests on a verified optimum of the other entries: one with a small gradient, from
            which the log-probability rises in no direction.
        confidence_levels: of the intervals.
        thresholds: delta chi2 of each confidence level.
        intervals: for each confidence level the list of its stretches.
        cautions: reservations, one sentence each.
        unverified: those of them that forbid to trust the numbers.
    """

    name: str
    values: Float[np.ndarray, " point"]
    delta_chi2: Float[np.ndarray, " point"]
    vectors: Float[np.ndarray, "point n"]
    converged: Bool[np.ndarray, " point"]
    confidence_levels: tuple[float, ...]
    thresholds: tuple[float, ...]
    intervals: tuple[tuple[Interval, ...], ...]
    cautions: tuple[str, ...]
    unverified: tuple[str, ...] = ()

    def at(self, confidence_level: float) -> tuple[Interval, ...]:
        """The intervals at one of the confidence levels."""
        return self.intervals[int(np.argmin(np.abs(np.array(self.confidence_levels) - confidence_level)))]


def profile_1d(
    target: Target,
    name: str,
    maxima: Maxima,
    *,
    confidence_levels: Sequence[float] = ONE_AND_TWO_SIGMA,
    degrees_of_freedom: int = 1,
    points: int = POINTS,
    limits: tuple[float, float] | None = None,
) -> Profile:
    """Profile of one entry, with confidence intervals whose ends are found by root finding on the profile.

    At each point of a grid the other entries are maximised from all maxima and from scattered starts; every optimum
    that is found at one point is followed to all others, and each one is verified.

    Args:
        target: see `Target`.
        name: of the entry.
        maxima: from `maximum`; all of them serve as starting points.
        confidence_levels: of the intervals, by Wilks' theorem.
        degrees_of_freedom: of the chi2 distribution that turns levels into thresholds.
        points: of the grid, to which the maxima are added.
        limits: range of the grid; by default as far as the largest threshold requires.

    Raises:
        DineutrinoError: unknown name, impossible levels or limits.
        NotConverged: the profile reaches higher than the best of `maxima`, or does not converge at its grid points.
    """
    check(target)
    function = ProfileFunction(target, maxima, (index_of(target, name),))
    thresholds = thresholds_of(confidence_levels, degrees_of_freedom)
    if limits is None:
        swept = explored(function, max(thresholds), points)
    else:
        swept = line(function, np.linspace(*within_bounds(function, 0, name, limits), points))
    swept = _refined(function, swept, thresholds)
    grid, profiled = swept.values, swept.profiled
    ends = _crossings(function, swept, thresholds)
    intervals = tuple(_intervals(grid, profiled, t, ends) for t in thresholds)
    cautions, unverified = _cautions(name, intervals, confidence_levels, profiled.converged)
    result = Profile(
        name=name,
        values=grid,
        delta_chi2=profiled.delta_chi2,
        vectors=profiled.vectors,
        converged=profiled.converged,
        confidence_levels=tuple(confidence_levels),
        thresholds=thresholds,
        intervals=intervals,
        cautions=(*cautions, *unverified),
        unverified=unverified,
    )
    refuse_better(f"'{name}'", profiled, maxima, result)
    warn(result.cautions)
    return result


def thresholds_of(confidence_levels: Sequence[float], degrees_of_freedom: int) -> tuple[float, ...]:
    """Delta chi2 at given confidence levels (Wilks' theorem)."""
    from scipy.stats import chi2

    if not confidence_levels or not all(0 < level < 1 for level in confidence_levels):
        raise DineutrinoError(f"confidence levels must lie between 0 and 1, not {list(confidence_levels)}.")
    if degrees_of_freedom < 1:
        raise DineutrinoError(f"the degrees of freedom must be at least 1, not {degrees_of_freedom}.")
    return tuple(float(threshold) for threshold in chi2.ppf(confidence_levels, degrees_of_freedom))


def refuse_better(what: str, profiled: Profiled, maxima: Maxima, result: object) -> None:
    """Refuse a profile that found a higher maximum than it started from, or that is verified nowhere."""
    best = int(np.argmin(profiled.delta_chi2))
    if profiled.delta_chi2[best] < -1e-3:
        raise NotConverged(
            f"the profile of {what} found a higher maximum than `maximum` did, by {-profiled.delta_chi2[best]:.3g} in "
            "chi2: repeat `maximum` with more starts.",
            result=result,
        )
    if not profiled.converged.any():
        raise NotConverged(f"the profile of {what} converged nowhere.", result=result)


def _refined(function: ProfileFunction, swept: Line, thresholds: tuple[float, ...]) -> Line:
    """More points where the slopes say that the profile has a peak or a dip between two points, beyond a threshold.

    So it is where two branches cross, or between two maxima that are close.
    """
    for _ in range(MOST_REFINEMENTS):
        values, heights = swept.values, swept.profiled.delta_chi2
        slopes = function.gradient(swept.profiled.vectors)[:, 0]
        width = np.diff(values)
        hidden = np.zeros(len(width), bool)
        for threshold in thresholds:
            above = heights > threshold
            hidden |= ~above[:-1] & ~above[1:] & _peaks(heights, slopes, width, threshold)
            hidden |= above[:-1] & above[1:] & _peaks(-heights, -slopes, width, -threshold)
        hidden &= width > FINEST * (values[-1] - values[0])
        if not hidden.any():
            break
        swept = line(function, np.union1d(values, (values[:-1] + values[1:])[hidden] / 2), swept)
    return swept


def _peaks(
    heights: Float[np.ndarray, " point"],
    slopes: Float[np.ndarray, " point"],
    width: Float[np.ndarray, " segment"],
    threshold: float,
) -> Bool[np.ndarray, " segment"]:
    """Whether there is a peak between two points, which the slopes at either one allow to exceed a threshold."""
    rise, left, right = np.diff(np.nan_to_num(heights)), slopes[:-1], slopes[1:]
    peak = ((left > 0) & (right < 0)) | ((left > 0) & (rise < 0)) | ((right < 0) & (rise > 0))
    highest = np.maximum(heights[:-1] + np.maximum(left, 0) * width, heights[1:] - np.minimum(right, 0) * width)
    return peak & (highest > threshold)


def _crossings(
    function: ProfileFunction, swept: Line, thresholds: tuple[float, ...]
) -> dict[tuple[float, int], tuple[float, bool]]:
    """Where the profile crosses a threshold right of a point of the grid, and whether that is verified."""
    values, heights, sure = swept.values, swept.profiled.delta_chi2, swept.profiled.converged
    segments = [(t, int(i)) for t in thresholds for i in np.flatnonzero(np.diff(heights <= t))]
    left = np.array([i for _, i in segments], int)
    # per unit of the entry
    slopes = function.gradient(swept.profiled.vectors)[:, 0]
    both = np.stack([left, left + 1], axis=1)
    ways = Ways(
        begin=values[left, None],
        end=values[left + 1, None],
        heights=heights[both],
        slopes=slopes[both] * (values[left + 1] - values[left])[:, None],
        level=np.array([t for t, _ in segments], float),
        vectors=known_vectors(swept.branches, [(i, i + 1) for _, i in segments], len(function.scale)),
    )
    found = crossings(function, ways)
    verified = found.verified & sure[left] & sure[left + 1]
    return {s: (float(x), bool(v)) for s, x, v in zip(segments, found.values[:, 0], verified, strict=True)}


def _intervals(
    grid: Float[np.ndarray, " point"],
    profiled: Profiled,
    threshold: float,
    ends: dict[tuple[float, int], tuple[float, bool]],
) -> tuple[Interval, ...]:
    """Runs of grid points below a threshold, from crossing to crossing."""
    below = profiled.delta_chi2 <= threshold
    starts = np.flatnonzero(below & ~np.append(False, below[:-1]))
    stops = np.flatnonzero(below & ~np.append(below[1:], False))
    last = len(grid) - 1
    intervals = []
    for i, j in zip(starts.tolist(), stops.tolist(), strict=True):
        lower, lower_sure = (float(grid[0]), bool(profiled.converged[0])) if i == 0 else ends[threshold, i - 1]
        upper, upper_sure = (float(grid[last]), bool(profiled.converged[last])) if j == last else ends[threshold, j]
        intervals.append(Interval(lower, upper, i == 0, j == last, lower_sure, upper_sure))
    return tuple(intervals)


def _cautions(
    name: str,
    intervals: tuple[tuple[Interval, ...], ...],
    confidence_levels: Sequence[float],
    verified: Bool[np.ndarray, " point"],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Reservations, and reasons not to trust the intervals."""
    cautions, unverified = [], []
    for level, stretches in zip(confidence_levels, intervals, strict=True):
        if any(stretch.lower_open or stretch.upper_open for stretch in stretches):
            cautions.append(f"the {level:.2%} interval of '{name}' reaches a bound or the edge of the explored range.")
        lost = sum((not s.lower_verified) + (not s.upper_verified) for s in stretches)
        if lost:
            ends = f"{lost} of {2 * len(stretches)} ends"
            unverified.append(f"{ends} of the {level:.2%} interval of '{name}' are not verified.")
    if not verified.all():
        unverified.append(
            f"the profile of '{name}' is not verified at {(~verified).sum()} of {verified.size} points: "
            "there it may be lower."
        )
    return tuple(cautions), tuple(unverified)
