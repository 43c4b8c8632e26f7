"""Coefficients that violate lepton or baryon number: names, arrays, files, and what the command says of them."""

import hashlib
import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from random_violating import violating
from typer.testing import CliRunner

from dineutrino.cli import app
from dineutrino.eft.violating import violating_from_mapping, violating_names, violating_to_mapping
from dineutrino.eft.warsaw import warsaw_from_mapping, warsaw_names, warsaw_to_mapping
from dineutrino.eft.wcxf.smeft import read_warsaw, write_warsaw
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.running.violating_classes import Violating

DIGEST = "e6c8a2c55cb338a485b35fdc9932833960ea38c4f4dee9196a0d818d6cfab4ae"


def random_values(seed):
    rng = np.random.default_rng(seed)
    return {name: complex(*rng.normal(size=2)) for name in violating_names()}


def largest_difference(one, two):
    pairs = zip(jax.tree.leaves(one), jax.tree.leaves(two), strict=True)
    return max(float(jnp.abs(a - b).max()) for a, b in pairs)


def test_names_are_those_of_wcxf():
    """279 of the 1635 names of the basis file; the digest is that of the sorted names there (wilson 2.5.2)."""
    assert len(violating_names()) == 6 + 81 + 54 + 57 + 81
    assert not set(violating_names()) & set(warsaw_names())
    assert hashlib.sha256("\n".join(sorted(violating_names())).encode()).hexdigest() == DIGEST


def test_there_and_back():
    """From names to arrays and back, and from arrays with the symmetries of the operators to names and back."""
    values = random_values(1)
    assert violating_to_mapping(violating_from_mapping(values)) == pytest.approx(values, rel=1e-13)
    c = violating(2)
    assert largest_difference(violating_from_mapping(violating_to_mapping(c)), c) < 1e-13


def test_sharing_among_places():
    """One operator each: its coefficient is shared, and of three different flavours among all six orders."""
    found = violating_from_mapping({"llphiphi_12": 2j, "qque_1213": 4.0, "qqql_1122": 6.0, "qqql_1231": 1.0})
    assert found.llphiphi[0, 1] == found.llphiphi[1, 0] == 1j
    assert found.qque[0, 1, 0, 2] == found.qque[1, 0, 0, 2] == 2
    assert found.qqql[0, 0, 1, 1] == found.qqql[1, 0, 0, 1] == 3
    assert found.qqql[0, 1, 0, 1] == 0
    orders = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
    assert [float(6 * found.qqql[(*order, 0)].real) for order in orders] == pytest.approx([4, -1, -1, 1, 1, 2])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("llphiphi_21", "llphiphi_21 is redundant: give llphiphi_12"),
        ("qque_2113", "qque_2113 is redundant: give qque_1213"),
        ("qqql_2111", "qqql_2111 is redundant: the first flavour of qqql is at most the third"),
        ("duql_1114", "unknown SMEFT coefficient 'duql_1114': duql has 4 flavour indices from 1 to 3, as duql_1111"),
        ("llphiphi", "unknown SMEFT coefficient 'llphiphi': llphiphi has 2 flavour indices .* as llphiphi_11"),
        ("qqql_11", "unknown SMEFT coefficient 'qqql_11': qqql has 4 flavour indices"),
        ("qqqe_1111", "unknown class of SMEFT coefficients 'qqqe'; did you mean 'qq"),
        ("duql_1111", "duql_1111 = nan is not finite"),
    ],
)
def test_refusals(name, message):
    with pytest.raises(DineutrinoError, match=message):
        violating_from_mapping({name: float("nan")})


def test_files(tmp_path):
    """All names of the basis file, those that conserve both numbers and those that do not."""
    own, others = random_values(3), {"lq1_3323": 1e-8 + 1e-9j, "phiG": 2e-9}
    for path in (tmp_path / "point.json", tmp_path / "point.yaml"):
        c = violating_from_mapping(own)
        write_warsaw(path, warsaw_from_mapping(others), 1000.0, violating=c)
        found = read_warsaw(path)
        assert violating_to_mapping(found.violating) == pytest.approx(own, rel=1e-13)
        assert warsaw_to_mapping(found.coefficients) == pytest.approx(others, rel=1e-13)
    path.write_text(path.read_text().replace("qque_1211", "qque_2111"))
    with pytest.raises(DineutrinoError, match=r"point.yaml: qque_2111 is redundant: give qque_1211"):
        read_warsaw(path)


@pytest.mark.slow
def test_files_aligned_with_up_quarks(tmp_path):
    inputs, c = load_inputs(), violating(4)
    path = tmp_path / "up.json"
    write_warsaw(path, warsaw_from_mapping({"ld_3323": 1e-8}), 1000.0, up=inputs, violating=c)
    written = json.loads(path.read_text())
    assert written["basis"] == "Warsaw up"
    assert largest_difference(read_warsaw(path, inputs).violating, c) < 1e-12
    path.write_text(json.dumps(written | {"basis": "Warsaw"}))
    as_down = read_warsaw(path).violating
    assert np.array_equal(as_down.duue, c.duue)
    assert np.abs(as_down.qqql - c.qqql).max() > 0.1


@pytest.mark.slow
def test_command_names_what_nothing_depends_on(tmp_path):
    """A file with such coefficients predicts what the others do, with one sentence that names them."""
    others = warsaw_from_mapping({"lq1_3323": 1e-8})
    few = violating_from_mapping({"llphiphi_12": 1e-16, "qqql_1121": 1e-30})
    many = violating_from_mapping(dict.fromkeys(violating_names(), 1e-30))
    outputs = []
    for name, c in (("none", Violating.zero()), ("few", few), ("many", many)):
        path = tmp_path / f"{name}.json"
        write_warsaw(path, others, 1000.0, violating=c)
        outputs.append((path, CliRunner().invoke(app, ["predict", "BR(B+->Knunu)", "--wilson", str(path), "--json"])))
    assert all(result.exit_code == 0 for _, result in outputs)
    assert len({result.stdout for _, result in outputs}) == 1
    (_, none), (path, result), (_, long) = outputs
    assert none.stderr == ""
    assert result.stderr == (
        f"{path}: no observable here depends on what violates lepton or baryon number: llphiphi_12, qqql_1121.\n"
    )
    assert long.stderr.endswith(", ... (279 in all).\n")
    assert len(long.stderr.splitlines()) == 1


def test_settings_are_refused():
    """A file may hold everything that a program runs; nobody sets by hand what nothing depends on."""
    result = CliRunner().invoke(app, ["predict", "BR(B+->Knunu)", "--set", "qqql_1111=1", "--scale", "1000"])
    assert result.exit_code == 2
    assert "qqql_1111 violates baryon number: no observable here depends on it" in result.stderr
