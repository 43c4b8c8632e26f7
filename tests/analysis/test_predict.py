"""Predictions at many points: values, and theory uncertainties against sampling."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dineutrino.analysis import predict
from dineutrino.eft import NeutrinoCoefficients
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_prior
from dineutrino.observables import Predictor
from dineutrino.observables.predictor import contract, kernels
from dineutrino.theory import theory_of

REFERENCES = (("BR(B+->Knunu)",), ("FL(B0->K*nunu)", 5.0), ("R(B0->K*nunu)",))
POINTS = (
    {},
    {"CL_bsnutaunutau": 1.5 - 2j},
    {"CL_bsnutaunutau": -3.0, "CR_bsnuenumu": 4j},
    {"CL_bsnuenue": 6.32, "CL_bsnumunumu": 6.32, "CL_bsnutaunutau": 6.32},  # no decays at all
)


@pytest.fixture(scope="module")
def prior():
    return load_prior()


@pytest.fixture(scope="module")
def wilson():
    points = map(NeutrinoCoefficients.from_mapping, POINTS)
    return jax.tree.map(lambda *leaves: jnp.stack(leaves), *points)


@pytest.fixture(scope="module")
def found(prior, wilson):
    return predict(REFERENCES, wilson, prior)


def test_values_are_those_of_the_predictor(prior, wilson, found):
    predictor = Predictor(REFERENCES, prior.central)
    np.testing.assert_allclose(found.values, predictor.batch(wilson), rtol=1e-12, equal_nan=True)
    np.testing.assert_allclose(found.standard_model, predictor(NeutrinoCoefficients.zero()), rtol=1e-12)
    np.testing.assert_allclose(found.ratios[0], 1, rtol=1e-12)


@pytest.mark.slow
def test_uncertainties_are_those_of_the_whole_jacobian(prior, wilson, found):
    predictor = Predictor(REFERENCES[:1], prior.central)
    point = jax.tree.map(lambda matrix: matrix[2], wilson)
    expected = np.sqrt(np.diag(predictor.covariance(point, prior)))
    np.testing.assert_allclose(found.uncertainties[2, :1], expected, rtol=1e-10)
    np.testing.assert_allclose(found.uncertainties[0], found.standard_model_uncertainties, rtol=1e-12)


@pytest.mark.slow
def test_uncertainties_agree_with_sampling(prior, wilson, found):
    """Drawn from a prior twenty times narrower, where the predictions are linear, so that only statistics differ."""
    width, draws = 0.05, 1500
    samples = jax.vmap(prior.sample)(jax.random.split(jax.random.key(3), draws))
    point = jax.tree.map(lambda matrix: matrix[2], wilson)

    def value(z):
        inputs = prior.inputs(jax.tree.map(lambda vector: width * vector, z))
        return contract(REFERENCES, kernels(REFERENCES, inputs), theory_of(point, inputs))

    spread = np.std(jax.jit(lambda z: jax.lax.map(value, z, batch_size=500))(samples), axis=0) / width
    # the standard deviation of n draws is known to 1/sqrt(2n) = 1.8%
    np.testing.assert_allclose(spread, found.uncertainties[2], rtol=0.06)


def test_what_does_not_depend_on_the_inputs_is_exact(found):
    assert found.values[0, 2] == pytest.approx(1)
    assert found.uncertainties[0, 2] == 0
    assert found.uncertainties[2, 2] > 0


def test_ratios_of_nothing_are_undefined(found):
    assert found.values[3, 0] == 0
    assert found.uncertainties[3, 0] == 0
    assert found.ratios[3, 0] == 0
    assert np.isnan(found.values[3, 1])  # longitudinal over all
    assert np.all(np.isfinite(found.values[:3]))


def test_impossible_arguments_are_refused(prior, wilson):
    with pytest.raises(DineutrinoError, match="empty or reversed"):
        predict([("<BR>(B+->Knunu)", 8.0, 4.0)], wilson, prior)
