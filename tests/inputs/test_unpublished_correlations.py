"""Form factors whose correlations are not published give central values, and no uncertainty that ignores them."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from dineutrino.cli.app import app
from dineutrino.eft import NeutrinoCoefficients
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_prior
from dineutrino.likelihood import Likelihood
from dineutrino.measurements import load_measurements
from dineutrino.observables import Predictor

NAMES = ("BR(B+->Knunu)", "R(B+->Knunu)", "BR(B0->K*nunu)")
SET = "belle2_2025_simulation"
BLOCK = "B->K HPQCD2022_Belle2"


@pytest.fixture(scope="module")
def prior():
    return load_prior(SET)


@pytest.mark.slow
def test_predict_shows_no_uncertainty_and_says_why():
    result = CliRunner().invoke(app, ["predict", *NAMES, "--inputs", SET, "--json"])
    assert result.exit_code == 0
    branching_ratio, ratio, other = json.loads(result.stdout)
    assert branching_ratio["value"] == pytest.approx(4.97e-6, abs=5e-9)
    assert branching_ratio["uncertainty"] is None
    assert branching_ratio["sm_uncertainty"] is None
    assert ratio["uncertainty"] == 0  # the form factor drops out
    assert other["uncertainty"] > 0
    assert (
        result.stderr == f"the correlations of {BLOCK} are not published, so what depends on it has no uncertainty.\n"
    )
    table = CliRunner().invoke(app, ["predict", NAMES[0], "--inputs", SET]).stdout
    assert table.splitlines()[-1].split()[2] == "none"


@pytest.mark.slow
def test_no_covariance(prior):
    with pytest.raises(DineutrinoError, match=r"correlations of B->K HPQCD2022_Belle2 are not published"):
        Predictor(NAMES[:1], prior.central).covariance(NeutrinoCoefficients.zero(), prior)
    covariance = Predictor(NAMES[2:], prior.central).covariance(NeutrinoCoefficients.zero(), prior)
    assert covariance[0, 0] > 0


def test_they_are_no_nuisances(prior):
    measurements = load_measurements("belle2_2023_BpKnunu_hadronic")
    with pytest.raises(DineutrinoError, match=r"B->K HPQCD2022_Belle2 have no published correlations.*nuisances: none"):
        Likelihood([], measurements, prior)
    assert not Likelihood([], measurements, prior.restrict([])).prior.blocks


def test_one_coefficient_alone_needs_no_correlation(prior):
    (block,) = prior.restrict(["B->K f_plus a1"]).blocks
    assert block.correlated
    assert not prior.restrict([BLOCK]).blocks[0].correlated
    assert np.all(np.diag(prior.restrict([BLOCK]).blocks[0].covariance) > 0)
