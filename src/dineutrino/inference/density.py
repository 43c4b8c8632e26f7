"""A probability density on a grid: its regions of highest density, and how well it is known."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float

SIGNIFICANT = 2.0
"""A gap between two intervals of highest density is real if the density in it is lower by so many standard errors."""
FINE = {1: 4096, 2: 256}
"""Points along an axis, at least, of the grid on which regions are found."""


@dataclass(frozen=True)
class Density:
    """The probability density of one number or of two, at the centres of an even grid of cells.

    Attributes:
        names: of the numbers.
        centres: of the cells along each axis.
        height: the density; times the size of a cell it adds up to 1.
        parts: the same from parts of the draws of equal size, whose scatter tells the Monte Carlo error; of fewer than
            two it is not known.
        bias: probability that the estimate puts in the wrong place, however many draws there are.
        method: how it was estimated, in a few words.
    """

    names: tuple[str, ...]
    centres: tuple[Float[np.ndarray, " point"], ...]
    height: Float[np.ndarray, "..."]
    parts: Float[np.ndarray, "part ..."]
    bias: float
    method: str

    @property
    def cell(self) -> float:
        """Size of a cell."""
        return math.prod(float(x[1] - x[0]) for x in self.centres)

    @cached_property
    def standard_error(self) -> Float[np.ndarray, "..."]:
        """Monte Carlo error of the height; infinite where there is only one part."""
        count = len(self.parts)
        if count < 2:
            return np.full_like(self.height, np.inf)
        return np.std(self.parts, axis=0, ddof=1) / math.sqrt(count)

    @cached_property
    def error(self) -> float:
        """Probability expected in the wrong place: half the integral of the distance from the truth, at most 1."""
        if len(self.parts) < 2:
            return 1.0
        noise = 0.5 * math.sqrt(2 / math.pi) * float(self.standard_error.sum()) * self.cell
        return min(1.0, noise + self.bias)

    def of(self, name: str) -> "Density":
        """The density of one of two numbers: the other one summed over."""
        axis = self.names.index(name)
        other = self.centres[1 - axis]
        step = float(other[1] - other[0])
        height, parts = self.height.sum(axis=1 - axis) * step, self.parts.sum(axis=2 - axis) * step
        return Density((name,), (self.centres[axis],), height, parts, self.bias, self.method)

    @property
    def swapped(self) -> "Density":
        """The same with the two numbers in the other order."""
        height, parts = self.height.T, np.swapaxes(self.parts, 1, 2)
        return Density(self.names[::-1], self.centres[::-1], height, parts, self.bias, self.method)

    @cached_property
    def fine(self) -> tuple[tuple[Float[np.ndarray, " fine"], ...], Float[np.ndarray, "..."]]:
        """Cubic interpolation on a finer grid that reaches to the outer edges of the cells: points and heights."""
        return self._refined(self.height)

    def _refined(
        self, height: Float[np.ndarray, "..."]
    ) -> tuple[tuple[Float[np.ndarray, " fine"], ...], Float[np.ndarray, "..."]]:
        from scipy.interpolate import CubicSpline

        points = []
        for axis, x in enumerate(self.centres):
            half = (x[1] - x[0]) / 2
            edges = np.linspace(x[0] - half, x[-1] + half, max(FINE[len(self.centres)], len(x)) + 1)
            points.append((edges[1:] + edges[:-1]) / 2)
            if len(points[-1]) > len(x):
                height = CubicSpline(x, height, axis=axis)(points[-1])
        return tuple(points), np.maximum(height, 0.0)

    def levels(self, contents: tuple[float, ...]) -> list[float]:
        """Heights above which the density holds the given probabilities."""
        return _levels(self.fine[1], contents)

    def highest(self, content: float) -> list[tuple[float, float]]:
        """Intervals of highest density of one number that together hold a probability: several where it has several
        peaks. Two are one if the gap between them may be Monte Carlo noise.
        """
        ((x,), height), (level,) = self.fine, self.levels((content,))
        pieces = _above(x, height, level)
        joined = pieces[:1]
        for piece in pieces[1:]:
            gap = (self.centres[0] >= joined[-1][1]) & (self.centres[0] <= piece[0])
            missing = level - self.height[gap]
            if np.any(missing > SIGNIFICANT * self.standard_error[gap]):
                joined.append(piece)
            else:
                joined[-1] = (joined[-1][0], piece[1])
        return joined

    def errors_of_highest(self, content: float) -> list[tuple[float, float]] | None:
        """Monte Carlo errors of the ends of these intervals (jackknife over the parts of the draws).

        None where it is not certain how many intervals there are.
        """
        count, found = len(self.parts), self.highest(content)
        if count < 2:
            return None
        ends = []
        for part in self.parts:
            (x,), height = self._refined((count * self.height - part) / (count - 1))
            pieces = _above(x, height, _levels(height, (content,))[0])
            if len(pieces) != len(found):
                return None
            ends.append(pieces)
        errors = math.sqrt(count - 1) * np.std(ends, axis=0)
        return [(float(lower), float(upper)) for lower, upper in errors]


def _levels(height: Float[np.ndarray, "..."], contents: tuple[float, ...]) -> list[float]:
    """Heights above which a density on an even grid holds the given probabilities."""
    descending = np.sort(np.ravel(height))[::-1]
    held = np.cumsum(descending) / descending.sum()
    return [float(descending[min(int(np.searchsorted(held, content)), len(held) - 1)]) for content in contents]


def _above(
    x: Float[np.ndarray, " point"], height: Float[np.ndarray, " point"], level: float
) -> list[tuple[float, float]]:
    """Intervals in which an even grid of cells is at or above a level."""
    inside = np.concatenate([[False], height >= level, [False]])
    starts, stops = np.flatnonzero(~inside[:-1] & inside[1:]), np.flatnonzero(inside[:-1] & ~inside[1:]) - 1
    half = (x[1] - x[0]) / 2
    return [(float(x[i] - half), float(x[j] + half)) for i, j in zip(starts, stops, strict=True)]
