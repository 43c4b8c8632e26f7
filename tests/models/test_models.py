"""Models: what they are made of, published numbers, likelihoods with masses as parameters, bad input."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs, load_prior, normalisation
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import load_measurements
from dineutrino.models import (
    DarkFermion,
    DarkScalar,
    DarkVector,
    MasslessNeutrinos,
    SterileNeutrino,
    load_model,
    model_names,
    read_model,
)
from dineutrino.observables import Predictor

NAMES = ["BR(B+->Knunu)", "BR(B0->Knunu)", "BR(B+->K*nunu)", "BR(B0->K*nunu)"]


def values(**given):
    return {name.replace("__", " "): jnp.asarray(value) for name, value in given.items()}


@pytest.fixture(scope="module")
def felkl():
    return Predictor(NAMES, load_inputs("felkl2023"))


@pytest.fixture(scope="module")
def he():
    return Predictor(NAMES, load_inputs("he2024"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "mass", "k"),
    [
        ("QN_2311", 0.0, [1.3725e-2, 1.2700e-2, 3.2285e-2, 2.9964e-2]),
        ("dN_2311", 1.5, [7.4134e-3, 6.8469e-3, 6.2597e-3, 5.7698e-3]),
        ("LNQd_2123", 1.5, [3.5232e-2, 3.2513e-2, 1.3031e-2, 1.2006e-2]),
        ("LNQd_1132", 3.0, [8.6290e-3, 7.9385e-3, 1.5121e-3, 1.3850e-3]),
        ("LNQdT_3123", 1.5, [1.7992e-2, 1.6587e-2, 2.2236e-1, 2.0558e-1]),
        ("LNQdT_3132", 3.0, [5.0653e-3, 4.6537e-3, 3.8179e-2, 3.5138e-2]),
    ],
)
def test_branching_ratios_of_a_sterile_neutrino(felkl, name, mass, k):
    """BR = k C^2, C in TeV^-2 at 1 TeV; an independent computation with the inputs of arXiv:2309.02940."""
    model, standard = SterileNeutrino(1.608, 0.853), felkl(NeutrinoCoefficients.zero())
    for part in ("Re", "Im"):
        found = felkl(model({"mass": jnp.asarray(mass), f"{part} {name}": jnp.asarray(0.01)}, felkl.inputs)) - standard
        assert np.asarray(found) * 1e4 == approx(k, rel=1e-4)


def test_two_steriles_of_different_masses(felkl):
    """Symmetric under exchange; an independent computation with the inputs of arXiv:2309.02940."""
    model, standard = SterileNeutrino(1.608, 0.853, 2), felkl(NeutrinoCoefficients.zero())
    for first, second, name in ((0.5, 1.5, "QN_2312"), (1.5, 0.5, "QN_2312"), (0.5, 1.5, "QN_2321")):
        point = {"mass_1": jnp.asarray(first), "mass_2": jnp.asarray(second), f"Re {name}": jnp.asarray(0.01)}
        found = np.asarray(felkl(model(point, felkl.inputs)) - standard)
        assert found[[0, 3]] == approx([9.4215e-7, 1.77155e-6], rel=1e-4)


def test_running_is_that_of_the_paper():
    model = SterileNeutrino.from_inputs(load_inputs("felkl2023"))
    assert model.scalar_running == pytest.approx(1.608, rel=3e-3)
    assert model.tensor_running == pytest.approx(0.853, rel=3e-3)
    higher = SterileNeutrino.from_inputs(load_inputs("felkl2023"), scale=3.0)
    assert higher.scalar_running > model.scalar_running


@pytest.mark.parametrize(
    ("model", "operator", "mass", "scale", "ratios"),
    [
        (DarkScalar(), "S", 0.3, 1.881e4, [0.9251, 0.0, 0.0]),
        (DarkScalar(), "V", 1.0, 4.744, [0.9237, 0.4317, 0.3970]),
        (DarkFermion(), "S1", 0.7, 8.927, [0.9230, 0.0, 0.0]),
        (DarkFermion(), "V2", 0.7, 8.549, [0.9250, 0.2566, 0.2362]),
        (DarkFermion(), "T1", 0.7, 7.816, [0.9225, 8.556, 7.911]),
        (DarkVector(), "S", 0.7, 0.4820, [0.9216, 0.0, 0.0]),
        (DarkVector(), "T2", 0.7, 0.2382, [0.9222, 38.27, 35.36]),
        (DarkVector(), "V2", 0.7, 0.1440, [0.9214, 0.0104, 0.0096]),
        (DarkVector(), "V6", 0.7, 0.4838, [0.9235, 0.4056, 0.3730]),
    ],
)
def test_dark_pairs_with_the_scales_of_the_paper(he, model, operator, mass, scale, ratios):
    """BR(B+ -> K+ X) = 1.9e-5 at this scale, TeV; ratios of the other modes to it (arXiv:2309.12741 section III)."""
    point = {"mass": jnp.asarray(mass), f"Lambda {operator}": jnp.asarray(scale)}
    found = np.asarray(he(model(point, he.inputs)) - he(NeutrinoCoefficients.zero()))
    n = model.powers[operator][1]
    assert found[0] == approx(1.9e-5, rel=3e-3 + 2 * n * 0.5e-3)
    assert found[1:] / found[0] == approx(ratios, rel=3e-3, abs=6e-5)


@pytest.mark.slow
def test_coefficients_and_scales_are_the_same_operators(he):
    one = he(DarkVector(scale=2.0)(values(mass=0.5, Re__V4=1.0), he.inputs))
    two = he(DarkVector()(values(mass=0.5, Lambda__V4=2.0), he.inputs))
    three = he(DarkVector()(values(mass=0.5, Im__V4=1 / 16), he.inputs))
    assert one == approx(two, rel=1e-13)
    assert one == approx(three, rel=1e-13)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "operator"), [(DarkScalar, "S"), (DarkFermion, "V2"), (DarkVector, "V3")])
def test_a_particle_that_is_its_own_antiparticle_has_twice_the_rate(he, kind, operator):
    """The amplitude doubles, the phase space halves."""
    point = {"mass": jnp.asarray(0.4), f"Re {operator}": jnp.asarray(1e-3)}
    standard = he(NeutrinoCoefficients.zero())
    other = he(kind(self_conjugate=True)(point, he.inputs)) - standard
    assert np.asarray(other) == approx(2 * np.asarray(he(kind()(point, he.inputs)) - standard), rel=1e-9)


@pytest.mark.slow
def test_light_vectors_have_a_finite_rate(he):
    """The powers of the mass in the coefficients cancel those of longitudinal polarisations."""
    for operator in DarkVector().operators.names():
        near, nearer = (
            np.asarray(he(DarkVector()({"mass": jnp.asarray(m), f"Lambda {operator}": jnp.asarray(1.0)}, he.inputs)))
            for m in (1e-3, 1e-4)
        )
        assert np.all(np.isfinite(nearer))
        assert nearer == approx(near, rel=1e-4)


def _only(alpha, beta, value):
    return np.where((np.arange(3)[:, None] == alpha) & (np.arange(3) == beta), value, 0)


def test_neutrino_coefficients_are_parameters_of_every_model():
    point = values(mass=0.5, Re__QN_2311=0.01, Im__CL_bsnuenumu=2.0)
    inputs = load_inputs()
    found = SterileNeutrino(1.0, 1.0)(point, inputs).wet
    scale = complex(normalisation(inputs))
    assert np.asarray(found.nunu.sb.left) == approx(_only(1, 0, 2j * scale))
    assert len(found.dark.sb) == 1
    found = MasslessNeutrinos()(values(Re__CR_bsnuenue=1.0), inputs).wet
    assert np.asarray(found.nunu.sb.right) == approx(_only(0, 0, scale))
    assert not np.any(found.nunu.sb.left)
    assert found.dark.sb == ()


@pytest.mark.slow
def test_mass_and_coupling_in_a_likelihood():
    """Gradients by finite differences; only the inputs that the operator needs are nuisances."""
    parameters = [Parameter("mass", 0.0, 3.0, 1.0), Parameter("Re S", -1e-3, 1e-3, 1e-5)]
    measurements = load_measurements("belle2_2023_BpKnunu_combination")
    prior = load_prior().restrict(["B->K HPQCD2022", "B->K* GRvDV2023", "m_b"])
    likelihood = Likelihood(parameters, measurements, prior, DarkScalar())
    names = " ".join(likelihood.names)
    assert "f_0 a1" in names
    assert "m_b" in names
    assert "f_T" not in names
    assert "B->K*" not in names
    plain = Likelihood([Parameter("Re CL_bsnuenue", -9, 9)], measurements, prior)
    assert "m_b" not in " ".join(plain.names)
    assert "f_0" not in " ".join(name for name in plain.names if "f_0 a0" not in name)

    vector = jnp.asarray([0.7, 4e-5, *np.linspace(-0.3, 0.3, len(likelihood.names) - 2)])
    function = jax.jit(lambda v: likelihood.log_prob(likelihood.to_point(v)))
    exact = np.asarray(jax.grad(function)(vector))
    steps = np.where(np.arange(len(vector)) == 1, 1e-9, 1e-5)
    numeric = [
        (function(vector + h) - function(vector - h)) / (2 * step)
        for step, h in zip(steps, np.diag(steps), strict=True)
    ]
    assert exact == approx(np.array(numeric), rel=1e-5, abs=1e-7)
    assert np.isfinite(likelihood.log_prob(likelihood.origin({"mass": 2.9, "Re S": 1e-4})))


def test_the_origin_is_inside_the_bounds():
    parameters = [Parameter("mass", 0.5, 3.0), Parameter("Lambda S", 1e3, 1e5)]
    measurements = load_measurements("belle2_2023_BpKnunu_combination")
    likelihood = Likelihood(parameters, measurements, load_prior().restrict(()), DarkScalar())
    assert float(likelihood.origin()["mass"]) == 0.5
    assert float(likelihood.origin()["Lambda S"]) == 1e3


@pytest.mark.parametrize("name", model_names())
def test_every_model_by_name(name):
    model = load_model(name, load_inputs())
    assert model.name == name
    assert set(model.own_parameters()) <= set(model.parameters())


def test_models_as_analysis_files_write_them():
    inputs = load_inputs()
    assert read_model("DarkScalar", inputs) == DarkScalar()
    assert read_model({"DarkFermion": {"majorana": True, "scale": 2}}, inputs) == DarkFermion(True, 2.0)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("DarkScalr", "unknown model 'DarkScalr'; did you mean 'DarkScalar'"),
        ({"DarkScalar": {"rael": True}}, "unknown option of DarkScalar 'rael'; did you mean 'real'"),
        ({"DarkScalar": {"real": 1}}, "option 'real' of DarkScalar must be true or false, not 1"),
        ({"DarkScalar": {"scale": True}}, "option 'scale' of DarkScalar must be a number, not True"),
        ({"DarkScalar": {"scale": -1.0}}, "must be positive and finite"),
        ({"SterileNeutrino": {"scale": 0.01}}, "above m_t"),
        ({"SterileNeutrino": {"steriles": 4}}, "takes 1 to 3 sterile neutrinos, not 4"),
        (
            {"SterileNeutrino": {"steriles": 1.5}},
            "option 'steriles' of SterileNeutrino must be a whole number, not 1.5",
        ),
        ({"MasslessNeutrinos": {"scale": 1.0}}, "MasslessNeutrinos has no options"),
        (["DarkScalar"], "a model is a name"),
        ({"DarkScalar": {}, "DarkVector": {}}, "a model is a name"),
    ],
)
def test_bad_models(written, message):
    with pytest.raises(DineutrinoError, match=message):
        read_model(written, load_inputs())


@pytest.mark.parametrize(
    ("model", "point", "message"),
    [
        (DarkScalar(), {"mass": 1.0, "Lambda Z": 1.0}, "unknown parameter of DarkScalar 'Lambda Z'"),
        (DarkScalar(), {"Lambda S": 1.0}, "DarkScalar needs a value of 'mass', mass of either particle, GeV"),
        (DarkScalar(), {"mass": 1.0, "Lambda S": 1.0, "Im S": 1.0}, "takes either 'Lambda S' or 'Re S' and 'Im S'"),
        (DarkFermion(True), {"mass": 1.0, "Re V1": 1.0}, "unknown parameter of DarkFermion 'Re V1'"),
        (SterileNeutrino(1.6, 0.8), {"mass": 1.0, "Re QN_2312": 1.0}, "did you mean 'Re QN_2311'"),
    ],
)
def test_bad_parameters(model, point, message):
    with pytest.raises(DineutrinoError, match=message):
        model({name: jnp.asarray(value) for name, value in point.items()}, load_inputs())
    with pytest.raises(DineutrinoError, match=message):
        Likelihood(
            [Parameter(name, 0.1, 5.0) for name in point],
            load_measurements("belle2_2023_BpKnunu_combination"),
            load_prior().restrict(()),
            model,
        )


@pytest.mark.parametrize(
    ("model", "point", "message"),
    [
        (DarkScalar(), {"mass": -1.0}, "the mass of the scalar is -1.0 GeV"),
        (DarkVector(), {"mass": 0.0}, "finite and positive"),
        (DarkScalar(), {"mass": 1.0, "Lambda S": 0.0}, "not finite"),
        (SterileNeutrino(1.6, 0.8), {"mass": float("nan"), "Re QN_2311": 0.1}, "not finite"),
    ],
)
def test_values_out_of_range(model, point, message):
    with pytest.raises(DineutrinoError, match=message):
        model({name: jnp.asarray(value) for name, value in point.items()}, load_inputs()).wet.check()


def test_numbers_of_options():
    """Whole numbers are numbers, however many digits they have, as long as a float has room for them."""
    inputs = load_inputs()
    assert load_model("DarkScalar", inputs, {"scale": 10**30}).scale == 1e30
    for model, option in (("DarkScalar", "a number"), ("SMEFT", "a number or a word")):
        with pytest.raises(DineutrinoError, match=f"^option 'scale' of {model} must be {option}, not 1000"):
            load_model(model, inputs, {"scale": 10**400})
