"""How far a profile must be followed, and the profile along a line."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from dineutrino.errors import DineutrinoError
from dineutrino.inference.branches import Branches
from dineutrino.inference.profile_function import Profiled, ProfileFunction

SCATTER_EVERY = 5
"""Every so many points of a line have scattered starts."""
MOST_EXTENSIONS = 6
"""Times that a range is made longer because the profile at its end turned out to be below the threshold."""
LADDER = np.array([1.2, 1.7, 2.5, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0])
"""Distances from the maxima at which the profile is looked up, in units of what a parabola requires."""
FARTHEST = 64.0
"""The longest distance, in units of the scale of the entry."""


class Line(NamedTuple):
    """The profile along values of one entry, with all its branches."""

    values: Float[np.ndarray, " point"]
    profiled: Profiled
    branches: Branches


def line(function: ProfileFunction, values: Float[np.ndarray, " point"], known: Line | None = None) -> Line:
    """The profile of one entry at ascending values, those of a known line among them."""
    places = np.arange(len(values))
    if known is None:
        starts = [function.scattered(places[SCATTER_EVERY // 2 :: SCATTER_EVERY])]
        branches = function.swept(values[:, None], beside(len(values)), starts)
    else:
        place = np.searchsorted(values, known.values)[known.branches.place]
        moved = known.branches._replace(place=place, carried=np.zeros(len(place), bool))
        branches = function.swept(values[:, None], beside(len(values)), [], moved)
    return Line(values, function.profiled(branches, values[:, None]), branches)


def beside(points: int) -> Int[np.ndarray, "point 2"]:
    """The neighbours of points in a row, -1 beyond its ends."""
    number = np.arange(points)
    return np.stack([number - 1, np.where(number < points - 1, number + 1, -1)], axis=1)


def explored(function: ProfileFunction, threshold: float, points: int) -> Line:
    """The profile of one entry as far as it stays below a threshold, and the bounds allow; the maxima are on the grid.

    Where it turns out to be below the threshold at an end of its range, the range is made longer.
    """
    low, high = limits_of(function, threshold)
    lower, upper = function.bounds(0)
    modes = [float(optimum.vector[function.fixed[0]]) for optimum in function.maxima]
    for _ in range(MOST_EXTENSIONS):
        grid = np.union1d(np.linspace(low, high, points), [mode for mode in modes if low <= mode <= high])
        grid = grid[np.append(True, np.diff(grid) > 1e-9 * (high - low))]
        found = line(function, grid)
        longer = (high - low) / 2
        further_down = found.profiled.delta_chi2[0] <= threshold and lower < low
        further_up = found.profiled.delta_chi2[-1] <= threshold and high < upper
        reach = max(high - low, FARTHEST * float(function.scale[function.fixed[0]]))
        if not (further_down or further_up) or high - low > reach:
            break
        low = max(low - longer, lower) if further_down else low
        high = min(high + longer, upper) if further_up else high
    return found


def limits_of(function: ProfileFunction, threshold: float) -> tuple[float, float]:
    """A range of the fixed entry beyond which the profile exceeds a threshold, as far as the bounds allow.

    Ladders of points, with steps that double, go down from the lowest and up from the highest relevant maximum. Only
    a verified value ends a ladder.
    """
    entry = function.fixed[0]
    scale = float(function.scale[entry])
    relevant = function.maxima.within(threshold / 2)
    errors = [float(optimum.errors[entry]) for optimum in relevant]
    step = max((e for e in errors if np.isfinite(e) and e > 0), default=scale)
    distances = np.minimum(min(step, 10 * scale) * np.sqrt(threshold) * LADDER, FARTHEST * scale)
    places = [float(optimum.vector[entry]) for optimum in relevant]
    bounds = function.bounds(0)
    down = np.unique(np.clip(min(places) - distances, *bounds))[::-1]
    up = np.unique(np.clip(max(places) + distances, *bounds))
    rungs = np.concatenate([down[::-1], up])
    profiled = function.profiled(function.swept(rungs[:, None], beside(len(rungs)), []), rungs[:, None])
    enough = (profiled.delta_chi2 > threshold) & profiled.converged

    def first(places: np.ndarray, high_enough: np.ndarray) -> float:
        return float(places[np.argmax(high_enough)] if high_enough.any() else places[-1])

    return first(down, enough[: len(down)][::-1]), first(up, enough[len(down) :])


def within_bounds(function: ProfileFunction, i: int, name: str, limits: tuple[float, float]) -> tuple[float, float]:
    """Limits given by the user, if they are ordered and within the bounds."""
    lower, upper = function.bounds(i)
    if not (np.isfinite(limits).all() and lower <= limits[0] < limits[1] <= upper):
        raise DineutrinoError(
            f"the limits of the profile of '{name}' must be ordered and within [{lower:g}, {upper:g}], not {limits}."
        )
    return float(limits[0]), float(limits[1])
