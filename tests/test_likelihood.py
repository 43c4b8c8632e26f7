"""The likelihood as a whole: what it adds up, its gradient, its flat view, and what it refuses."""

import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import load_measurements
from dineutrino.models import coefficient_parameters

PARAMETERS = (Parameter("Re CL_bsnutaunutau", -40, 40), Parameter("Im CR_bsnumunutau", -30, 30))


@pytest.fixture(scope="module")
def prior():
    return load_prior("default")


@pytest.fixture(scope="module")
def measurements():
    return load_measurements("default")


@pytest.fixture(scope="module")
def likelihood(prior, measurements):
    return Likelihood(PARAMETERS, measurements, prior, predictions=["FL(B0->K*nunu)", "BR(B0->KSnunu)"])


@pytest.fixture(scope="module")
def vector(likelihood):
    rng = np.random.default_rng(0)
    return jnp.asarray(np.concatenate([[4.0, -3.0], rng.normal(size=len(likelihood.names) - 2, scale=0.5)]))


@pytest.mark.slow
def test_is_the_sum_of_its_terms_and_the_prior(likelihood, vector):
    point = likelihood.to_point(vector)
    terms = likelihood.log_likelihoods(point)
    assert set(terms) == {m.name for m in likelihood.measurements}
    nuisances = vector[likelihood.n_parameters :]
    assert likelihood.log_prob(point) == approx(sum(terms.values()) - 0.5 * nuisances @ nuisances, rel=1e-12)


@pytest.mark.slow
def test_predictions_are_those_of_the_inputs_at_the_point(likelihood, vector):
    from dineutrino.observables import Predictor

    point = likelihood.to_point(vector)
    inputs = likelihood.prior.inputs(point["nuisances"])
    wilson = NeutrinoCoefficients.from_mapping({"CL_bsnutaunutau": 4.0, "CR_bsnumunutau": -3j})
    expected = Predictor(likelihood.references, inputs)(wilson)
    predicted = likelihood.predict(point)
    assert list(predicted) == sorted(predicted)  # a pytree of names
    for (name, *_), value in zip(likelihood.references, expected, strict=True):
        assert predicted[name] == approx(value, rel=1e-12)


@pytest.mark.slow
def test_gradient_against_finite_differences(likelihood, vector):
    _, gradient = likelihood.value_and_grad(likelihood.to_point(vector))
    gradient = likelihood.to_vector(gradient)
    for i in range(len(vector)):
        step = jnp.zeros(len(vector)).at[i].set(1e-4)
        up, down = (likelihood.log_prob(likelihood.to_point(vector + s * step)) for s in (1, -1))
        assert gradient[i] == approx((up - down) / 2e-4, rel=1e-5, abs=1e-7), likelihood.names[i]


@pytest.mark.slow
def test_vmap_equals_loop(likelihood, vector):
    vectors = vector + jnp.linspace(-1, 1, 5)[:, None]
    batched = jax.jit(jax.vmap(lambda v: likelihood.log_prob(likelihood.to_point(v))))(vectors)
    assert batched == approx([likelihood.log_prob(likelihood.to_point(v)) for v in vectors], rel=1e-12)


def test_point_and_vector_round_trip(likelihood, vector):
    assert likelihood.to_vector(likelihood.to_point(vector)) == approx(vector)
    n = len(likelihood.names)
    assert likelihood.lower.shape == likelihood.upper.shape == likelihood.scale.shape == vector.shape == (n,)
    assert likelihood.names[:2] == ("Re CL_bsnutaunutau", "Im CR_bsnumunutau")


def test_only_inputs_that_matter_are_nuisances(likelihood, prior):
    kept = set(likelihood.prior.labels)
    assert {"ckm_A", "C_L_SM", "tau_B+", "B->K f_plus a1"} <= kept
    # heavy leptons, the other way to the Standard Model coefficient, tensor form factors and other mesons do not
    assert not {"m_tau", "X_t", "s2_w", "|V_tb V_ts*|", "m_phi"} & kept
    assert not any("f_T" in entry or "T_1" in entry or entry.startswith("Bs->phi") for entry in kept)
    assert "B->K* A_0 a0" in kept  # through the exact relation at q2 = 0


def test_marginal_of_the_kept_inputs_is_exact(likelihood, prior):
    block = next(b for b in prior.blocks if b.name.startswith("B->K*"))
    kept = next(b for b in likelihood.prior.blocks if b.name == block.name)
    rows = [block.labels.index(entry) for entry in kept.labels]
    assert kept.covariance == approx(np.asarray(block.covariance)[np.ix_(rows, rows)], rel=1e-10)


@pytest.mark.slow
def test_outside_the_bounds_the_prior_is_zero(likelihood):
    assert likelihood.log_prob(likelihood.origin({"Re CL_bsnutaunutau": 41.0})) == -jnp.inf
    assert np.isfinite(likelihood.log_prob(likelihood.origin({"Re CL_bsnutaunutau": 40.0})))


@pytest.mark.slow
def test_fixed_inputs_need_no_nuisances(prior, measurements, likelihood):
    fixed = Likelihood(PARAMETERS, measurements, prior.restrict([]))
    assert fixed.names == ("Re CL_bsnutaunutau", "Im CR_bsnumunutau")
    values = {"Re CL_bsnutaunutau": 2.0, "Im CR_bsnumunutau": 1.0}
    assert fixed.log_prob(fixed.origin(values)) == approx(likelihood.log_prob(likelihood.origin(values)), rel=1e-12)


@pytest.mark.slow
def test_a_function_from_named_parameters_to_coefficients(prior, measurements):
    """Lepton-flavour universal C_R: one parameter, three coefficients."""

    def universal(values):
        return NeutrinoCoefficients(jnp.zeros((3, 3), complex), values["C_R"] * jnp.eye(3, dtype=complex))

    model = Likelihood([Parameter("C_R", -20, 20)], measurements, prior.restrict([]), coefficients=universal)
    names = [f"Re CR_bsnu{a}nu{a}" for a in ("e", "mu", "tau")]
    named = Likelihood([Parameter(name, -20, 20) for name in names], measurements, prior.restrict([]))
    assert model.log_prob(model.origin({"C_R": 1.5})) == approx(
        named.log_prob(named.origin(dict.fromkeys(names, 1.5))), rel=1e-13
    )


def test_describe_names_everything_with_its_source(likelihood):
    text = likelihood.describe()
    for measurement in likelihood.measurements:
        assert measurement.name in text
        assert measurement.source in text
    for expected in ("Re CL_bsnutaunutau in [-40, 40]", "HPQCD2022", "set 'default'", "C_L_SM", "ckm_A"):
        assert expected in text


def test_observed_data_and_provenance(likelihood):
    observed = likelihood.observed_data
    assert observed["belle2_2023_BpKnunu_combination: BR(B+->Knunu)"] == pytest.approx(2.3e-5)
    assert observed["belle2017_B0Kstarnunu: BR(B0->K*nunu)"] == pytest.approx(1.8e-5)
    assert likelihood.provenance["input_set"] == "default"
    assert "2311.14647" in likelihood.provenance["sources"]


def test_pulls_are_distances_from_the_data(likelihood):
    pulls = likelihood.pulls(likelihood.origin())
    assert pulls["belle2_2023_BpKnunu_combination"]["BR(B+->Knunu)"] < -2  # the excess


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ([Parameter("Re CL_bsnutaunuta")], "did you mean 'Re CL_bsnutaunutau'"),
        ([Parameter("CL_bsnutaunutau")], "unknown parameter 'CL_bsnutaunutau'; did you mean 'Re CL_bsnutaunutau'"),
        ([Parameter("Re CL_bsnuenue"), Parameter("Re CL_bsnuenue")], "given 2 times"),
    ],
)
def test_bad_parameters(parameters, message, measurements, prior):
    with pytest.raises(DineutrinoError, match=message):
        Likelihood(parameters, measurements, prior)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"lower": 2, "upper": 1}, "lower < upper"),
        ({"lower": float("nan")}, "lower < upper"),
        ({"scale": 0.0}, "positive, finite scale"),
    ],
)
def test_bad_bounds(arguments, message):
    with pytest.raises(DineutrinoError, match=message):
        Parameter("Re CL_bsnuenue", **arguments)


def test_other_bad_input(likelihood, measurements, prior):
    with pytest.raises(DineutrinoError, match="at least one measurement"):
        Likelihood(PARAMETERS, [], prior)
    with pytest.raises(DineutrinoError, match="'belle2_2023_BpKnunu_combination' is given 2 times"):
        Likelihood(PARAMETERS, [*measurements, measurements[0]], prior)
    with pytest.raises(DineutrinoError, match="outside the kinematic range"):
        Likelihood(PARAMETERS, measurements, prior, predictions=[("dBR/dq2(B0->K*nunu)", 22.0)])
    with pytest.raises(DineutrinoError, match="unknown parameter 'Re CL_bsnuenue'"):
        likelihood.origin({"Re CL_bsnuenue": 1.0})
    with pytest.raises(DineutrinoError, match="not finite"):
        likelihood.origin({"Re CL_bsnutaunutau": float("nan")})
    assert len(coefficient_parameters()) == 36


def test_overlapping_data_are_refused(prior):
    overlapping = [
        *load_measurements("belle2_2023_BpKnunu_combination"),
        *load_measurements("belle2_2023_BpKnunu_inclusive"),
    ]
    with pytest.raises(DineutrinoError, match="belle2_2023_BpKnunu_inclusive"):
        Likelihood(PARAMETERS, overlapping, prior)


@pytest.mark.slow
def test_single_precision_is_refused():
    code = (
        "from dineutrino.inputs import load_prior\n"
        "from dineutrino.likelihood import Likelihood, Parameter\n"
        "from dineutrino.measurements import load_measurements\n"
        "Likelihood([Parameter('Re CL_bsnuenue')], load_measurements('default'), load_prior('default'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"DINEUTRINO_ENABLE_X64": "0", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "DineutrinoError: a likelihood needs double precision" in done.stderr
