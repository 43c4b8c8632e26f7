"""From SMEFT coefficients at 1 or 3 TeV to branching ratios, against wilson and flavio together, at matched inputs."""

import json
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from smeft_reference import ALPHA_EM, G_F, evolve

from dineutrino import NeutrinoCoefficients, Predictor, load_inputs
from dineutrino.eft.flavio.vectors import semileptonic
from dineutrino.eft.smeft import smeft_from_mapping

FROZEN = json.loads((Path(__file__).parent / "smeft_branching_ratios.json").read_text())
FLAVIO = json.loads((Path(__file__).parents[1] / "validation" / "frozen" / "flavio.json").read_text())


@pytest.fixture(scope="module")
def predictor():
    inputs = load_inputs("default", lambda_t="direct", C_L_SM="value").replace(FLAVIO["inputs"]["scalars"])
    return Predictor(FROZEN["observables"], inputs)


@pytest.mark.slow
@pytest.mark.parametrize("point", FROZEN["points"], ids=lambda point: "+".join(point["coefficients"]))
def test_ratio_to_the_standard_model(predictor, point):
    """The CKM matrix of flavio normalises. Form factors cancel for K, and for K* where quarks are left-handed."""
    values = {name: complex(*parts) for name, parts in point["coefficients"].items()}
    _, _, low = evolve(smeft_from_mapping(values), point["mu_uv"])
    found = semileptonic(low, jnp.asarray(np.asarray(FROZEN["ckm"]) @ [1, 1j]), G_F, ALPHA_EM)
    ratios = predictor(NeutrinoCoefficients(found.C_L, found.C_R)) / predictor(NeutrinoCoefficients.zero())
    right_handed = bool(jnp.abs(found.C_R).max() > 0.1)
    assert np.asarray(ratios[:2]) == pytest.approx(np.asarray(point["ratios"][:2]), rel=1e-3)
    assert np.asarray(ratios[2:]) == pytest.approx(np.asarray(point["ratios"][2:]), rel=2e-2 if right_handed else 1e-3)
