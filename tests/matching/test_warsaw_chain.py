"""From the Warsaw basis at a high scale to LEFT at the scale of the b quark: one program, and its derivatives."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from random_smeft import warsaw

from dineutrino.eft.names.jms import jms_to_mapping
from dineutrino.eft.warsaw import warsaw_from_mapping
from dineutrino.inputs import load_inputs
from dineutrino.matching.smeft_chain import smeft_to_left
from dineutrino.matching.warsaw_chain import left_from_m_z, warsaw_to_left
from dineutrino.running.jms_classes import arrays
from dineutrino.running.left_classes import changes_flavour
from dineutrino.running.warsaw_classes import Warsaw
from dineutrino.running.warsaw_classes import arrays as warsaw_arrays
from dineutrino.running.warsaw_classes import from_arrays as warsaw_from_arrays

pytestmark = pytest.mark.slow
INPUTS = load_inputs()
NAMES = ("alpha_s", "s2_w", "G_F", "ckm_A", "ckm_etabar", "m_b(m_b)", "m_tau")
MU = 2000.0


@pytest.fixture(scope="module")
def chain():
    return jax.jit(warsaw_to_left)


@pytest.fixture(scope="module")
def vectors():
    return jax.jit(smeft_to_left)


def test_scalars_and_dipoles_arrive(chain):
    """ledq gives scalars of b -> s tau tau and of b -> c tau nu; dB, dW, quqd1 the dipole of b -> s gamma."""
    start = warsaw_from_mapping({"ledq_3332": 1e-8, "lequ3_3332": 1e-8, "dB_23": 1e-8, "quqd1_2333": 1e-8})
    found = jms_to_mapping(chain(start, MU, INPUTS))
    assert found["SedRL_3332"].real == pytest.approx(1.7e-8, rel=0.05)
    assert found["SnueduRR_3332"].real < -1e-9
    assert abs(found["dgamma_23"]) > 1e-7
    assert abs(found["dG_23"]) > 1e-9


@pytest.mark.parametrize(("mu_uv", "accuracy"), [(float(INPUTS["m_Z"]), 1e-12), (MU, 1e-5)])
def test_vectors_alone_as_before(chain, vectors, mu_uv, accuracy):
    """Flavour-changing vector currents from vector classes through two independent chains: the same from m_Z.

    From higher up, scalars, dipoles and other classes that vector classes make come back to them in the whole basis.
    """
    c = warsaw(1)
    alone = warsaw_from_arrays(warsaw_arrays(Warsaw.zero()) | vars(c.vectors))
    ours = arrays(chain(alone, mu_uv, INPUTS))
    for name, value in vars(vectors(c.vectors, mu_uv, INPUTS)).items():
        difference = np.where(changes_flavour(name), np.abs(ours[name] - value), 0).max()
        assert difference < accuracy * float(jnp.abs(value).max()), name


def test_derivatives_below_m_z():
    """In reverse mode, of random numbers of all classes: by inputs against finite differences, and a gradient by the
    coefficients of a linear function times the coefficients is the function. Above m_Z see tests/running.
    """
    c = warsaw(4)
    weights = jax.tree.map(lambda leaf: jnp.full(leaf.shape, 1 + 0.5j), jax.eval_shape(left_from_m_z, c, INPUTS))

    def total(c, changed):
        left = left_from_m_z(c, INPUTS.replace(dict(zip(NAMES, changed, strict=True))))
        pairs = zip(jax.tree.leaves(weights), jax.tree.leaves(left), strict=True)
        return sum(jnp.sum(weight.conj() * value).real for weight, value in pairs)

    both = jax.jit(jax.value_and_grad(total, argnums=(0, 1)))
    centre = np.array([float(INPUTS[name]) for name in NAMES])
    value, (by_coefficients, by_inputs) = both(c, centre)
    parts = zip(jax.tree.leaves(by_coefficients), jax.tree.leaves(c), strict=True)
    assert sum(float(jnp.sum(g * x).real) for g, x in parts) == pytest.approx(float(value), rel=1e-10)
    for i, name in enumerate(NAMES):
        step = 1e-4 * centre[i] * np.eye(len(NAMES))[i]
        numeric = (both(c, centre + step)[0] - both(c, centre - step)[0]) / (2 * step[i])
        assert float(by_inputs[i]) == pytest.approx(float(numeric), rel=1e-5), name
