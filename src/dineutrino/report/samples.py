"""Draws of a posterior, and what is read off them."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from dineutrino.inference.inference_data import storable
from dineutrino.inference.intervals import ONE_AND_TWO_SIGMA
from dineutrino.likelihood import Parameter

CENTRAL = ONE_AND_TWO_SIGMA[0]
"""Probability within one standard deviation of a Gaussian."""
TAIL = 3.5
"""A density is drawn up to this many smoothing widths beyond the outermost draws, or up to a bound."""


@dataclass(frozen=True)
class Marginal:
    """The posterior of one number.

    Attributes:
        draws: of the number.
        spread: draws minus the mean of their mode, whose covariance sets the smoothing of densities.
        modes: how many modes share the draws.
        lower, upper: hard bounds, where a density may end abruptly.
    """

    draws: Float[np.ndarray, "chain draw"]
    spread: Float[np.ndarray, "chain draw"]
    modes: int = 1
    lower: float = -math.inf
    upper: float = math.inf

    def scaled(self, unit: float) -> "Marginal":
        """The same number in a positive unit."""
        return Marginal(self.draws / unit, self.spread / unit, self.modes, self.lower / unit, self.upper / unit)

    def central_interval(self) -> tuple[float, float, float]:
        """Lower end, median and upper end of the central 68.3% interval."""
        lower, median, upper = np.quantile(self.draws, [(1 - CENTRAL) / 2, 0.5, (1 + CENTRAL) / 2])
        return float(lower), float(median), float(upper)

    def reach(self, dimension: int = 1) -> tuple[float, float]:
        """The range in which the density is drawn; of length 1 if all draws are the same and there is no bound."""
        low, high = float(np.min(self.draws)), float(np.max(self.draws))
        tail = TAIL * math.sqrt(_smoothing([self], dimension)[0, 0]) or 0.5
        return max(low - tail, self.lower), min(high + tail, self.upper)


def parameter(posterior: Any, given: Parameter) -> Marginal | None:
    """A free parameter; None if there is no posterior, or it has no such parameter."""
    name = storable(given.name)
    if posterior is None or name not in posterior.posterior:
        return None
    draws = posterior.posterior[name].values
    return Marginal(draws, *_within_modes(posterior, draws), given.lower, given.upper)


def prediction(posterior: Any, label: str) -> Marginal | None:
    """A predicted observable; None if there is no posterior, or it has no such prediction."""
    if posterior is None or label not in posterior.predictions.observable:
        return None
    draws = posterior.predictions["value"].sel(observable=label).values
    return Marginal(draws, *_within_modes(posterior, draws))


def highest_density(marginal: Marginal, content: float) -> list[tuple[float, float]]:
    """Intervals of highest posterior density that together hold a probability: several where there are several modes.

    The density is that of `density`; the ends are uncertain by a fraction of its smoothing.
    """
    centres, height = density(marginal, points=2000)
    inside = np.concatenate([[False], height >= levels(height, (content,))[0], [False]])
    starts, stops = np.flatnonzero(~inside[:-1] & inside[1:]), np.flatnonzero(inside[:-1] & ~inside[1:]) - 1
    half = (centres[1] - centres[0]) / 2
    return [(float(centres[i] - half), float(centres[j] + half)) for i, j in zip(starts, stops, strict=True)]


def density(marginal: Marginal, points: int = 400) -> tuple[Float[np.ndarray, " point"], Float[np.ndarray, " point"]]:
    """Estimate of a density: a fine histogram, smoothed with a Gaussian. Centres of the bins, and density there."""
    counts, edges = np.histogram(marginal.draws, bins=points, range=marginal.reach())
    step = edges[1] - edges[0]
    height = _smoothed(counts.astype(float), _smoothing([marginal]) / step**2)
    return (edges[:-1] + edges[1:]) / 2, height / (height.sum() * step)


def density_2d(
    x: Marginal, y: Marginal, points: int = 150
) -> tuple[Float[np.ndarray, " point"], Float[np.ndarray, " point"], Float[np.ndarray, "point point"]]:
    """The same in two dimensions; the density has axes x, y and is normalised to a sum of 1."""
    ranges = (x.reach(2), y.reach(2))
    counts, x_edges, y_edges = np.histogram2d(x.draws.ravel(), y.draws.ravel(), bins=points, range=ranges)
    steps = np.array([x_edges[1] - x_edges[0], y_edges[1] - y_edges[0]])
    height = _smoothed(counts, _smoothing([x, y]) / np.outer(steps, steps))
    return (x_edges[:-1] + x_edges[1:]) / 2, (y_edges[:-1] + y_edges[1:]) / 2, height / height.sum()


def levels(height: Float[np.ndarray, "..."], contents: tuple[float, ...]) -> list[float]:
    """Heights above which a density on an even grid holds the given probabilities."""
    descending = np.sort(np.ravel(height))[::-1]
    held = np.cumsum(descending) / descending.sum()
    return [float(descending[min(int(np.searchsorted(held, content)), len(held) - 1)]) for content in contents]


def _within_modes(
    posterior: Any, draws: Float[np.ndarray, "chain draw"]
) -> tuple[Float[np.ndarray, "chain draw"], int]:
    """Draws minus the mean of their mode, and the number of modes."""
    statistics = getattr(posterior, "sample_stats", None)
    if statistics is None or "mode" not in statistics:
        return draws - draws.mean(), 1
    modes = statistics["mode"].values
    occupied = np.unique(modes)
    residuals = np.array(draws, float)
    for mode in occupied:
        residuals[modes == mode] -= draws[modes == mode].mean()
    return residuals, len(occupied)


def _smoothing(marginals: list[Marginal], dimension: int | None = None) -> Float[np.ndarray, "d d"]:
    """Covariance of the smoothing kernel: Silverman's rule for one of the modes.

    Source: B. W. Silverman, Density Estimation (1986), eq. (4.14).
    """
    spread = np.stack([marginal.spread.ravel() for marginal in marginals])
    d, count = dimension or len(marginals), spread.shape[1] / marginals[0].modes
    factor = (4 / (d + 2) / count) ** (1 / (d + 4))
    return factor**2 * np.atleast_2d(np.cov(spread))


def _smoothed(counts: Float[np.ndarray, "..."], covariance: Float[np.ndarray, "d d"]) -> Float[np.ndarray, "..."]:
    """Counts folded with a Gaussian of a covariance in bins.

    What the kernel loses beyond the ends is made up for, so that a density that is flat up to a bound stays flat.
    """
    from scipy.signal import fftconvolve

    covariance = covariance + np.eye(len(covariance)) * 0.5**2
    reach = [min(int(np.ceil(4 * np.sqrt(v))), n // 2) for v, n in zip(np.diag(covariance), counts.shape, strict=True)]
    offsets = np.stack(np.meshgrid(*(np.arange(-r, r + 1.0) for r in reach), indexing="ij"), axis=-1)
    kernel = np.exp(-0.5 * np.einsum("...i,ij,...j", offsets, np.linalg.inv(covariance), offsets))
    kept = fftconvolve(np.ones_like(counts), kernel / kernel.sum(), mode="same")
    return np.maximum(fftconvolve(counts, kernel / kernel.sum(), mode="same"), 0.0) / kept
