"""Contours of narrow bands, rings and islands against closed forms."""

import warnings

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest
import toys

from dineutrino.inference import Caution, maximum, profile

pytestmark = pytest.mark.slow

LEVELS = (0.6827, 0.9545)
PULL = 0.3
"""How much the nuisance moves the measured number, in units of its error."""


class Quadric(eqx.Module):
    """A quadratic form q of x and y measured as zero, with a nuisance, and weak normal constraints on x and y.

    The profile is q^2/(width^2 (1 + PULL^2)) + (x weights_0)^2 + (y weights_1)^2.
    """

    form: np.ndarray
    """Of 1, x, y, x^2, y^2."""
    width: np.ndarray
    weights: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    scale: np.ndarray

    names = ("x", "y", "block: z")
    n_parameters = 2

    def to_point(self, vector):
        return vector

    def to_vector(self, point):
        return point

    def of(self, x, y):
        return self.form[0] + self.form[1] * x + self.form[2] * y + self.form[3] * x**2 + self.form[4] * y**2

    def log_prob(self, v):
        pull = self.of(v[0], v[1]) / self.width + PULL * v[2]
        return -0.5 * (pull**2 + jnp.sum((self.weights * v[:2]) ** 2) + v[2] ** 2)

    def chi2(self, x, y):
        """The profile."""
        measured = self.of(x, y) ** 2 / (self.width**2 * (1 + PULL**2))
        return measured + (self.weights[0] * x) ** 2 + (self.weights[1] * y) ** 2


def quadric(form, width, weights, reach=2.0):
    bounds = np.array([reach, reach, np.inf])
    numbers = (np.array(values, float) for values in (form, width, weights))
    return Quadric(*numbers, -bounds, bounds, np.ones(3))


def contoured(target, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Caution)
        maxima = maximum(target, toys.key(0), starts=32)
        return maxima, profile(target, ("x", "y"), maxima, confidence_levels=LEVELS, points=17, **options)


def enclosed(contour):
    """The area to the left of closed lines."""
    return sum(np.sum(line[:-1, 0] * line[1:, 1] - line[1:, 0] * line[:-1, 1]) / 2 for line in contour.lines)


def check_vertices(target, maxima, contour):
    for line in contour.lines:
        heights = target.chi2(*line.T) + 2 * maxima.best.log_prob
        np.testing.assert_allclose(heights, contour.threshold, atol=1e-4)
    assert all(contour.verified)


BOX = ((-2.0, 2.0), (-2.0, 2.0))
WIDTH = 4 / 300 / (2 * np.sqrt(1 + PULL**2) * 2.486)
"""So that the region of 95% is 1/300 of the box wide."""


@pytest.mark.parametrize("bend", [0.0, 0.8])
def test_a_narrow_band(bend):
    """Straight and bent like a banana: q = 1 + y - 0.7 x - bend x^2, which keeps the area of an ellipse."""
    target = quadric([1, -0.7, 1, -bend, 0], WIDTH, [1.8, 0])
    maxima, found = contoured(target, limits=BOX)
    for contour in found.contours:
        assert contour.closed == (True,)
        assert not contour.touches_edge
        check_vertices(target, maxima, contour)
        area = np.pi * contour.threshold * WIDTH * np.sqrt(1 + PULL**2) / 1.8
        assert enclosed(contour) == pytest.approx(area, rel=0.01)
    assert not found.unverified


def test_a_band_that_runs_to_the_edges():
    target = quadric([0, -0.8, 1, -0.1, 0], WIDTH, [0.3, 0])
    maxima, found = contoured(target, limits=BOX)
    for contour in found.contours:
        assert contour.closed == (False, False)
        assert contour.touches_edge
        check_vertices(target, maxima, contour)
        ends = np.array([line[i] for line in contour.lines for i in (0, -1)])
        np.testing.assert_allclose(np.max(np.abs(ends), axis=1), 2.0, atol=1e-9)
    assert any("edge of the explored range" in caution for caution in found.cautions)


def test_a_ring():
    target = quadric([-1, 0, 0, 1, 1], 0.02, [0.3, 0])
    maxima, found = contoured(target)
    width = 0.02 * np.sqrt(1 + PULL**2)
    angle = 2 * np.pi * np.arange(4000) / 4000
    for contour in found.contours:
        assert contour.closed == (True, True)
        check_vertices(target, maxima, contour)
        # in v = r^2: (v - 1)^2/width^2 + 0.09 v cos^2 = threshold + lowest
        level = contour.threshold - 2 * maxima.best.log_prob
        half = 1 - 0.5 * (0.3 * width * np.cos(angle)) ** 2
        spread = np.sqrt(half**2 - 1 + level * width**2)
        assert enclosed(contour) == pytest.approx(np.pi * 2 * np.mean(spread), rel=0.01)
    assert not found.unverified


def test_two_islands():
    target = quadric([-1, 0, 0, 1, 0], 0.1, [0, 2.0])
    maxima, found = contoured(target)
    assert len(maxima) == 2
    x = np.linspace(0.3, 1.7, 200_001)
    for contour in found.contours:
        assert contour.closed == (True, True)
        check_vertices(target, maxima, contour)
        height = np.sqrt(np.maximum(contour.threshold - target.chi2(x, 0.0), 0)) / 2.0
        area = 2 * 2 * np.sum(height) * (x[1] - x[0])
        assert enclosed(contour) == pytest.approx(area, rel=0.01)
        left, right = sorted(contour.lines, key=lambda line: line[0, 0])
        assert left[:, 0].max() < 0 < right[:, 0].min()
