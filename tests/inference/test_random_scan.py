"""Clouds of points against closed forms and grids."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from scipy.stats import kstest

from dineutrino.errors import DineutrinoError
from dineutrino.inference.profile_grid import profile_grid, threshold
from dineutrino.inference.random_scan import random_scan

LOWER, UPPER = [-2.0, -1.0, 0.0], [2.0, 3.0, 4.0]
CUT = threshold(1)
DRAWS = 40_000


def valley(x):
    """A curved valley in x[2] > 0, which is at its best where the product with 1 + x[0]^2 is 2."""
    return 4 * (x[2] * (1 + x[0] ** 2) - 2) ** 2 + (x[1] - x[0]) ** 2 + 7.0


@pytest.fixture(scope="module")
def scan():
    return random_scan(valley, LOWER, UPPER, jax.random.key(1), DRAWS)


def test_points_fill_the_box(scan):
    assert scan.points.shape == (DRAWS, 3)
    for column, low, high in zip(np.asarray(scan.points).T, LOWER, UPPER, strict=True):
        assert kstest(column, "uniform", (low, high - low)).pvalue > 1e-3
    assert np.abs(np.corrcoef(np.asarray(scan.points).T) - np.eye(3)).max() < 0.02


def test_points_inside_satisfy_the_cut(scan):
    """Those and no others, by the statistic evaluated anew, eagerly."""
    inside = np.asarray(scan.inside(CUT, 7.0))
    chi2 = np.asarray(jax.vmap(valley)(scan.points))
    assert 100 < inside.sum() < DRAWS / 4
    assert scan.chi2 == approx(chi2, rel=1e-12)
    assert np.all(chi2[inside] < 7.0 + CUT)
    assert np.all(chi2[~inside] >= 7.0 + CUT)
    assert np.asarray(scan.inside(CUT)).sum() >= inside.sum()  # the least of the points is above the true one


def test_the_same_key_draws_the_same(scan):
    again = random_scan(valley, LOWER, UPPER, jax.random.key(1), DRAWS)
    assert np.array_equal(again.points, scan.points)
    assert np.array_equal(again.chi2, scan.chi2)
    other = random_scan(valley, LOWER, UPPER, jax.random.key(2), DRAWS, chunk=999)
    assert not np.any(np.all(other.points == scan.points, axis=1))


def test_the_cloud_covers_the_region_of_a_profile(scan):
    """In the plane of the first two coordinates points are where the profile over the third one is low, and only there.

    The volume inside is that of a grid.
    """
    x, y = np.meshgrid(np.linspace(-2, 2, 33), np.linspace(-1, 3, 33))
    grid = np.stack([x.ravel(), y.ravel()], axis=1)
    found = profile_grid(
        lambda z, at: jnp.stack([valley(jnp.append(at, z))]), jnp.sum, jnp.asarray(grid), jnp.linspace(0, 4, 41)
    )
    above = np.asarray(found.chi2) - 7.0
    cloud = np.asarray(scan.points)[np.asarray(scan.inside(CUT, 7.0)), :2]
    nearest = np.sqrt(((grid[:, None] - cloud[None]) ** 2).sum(axis=2)).min(axis=1)
    assert nearest[above < 0.8 * CUT].max() < 0.25
    assert nearest[above > CUT + 1.5].min() > 0.01
    axes = [np.linspace(low, high, 161)[:-1] + (high - low) / 320 for low, high in zip(LOWER, UPPER, strict=True)]
    share = np.mean(np.asarray(valley(np.meshgrid(*axes, indexing="ij"))) < 7.0 + CUT)
    assert np.mean(scan.inside(CUT, 7.0)) == approx(share, rel=0.1)


def test_nan_is_never_inside():
    scan = random_scan(lambda x: jnp.where(x[0] < 0, jnp.nan, x[0]), [-1.0], [1.0], jax.random.key(3), 1000)
    inside = np.asarray(scan.inside(0.5))
    assert 200 < inside.sum() < 300
    assert np.all(np.asarray(scan.points)[inside, 0] >= 0)


@pytest.mark.parametrize(
    ("lower", "upper", "draws", "said"),
    [
        ([0.0], [0.0], 10, "larger upper edge"), ([0.0], [np.inf], 10, "finite"),
        ([0.0, 1.0], [2.0], 10, "per coordinate"),
        ([0.0], [1.0], 0, "at least one point, not 0"),
    ],
)  # fmt: skip
def test_what_is_refused(lower, upper, draws, said):
    with pytest.raises(DineutrinoError, match=said):
        random_scan(valley, lower, upper, jax.random.key(1), draws)
