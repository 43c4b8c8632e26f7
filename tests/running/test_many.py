"""Many sets of coefficients in numbers, against one at a time in a compiled program."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from jaxtyping import Array

from dineutrino.inputs import load_inputs
from dineutrino.running.couplings import Couplings, run_couplings
from dineutrino.running.flow import Point, run
from dineutrino.running.many import FEWEST, couplings_of, run_many, run_many_to_m_z, run_rows
from dineutrino.running.standard_model import couplings_at_m_z

M_Z, HIGH, STEPS = 91.1876, 3000.0, 4


class Toy(eqx.Module):
    number: Array
    matrix: Array


def toy_slope(c, sm):
    """Linear over the real numbers only."""
    up, down = sm.Yu.conj().T @ c.matrix.conj(), c.matrix @ sm.Yd
    return Toy(sm.g3**2 * c.number + jnp.trace(sm.Yu @ c.matrix).real, 0.3 * (up + down))


def toys(count, seed):
    rng = np.random.default_rng(seed)
    return Toy(rng.normal(size=count), rng.normal(size=(count, 3, 3)) + 1j * rng.normal(size=(count, 3, 3)))


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def sm():
    rng = np.random.default_rng(5)
    yukawas = 0.2 * (rng.normal(size=(3, 3, 3)) + 1j * rng.normal(size=(3, 3, 3)))
    return Couplings(*map(jnp.asarray, (0.36, 0.65, 1.2, 0.25)), *map(jnp.asarray, yukawas))


@pytest.fixture(scope="module")
def one():
    """The compiled program for one set."""
    return jax.jit(lambda c, sm, start, end: run(toy_slope, Point(c, sm), start, end, STEPS))


def assert_same(found, expected):
    for one, other in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        assert one == approx(other, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("count", [1, FEWEST + 1])
def test_each_set_as_if_alone(sm, one, count):
    sets = toys(count, 1)
    found = run_many(toy_slope, Point(sets, sm), HIGH, M_Z, STEPS)
    for i in range(count):
        alone = one(jax.tree.map(lambda leaf: leaf[i], sets), sm, HIGH, M_Z)  # noqa: B023
        assert_same(jax.tree.map(lambda leaf: leaf[i], found.coefficients), alone.coefficients)  # noqa: B023
    assert_same(found.couplings, alone.couplings)


def test_rows_are_functions_of_the_coefficients_at_the_other_scale(sm, one):
    """A function of coefficients at one scale is the same number as a function of coefficients at the other."""
    rows, c = toys(3, 2), jax.tree.map(lambda leaf: leaf[0], toys(1, 3))
    there = run_rows(toy_slope, Point(rows, sm), M_Z, HIGH, STEPS)
    back = one(c, jax.tree.map(jnp.asarray, there.couplings), HIGH, M_Z).coefficients

    def values(rows, c):
        return rows.number * c.number + np.sum((rows.matrix * np.asarray(c.matrix)).real, (1, 2))

    assert values(there.coefficients, c) == approx(values(rows, back), rel=1e-4)
    assert np.abs(values(rows, back) - values(rows, c)).min() > 0.01


def doubled(sets, sm):
    return Toy(2 * sets.number, jnp.einsum("pq,nqr->npr", sm.Yu, sets.matrix))


@pytest.mark.slow
def test_to_m_z_from_couplings_there(inputs, one):
    """Couplings run up from m_Z, and what is given is written in their basis before it runs down."""
    low = couplings_of(inputs)
    assert_same(low, jax.jit(couplings_at_m_z)(inputs))
    m_z = float(inputs["m_Z"])
    high = jax.jit(run_couplings)(low, m_z, HIGH)
    sets = toys(1, 4)
    start = jax.tree.map(lambda leaf: leaf[0], doubled(sets, high))
    found = run_many_to_m_z(toy_slope, doubled, sets, HIGH, inputs)
    exact = one(start, high, HIGH, m_z).coefficients
    assert_same(jax.tree.map(lambda leaf: leaf[0], found), exact)
