"""The coordinates of the samplers: what they cover, and posteriors in narrow bands against quadrature."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import toys
from scipy.special import ndtr

from dineutrino.inference import diagnose, maximum, posterior
from dineutrino.inference.coordinates import Box
from dineutrino.inference.frame import frame_at

LOWER, UPPER = np.array([-1.0, 0, -np.inf, -np.inf, 2]), np.array([3.0, np.inf, 2, np.inf, 4])
BOX = Box(LOWER, UPPER, np.ones(5))


def frame(size):
    """Correlated entries of all kinds, which fill their intervals if the size is large."""
    return frame_at(BOX, np.array([1.0, 0.5, 1.0, 0.0, 3.0]), size**2 * toys.covariance(5))


@pytest.mark.slow
@pytest.mark.parametrize("size", [0.01, 1.0])
def test_every_coordinate_has_an_image_within_the_bounds(size):
    f, random = frame(size), np.random.default_rng(0)
    assert f.fills.any() == (size == 1.0)
    slope = jax.grad(lambda u: jnp.sum(jnp.sin(f.vector(u))))
    for u in 3 * random.normal(size=(30, 5)):
        vector, within, turned = f.folded_back(jnp.asarray(u), slope(jnp.asarray(u)))
        assert np.all((vector >= LOWER) & (vector <= UPPER))
        np.testing.assert_allclose(f.vector(within), vector, atol=1e-9)
        np.testing.assert_allclose(f.to_round(np.asarray(vector)), within, atol=1e-6)
        np.testing.assert_allclose(slope(within), turned, rtol=1e-6, atol=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("size", [0.01, 1.0])
def test_the_volume_element_is_that_of_the_map(size):
    f = frame(size)
    volumes = []
    for u in np.random.default_rng(1).normal(size=(10, 5)):
        determinant = np.linalg.slogdet(jax.jacfwd(f.vector)(jnp.asarray(u)))[1]
        volumes.append(determinant - f.log_volume(jnp.asarray(u)))
    np.testing.assert_allclose(volumes, volumes[0], rtol=1e-9)


# ---- narrow bands between -1 and 1

WIDTH = 2 / 300
GRID = np.linspace(-1, 1, 20_001)


def band(slope, offset):
    """x1 = slope x0 + offset within WIDTH; x2 is broad."""

    def density(v):
        return -0.5 * (((v[1] - slope * v[0] - offset) / WIDTH) ** 2 + ((v[2] - 0.5 * v[0]) / 0.3) ** 2)

    return toys.toy(density, 3, 3, lower=[-1] * 3, upper=[1] * 3, scale=[1] * 3)


def band_marginal(slope, offset):
    """The density of x0 on GRID: x1 and x2 integrated between their bounds."""
    within = [
        ndtr((1 - mean) / width) - ndtr((-1 - mean) / width)
        for mean, width in ((slope * GRID + offset, WIDTH), (0.5 * GRID, 0.3))
    ]
    return within[0] * within[1]


def shell(width):
    """The surface of the unit ball in four dimensions, around 0.5 in every one."""
    return toys.toy(
        lambda v: -0.5 * ((jnp.sum((v - 0.5) ** 2) - 1) / (2 * width)) ** 2, 4, 4, lower=[-8] * 4, upper=[8] * 4
    )


def shell_marginal(x, width):
    """The density of one entry: the other three in spherical coordinates."""
    r = np.linspace(0, 2, 2001)
    r2 = ((x - 0.5) ** 2)[:, None] + r**2
    return np.sum(r**2 * np.exp(-0.5 * ((r2 - 1) / (2 * width)) ** 2), axis=1)


def assert_distributed(idata, name, x, density):
    """Fractions of draws below nine quantiles, within five Monte Carlo errors."""
    cumulative = np.cumsum(density) / np.sum(density)
    size = min(size for entry, size in diagnose(idata).sizes.items() if f"'{name}'" in entry)
    draws = np.asarray(idata.posterior[name])
    for q in np.arange(0.1, 0.95, 0.1):
        fraction = np.mean(draws < x[np.searchsorted(cumulative, q)])
        assert abs(fraction - q) < 5 * np.sqrt(q * (1 - q) / size) + 1e-3


@pytest.mark.slow
@pytest.mark.parametrize(("slope", "offset"), [(1.0, 0.0), (0.9, 0.3), (-0.4, 0.8)])
def test_a_narrow_band_through_the_bounds(slope, offset):
    """Through two corners; out of the bound of another entry than in; out of that of the other entry only."""
    target = band(slope, offset)
    idata = posterior(target, toys.key(1), maxima=maximum(target, toys.key(0)), progress=False)
    assert diagnose(idata).passed, str(diagnose(idata))
    assert idata.sample_stats["n_steps"].mean() < 60
    assert_distributed(idata, "x0", GRID, band_marginal(slope, offset))


@pytest.mark.slow
def test_a_shell():
    target, x = shell(0.05), np.linspace(-1, 2, 3001)
    idata = posterior(target, toys.key(1), maxima=maximum(target, toys.key(0)), progress=False)
    assert diagnose(idata).passed, str(diagnose(idata))
    for name in ("x0", "x3"):
        assert_distributed(idata, name, x, shell_marginal(x, 0.05))


def test_a_band_that_is_cut_short_is_told():
    """Intervals from draws that do not show where the band goes."""
    target = band(0.9, 0.3)
    frame = frame_at(Box.of(target), np.array([0.0, 0.3, 0.0]), np.diag([0.3, 0.3, 0.3]) ** 2)
    assert frame.at_edge(np.array([[0.99, 0.5, 0.5]])) == 0
    covariance = np.array([[0.3, 0.27, 0], [0.27, 0.243 + WIDTH**2, 0], [0, 0, 0.1]])
    narrowed = frame_at(Box.of(target), np.array([0.0, 0.3, 0.0]), covariance).narrowed(np.zeros((10, 3)))
    assert narrowed.upper[0] < 0.82
    assert narrowed.at_edge(np.array([[0.75, 0.975, 0.0]])) == 0
    assert narrowed.at_edge(np.array([[narrowed.upper[0] - 1e-3, 1.0, 0.0]])) == 1
