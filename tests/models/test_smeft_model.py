"""SMEFT coefficients as parameters: against the direct path, and with CKM nuisances."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from typer.testing import CliRunner

from dineutrino.cli import app
from dineutrino.eft import NuNu
from dineutrino.eft.smeft import smeft_from_mapping
from dineutrino.eft.wcxf.smeft import write_smeft
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import DB, DS, SB, load_inputs, load_prior
from dineutrino.inputs.quarks import ALL
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.matching.smeft_chain import neutrino_coefficients, neutrino_currents, smeft_to_left
from dineutrino.measurements import load_measurements
from dineutrino.models import SMEFT, load_model
from dineutrino.models.smeft_point import smeft_point
from dineutrino.observables import Predictor, get
from dineutrino.theory import Wet

pytestmark = pytest.mark.slow

NAMES = ("BR(B+->Knunu)", "BR(B0->K*nunu)", "FL(B0->K*nunu)")
POINT = {"lq1_3323": 2e-8 + 0j, "ld_3323": -1e-8j}


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def direct(inputs):
    left = jax.jit(smeft_to_left)(smeft_from_mapping(POINT), 1000.0, inputs)
    return np.asarray(Predictor(NAMES, inputs)(neutrino_coefficients(left, inputs)))


@pytest.fixture(scope="module")
def model(inputs):
    return load_model("SMEFT", inputs)


PARAMETERS = {"Re lq1_3323": 0.02, "Im ld_3323": -0.01}


def test_predictions_are_those_of_the_direct_path(inputs, model, direct):
    found = Predictor(NAMES, inputs)(model({name: jnp.asarray(value) for name, value in PARAMETERS.items()}, inputs))
    assert np.asarray(found) == approx(direct, rel=1e-10)


CKM = ("ckm_lambda", "ckm_A", "ckm_rhobar", "ckm_etabar")


def test_derivatives_by_the_ckm_matrix_and_the_top_mass(inputs, model):
    """Against finite differences of the model, and of all from 1 TeV on, where every coupling moves with the inputs.

    The running follows the inputs that are live, here the mass of the top quark. The CKM matrix in loops stays: it is
    felt where amplitudes interfere with the Standard Model, to 2e-5 of all of it.
    """
    names = (*CKM, "m_t(m_t)")
    live = load_model("SMEFT", inputs, {"live": ["m_t(m_t)"]})
    at = np.array([float(inputs[name]) for name in names])
    values = {name: jnp.asarray(value) for name, value in PARAMETERS.items()}
    rates = [get(name) for name in NAMES]
    chain = jax.jit(smeft_to_left)

    def moved(x):
        return inputs.replace(dict(zip(names, x, strict=True)))

    @jax.jit
    def of_the_model(x):
        theory = live(values, moved(x))
        return jnp.log(jnp.stack([rate(theory, theory.inputs) for rate in rates]))

    @jax.jit
    def of_left(x, left):
        new = Wet.b_to_s(NuNu(left.VnudLL[:, :, 1, 2], left.VnudLR[:, :, 1, 2]))
        return jnp.log(jnp.stack([rate(new, moved(x)) for rate in rates]))

    def whole(x):
        return of_left(x, chain(smeft_from_mapping(POINT), 1000.0, moved(x)))

    exact = np.asarray(jax.jit(jax.jacfwd(of_the_model))(jnp.asarray(at))).T * at[:, None]
    for i, step in enumerate(np.diag(1e-4 * at)):
        same, chained = ((f(at + step) - f(at - step)) / 2e-4 for f in (of_the_model, whole))
        assert exact[i] == approx(same, rel=1e-6, abs=1e-9)
        assert np.abs(exact[i]).max() > 3e-3
        assert exact[i] == approx(chained, abs=2e-5 if names[i] in CKM else 1e-7)
    assert np.asarray(of_the_model(at)) == approx(np.asarray(whole(at)), rel=1e-10)


def test_inputs_that_the_running_follows_must_exist(inputs):
    with pytest.raises(DineutrinoError, match="unknown input 'm_tt'; did you mean"):
        load_model("SMEFT", inputs, {"live": ["m_tt"]})
    with pytest.raises(DineutrinoError, match=r"unknown input of the running 'm_t'.* m_t\(m_t\)"):
        load_model("SMEFT", inputs, {"live": ["ckm_A", "m_t"]})  # the pole mass
    with pytest.raises(DineutrinoError, match="option 'live' of SMEFT must be a list, not 'm_t'"):
        load_model("SMEFT", inputs, {"live": "m_t"})


def test_likelihood_and_its_gradient(model):
    """The rate of new physics alone does not depend on V_tb V_ts*: only the product with the Standard Model does."""
    parameters = [Parameter(name, -0.1, 0.1, 0.01) for name in PARAMETERS]
    prior = load_prior().restrict(["CKM"])
    likelihood = Likelihood(parameters, load_measurements("belle2_2023_BpKnunu_combination"), prior, model)
    function = jax.jit(lambda v: likelihood.log_prob(likelihood.to_point(v)))
    vector = jnp.asarray([0.013, -0.004, *np.linspace(-0.5, 0.5, len(likelihood.names) - 2)])
    exact = np.asarray(jax.jit(jax.grad(function))(vector))
    numeric = [(function(vector + h) - function(vector - h)) / 2e-6 for h in 1e-6 * jnp.eye(len(vector))]
    assert exact == approx(np.array(numeric), rel=1e-5, abs=1e-6)

    def branching_ratio(z, strength):
        point = likelihood.to_point(jnp.asarray([strength, 0.0, *z]))
        return likelihood.predict(point)["BR(B+->Knunu)"]

    size = len(likelihood.names) - 2
    shifted, central = (branching_ratio(z, 10.0) for z in (np.ones(size), np.zeros(size)))
    assert abs(shifted / central - 1) < 1e-3  # new physics only: no change
    standard = branching_ratio(np.ones(size), 0.0) / branching_ratio(np.zeros(size), 0.0)
    assert abs(standard - 1) > 1e-2  # the Standard Model goes like |V_tb V_ts*|^2


def test_the_command_takes_names_with_a_scale_and_files(tmp_path, direct):
    write_smeft(tmp_path / "point.json", smeft_from_mapping(POINT), 1000.0)
    arguments = [["--set", "lq1_3323=0.02", "--set", "ld_3323=-0.01j", "--scale", "1000"],
                 ["--wilson", str(tmp_path / "point.json")]]  # fmt: skip
    for given in arguments:
        result = CliRunner().invoke(app, ["predict", *NAMES, *given, "--json"])
        assert result.exit_code == 0, result.stderr
        assert [row["value"] for row in json.loads(result.stdout)] == approx(direct, rel=1e-9)


def test_a_file_with_all_classes_of_the_warsaw_basis(tmp_path, direct):
    """As programs that run the whole basis write them: rounding in imaginary parts, more than vector currents."""
    values = {name: {"Re": value.real, "Im": value.imag} for name, value in POINT.items()}
    path = tmp_path / "point.json"

    def rates(more):
        record = {"eft": "SMEFT", "basis": "Warsaw", "scale": 1000.0, "values": values | more}
        path.write_text(json.dumps(record))
        result = CliRunner().invoke(app, ["predict", *NAMES, "--wilson", str(path), "--json"])
        assert result.exit_code == 0, result.stderr
        return np.array([row["value"] for row in json.loads(result.stdout)])

    small = {"Re": 1e-12, "Im": 1e-31}
    assert rates({"ledq_3333": 1e-12, "lq1_3333": small, "uB_33": 1e-14, "W": 1e-13}) == approx(direct, rel=1e-3)
    penguins = rates({"phiud_33": 3e-8, "uphi_33": 1e-7}) - direct
    assert np.abs(penguins[:2]).max() < 1e-3 * direct[0]
    assert np.all(np.isfinite(penguins))
    scalar_loops = rates({"ledq_3323": 1e-5}) / direct - 1
    assert np.abs(scalar_loops).max() > 1e-9


def test_all_classes_are_parameters(inputs):
    """Classes beyond vector currents reach neutrinos through loops: as the whole chain, at one scale and at any."""
    values = {"Re lq1_3323": 0.02, "Im ld_3313": -0.01, "Re phiud_33": 0.3, "Re uphi_33": 1.0, "Re ledq_3333": 5.0}
    coefficients = {"lq1_3323": 2e-8, "ld_3313": -1e-8j, "phiud_33": 3e-7, "uphi_33": 1e-6, "ledq_3333": 5e-6}
    expected = smeft_point(coefficients, 1500.0, inputs).wet
    fixed, free = (load_model("SMEFT", inputs, {"scale": scale}) for scale in (1.5, "free"))
    given = {name: jnp.asarray(value) for name, value in values.items()}
    for model, more in ((fixed, {}), (free, {"scale": jnp.asarray(1.5)})):
        found = model(given | more, inputs).wet
        for quarks in ALL:
            pairs = zip(
                *(jax.tree.leaves(it) for it in (found.neutrinos(quarks), expected.neutrinos(quarks))), strict=True
            )
            for ours, theirs in pairs:
                assert ours == approx(theirs, abs=1e-12 * 1e-6 + 1e-6 * float(jnp.abs(theirs).max()))
    live = load_model("SMEFT", inputs, {"scale": 1.5, "live": ["m_t(m_t)"]})
    with pytest.raises(DineutrinoError, match="live in the running of vector currents only, and Re ledq_3333 is none"):
        live(given, inputs)


def test_one_point_has_one_uncertainty(inputs):
    """Of new physics in b -> s nu nubar none: it has no CKM matrix in it. As options of the command and as a model."""
    commands = [["--set", "ld_3323=0.03", "--scale", "2000"],
                ["--set", "Re ld_3323=0.03", "--model", "{SMEFT: {scale: 2}}"]]  # fmt: skip
    rows = []
    for given in commands:
        result = CliRunner().invoke(app, ["predict", "BR(B+->Knunu)", *given, "--json"])
        assert result.exit_code == 0, result.stderr
        rows.append(json.loads(result.stdout)[0])
    assert rows[0]["value"] == approx(rows[1]["value"], rel=1e-12)
    assert rows[0]["uncertainty"] == approx(rows[1]["uncertainty"], rel=1e-9)
    assert rows[0]["uncertainty"] == pytest.approx(1.47e-6, abs=5e-9)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "lq1_3323=1e-8"], "lq1_3323 is a coefficient of SMEFT; say at which scale with --scale, in GeV"),
        (["--set", "lq1_3332=1e-8", "--scale", "1000"], "lq1_3332"),
        (["--set", "lq1_3323=1e-8", "--scale", "5"], "must be above m_Z and at most 1e+08, in GeV, not 5.0"),
        (["--model", "DarkScalar", "--set", "mass=1", "--scale", "1000"], "--scale goes with SMEFT coefficients"),
    ],
)
def test_bad_commands(arguments, said):
    result = CliRunner().invoke(app, ["predict", "BR(B+->Knunu)", *arguments])
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert said in line


def test_bad_scales_and_names(inputs, model):
    with pytest.raises(
        DineutrinoError, match=r"the scale of SMEFT must be above m_Z and at most 100000, in TeV, or 'free', not 0\.05"
    ):
        SMEFT(inputs, 0.05)
    with pytest.raises(DineutrinoError, match="in TeV, or 'free', not fre"):
        load_model("SMEFT", inputs, {"scale": "fre"})
    with pytest.raises(DineutrinoError, match="option 'scale' of SMEFT must be a number or a word, not True"):
        load_model("SMEFT", inputs, {"scale": True})
    with pytest.raises(DineutrinoError, match=r"^lq1_3332 is redundant: give lq1_3323, its complex conjugate"):
        model({"Re lq1_3332": jnp.asarray(1.0)}, inputs)
    assert model.tex("Re lq1_3323")


def test_all_transitions_follow_from_one_chain(inputs, model):
    """At m_b against the whole chain; a coefficient with flavours 1 and 3 moves b -> d, and b -> s only by running."""
    named = {"Re lq1_3313": 0.02, "Im ld_3312": 0.01, "Re phid_12": 0.003}
    wet = model({name: jnp.asarray(value) for name, value in named.items()}, inputs).wet
    point = {"lq1_3313": 2e-8, "ld_3312": 1e-8j, "phid_12": 3e-9}
    left = jax.jit(smeft_to_left)(smeft_from_mapping(point), 1000.0, inputs)
    for quarks in (SB, DB, DS):
        expected = neutrino_currents(left, quarks)
        for found, exact in zip(jax.tree.leaves(wet.neutrinos(quarks)), jax.tree.leaves(expected), strict=True):
            assert np.asarray(found) == approx(np.asarray(exact), rel=1e-8, abs=1e-16)
    sizes = [float(jnp.abs(wet.neutrinos(quarks).left).max()) for quarks in (SB, DB)]
    assert sizes[0] < 1e-3 * sizes[1]


def test_the_command_predicts_all_transitions():
    """A coefficient of s -> d changes K -> pi nu nubar, with SMEFT at a scale and with names of the WET."""

    def ratio(*arguments):
        run = CliRunner().invoke(app, ["predict", "BR(K+->pinunu)", "BR(B+->Knunu)", "--json", *arguments])
        assert run.exit_code == 0, run.output
        return [row["ratio"] for row in json.loads(run.stdout)]

    kaons, b_to_s = ratio("--scale", "1000", "--set", "ld_3312=1e-4")
    assert abs(kaons - 1) > 0.1
    assert b_to_s == pytest.approx(1, abs=1e-6)
    kaons, b_to_s = ratio("--set", "CL_sdnutaunutau=-2", "--set", "CR_bsnuenue=1")
    assert abs(kaons - 1) > 0.1
    assert abs(b_to_s - 1) > 0.05
