"""The command `dineutrino` as a user types it."""

import json
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from typer.testing import CliRunner

import dineutrino
from dineutrino import eft, observables
from dineutrino.analysis import predict
from dineutrino.cli import app
from dineutrino.eft import NeutrinoCoefficients
from dineutrino.eft.wcxf.neutrinos import write_wcxf
from dineutrino.inputs import input_rows, input_sets, load_prior
from dineutrino.inputs.quarks import ALL
from dineutrino.measurements import measurement_names, measurement_sets

POINT = '{"eft": "WET", "basis": "flavio", "scale": 4.8, "values": {"CL_bsnutaunutau": 1.5%s}}'


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def rows(*arguments):
    """The objects that a command prints with --json, and nothing else on stdout."""
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def refusal(*arguments):
    """The one sentence of a refused command."""
    result = run(*arguments)
    assert result.exit_code == 2, (result.exit_code, result.stdout, result.stderr)
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    (line,) = result.stderr.splitlines()
    return line


def shell(*arguments, **environment):
    """A real process."""
    import os

    command = [sys.executable, "-c", "from dineutrino.cli import main; main()", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, env=os.environ | environment, timeout=120, check=False
    )


# -- limits ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_more_than_one_call_can_hold(tmp_path):
    assert "at most 200 observables, not 201" in refusal("predict", *["BR(B+->Knunu)"] * 201)
    points = tmp_path / "points.json"
    points.write_text(json.dumps([json.loads(POINT % "")] * 100_001))
    assert "at most 100000 points, and" in refusal("predict", "BR(B+->Knunu)", "--wilson", points)


# -- general --------------------------------------------------------------------------------------------------------


def test_version_and_help():
    assert run("--version").stdout == f"dineutrino {dineutrino.__version__}\n"
    assert run("--help").exit_code == 0
    for command in ("fit", "predict", "list"):
        assert run(command, "--help").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [(), ("fitt",), ("list",), ("list", "nothing"), ("predict",), ("fit", "--seed", "-1"), ("fit", "a", "b")],
)
def test_usage_errors_exit_with_2(arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.slow
def test_predict_and_list_load_nothing_heavy():
    code = (
        "import sys\n"
        "from dineutrino.cli import app\n"
        "app(['list', 'measurements'], standalone_mode=False)\n"
        "import dineutrino.cli.predict\n"
        "heavy = {'numpyro', 'blackjax', 'arviz', 'xarray', 'matplotlib', 'optimistix', 'scipy.stats'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert result.stdout.endswith("loaded: []\n")


# -- list -----------------------------------------------------------------------------------------------------------


def test_list_is_complete():
    assert [row["name"] for row in rows("list", "observables")] == list(observables.names())
    assert [row["name"] for row in rows("list", "measurements")] == [*measurement_names(), "belle2_2025_BpKnunu"]
    assert [row["name"] for row in rows("list", "measurement-sets")] == list(measurement_sets())
    assert [row["name"] for row in rows("list", "inputs")] == list(input_sets())
    assert [row["name"] for row in rows("list", "coefficients")] == [
        name for quarks in ALL for name in eft.names(quarks)
    ]
    fits = {(row["transition"], row["name"]) for row in rows("list", "form-factors")}
    assert ("B->K", "HPQCD2022") in fits
    assert ("B->K*", "GRvDV2023") in fits
    assert {row["name"]: row["default"] for row in rows("list", "choices")}["K*_width"] == "narrow"


def test_list_of_one_set():
    expected = [row._asdict() for row in input_rows("marzocca2024")]
    assert rows("list", "inputs", "marzocca2024") == expected
    assert all(row["source"] for row in expected)
    names = [row["name"] for row in rows("list", "measurements", "marzocca2024")]
    assert names == ["marzocca2024_RKplus", "marzocca2024_RKstar"]
    table = run("list", "inputs", "marzocca2024").stdout
    assert "|V_tb V_ts*|" in table
    assert "B->K f_plus a" in table


def test_list_refuses_what_is_not_there():
    assert "did you mean 'default'?" in refusal("list", "inputs", "defalt")
    assert "did you mean 'marzocca2024'?" in refusal("list", "measurements", "marzoca2024")
    assert "there is no file 'no.yaml'" in refusal("list", "inputs", "no.yaml")
    assert "takes no name" in refusal("list", "observables", "BR")


# -- predict --------------------------------------------------------------------------------------------------------

REFERENCES = (("BR(B+->Knunu)",), ("<dBR/dq2>(B+->Knunu)", 4.0, 8.0), ("FL(B0->K*nunu)",))
TOKENS = ("BR(B+->Knunu)", "<dBR/dq2>(B+->Knunu)", 4, 8, "FL(B0->K*nunu)")
KEYS = ["name", "arguments", "value", "uncertainty", "sm", "sm_uncertainty", "ratio", "unit"]


@pytest.fixture(scope="module")
def prior():
    return load_prior()


@pytest.fixture(scope="module")
def batch():
    """Three points; in the last one nothing decays."""
    points = [
        {"CL_bsnutaunutau": 1.5 - 2j},
        {"CR_bsnuenumu": 3.0, "CL_bsnumunumu": -1.0},
        dict.fromkeys(("CL_bsnuenue", "CL_bsnumunumu", "CL_bsnutaunutau"), 6.32),
    ]
    return jax.tree.map(lambda *leaves: jnp.stack(leaves), *map(NeutrinoCoefficients.from_mapping, points))


@pytest.fixture(scope="module")
def from_python(prior, batch):
    return predict(REFERENCES, batch, prior)


def matches(row, found, point, i):
    assert (row["name"], *row["arguments"]) == REFERENCES[i]
    assert row["unit"] == observables.get(row["name"]).unit
    for key, expected in (
        ("value", found.values[point, i]),
        ("uncertainty", found.uncertainties[point, i]),
        ("sm", found.standard_model[i]),
        ("ratio", found.ratios[point, i]),
    ):
        assert row[key] == (pytest.approx(expected, rel=1e-12) if np.isfinite(expected) else None), key


@pytest.mark.slow
def test_predict_equals_python(from_python):
    found = rows("predict", *TOKENS, "--set", "CL_bsnutaunutau=1.5-2j")
    assert len(found) == 3
    for i, row in enumerate(found):
        assert list(row) == KEYS
        matches(row, from_python, 0, i)


@pytest.mark.slow
def test_predict_many_points_of_a_file(tmp_path, batch, from_python):
    path = tmp_path / "points.json"
    write_wcxf(path, batch, 4.8)
    found = rows("predict", *TOKENS, "--wilson", path)
    assert [row["point"] for row in found] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    for k, row in enumerate(found):
        assert list(row) == ["point", *KEYS]
        matches(row, from_python, *divmod(k, 3))
    assert found[8]["value"] is None  # 0/0
    table = run("predict", *TOKENS, "--wilson", path).stdout
    assert "<dBR/dq2>(B+->Knunu)[4, 8]" in table
    assert "undefined" in table


@pytest.mark.slow
def test_predict_takes_settings_on_top_of_a_file(tmp_path):
    path = tmp_path / "point.json"
    path.write_text(POINT % ', "CR_bsnuenue": 2, "C9_bsmumu": -1, "CVL_bctaunutau": 1')
    result = run("predict", "R(B0->Knunu)", "--wilson", path, "--set", "CL_bsnutaunutau=3", "--json")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        f"--set CL_bsnutaunutau replaces the value in {path}.",
        f"{path}: no observable here reads CVL_bctaunutau from a file.",
    ]
    (row,) = json.loads(result.stdout)
    assert "point" not in row
    assert row["value"] == pytest.approx(((-6.32 + 3) ** 2 + (-6.32 + 2) ** 2 + 6.32**2) / (3 * 6.32**2))


@pytest.mark.slow
def test_predict_with_other_inputs(prior):
    (row,) = rows(
        "predict", "BR(B+->Knunu)", "--inputs", "marzocca2024", "--form-factors", "B->K=GRvDV2023",
        "--choice", "long_distance=included", "--choice", "lambda_t=wolfenstein",
    )  # fmt: skip
    other = load_prior(
        "marzocca2024", form_factors={"B->K": "GRvDV2023"}, long_distance="included", lambda_t="wolfenstein"
    )
    obs = observables.get("BR(B+->Knunu)")
    assert row["sm"] == pytest.approx(float(obs(NeutrinoCoefficients.zero(), other.central)), rel=1e-10)
    assert row["value"] == pytest.approx(row["sm"], rel=1e-14)
    assert abs(row["sm"] / float(obs(NeutrinoCoefficients.zero(), prior.central)) - 1) > 0.01


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["BR(B+->Knun)"], "unknown observable 'BR(B+->Knun)'; did you mean 'BR(B+->Knunu)'?"),
        ([5, "BR(B+->Knunu)"], "must follow the name of an observable"),
        (["BR(B+->Knunu)", 5], "takes the arguments: none; 1 given"),
        (["dBR/dq2(B+->Knunu)"], "takes the arguments: q2; 0 given"),
        (["dBR/dq2(B+->Knunu)", -1], "q2 = -1 GeV^2 is outside the kinematic range"),
        (["dBR/dq2(B+->Knunu)", 30], "q2 = 30 GeV^2 is outside the kinematic range"),
        (["dBR/dq2(B+->Knunu)", "nan"], "q2 = nan GeV^2 is outside the kinematic range"),
        (["dBR/dq2(B+->Knunu)", "inf"], "q2 = inf GeV^2 is outside the kinematic range"),
        (["<BR>(B+->Knunu)", 8, 4], "empty or reversed"),
        (["<BR>(B+->Knunu)", 4, 40], "q2max = 40 GeV^2 is outside the kinematic range"),
        (["BR(B+->Knunu)", "--stet", "a=1"], "there is no option '--stet'"),
        (["BR(B+->Knunu)", "--set", "CL_bsnutautau=1"], "did you mean 'CL_bsnutaunutau'?"),
        (["BR(B+->Knunu)", "--set", "CL_bsnutaunutau"], "--set takes NAME=VALUE, not 'CL_bsnutaunutau'"),
        (["BR(B+->Knunu)", "--set", "CL_bsnutaunutau=x"], "'x' is not a number"),
        (["BR(B+->Knunu)", "--set", "CL_bsnutaunutau=nan"], "is not finite"),
        (["BR(B+->Knunu)", "--set", "CL_bsnutaunutau=inf"], "is not finite"),
        (["BR(B+->Knunu)", "--set", "CL_bsnuenue=1", "--set", "CL_bsnuenue=2"], "gives 'CL_bsnuenue' twice"),
        (["BR(B+->Knunu)", "--inputs", "defalt"], "unknown input set 'defalt'; did you mean 'default'?"),
        (["BR(B+->Knunu)", "--inputs", "no.yaml"], "there is no file 'no.yaml'"),
        (["BR(B+->Knunu)", "--form-factors", "B->K=HPQCD"], "did you mean 'HPQCD2022'?"),
        (["BR(B+->Knunu)", "--form-factors", "B-K=HPQCD2022"], "unknown transition 'B-K'; did you mean 'B->K'?"),
        (["BR(B+->Knunu)", "--choice", "K*_width=wide"], "'wide'"),
        (["BR(B+->Knunu)", "--wilson", "no.json"], "there is no file 'no.json'"),
    ],
)
def test_predict_refuses(arguments, said):
    assert said in refusal("predict", *arguments, "--json")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (POINT % ', "CL_bsnutautau": 1', "did you mean 'CL_bsnutaunutau'?"),
        (POINT % ', "CL_bsnuenue": NaN', "must be a finite number"),
        (POINT.replace("flavio", "JMS") % "", "CL_bsnutaunutau is a coefficient of the basis flavio, not of JMS"),
        (POINT % "}", "cannot be read as JSON"),
        (POINT.replace("WET", "smeft") % "", "unknown EFT 'smeft'; did you mean 'SMEFT'?"),
        (POINT.replace("WET", "nuSMEFT") % "", "are not read from files; give them with --model SterileNeutrino"),
        (POINT.replace("WET", "SMEFT").join("[]") % "", "one point in SMEFT is read at a time, not a list"),
        (POINT.replace("WET", "SMEFT") % "", "unknown basis of the SMEFT 'flavio'"),
    ],
)
def test_predict_refuses_wilson_files(tmp_path, content, said):
    path = tmp_path / "point.json"
    path.write_text(content)
    assert said in refusal("predict", "BR(B+->Knunu)", "--wilson", path)


@pytest.mark.slow
def test_files_with_other_transitions(tmp_path):
    """As with --set; and of points of a file, each its own."""
    names = ["BR(K+->pinunu)", "BR(B+->pinunu)", "BR(B+->Knunu)"]
    values = {"CL_sdnutaunutau": {"Re": 1.0, "Im": -0.5}, "CL_bdnutaunutau": 3.0, "CL_bsnutaunutau": 1.0}

    def rows(*given):
        result = CliRunner().invoke(app, ["predict", *names, *given, "--json"])
        assert result.exit_code == 0, result.stderr
        return [(row["value"], row["uncertainty"]) for row in json.loads(result.stdout)]

    point = {"eft": "WET", "basis": "flavio", "scale": 4.8, "values": values}
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    one.write_text(json.dumps(point))
    two.write_text(json.dumps([point | {"values": {"CL_bsnutaunutau": 1.0}}, point]))
    settings = rows(*(f"--set={name}={complex(x['Re'], x['Im']) if isinstance(x, dict) else x}"
                      for name, x in values.items()))  # fmt: skip
    assert np.array(rows("--wilson", str(one))) == approx(np.array(settings), rel=1e-12)
    both = np.array(rows("--wilson", str(two)))
    assert both[3:] == approx(np.array(settings), rel=1e-12)
    standard = np.array(rows())
    assert both[:2] == approx(standard[:2], rel=1e-12)
    assert np.all(np.abs(both[3:, 0] / standard[:, 0] - 1) > 0.01)
    one.write_text(json.dumps(point | {"values": {"CL_bdnutaunutau": 3.0}}))
    mixed = rows("--wilson", str(one), "--set=CL_sdnutaunutau=1-0.5j", "--set=CL_bsnutaunutau=1")
    assert np.array(mixed) == approx(np.array(settings), rel=1e-12)
    jms = {"eft": "WET", "basis": "JMS", "scale": 4.8, "values": {"VnudLL_3313": 1e-8}}
    one.write_text(json.dumps(jms))
    result = CliRunner().invoke(app, ["predict", *names, "--wilson", str(one), "--json"])
    assert (
        result.stderr == "BR(K+->pinunu), BR(B+->Knunu): as in the Standard Model; nothing that was given changes it.\n"
    )
    assert [abs(row["ratio"] - 1) > 0.01 for row in json.loads(result.stdout)] == [False, True, False]


@pytest.mark.slow
def test_what_nothing_changes_is_remarked():
    result = run("predict", "BR(B+->Knunu)", "BR(B+->pinunu)", "BR(K+->pinunu)", "--set", "CL_bsnutaunutau=1")
    assert result.exit_code == 0
    assert result.stderr == (
        "BR(B+->pinunu), BR(K+->pinunu): as in the Standard Model; nothing that was given changes it.\n"
    )
    assert run("predict", "BR(B+->Knunu)").stderr == ""
