"""Draws of a posterior, and what is read off them."""

from typing import Any

import numpy as np
from jaxtyping import Float

from dineutrino.inference.inference_data import storable

CENTRAL = 0.682689492137086
"""Probability within one standard deviation of a Gaussian."""
WIDENED = 1.2
"""Factor on the width of Silverman's rule, since draws are correlated and shared between modes."""
Limits = tuple[float, float]


def parameter(posterior: Any, name: str) -> Float[np.ndarray, "chain draw"] | None:
    """The draws of a free parameter; None if there is no posterior, or it has no such parameter."""
    if posterior is None or storable(name) not in posterior.posterior:
        return None
    return posterior.posterior[storable(name)].values


def prediction(posterior: Any, label: str) -> Float[np.ndarray, "chain draw"] | None:
    """The draws of a predicted observable; None if there is no posterior, or it has no such prediction."""
    if posterior is None or label not in posterior.predictions.observable:
        return None
    return posterior.predictions["value"].sel(observable=label).values


def central_interval(draws: Float[np.ndarray, "..."]) -> tuple[float, float, float]:
    """Lower end, median and upper end of the central 68.3% interval."""
    lower, median, upper = np.quantile(draws, [(1 - CENTRAL) / 2, 0.5, (1 + CENTRAL) / 2])
    return float(lower), float(median), float(upper)


def spread_within_modes(posterior: Any, draws: Float[np.ndarray, "chain draw"]) -> Float[np.ndarray, "chain draw"]:
    """Draws minus the mean of their mode: how wide the posterior is without the distance between its modes."""
    statistics = getattr(posterior, "sample_stats", None)
    if statistics is None or "mode" not in statistics:
        return draws - draws.mean()
    modes = statistics["mode"].values
    residuals = np.array(draws, float)
    for mode in np.unique(modes):
        residuals[modes == mode] -= draws[modes == mode].mean()
    return residuals


def highest_density(
    draws: Float[np.ndarray, "..."], content: float, spread: Float[np.ndarray, "..."] | None = None
) -> list[Limits]:
    """Intervals of highest posterior density that together hold a probability: several where there are several modes.

    The density is that of `density`; the ends are uncertain by a fraction of its smoothing.
    """
    centres, height = density(draws, spread=spread, points=2000)
    inside = np.concatenate([[False], height >= levels(height, (content,))[0], [False]])
    starts, stops = np.flatnonzero(~inside[:-1] & inside[1:]), np.flatnonzero(inside[:-1] & ~inside[1:]) - 1
    half = (centres[1] - centres[0]) / 2
    return [(float(centres[i] - half), float(centres[j] + half)) for i, j in zip(starts, stops, strict=True)]


def density(
    draws: Float[np.ndarray, "..."],
    limits: Limits | None = None,
    spread: Float[np.ndarray, "..."] | None = None,
    points: int = 400,
) -> tuple[Float[np.ndarray, " point"], Float[np.ndarray, " point"]]:
    """Estimate of a density on a grid: a histogram, smoothed with a Gaussian and reflected at the ends.

    Args:
        draws: of any shape.
        limits: of the grid; by default the range of the draws.
        spread: draws around their mode, whose covariance sets the smoothing; by default the draws themselves.
        points: of the grid.

    Returns:
        Centres of the bins, and the density there, normalised within the limits.
    """
    low, high = widened(draws) if limits is None else limits
    counts, edges = np.histogram(draws, bins=points, range=(low, high))
    step = (high - low) / points
    width = _smoothing(np.ravel(draws if spread is None else spread)[None]) / step**2
    height = _smoothed(counts.astype(float), width)
    return (edges[:-1] + edges[1:]) / 2, height / (max(height.sum(), 1e-300) * step)


def density_2d(
    x: Float[np.ndarray, "..."],
    y: Float[np.ndarray, "..."],
    limits: tuple[Limits, Limits],
    spread: tuple[Float[np.ndarray, "..."], Float[np.ndarray, "..."]] | None = None,
    points: int = 128,
) -> tuple[Float[np.ndarray, " point"], Float[np.ndarray, " point"], Float[np.ndarray, "point point"]]:
    """The same in two dimensions; the density has axes x, y and is normalised to a sum of 1."""
    counts, x_edges, y_edges = np.histogram2d(np.ravel(x), np.ravel(y), bins=points, range=limits)
    steps = np.array([x_edges[1] - x_edges[0], y_edges[1] - y_edges[0]])
    pair = np.stack([np.ravel(one) for one in (spread or (x, y))])
    height = _smoothed(counts, _smoothing(pair) / np.outer(steps, steps))
    return (x_edges[:-1] + x_edges[1:]) / 2, (y_edges[:-1] + y_edges[1:]) / 2, height / max(height.sum(), 1e-300)


def levels(height: Float[np.ndarray, "..."], contents: tuple[float, ...]) -> list[float]:
    """Heights above which a density on an even grid holds the given probabilities."""
    descending = np.sort(np.ravel(height))[::-1]
    held = np.cumsum(descending) / max(descending.sum(), 1e-300)
    return [float(descending[min(int(np.searchsorted(held, content)), len(held) - 1)]) for content in contents]


def widened(draws: Float[np.ndarray, "..."], margin: float = 0.04) -> Limits:
    """The range of draws with a margin; of length 1 if they are all the same."""
    low, high = float(np.min(draws)), float(np.max(draws))
    if high <= low:
        return low - 0.5, high + 0.5
    return low - margin * (high - low), high + margin * (high - low)


def _smoothing(spread: Float[np.ndarray, "d draw"]) -> Float[np.ndarray, "d d"]:
    """Covariance of the smoothing kernel: Silverman's rule, a little wider.

    Source: B. W. Silverman, Density Estimation (1986), eq. (4.14).
    """
    dimension, count = spread.shape
    factor = WIDENED * (4 / (dimension + 2) / count) ** (1 / (dimension + 4))
    return factor**2 * np.atleast_2d(np.cov(spread))


def _smoothed(counts: Float[np.ndarray, "..."], covariance: Float[np.ndarray, "d d"]) -> Float[np.ndarray, "..."]:
    """Counts folded with a Gaussian of a covariance in bins; what leaves at an end is reflected."""
    from scipy.signal import fftconvolve

    covariance = covariance + np.eye(len(covariance)) * 0.5**2
    reach = [min(int(np.ceil(4 * np.sqrt(v))), n) for v, n in zip(np.diag(covariance), counts.shape, strict=True)]
    offsets = np.stack(np.meshgrid(*(np.arange(-r, r + 1.0) for r in reach), indexing="ij"), axis=-1)
    kernel = np.exp(-0.5 * np.einsum("...i,ij,...j", offsets, np.linalg.inv(covariance), offsets))
    padded = np.pad(counts, [(r, r) for r in reach], mode="symmetric")
    return np.maximum(fftconvolve(padded, kernel / kernel.sum(), mode="valid"), 0.0)
