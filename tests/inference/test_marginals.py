"""Posterior densities as averages of conditional densities, against densities in closed form or by quadrature."""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm
from toys import (
    BANANA,
    RATE,
    SLOPES,
    WIDTH,
    banana,
    covariance,
    gaussian,
    halves,
    sign_degenerate,
    sign_degenerate_chi2,
    toy,
)

from dineutrino.errors import DineutrinoError
from dineutrino.inference import marginal_densities, marginal_density, marginals, smoothing
from dineutrino.inference.draws import Draws
from dineutrino.inference.inference_data import inference_data, vectors_of
from dineutrino.inference.intervals import ONE_AND_TWO_SIGMA
from dineutrino.inference.smoothing import Marginal, smoothed

ONE, TWO = ONE_AND_TWO_SIGMA


def sampled(target, vectors, chains=4, modes=None):
    """Exact draws (draw, n) as a posterior."""
    vectors = np.asarray(vectors).reshape(chains, -1, len(target.names))
    shape = vectors.shape[:2]
    modes = np.zeros(shape, int) if modes is None else np.asarray(modes).reshape(shape)
    return inference_data(target, Draws(vectors, np.zeros(shape), modes, {}), {})


def histogram(target, posterior, *names):
    """What smoothing the draws would give."""
    vectors = vectors_of(target, posterior)
    places = [target.names.index(name) for name in names]
    given = (Marginal.of(posterior, vectors[..., i], target.lower[i], target.upper[i]) for i in places)
    return smoothed(names, tuple(given), judged=True)


def misplaced(density, truth):
    """Half the integral of the distance between a density and the true one, a function of its coordinates."""
    exact = truth(*np.meshgrid(*density.centres, indexing="ij"))
    return 0.5 * np.abs(density.height - exact / (exact.sum() * density.cell)).sum() * density.cell


def region(density, truth, content):
    """The part of the area of the true region of highest density in which the two regions differ."""
    (x, y), height = density.fine
    exact = truth(*np.meshgrid(x, y, indexing="ij"))
    descending = np.sort(exact.ravel())[::-1]
    inside = exact >= descending[np.searchsorted(np.cumsum(descending), content * exact.sum())]
    return np.mean((height >= density.levels((content,))[0]) != inside) / np.mean(inside)


@pytest.fixture(scope="module")
def normal():
    """Two parameters and three nuisances, all correlated; 1000 exact draws."""
    cov = covariance(5)
    target = gaussian(np.array([1.0, -2.0, 0.3, 0.0, 0.5]), cov)
    draws = np.random.default_rng(1).multivariate_normal([1.0, -2.0, 0.3, 0.0, 0.5], cov, 1000)
    return target, sampled(target, draws), cov


def bivariate(cov, mean=(0.0, 0.0)):
    return lambda x, y: multivariate_normal(mean, cov).pdf(np.stack([x, y], axis=-1))


def test_two_entries_of_a_normal_density(normal):
    target, posterior, cov = normal
    density, old = marginal_density(target, posterior, ("x0", "x1")), histogram(target, posterior, "x0", "x1")
    truth = bivariate(cov[:2, :2], [1.0, -2.0])
    assert density.method == marginals.METHOD
    assert density.height.sum() * density.cell == pytest.approx(1)
    assert misplaced(density, truth) < min(0.05, 2 * density.error)
    assert region(density, truth, TWO) < 0.1
    assert region(old, truth, TWO) > 2 * region(density, truth, TWO)


@pytest.mark.parametrize("name", ["x0", "x1", "block: z1"])
def test_one_entry_of_a_normal_density(normal, name):
    """A nuisance as well; ends of its intervals within their errors."""
    target, posterior, cov = normal
    density = marginal_density(target, posterior, name)
    i = target.names.index(name)
    mean, sd = [1.0, -2.0, 0.3, 0.0, 0.5][i], np.sqrt(cov[i, i])
    assert misplaced(density, norm(mean, sd).pdf) < min(0.03, 2.5 * density.error)
    for content, sigmas in ((ONE, 1), (TWO, 2)):
        (ends,), (errors,) = density.highest(content), density.errors_of_highest(content)
        assert max(errors) < 0.1 * sd
        assert np.all(np.abs(np.subtract(ends, [mean - sigmas * sd, mean + sigmas * sd])) < 4 * np.array(errors))


def test_a_pair_summed_over_one_of_its_entries(normal):
    target, posterior, cov = normal
    density = marginal_density(target, posterior, ("x0", "x1")).of("x1")
    assert density.names == ("x1",)
    assert misplaced(density, norm(-2.0, np.sqrt(cov[1, 1])).pdf) < min(0.02, 2 * density.error)


def test_two_modes():
    """The sign-degenerate measurement with its nuisances integrated in closed form."""
    target, random = sign_degenerate(), np.random.default_rng(2)

    def truth(x):
        return np.exp(-0.5 * sign_degenerate_chi2(x)) / np.sqrt(WIDTH**2 + (1 + x) ** 4 * np.sum(SLOPES**2))

    grid = np.linspace(-8, 6, 100_001)
    x = random.choice(grid, 1000, p=truth(grid) / truth(grid).sum())
    z = []
    for rate in (1 + x) ** 2:
        covariance = np.linalg.inv(np.eye(3) + (rate / WIDTH) ** 2 * np.outer(SLOPES, SLOPES))
        mean = covariance @ SLOPES * rate * (RATE - rate) / WIDTH**2
        z.append(random.multivariate_normal(mean, covariance))
    posterior = sampled(target, np.column_stack([x, z]), modes=x > -1)
    density = marginal_density(target, posterior, "x0")
    assert density.method == marginals.METHOD
    assert misplaced(density, truth) < min(0.02, 2 * density.error)
    expected = true_intervals(truth(grid), grid, TWO)
    found, errors = density.highest(TWO), density.errors_of_highest(TWO)
    assert len(found) == len(expected) == 2
    assert np.all(np.abs(np.subtract(found, expected)) < 4 * np.array(errors) + 1e-3)
    assert np.max(errors) < 0.1


def true_intervals(height, x, content):
    descending = np.sort(height)[::-1]
    inside = height >= descending[np.searchsorted(np.cumsum(descending), content * height.sum())]
    ends = x[1:][np.diff(inside)]
    return ends.reshape(-1, 2)


def test_densities_that_end_at_a_bound():
    """Half-normal above 0, uniform between 0 and 1: known without noise, up to the bound."""
    target, random = halves(), np.random.default_rng(3)
    n = 400
    posterior = sampled(
        target, np.column_stack([np.abs(random.normal(size=n)), random.uniform(size=n), random.normal(size=n)])
    )
    half, flat = marginal_density(target, posterior, "x0"), marginal_density(target, posterior, "x1")
    for content, end in ((ONE, 1.0), (TWO, 2.0)):
        ((lower, upper),) = half.highest(content)
        assert lower == 0
        assert upper == pytest.approx(end, abs=5e-3)
    assert flat.height == pytest.approx(np.ones_like(flat.height), abs=1e-6)
    ((lower, upper),) = flat.highest(1 - 1e-9)
    assert (lower, upper) == pytest.approx((0, 1), abs=1e-12)
    pair = marginal_density(target, posterior, ("x0", "x1"))
    assert misplaced(pair, lambda x, y: norm.pdf(x) + 0 * y) < 1e-3


@pytest.mark.slow
def test_banana():
    """A conditional density that is narrow in x1 and has two peaks in x0."""
    target, random = banana(), np.random.default_rng(4)
    x0 = 2 * random.normal(size=2000)
    posterior = sampled(target, np.column_stack([x0, BANANA * x0**2 + 0.5 * random.normal(size=2000)]))
    a = np.linspace(-12, 12, 4001)

    def truth_of_x1(x1):
        return (norm.pdf(a, 0, 2) * norm.pdf(np.asarray(x1)[:, None], BANANA * a**2, 0.5)).sum(axis=1)

    for name, truth, largest in (("x0", norm(0, 2).pdf, 0.03), ("x1", truth_of_x1, 0.05)):
        density, old = marginal_density(target, posterior, name), histogram(target, posterior, name)
        assert misplaced(density, truth) < min(largest, 2 * density.error)
        assert misplaced(density, truth) <= misplaced(old, truth)
    pair = marginal_density(target, posterior, ("x0", "x1"))
    assert pair.method == marginals.METHOD
    assert misplaced(pair, lambda x, y: norm.pdf(x, 0, 2) * norm.pdf(y, BANANA * x**2, 0.5)) < 2e-3


@pytest.mark.parametrize("width", [0.1, 1e-3])
def test_narrow_band(width):
    """x0 + x1 is known to a small width, each alone is not: a histogram beats narrow conditionals."""
    target = toy(lambda v: -0.5 * (v[0] ** 2 + ((v[0] + v[1]) / width) ** 2 + v[2] ** 2), 2, 3)
    random = np.random.default_rng(5)
    x0 = random.normal(size=2000)
    posterior = sampled(target, np.column_stack([x0, width * random.normal(size=2000) - x0, random.normal(size=2000)]))
    density = marginal_density(target, posterior, "x1")
    assert density.method == smoothing.METHOD
    assert misplaced(density, norm(0, np.sqrt(1 + width**2)).pdf) < density.error < 0.05


@pytest.mark.slow
@pytest.mark.parametrize(("width", "largest"), [(0.1, 1e-3), (0.005, 1.0)])
def test_thin_ring(width, largest):
    """A region that one kernel for all smears out: a finer grid resolves it, or else the error says that none does."""
    target = toy(lambda v: -0.5 * ((jnp.hypot(v[0], v[1]) - 4) / width) ** 2 - 0.5 * v[2] ** 2, 2, 3)
    random = np.random.default_rng(6)
    phi, r = random.uniform(0, 2 * np.pi, size=2000), 4 + width * random.normal(size=2000)
    posterior = sampled(target, np.column_stack([r * np.cos(phi), r * np.sin(phi), random.normal(size=2000)]))
    density, old = marginal_density(target, posterior, ("x0", "x1")), histogram(target, posterior, "x0", "x1")

    if largest < 1:
        truth = lambda x, y: np.exp(-0.5 * ((np.hypot(x, y) - 4) / width) ** 2)  # noqa: E731
        assert density.method == marginals.METHOD
        assert misplaced(density, truth) < 1e-3
    else:
        assert density.error > 0.2
    assert old.error > 0.4


@pytest.mark.parametrize("draws", [np.zeros((8, 3)), np.random.default_rng(7).normal(size=(4, 3))])
def test_a_handful_of_draws(draws):
    """An interrupted run, or chains that do not move: something finite, which says that it is poor."""
    target = gaussian(np.zeros(3), np.eye(3))
    found = marginal_densities(target, sampled(target, draws), ("x0", "x1"), (("x0", "x1"),))
    for density in found.values():
        assert density.height.sum() * density.cell == pytest.approx(1)
        density.highest(ONE) if len(density.names) == 1 else density.levels((ONE, TWO))


def test_names_are_checked(normal):
    target, posterior, _ = normal
    with pytest.raises(DineutrinoError, match="'x0'"):
        marginal_density(target, posterior, "x00")
    with pytest.raises(DineutrinoError, match="two different ones"):
        marginal_density(target, posterior, ("x0", "x0"))
    with pytest.raises(DineutrinoError, match="no entry 'block: z0'"):
        marginal_density(gaussian(np.zeros(6), np.eye(6)), posterior, "x0")
