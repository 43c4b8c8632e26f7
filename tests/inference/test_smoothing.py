"""Smoothed densities of draws, and intervals read off them, against distributions that are known."""

import numpy as np
import pytest
from scipy.stats import norm

from dineutrino.inference.intervals import ONE_AND_TWO_SIGMA
from dineutrino.inference.smoothing import Marginal, smoothed
from dineutrino.report.samples import central_interval

CENTRAL = ONE_AND_TWO_SIGMA[0]


def marginal(draws, modes=None, **bounds):
    draws = np.asarray(draws).reshape(4, -1)
    spread = draws - draws.mean()
    count = 1
    if modes is not None:
        modes = np.asarray(modes).reshape(draws.shape)
        count = len(np.unique(modes))
        spread = np.array(draws)
        for mode in np.unique(modes):
            spread[modes == mode] -= draws[modes == mode].mean()
    return Marginal(draws, spread, count, **bounds)


def density(x):
    return smoothed(("x",), (x,), judged=True)


def gaussian(n=4000):
    return norm.ppf((np.arange(n) + 0.5) / n)


def test_a_gaussian():
    x = marginal(3 + 2 * gaussian())
    lower, median, upper = central_interval(x)
    assert (lower, median, upper) == pytest.approx((1, 3, 5), abs=2e-3)
    ((a, b),) = density(x).highest(CENTRAL)
    assert (a, b) == pytest.approx((1, 5), abs=0.1)
    (centres,), height = density(x).centres, density(x).height
    assert np.sum(height) * (centres[1] - centres[0]) == pytest.approx(1)
    assert height == pytest.approx(norm.pdf(centres, 3, 2), abs=0.01)


def test_two_modes_stay_apart():
    modes = np.repeat([0, 1], 2000)
    x = marginal(np.concatenate([gaussian(2000) - 10, gaussian(2000) + 10]), modes)
    (a, b), (c, d) = density(x).highest(CENTRAL)
    assert (a, b, c, d) == pytest.approx((-11, -9, 9, 11), abs=0.1)
    (centres,), height = density(x).centres, density(x).height
    expected = (norm.pdf(centres, -10, 1) + norm.pdf(centres, 10, 1)) / 2
    assert height == pytest.approx(expected, abs=0.02)


def test_a_density_that_is_flat_up_to_its_bounds_stays_flat():
    x = marginal((np.arange(4000) + 0.5) / 4000, lower=0.0, upper=1.0)
    (centres,), height = density(x).centres, density(x).height
    assert (centres[0] > 0) & (centres[-1] < 1)
    assert height == pytest.approx(np.ones_like(height), abs=0.02)


def test_two_dimensions_and_their_correlation():
    random = np.random.default_rng(1)
    covariance = np.array([[1.0, 0.9], [0.9, 1.0]])
    x, y = (np.linalg.cholesky(covariance) @ random.normal(size=(2, 20000))).reshape(2, 4, -1)
    found = smoothed(("x", "y"), (marginal(x), marginal(y)), judged=True)
    assert found.height.sum() * found.cell == pytest.approx(1)
    mean = np.sum(found.height * found.centres[0][:, None] * found.centres[1]) * found.cell
    assert mean == pytest.approx(0.9, abs=0.07)
    (xs, ys), height = found.fine
    area = np.sum(height >= found.levels((CENTRAL,))[0]) * (xs[1] - xs[0]) * (ys[1] - ys[0])
    expected = -2 * np.log(1 - CENTRAL) * np.pi * np.sqrt(np.linalg.det(covariance))
    assert area == pytest.approx(expected, rel=0.1)


def test_draws_that_are_all_the_same():
    x = marginal(np.full(40, 2.0))
    (centres,), height = density(x).centres, density(x).height
    assert np.all(np.isfinite(height))
    assert centres[np.argmax(height)] == pytest.approx(2, abs=0.01)
    ((a, b),) = density(x).highest(CENTRAL)
    assert a <= 2 <= b


def test_units():
    x = marginal(3e-6 + 2e-6 * gaussian(), lower=0.0).scaled(1e-6)
    assert central_interval(x)[1] == pytest.approx(3, abs=1e-3)
    assert x.lower == 0
