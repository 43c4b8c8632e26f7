"""R-hat and effective samples of chains (A. Vehtari et al., Bayesian Analysis 16 (2021) 667, arXiv:1903.08008)."""

import numpy as np
from jaxtyping import Float
from scipy.special import ndtri
from scipy.stats import rankdata


def rank_normalised(x: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """What a standard normal distribution has at the ranks of numbers among all of them (ibid., equation 14)."""
    return ndtri((rankdata(x).reshape(x.shape) - 0.375) / (x.size + 0.25))


def r_hat(x: Float[np.ndarray, "chain draw"]) -> float:
    """R-hat of the ranks in split chains: the larger of that of the draws and of their distance from the median.

    It is not a number where it is not defined: without two draws in each half, or where no half moves.
    """
    from numpyro.diagnostics import gelman_rubin

    if x.shape[1] < 4:
        return float("nan")
    halves = _halves(x)
    distance = np.abs(halves - np.median(halves))
    return max(float(gelman_rubin(rank_normalised(values))) for values in (halves, distance))


def effective_samples(x: Float[np.ndarray, "chain draw"]) -> float:
    """Effective samples of the mean, at most the number of draws; 0 where that is not defined.

    Antithetic chains know the mean better than independent draws would; they too count as no more than their draws.
    """
    from numpyro.diagnostics import effective_sample_size

    if x.shape[1] < 4 or not np.isfinite(x).all() or np.ptp(x) == 0:
        return 0.0
    size = float(effective_sample_size(_halves(x)))
    antithetic = size < 0  # autocorrelations so negative that the variance of the mean is estimated as negative
    return float(x.size) if antithetic else min(size, float(x.size))


def _halves(x: Float[np.ndarray, "chain draw"]) -> Float[np.ndarray, "half_chain half_draw"]:
    """First and last halves of chains as chains of their own; of an odd number of draws the middle one is left out."""
    middle = x.shape[1] // 2
    return np.concatenate([x[:, :middle], x[:, -middle:]])
