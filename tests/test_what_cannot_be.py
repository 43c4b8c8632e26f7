"""Numbers that cannot be are refused where they enter; an option that takes over from a file says so."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from typer.testing import CliRunner

from dineutrino.analysis import parse_analysis
from dineutrino.analysis.strength import too_strong, too_strong_for
from dineutrino.cli import new_physics
from dineutrino.cli.app import app
from dineutrino.eft import NuNu
from dineutrino.eft.smeft import smeft_from_mapping
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.matching.smeft_chain import smeft_to_left
from dineutrino.measurements import load_measurement_file
from dineutrino.models import DarkVector, VectorLikeQuarkDarkMatter, load_model
from dineutrino.observables import Predictor
from dineutrino.running import alpha_s, quark_mass
from dineutrino.theory import Beyond, Wet

POINT = {"eft": "WET", "basis": "flavio", "scale": 4.8, "values": {"CL_bsnutaunutau": 2.0}}


@pytest.mark.parametrize(("name", "unit"), [("m_B+", "GeV"), ("m_K+", "MeV"), ("tau_B0", "ps"), ("f_B_s", "MeV")])
@pytest.mark.parametrize("value", [0.0, -1.0])
def test_masses_and_lifetimes_are_positive(name, unit, value):
    with pytest.raises(DineutrinoError, match=f"'{name.replace('+', '.')}': value must be positive, .* not {value}"):
        load_inputs(overrides={name: {"value": value, "unit": unit, "source": "test"}})


def test_dimensionless_numbers_may_have_any_sign():
    assert load_inputs(overrides={"C_L_SM": {"value": 0.0, "unit": "1", "source": "test"}})["C_L_SM"] == 0


def test_minutes_and_seconds_are_no_number():
    text = "parameters:\n  Re CL_bsnutaunutau: {min: 0, max: 1:30}\nmeasurements: marzocca2024\n"
    with pytest.raises(DineutrinoError, match=r"line 2, parameters\.Re CL_bsnutaunutau\.max.*number"):
        parse_analysis(text, "mine.yaml", Path())
    bounds = parse_analysis(text.replace("1:30", "1e1"), "mine.yaml", Path()).parameters[0]
    assert (bounds.lower, bounds.upper) == (0, 10)


def test_one_name_is_no_list_of_observables():
    with pytest.raises(
        DineutrinoError, match=r"takes a list of observables, not one name; write \['BR\(B\+->Knunu\)'\]"
    ):
        Predictor("BR(B+->Knunu)", load_inputs())


@pytest.mark.slow
def test_set_says_that_it_replaces_a_value_of_a_file(tmp_path):
    path = tmp_path / "point.json"
    path.write_text(json.dumps(POINT))
    command = ["predict", "BR(B+->Knunu)", "--wilson", str(path), "--set"]
    assert CliRunner().invoke(app, [*command, "CR_bsnutaunutau=1"]).stderr == ""
    said = CliRunner().invoke(app, [*command, "CL_bsnutaunutau=1"]).stderr
    assert said == f"--set CL_bsnutaunutau replaces the value in {path}.\n"


def said(*arguments):
    """Exit code and what stands on stderr."""
    done = CliRunner().invoke(app, ["predict", *arguments])
    return done.exit_code, done.stderr


MEASURED = "mine: {kind: %s, experiment: X, source: me, observable: %s, %s}"


@pytest.mark.parametrize(
    ("kind", "observable", "numbers", "value"),
    [
        ("gaussian", "BR(B+->Knunu)", "value: 23, uncertainty: 7", 23),
        ("gaussian", "[<BR>(B+->Knunu), 1, 4]", "value: -2, uncertainty: 7", -2),
        ("upper_limit", "BR(B0->K*nunu)", "limit: 1.8, confidence_level: 0.9, convention: half_gaussian_at_zero", 1.8),
    ],
)
def test_branching_ratios_are_at_most_one(tmp_path, kind, observable, numbers, value):
    (tmp_path / "mine.yaml").write_text(MEASURED % (kind, observable, numbers))
    with pytest.raises(DineutrinoError, match=rf"'mine': .* is a probability, at most 1, not {value}; write 2\.3e-5"):
        load_measurement_file(tmp_path / "mine.yaml")


def test_ratios_and_fluctuations_may_be_anything(tmp_path):
    for observable, value in (("R(B+->Knunu)", 5.4), ("BR(B+->Knunu)", -1e-5)):
        (tmp_path / "mine.yaml").write_text(MEASURED % ("gaussian", observable, f"value: {value}, uncertainty: 1"))
        (found,) = load_measurement_file(tmp_path / "mine.yaml")
        assert found.term.measured.tolist() == [value]


@pytest.mark.parametrize(
    ("model", "name", "lower", "upper"),
    [
        ("DarkVector", "Lambda V3", -0.5, -0.5),
        ("DarkVector", "Lambda V3", 0.0, 0.0),
        ("DarkVector", "Lambda V3", -1.0, 2.0),
        ("VectorLikeQuarkDarkMatter", "m_Q", -2.0, 2.0),
        ("VectorLikeQuarkDarkMatter", "m_D", 0.0, 0.0),
    ],
)
def test_scales_are_positive(model, name, lower, upper):
    model = load_model(model, load_inputs())
    assert isinstance(model, DarkVector | VectorLikeQuarkDarkMatter)
    with pytest.raises(DineutrinoError, match=rf"'{name}' of {model.name}, .*, must be positive, not "):
        model.check_range(name, lower, upper)
    model.check_range(name, 0.1, 2.0)


def test_the_command_and_the_analysis_take_no_negative_scale():
    code, stderr = said("BR(B+->Knunu)", "--model", "DarkVector", "--set", "mass=1", "--set", "Lambda V3=-0.5")
    assert code == 2
    assert "must be positive, not -0.5." in stderr
    text = (
        "model: DarkVector\nparameters: {mass: {min: 0.1, max: 1}, Lambda V3: {min: -1, max: 1}}\n"
        "measurements: marzocca2024\n"
    )
    with pytest.raises(DineutrinoError, match=r"parameters\.Lambda V3: .* must be positive, not from -1 to 1"):
        parse_analysis(text, "mine.yaml", Path())


def test_a_number_that_overflows():
    code, stderr = said("BR(B+->Knunu)", "--set", "CL_bsnutaunutau=1e200")
    assert (code, stderr) == (2, "CL_bsnutaunutau = 1e+200 is too large to compute with: at most 1e+30.\n")
    assert said("BR(B+->Knunu)", "--model", "SMEFT", "--set", "lq1_3323=-1e200")[0] == 2


@pytest.mark.slow
def test_a_branching_ratio_above_one_is_remarked():
    code, stderr = said("BR(B+->Knunu)", "R(B+->Knunu)", "--set", "CL_bsnutaunutau=1e4")
    assert code == 0
    assert stderr == ("BR(B+->Knunu) above 1: no such point is possible; are the coefficients in the right unit?\n")


@pytest.mark.slow
def test_a_pair_that_is_too_heavy_is_remarked():
    """m_B+ - m_K+ = 4.786 GeV, m_B0 - m_K*0 = 4.384 GeV; the bin ends at 2 GeV."""
    names = ("BR(B+->Knunu)", "BR(B0->K*nunu)", "<BR>(B+->Knunu)", "1", "4")
    pair = ("--model", "DarkScalar", "--set", "Re S=1e-9", "--set")
    heavy = "a pair of 4.6 GeV in all is too heavy for BR(B0->K*nunu), <BR>(B+->Knunu)[1, 4] (up to 4.384 GeV), and"
    assert said(*names, *pair, "mass=2.3") == (0, f"{heavy} changes nothing there.\n")
    parity = "BR(B0->K*nunu): as in the Standard Model; nothing that was given changes it.\n"
    assert said(*names, *pair, "mass=0.9") == (0, parity)


@pytest.mark.parametrize(("largest", "cautions"), [(2.3, 0), (2.5, 1)])
def test_masses_that_no_measurement_sees_are_remarked(largest, cautions):
    text = (
        f"model: DarkScalar\nparameters: {{mass: {{min: 0, max: {largest}}}, Re S: {{min: 0, max: 1}}}}\n"
        "measurements: marzocca2024\n"
    )
    found = parse_analysis(text, "mine.yaml", Path()).cautions()
    assert len(found) == cautions
    assert all("with every parameter at its max, a pair of 5 GeV in all is too heavy for R(B+" in x for x in found)


def test_a_decay_that_overrides_close():
    inputs = load_inputs(overrides={"m_B+": {"value": 0.1, "unit": "GeV", "source": "test"}})
    with pytest.raises(DineutrinoError, match=r"BR\(B\+->Knunu\) is no decay .* begins with 0.1 GeV and ends with at"):
        Predictor(["BR(B+->Knunu)"], inputs)
    Predictor(["BR(B0->Knunu)"], inputs)


@pytest.fixture
def smeft(monkeypatch):
    """Coefficients that reach the running, which is left out."""
    passed = []

    def run(values, scale, inputs):
        passed.append(values)
        return Beyond(Wet.b_to_s(NuNu(1e-12 * jnp.ones((3, 3), complex), jnp.zeros((3, 3), complex))))

    monkeypatch.setattr(new_physics, "smeft_point", run)
    return passed


@pytest.mark.slow
def test_smeft_coefficients_are_in_inverse_tev_squared(smeft, tmp_path):
    """As of `--model SMEFT`; those of a WCxf file are in GeV^-2, as WCxf has it."""
    command = ["predict", "BR(B+->Knunu)", "--set", "lq1_3323=0.01-0.02j"]
    done = CliRunner().invoke(app, [*command, "--scale", "1000"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "lq1_3323=0.01-0.02j: TeV^-2, at 1000 GeV"
    values = {"ld_3323": 1e-8}
    path = tmp_path / "point.json"
    path.write_text(json.dumps({"eft": "SMEFT", "basis": "Warsaw", "scale": 1000, "values": values}))
    done = CliRunner().invoke(app, [*command, "--wilson", str(path)])
    assert done.exit_code == 0
    assert smeft == [
        {"lq1_3323": pytest.approx(1e-8 - 2e-8j)},
        {"lq1_3323": pytest.approx(1e-8 - 2e-8j), "ld_3323": pytest.approx(1e-8)},
    ]
    assert "TeV^-2" in " ".join(CliRunner().invoke(app, ["predict", "--help"]).stdout.split())


@pytest.mark.slow
def test_files_of_programs_with_another_m_z(tmp_path):
    """wilson writes what it ran down at 91.1876 GeV, and Hermitian entries with imaginary parts of its rounding."""
    values = {"lq1_3323": 1e-8, "phiq1_33": {"Re": 1e-9, "Im": -1e-28}, "dB_11": {"Re": -6e-18, "Im": -2.6e-27}}
    path, rates = tmp_path / "point.json", []
    for scale in (91.1876, 91.188):
        path.write_text(json.dumps({"eft": "SMEFT", "basis": "Warsaw", "scale": scale, "values": values}))
        done = CliRunner().invoke(app, ["predict", "BR(B+->Knunu)", "--wilson", str(path), "--json"])
        assert (done.exit_code, done.stderr) == (0, "")
        rates.append(json.loads(done.stdout)[0]["value"])
    assert rates[0] == rates[1] > 5e-6


@pytest.mark.slow
def test_the_old_unit_is_remarked(smeft):
    code, stderr = said("BR(B+->Knunu)", "--scale", "1000", "--set", "lq1_3323=2e-8")
    assert code == 0
    assert stderr == (
        "--set lq1_3323=2e-08 is in TeV^-2, where it has no effect; 2e-08 GeV^-2 is now written lq1_3323=0.02.\n"
    )


def test_a_model_in_bad_faith():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
    )
    for written, reason in (
        (bomb, "more than 1000000 entries"),
        ("[" * 20_000, "nested too deeply"),
        ("{DarkScalar: {real: true, real: false}}", "the name 'real' appears twice"),
        ("[" + "x, " * 10_000 + "x]", "a model is a name, or a name with its options"),
    ):
        code, stderr = said("BR(B+->Knunu)", "--model", written, "--set", "mass=1")
        assert code == 2
        assert reason in stderr
        assert len(stderr) < 300


@pytest.mark.slow
def test_coefficients_beyond_the_effective_theory_are_remarked(smeft):
    """More than 4 pi over the scale squared, at a scale of 2 TeV 3.14 TeV^-2, wherever SMEFT coefficients are given."""
    code, stderr = said("BR(B+->Knunu)", "--scale", "2000", "--set", "lq1_3323=3.2", "--set", "ld_3323=3.1")
    assert code == 0
    assert stderr == (
        "lq1_3323 = 3.2 TeV^-2 is beyond 4 pi/(2 TeV)^2 = 3.14 TeV^-2: the effective theory makes no sense there.\n"
    )
    assert too_strong({"lq1_3323": 3.0 + 2j, "ld_3323": 3 + 0.5j}, 2.0)[0].startswith("lq1_3323 = 3+2j TeV^-2 is")
    cautions = too_strong_for(load_model("SMEFT", load_inputs(), {"scale": 2}), {"Re lq1_3323": 3.2, "Re ld_3323": 1.0})
    assert len(cautions) == 1
    text = "model: {SMEFT: {scale: 2}}\nparameters: {Re lq1_3323: {min: -3.2, max: 1}}\nmeasurements: marzocca2024\n"
    (said_of_it,) = parse_analysis(text, "mine.yaml", Path()).cautions()
    assert said_of_it.startswith("at the end of its range, Re lq1_3323 = -3.2 TeV^-2 is beyond 4 pi/(2 TeV)^2")
    assert too_strong_for(load_model("DarkScalar", load_inputs()), {"mass": 1e5}) == []
    free = load_model("SMEFT", load_inputs(), {"scale": "free"})
    assert [len(too_strong_for(free, {"scale": scale, "Re lq1_3323": 2.0})) for scale in (2.0, 3.0)] == [0, 1]


@pytest.mark.slow
def test_scales_where_nothing_runs():
    """QCD below 1 GeV, SMEFT above 10^8 GeV: refused with numbers, nan where they are traced."""
    inputs = load_inputs()
    with pytest.raises(DineutrinoError, match=r"QCD is too strong at 0\.3 GeV: .* run down to 1 GeV"):
        alpha_s(0.3, inputs)
    with pytest.raises(DineutrinoError, match="QCD is too strong"):
        quark_mass("m_c", jnp.asarray([2.0, 0.3]), inputs)
    low, high = jax.jit(lambda mu: (alpha_s(mu, inputs), quark_mass("m_c", mu, inputs)))(jnp.asarray([0.3, 1.0]))
    assert np.isnan(low[0])
    assert np.isnan(high[0])
    assert 0.4 < low[1] < 0.5
    for scale in (50.0, 2e8):
        with pytest.raises(DineutrinoError, match=r"SMEFT runs from scales above m_Z, up to 1e\+08 GeV, not from "):
            smeft_to_left(smeft_from_mapping({"lq1_3323": 1e-8}), scale, inputs)
        code, stderr = said("BR(B+->Knunu)", "--scale", f"{scale:g}", "--set", "lq1_3323=0.01")
        assert code == 2
        assert "must be above m_Z and at most 1e+08, in GeV" in stderr
