"""Profiles on grids against closed forms and brute force."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.errors import DineutrinoError
from dineutrino.inference import Caution
from dineutrino.inference.profile_grid import SLAB, GridProfile, profile_grid, threshold

SCAN = jnp.linspace(-4.0, 4.0, 13)


def height(predictions):
    """Predictions that are chi2 itself."""
    return predictions[0]


def parabola(x, point):
    """Least at x = a, where it is b."""
    return jnp.stack([3.0 * (x - point[0]) ** 2 + point[1]])


def two(x, point):
    """Distances from two wells, at -1.3 and 2.1; the first one is deeper by the coordinate."""
    return jnp.stack([(x + 1.3) ** 2 - point[0], (x - 2.1) ** 2])


def lower(predictions):
    """As islands of destructive interference: narrower than the spacing of the scan."""
    return 1000 * jnp.min(predictions)


def test_a_parabola():
    rng = np.random.default_rng(1)
    points = jnp.asarray(rng.uniform(-3, 3, (50, 2)))
    found = profile_grid(parabola, height, points, SCAN)
    assert found.best == approx(points[:, 0], abs=4e-4)
    assert found.chi2 == approx(points[:, 1], abs=1e-6)
    assert not np.any(found.at_end)
    assert float(jnp.min(found.above)) == 0.0
    assert np.max(found.missed) < 1e-9


def test_the_lower_of_two_wells():
    points = jnp.asarray([[0.01], [-0.01], [0.5]])
    found = profile_grid(two, lower, points, SCAN)
    assert found.best == approx([-1.3, 2.1, -1.3], abs=4e-4)
    assert found.chi2 == approx([-10.0, 0.0, -500.0], abs=2e-4)


def test_an_end_is_named():
    found = profile_grid(parabola, height, jnp.asarray([[5.0, 0.0], [4.0, 0.0], [0.0, 0.0]]), SCAN)
    assert found.at_end.tolist() == [True, True, False]
    assert found.best == approx([4.0, 4.0, 0.0], abs=4e-4)


def rates(x, point):
    """Polynomials of a strength up to the fourth power, as rates are, and a number that is not known far away."""
    interference = 1 + point[0] * x - x**2
    return jnp.stack([interference**2, 0.3 * x**3 + point[1], jnp.where(x > 3.8, jnp.nan, jnp.sin(x))])


def data(predictions):
    return jnp.sum((predictions - jnp.array([0.5, 0.1, 0.3])) ** 2 / jnp.array([0.1, 0.2, 0.5]) ** 2)


def test_no_better_by_brute_force():
    """A chi2 with several minima; nan is never the least."""
    rng = np.random.default_rng(2)
    points = jnp.asarray(rng.uniform(-2, 2, (30, 2)))
    fine_scan = jnp.linspace(-4.0, 4.0, 25)
    found = profile_grid(rates, data, points, fine_scan)
    fine = jnp.linspace(-4, 3.8, 40001)
    expected = jnp.min(jax.vmap(lambda point: jax.vmap(lambda x: data(rates(x, point)))(fine))(points), axis=1)
    assert found.chi2 == approx(expected, abs=2e-5)
    at_best = jax.vmap(lambda x, point: data(rates(x, point)))(jnp.asarray(found.best), points)
    assert found.chi2 == approx(at_best, rel=1e-12)  # not of what is interpolated
    chunks = profile_grid(rates, data, points, fine_scan, chunk=7)
    assert chunks.chi2 == approx(found.chi2, abs=1e-13)
    alone = [profile_grid(rates, data, point[None], fine_scan).chi2[0] for point in points[:3]]
    assert jnp.stack(alone) == approx(found.chi2[:3], abs=1e-13)


def test_many_points_come_in_slabs():
    rng = np.random.default_rng(3)
    points = jnp.asarray(rng.uniform(-3, 3, (SLAB + 5, 2)))
    found = profile_grid(parabola, height, points, SCAN)
    assert found.best == approx(points[:, 0], abs=4e-4)


def test_a_scan_that_is_too_coarse():
    def wave(x, point):
        return jnp.stack([jnp.sin(9 * x + point[0])])

    with pytest.warns(Caution, match="too coarse at 1 of 1 points"):
        found = profile_grid(wave, lambda v: 10 * v[0], jnp.zeros((1, 1)), SCAN)
    assert np.all(found.missed > 0.1)


def test_regions_of_two_parameters():
    assert [threshold(n) for n in (1, 2, 3)] == pytest.approx([2.2957, 6.1801, 11.8292], abs=1e-4)
    assert [threshold(n, parameters=1) for n in (1, 2, 3)] == pytest.approx([1, 4, 9], rel=1e-12)


@pytest.mark.parametrize("scan", [[0.0, 1.0], [0.0, 1.0, 2.0, 3.0, 5.0, 4.0], [0.0, 0.0, 1.0, 2.0, 3.0, 4.0]])
def test_a_scan_that_is_none(scan):
    with pytest.raises(DineutrinoError, match="at least 6 values in ascending order"):
        profile_grid(parabola, height, jnp.zeros((1, 2)), jnp.asarray(scan))


def test_a_profile_is_a_tree():
    found = profile_grid(parabola, height, jnp.zeros((2, 2)), SCAN)
    assert isinstance(jax.tree.map(lambda x: x[:1], found), GridProfile)
