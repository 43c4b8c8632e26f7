"""A point of parameter space: ways to say what new physics there is, and models that see the inputs of the point."""

import importlib

import jax
import jax.numpy as jnp
import pytest
from close import approx
from jax.tree_util import Partial

from dineutrino.analysis import predict
from dineutrino.eft import NeutrinoCoefficients, NuNu, to_lagrangian
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs, load_prior
from dineutrino.models import WET, MasslessNeutrinos
from dineutrino.observables import Predictor, get
from dineutrino.theory import Wet

BR = "BR(B+->Knunu)"
POINT = {"Re CL_bsnutaunutau": jnp.asarray(3.0), "Im CR_bsnuenumu": jnp.asarray(-2.0)}


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def wilson():
    return NeutrinoCoefficients.from_mapping({"CL_bsnutaunutau": 3.0, "CR_bsnuenumu": -2j})


@pytest.mark.slow
def test_new_physics_may_be_said_in_three_ways(inputs, wilson):
    predictor = Predictor([BR], inputs)
    expected = predictor(wilson)
    assert predictor(Wet.b_to_s(NuNu(*to_lagrangian(wilson, inputs)))) == approx(expected, rel=1e-13)
    assert predictor(MasslessNeutrinos()(POINT, inputs)) == approx(expected, rel=1e-13)


def test_a_lagrangian_stays_where_the_ckm_matrix_moves(inputs, wilson):
    """With the Standard Model taken out: a rate of C goes like |V_tb V_ts*|^2, that of a Lagrangian does not move."""
    moved = inputs.replace({"ckm_A": 1.1 * inputs["ckm_A"], "C_L_SM": 1e-9 * inputs["C_L_SM"]})
    still = inputs.replace({"C_L_SM": 1e-9 * inputs["C_L_SM"]})
    rate = jax.jit(get(BR).__call__)
    wet = MasslessNeutrinos()(POINT, inputs).wet
    assert float(rate(wet, moved) / rate(wet, still)) == pytest.approx(1, abs=1e-6)
    assert float(rate(wilson, moved) / rate(wilson, still)) == pytest.approx(1.21, abs=0.01)


def test_scalars_of_the_wet_follow_the_ckm_matrix(inputs):
    """All coefficients of this model are in units of V_tb V_ts*, and so all rates go like its square."""
    moved = inputs.replace({"ckm_A": 1.1 * inputs["ckm_A"]})
    values = {"cVL": jnp.asarray(0.0), "cSL": jnp.asarray(3.0), "cTL": jnp.asarray(1.0)}
    rate = jax.jit(lambda inputs: get(BR)(WET()(values, inputs), inputs))
    assert float(rate(moved) / rate(inputs)) == pytest.approx(1.21, abs=0.01)


@pytest.mark.slow
def test_uncertainties_of_a_model_are_those_of_its_coefficients(wilson):
    prior = load_prior().restrict(["CKM"])
    batch, values = (jax.tree.map(lambda leaf: jnp.asarray(leaf)[None], one) for one in (wilson, POINT))
    expected, found = (predict([(BR,)], new, prior) for new in (batch, Partial(MasslessNeutrinos(), values)))
    assert found.values == approx(expected.values, rel=1e-13)
    assert found.uncertainties == approx(expected.uncertainties, rel=1e-12)
    wet = jax.vmap(lambda point: MasslessNeutrinos()(point, prior.central).wet)(values)
    held = predict([(BR,)], wet, prior)
    assert held.values == approx(expected.values, rel=1e-13)
    assert abs(float(held.uncertainties[0, 0] / expected.uncertainties[0, 0]) - 1) > 0.05


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("dineutrino.invisible", "FinalStates", "dineutrino.theory.Wet.b_to_s"),
        ("dineutrino.invisible", "Invisible", "dineutrino.theory.NewPhysics"),
        ("dineutrino.eft", "NeutrinoLagrangian", "dineutrino.eft.NuNu"),
    ],
)
def test_old_names_say_the_new_one(module, old, new):
    with pytest.raises(DineutrinoError, match=f"{module}.{old} is no more; use {new}"):
        getattr(importlib.import_module(module), old)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        importlib.import_module(module).nothing  # noqa: B018


def test_a_model_without_inputs_says_what_it_needs():
    with pytest.raises(DineutrinoError, match=r"MasslessNeutrinos sees the inputs .* model\(values, inputs\)"):
        MasslessNeutrinos()(POINT)
