"""SMEFT coefficients at a scale that is a parameter too: direct path, finite differences, ends of its range."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from typer.testing import CliRunner

from dineutrino.analysis import load_analysis
from dineutrino.cli import app
from dineutrino.eft.smeft import smeft_from_mapping
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs, load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.matching.smeft_chain import smeft_to_left
from dineutrino.measurements import load_measurements
from dineutrino.models import load_model

pytestmark = pytest.mark.slow

VALUES = {"Re lq1_3323": 0.02, "Im ld_3323": -0.01, "Re lq1_3333": 0.3}
COEFFICIENTS = {"lq1_3323": 2e-8 + 0j, "ld_3323": -1e-8j, "lq1_3333": 3e-7 + 0j}
ANALYSIS = """\
model: {SMEFT: {scale: free}}
parameters:
  Re lq1_3323: {min: -0.1, max: 0.1}
  scale: {min: 1, max: 8}
measurements: belle2_2023_BpKnunu_combination
nuisances: []
"""


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def model(inputs):
    return load_model("SMEFT", inputs, {"scale": "free"})


@pytest.fixture(scope="module")
def lagrangian(model, inputs):
    """L_L and L_R as a function of the scale in TeV."""
    fixed = {name: jnp.asarray(value) for name, value in VALUES.items()}

    def found(scale):
        neutrinos = model(fixed | {"scale": scale}, inputs).wet.nunu.sb
        return jnp.stack([neutrinos.left, neutrinos.right])

    return found


def test_value_is_that_of_the_direct_path(inputs, lagrangian):
    coefficients = smeft_from_mapping(COEFFICIENTS)
    for scale in (0.5, 0.777, 1.0, 3.21, 10.0):
        left = jax.jit(smeft_to_left)(coefficients, 1e3 * scale, inputs)
        expected = np.stack([left.VnudLL[:, :, 1, 2], left.VnudLR[:, :, 1, 2]])
        assert lagrangian(scale) == approx(expected, abs=1e-8 * np.abs(expected).max())


def test_derivative_by_the_scale(lagrangian):
    """Of the real and imaginary parts, against finite differences."""

    def parts(scale):
        found = 1e6 * lagrangian(scale)
        return jnp.stack([found.real, found.imag])

    slope = jax.jit(jax.jacrev(parts))
    for scale in (0.6, 2.0, 9.0):
        step = 1e-4 * scale
        numeric = (parts(scale + step) - parts(scale - step)) / (2 * step)
        exact = slope(scale)
        assert exact == approx(numeric, abs=1e-6 * float(jnp.abs(numeric).max()))
        assert float(jnp.abs(exact).max()) > 1e-6


def test_likelihood_and_its_gradient(model):
    parameters = [Parameter("Re lq1_3323", -0.1, 0.1, 0.01), Parameter("scale", 0.5, 10.0, 1.0)]
    measurement = load_measurements("belle2_2023_BpKnunu_combination")
    likelihood = Likelihood(parameters, measurement, load_prior().restrict([]), model)
    vector = jnp.asarray([0.03, 2.5])
    function = jax.jit(lambda v: likelihood.log_prob(likelihood.to_point(v)))
    exact = jax.grad(function)(vector)
    numeric = [(function(vector + h) - function(vector - h)) / (2 * h.sum()) for h in jnp.diag(jnp.array([1e-6, 1e-4]))]
    assert exact == approx(np.array(numeric), rel=1e-6)
    assert abs(float(exact[1])) > 1e-6
    many = jax.vmap(function)(jnp.asarray([[0.03, 0.5], [0.03, 2.5], [0.03, 10.0]]))
    assert np.all(np.isfinite(many))
    assert float(many[1]) == pytest.approx(float(function(vector)), rel=1e-12)
    assert float(function(jnp.asarray([0.03, 10.5]))) == -np.inf
    beyond = [parameters[0], Parameter("scale", 0.5, 20.0, 1.0)]
    with pytest.raises(DineutrinoError, match=r"must stay in \[0.5, 10\], not \[0.5, 20\]"):
        Likelihood(beyond, measurement, load_prior(), model)


def test_analysis_file(tmp_path):
    path = tmp_path / "analysis.yaml"
    path.write_text(ANALYSIS)
    analysis = load_analysis(path)
    assert "mu" in analysis.parameters[1].tex
    assert np.isfinite(float(analysis.likelihood().log_prob(analysis.likelihood().origin({"scale": 3.0}))))
    path.write_text(ANALYSIS.replace("max: 8", "max: 80"))
    with pytest.raises(DineutrinoError, match=r"line 4, parameters.scale: 'scale' of SMEFT, .* in \[0.5, 10\]"):
        load_analysis(path)
    path.write_text(ANALYSIS.replace("  scale: {min: 1, max: 8}\n", ""))
    with pytest.raises(DineutrinoError, match="SMEFT needs a value of 'scale'"):
        load_analysis(path)


def predict(*settings, options="{SMEFT: {scale: free}}"):
    given = [part for setting in settings for part in ("--set", setting)]
    return CliRunner().invoke(app, ["predict", "BR(B+->Knunu)", "--model", options, *given, "--json"])


def test_predict():
    """At 1 TeV a free scale is the fixed one."""
    free = predict("Re lq1_3323=0.02", "scale=1")
    fixed = predict("Re lq1_3323=0.02", options="SMEFT")
    assert free.exit_code == fixed.exit_code == 0, free.stderr + fixed.stderr
    (one,), (two,) = json.loads(free.stdout), json.loads(fixed.stdout)
    assert one["value"] == pytest.approx(two["value"], rel=1e-8)
    beyond = predict("Re lq1_3323=0.02", "scale=11")
    assert beyond.exit_code == 2
    assert "must stay in [0.5, 10], not 11" in beyond.stderr
