import math

import numpy as np
import pytest
import yaml

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import input_rows, load_inputs, load_prior
from dineutrino.inputs.entry import read_entry
from dineutrino.inputs.form_factor_files import read_fit
from dineutrino.inputs.input_set import read_scalars
from dineutrino.inputs.units import to_gev
from dineutrino.io import parse_yaml

ENTRY = {"value": 1.0, "uncertainty": 0.1, "unit": "GeV", "source": "somewhere"}
FIT = {
    "name": "toy",
    "transition": "B->K",
    "parametrisation": "BSZ",
    "source": "somewhere",
    "constants": {"m_B": 5.28, "m_M": 0.5},
    "coefficients": {"f_plus": [0.3, -0.9], "f_0": [0.4], "f_T": [0.3, -1.0]},
    "uncertainties": [0.01, 0.1, 0.2, 0.03, 0.1],
    "correlation": (0.5 * np.eye(5) + 0.5).tolist(),
}


def without(record, key):
    return {k: v for k, v in record.items() if k != key}


def write(path, record):
    path.write_text(yaml.safe_dump(record, sort_keys=False))
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": math.nan}, "x.yaml: 'm': value must be a finite number, not nan"),
        ({"value": math.inf}, "value must be a finite number"),
        ({"value": "heavy"}, "value must be a finite number, not 'heavy'"),
        ({"value": True}, "value must be a finite number"),
        ({"value": None}, "value must be a finite number"),
        ({"uncertainty": -0.1}, "uncertainty must not be negative, it is -0.1"),
        ({"uncertainty": math.nan}, "uncertainty must be a finite number"),
        ({"unit": "GEV"}, "unknown unit 'GEV'; did you mean 'GeV'"),
        ({"unit": ""}, "unknown unit ''"),
        ({"source": ""}, "x.yaml: 'm': source is missing"),
        ({"source": None}, "source is missing"),
        ({"uncertainy": 0.1}, "unknown field 'uncertainy'; did you mean 'uncertainty'"),
    ],
)
def test_bad_entries_are_refused(change, message):
    with pytest.raises(DineutrinoError, match=message):
        read_entry(ENTRY | change, "m", "masses", "x.yaml")


@pytest.mark.parametrize("field", ["value", "unit", "source"])
def test_incomplete_entries_are_refused(field):
    with pytest.raises(DineutrinoError, match=field):
        read_entry(without(ENTRY, field), "m", "masses", "x.yaml")


def test_a_missing_uncertainty_means_exact():
    assert read_entry(without(ENTRY, "uncertainty"), "m", "masses", "x.yaml").uncertainty == 0


def test_duplicate_names_are_refused():
    with pytest.raises(DineutrinoError, match=r"x.yaml: the name 'm_b' appears twice"):
        parse_yaml("m_b: {value: 4}\nm_b: {value: 5}\n", "x.yaml")
    with pytest.raises(DineutrinoError, match=r"the name 'value' appears twice"):
        parse_yaml("m_b: {value: 4, unit: GeV, value: 5}\n", "x.yaml")
    with pytest.raises(DineutrinoError, match="'m' appears twice, in 'one' and 'two'"):
        read_scalars({"blocks": {"one": {"m": ENTRY}, "two": {"m": ENTRY}}}, "x.yaml")


def test_not_yaml():
    with pytest.raises(DineutrinoError, match=r"x\.yaml: not readable as YAML"):
        parse_yaml("a: [1, 2", "x.yaml")


@pytest.mark.parametrize(
    ("written", "number"),
    [("1e-5", 1e-5), ("1E3", 1e3), ("-2.5e+3", -2500.0), (".5", 0.5), ("7", 7), ("+3.0", 3.0), ("6.0e-12", 6e-12)],
)
def test_numbers_in_the_usual_notations(written, number):
    assert parse_yaml(f"x: {written}", "x.yaml") == {"x": number}


def test_text_stays_text():
    assert parse_yaml("x: 1/127.95\ny: e5\nz: 2301.06990v1", "x.yaml") == {
        "x": "1/127.95",
        "y": "e5",
        "z": "2301.06990v1",
    }


def test_units():
    assert to_gev("MeV", 1.0) == 1e-3
    assert to_gev("ps", 2.0) == pytest.approx(0.5e-12)
    with pytest.raises(DineutrinoError, match="unknown unit 'TeV'"):
        to_gev("TeV", 1.0)


def test_a_set_of_the_user(tmp_path):
    names = ["ckm_A", "ckm_rhobar"]
    record = {
        "source": "test",
        "choices": {"lambda_t": "direct"},
        "overrides": {"m_b": {"value": 4.2, "uncertainty": 0.1, "unit": "GeV", "source": "test"}},
        "correlations": {"CKM": {"names": names, "matrix": [[1, 0.6], [0.6, 1]]}},
    }
    path = write(tmp_path / "mine.yaml", record)
    inputs, prior = load_inputs(path), load_prior(path)
    assert inputs.name == "mine"
    assert inputs["m_b"] == 4.2
    block = next(block for block in prior.blocks if block.name == "CKM")
    covariance = np.asarray(block.covariance)
    sigma = np.sqrt(np.diag(covariance))
    i, j = (block.labels.index(name) for name in names)
    rho = covariance / np.outer(sigma, sigma)
    assert rho[i, j] == pytest.approx(0.6)
    assert np.count_nonzero(np.abs(rho) > 1e-12) == len(block.labels) + 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": None}, "mine.yaml: source is missing"),
        ({"overides": {}}, "unknown field 'overides'; did you mean 'overrides'"),
        ({"overrides": {"m_q": ENTRY}}, "mine.yaml: unknown input 'm_q'"),
        ({"overrides": []}, "overrides must be a mapping"),
        ({"choices": {"lambda_t": "maybe"}}, "mine.yaml: unknown value"),
        ({"correlations": {"CKM": {"names": ["ckm_A", "m_b"], "matrix": [[1, 0], [0, 1]]}}}, "'m_b' belongs to"),
        ({"correlations": {"CKM": {"names": ["ckm_A", "ckm_A"], "matrix": [[1, 0], [0, 1]]}}}, "appears twice"),
        ({"correlations": {"CKM": {"names": ["ckm_A", "ckm_B"], "matrix": [[1, 0], [0, 1]]}}}, "did you mean 'ckm_A'"),
        ({"correlations": {"CKM": {"names": ["ckm_A", "ckm_rhobar"], "matrix": [[1, 2], [2, 1]]}}}, "not positive def"),
        ({"correlations": {"CKM": {"names": ["ckm_A", "ckm_rhobar"], "matrix": [[1, 1], [1, 1]]}}}, "not positive def"),
        (
            {"correlations": {"CKM": {"names": ["ckm_A", "ckm_rhobar"], "matrix": [[1, 0.1], [0.2, 1]]}}},
            "not symmetric",
        ),
        ({"correlations": {"CKM": {"names": ["ckm_A", "ckm_rhobar"], "matrix": [[2, 0], [0, 1]]}}}, "diagonal"),
        ({"correlations": {"CKM": {"names": ["ckm_A", "ckm_rhobar"], "matrix": [[1]]}}}, "must be 2 x 2, it is 1 x 1"),
        ({"correlations": {"CKM": {"names": ["ckm_A"]}}}, "names and matrix"),
    ],
)
def test_bad_sets_are_refused(tmp_path, change, message):
    path = write(tmp_path / "mine.yaml", {"source": "test"} | change)
    with pytest.raises(DineutrinoError, match=message):
        load_prior(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(DineutrinoError, match="there is no file"):
        load_inputs(tmp_path / "nothing.yaml")


def test_a_fit_of_the_user(tmp_path):
    path = write(tmp_path / "toy.yaml", FIT)
    inputs = load_inputs("default", form_factors={"B->K": path})
    fit = inputs.form_factors["B->K"]
    assert (fit.name, fit.transition, fit.parametrisation) == ("toy", "B->K", "BSZ")
    np.testing.assert_array_equal(fit.coefficients["f_T"], [0.3, -1.0])
    assert fit.constants["m_M"] == 0.5
    block = next(b for b in load_prior("default", form_factors={"B->K": path}).blocks if b.name == "B->K toy")
    assert block.labels == ("B->K f_plus a0", "B->K f_plus a1", "B->K f_0 a1", "B->K f_T a0", "B->K f_T a1")
    sigma = np.array(FIT["uncertainties"])
    np.testing.assert_allclose(block.covariance, np.outer(sigma, sigma) * np.array(FIT["correlation"]), rtol=1e-13)
    rows = {row.name: row for row in input_rows("default", form_factors={"B->K": path})}
    assert rows["B->K f_0 a1"].value == 0.4
    assert rows["B->K f_0 a1"].uncertainty == pytest.approx(0.2)


def test_covariance_and_correlation_are_the_same_information():
    sigma = np.array(FIT["uncertainties"])
    covariance = (np.outer(sigma, sigma) * np.array(FIT["correlation"])).tolist()
    other = without(without(FIT, "uncertainties"), "correlation") | {"covariance": covariance}
    first, second = (read_fit(record, "B->K", "toy.yaml") for record in (FIT, other))
    np.testing.assert_allclose(first.cholesky, second.cholesky, rtol=1e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": " "}, "toy.yaml: source is missing"),
        ({"name": None}, "name is missing"),
        ({"transition": "B->K*"}, "the transition is 'B->K\\*', not 'B->K'"),
        ({"parametrisation": "BSZZ"}, "unknown parametrisation 'BSZZ'; did you mean 'BSZ'"),
        ({"sources": "x"}, "unknown field 'sources'; did you mean 'source'"),
        ({"constants": {}}, "constants is missing"),
        ({"constants": {"m_B": math.nan}}, "constant 'm_B' must be a finite number"),
        ({"coefficients": FIT["coefficients"] | {"f_minus": [1.0, 1.0]}}, "unknown form factor 'f_minus'"),
        ({"coefficients": without(FIT["coefficients"], "f_T")}, "the form factor 'f_T' is missing"),
        ({"coefficients": FIT["coefficients"] | {"f_T": [0.3, math.inf]}}, "'f_T' must be a finite number"),
        ({"coefficients": FIT["coefficients"] | {"f_T": []}}, "'f_T' must be a list"),
        ({"coefficients": FIT["coefficients"] | {"f_T": [1.0, 1.0, 1.0]}}, "the same order"),
        ({"uncertainties": [0.1, 0.1]}, "a list of 5 numbers"),
        ({"uncertainties": [0.01, 0.1, -0.2, 0.03, 0.1]}, "must be positive"),
        ({"correlation": np.eye(4).tolist()}, "correlation must be 5 x 5, it is 4 x 4"),
        ({"correlation": [[1.0], [0.1, 1.0]]}, "correlation must be a full 5 x 5 matrix"),
        ({"correlation": np.ones((5, 5)).tolist()}, "not positive definite"),
        ({"correlation": np.full((5, 5), math.nan).tolist()}, "not finite"),
        ({"covariance": np.eye(5).tolist()}, "either covariance, or uncertainties and correlation"),
    ],
)
def test_bad_fits_are_refused(change, message):
    with pytest.raises(DineutrinoError, match=message):
        read_fit(FIT | change, "B->K", "toy.yaml")


def test_bad_covariances_are_refused():
    bare = without(without(FIT, "uncertainties"), "correlation")
    with pytest.raises(DineutrinoError, match="covariance must be 5 x 5, it is 3 x 3"):
        read_fit(bare | {"covariance": np.eye(3).tolist()}, "B->K", "toy.yaml")
    with pytest.raises(DineutrinoError, match="must be positive"):
        read_fit(bare | {"covariance": np.diag([1, 1, 0, 1, 1.0]).tolist()}, "B->K", "toy.yaml")
