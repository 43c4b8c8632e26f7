"""`dineutrino predict --tails` and `dineutrino fit` with tails of a leptoquark, as a user types them."""

import json

import jax.numpy as jnp
import numpy as np
import pytest
from ditau_files import made_folder
from typer.testing import CliRunner

from dineutrino.analysis import load_analysis
from dineutrino.cli import app
from dineutrino.inputs import load_inputs
from dineutrino.measurements.published.leptoquark_tails import leptoquark_yields
from dineutrino.models.mediators import R2t
from dineutrino.observables.ditau.yields import NAMES, Tails

BINS = NAMES[-3:]
POINT = ["--model", "R2t: {mass: 2.0}", "--set", "y2Lt_33=1.5"]


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def refusal(*arguments):
    """The one sentence of a refused command."""
    result = run("predict", *BINS, *arguments)
    assert result.exit_code == 2, (result.exit_code, result.stdout, result.stderr)
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_folder(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def expected(made):
    """Events of the point with the propagator, as in Python."""
    inputs = load_inputs()
    tails = Tails.of(inputs.with_tails(leptoquark_yields("R2t", 2.0, inputs, made)))
    return tails.events(R2t(jnp.zeros((3, 3), complex).at[2, 2].set(1.5)).match(jnp.asarray(2000.0)))


def predicted(*arguments):
    result = run("predict", *BINS, *arguments, "--json")
    assert result.exit_code == 0, (result.stdout, result.stderr)
    return [row["value"] for row in json.loads(result.stdout)]


def test_predictions(made, expected, monkeypatch):
    """With the folder in the option, or in the environment; contact interactions make more."""
    kept = predicted(*POINT, "--tails", f"{{leptoquark: R2t, data: {made}}}")
    np.testing.assert_allclose(kept, expected[-3:], rtol=1e-10)
    monkeypatch.setenv("DINEUTRINO_DATA", str(made))
    np.testing.assert_allclose(predicted(*POINT, "--tails", "{leptoquark: R2t}"), kept, rtol=1e-12)
    of_contact = ["--tails", f"{{data: {made}}}"]
    contact = predicted(*POINT, *of_contact)
    assert np.all(np.array(contact) > 1.2 * np.array(kept))
    same = predicted("--scale", 2000, "--set", f"ld_3333={-(1.5**2) / 8}", *of_contact)
    np.testing.assert_allclose(same, contact, rtol=1e-10)


def test_tails_that_nothing_needs_are_remarked(made):
    result = run("predict", "BR(B+->Knunu)", *POINT, "--tails", f"{{leptoquark: R2t, data: {made}}}")
    assert result.exit_code == 0
    assert "tails: no bin of them is asked for" in result.stderr


def test_what_is_refused(made, monkeypatch):
    monkeypatch.delenv("DINEUTRINO_DATA", raising=False)
    known = f"{{leptoquark: R2t, data: {made}}}"
    for arguments, said in (
        ((*POINT, "--tails", "{leptoquark: R2t}"), "get them with 'dineutrino data fetch atlas2020_ditau'"),
        ((*POINT, "--tails", "{leptoquark: R2}"), "of R2 need it in the model, 'model: {R2: {mass: 2.0}}'"),
        ((*POINT, "--tails", "R2t"), "tails are {leptoquark: R2t}, or {data: FOLDER}"),
        ((*POINT, "--tails", "{leptoquark"), "--tails"),
        (("--scale", 2000, "--set", "ld_3333=0.1", "--tails", known), "not coefficients."),
        (("--model", "R2t", "--set", "m_R2t=2", "--set", "y2Lt_33=1", "--tails", known), "need one mass, in TeV"),
        (("--model", "R2t: {mass: 0.9}", "--set", "y2Lt_33=1", "--tails", known), "from 1 TeV on, not of 0.9 TeV."),
    ):  # fmt: skip
        assert said in refusal(*arguments), arguments


@pytest.mark.slow
def test_a_fit(made, tmp_path):
    """Predictions at the best fit are those with the propagator, and the results say so."""
    file, out = tmp_path / "tails.yaml", tmp_path / "results"
    file.write_text(
        "model: {R2t: {mass: 2.0}}\ntails: {leptoquark: R2t}\nparameters: {Re y2Lt_33: {min: 0.1, max: 2.5}}\n"
        "measurements: ditau\nnuisances: none\nprofile: {points: 5}\nposterior: false\n"
    )
    result = run("fit", file, "--data", made, "--out", out)
    assert result.exit_code == 0, (result.stdout, result.stderr)
    written = json.loads((out / "results.json").read_text())
    assert written["provenance"]["tails"] == "yields of R2t with its propagator at 2 TeV"
    assert "- tails: yields of R2t with its propagator at 2 TeV" in (out / "summary.md").read_text()
    y = written["best_fits"][0]["parameters"]["Re y2Lt_33"]["value"]
    assert y > 0
    tails = Tails.of(load_analysis(file, made).prior.central)
    expected = tails.events(R2t(jnp.zeros((3, 3), complex).at[2, 2].set(y)).match(jnp.asarray(2000.0)))
    found = {row["name"]: row["best_fit"] for row in written["predictions"]}
    np.testing.assert_allclose([found[name] for name in NAMES], expected, rtol=1e-8)
