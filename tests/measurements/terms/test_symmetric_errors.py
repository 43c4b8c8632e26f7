"""Symmetric errors: closed form, scipy, and what is refused."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dineutrino.errors import DineutrinoError
from dineutrino.measurements import CorrelatedGaussian, Gaussian

K, KSTAR, KS = ("BR(B+->Knunu)",), ("BR(B0->K*nunu)",), ("BR(B0->KSnunu)",)
SIGMA = np.array([0.7e-5, 0.5e-5, 0.2e-5])
RHO = np.array([[1.0, 0.6, -0.3], [0.6, 1.0, 0.1], [-0.3, 0.1, 1.0]])
COVARIANCE = RHO * np.outer(SIGMA, SIGMA)
VALUE = np.array([2.3e-5, 1.0e-5, 0.4e-5])
SM = jnp.array([0.5e-5, 0.9e-5, 0.2e-5])


def test_gaussian_is_scipys_up_to_the_constant():
    term = Gaussian((K, KSTAR), [2.3e-5, 1.0e-5], [0.7e-5, 0.5e-5])
    prediction = np.array([0.5e-5, 1.8e-5])
    expected = stats.norm.logpdf(prediction, VALUE[:2], SIGMA[:2]) - stats.norm.logpdf(0, 0, SIGMA[:2])
    assert float(term.log_prob(jnp.asarray(prediction), SM[:2])) == pytest.approx(expected.sum(), rel=1e-13)
    np.testing.assert_allclose(term.pull(jnp.asarray(prediction), SM[:2]), [-1.8 / 0.7, 0.8 / 0.5], rtol=1e-12)


def test_gaussian_does_not_see_the_standard_model():
    term = Gaussian((K,), [2.3e-5], [0.7e-5])
    x = jnp.array([1e-5])
    assert term.log_prob(x, jnp.array([0.0])) == term.log_prob(x, jnp.array([1.0]))


def test_correlated_gaussian_is_scipys_up_to_the_constant():
    term = CorrelatedGaussian((K, KSTAR, KS), VALUE, COVARIANCE)
    prediction = VALUE + np.array([1.0, -0.4, 2.0]) * SIGMA
    scaled = stats.multivariate_normal(np.zeros(3), RHO)
    expected = scaled.logpdf((prediction - VALUE) / SIGMA) - scaled.logpdf(np.zeros(3))
    assert float(term.log_prob(jnp.asarray(prediction), SM)) == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(term.pull(jnp.asarray(prediction), SM), [1.0, -0.4, 2.0], rtol=1e-10)
    assert float(term.log_prob(jnp.asarray(VALUE), SM)) == 0.0


def test_without_correlation_it_is_the_independent_gaussian():
    correlated = CorrelatedGaussian((K, KSTAR, KS), VALUE, np.diag(SIGMA**2))
    independent = Gaussian((K, KSTAR, KS), VALUE, SIGMA)
    x = jnp.array([1e-5, 2e-5, 0.1e-5])
    assert float(correlated.log_prob(x, SM)) == pytest.approx(float(independent.log_prob(x, SM)), rel=1e-13)


def test_order_of_observables_does_not_matter():
    order = np.array([2, 0, 1])
    names = (K, KSTAR, KS)
    permuted = CorrelatedGaussian(tuple(names[i] for i in order), VALUE[order], COVARIANCE[np.ix_(order, order)])
    straight = CorrelatedGaussian(names, VALUE, COVARIANCE)
    x = jnp.array([1e-5, 2e-5, 0.1e-5])
    assert float(permuted.log_prob(x[order], SM[order])) == pytest.approx(float(straight.log_prob(x, SM)), rel=1e-12)


@settings(deadline=None, max_examples=40)
@given(x=st.floats(-1e3, 1e3), sigma=st.floats(1e-3, 1e3), value=st.floats(-1e3, 1e3))
def test_gaussian_never_exceeds_zero_and_is_symmetric(x, sigma, value):
    term = Gaussian((K,), [value], [sigma])
    sm = jnp.array([0.0])
    above, below = term.log_prob(jnp.array([value + x]), sm), term.log_prob(jnp.array([value - x]), sm)
    assert above <= 0
    np.testing.assert_allclose(above, below, rtol=1e-6, atol=1e-12 + 1e-9 * abs(value * x) / sigma**2)


@pytest.mark.parametrize(
    ("value", "sigma", "message"),
    [
        ([1.0], [0.0], "'uncertainty' must be positive"),
        ([1.0], [-1.0], "'uncertainty' must be positive"),
        ([1.0], [np.inf], "'uncertainty' must be finite"),
        ([np.nan], [1.0], "'value' must be finite"),
        ([1.0, 2.0], [1.0], "'value' must have shape"),
        ([1.0], [1.0, 1.0], "'uncertainty' must have shape"),
    ],
)
def test_gaussian_refuses(value, sigma, message):
    with pytest.raises(DineutrinoError, match=message):
        Gaussian((K,), value, sigma)


@pytest.mark.parametrize(
    ("covariance", "message"),
    [
        (np.array([[1.0, 1.0], [1.0, 1.0]]), "positive definite"),
        (np.array([[1.0, 2.0], [2.0, 1.0]]), "positive definite"),
        (np.array([[1.0, 0.0], [0.0, 0.0]]), "positive definite"),
        (np.array([[1.0, 0.0], [0.0, -1.0]]), "positive definite"),
        (np.array([[1.0, 0.2], [0.1, 1.0]]), "not symmetric"),
        (np.array([[1.0, np.nan], [np.nan, 1.0]]), "not finite"),
        (np.eye(3), "must be 2 x 2"),
    ],
)
def test_correlated_gaussian_refuses(covariance, message):
    with pytest.raises(DineutrinoError, match=message):
        CorrelatedGaussian((K, KSTAR), [1.0, 1.0], covariance)


@pytest.mark.parametrize(
    ("observables", "message"),
    [((), "at least one observable"), ((K, K), "occurs twice"), ((("<BR>(B+->Knunu)", float("nan"), 1.0),), "finite")],
)
def test_observables_are_checked(observables, message):
    with pytest.raises(DineutrinoError, match=message):
        Gaussian(observables, [1.0] * len(observables), [1.0] * len(observables))
