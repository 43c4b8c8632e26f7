"""From coefficients at a high scale to the Z and W pole, through models, predictors and likelihoods."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from z_pole_peer import PEER, matched, tau_couplings, tau_slopes

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.eft.smeft import smeft_from_mapping
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs, load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.matching.descent import fixed_point
from dineutrino.measurements import load_measurements
from dineutrino.models import load_model
from dineutrino.observables import Predictor, get, names
from dineutrino.observables.z_pole import Pole, PoleCoefficients, predictions
from dineutrino.observables.z_pole.catalogue import AtPole
from dineutrino.observables.z_pole.pole import coefficients
from dineutrino.running.warsaw_classes import Warsaw
from dineutrino.theory import Beyond, Flavours, Wet, theory_of

pytestmark = pytest.mark.slow

Y_T = {"m_t(m_t)": 163.86}
"""GeV: gives the top Yukawa coupling at m_Z of the program that the physics notes use, 0.9707."""
LEPTOQUARK = {"Re lq1_3333": jnp.asarray(0.5), "Re lq3_3333": jnp.asarray(-0.5)}
POLE = tuple(name for name in names() if isinstance(get(name), AtPole))

KAON = 5
REFERENCES = (*POLE[:KAON], "BR(K+->pinunu)", *POLE[KAON:])


@pytest.fixture(scope="module")
def inputs():
    return load_inputs().replace(Y_T)


@pytest.fixture(scope="module")
def model(inputs):
    return load_model("SMEFT", inputs)


@pytest.fixture(scope="module")
def predictor(inputs):
    return Predictor(REFERENCES, inputs)


@pytest.fixture(scope="module")
def beyond(inputs):
    """New physics that is known at m_Z."""
    vectors = smeft_from_mapping({"phil1_33": 2e-8, "phiq3_23": 1e-8 + 2e-8j, "phiWB": 1e-9})
    whole = eqx.tree_at(lambda c: c.vectors, Warsaw.zero(), vectors)
    return Beyond(Wet(Flavours(), Flavours()), fixed_point(whole, whole, inputs))


def test_leptoquark_singlet(model, inputs):
    """S_1, C_lq1 = -C_lq3 = 1/2 at 1 TeV: the top quark in a loop gives delta g_L = 0.0346 v^2 C to Z -> tau tau."""
    c = coefficients(model(LEPTOQUARK, inputs))
    delta = -(c.Hl1 + c.Hl3)[2, 2].real / 2
    assert 1e6 * float(delta) == pytest.approx(0.0346, rel=0.01)
    assert 1e6 * float(c.Hl1[2, 2].real) == pytest.approx(-0.03759, rel=0.01)
    assert 1e6 * float(c.Hl3[2, 2].real) == pytest.approx(-0.03159, rel=0.01)


def test_what_the_pole_allows_at_1_tev(model, inputs):
    """Intervals of one coefficient, Delta chi^2 = 3.84, as in the physics notes: S_1, C_lq1, and C = -C_lq3."""
    pole = Pole.of(matched(PEER))
    evaluate = jax.jit(predictions)
    centre, covariance = tau_couplings(evaluate(pole, PoleCoefficients.zero()), tau_slopes(evaluate, pole))
    information = np.linalg.inv(covariance)
    responses = {}
    for direction, expected in {
        (0.5, -0.5): (-0.50, 0.35),
        (1.0, 0.0): (-0.42, 0.37),
        (0.0, -1.0): (-0.54, 0.30),
    }.items():
        c = coefficients(model(dict(zip(LEPTOQUARK, map(jnp.asarray, direction), strict=True)), inputs))
        response = 1e6 * np.real([c.Hl1[2, 2], c.Hl3[2, 2]])
        best = response @ information @ centre / (response @ information @ response)
        width = np.sqrt(3.841 / (response @ information @ response))
        assert (best - width, best + width) == pytest.approx(expected, abs=0.02)
        responses[direction] = response
    assert responses[1.0, 0.0] == pytest.approx([-0.0730, -0.0006], rel=0.01, abs=2e-4)
    assert -responses[0.0, -1.0] == pytest.approx([0.0022, 0.0626], rel=0.01, abs=2e-4)


def test_predictor_computes_all_at_once(beyond, inputs, predictor):
    assert len(POLE) == 49
    assert len(predictor.kernels) == 2
    expected = jax.jit(predictions)(Pole.of(inputs), coefficients(theory_of(beyond, inputs)))
    values = predictor(beyond)
    assert np.delete(values, KAON) == approx([expected[name] for name in POLE], rel=1e-12)
    assert float(values[KAON]) == pytest.approx(8.26e-11, rel=0.01)
    batch = predictor.batch(jax.tree.map(lambda leaf: jnp.stack([leaf, 2 * leaf]), beyond))
    assert batch[0] == approx(values, rel=1e-12)
    assert not np.allclose(batch[1], values, rtol=1e-6)


def test_new_physics_below_m_w_leaves_the_pole_alone(inputs, predictor):
    values = predictor(NeutrinoCoefficients.from_mapping({"CR_bsnutaunutau": 10.0}))
    expected = jax.jit(predictions)(Pole.of(inputs), coefficients(load_model("MasslessNeutrinos", inputs)({}, inputs)))
    assert np.delete(values, KAON) == approx([expected[name] for name in POLE], rel=1e-12)


def test_one_observable_alone(beyond, inputs, predictor):
    alone = jax.jit(get("R_tau"))(beyond, inputs)
    assert float(alone) == pytest.approx(float(predictor(beyond)[REFERENCES.index("R_tau")]), rel=1e-12)
    with pytest.raises(DineutrinoError, match="takes the arguments: none"):
        get("R_tau").check(inputs, 1.0)


def test_likelihood(model):
    """The gradient by coefficients and nuisances, and which inputs matter."""
    parameters = [Parameter(name, lower=-1.0, upper=1.0) for name in LEPTOQUARK]
    likelihood = Likelihood(parameters, load_measurements("z_pole"), load_prior(), model)
    named = {label for block in likelihood.prior.blocks for label in block.labels}
    assert {"m_t", "m_h", "m_Z", "alpha_s", "Delta_alpha_had", "delta_s2_eff", "delta_m_W"} <= named
    assert "f_B_s" not in named
    origin = likelihood.origin({"Re lq1_3333": 0.2, "Re lq3_3333": -0.1})
    slopes = likelihood.to_vector(jax.jit(jax.grad(likelihood.log_prob))(origin))
    vector, step = likelihood.to_vector(origin), 1e-4
    direction = jnp.asarray(np.random.default_rng(1).normal(size=vector.size))
    above, below = (likelihood.log_prob(likelihood.to_point(vector + x * direction)) for x in (step, -step))
    assert float(slopes @ direction) == pytest.approx(float(above - below) / (2 * step), rel=1e-6)
