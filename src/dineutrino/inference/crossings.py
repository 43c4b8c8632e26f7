"""Where a profile crosses a level on a straight way between two points."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from dineutrino.inference.branches import Branches
from dineutrino.inference.profile_function import ProfileFunction

PRECISION = 1e-6
"""Of crossings, as a fraction of the way, and of the level."""
SOLVED = 1e-4
"""A crossing misses its level by less than this, relative to one plus the level."""
MOST_STEPS = 50
ROUNDS = 4
"""Times that a way is looked at where a branch turns out to be lower than the one that crosses."""


class Ways(NamedTuple):
    """Straight ways from points where a profile is below a level to points where it is above, or the other way round.

    Attributes:
        begin, end: fixed entries at both ends.
        heights: delta chi2 at both ends.
        slopes: its derivatives along the way, per way, at both ends.
        level: sought between them.
        vectors: to start searches from, on each way; nan where there are fewer.
    """

    begin: Float[np.ndarray, "way k"]
    end: Float[np.ndarray, "way k"]
    heights: Float[np.ndarray, "way 2"]
    slopes: Float[np.ndarray, "way 2"]
    level: Float[np.ndarray, " way"]
    vectors: Float[np.ndarray, "way s n"]

    def beyond(
        self,
        function: ProfileFunction,
        fraction: Float[np.ndarray, " way"],
        vectors: Float[np.ndarray, "way n"],
        heights: Float[np.ndarray, " way"],
    ) -> "Ways":
        """What is left of the ways from points below the level on: optima there are where searches start."""
        count = np.arange(len(self.level))
        below = (self.heights[:, 0] > self.level).astype(int)
        left = np.where(below == 0, 1 - fraction, fraction)[:, None]
        ends = np.stack([self.begin, self.end], axis=1)
        ends[count, below] = _between(self, fraction)
        way = ends[:, 1] - ends[:, 0]
        high, slopes = self.heights.copy(), self.slopes * left
        high[count, below], slopes[count, below] = heights, np.sum(function.gradient(vectors) * way, axis=1)
        near = np.concatenate([self.vectors, vectors[:, None]], axis=1)
        return Ways(ends[:, 0], ends[:, 1], high, slopes, self.level, near)


class Crossings(NamedTuple):
    """Where the profile crosses the level.

    Attributes:
        values: fixed entries there.
        vectors: all entries there.
        verified: whether the profile there is verified and equals the level: not so where it jumps.
    """

    values: Float[np.ndarray, "way k"]
    vectors: Float[np.ndarray, "way n"]
    verified: Bool[np.ndarray, " way"]


def crossings(function: ProfileFunction, ways: Ways, rounds: int = ROUNDS) -> Crossings:
    """Solve profile = level on many ways at once; the solutions always lie between the ends of the ways.

    A cubic through the heights and slopes at both ends of a bracket says where to look next; where that halves the
    bracket too slowly, it is bisected. The latest optima below the level and above it are among the starts of each
    step, so that a branch which is below is not lost. Where it was found late, and is below the level at the point that
    another branch seemed to cross it, the rest of the way is looked at again.
    """
    count, n = len(ways.level), len(function.scale)
    low, high = _Ends.of(ways, 0), _Ends.of(ways, 1)
    fraction, excess = np.full(count, 0.5), np.full(count, np.inf)
    vectors = np.full((count, n), np.nan)
    latest = np.full((count, 2, n), np.nan)
    width, bisect = np.ones(count), np.zeros(count, bool)
    active = np.ones(count, bool)
    for step in range(MOST_STEPS):
        rows = np.flatnonzero(active)
        if not rows.size:
            break
        middle = (low.at + high.at) / 2
        trial = np.where(bisect, middle, _root(low, high))[rows]
        values = ways.begin[rows] + trial[:, None] * (ways.end - ways.begin)[rows]
        near = np.concatenate([ways.vectors[rows], latest[rows]], axis=1)
        place, column = np.nonzero(np.isfinite(near).all(axis=2))
        searched = function.searched(values, function.from_vectors(place, near[place, column]))
        profiled = function.profiled(searched, values)
        slope = np.sum(function.gradient(profiled.vectors) * (ways.end - ways.begin)[rows], axis=1)
        fraction[rows], excess[rows] = trial, profiled.delta_chi2 - ways.level[rows]
        vectors[rows] = latest[rows, (excess[rows] > 0).astype(int)] = profiled.vectors
        for end in (low, high):
            same = rows[np.sign(excess[rows]) == np.sign(end.excess[rows])]
            end.at[same], end.excess[same] = fraction[same], excess[same]
            end.slope[same] = slope[np.isin(rows, same)]
        if step % 2:
            bisect = high.at - low.at > width / 4
            width = high.at - low.at
        else:
            bisect = np.zeros(count, bool)
        active &= (np.abs(excess) > PRECISION * (1 + ways.level) / 10) & (high.at - low.at > PRECISION / 10)
    # the last searches may have ended on saddles: verified, their ends can only be better
    values = _between(ways, fraction)
    verified = function.profiled(function.optima(values, [function.from_vectors(np.arange(count), vectors)]), values)
    solved = verified.converged & (np.abs(verified.delta_chi2 - ways.level) < SOLVED * (1 + ways.level))
    found = Crossings(values, verified.vectors, solved)
    below = np.flatnonzero(~solved & verified.converged & (verified.delta_chi2 < ways.level))
    if below.size and rounds:
        some = Ways(*(column[below] for column in ways))
        rest = some.beyond(function, fraction[below], verified.vectors[below], verified.delta_chi2[below])
        for whole, part in zip(found, crossings(function, rest, rounds - 1), strict=True):
            whole[below] = part
    return found


@dataclass
class _Ends:
    """One end of each bracket: the fraction of the way, height above the level, slope per way."""

    at: Float[np.ndarray, " way"]
    excess: Float[np.ndarray, " way"]
    slope: Float[np.ndarray, " way"]

    @classmethod
    def of(cls, ways: Ways, end: int) -> "_Ends":
        count = len(ways.level)
        return cls(np.full(count, float(end)), ways.heights[:, end] - ways.level, ways.slopes[:, end].copy())


def _root(low: _Ends, high: _Ends) -> Float[np.ndarray, " way"]:
    """Where the cubic through both ends vanishes; the middle where the heights or slopes are no numbers.

    Of the bracket at least a thousandth is cut off.
    """
    width = high.at - low.at
    begin, stop = np.zeros(len(width)), np.ones(len(width))
    with np.errstate(invalid="ignore", over="ignore"):
        for _ in range(40):
            x = (begin + stop) / 2
            height = (1 + 2 * x) * (1 - x) ** 2 * low.excess + x**2 * (3 - 2 * x) * high.excess
            height = height + x * (1 - x) ** 2 * width * low.slope - x**2 * (1 - x) * width * high.slope
            left = np.sign(height) == np.sign(low.excess)
            begin, stop = np.where(left, x, begin), np.where(left, stop, x)
        usable = np.isfinite(height)
    return low.at + width * np.where(usable, np.clip(begin, 1e-3, 1 - 1e-3), 0.5)


def known_vectors(branches: Branches, places: list[tuple[int, ...]], n: int) -> Float[np.ndarray, "way s n"]:
    """The vectors of all optima at several places each, filled up with nan."""
    rows = [np.flatnonzero(np.isin(branches.place, group)) for group in places]
    vectors = np.full((len(places), max((len(r) for r in rows), default=0), n), np.nan)
    for i, group in enumerate(rows):
        vectors[i, : len(group)] = branches.vectors[group]
    return vectors


def _between(ways: Ways, fraction: Float[np.ndarray, " way"]) -> Float[np.ndarray, "way k"]:
    return ways.begin + fraction[:, None] * (ways.end - ways.begin)
