"""Profiles, intervals and contours of random likelihoods against dense grids."""

import warnings

import numpy as np
import pytest
import toys
from forms import minimum, random_forms

from dineutrino.inference import Caution, maximum, profile

TOLERANCE = 2e-3
"""Of the grids, in chi2."""


def found(target, name, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Caution)
        maxima = maximum(target, toys.key(0), starts=64)
        return maxima, profile(target, name, maxima, **options)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(50))
def test_profiles_of_random_likelihoods(seed):
    """Two or three parameters: imaginary parts, off-diagonal couplings, bounds that are active at inner optima."""
    n = 2 + seed % 2 if seed < 40 else 3
    target = random_forms(seed, n)
    maxima, result = found(target, "x0", points=21)
    fine = np.linspace(target.lower[0], target.upper[0], 161)
    truth = minimum(target, [0], fine[:, None], polished=False)
    at_values = minimum(target, [0], result.values[:, None])
    lowest = min(truth.min(), at_values.min())
    assert -2 * maxima.best.log_prob == pytest.approx(lowest, abs=TOLERANCE)
    np.testing.assert_allclose(result.delta_chi2, at_values - lowest, atol=TOLERANCE, rtol=1e-4)
    assert result.converged.all()
    assert not result.unverified
    for threshold, intervals in zip(result.thresholds, result.intervals, strict=True):
        inside = np.array([any(x in interval for interval in intervals) for x in fine.tolist()])
        clear = np.abs(truth - lowest - threshold) > 0.02
        assert np.array_equal(inside[clear], (truth - lowest < threshold)[clear])
        for interval in intervals:
            ends = [(interval.lower, interval.lower_open), (interval.upper, interval.upper_open)]
            crossed = np.array([[end] for end, is_open in ends if not is_open])
            if len(crossed):
                np.testing.assert_allclose(minimum(target, [0], crossed) - lowest, threshold, atol=TOLERANCE)
            for end, is_open in ends:
                assert is_open == (end in (target.lower[0], target.upper[0]))
