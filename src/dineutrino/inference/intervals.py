"""The profile of one entry, and its confidence intervals."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from dineutrino.errors import DineutrinoError, NotConverged
from dineutrino.inference.caution import warn
from dineutrino.inference.maxima import Maxima
from dineutrino.inference.profile_function import Profiled, ProfileFunction, crossings
from dineutrino.inference.target import check, index_of

ONE_AND_TWO_SIGMA = (math.erf(1 / math.sqrt(2)), math.erf(2 / math.sqrt(2)))
"""Probability content of one and two standard deviations of a Gaussian."""
ENDPOINT_TOLERANCE = 1e-6
"""Precision of the ends of intervals and of the vertices of contours, as a fraction of the spacing of the grid."""


@dataclass(frozen=True)
class Interval:
    """A stretch of a parameter in which delta chi2 stays below a threshold.

    `lower_open` and `upper_open` say that the stretch goes on to a bound of the parameter, or to the edge of the
    explored range, so that this end is no crossing of the threshold.
    """

    lower: float
    upper: float
    lower_open: bool
    upper_open: bool

    def __contains__(self, value: float) -> bool:
        return self.lower <= value <= self.upper


@dataclass(frozen=True)
class Profile:
    """The profile of one parameter.

    Attributes:
        name: of the parameter.
        values: of the parameter, ascending; the known maxima are among them.
        delta_chi2: 2 (log_prob at the best maximum - profile log_prob).
        vectors: all entries at the profile, the nuisances at their best.
        converged: whether each point converged.
        confidence_levels: of the intervals.
        thresholds: delta chi2 of each confidence level.
        intervals: for each confidence level the list of its stretches.
        cautions: reservations, one sentence each.
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

    def at(self, confidence_level: float) -> tuple[Interval, ...]:
        """The intervals at one of the confidence levels."""
        return self.intervals[int(np.argmin(np.abs(np.array(self.confidence_levels) - confidence_level)))]


def profile_1d(
    target: Any,
    name: str,
    maxima: Maxima,
    *,
    confidence_levels: Sequence[float] = ONE_AND_TWO_SIGMA,
    degrees_of_freedom: int = 1,
    points: int = 41,
    limits: tuple[float, float] | None = None,
) -> Profile:
    """Profile of one entry, with confidence intervals whose ends are found by root finding on the profile.

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
    low, high = limits_of(function, 0, max(thresholds)) if limits is None else within_bounds(function, 0, name, limits)
    modes = [optimum[name] for optimum in maxima]
    grid = np.union1d(np.linspace(low, high, points), [mode for mode in modes if low <= mode <= high])
    grid = grid[np.append(True, np.diff(grid) > 1e-9 * (high - low))]
    profiled = _swept(function, grid)
    segments: list[tuple[float, int]] = [
        (threshold, int(i))
        for threshold in thresholds
        for i in np.flatnonzero(np.diff(profiled.delta_chi2 <= threshold))
    ]
    left = np.array([i for _, i in segments], int)
    width = np.diff(grid)
    fraction, found = crossings(
        function,
        lambda fraction, number: (grid[left[number]] + fraction * width[left[number]])[:, None],
        np.array([threshold for threshold, _ in segments], float),
        np.stack([profiled.vectors[left], profiled.vectors[left + 1]], axis=1),
        modes=True,
        tolerance=ENDPOINT_TOLERANCE,
    )
    ends = {segment: grid[segment[1]] + f * width[segment[1]] for segment, f in zip(segments, fraction, strict=True)}
    intervals = tuple(_intervals(grid, profiled.delta_chi2 <= t, t, ends) for t in thresholds)
    result = Profile(
        name=name,
        values=grid,
        delta_chi2=profiled.delta_chi2,
        vectors=profiled.vectors,
        converged=profiled.converged,
        confidence_levels=tuple(confidence_levels),
        thresholds=thresholds,
        intervals=intervals,
        cautions=_cautions(name, intervals, confidence_levels, found, profiled.converged),
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


def limits_of(function: ProfileFunction, i: int, threshold: float) -> tuple[float, float]:
    """A range of the i-th fixed entry beyond which the profile exceeds a threshold, as far as the bounds allow.

    Ladders of points, with steps that double, go down from the lowest and up from the highest relevant maximum.
    """
    entry = function.fixed[i]
    relevant = function.maxima.within(threshold / 2)
    errors = [float(optimum.errors[entry]) for optimum in relevant]
    step = max((e for e in errors if np.isfinite(e) and e > 0), default=float(function.scale[entry]))
    step = min(step, 10 * float(function.scale[entry])) * np.sqrt(threshold)
    ladder = step * np.array([1.2, 1.7, 2.5, 4.0, 8.0, 16.0, 32.0, 64.0])
    bounds = function.bounds(i)
    places = [float(optimum.vector[entry]) for optimum in relevant]
    down, up = np.clip(min(places) - ladder, *bounds), np.clip(max(places) + ladder, *bounds)
    one = ProfileFunction(function.target, function.maxima, (int(entry),))
    high_enough = one(np.concatenate([down, up])[:, None]).delta_chi2 > threshold

    def first(rungs: np.ndarray, enough: np.ndarray) -> float:
        return float(rungs[np.argmax(enough)] if enough.any() else rungs[-1])

    return first(down, high_enough[: len(down)]), first(up, high_enough[len(down) :])


def within_bounds(function: ProfileFunction, i: int, name: str, limits: tuple[float, float]) -> tuple[float, float]:
    """Limits given by the user, if they are ordered and within the bounds."""
    lower, upper = function.bounds(i)
    if not (np.isfinite(limits).all() and lower <= limits[0] < limits[1] <= upper):
        raise DineutrinoError(
            f"the limits of the profile of '{name}' must be ordered and within [{lower:g}, {upper:g}], not {limits}."
        )
    return float(limits[0]), float(limits[1])


def refuse_better(what: str, profiled: Profiled, maxima: Maxima, result: object) -> None:
    """Refuse a profile that found a higher maximum than it started from, or that did not converge."""
    best = int(np.argmin(profiled.delta_chi2))
    if profiled.delta_chi2[best] < -1e-3:
        raise NotConverged(
            f"the profile of {what} found a higher maximum than `maximum` did, by {-profiled.delta_chi2[best]:.3g} in "
            "chi2: repeat `maximum` with more starts.",
            result=result,
        )
    if not profiled.converged.any():
        raise NotConverged(f"the profile of {what} converged nowhere.", result=result)


def _swept(function: ProfileFunction, grid: Float[np.ndarray, " point"]) -> Profiled:
    """Profile on a grid: from the maxima first, then from the neighbours' solutions as long as that improves."""
    profiled = function(grid[:, None])
    neighbours = np.stack(
        [np.maximum(np.arange(len(grid)) - 1, 0), np.minimum(np.arange(len(grid)) + 1, len(grid) - 1)]
    )
    for _ in range(4):
        again = function(grid[:, None], np.stack([profiled.vectors[i] for i in neighbours], axis=1), modes=False)
        better = again.delta_chi2 < profiled.delta_chi2 - 1e-6
        better |= again.converged & ~profiled.converged & (again.delta_chi2 < profiled.delta_chi2 + 1e-6)
        profiled = Profiled(
            np.where(better, again.delta_chi2, profiled.delta_chi2),
            np.where(better[:, None], again.vectors, profiled.vectors),
            np.where(better, again.converged, profiled.converged),
        )
        if not better.any():
            break
    return profiled


def _intervals(
    grid: Float[np.ndarray, " point"],
    below: Bool[np.ndarray, " point"],
    threshold: float,
    ends: dict[tuple[float, int], float],
) -> tuple[Interval, ...]:
    """Runs of grid points below a threshold, from crossing to crossing."""
    starts = np.flatnonzero(below & ~np.append(False, below[:-1]))
    stops = np.flatnonzero(below & ~np.append(below[1:], False))
    last = len(grid) - 1
    return tuple(
        Interval(
            lower=float(grid[0] if i == 0 else ends[threshold, int(i) - 1]),
            upper=float(grid[last] if j == last else ends[threshold, int(j)]),
            lower_open=bool(i == 0),
            upper_open=bool(j == last),
        )
        for i, j in zip(starts, stops, strict=True)
    )


def _cautions(
    name: str,
    intervals: tuple[tuple[Interval, ...], ...],
    confidence_levels: Sequence[float],
    found: Bool[np.ndarray, " root"],
    converged: Bool[np.ndarray, " point"],
) -> tuple[str, ...]:
    cautions = []
    for level, stretches in zip(confidence_levels, intervals, strict=True):
        if any(stretch.lower_open or stretch.upper_open for stretch in stretches):
            cautions.append(f"the {level:.2%} interval of '{name}' reaches a bound or the edge of the explored range.")
    if not found.all():
        cautions.append(f"{(~found).sum()} of {found.size} ends of the intervals of '{name}' did not converge.")
    if not converged.all():
        cautions.append(f"the profile of '{name}' did not converge at {(~converged).sum()} of {converged.size} points.")
    return tuple(cautions)
