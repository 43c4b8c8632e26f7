"""Maxima at bounds, against the exact maximum of a bounded normal density, grids, and closed forms."""

from itertools import product

import jax.numpy as jnp
import numpy as np
import pytest
import toys
from families import Normal, Rates, bounds

from dineutrino.inference import maximum
from dineutrino.inference.coordinates import Box
from dineutrino.inference.curvature import describe
from dineutrino.inference.expansion import expansions

pytestmark = pytest.mark.filterwarnings("ignore::dineutrino.inference.Caution")
key = toys.key
CORRELATED = np.array([[1.0, 0.5], [0.5, 1.0]])


def exact_maximum(mean, precision, lower, upper):
    """Of a normal density within bounds: the best of the optima with each choice of entries at their bounds."""
    best, value = None, np.inf
    for choice in product((0, 1, 2), repeat=len(mean)):
        x = np.where(np.array(choice) == 1, lower, np.where(np.array(choice) == 2, upper, np.nan))
        free = np.isnan(x)
        if not np.all(np.isfinite(x[~free])):
            continue
        x[free] = mean[free]
        if free.any() and not free.all():
            shift = precision[np.ix_(free, ~free)] @ (x - mean)[~free]
            x[free] -= np.linalg.solve(precision[np.ix_(free, free)], shift)
        chi2 = (x - mean) @ precision @ (x - mean)
        if np.all((x >= lower - 1e-12) & (x <= upper + 1e-12)) and chi2 < value:
            best, value = x, chi2
    return best


@pytest.mark.slow
def test_normal_density_with_its_centre_on_the_bound():
    for lower, upper in (([0, -np.inf], [np.inf, np.inf]), ([0, -5], [4, 5]), ([0, 0], [4, 5]), ([-4, -5], [0, 0])):
        maxima = maximum(
            Normal(**bounds(2, lower, upper), mean=jnp.zeros(2), precision=np.linalg.inv(CORRELATED)), key(0)
        )
        assert len(maxima) == 1
        np.testing.assert_allclose(maxima.best.vector, 0, atol=1e-9)
        assert maxima.best.at_bound == tuple(
            n for n, b in zip(("x0", "x1"), zip(lower, upper, strict=True), strict=True) if 0 in b
        )
        assert maxima.n_lost == 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_random_bounded_normal_densities(seed):
    random = np.random.default_rng(seed)
    precision = np.linalg.inv(toys.covariance(3, seed))
    mean = random.normal(size=3)
    lower, upper = np.sort(random.normal(0, 1.5, (2, 3)), axis=0)
    mean = np.where(random.random(3) < 0.3, lower, mean)  # the centre may lie on the bound
    target = Normal(**bounds(3, lower, upper), mean=jnp.asarray(mean), precision=jnp.asarray(precision))
    maxima = maximum(target, key(seed))
    assert len(maxima) == 1
    np.testing.assert_allclose(maxima.best.vector, exact_maximum(mean, precision, lower, upper), atol=1e-7)
    assert maxima.n_lost == 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(9))
def test_three_rates_with_a_coefficient_bounded_from_below(seed):
    """An off-diagonal coefficient does not interfere: |x|^2 enters, and x = 0 is a bound with a vanishing slope.

    The maxima of a grid are those found: on the bound, off it, or both.
    """
    random = np.random.default_rng(seed)
    matrix = np.zeros((3, 2, 2), complex)
    matrix[:, 1] = np.stack([np.ones(3), [1.0, -0.4, -1.3]], axis=1)  # left and right, differently for each rate
    sm = np.zeros((3, 2), complex)
    sm[:, 0] = 10.0
    measured = random.uniform(0.3, 0.9, 3) * 100
    target = Rates(
        **bounds(2, [0, -40], [40, 40], 10.0),
        sm=jnp.asarray(sm),
        matrix=jnp.asarray(matrix),
        measured=jnp.asarray(measured),
        error=jnp.asarray(0.1 * measured + 20.0),
    )
    x, y = np.linspace(0, 40, 401), np.linspace(-40, 40, 801)
    points = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    amplitudes = sm[:, :, None, None] + np.einsum("ras,xys->raxy", matrix, points)
    rates = np.sum(np.abs(amplitudes) ** 2, axis=1)
    chi2 = np.sum(((rates - measured[:, None, None]) / np.asarray(target.error)[:, None, None]) ** 2, axis=0)
    around = np.pad(chi2, 1, constant_values=np.inf)
    neighbours = [around[1 + i : 402 + i, 1 + j : 802 + j] for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)]
    expected = points[np.all([chi2 <= other for other in neighbours], axis=0)]
    maxima = maximum(target, key(seed))
    assert maxima.n_lost == 0
    assert maxima.best.log_prob >= -0.5 * chi2.min() - 1e-9
    found = np.stack([np.asarray(o.vector) for o in maxima])
    for place in expected:
        assert np.min(np.max(np.abs(found - place), axis=1)) < 0.11
    for place in found:
        assert np.min(np.max(np.abs(expected - place), axis=1)) < 0.11


@pytest.mark.slow
def test_a_bound_that_the_data_want_to_leave_is_no_maximum():
    """x^2 / 2 - x^4 / 4 rises from its bound at 0 with a vanishing slope."""
    target = toys.toy(lambda v: 0.5 * v[0] ** 2 - 0.25 * v[0] ** 4 - 0.5 * v[1] ** 2, 2, 2, lower=[0, -5], upper=[3, 5])
    (at_zero,) = expansions(target, np.zeros((1, 2)))
    rising = describe(Box.of(target), at_zero).rising
    np.testing.assert_allclose(rising, [1, 0], atol=1e-9)
    maxima = maximum(target, key(0))
    np.testing.assert_allclose([o.vector for o in maxima], [[1, 0]], atol=1e-8)


def test_two_bounds_that_are_left_together():
    """Along each edge of the corner the log-probability falls, between them it rises: x y - 0.1 (x^2 + y^2)."""
    target = toys.toy(
        lambda v: v[0] * v[1] - 0.1 * (v[0] ** 2 + v[1] ** 2) - (v[0] * v[1]) ** 2, 2, 2, lower=[0, 0], upper=[3, 3]
    )
    (corner,) = expansions(target, np.zeros((1, 2)))
    assert np.all(describe(Box.of(target), corner).rising > 0.5)
    opposite = toys.toy(lambda v: -v[0] * v[1] - 0.1 * (v[0] ** 2 + v[1] ** 2), 2, 2, lower=[0, 0], upper=[3, 3])
    (corner,) = expansions(opposite, np.zeros((1, 2)))
    assert describe(Box.of(opposite), corner).rising is None


@pytest.mark.slow
@pytest.mark.parametrize("curvature", [1e-5, 1e-7, 0.0, -1e-7])
def test_a_bound_that_is_left_by_nothing_is_a_maximum(curvature):
    """curvature x^2 / 2 - x^4 / 4 rises from its bound by curvature^2 / 4 at most, which nobody can tell from zero."""
    target = toys.toy(
        lambda v: 0.5 * curvature * v[0] ** 2 - 0.25 * v[0] ** 4 - 0.5 * v[1] ** 2, 2, 2, lower=[0, -5], upper=[3, 5]
    )
    (best,) = maximum(target, key(0))
    np.testing.assert_allclose(best.vector, 0, atol=2e-2)
    assert best.log_prob >= -1e-9


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1.0, 30.0, 1000.0])
def test_quarter_of_a_ring_at_any_scale(scale):
    target = toys.toy(
        lambda v: -0.5 * ((v[0] ** 2 + v[1] ** 2 - 1) / 0.2) ** 2, 2, 2, lower=[0, 0], scale=[scale, scale]
    )
    maxima = maximum(target, key(0))
    assert len(maxima) == 1
    assert maxima.best.n_flat == 1
    assert np.linalg.norm(maxima.best.vector) == pytest.approx(1, abs=1e-8)


def test_hessians_never_look_beyond_a_bound():
    """(x - 1)^3 + x y + sqrt(x) is not a number below x = 0; three-point, five-point and one-sided stencils agree."""
    target = toys.toy(
        lambda v: -((v[0] - 1) ** 3) - v[0] * v[1] - jnp.sqrt(v[0] + 1e-2), 2, 2, lower=[0, -1], upper=[2, 1]
    )
    points = np.array([[0, 0.3], [1e-4, 1.0], [1.0, 0.0], [2.0, -1.0]])
    for point, expansion in zip(points, expansions(target, points), strict=True):
        curvature = 6 * (point[0] - 1) - 0.25 * (point[0] + 1e-2) ** -1.5
        np.testing.assert_allclose(expansion.hessian, [[curvature, 1], [1, 0]], atol=2e-5 * abs(curvature))
