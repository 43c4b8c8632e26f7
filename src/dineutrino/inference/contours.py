"""The profile of two entries, and its contours."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from dineutrino.inference.caution import warn
from dineutrino.inference.intervals import ONE_AND_TWO_SIGMA, refuse_better, thresholds_of
from dineutrino.inference.level_lines import Line, Spot, crossing, curve, side_by_side, traced
from dineutrino.inference.optimum import Maxima, Optimum
from dineutrino.inference.profile_function import ProfileFunction
from dineutrino.inference.ranges import explored, within_bounds
from dineutrino.inference.surface import Surface, squares
from dineutrino.inference.target import Target, check, index_of

POINTS = 33
"""Points of the grid in each direction, where none are asked for."""
MARGIN = 0.04
"""Of the range around the largest contour, in units of its extent."""
POINTS_OF_EXTENT = 25
"""Of the one-dimensional profiles that tell the extent."""
CARRIED = 4.0
"""Optima below so many times the largest threshold are carried on over the grid."""
RAYS, MOST_RAYS = 8, 64
"""Rays out of each maximum, and out of all of them."""
APART = 0.15
"""Distance of seeds on the grid, in the unit square."""
CLOSE = 1e-3
"""A point of the unit square closer to a line than this is on it."""
ROUNDS = 4
"""Times that lines are sought which the grid sees and no known line explains."""
SMALLEST = 1e-3
"""Distance at which a ray is looked at first where the errors at a maximum are not known, in units of the scales."""

Polygon = Float[np.ndarray, "_ 2"]
"""Points of a line, one after the other."""


@dataclass(frozen=True)
class Contour:
    """Lines on which delta chi2 equals a threshold.

    Attributes:
        confidence_level: probability content by Wilks' theorem.
        threshold: delta chi2.
        lines: each an array of vertices, with the inside on its left; a closed line ends at its first vertex.
        closed: whether each line is closed; an open one ends at the edge of the explored range.
        touches_edge: whether the region inside the contour reaches the edge of the range: a bound, or a limit.
        verified: whether each line is complete and all its vertices rest on verified optima of the other entries.
    """

    confidence_level: float
    threshold: float
    lines: tuple[Float[np.ndarray, "_ 2"], ...]
    closed: tuple[bool, ...]
    touches_edge: bool
    verified: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Profile2D:
    """The profile of two parameters.

    Attributes:
        names: of the parameters.
        x, y: their values on the grid.
        delta_chi2: at (x, y): 2 (log_prob at the best maximum - profile log_prob).
        vectors: all entries at the profile, the nuisances at their best.
        converged: whether each point rests on a verified optimum of the other entries.
        contours: one for each confidence level.
        cautions: reservations, one sentence each.
        unverified: those of them that forbid to trust the contours.
    """

    names: tuple[str, str]
    x: Float[np.ndarray, " x"]
    y: Float[np.ndarray, " y"]
    delta_chi2: Float[np.ndarray, "x y"]
    vectors: Float[np.ndarray, "x y n"]
    converged: Bool[np.ndarray, "x y"]
    contours: tuple[Contour, ...]
    cautions: tuple[str, ...]
    unverified: tuple[str, ...] = ()


def profile_2d(
    target: Target,
    names: tuple[str, str],
    maxima: Maxima,
    *,
    confidence_levels: Sequence[float] = ONE_AND_TWO_SIGMA,
    degrees_of_freedom: int = 2,
    points: int = POINTS,
    limits: tuple[tuple[float, float], tuple[float, float]] | None = None,
) -> Profile2D:
    """Profile of two entries, with contours.

    The contours are followed along the level lines of the profile itself, see `level_lines`, from rays out of all
    maxima, and from where the profile on a grid crosses a threshold that no line explains.

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
        ranges = [_extent(function, i, max(thresholds)) for i in (0, 1)]
    else:
        ranges = [within_bounds(function, i, names[i], limits[i]) for i in (0, 1)]
    surface = Surface(function, ranges, points, CARRIED * max(thresholds))
    contours = tuple(
        _contour(surface, level, threshold, lines)
        for level, (threshold, lines) in zip(confidence_levels, _lines(surface, thresholds).items(), strict=True)
    )
    profiled = surface.profiled
    converged = profiled.converged.reshape(points, points)
    what = f"'{names[0]}' and '{names[1]}'"
    cautions, unverified = _cautions(what, contours, converged)
    result = Profile2D(
        names=names,
        x=surface.values[0],
        y=surface.values[1],
        delta_chi2=profiled.delta_chi2.reshape(points, points),
        vectors=profiled.vectors.reshape(points, points, -1),
        converged=converged,
        contours=contours,
        cautions=(*cautions, *unverified),
        unverified=unverified,
    )
    refuse_better(what, profiled, maxima, result)
    warn(result.cautions)
    return result


def _extent(function: ProfileFunction, i: int, threshold: float) -> tuple[float, float]:
    """Range of the i-th fixed entry that holds the contour at a threshold, with a margin."""
    entry = int(function.fixed[i])
    one = ProfileFunction(function.target, function.maxima, (entry,))
    found = explored(one, threshold, POINTS_OF_EXTENT)
    # what is not verified may be lower
    inside = np.flatnonzero((found.profiled.delta_chi2 <= threshold) | ~found.profiled.converged)
    lowest, highest = max(inside[0] - 1, 0), min(inside[-1] + 1, len(found.values) - 1)
    low, high = float(found.values[lowest]), float(found.values[highest])
    margin = MARGIN * (high - low)
    lower, upper = function.bounds(i)
    return max(low - margin, lower), min(high + margin, upper)


def _lines(surface: Surface, thresholds: tuple[float, ...]) -> dict[float, list[tuple[Line, bool]]]:
    """All level lines that the maxima and the grid know of, and whether they are verified.

    Lines that turn out to run where the profile is lower than on the line are followed anew.
    """
    lines: dict[float, list[tuple[Line, bool]]] = {threshold: [] for threshold in thresholds}
    again = True
    for last in [False] * (ROUNDS - 1) + [True]:
        drawn = {threshold: [_drawn(line) for line, _ in some] for threshold, some in lines.items()}
        seeds = _seeds_of_maxima(surface, drawn) if again else {threshold: [] for threshold in thresholds}
        seeds = _seeds_of_grid(surface, drawn, seeds)
        if not any(seeds.values()):
            break
        found = [(t, line) for t, some in traced(seeds, surface.evaluate).items() for line in some]
        again = False
        for (threshold, line), (on_level, sure) in zip(found, surface.verified(found), strict=True):
            if on_level or last:
                lines[threshold].append((line, line.complete and sure))
            again = again or not on_level
    return lines


def _seeds_of_maxima(surface: Surface, drawn: dict[float, list[Polygon]]) -> dict[float, list[Spot]]:
    """Where rays out of the maxima first leave the regions, and no line passes."""
    thresholds = tuple(drawn)
    function = surface.function
    best = function.maxima.best.log_prob
    walks, levels = [], []
    relevant = function.maxima.within(max(thresholds) / 2)
    rays = max(2, min(RAYS, MOST_RAYS // len(relevant)))
    for optimum in relevant:
        height = 2 * (best - optimum.log_prob)
        at = (np.asarray(optimum.vector)[function.fixed] - surface.low) / surface.size
        if np.any((at < 0) | (at > 1)):
            continue
        origin = Spot(at, height, np.zeros(2), np.asarray(optimum.vector))
        root, known = _root(optimum, function)
        root = root / surface.size[:, None]
        # without errors, the directions of the axes must be among the rays: the maximum may be on an edge
        count, shift = (rays, 0.25) if known else (2 * rays, 0.0)
        for angle in 2 * np.pi * (np.arange(count) + shift) / count:
            direction = root @ np.array([np.cos(angle), np.sin(angle)])
            farthest = _way_out(at, direction)
            for threshold in thresholds:
                if height < threshold and farthest > 0:
                    first = 0.5 * np.sqrt(threshold - height) if known else SMALLEST
                    walks.append(crossing(origin, direction, threshold, first, farthest))
                    levels.append(threshold)
    return _new(side_by_side(walks, surface.evaluate), levels, drawn)


def _seeds_of_grid(
    surface: Surface, drawn: dict[float, list[Polygon]], seeds: dict[float, list[Spot]]
) -> dict[float, list[Spot]]:
    """Further seeds between nodes of the grid where the profile crosses a level, no line passes, and no seed is near.

    So long lines have several seeds, from which they are followed at the same time.
    """
    walks, levels = [], []
    for threshold, lines in drawn.items():
        taken = [seed.at for seed in seeds[threshold]]
        for below, above in surface.crossed(threshold):
            inside, outside = surface.node(int(below)), surface.node(int(above))
            if any(_passes(inside.at, outside.at, line) for line in lines):
                continue
            if taken and np.sqrt(squares(inside.at[None], np.stack(taken)).min()) < APART:
                continue
            taken.append(inside.at)
            walks.append(crossing(inside, outside.at - inside.at, threshold, 0.5, 1.0))
            levels.append(threshold)
    found = _new(side_by_side(walks, surface.evaluate), levels, drawn)
    return {threshold: _apart([*some, *found[threshold]]) for threshold, some in seeds.items()}


def _new(spots: list[Spot | None], levels: list[float], drawn: dict[float, list[Polygon]]) -> dict[float, list[Spot]]:
    """The spots by level, without those on lines that are known."""
    seeds: dict[float, list[Spot]] = {threshold: [] for threshold in drawn}
    for spot, threshold in zip(spots, levels, strict=True):
        if spot is not None and all(_distance(spot.at, line) > CLOSE for line in drawn[threshold]):
            seeds[threshold].append(spot)
    return {threshold: _apart(some) for threshold, some in seeds.items()}


def _contour(surface: Surface, level: float, threshold: float, lines: list[tuple[Line, bool]]) -> Contour:
    """A contour from its lines, and whether they are verified."""
    vertices = tuple(surface.values_at(np.stack([spot.at for spot in line.spots])) for line, _ in lines)
    closed = tuple(line.closed for line, _ in lines)
    grid = surface.profiled.delta_chi2.reshape(surface.points, surface.points)
    edge = np.concatenate([grid[0], grid[-1], grid[:, 0], grid[:, -1]])
    touches = not all(closed) or bool((edge <= threshold).any())
    none_missing = _alternate([line for line, _ in lines if not line.closed])
    verified = tuple(sure and (line.closed or none_missing) for line, sure in lines)
    return Contour(level, threshold, vertices, closed, touches, verified)


def _alternate(open_lines: list[Line]) -> bool:
    """Whether around the edge of the square lines begin and end in turn; if not, one is missing."""
    ends = [(way_around(line.spots[i].at), i) for line in open_lines for i in (0, -1)]
    kinds = [i for _, i in sorted(ends)]
    return all(kinds[k] != kinds[k - 1] for k in range(len(kinds)))


def way_around(at: Float[np.ndarray, "2"]) -> float:
    """How far a point of the edge of the unit square is from its lower left corner, counter-clockwise: 0 to 4."""
    x, y = at
    edge = int(np.argmin([abs(y), abs(1 - x), abs(1 - y), abs(x)]))
    return float(edge + (x, y, 1 - x, 1 - y)[edge])


def _root(optimum: Optimum, function: ProfileFunction) -> tuple[Float[np.ndarray, "2 2"], bool]:
    """Root of the covariance of the two entries at a maximum, and whether that is known; if not, that of the scales."""
    covariance = np.asarray(optimum.covariance)[np.ix_(function.fixed, function.fixed)]
    scale = function.scale[function.fixed]
    if not np.isfinite(covariance).all():
        return np.diag(scale), False
    values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
    return scale[:, None] * vectors * np.sqrt(np.maximum(values, 1e-12)), True


def _way_out(at: Float[np.ndarray, "2"], direction: Float[np.ndarray, "2"]) -> float:
    """Distance to the edge of the unit square, in units of the direction."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ways = np.where(direction > 0, (1 - at) / direction, np.where(direction < 0, -at / direction, np.inf))
    return float(ways.min())


def _apart(spots: list[Spot]) -> list[Spot]:
    """Spots that differ from each other."""
    kept: list[Spot] = []
    for spot in spots:
        if all(np.max(np.abs(spot.at - other.at)) > 1e-6 for other in kept) and spot.gradient.any():
            kept.append(spot)
    return kept


def _drawn(line: Line) -> Polygon:
    """A line with points between its vertices, on the cubics that have their tangents."""
    fractions = np.arange(8) / 8
    pieces = [curve(a, b, fractions) for a, b in zip(line.spots[:-1], line.spots[1:], strict=True)]
    return np.concatenate([*pieces, line.spots[-1].at[None]])


def _passes(a: Float[np.ndarray, "2"], b: Float[np.ndarray, "2"], line: Polygon) -> bool:
    """Whether a line crosses the way from a to b."""

    def side(of: np.ndarray, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
        way, other = end - begin, of - begin
        return way[..., 0] * other[..., 1] - way[..., 1] * other[..., 0] > 0

    first, last = line[:-1], line[1:]
    across = side(first, a, b) != side(last, a, b)
    along = side(a, first, last) != side(b, first, last)
    return bool((across & along).any())


def _distance(point: Float[np.ndarray, "2"], line: Polygon) -> float:
    """From a point to a polygon."""
    first, way = line[:-1], np.diff(line, axis=0)
    square = np.maximum(np.sum(way**2, axis=1), 1e-300)
    fraction = np.clip(np.sum((point - first) * way, axis=1) / square, 0.0, 1.0)
    return float(np.sqrt(np.min(np.sum((first + fraction[:, None] * way - point) ** 2, axis=1))))


def _cautions(
    what: str, contours: tuple[Contour, ...], converged: Bool[np.ndarray, "x y"]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Reservations, and reasons not to trust the contours."""
    cautions, unverified = [], []
    for contour in contours:
        if contour.touches_edge:
            region = f"the {contour.confidence_level:.2%} region of {what}"
            cautions.append(f"{region} reaches a bound or the edge of the explored range.")
        lost = len(contour.lines) - sum(contour.verified)
        if lost:
            unverified.append(
                f"{lost} of {len(contour.lines)} lines of the {contour.confidence_level:.2%} contour of {what} "
                "are not verified."
            )
    if not converged.all():
        unverified.append(
            f"the profile of {what} is not verified at {(~converged).sum()} of {converged.size} points: "
            "there it may be lower."
        )
    return tuple(cautions), tuple(unverified)
