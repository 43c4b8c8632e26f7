"""LEFT coefficients in WCxf files of both bases, files of wilson among them."""

import json
from pathlib import Path

import jax
import numpy as np
import pytest
from typer.testing import CliRunner

from dineutrino.cli import app
from dineutrino.eft import from_lagrangian
from dineutrino.eft.flavio.wet import flavio_places
from dineutrino.eft.names.left import left_from_mapping, left_names, left_to_mapping
from dineutrino.eft.wcxf.left import read_left, write_left
from dineutrino.eft.wcxf.neutrinos import read_wcxf, write_wcxf
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.running import quark_mass

WILSON = json.loads((Path(__file__).parents[1] / "validation" / "frozen" / "wet.json").read_text())["file"]
POINT = {"eft": "WET", "basis": "JMS", "scale": 4.8, "values": {"VnudLL_3323": 1e-8, "VnudLR_1232": {"Im": 2e-9}}}


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


def written(tmp_path, content):
    path = tmp_path / "point.json"
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_jms_comes_back_exactly(tmp_path, inputs, suffix):
    rng = np.random.default_rng(0)
    left = left_from_mapping({name: complex(*rng.normal(size=2)) * 1e-9 for name in left_names()})
    path = tmp_path / f"point.{suffix}"
    write_left(path, left, 4.8, inputs, metadata={"generator": "a test"})
    found = read_left(path, inputs)
    assert found.scale == 4.8
    assert found.ignored == ()
    for one, two in zip(jax.tree.leaves(found.coefficients), jax.tree.leaves(left), strict=True):
        assert np.array_equal(one, two)


SCALARS = {"SedRR_3323": 1e-9, "SedRL_3332": 2e-9j, "TnueduRR_3332": 3e-9, "TedRR_1233": 4e-9 + 1e-9j}


@pytest.mark.slow
def test_scalars_of_the_flavio_basis_at_two_scales(tmp_path, inputs):
    """C_S and C_P are over m_b at the scale of the file, nothing else depends on it."""
    path, left, seen = tmp_path / "point.json", left_from_mapping(SCALARS), {}
    for scale in (4.8, 91.1876):
        write_left(path, left, scale, inputs, "flavio")
        seen[scale] = json.loads(path.read_text())["values"]
        found = read_left(path, inputs)
        assert left_to_mapping(found.coefficients, 1e-22) == pytest.approx(SCALARS, rel=1e-12)
        assert found.ignored == ()
    assert set(seen[4.8]) == {"CS_bstautau", "CP_bstautau", "CT_bctaunutau", "CTRR_muebb"}
    ratio = float(quark_mass("m_b", 91.1876, inputs, 5) / quark_mass("m_b", 4.8, inputs, 5))
    for name in ("CS_bstautau", "CP_bstautau"):
        assert seen[4.8][name]["Re"] == pytest.approx(seen[91.1876][name]["Re"] * ratio, rel=1e-12)
    assert seen[4.8]["CT_bctaunutau"] == seen[91.1876]["CT_bctaunutau"]


@pytest.mark.slow
def test_predictions_ignore_scalars(tmp_path, inputs):
    """Rates of b -> s nu nubar do not depend on them; what no observable reads is told, in both bases."""
    jms = written(tmp_path, POINT | {"values": POINT["values"] | {"SedRR_3323": 1e-9, "TnueduRR_3332": 1e-9}})
    assert read_wcxf(jms).ignored == ("SedRR_3323", "TnueduRR_3332")
    left = read_left(jms, inputs).coefficients
    write_left(jms, left, 4.8, inputs, "flavio")
    flavio = read_wcxf(jms)
    assert flavio.ignored == ("CT_bctaunutau",)
    assert set(flavio.leptons) >= {"CS_bstautau", "CP_bstautau"}


def test_flavio_comes_back(tmp_path, inputs):
    rng = np.random.default_rng(1)
    values = {name: {"Re": float(re), "Im": float(im)} for name, (re, im) in
              zip(flavio_places(), rng.normal(size=(len(flavio_places()), 2)), strict=True)}  # fmt: skip
    path = written(tmp_path, POINT | {"basis": "flavio", "values": values})
    left = read_left(path, inputs)
    write_left(path, left.coefficients, 4.8, inputs, "flavio")
    again = json.loads(path.read_text())["values"]
    for name, value in values.items():
        assert again[name]["Re"] == pytest.approx(value["Re"], rel=1e-12, abs=1e-12)
        assert again[name]["Im"] == pytest.approx(value["Im"], rel=1e-12, abs=1e-12)


def test_a_file_of_wilson(tmp_path, inputs):
    """All its sectors: ours are read, names of the others are given back."""
    found = read_left(written(tmp_path, WILSON), inputs)
    values = {name: complex(value["Re"], value["Im"]) if isinstance(value, dict) else complex(value)
              for name, value in WILSON["values"].items()}  # fmt: skip
    assert left_to_mapping(found.coefficients) == pytest.approx({n: v for n, v in values.items() if n in left_names()})
    assert set(found.ignored) == set(values) - set(left_names())
    assert "VnudLL_3323" in values
    assert found.ignored
    neutrinos = read_wcxf(written(tmp_path, WILSON))
    assert complex(neutrinos.lagrangian.left[2, 2]) == values["VnudLL_3323"]
    assert np.all(found.coefficients.vectors.VnudLR[:, :, 1, 2] == neutrinos.lagrangian.right)
    assert not np.any(neutrinos.coefficients.C_L)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"eft": "SMEFT"}, "eft must be 'WET', not 'SMEFT'"),
        ({"basis": "JSM"}, "unknown basis of the WET 'JSM'; did you mean 'JMS'"),
        ({"basis": "Bern"}, "unknown basis of the WET 'Bern'. Allowed: JMS, flavio"),
        ({"scale": 0}, "scale must be a positive number"),
        ({"values": {"VnudLL_3332": 1}}, "VnudLL_3332 is redundant: give VnudLL_3323, its complex conjugate"),
        ({"values": {"SedRR_332": 1}}, "unknown LEFT coefficient 'SedRR_332'; did you mean 'SedRR_3"),
        ({"values": {"CS_bsmumu": 1}}, "CS_bsmumu is a coefficient of the basis flavio, not of JMS"),
        (
            {"basis": "flavio", "values": {"TedRR_2223": 1}},
            "TedRR_2223 is a coefficient of the basis JMS, not of flavio",
        ),
        ({"values": {"VnudLL_3423": 1}}, "unknown LEFT coefficient 'VnudLL_3423'; did you mean 'VnudLL_3"),
        ({"values": {"CL_bsnutaunutau": 1}}, "CL_bsnutaunutau is a coefficient of the basis flavio, not of JMS"),
        ({"basis": "flavio"}, "VnudLL_3323 is a coefficient of the basis JMS, not of flavio"),
        ({"basis": "flavio", "values": {"C9_bsmuuumu!": 1}}, "unknown .*'C9_bsmuuumu!'; did you mean|Allowed"),
        ({"values": {"VnudLL_3323": float("nan")}}, "VnudLL_3323 must be a finite number"),
    ],
)
def test_bad_files_are_refused(tmp_path, inputs, changes, message):
    path = written(tmp_path, POINT | changes)
    for read in (lambda: read_left(path, inputs), lambda: read_wcxf(path)):
        with pytest.raises(DineutrinoError, match=r"point\.json: .*" + message):
            read()


def test_what_cannot_be_written(tmp_path, inputs):
    path = tmp_path / "point.json"
    with pytest.raises(DineutrinoError, match="unknown basis of the WET 'Bern'"):
        write_left(path, left_from_mapping({}), 4.8, inputs, "Bern")
    with pytest.raises(DineutrinoError, match="V8udLL_1123 has no counterpart in the flavio basis here"):
        write_left(path, left_from_mapping({"V8udLL_1123": 1e-9}), 4.8, inputs, "flavio")
    with pytest.raises(DineutrinoError, match="TedRR_2223 has no counterpart in the flavio basis here"):
        write_left(path, left_from_mapping({"TedRR_2223": 1e-9}), 4.8, inputs, "flavio")
    with pytest.raises(
        DineutrinoError, match=r"quark masses do not run to 0\.3 GeV, where QCD is strong; use the basis"
    ):
        write_left(path, left_from_mapping({}), 0.3, inputs, "flavio")
    assert not path.exists()


def predicted(path):
    result = CliRunner().invoke(app, ["predict", "BR(B+->Knunu)", "BR(B0->K*nunu)", "--wilson", str(path), "--json"])
    assert result.exit_code == 0, result.stderr
    return [row["value"] for row in json.loads(result.stdout)]


@pytest.mark.slow
def test_predictions_from_either_basis_agree(tmp_path, inputs):
    """V_tb V_ts* of the default inputs is that of the CKM matrix, and so is the normalisation."""
    jms = written(tmp_path, POINT)
    content = read_wcxf(jms)
    L = content.lagrangian
    flavio = tmp_path / "flavio.json"
    write_wcxf(flavio, from_lagrangian(L.left, L.right, inputs), 4.8)
    assert predicted(jms) == pytest.approx(predicted(flavio), rel=1e-10)
    many = tmp_path / "many.json"
    many.write_text(json.dumps([POINT, POINT | {"values": {"VnudLR_3323": 1e-8, "VedLL_1123": 1}}]))
    values = predicted(many)
    assert values[:2] == pytest.approx(predicted(jms), rel=1e-12)
    assert len(values) == 4
    refused = CliRunner().invoke(app, ["predict", "BR(B+->Knunu)", "--wilson", str(jms), "--set", "CL_bsnuenue=1"])
    assert refused.exit_code == 2
    assert "goes with the flavio basis" in refused.stderr
    mixed = tmp_path / "mixed.json"
    mixed.write_text(json.dumps([POINT, POINT | {"basis": "flavio", "values": {}}]))
    with pytest.raises(DineutrinoError, match="all points must be in the same basis"):
        read_wcxf(mixed)
