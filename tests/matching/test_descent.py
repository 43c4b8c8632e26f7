"""What a model with SMEFT coefficients says at m_Z and below: against the direct path, and free where not read."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft.smeft import smeft_from_mapping
from dineutrino.eft.warsaw import warsaw_from_mapping
from dineutrino.inputs import SB, load_inputs
from dineutrino.matching.smeft_to_left import match_transition
from dineutrino.models import load_model
from dineutrino.models.smeft_point import smeft_point
from dineutrino.observables.predictor import contract, kernels
from dineutrino.running.smeft import smeft_at_m_z
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.warsaw import warsaw_at_m_z
from dineutrino.theory import Beyond, Theory, theory_of

pytestmark = pytest.mark.slow

VALUES = {"Re lq1_3323": 0.02, "Im ld_3323": -0.01, "Re lq1_3333": 0.3}
COEFFICIENTS = {"lq1_3323": 2e-8, "ld_3323": -1e-8j, "lq1_3333": 3e-7}
GIVEN = {name: jnp.asarray(value) for name, value in VALUES.items()}
REFERENCES = (("BR(B+->Knunu)",), ("BR(B0->K*nunu)",), ("BR(K+->pinunu)",))


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def model(inputs):
    return load_model("SMEFT", inputs)


@pytest.fixture(scope="module")
def free(inputs):
    return load_model("SMEFT", inputs, {"scale": "free"})


@pytest.fixture(scope="module")
def vectors_at(inputs):
    """The direct path to m_Z."""
    run = jax.jit(lambda scale: smeft_at_m_z(smeft_from_mapping(COEFFICIENTS), scale, couplings_at_m_z(inputs),
                                             inputs["m_Z"]))  # fmt: skip
    return lambda scale: run(jnp.asarray(scale))


def left(at_m_z, inputs):
    return match_transition(at_m_z.vectors, SB).left


def twice_tau_tau(left, inputs):
    return 2 * left[2, 2]


def assert_same(found, expected, rel):
    largest = max(float(jnp.abs(leaf).max()) for leaf in jax.tree.leaves(expected))
    for one, other in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        assert one == approx(other, abs=rel * largest)


def test_coefficients_at_m_z_are_those_of_the_direct_path(inputs, model, free, vectors_at):
    """From a fixed and from a free scale, and of one point without a model."""
    for scale in (1.0, 3.21):
        expected = vectors_at(1e3 * scale)
        assert_same(free(GIVEN | {"scale": jnp.asarray(scale)}, inputs).smeft.at_m_z.vectors, expected, 1e-8)
    expected = vectors_at(1e3)
    for found in (model(GIVEN, inputs).smeft, smeft_point(COEFFICIENTS, 1e3, inputs).smeft):
        assert_same(found.at_m_z.vectors, expected, 1e-12)
        assert all(float(jnp.abs(leaf).max()) == 0 for leaf in jax.tree.leaves(found.at_m_z.chiral))


def test_coefficients_of_all_classes_at_m_z(inputs, free):
    """Where one of them is not a vector current, the whole basis runs."""
    coefficients = COEFFICIENTS | {"ledq_3333": 5e-6, "phiud_33": 3e-7j}
    given = GIVEN | {"Re ledq_3333": jnp.asarray(5.0), "Im phiud_33": jnp.asarray(0.3)}
    run = jax.jit(lambda c, scale: warsaw_at_m_z(c, scale, couplings_at_m_z(inputs), inputs["m_Z"]))
    expected = run(warsaw_from_mapping(coefficients), jnp.asarray(1500.0))
    assert_same(free(given | {"scale": jnp.asarray(1.5)}, inputs).smeft.at_m_z, expected, 1e-8)
    fixed = load_model("SMEFT", inputs, {"scale": 1.5})
    for found in (fixed(given, inputs).smeft, smeft_point(coefficients, 1500.0, inputs).smeft):
        assert_same(found.at_m_z, expected, 1e-12)


@pytest.mark.parametrize("live", [(), pytest.param(("m_t(m_t)",), marks=pytest.mark.slow)])
def test_readouts_follow_parameters_scale_and_live_inputs(inputs, free, live):
    """A readout, and one through another: values, and derivatives by all of a point against finite differences."""
    model = load_model("SMEFT", inputs, {"scale": "free", "live": list(live)}) if live else free

    def found(x):
        given = {"Re lq1_3323": x[0], "scale": x[1], "Re lq1_3333": jnp.asarray(0.3)}
        smeft = model(given, inputs.replace(dict(zip(live, x[2:], strict=True)))).smeft
        whole, part = smeft.read(left), smeft.read_through(left, twice_tau_tau)
        assert part.shape == ()
        return 1e9 * jnp.stack([whole[2, 2].real, part.real])

    at = jnp.asarray([0.02, 2.0, *(float(inputs[name]) for name in live)])
    values = jax.jit(found)(at)
    assert values[1] == approx(2 * values[0], rel=1e-14)
    exact = jax.jit(jax.jacfwd(found))(at)
    for i, step in enumerate(jnp.diag(1e-4 * at)):
        numeric = (found(at + step) - found(at - step)) / (2e-4 * at[i])
        assert exact[:, i] == approx(numeric, rel=1e-6)
        assert abs(float(exact[0, i])) > 1e-6
    points = jnp.stack([at, 1.01 * at])
    looped = np.stack([found(point) for point in points])
    assert jax.jit(jax.vmap(found))(points) == approx(looped, rel=1e-13)


def test_what_is_not_read_costs_nothing(inputs):
    """With neutrinos only nothing is tabulated, and the compiled program counts as many operations as without SMEFT."""
    model = load_model("SMEFT", inputs)
    at_inputs = jax.jit(lambda: kernels(REFERENCES, inputs))()

    def values(given, keep):
        theory = model(given, inputs)
        return contract(REFERENCES, at_inputs, theory if keep else theory_of(theory.wet, inputs))

    counts = [
        jax.jit(values, static_argnames="keep").lower(GIVEN, keep).compile().cost_analysis()["flops"]
        for keep in (True, False)
    ]
    assert counts[0] == counts[1] > 0
    assert [descent._tables for descent in model._descents.values()] == [{}]


def test_points_of_one_model_are_compiled_once(inputs, model):
    """The way down is the same object for all points with values of the same coefficients."""
    traced = []

    @jax.jit
    def strength(theory):
        traced.append(1)
        return jnp.abs(theory.smeft.read(left)).sum()

    first, second = (strength(model({name: k * x for name, x in GIVEN.items()}, inputs)) for k in (1, 2))
    assert second == approx(2 * first, rel=1e-13)
    assert len(traced) == 1


def test_a_theory_without_its_inputs_keeps_all_new_physics(inputs, model):
    theory = model(GIVEN, inputs)
    again = theory_of(theory, inputs)
    assert isinstance(theory.beyond, Beyond)
    for same in (again, theory_of(theory.beyond, inputs)):
        assert isinstance(same, Theory)
        assert same.smeft is theory.smeft
        assert same.wet is theory.wet
    assert theory_of(theory.wet, inputs).smeft is None
