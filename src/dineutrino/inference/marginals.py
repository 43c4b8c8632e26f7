"""Posterior densities of one entry or of two: the average of their conditional densities over the draws.

For a draw (theta, z), the density of theta with all other entries as drawn, L(theta, z) / int L(theta', z) dtheta', is
known but for an integral over a grid. Its average over the draws is the posterior density of theta, with far less noise
than a histogram of theta: the likelihood itself says how probable the neighbours of a draw are (A. E. Gelfand and A. F.
M. Smith, J. Am. Stat. Assoc. 85 (1990) 398). Where a conditional is narrower than the cells of the finest grid, the
draw counts in its own cell, as in a histogram; the average stays right, and its noise shows in the error.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from dineutrino.errors import DineutrinoError
from dineutrino.inference.cells import Cells
from dineutrino.inference.conditionals import RESOLVED, Conditionals
from dineutrino.inference.density import Density
from dineutrino.inference.inference_data import vectors_of
from dineutrino.inference.smoothing import Marginal, part_numbers, smoothed
from dineutrino.inference.target import Target, check, index_of

if TYPE_CHECKING:
    import xarray

METHOD = "average of the conditional densities"
SIDES = {1: (64, 256, 1024), 2: (16, 32, 64, 128, 256, 512)}
"""Cells along an axis, coarse to fine; the first that resolves the conditional densities, and on which their average is
smooth, is used."""
SMOOTH = 0.15
"""Relative roughness (see `Cells`) of a smooth density: that of a Gaussian two cells wide."""
UNRESOLVED = 0.1
"""Fraction of conditional densities that may be too narrow for the grid."""
PRECISE = 0.005
"""Error (see `Density`) at which no more draws are averaged."""
GOOD = 0.01
"""Error that no smoothed histogram has with any usual number of draws."""
FIRST, LEAST = 2, 16
"""Draws of each part to begin with, and at least where there are so many: an average that stops as soon as it looks
precise enough is less precise than it looks."""
MOST = 2_000_000
"""Evaluations of the likelihood that a density may take."""
WORK = 5e10
"""Floating-point operations that all densities of one entry may take together, and those of all pairs together."""


def marginal_density(target: Target, posterior: "xarray.DataTree", names: str | tuple[str, str]) -> Density:
    """The posterior density of one entry of the vector, or of two; see `marginal_densities`."""
    if isinstance(names, str):
        return marginal_densities(target, posterior, (names,))[names,]
    return marginal_densities(target, posterior, (), (names,))[names]


def marginal_densities(
    target: Target, posterior: "xarray.DataTree", names: Sequence[str], pairs: Sequence[tuple[str, str]] = ()
) -> dict[tuple[str, ...], Density]:
    """The posterior densities of some entries of the vector, and of some pairs of them.

    The draws are averaged in rounds of twice as many, at least a few hundred of them, until 0.5% of the probability is
    misplaced, or enough was calculated. Where a smoothed histogram of all draws has a smaller error (noise and bias)
    it is returned instead; `method` says which of the two it is. The density of one entry is that of a pair with the
    other summed over, where this is good enough.

    Args:
        target: see `Target`.
        posterior: of that target, from `dineutrino.inference.posterior`.
        names: of entries.
        pairs: of different names.

    Returns:
        The densities by `(name,)` and `(name, other)`.

    Raises:
        DineutrinoError: unknown names, or a posterior of another target.
    """
    check(target)
    for pair in pairs:
        if len(pair) != 2 or pair[0] == pair[1]:
            raise DineutrinoError(f"a density is of one entry or of two different ones, not of {pair}.")
    average = _Average(target, posterior, [*names, *(name for pair in pairs for name in pair)])
    found: dict[tuple[str, ...], Density] = {}
    for pair in pairs:
        found[pair] = average.density(pair, WORK / len(pairs))
    for name in names:
        candidates = [found[pair].of(name) for pair in pairs if name in pair]
        if all(candidate.error > GOOD for candidate in candidates):
            candidates.append(average.density((name,), WORK / len(names)))
        found[name,] = _best(candidates)
    return found


def _best(densities: Sequence[Density]) -> Density:
    return min(densities, key=lambda density: density.error)


class _Average:
    """Averages of conditional densities over the draws of a posterior."""

    def __init__(self, target: Target, posterior: "xarray.DataTree", entries: Sequence[str]):
        self.target, self.posterior = target, posterior
        self.vectors = vectors_of(target, posterior)
        last = max(index_of(target, name) for name in entries)
        n = target.n_parameters
        self.conditionals = Conditionals(target, n if last < n else len(target.names))
        chains, draws, _ = self.vectors.shape
        self.part = part_numbers((chains, draws)).ravel()
        self.order = (np.arange(chains) * draws + np.array(_spread(draws))[:, None]).ravel()
        """All draws, alternately of each chain, so that each beginning is evenly spread over all of them."""
        self.first = FIRST * -(-(self.part.max() + 1) // chains) * chains

    def density(self, names: tuple[str, ...], work: float) -> Density:
        """By the average, or by smoothing if this is better."""
        places = [index_of(self.target, name) for name in names]
        lower, upper = np.asarray(self.target.lower), np.asarray(self.target.upper)
        marginals = tuple(
            Marginal.of(self.posterior, self.vectors[..., i], float(lower[i]), float(upper[i])) for i in places
        )
        most = min(MOST, int(work / self.conditionals.cost))
        averaged = self._averaged(names, np.array(places), marginals, most)
        if averaged.error <= GOOD:
            return averaged
        return _best((averaged, smoothed(names, marginals, judged=True)))

    def _averaged(
        self, names: tuple[str, ...], places: np.ndarray, marginals: tuple[Marginal, ...], most: int
    ) -> Density:
        """The average over as many of the draws as it takes, with at most so many evaluations."""
        vectors = self.vectors.reshape(-1, self.vectors.shape[-1])
        cells = self._cells(places, marginals, most)
        sums, counts = np.zeros((self.part.max() + 1, cells.count)), np.zeros(self.part.max() + 1, int)
        done, until = 0, self.first
        while True:
            for begin in range(done, until, self.first):
                chosen = self.order[begin : min(begin + self.first, until)]
                probabilities, _ = self.conditionals.probabilities(
                    places, vectors[chosen], cells, cells.own.ravel()[chosen]
                )
                np.add.at(sums, self.part[chosen], probabilities)
                np.add.at(counts, self.part[chosen], 1)
            done, filled = min(until, len(self.order)), counts > 0
            found = Density(
                names,
                cells.centres,
                cells.on_grid(sums.sum(axis=0) / done) / cells.size,
                cells.on_grid(sums[filled] / counts[filled, None]) / cells.size,
                cells.missed,
                METHOD,
            )
            until = min(2 * done, len(self.order))
            enough = found.error <= PRECISE and counts.min() >= LEAST
            if enough or until * cells.count > most or until == done:
                return found

    def _cells(self, places: np.ndarray, marginals: tuple[Marginal, ...], most: int) -> Cells:
        """The cells of the first grid that suits the conditional densities of the first draws, or of the finest."""
        vectors = self.vectors.reshape(-1, self.vectors.shape[-1])
        chosen, sides = self.order[: self.first], SIDES[len(places)]
        cells = Cells.of(marginals, sides[0])
        for finer in sides[1:]:
            found, rough = self.conditionals.probabilities(places, vectors[chosen], cells, cells.own.ravel()[chosen])
            smooth = cells.roughness(found.mean(axis=0)[None])[0] <= SMOOTH
            if smooth and np.mean(rough > RESOLVED) <= UNRESOLVED:
                break
            next_cells = Cells.of(marginals, finer)
            if self.first * next_cells.count > most:
                break
            cells = next_cells
        return cells


def _spread(draws: int) -> list[int]:
    """All draws of a chain, in an order of which each beginning is evenly spread (van der Corput's sequence)."""
    size = 1 << max(draws - 1, 1).bit_length()
    bits = size.bit_length() - 1
    reversed_bits = (int(f"{k:0{bits}b}"[::-1], 2) for k in range(size))
    return list(dict.fromkeys(draws * k // size for k in reversed_bits))
