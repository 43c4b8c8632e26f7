"""`dineutrino predict --model`, `list models` and `reproduce` as a user types them."""

import json

import jax.numpy as jnp
import pytest
from typer.testing import CliRunner

from dineutrino.cli import app
from dineutrino.inputs import load_inputs
from dineutrino.models import DarkVector, model_names
from dineutrino.observables import Predictor


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def refusal(*arguments):
    """The one sentence of a refused command."""
    result = run(*arguments)
    assert result.exit_code == 2, (result.exit_code, result.stdout, result.stderr)
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


@pytest.mark.slow
def test_predictions_of_a_model_are_those_of_python():
    result = run("predict", "BR(B+->Knunu)", "FL(B0->K*nunu)", 5, "--model", "{DarkVector: {real: true}}",
                 "--set", "mass=0.6", "--set", "Lambda V2=0.12", "--json")  # fmt: skip
    assert result.exit_code == 0, result.stderr
    rows = json.loads(result.stdout)
    predictor = Predictor(["BR(B+->Knunu)", ("FL(B0->K*nunu)", 5.0)], load_inputs())
    theory = DarkVector(True)({"mass": jnp.asarray(0.6), "Lambda V2": jnp.asarray(0.12)}, predictor.inputs)
    assert [row["value"] for row in rows] == pytest.approx(predictor(theory).tolist(), rel=1e-10)
    assert rows[0]["ratio"] > 1
    assert all(row["uncertainty"] > 0 for row in rows)


def test_models_are_listed_with_their_parameters():
    rows = json.loads(run("list", "models", "--json").stdout)
    assert [row["name"] for row in rows] == list(model_names())
    rows = json.loads(run("list", "models", "DarkScalar", "--json").stdout)
    assert "Lambda S" in [row["name"] for row in rows]
    assert "unknown model 'Dark'" in refusal("list", "models", "Dark")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--model", "DarkScala"), "unknown model 'DarkScala'; did you mean 'DarkScalar'"),
        (("--model", "{DarkScalar: {real: maybe}}", "--set", "mass=1"), "must be true or false, not 'maybe'"),
        (("--model", "{DarkScalar", "--set", "mass=1"), "A model is written as DarkScalar"),
        (("--model", "DarkScalar"), "DarkScalar needs a value of 'mass'"),
        (("--model", "DarkScalar", "--set", "mass=heavy"), "--set mass: 'heavy' is not a number"),
        (("--model", "DarkScalar", "--set", "mass=inf"), "mass = inf is not finite"),
        (("--model", "DarkScalar", "--set", "mass=-1"), "the mass of the scalar is -1.0 GeV"),
        (("--model", "DarkVector", "--set", "mass=0"), "it must be finite and positive"),
        (("--model", "DarkScalar", "--set", "mass=1", "--set", "Lambda S=0"), "must be positive, not 0"),
        (("--model", "DarkScalar", "--set", "mas=1"), "did you mean 'mass'"),
        (("--model", "DarkScalar", "--set", "mass=1", "--wilson", "file.json"), "not by both"),
    ],
)
def test_bad_models_are_refused(arguments, said):
    assert said in refusal("predict", "BR(B+->Knunu)", *arguments)


@pytest.mark.slow
def test_reproduce_writes_numbers_and_drawings(tmp_path):
    result = run("reproduce", "felkl2023", "--figure", 1, "--out", tmp_path / "figures")
    assert result.exit_code == 0, result.stderr
    written = sorted(path.name for path in (tmp_path / "figures").iterdir() if not path.name.startswith("."))
    assert written == [f"felkl2023-figure-1.{suffix}" for suffix in ("json", "pdf", "png")]
    assert "not empty" in refusal("reproduce", "felkl2023", "--figure", 1, "--out", tmp_path / "figures")


def test_bad_reproductions_write_nothing(tmp_path):
    out = tmp_path / "figures"
    assert "unknown paper 'felkl'; did you mean 'felkl2023'" in refusal("reproduce", "felkl", "--out", out)
    assert "figure 77 of he2024 is not reproduced" in refusal("reproduce", "he2024", "--figure", 77, "--out", out)
    assert not out.exists()
