"""Numbers that cannot be are refused where they enter; an option that takes over from a file says so."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dineutrino.analysis import parse_analysis
from dineutrino.cli.app import app
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.observables import Predictor

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


def test_set_says_that_it_replaces_a_value_of_a_file(tmp_path):
    path = tmp_path / "point.json"
    path.write_text(json.dumps(POINT))
    command = ["predict", "BR(B+->Knunu)", "--wilson", str(path), "--set"]
    assert CliRunner().invoke(app, [*command, "CR_bsnutaunutau=1"]).stderr == ""
    said = CliRunner().invoke(app, [*command, "CL_bsnutaunutau=1"]).stderr
    assert said == f"--set CL_bsnutaunutau replaces the value in {path}.\n"
