"""The profile of two entries, and its contours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from dineutrino.inference.caution import warn
from dineutrino.inference.intervals import (
    ENDPOINT_TOLERANCE,
    ONE_AND_TWO_SIGMA,
    limits_of,
    refuse_better,
    thresholds_of,
    within_bounds,
)
from dineutrino.inference.maxima import Maxima
from dineutrino.inference.profile_function import Profiled, ProfileFunction, crossings
from dineutrino.inference.target import check, index_of


@dataclass(frozen=True)
class Contour:
    """Lines on which delta chi2 equals a threshold.

    Attributes:
        confidence_level: probability content by Wilks' theorem.
        threshold: delta chi2.
        lines: each an array of vertices; a closed line ends at its first vertex.
        closed: whether each line is closed; an open one ends at the edge of the explored range.
        touches_edge: whether the region inside the contour reaches the edge of the range: a bound, or a limit.
    """

    confidence_level: float
    threshold: float
    lines: tuple[Float[np.ndarray, "_ 2"], ...]
    closed: tuple[bool, ...]
    touches_edge: bool


@dataclass(frozen=True)
class Profile2D:
    """The profile of two parameters.

    Attributes:
        names: of the parameters.
        x, y: their values on the grid.
        delta_chi2: at (x, y): 2 (log_prob at the best maximum - profile log_prob).
        vectors: all entries at the profile, the nuisances at their best.
        converged: whether each point converged.
        contours: one for each confidence level.
        cautions: reservations, one sentence each.
    """

    names: tuple[str, str]
    x: Float[np.ndarray, " x"]
    y: Float[np.ndarray, " y"]
    delta_chi2: Float[np.ndarray, "x y"]
    vectors: Float[np.ndarray, "x y n"]
    converged: Bool[np.ndarray, "x y"]
    contours: tuple[Contour, ...]
    cautions: tuple[str, ...]


def profile_2d(
    target: Any,
    names: tuple[str, str],
    maxima: Maxima,
    *,
    confidence_levels: Sequence[float] = ONE_AND_TWO_SIGMA,
    degrees_of_freedom: int = 2,
    points: int = 33,
    limits: tuple[tuple[float, float], tuple[float, float]] | None = None,
) -> Profile2D:
    """Profile of two entries, with contours.

    The contours are traced on a grid (marching squares); then each vertex is moved along its edge of the grid to where
    the profile itself, not its interpolation, crosses the threshold.

    Args:
        target: see `Target`.
        names: of the two entries.
        maxima: from `maximum`; all of them serve as starting points.
        confidence_levels: of the contours, by Wilks' theorem.
        degrees_of_freedom: of the chi2 distribution that turns levels into thresholds.
        points: of the grid in each direction.
        limits: ranges of the grid; by default the largest contour fits in. Its extent is that of the interval of the
            one-dimensional profile with the same threshold.

    Raises:
        DineutrinoError: unknown names, impossible levels or limits.
        NotConverged: the profile reaches higher than the best of `maxima`, or does not converge.
    """
    check(target)
    function = ProfileFunction(target, maxima, (index_of(target, names[0]), index_of(target, names[1])))
    thresholds = thresholds_of(confidence_levels, degrees_of_freedom)
    if limits is None:
        (x_low, x_high), (y_low, y_high) = (_extent(function, i, max(thresholds)) for i in (0, 1))
    else:
        (x_low, x_high), (y_low, y_high) = (within_bounds(function, i, names[i], limits[i]) for i in (0, 1))
    x, y = np.linspace(x_low, x_high, points), np.linspace(y_low, y_high, points)
    nodes = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    profiled = _repaired(function, nodes, function(nodes.reshape(-1, 2)))
    delta_chi2, vectors = profiled.delta_chi2.reshape(points, points), profiled.vectors.reshape(points, points, -1)
    contours, lost = _contours(function, x, y, delta_chi2, vectors, tuple(confidence_levels), thresholds)
    converged = profiled.converged.reshape(points, points)
    what = f"'{names[0]}' and '{names[1]}'"
    cautions = _cautions(what, contours, lost, converged)
    result = Profile2D(names, x, y, delta_chi2, vectors, converged, contours, cautions)
    refuse_better(what, profiled, maxima, result)
    warn(cautions)
    return result


def _extent(function: ProfileFunction, i: int, threshold: float) -> tuple[float, float]:
    """Range of the i-th fixed entry that holds the contour at a threshold, with a margin of a tenth."""
    entry = int(function.fixed[i])
    one = ProfileFunction(function.target, function.maxima, (entry,))
    low, high = limits_of(one, 0, threshold)
    values = np.linspace(low, high, 41)
    inside = values[one(values[:, None]).delta_chi2 <= threshold]
    modes = [float(o.vector[entry]) for o in function.maxima.within(threshold / 2)]
    step = values[1] - values[0]
    lowest = max(min([*inside, *modes]) - step, low)
    highest = min(max([*inside, *modes]) + step, high)
    margin = 0.04 * (highest - lowest)
    lower, upper = function.bounds(i)
    return max(lowest - margin, lower), min(highest + margin, upper)


def _repaired(function: ProfileFunction, nodes: Float[np.ndarray, "x y 2"], profiled: Profiled) -> Profiled:
    """Repeat the points that did not converge, or stick out above all their neighbours, from those neighbours."""
    nx, ny, _ = nodes.shape
    n = profiled.vectors.shape[-1]
    for _ in range(3):
        height = np.pad(profiled.delta_chi2.reshape(nx, ny), 1, mode="edge")
        around = np.stack([height[:-2, 1:-1], height[2:, 1:-1], height[1:-1, :-2], height[1:-1, 2:]])
        peak = height[1:-1, 1:-1] > around.max(axis=0)
        again = np.flatnonzero(peak.ravel() | ~profiled.converged)
        if not again.size:
            break
        i, j = np.unravel_index(again, (nx, ny))
        neighbours = [(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)]
        grid = profiled.vectors.reshape(nx, ny, n)
        near = np.stack([grid[np.clip(a, 0, nx - 1), np.clip(b, 0, ny - 1)] for a, b in neighbours], axis=1)
        new = function(nodes.reshape(-1, 2)[again], near, modes=False)
        better = new.delta_chi2 < profiled.delta_chi2[again] - 1e-6
        better |= new.converged & ~profiled.converged[again] & (new.delta_chi2 < profiled.delta_chi2[again] + 1e-6)
        for old, fresh in zip(profiled, new, strict=True):
            old[again[better]] = fresh[better]
        if not better.any():
            break
    return profiled


def _contours(
    function: ProfileFunction,
    x: Float[np.ndarray, " x"],
    y: Float[np.ndarray, " y"],
    delta_chi2: Float[np.ndarray, "x y"],
    vectors: Float[np.ndarray, "x y n"],
    confidence_levels: tuple[float, ...],
    thresholds: tuple[float, ...],
) -> tuple[tuple[Contour, ...], int]:
    """Contours with vertices on the exact thresholds, and the number of vertices that did not converge."""
    from contourpy import contour_generator

    capped = np.minimum(delta_chi2, 1e3 * (1 + max(thresholds)))
    generator = contour_generator(x, y, capped.T, name="serial", line_type="Separate")
    traced = [generator.lines(threshold) for threshold in thresholds]
    vertices = np.concatenate([np.zeros((0, 2)), *(line for lines in traced for line in lines)])
    levels = np.concatenate(
        [np.zeros(0), *(np.full(len(v), t) for t, ls in zip(thresholds, traced, strict=True) for v in ls)]
    )
    # each vertex lies on an edge of the grid, between two nodes
    fx, fy = (vertices[:, 0] - x[0]) / (x[1] - x[0]), (vertices[:, 1] - y[0]) / (y[1] - y[0])
    along_x = np.abs(fx - np.round(fx)) > np.abs(fy - np.round(fy))
    i = np.where(along_x, np.floor(fx), np.round(fx)).astype(int)
    j = np.where(along_x, np.round(fy), np.floor(fy)).astype(int)
    i2, j2 = np.minimum(i + along_x, len(x) - 1), np.minimum(j + ~along_x, len(y) - 1)
    bracketed = (capped[i, j] - levels) * (capped[i2, j2] - levels) < 0
    begin, end = np.stack([x[i], y[j]], axis=1), np.stack([x[i2], y[j2]], axis=1)
    chosen = np.flatnonzero(bracketed)

    def where(fraction: np.ndarray, number: np.ndarray) -> np.ndarray:
        return begin[chosen][number] + fraction[:, None] * (end - begin)[chosen][number]

    ends = np.stack([vectors[i, j], vectors[i2, j2]], axis=1)[chosen]
    fraction, found = crossings(function, where, levels[chosen], ends, modes=False, tolerance=ENDPOINT_TOLERANCE)
    vertices[chosen] = where(fraction, np.arange(len(chosen)))
    contours, start = [], 0
    for level, threshold, lines in zip(confidence_levels, thresholds, traced, strict=True):
        moved = []
        for line in lines:
            moved.append(vertices[start : start + len(line)])
            start += len(line)
        closed = tuple(bool(np.all(line[0] == line[-1])) for line in lines)
        edge = np.concatenate([delta_chi2[0], delta_chi2[-1], delta_chi2[:, 0], delta_chi2[:, -1]])
        contours.append(Contour(level, threshold, tuple(moved), closed, bool((edge <= threshold).any())))
    return tuple(contours), int((~found).sum())


def _cautions(
    what: str, contours: tuple[Contour, ...], lost: int, converged: Bool[np.ndarray, "x y"]
) -> tuple[str, ...]:
    cautions = [
        f"the {contour.confidence_level:.2%} region of {what} reaches a bound or the edge of the explored range."
        for contour in contours
        if contour.touches_edge
    ]
    if lost:
        cautions.append(f"{lost} vertices of the contours of {what} did not converge.")
    if not converged.all():
        cautions.append(f"the profile of {what} did not converge at {(~converged).sum()} of {converged.size} points.")
    return tuple(cautions)
