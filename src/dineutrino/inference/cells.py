"""The cells of an even grid in which draws lie."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from dineutrino.inference.smoothing import Marginal

AROUND = (64, 32, 16, 8, 4, 1)
"""Only cells within one of these fractions of the grid of a draw are used: the first that misses little."""
MISSED = 1e-3
"""Probability that may lie in the other cells."""


@dataclass(frozen=True)
class Cells:
    """The cells of a grid that are near a draw.

    Attributes:
        centres: of all cells along each axis.
        active: places (cell, axis) in the grid of the cells that are near a draw.
        own: number among them of the cell that each draw is in.
        missed: probability in the other cells: the fraction of draws that are near no other draw (I. J. Good,
            Biometrika 40 (1953) 237).
    """

    centres: tuple[Float[np.ndarray, " side"], ...]
    active: Int[np.ndarray, "cell d"]
    own: Int[np.ndarray, "chain draw"]
    missed: float

    @classmethod
    def of(cls, marginals: tuple[Marginal, ...], side: int) -> "Cells":
        """Cells of a grid with so many along each axis, near the draws of one number or of two."""
        from scipy.ndimage import uniform_filter

        d = len(marginals)
        edges = [np.linspace(*marginal.reach(d), side + 1) for marginal in marginals]
        inside = tuple(
            np.clip(np.searchsorted(e, marginal.draws, side="right") - 1, 0, side - 1)
            for e, marginal in zip(edges, marginals, strict=True)
        )
        counts = np.zeros((side,) * d)
        np.add.at(counts, inside, 1.0)
        for fraction in AROUND:
            width = 2 * (side // fraction) + 1
            nearby = np.rint(width**d * uniform_filter(counts, width, mode="constant"))
            missed = float(np.mean(nearby[inside] < 2))
            if missed <= MISSED:
                break
        near = nearby > 0
        number = np.cumsum(near).reshape(near.shape) - 1
        return cls(tuple((e[1:] + e[:-1]) / 2 for e in edges), np.argwhere(near), number[inside], missed)

    @property
    def count(self) -> int:
        """Number of active cells."""
        return len(self.active)

    @property
    def size(self) -> float:
        """Length or area of a cell."""
        return float(np.prod([x[1] - x[0] for x in self.centres]))

    @property
    def values(self) -> Float[np.ndarray, "cell d"]:
        """Values of the numbers in the middle of each active cell."""
        return np.stack([x[self.active[:, axis]] for axis, x in enumerate(self.centres)], axis=1)

    def on_grid(self, numbers: Float[np.ndarray, "... cell"]) -> Float[np.ndarray, "..."]:
        """Numbers of the active cells on the whole grid, zero elsewhere."""
        grid = np.zeros((*numbers.shape[:-1], *(len(x) for x in self.centres)))
        grid[(..., *self.active.T)] = numbers
        return grid

    def roughness(self, density: Float[np.ndarray, "batch cell"]) -> Float[np.ndarray, " batch"]:
        """How much densities differ from the mean of their neighbours, summed over the grid, along the worse axis.

        Relative to the sum of the density it is about 0.48 (cell/width)^2 for a Gaussian, and 2 for a single cell.
        """
        grid = self.on_grid(density)
        bends = [np.abs(np.diff(grid, 2, axis)).reshape(len(grid), -1).sum(axis=1) / 2 for axis in range(1, grid.ndim)]
        return np.max(bends, axis=0)
