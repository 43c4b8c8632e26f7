"""Profiles against closed forms."""

import numpy as np
import pytest
import toys
from scipy.optimize import brentq
from scipy.stats import chi2

from dineutrino.errors import DineutrinoError, NotConverged
from dineutrino.inference import Caution, maximum, profile

MEAN = np.array([1.0, -2.0, 0.3, -0.1])
COVARIANCE = toys.covariance(4)


@pytest.fixture(scope="module")
def gaussian():
    target = toys.gaussian(MEAN, COVARIANCE)
    return target, maximum(target, toys.key(0))


@pytest.fixture(scope="module")
def degenerate():
    target = toys.sign_degenerate()
    return target, maximum(target, toys.key(0))


def test_profile_of_a_gaussian_is_its_marginal(gaussian):
    target, maxima = gaussian
    found = profile(target, "x1", maxima, confidence_levels=(0.6827, 0.9, 0.9973), points=21)
    sigma = np.sqrt(COVARIANCE[1, 1])
    np.testing.assert_allclose(found.delta_chi2, ((found.values - MEAN[1]) / sigma) ** 2, atol=1e-8)
    for level, (interval,) in zip(found.confidence_levels, found.intervals, strict=True):
        reach = np.sqrt(chi2.ppf(level, 1)) * sigma
        assert interval.lower == pytest.approx(MEAN[1] - reach, rel=1e-6)
        assert interval.upper == pytest.approx(MEAN[1] + reach, rel=1e-6)
        assert not interval.lower_open
        assert not interval.upper_open
    # the others follow the regression line
    slope = COVARIANCE[0, 1] / COVARIANCE[1, 1]
    np.testing.assert_allclose(found.vectors[:, 0], MEAN[0] + slope * (found.values - MEAN[1]), atol=1e-4)


def test_a_nuisance_can_be_profiled(gaussian):
    target, maxima = gaussian
    (interval,) = profile(target, "block: z1", maxima, confidence_levels=(0.6827,), points=11).intervals[0]
    assert interval.upper - interval.lower == pytest.approx(
        2 * np.sqrt(chi2.ppf(0.6827, 1) * COVARIANCE[3, 3]), rel=1e-6
    )


def test_both_branches_of_a_degenerate_profile(degenerate):
    target, maxima = degenerate
    assert len(maxima) == 2
    found = profile(target, "x0", maxima, confidence_levels=(0.6827,), points=41)
    lowest = min(toys.sign_degenerate_chi2(x) for x in np.linspace(0.5, 1.5, 100_001))
    expected = np.array([toys.sign_degenerate_chi2(x) for x in found.values]) - lowest
    np.testing.assert_allclose(found.delta_chi2, expected, atol=1e-6)

    def excess(x):
        return toys.sign_degenerate_chi2(x) - lowest - chi2.ppf(0.6827, 1)

    ends = [brentq(excess, a, b, xtol=1e-13) for a, b in ((-0.9, 0.9), (1.0, 3.0))]
    assert [found.intervals[0][-1].lower, found.intervals[0][-1].upper] == pytest.approx(ends, rel=1e-5)


@pytest.mark.slow
def test_disconnected_intervals(degenerate):
    target, maxima = degenerate
    found = profile(target, "x0", maxima, confidence_levels=(0.9973,), points=41)
    left, right = found.intervals[0]
    assert left.lower < -3 < left.upper < -1 < right.lower < 1 < right.upper
    for end in (left.lower, left.upper, right.lower, right.upper):
        lowest = min(toys.sign_degenerate_chi2(x) for x in np.linspace(0.5, 1.5, 100_001))
        assert toys.sign_degenerate_chi2(end) - lowest == pytest.approx(chi2.ppf(0.9973, 1), rel=1e-5)


def test_interval_that_ends_at_a_bound_is_open():
    target, _ = toys.at_bound()
    maxima = maximum(target, toys.key(0))
    with pytest.warns(Caution, match="bound"):
        (interval,) = profile(target, "x0", maxima, confidence_levels=(0.9545,), points=21).intervals[0]
    assert interval.upper == 2.0
    assert interval.upper_open
    assert not interval.lower_open


def test_contour_of_a_gaussian_is_its_ellipse(gaussian):
    target, maxima = gaussian
    found = profile(target, ("x0", "x1"), maxima, confidence_levels=(0.6827, 0.9545), points=17)
    precision = np.linalg.inv(COVARIANCE[:2, :2])
    for contour in found.contours:
        assert contour.threshold == pytest.approx(chi2.ppf(contour.confidence_level, 2))
        (line,), (closed,) = contour.lines, contour.closed
        assert closed
        assert not contour.touches_edge
        distance = np.einsum("vi,ij,vj->v", line - MEAN[:2], precision, line - MEAN[:2])
        np.testing.assert_allclose(distance, contour.threshold, rtol=1e-5)
        assert np.ptp(line[:, 0]) == pytest.approx(2 * np.sqrt(contour.threshold * COVARIANCE[0, 0]), rel=0.02)


@pytest.mark.slow
def test_contour_has_a_line_around_each_mode(degenerate):
    target, maxima = degenerate
    found = profile(target, ("x0", "block: z0"), maxima, confidence_levels=(0.9545,), points=41)
    lines = found.contours[0].lines
    assert len(lines) == 2
    lowest = -2 * maxima.best.log_prob
    for line in lines:
        values = [toys.sign_degenerate_chi2(x, z) - lowest for x, z in line]
        np.testing.assert_allclose(values, found.contours[0].threshold, rtol=1e-4)


def test_a_profile_above_the_best_maximum_is_refused(degenerate):
    """Profiles check that no maximum was missed."""
    from dataclasses import replace

    target, maxima = degenerate
    lower_only = replace(maxima, optima=maxima.optima[1:])
    with pytest.raises(NotConverged, match="higher"):
        profile(target, "x0", lower_only, points=21, limits=(-6, 4))


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("x9", {}, "unknown .* 'x9'"),
        (("x0", "x0"), {}, "two different ones"),
        ("x0", {"confidence_levels": (1.2,)}, "between 0 and 1"),
        ("x0", {"limits": ((-1.0, 1.0), (-1.0, 1.0))}, "'x0' must be two numbers"),
        (("x0", "x1"), {"limits": (-1.0, 1.0)}, "must be two pairs of numbers"),
    ],
)
def test_bad_requests(gaussian, name, options, message):
    target, maxima = gaussian
    with pytest.raises(DineutrinoError, match=message):
        profile(target, name, maxima, **options)
