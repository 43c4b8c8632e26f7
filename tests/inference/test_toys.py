"""Toy experiments: their fits, and their goodness of fit against the distribution that it must have."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import toys as toy_targets
from close import approx
from scipy import stats

from dineutrino.errors import DineutrinoError
from dineutrino.inference import maximum, toys
from dineutrino.inputs import load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import CorrelatedGaussian, Gaussian, Measurement, TwoPieceGaussian, load_measurements

REFERENCES = [("BR(B+->Knunu)",), ("BR(B0->Knunu)",)]


@dataclass(frozen=True)
class Line:
    """y = a + b x + noise at six x, with one nuisance that shifts all of them."""

    names = ("a", "b", "block: z")
    n_parameters = 2
    lower = jnp.array([-jnp.inf, -jnp.inf, -jnp.inf])
    upper = -lower
    scale = jnp.ones(3)
    x = jnp.linspace(-1.0, 1.0, 6)
    y = jnp.array([0.3, 0.1, 1.4, 1.2, 1.7, 2.9])

    def to_point(self, vector):
        return vector

    def to_vector(self, point):
        return point

    def model(self, v):
        return v[0] + v[1] * self.x + 0.3 * v[2] * self.x**2

    def log_prob_of(self, v, data):
        values, centre = data
        return -0.5 * jnp.sum((self.model(v) - values) ** 2 / 0.25) - 0.5 * (v[2] - centre) ** 2

    def log_prob(self, v):
        return self.log_prob_of(v, (self.y, 0.0))

    def simulate(self, key, v):
        first, second = jax.random.split(key)
        return self.model(v) + 0.5 * jax.random.normal(first, (6,)), v[2] + jax.random.normal(second)


@pytest.fixture(scope="module")
def found():
    line = Line()
    best = maximum(line, toy_targets.key(0)).best
    return best, toys(line, toy_targets.key(1), best, number=1000)


def test_chi2_of_a_linear_model_is_distributed_as_chi2(found):
    """Seven data, the constraint among them, and three entries."""
    best, drawn = found
    assert drawn.converged.all()
    assert drawn.lost == 0
    assert stats.kstest(drawn.chi2, stats.chi2(4).cdf).pvalue > 1e-3
    assert drawn.observed_chi2 == -2 * best.log_prob
    expected = stats.chi2(4).sf(drawn.observed_chi2)
    assert drawn.p_value == approx(expected, abs=4 * drawn.p_value_error)


def test_fits_scatter_around_the_truth_with_the_hessian_error(found):
    best, drawn = found
    assert drawn.vectors.mean(axis=0) == approx(best.vector, abs=4 * float(np.max(best.errors)) / np.sqrt(1000))
    assert np.cov(drawn.vectors.T) == approx(best.covariance, abs=0.15 * float(np.max(best.covariance)))


def test_the_same_key_gives_the_same_toys(found):
    best, drawn = found
    again = toys(Line(), toy_targets.key(1), best, number=40)
    assert again.vectors == approx(drawn.vectors[:40], rel=1e-12)
    assert len(toys(Line(), toy_targets.key(2), best, number=40).chi2) == 40


def test_refuses_no_toys(found):
    with pytest.raises(DineutrinoError, match="at least 1, not 0"):
        toys(Line(), toy_targets.key(1), found[0], number=0)


# -- of a likelihood --------------------------------------------------------------------------------------------------


def measurement(term):
    return Measurement(name="test", experiment="test", source="test", description="", contains=(), term=term)


@pytest.mark.parametrize(
    ("term", "mean", "covariance"),
    [
        (Gaussian(REFERENCES, [1.0, 2.0], [0.5, 0.2]), [4.0, 5.0], [[0.25, 0.0], [0.0, 0.04]]),
        (
            CorrelatedGaussian(REFERENCES, [1.0, 2.0], [[0.25, 0.08], [0.08, 0.04]]),
            [4.0, 5.0],
            [[0.25, 0.08], [0.08, 0.04]],
        ),
    ],
)
def test_data_scatter_around_the_prediction(term, mean, covariance):
    drawn = jax.vmap(lambda key: term.simulate(jnp.asarray(mean), key).value)(
        jax.random.split(jax.random.key(0), 20000)
    )
    assert drawn.mean(axis=0) == approx(mean, abs=0.02)
    assert np.cov(drawn.T) == approx(np.array(covariance), abs=0.01)


def test_asymmetric_data_are_distributed_as_the_likelihood_says():
    """As a function of the data, exp(log L) is a density up to its norm; the toys follow it."""
    term = TwoPieceGaussian(REFERENCES[:1], [0.0], [2.0], [1.0])
    truth = jnp.asarray([3.0])
    keys = jax.random.split(jax.random.key(0), 20000)
    drawn = np.asarray(jax.vmap(lambda key: term.simulate(truth, key).value[0])(keys))
    grid = np.linspace(-10, 10, 4001)
    density = np.exp([-0.5 * ((3.0 - m) / (2.0 if m < 3.0 else 1.0)) ** 2 for m in grid])
    cdf = np.cumsum(density) / np.sum(density)
    assert stats.kstest(drawn, lambda x: np.interp(x, grid, cdf)).pvalue > 1e-3


@pytest.mark.slow
def test_toys_of_a_likelihood():
    term = Gaussian([*REFERENCES, ("BR(B0->K*nunu)",)], [9e-6, 9e-6, 1.5e-5], [1e-6, 1.2e-6, 2e-6])
    prior = load_prior("default").restrict(["B->K HPQCD2022", "B->K* GRvDV2023"])
    likelihood = Likelihood([Parameter("Re CL_bsnutaunutau", -30, 10)], [measurement(term)], prior)
    best = maximum(likelihood, jax.random.key(0)).best
    drawn = toys(likelihood, jax.random.key(1), best, number=400)
    assert drawn.converged.all()
    assert drawn.chi2.mean() == approx(2.0, abs=0.4)
    assert drawn.vectors[:, 0].std() == approx(best.error("Re CL_bsnutaunutau"), rel=0.25)


@pytest.mark.slow
def test_refuses_what_cannot_be_drawn():
    likelihood = Likelihood(
        [Parameter("Re CL_bsnutaunutau", -30, 10)], load_measurements(["belle2017_B0KSnunu"]), load_prior("default")
    )
    with pytest.raises(DineutrinoError, match=r"BR\(B0->KSnunu\).*an upper limit does not say"):
        likelihood.simulate(jax.random.key(0), likelihood.origin())
