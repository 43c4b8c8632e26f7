"""From the Warsaw basis at a high scale to LEFT at the scale of the b quark: one program, and its derivatives."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from random_smeft import warsaw

from dineutrino.eft.jms_names import jms_to_mapping
from dineutrino.eft.smeft_chain import smeft_to_left
from dineutrino.eft.warsaw import warsaw_from_mapping
from dineutrino.inputs import load_inputs
from dineutrino.matching.warsaw_chain import left_from_m_z, warsaw_to_left
from dineutrino.running.jms_classes import arrays
from dineutrino.running.left_classes import changes_flavour
from dineutrino.running.warsaw_classes import Warsaw
from dineutrino.running.warsaw_classes import arrays as warsaw_arrays
from dineutrino.running.warsaw_classes import from_arrays as warsaw_from_arrays

pytestmark = pytest.mark.slow
INPUTS = load_inputs()
NAMES = ("alpha_s", "m_t(m_t)", "ckm_A", "ckm_etabar", "m_b(m_b)")
MU = 2000.0


def low(coefficients, mu_uv, changed):
    return warsaw_to_left(coefficients, mu_uv, INPUTS.replace(dict(zip(NAMES, changed, strict=True))))


@pytest.fixture(scope="module")
def chain():
    """(coefficients, mu_uv, inputs) and a direction -> LEFT at mu_b and its derivative."""
    return jax.jit(lambda point, direction: jax.jvp(low, point, direction))


@pytest.fixture(scope="module")
def vectors():
    return jax.jit(smeft_to_left)


CENTRE = jnp.asarray([float(INPUTS[name]) for name in NAMES])
NOWHERE = (Warsaw.zero(), 0.0, jnp.zeros(len(NAMES)))


def test_scalars_and_dipoles_arrive(chain):
    """ledq gives scalars of b -> s tau tau and of b -> c tau nu; dB, dW, quqd1 the dipole of b -> s gamma."""
    start = warsaw_from_mapping({"ledq_3332": 1e-8, "lequ3_3332": 1e-8, "dB_23": 1e-8, "quqd1_2333": 1e-8})
    found = jms_to_mapping(chain((start, MU, CENTRE), NOWHERE)[0])
    assert found["SedRL_3332"].real == pytest.approx(1.7e-8, rel=0.05)
    assert found["SnueduRR_3332"].real < -1e-9
    assert abs(found["dgamma_23"]) > 1e-7
    assert abs(found["dG_23"]) > 1e-9


@pytest.mark.parametrize(("mu_uv", "accuracy"), [(float(INPUTS["m_Z"]), 1e-12), (MU, 1e-6)])
def test_vectors_alone_as_before(chain, vectors, mu_uv, accuracy):
    """Flavour-changing vector currents from vector classes through two independent chains: the same from m_Z.

    From higher up, scalars, dipoles and other classes that vector classes make come back to them in the whole basis.
    """
    c = warsaw(1)
    alone = warsaw_from_arrays(warsaw_arrays(Warsaw.zero()) | vars(c.vectors))
    ours = arrays(chain((alone, mu_uv, CENTRE), NOWHERE)[0])
    for name, value in vars(vectors(c.vectors, mu_uv, INPUTS)).items():
        difference = np.where(changes_flavour(name), np.abs(ours[name] - value), 0).max()
        assert difference < accuracy * float(jnp.abs(value).max()), name


@pytest.mark.parametrize("by", ["coefficients", "mu_uv", *NAMES])
def test_derivatives(chain, by):
    """Of random numbers of all classes, against finite differences; coefficients of mass dimension differ in size."""
    point = (warsaw(2), MU, CENTRE)
    direction = list(NOWHERE)
    if by == "coefficients":
        direction[0] = warsaw(3)
    elif by == "mu_uv":
        direction[1] = MU
    else:
        i = NAMES.index(by)
        direction[2] = CENTRE[i] * jnp.eye(len(NAMES))[i]
    h = 1e-4
    moved = [jax.tree.map(lambda a, d, s=s: a + s * h * d, point, tuple(direction)) for s in (1, -1)]
    slope = arrays(chain(point, tuple(direction))[1])
    up, down = (arrays(chain(end, NOWHERE)[0]) for end in moved)
    for name, value in slope.items():
        numeric = (np.asarray(up[name]) - np.asarray(down[name])) / (2 * h)
        assert np.all(np.isfinite(value)), name
        assert value == approx(numeric, abs=2e-6 * max(1, float(jnp.abs(up[name]).max()))), name


def test_in_reverse():
    """The gradient below m_Z of a linear function, times the coefficients, is the function."""
    weights = jax.tree.map(
        lambda leaf: jnp.full(leaf.shape, 1 + 0.5j), jax.eval_shape(left_from_m_z, warsaw(4), INPUTS)
    )

    def total(c):
        pairs = zip(jax.tree.leaves(weights), jax.tree.leaves(left_from_m_z(c, INPUTS)), strict=True)
        return sum(jnp.sum(weight.conj() * value).real for weight, value in pairs)

    c = warsaw(4)
    value, gradient = jax.jit(jax.value_and_grad(total))(c)
    parts = zip(jax.tree.leaves(gradient), jax.tree.leaves(c), strict=True)
    assert sum(float(jnp.sum(g * x).real) for g, x in parts) == pytest.approx(float(value), rel=1e-10)
