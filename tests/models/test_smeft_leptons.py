"""SMEFT coefficients and B_s -> mu mu: every way to a prediction carries what is above m_W."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from jax.tree_util import Partial
from typer.testing import CliRunner

from dineutrino.analysis.predict import predict
from dineutrino.cli import app
from dineutrino.inputs import load_inputs, load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import load_measurements
from dineutrino.models import load_model
from dineutrino.models.smeft_point import smeft_point
from dineutrino.observables import Predictor

pytestmark = pytest.mark.slow

NAMES = ("BR(Bs->mumu)", "BR(B+->Knunu)", "BR(B0->tautau)")
VALUES = {"Re lq1_2223": 0.001, "Re ld_2223": -0.0004, "Im qe_1333": 0.02}
COEFFICIENTS = {"lq1_2223": 1e-9, "ld_2223": -4e-10, "qe_1333": 2e-8j}


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def model(inputs):
    return load_model("SMEFT", inputs)


@pytest.fixture(scope="module")
def expected(inputs):
    """Of the point without a model."""
    return np.asarray(Predictor(NAMES, inputs)(smeft_point(COEFFICIENTS, 1000.0, inputs)))


@pytest.fixture(scope="module")
def given():
    return {name: jnp.asarray(value) for name, value in VALUES.items()}


def test_size_of_the_effect(inputs, expected):
    """C10 = 589 per TeV^-2 of lq1 (arXiv:2404.06533 and wilson), less that of ld, over -4.05 of the Standard Model."""
    shift = 589 * (0.001 + 0.0004) / -4.05
    none = Predictor(NAMES, inputs)(smeft_point({"lq1_2223": 1e-30}, 1000.0, inputs))
    assert expected[0] / float(none[0]) == pytest.approx((1 + shift) ** 2, rel=0.02)
    assert abs(expected[2] / float(none[2]) - 1) > 0.5


def test_at_one_point_and_at_many(inputs, model, given, expected):
    predictor = Predictor(NAMES, inputs)
    assert np.asarray(predictor(model(given, inputs))) == approx(expected, rel=1e-10)
    points = {name: value * jnp.asarray([1.0, 0.5]) for name, value in given.items()}
    batch = jax.vmap(lambda point: model(point, inputs).beyond)(points)
    found = predictor.batch(batch)
    assert found[0] == approx(expected, rel=1e-10)
    half = model({name: value / 2 for name, value in given.items()}, inputs)
    assert found[1] == approx(predictor(half), rel=1e-12)


def test_with_uncertainties(inputs, model, given, expected):
    """As a model that follows the inputs, and as a point: tabulated once at central inputs, so with the same errors."""
    prior = load_prior().restrict(["charged leptons", "CKM"])
    references = [(name,) for name in NAMES]
    one = jax.tree.map(
        lambda leaf: jnp.asarray(leaf)[None], (Partial(model, given), smeft_point(COEFFICIENTS, 1e3, inputs))
    )
    found = [predict(references, new, prior) for new in one]
    for each in found:
        assert each.values[0] == approx(expected, rel=1e-10)
        assert each.uncertainties[0] == approx(found[0].uncertainties[0], rel=1e-8)
    assert found[0].uncertainties[0, 0] > 0.02 * expected[0]


def test_in_a_likelihood(inputs, model, expected):
    """Without and with nuisances; its gradient against finite differences."""
    parameters = [Parameter(name, -1.0, 1.0, 0.01) for name in VALUES]
    measurements = load_measurements("belle2_2023_BpKnunu_combination")
    for blocks in ([], ["charged leptons"]):
        likelihood = Likelihood(parameters, measurements, load_prior().restrict(blocks), model, predictions=NAMES)
        predictions = likelihood.predict(likelihood.origin(VALUES))
        assert [float(predictions[name]) for name in NAMES] == approx(expected, rel=1e-10)
    assert any("C_A" in name for name in likelihood.names)

    @jax.jit
    def rate(x):
        return jnp.log(likelihood.predict(likelihood.origin() | dict(zip(VALUES, x, strict=True)))["BR(Bs->mumu)"])

    at = jnp.asarray(list(VALUES.values()))
    numeric = [(rate(at + h) - rate(at - h)) / 2e-6 for h in 1e-6 * jnp.eye(3)]
    assert jax.grad(rate)(at) == approx(numeric, rel=1e-6, abs=1e-4)


def test_the_command(expected):
    settings = ["--set", "lq1_2223=0.001", "--set", "ld_2223=-0.0004", "--set", "qe_1333=0.02j", "--scale", "1000"]
    done = CliRunner().invoke(app, ["predict", *NAMES, *settings, "--json"])
    assert done.exit_code == 0, done.stderr
    assert [row["value"] for row in json.loads(done.stdout)] == approx(expected, rel=1e-9)
