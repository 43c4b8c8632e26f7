"""Densities from draws alone: a fine histogram, smoothed with a Gaussian."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from dineutrino.inference.density import Density

if TYPE_CHECKING:
    import xarray

TAIL = 3.5
"""A density is drawn up to this many smoothing widths beyond the outermost draws, or up to a bound."""
PARTS = 16
"""Parts of the draws, at least, whose scatter tells the Monte Carlo error of a density."""
OTHERS = (2.0, 1 / 4, 1 / 16, 1 / 64)
"""Other variances of the kernel, relative to its own, which tell the bias that it makes."""
POINTS = {1: 400, 2: 150}
"""Bins along an axis."""
METHOD = "histogram of the draws, smoothed"


@dataclass(frozen=True)
class Marginal:
    """The posterior of one number, as draws.

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

    @classmethod
    def of(
        cls,
        posterior: "xarray.DataTree | None",
        draws: Float[np.ndarray, "chain draw"],
        lower: float = -math.inf,
        upper: float = math.inf,
    ) -> "Marginal":
        """Draws of a number that belong to a posterior, which knows their modes."""
        statistics = None if posterior is None else posterior.get("sample_stats")
        if statistics is None or "mode" not in statistics:
            return cls(draws, draws - draws.mean(), 1, lower, upper)
        modes = np.asarray(statistics["mode"])
        occupied = np.unique(modes)
        residuals = np.array(draws, float)
        for mode in occupied:
            residuals[modes == mode] -= draws[modes == mode].mean()
        return cls(draws, residuals, len(occupied), lower, upper)

    def scaled(self, unit: float) -> "Marginal":
        """The same number in a positive unit."""
        return Marginal(self.draws / unit, self.spread / unit, self.modes, self.lower / unit, self.upper / unit)

    def reach(self, dimension: int = 1) -> tuple[float, float]:
        """The range in which the density is drawn; of length 1 if all draws are the same and there is no bound."""
        low, high = float(np.min(self.draws)), float(np.max(self.draws))
        tail = TAIL * math.sqrt(_kernel([self], dimension)[0, 0]) or 0.5
        return max(low - tail, self.lower), min(high + tail, self.upper)


def smoothed(names: tuple[str, ...], marginals: tuple[Marginal, ...], judged: bool = False) -> Density:
    """The density of one number or of two, by smoothing a histogram of its draws.

    Args:
        names: of the numbers.
        marginals: their draws.
        judged: whether to find out how good it is. Noise is that of the scatter between parts of the draws. What other
            kernels change beyond noise tells the bias: it is proportional to the variance of the kernel while this is
            small, and narrow kernels show what it smears out.
    """
    d = len(marginals)
    edges = [np.linspace(*marginal.reach(d), POINTS[d] + 1) for marginal in marginals]
    centres, steps = tuple((e[:-1] + e[1:]) / 2 for e in edges), np.array([e[1] - e[0] for e in edges])
    kernel = _kernel(list(marginals)) / np.outer(steps, steps)
    number = part_numbers(marginals[0].draws.shape)
    draws = np.stack([marginal.draws for marginal in marginals], axis=-1)
    counts = np.stack([np.histogramdd(draws[number == part], edges)[0] for part in range(number.max() + 1)])

    def density(variance: float = 1.0) -> tuple[Float[np.ndarray, "..."], Float[np.ndarray, "part ..."]]:
        """From all draws, and from each part of them."""
        chosen = np.concatenate([counts.sum(axis=0)[None], counts]) if judged else counts.sum(axis=0)[None]
        heights = _folded(chosen, variance * kernel)
        heights /= heights.sum(axis=tuple(range(1, d + 1)), keepdims=True) * np.prod(steps)
        return heights[0], heights[1:]

    height, parts = density()
    biases = [0.0]
    for variance in OTHERS if judged else ():
        other, parts_of_other = density(variance)
        noise = Density(names, centres, other - height, parts_of_other - parts, 0.0, METHOD).error
        biases.append(0.5 * float(np.abs(other - height).sum() * np.prod(steps)) - noise)
    return Density(names, centres, height, parts, max(biases), METHOD)


def part_numbers(shape: tuple[int, int]) -> np.ndarray:
    """To which part each draw (chain, draw) belongs: stretches of the same length of each chain."""
    chains, draws = shape
    stretches = min(-(-PARTS // chains), draws)
    return np.arange(chains)[:, None] * stretches + np.arange(draws) * stretches // draws


def _kernel(marginals: list[Marginal], dimension: int | None = None) -> Float[np.ndarray, "d d"]:
    """Covariance of the smoothing kernel: Silverman's rule for one of the modes.

    Source: B. W. Silverman, Density Estimation (1986), eq. (4.14).
    """
    spread = np.stack([marginal.spread.ravel() for marginal in marginals])
    d, count = dimension or len(marginals), spread.shape[1] / marginals[0].modes
    factor = (4 / (d + 2) / count) ** (1 / (d + 4))
    return factor**2 * np.atleast_2d(np.cov(spread))


def _folded(
    counts: Float[np.ndarray, "batch ..."], covariance: Float[np.ndarray, "d d"]
) -> Float[np.ndarray, "batch ..."]:
    """Histograms folded with a Gaussian of a covariance in bins.

    What the kernel loses beyond the ends is made up for, so that a density that is flat up to a bound stays flat.
    """
    from scipy.signal import fftconvolve

    covariance = covariance + np.eye(len(covariance)) * 0.5**2
    shape, axes = counts.shape[1:], tuple(range(1, counts.ndim))
    reach = [min(int(np.ceil(4 * np.sqrt(v))), n // 2) for v, n in zip(np.diag(covariance), shape, strict=True)]
    offsets = np.stack(np.meshgrid(*(np.arange(-r, r + 1.0) for r in reach), indexing="ij"), axis=-1)
    kernel = np.exp(-0.5 * np.einsum("...i,ij,...j", offsets, np.linalg.inv(covariance), offsets))
    kernel = kernel[None] / kernel.sum()
    kept = fftconvolve(np.ones((1, *shape)), kernel, mode="same", axes=axes)
    return np.maximum(fftconvolve(counts, kernel, mode="same", axes=axes), 0.0) / kept
