"""Regions and intervals of a posterior as they are drawn and written, against integrals over the nuisances."""

import json
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from report_names import CL, CR
from scipy.interpolate import RegularGridInterpolator

from dineutrino.inference import marginals
from dineutrino.inference.intervals import ONE_AND_TWO_SIGMA
from dineutrino.inference.smoothing import smoothed
from dineutrino.inference.target import log_prob
from dineutrino.io import strict_json
from dineutrino.report import plots
from dineutrino.report.results import results
from dineutrino.report.summary import summary

pytestmark = pytest.mark.slow

NODES = 7
"""Of Gauss-Hermite quadrature in each nuisance."""


@pytest.fixture(scope="module")
def pair(two_modes):
    return two_modes.density(CL, CR)


@pytest.fixture(scope="module")
def truth(two_modes, pair):
    """The density on the same grid, with the nuisances integrated over by quadrature."""
    likelihood = two_modes.likelihood
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    count = len(likelihood.names) - 2
    z = np.stack(np.meshgrid(*[nodes] * count, indexing="ij"), axis=-1).reshape(-1, count)
    log_weights = np.log(np.stack(np.meshgrid(*[weights] * count, indexing="ij"), axis=-1)).sum(axis=-1).ravel()
    log_weights += 0.5 * (z**2).sum(axis=1)  # the density has their Gaussian in it
    theta = np.stack(np.meshgrid(*pair.centres, indexing="ij"), axis=-1).reshape(-1, 2)

    @jax.jit
    def integrated(theta):
        def one(z, log_weight):
            vectors = jnp.concatenate([theta, jnp.broadcast_to(z, (len(theta), count))], axis=1)
            return log_weight + jax.vmap(lambda v: log_prob(likelihood, v))(vectors)

        return jax.nn.logsumexp(jax.lax.map(lambda row: one(*row), (jnp.asarray(z), jnp.asarray(log_weights))), axis=0)

    log_density = np.asarray(integrated(jnp.asarray(theta))).reshape(pair.height.shape)
    height = np.exp(log_density - log_density.max())
    height /= height.sum() * pair.cell
    return replace(pair, height=height, parts=np.stack([height, height]))


def wrong(density, truth, content):
    """Area in which two regions of highest density differ, as a fraction of the true one."""
    (x, y), exact = truth.fine
    height = RegularGridInterpolator(density.fine[0], density.fine[1], bounds_error=False, fill_value=0.0)(
        np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    )
    inside = exact >= truth.levels((content,))[0]
    return np.mean((height >= density.levels((content,))[0]) != inside) / np.mean(inside)


def misplaced(density, truth):
    """Probability in the wrong place, by cubic interpolation where the grids differ."""
    points, height = density.fine
    at = np.stack(np.meshgrid(*truth.centres, indexing="ij"), axis=-1)
    here = RegularGridInterpolator(points, height, bounds_error=False, fill_value=0.0)(at)
    return 0.5 * np.abs(here - truth.height).sum() * truth.cell


def test_the_stated_error_is_that_of_the_average(two_modes, truth):
    """Over eight stretches of the draws: twice the error of one alone is 1.6 standard deviations only."""
    ratios = []
    for draws in np.array_split(np.arange(two_modes.posterior.posterior.sizes["draw"]), 8):
        stretch = two_modes.posterior.isel(draw=draws)
        density = marginals.marginal_density(two_modes.likelihood, stretch, (CL, CR))
        ratios.append(misplaced(density, truth) / density.error)
    assert 0.5 < np.mean(ratios) < 2


def test_regions_are_those_of_an_integral_over_the_nuisances(two_modes, pair, truth):
    """Right to 2% of their areas, where a smoothed histogram of the same draws is wrong by more than 10%."""
    assert pair.method == marginals.METHOD
    assert misplaced(pair, truth) < 0.02
    histogram = smoothed((CL, CR), tuple(two_modes.marginal(name) for name in (CL, CR)))
    for content in ONE_AND_TWO_SIGMA:
        assert wrong(pair, truth, content) < 0.02
        assert wrong(histogram, truth, content) > 0.1


def test_no_lobe_between_the_modes(pair, truth):
    """Where the data exclude a pair of coefficients there is no region, whatever a few draws say."""
    (x, y), height = pair.fine
    place = np.argmin(np.abs(x - 9)), np.argmin(np.abs(y + 5))
    assert truth.fine[1][place] < truth.levels((ONE_AND_TWO_SIGMA[1],))[0]
    assert height[place] < pair.levels((ONE_AND_TWO_SIGMA[1],))[0]


def test_intervals_are_those_of_an_integral_over_the_nuisances(two_modes, truth):
    for name in (CL, CR):
        density = two_modes.density(name)
        for content in ONE_AND_TWO_SIGMA:
            found, exact = density.highest(content), truth.of(name).highest(content)
            assert found == pytest.approx(np.array(exact), abs=0.3)


def test_every_place_shows_the_same_density(two_modes, pair):
    """results.json, the summary and the figures."""
    written = json.loads(strict_json.dumps(results(two_modes)))["posterior"]
    (stored,) = written["densities"]
    assert stored["parameters"] == [CL, CR]
    assert stored["estimate"] == pair.method
    assert np.array(stored["density"]) == pytest.approx(pair.height, abs=1e-4 * pair.height.max())
    for name in (CL, CR):
        one = written["parameters"][name]
        assert one["highest_density_68"] == [
            list(ends) for ends in two_modes.density(name).highest(ONE_AND_TWO_SIGMA[0])
        ]
        assert one["density"]["misplaced_probability"] == two_modes.density(name).error
        ends = one["highest_density_68"][0]
        assert f"[{ends[0]:.2f}, {ends[1]:.2f}]" in summary(two_modes)
    assert "average of the conditional densities" in summary(two_modes)
    assert two_modes.density(CR, CL).height == pytest.approx(pair.height.T)
    plots.corner(two_modes)
