"""The whole Warsaw basis between two scales: composition, accuracy of the steps, derivatives."""

from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from random_smeft import warsaw
from test_smeft_running import M_Z, largest_difference, standard_model
from warsaw_direct import at_m_z, between

from dineutrino.inputs import load_inputs
from dineutrino.running.couplings import run_couplings
from dineutrino.running.flow import Point
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.warsaw import warsaw_at_m_z
from dineutrino.running.warsaw_classes import Warsaw, arrays, from_arrays

pytestmark = pytest.mark.slow


def largest(tree):
    return max(float(jnp.abs(leaf).max()) for leaf in jax.tree.leaves(tree))


@pytest.mark.parametrize(("mu", "accuracy"), [(1000.0, 5e-7), (10000.0, 1e-5), (50000.0, 1e-4)])
def test_four_steps_are_enough(mu, accuracy):
    """Of the largest coefficient; four times as many steps are compared."""
    start = Point(warsaw(2), run_couplings(standard_model(), M_Z, mu))
    few = between(start, mu, M_Z).coefficients
    scales = np.geomspace(mu, M_Z, 5)
    for high, low in pairwise(scales):
        start = between(start, high, low)
    assert largest_difference(few, start.coefficients) < accuracy * largest(few)


def test_down_and_up_is_the_identity():
    start = Point(warsaw(1), run_couplings(standard_model(), M_Z, 1000.0))
    back = between(between(start, 1000.0, M_Z), M_Z, 1000.0)
    assert largest_difference(back, start) < 1e-5
    assert largest_difference(between(start, 1000.0, 1000.0), start) < 1e-12


def test_quantum_numbers_of_the_whole_way():
    """A coefficient that turns tau into mu gives such ones, the down basis of quarks moving on the way."""
    zero = Warsaw.zero()
    lequ3 = zero.chiral.lequ3.at[1, 2, 2, 2].set(1.0)
    found = at_m_z(from_arrays(arrays(zero) | {"lequ3": lequ3}), 2000.0, standard_model())
    assert 0.01 < abs(found.chiral.lequ1[1, 2, 2, 2]) < 1
    assert 0.01 < abs(found.dipoles.eB[1, 2]) < 1
    assert all(abs(found.dipoles.eB[index]) == 0 for index in ((0, 1), (0, 2), (1, 0), (2, 0), (2, 2)))
    assert largest(found.bosons) == 0
    assert float(jnp.abs(found.cubic.uH).max()) == 0


def test_without_new_physics_there_is_none():
    assert largest(at_m_z(Warsaw.zero(), 1000.0, standard_model())) == 0


PARAMETERS = ("coefficients", "mu_uv", "m_t(m_t)", "alpha_s")


def test_derivatives():
    """By coefficients, the scale, the top mass and the strong coupling: forward mode against finite differences."""
    inputs, c = load_inputs(), warsaw(4)
    names = [name for name in inputs.values if name in ("m_t(m_t)", "alpha_s")]
    assert len(names) == 2
    at = jnp.asarray([1.0, 1000.0, float(inputs["m_t(m_t)"]), float(inputs["alpha_s"])])
    steps = np.array([0.01, 2.0, 0.2, 2e-4])

    def arguments(x):
        sm = couplings_at_m_z(inputs.replace({"m_t(m_t)": x[2], "alpha_s": x[3]}))
        return jax.tree.map(lambda leaf: x[0] * leaf, c), x[1], sm

    def value(x):
        return warsaw_at_m_z(*arguments(x), inputs["m_Z"])

    slope = jax.jit(lambda x, direction: jax.jvp(value, (x,), (direction,))[1])
    couplings = jax.jit(arguments)
    for i, step in enumerate(steps):
        direction = jnp.zeros(4).at[i].set(1.0)
        up, down = (at_m_z(*couplings(at + sign * step * direction), inputs["m_Z"]) for sign in (1, -1))
        difference = jax.tree.map(lambda a, b, h=step: (a - b) / (2 * h), up, down)
        found = slope(at, direction)
        for name, expected in arrays(difference).items():
            error = float(jnp.abs(arrays(found)[name] - expected).max())
            assert error < 2e-5 * largest(difference), (PARAMETERS[i], name)
