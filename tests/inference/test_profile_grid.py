"""Profiles on grids against closed forms and brute force."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.errors import DineutrinoError
from dineutrino.inference.profile_grid import GridProfile, profile_grid, threshold

SCAN = jnp.linspace(-4.0, 4.0, 41)


def parabola(x, point):
    """Least at x = a, where it is b."""
    return 3.0 * (x - point[0]) ** 2 + point[1]


def wells(x, point):
    """Two wells at -1.3 and 2.1; the first one is deeper by the coordinate."""
    return 10 * jnp.minimum((x + 1.3) ** 2 - point[0], (x - 2.1) ** 2)


def test_a_parabola():
    """A step on either side leaves 1e-3 of two spacings, squared in chi2."""
    rng = np.random.default_rng(1)
    points = jnp.asarray(rng.uniform(-3, 3, (50, 2)))
    found = profile_grid(parabola, points, SCAN)
    assert found.best == approx(points[:, 0], abs=4e-4)
    assert found.chi2 == approx(points[:, 1], abs=1e-6)
    assert not np.any(found.at_end)
    assert float(jnp.min(found.above)) == 0.0


def test_the_lower_of_two_wells():
    points = jnp.asarray([[0.01], [-0.01], [0.5]])
    found = profile_grid(wells, points, SCAN)
    assert found.best == approx([-1.3, 2.1, -1.3], abs=4e-4)
    assert found.chi2 == approx([-0.1, 0.0, -5.0], abs=1e-5)


def test_an_end_is_named():
    found = profile_grid(parabola, jnp.asarray([[5.0, 0.0], [3.99, 0.0], [0.0, 0.0]]), SCAN)
    assert found.at_end.tolist() == [True, False, False]
    assert found.best == approx([4.0, 3.99, 0.0], abs=4e-4)


def test_no_better_by_brute_force():
    """A chi2 with many minima, as islands of destructive interference make them; nan is never the least."""

    def rough(x, point):
        value = jnp.sin(3 * x + point[0]) + 0.1 * (x - point[1]) ** 2
        return jnp.where(x > 3.5, jnp.nan, value)

    rng = np.random.default_rng(2)
    points = jnp.asarray(rng.uniform(-2, 2, (30, 2)))
    found = profile_grid(rough, points, SCAN)
    fine = jnp.linspace(-4, 3.5, 40001)
    expected = jnp.min(jax.vmap(lambda point: jax.vmap(lambda x: rough(x, point))(fine))(points), axis=1)
    assert found.chi2 == approx(expected, abs=1e-5)
    chunks = profile_grid(rough, points, SCAN, chunk=7)
    assert chunks.chi2 == approx(found.chi2, abs=1e-14)
    alone = [profile_grid(rough, point[None], SCAN).chi2[0] for point in points[:3]]
    assert jnp.stack(alone) == approx(found.chi2[:3], abs=1e-14)


def test_regions_of_two_parameters():
    assert [threshold(n) for n in (1, 2, 3)] == pytest.approx([2.2957, 6.1801, 11.8292], abs=1e-4)
    assert [threshold(n, parameters=1) for n in (1, 2, 3)] == pytest.approx([1, 4, 9], rel=1e-12)


@pytest.mark.parametrize("scan", [[0.0, 1.0], [0.0, 2.0, 1.0], [0.0, 0.0, 1.0]])
def test_a_scan_that_is_none(scan):
    with pytest.raises(DineutrinoError, match="at least three values in ascending order"):
        profile_grid(parabola, jnp.zeros((1, 2)), jnp.asarray(scan))


def test_a_profile_is_a_tree():
    found = profile_grid(parabola, jnp.zeros((2, 2)), SCAN)
    assert isinstance(jax.tree.map(lambda x: x[:1], found), GridProfile)
