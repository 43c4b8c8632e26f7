"""Level lines of a function of two variables, followed by continuation.

A line starts at seeds: points on it, found on rays out of the maxima and between points of a grid. From each seed it is
followed with the inside on its left, by steps along the tangent that Newton's method moves back onto the level, until
it comes to the next seed, to its beginning or to the edge. The gradient tells the tangent, so that a step costs two or
three evaluations, however narrow the inside is; steps get shorter where the line turns. All lines move side by side.

Coordinates are those of the unit square.
"""

from collections.abc import Callable, Generator, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from jaxtyping import Float

LONGEST, SHORTEST = 1 / 24, 2e-6
"""Steps along a line. At a step that cannot be shorter, a line may have a corner."""
TURN, SHARPEST = 0.12, 0.2
"""How much a line should turn in one step, and may turn, in radians."""
CHORD = 0.05
"""In the middle between two vertices their chord should miss the level by less than this, relative to one plus it."""
PRECISION = 1e-6
"""Of the level of vertices, relative to one plus the level."""
MOST_CORRECTIONS, MOST_LOOKS = 8, 60
MOST_VERTICES = 2000
ON_THE_LINE = 5e-3
"""A seed is on a line if it is closer than this to the cubic between two vertices, in units of their distance."""


class Spot(NamedTuple):
    """The function at a point: its value and gradient, and the vector that it was found at."""

    at: Float[np.ndarray, "2"]
    height: float
    gradient: Float[np.ndarray, "2"]
    vector: Float[np.ndarray, " n"]


class Request(NamedTuple):
    """A point to be evaluated, and vectors to start from."""

    at: Float[np.ndarray, "2"]
    vectors: tuple[Float[np.ndarray, " n"], ...]


class Piece(NamedTuple):
    """A part of a line, from a seed on.

    Attributes:
        spots: its vertices, the seed first.
        meets: the number of the seed at which it ends, -1 at an edge, -2 where it was lost.
    """

    spots: list[Spot]
    meets: int


class Line(NamedTuple):
    """A level line. A closed one ends at its first vertex; `complete` says that it was not lost on its way."""

    spots: list[Spot]
    closed: bool
    complete: bool


EDGE, LOST = -1, -2
T = TypeVar("T")
Evaluate = Callable[[list[Request]], list[Spot]]
Steps = Generator[Request, Spot, Spot | None]


def side_by_side(walks: Sequence[Generator[Request, Spot, T]], evaluate: Evaluate) -> list[T]:
    """Run walks that ask for evaluations, all of one round at once, and return what they return."""
    results: dict[int, T] = {}
    asking: dict[int, Request] = {}

    def proceed(number: int, answer: Spot | None) -> None:
        try:
            asking[number] = next(walks[number]) if answer is None else walks[number].send(answer)
        except StopIteration as end:
            results[number] = end.value

    for number in range(len(walks)):
        proceed(number, None)
    while asking:
        numbers = list(asking)
        answers = evaluate([asking.pop(number) for number in numbers])
        for number, answer in zip(numbers, answers, strict=True):
            proceed(number, answer)
    return [results[number] for number in range(len(walks))]


def crossing(origin: Spot, direction: Float[np.ndarray, "2"], level: float, first: float, farthest: float) -> Steps:
    """From a point inside, where a ray first leaves the level as far as its slopes tell; None if it does not.

    Args:
        origin: a point below the level.
        direction: of the ray; distances are in units of its length.
        level: of the line.
        first: distance to look at first; it is doubled at most as long as that is inside.
        farthest: distance at which the ray ends.
    """
    inside, outside = 0.0, np.inf
    distance, near = min(first, farthest), origin
    for look in range(MOST_LOOKS):
        spot = yield Request(np.clip(origin.at + distance * direction, 0.0, 1.0), (near.vector,))
        miss = spot.height - level
        if abs(miss) < PRECISION * (1 + level):
            return spot
        slope = float(spot.gradient @ direction)
        newton = distance - miss / slope if slope > 0 and np.isfinite(miss) else np.nan
        if miss < 0:
            inside, near = distance, spot
            if distance >= farthest:
                return None
        else:
            outside = distance
        if np.isinf(outside):
            # where a parabola around the origin would cross the level
            ahead = distance * np.sqrt(1 - 2 * miss / (slope * distance)) if slope > 0 else np.inf
            distance = min(1.1 * ahead, 2 * distance, farthest)
        elif inside < newton < outside and look % 4 != 3:
            distance = newton
        else:
            distance = (inside + outside) / 2
    return None


def followed(
    start: Spot, level: float, seeds: Sequence[Spot], number: int, way: int
) -> Generator[Request, Spot, Piece]:
    """Follow a line from a seed to the next one.

    Args:
        start: the seed.
        level: of the line.
        seeds: on lines of this level.
        number: of the seed among them.
        way: 1 with the inside on the left, -1 with the inside on the right.
    """
    spots, step, bend = [start], LONGEST / 2, 0.0
    while len(spots) < MOST_VERTICES:
        here = spots[-1]
        ahead = tangent(here, way)
        predicted = here.at + step * _turned(ahead, bend * step / 2)
        near = (_extrapolated(spots, step), here.vector)
        axis = _left_over(here.at, predicted)
        if axis is not None and _on_edge(here.at, ahead, axis):
            return Piece(spots, EDGE)
        if axis is not None:
            predicted = _cut(here.at, predicted, axis)
        spot = yield from _corrected(predicted, near, level, step, axis)
        if spot is not None and axis is None and not _inside(spot.at):
            axis = _left_over(here.at, spot.at)
            assert axis is not None
            spot = yield from _corrected(np.clip(spot.at, 0.0, 1.0), (spot.vector, here.vector), level, step, axis)
        turn = np.inf if spot is None or not _inside(spot.at) else _turning(here, spot, way)
        forward = spot is not None and float((spot.at - here.at) @ ahead) > 0
        if not (turn < SHARPEST or (step <= SHORTEST and forward and np.isfinite(turn))):
            if step <= SHORTEST:
                return Piece(spots, LOST)
            step = max(step * (np.clip(TURN / turn, 0.2, 0.5) if np.isfinite(turn) else 0.5), SHORTEST)
            bend = 0.0 if step < SHORTEST * 100 else bend
            continue
        assert spot is not None
        reach = 1.0 if axis is None else 1.1
        met = _met(here, spot, seeds, number if len(spots) == 1 else None, way, reach)
        if met is not None:
            return Piece([*spots, seeds[met]], met)
        spots.append(spot)
        if axis is not None:
            return Piece(spots, EDGE)
        length = float(np.linalg.norm(spot.at - here.at))
        bend = _angle(tangent(here, way), tangent(spot, way)) / max(length, 1e-300) if turn < SHARPEST else 0.0
        # how far the chord is off the line, as a change of the function
        miss = length * turn / 8 * float(np.linalg.norm(spot.gradient))
        longer = min(TURN / max(turn, 1e-9), np.sqrt(CHORD * (1 + level) / max(miss, 1e-9)))
        step = float(np.clip(step * np.clip(longer, 0.3, 2.0), SHORTEST, LONGEST))
    return Piece(spots, LOST)


def traced(seeds: dict[float, list[Spot]], evaluate: Evaluate) -> dict[float, list[Line]]:
    """All lines through seeds, by level."""
    jobs = [(level, i) for level, some in seeds.items() for i in range(len(some))]
    walks = [followed(seeds[level][i], level, seeds[level], i, 1) for level, i in jobs]
    pieces = dict(zip(jobs, side_by_side(walks, evaluate), strict=True))
    reached = {(level, piece.meets) for (level, _), piece in pieces.items() if piece.meets >= 0}
    heads = [job for job in jobs if job not in reached]
    back = [followed(seeds[level][i], level, seeds[level], i, -1) for level, i in heads]
    before = dict(zip(heads, side_by_side(back, evaluate), strict=True))
    lines: dict[float, list[Line]] = {level: [] for level in seeds}
    used: set[tuple[float, int]] = set()
    # lines that begin at an edge, then those that are closed
    for level, first in [*(job for job in heads if before[job].meets < 0), *jobs]:
        if (level, first) not in used:
            line = _assembled(level, first, pieces, before.get((level, first)), used)
            lines[level] += [] if line is None else [line]
    return lines


def _assembled(
    level: float,
    first: int,
    pieces: dict[tuple[float, int], Piece],
    before: Piece | None,
    used: set[tuple[float, int]],
) -> Line | None:
    """The line through a seed, from piece to piece; None if it runs into one that is known."""
    spots = [] if before is None or before.meets >= 0 else before.spots[:0:-1]
    complete = before is not None and before.meets == EDGE
    begins: dict[int, int] = {}
    seed = first
    while True:
        used.add((level, seed))
        begins[seed] = len(spots)
        piece = pieces[level, seed]
        spots = spots + (piece.spots[:-1] if piece.meets >= 0 else piece.spots)
        if piece.meets < 0:
            return Line(spots, False, complete and piece.meets == EDGE)
        if piece.meets in begins:
            loop = spots[begins[piece.meets] :]
            return Line([*loop, loop[0]], True, True)
        if (level, piece.meets) in used:
            return None
        seed = piece.meets


def tangent(spot: Spot, way: int = 1) -> Float[np.ndarray, "2"]:
    """Direction of the line, with the inside on its left."""
    x, y = spot.gradient / np.linalg.norm(spot.gradient)
    return way * np.array([-y, x])


def curve(begin: Spot, end: Spot, fractions: Float[np.ndarray, " point"], way: int = 1) -> Float[np.ndarray, "point 2"]:
    """The line between two vertices: the cubic that has their tangents."""
    t = fractions[:, None]
    length = np.linalg.norm(end.at - begin.at)
    first, last = length * tangent(begin, way), length * tangent(end, way)
    ends = (1 + 2 * t) * (1 - t) ** 2 * begin.at + t**2 * (3 - 2 * t) * end.at
    return ends + t * (1 - t) ** 2 * first - t**2 * (1 - t) * last


def _corrected(
    at: Float[np.ndarray, "2"], near: tuple[np.ndarray, ...], level: float, step: float, axis: int | None
) -> Steps:
    """Newton's method onto the level along the gradient, or at a fixed coordinate `axis` along an edge."""
    for _ in range(MOST_CORRECTIONS):
        spot = yield Request(np.clip(at, 0.0, 1.0), near)
        miss = spot.height - level
        if abs(miss) < PRECISION * (1 + level):
            # inside the square, or where the line leaves it
            return spot._replace(at=at)
        slope = spot.gradient.copy()
        if axis is not None:
            slope[axis] = 0.0
        square = float(slope @ slope)
        if not (np.isfinite(miss) and np.isfinite(square) and square > 0):
            return None
        move = -miss * slope / square
        at = np.clip(at, 0.0, 1.0) + move * min(1.0, step / float(np.linalg.norm(move)))
        if axis is None and not _inside(at):
            return spot._replace(at=at)
        if axis is not None and not _inside(at):
            return None
        near = (spot.vector,)
    return None


def _met(here: Spot, there: Spot, seeds: Sequence[Spot], own: int | None, way: int, reach: float) -> int | None:
    """The first seed between two vertices, or a little beyond where that is `reach` times as far."""
    chord = there.at - here.at
    square = float(chord @ chord)
    best, found = np.inf, None
    for number, seed in enumerate(seeds):
        if number == own:
            continue
        fraction = float((seed.at - here.at) @ chord) / square
        if not 1e-6 < fraction <= reach + 1e-9 or fraction >= best:
            continue
        nearest = curve(here, there, np.array([fraction]), way)[0]
        off = float(np.linalg.norm(seed.at - nearest))
        same_way = float(tangent(seed, way) @ chord) > 0.8 * np.sqrt(square)
        if off < max(ON_THE_LINE * np.sqrt(square), 1e-9) and same_way:
            best, found = fraction, number
    return found


def _turning(here: Spot, there: Spot, way: int) -> float:
    """How much a line turns between two vertices, seen from the first one and from the chord."""
    chord = there.at - here.at
    if not chord.any():
        return np.inf
    tangents = tangent(here, way), tangent(there, way)
    return max(abs(_angle(*tangents)), *(2 * abs(_angle(t, chord)) for t in tangents))


def _extrapolated(spots: list[Spot], step: float) -> Float[np.ndarray, " n"]:
    """The vector where the next step leads to, if it goes on as in the last one."""
    if len(spots) < 2:
        return spots[-1].vector
    before, here = spots[-2], spots[-1]
    length = float(np.linalg.norm(here.at - before.at))
    return here.vector + (here.vector - before.vector) * min(step / max(length, 1e-300), 2.0)


def _angle(one: Float[np.ndarray, "2"], other: Float[np.ndarray, "2"]) -> float:
    """From one direction to another, counter-clockwise."""
    return float(np.arctan2(one[0] * other[1] - one[1] * other[0], one @ other))


def _turned(direction: Float[np.ndarray, "2"], angle: float) -> Float[np.ndarray, "2"]:
    angle = float(np.clip(angle, -SHARPEST, SHARPEST))
    c, s = np.cos(angle), np.sin(angle)
    return np.array([c * direction[0] - s * direction[1], s * direction[0] + c * direction[1]])


def _inside(at: Float[np.ndarray, "2"]) -> bool:
    return bool(np.all((at >= 0.0) & (at <= 1.0)))


def _left_over(here: Float[np.ndarray, "2"], there: Float[np.ndarray, "2"]) -> int | None:
    """The axis whose edge is crossed first on the way out of the square."""
    fractions = [
        (float(there[i] > 1) - here[i]) / (there[i] - here[i]) if not 0 <= there[i] <= 1 else np.inf for i in (0, 1)
    ]
    return None if np.isinf(min(fractions)) else int(np.argmin(fractions))


def _cut(here: Float[np.ndarray, "2"], there: Float[np.ndarray, "2"], axis: int) -> Float[np.ndarray, "2"]:
    """Where the way to a point outside crosses the edge."""
    edge = float(there[axis] > 1)
    at = here + (there - here) * (edge - here[axis]) / (there[axis] - here[axis])
    at[axis] = edge
    return np.clip(at, 0.0, 1.0)


def _on_edge(at: Float[np.ndarray, "2"], ahead: Float[np.ndarray, "2"], axis: int) -> bool:
    """Whether a point is on the edge that its direction leads out of."""
    return bool((at[axis] <= 1e-9 and ahead[axis] < 0) or (at[axis] >= 1 - 1e-9 and ahead[axis] > 0))
