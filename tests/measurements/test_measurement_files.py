"""Measurement files of the user: what they may hold, and every way in which they can be wrong."""

import jax.numpy as jnp
import numpy as np
import pytest

from dineutrino.errors import DineutrinoError
from dineutrino.measurements import (
    CorrelatedGaussian,
    TwoPieceGaussian,
    check_independent,
    load_measurement_file,
    load_measurements,
)

GOOD = """
mine_limit:
  experiment: mine
  source: a note
  observable: BR(B0->K*nunu)
  kind: upper_limit
  limit: 1e-5
  confidence_level: 0.95
  convention: truncated

mine_bin:
  experiment: mine
  source: a note
  description: a bin
  observable: ["<BR>(B+->Knunu)", 1, 6.5]
  kind: asymmetric_gaussian
  value: 2.0e-6
  uncertainty_plus: {stat: 3.0e-7, syst: 4.0e-7}
  uncertainty_minus: 2.0e-7
  convention: two_piece

mine_pair:
  experiment: mine
  source: a note
  observables: ["BR(B+->Knunu)", ["<FL>(B0->K*nunu)", 0, 19]]
  kind: correlated_gaussian
  values: [1.0e-5, 0.5]
  uncertainties: [3.0e-6, {stat: 0.03, syst: 0.04}]
  correlation: [[1, -0.2], [-0.2, 1]]

mine_covariance:
  experiment: mine
  source: a note
  observables: ["BR(B+->K*nunu)", "BR(B0->K*nunu)"]
  kind: correlated_gaussian
  values: [1.0e-5, 1.0e-5]
  covariance: [[4.0e-12, 1.0e-12], [1.0e-12, 4.0e-12]]

mine_gaussian:
  experiment: mine
  source: a note
  observable: R(B+->Knunu)
  kind: gaussian
  value: 1.0
  uncertainty: {stat: 0.3, syst: 0.4}
  contains: [belle2_2023_BpKnunu_average]
"""


@pytest.fixture
def load(tmp_path):
    def read(text, **keywords):
        path = tmp_path / "mine.yaml"
        path.write_text(text)
        return load_measurement_file(path, **keywords)

    return read


def test_every_kind_can_be_read(load):
    limit, binned, pair, covariance, gaussian = load(GOOD)
    np.testing.assert_allclose(limit.term.limit, [1e-5])
    assert binned.observables == (("<BR>(B+->Knunu)", 1.0, 6.5),)
    assert isinstance(binned.term, TwoPieceGaussian)
    np.testing.assert_allclose(binned.term.sigma_plus, [5e-7])
    assert isinstance(pair.term, CorrelatedGaussian)
    np.testing.assert_allclose(pair.term.sigma, [3e-6, 0.05])
    step = jnp.array([3e-6, 0.05])
    # (1, 1) with correlation rho: chi2 = 2 / (1 + rho)
    assert float(pair.term.log_prob(pair.term.value + step, step)) == pytest.approx(-1 / 0.8)
    np.testing.assert_allclose(covariance.term.sigma, [2e-6, 2e-6])
    np.testing.assert_allclose(gaussian.term.sigma, [0.5])
    assert pair.term.summary() == "(1.00 +- 0.30)e-5, 0.500 +- 0.050 (correlated)"


def test_the_convention_of_limits_can_be_chosen(load):
    assert type(load(GOOD, upper_limits="gaussian_around_sm")[0].term).__name__ == "GaussianAroundSM"
    with pytest.raises(DineutrinoError, match="unknown convention for upper limits 'hard'"):
        load(GOOD, upper_limits="hard")


def test_contained_data_reach_into_the_package(load):
    gaussian = load(GOOD)[-1]
    assert "belle2_2023_BpKnunu_inclusive" in gaussian.contains
    with pytest.raises(DineutrinoError, match="use the same data"):
        check_independent((*load_measurements("default"), gaussian))
    check_independent((*load_measurements("default"), load(GOOD)[0]))


ENTRY = {
    "experiment": "mine",
    "source": "a note",
    "observable": "BR(B+->Knunu)",
    "kind": "gaussian",
    "value": "1.0e-5",
    "uncertainty": "2.0e-6",
}
ASYMMETRIC = {
    "kind": "asymmetric_gaussian",
    "uncertainty": None,
    "uncertainty_plus": "1.0e-6",
    "uncertainty_minus": "1.0e-6",
    "convention": "two_piece",
}
LIMIT = {
    "kind": "upper_limit",
    "value": None,
    "uncertainty": None,
    "limit": "1.0e-5",
    "confidence_level": "0.9",
    "convention": "truncated",
}
PAIR = {
    "kind": "correlated_gaussian",
    "value": None,
    "uncertainty": None,
    "observable": None,
    "observables": "[BR(B+->Knunu), BR(B0->Knunu)]",
    "values": "[1.0, 1.0]",
    "covariance": "[[1.0, 0.0], [0.0, 1.0]]",
}


def entry(*changes, **more):
    """An entry with changes; None removes a field."""
    fields = dict(ENTRY)
    for change in (*changes, more):
        fields |= change
    return "mine:\n" + "".join(f"  {key}: {value}\n" for key, value in fields.items() if value is not None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (entry(source=None), "'source' is missing"),
        (entry(source="' '"), "source is missing"),
        (entry(experiment=None), "'experiment' is missing"),
        (entry(value=None), "'value' is missing; a gaussian needs observable, value, uncertainty"),
        (entry(observable=None), "'observable' is missing"),
        (entry(kind=None), "unknown kind of likelihood term 'None'"),
        (entry(kind="gausian"), "did you mean 'gaussian'"),
        (entry(kind="[gaussian]"), "unknown kind of likelihood term"),
        (entry(vaule="1.0"), "unknown field 'vaule'; did you mean 'value'"),
        (entry(limit="1.0"), "unknown field 'limit'"),
        (entry(value="'1.0'"), "'value' must be a finite number, not '1.0'"),
        (entry(value="true"), "'value' must be a finite number"),
        (entry(value=".nan"), "'value' must be a finite number"),
        (entry(value="[1.0]"), "'value' must be a finite number"),
        (entry(uncertainty="0.0"), "'uncertainty' must be positive"),
        (entry(uncertainty="-1.0e-6"), "'uncertainty' must be positive"),
        (entry(uncertainty=".inf"), "'uncertainty' must be a finite number"),
        (entry(uncertainty="{}"), "'uncertainty' must be positive"),
        (entry(uncertainty="{stat: 1.0, syst: -1.0}"), "'uncertainty' must be positive"),
        (entry(observable="BR(B+->Knun)"), "did you mean 'BR\\(B\\+->Knunu\\)'"),
        (entry(observable="3"), "an observable must be a name or a list"),
        (entry(observable="[]"), "an observable must be a name or a list"),
        (
            entry(observable="['<BR>(B+->Knunu)', low, 6]"),
            "argument of '<BR>\\(B\\+->Knunu\\)' must be a finite number",
        ),
        (entry(contains="belle"), "'contains' must be a list of names"),
        (entry(contains="[3]"), "'contains' must be a list of names"),
        (entry(contains="[belle2017_BKnunu]"), "unknown measurement 'belle2017_BKnunu'; did you mean"),
        (entry(ASYMMETRIC, convention="two_pieces"), "did you mean 'two_piece'"),
        (entry(ASYMMETRIC, convention="[two_piece]"), "unknown convention for asymmetric errors"),
        (entry(ASYMMETRIC, convention=None), "'convention' is missing"),
        (entry(ASYMMETRIC, uncertainty_minus="-1.0e-6"), "'uncertainty_minus' must be positive"),
        (entry(LIMIT, limit="0.0"), "'limit' must be positive"),
        (entry(LIMIT, limit="-1.0"), "'limit' must be positive"),
        (entry(LIMIT, confidence_level="90"), "'confidence_level' must lie between 0.5 and 1"),
        (entry(LIMIT, confidence_level=None), "'confidence_level' is missing"),
        (entry(LIMIT, convention="half_gaussian"), "did you mean 'half_gaussian_at_zero'"),
        (entry(PAIR, values="[1.0]"), "'values' must be a list of 2 numbers"),
        (entry(PAIR, values="[1.0, x]"), "'values' must be a finite number"),
        (entry(PAIR, observables="BR(B+->Knunu)"), "'observables' must be a list"),
        (entry(PAIR, observables="[BR(B+->Knunu), BR(B+->Knunu)]"), "occurs twice"),
        (entry(PAIR, covariance="[[1.0, 2.0], [2.0, 1.0]]"), "positive definite"),
        (entry(PAIR, covariance="[[1.0, 1.0], [1.0, 1.0]]"), "positive definite"),
        (entry(PAIR, covariance="[[1.0, 0.1], [0.2, 1.0]]"), "not symmetric"),
        (entry(PAIR, covariance="[[1.0]]"), "must be 2 x 2"),
        (entry(PAIR, covariance="[[1.0, x], [x, 1.0]]"), "matrix of numbers"),
        (entry(PAIR, covariance=None), "either 'covariance', or"),
        (entry(PAIR, correlation="[[1.0, 0.0], [0.0, 1.0]]"), "either 'covariance', or"),
        (entry(PAIR, covariance=None, uncertainties="[1.0, 1.0]"), "either 'covariance', or"),
        (
            entry(PAIR, covariance=None, uncertainties="[1.0]", correlation="[[1.0, 0.0], [0.0, 1.0]]"),
            "list of 2 uncertainties",
        ),
        (
            entry(PAIR, covariance=None, uncertainties="[1.0, 1.0]", correlation="[[2.0, 0.0], [0.0, 1.0]]"),
            "diagonal of 'correlation' must be 1",
        ),
        ("mine: 3\n", "must be a mapping"),
        (entry() + entry(), "'mine' appears twice"),
        (entry() + "  value: 2.0\n", "'value' appears twice"),
        ("[1, 2]\n", "must hold a mapping"),
        ("mine: {\n", "not readable as YAML"),
    ],
)
def test_bad_input_is_refused_with_the_place(load, text, message):
    with pytest.raises(DineutrinoError, match=message) as refused:
        load(text)
    assert str(refused.value).startswith("mine.yaml: ")


def test_a_name_of_the_package_is_refused(load):
    with pytest.raises(DineutrinoError, match="'belle2017_B0KSnunu' is already the name"):
        load(entry().replace("mine:", "belle2017_B0KSnunu:"))
    with pytest.raises(DineutrinoError, match="'default' is already the name"):
        load(entry().replace("mine:", "default:"))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(DineutrinoError, match="there is no file"):
        load_measurement_file(tmp_path / "absent.yaml")
