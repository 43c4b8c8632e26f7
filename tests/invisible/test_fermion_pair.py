"""Limits of the fermion pair; its size is tested together with the hadronic side in tests/observables."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.invisible import Couplings, Currents, SpinOne, contract, fermion_pair, massless_neutrinos

EVERYTHING = Couplings(**{name: jnp.asarray(0.3 + 0.1j * i) for i, name in enumerate(Couplings.__annotations__)})


def leaves(q2, m_1, m_2, g=EVERYTHING):
    return jnp.stack(jax.tree.leaves(fermion_pair(*map(jnp.asarray, (q2, m_1, m_2)), g)))


def test_left_handed_massless_pair_is_the_neutrino():
    vector, axial = massless_neutrinos()
    pair = fermion_pair(jnp.asarray(7.0), jnp.asarray(0.0), jnp.asarray(0.0), Couplings(VV=0.25, VA=-0.25))
    assert pair.vector.vector == approx(vector.vector.vector, rel=1e-14)
    assert pair.scalar.vector == 0.0
    pair = fermion_pair(jnp.asarray(7.0), jnp.asarray(0.0), jnp.asarray(0.0), Couplings(AV=0.25, AA=-0.25))
    assert pair.axial.vector == approx(axial.axial.vector, rel=1e-14)


def test_massless_limit_is_smooth_and_holds_at_zero_q2():
    for q2 in (0.0, 1e-6, 3.0):
        exact = leaves(q2, 0.0, 0.0)
        assert np.all(np.isfinite(exact))
        if q2 > 0:
            assert leaves(q2, 1e-9, 1e-9) == approx(exact, rel=1e-5, abs=1e-5)
    assert leaves(0.0, 0.0, 0.0) == approx(leaves(1e-30, 0.0, 0.0))


@pytest.mark.slow
@pytest.mark.parametrize("masses", [(0.0, 0.0), (0.4, 0.4), (0.3, 1.1), (1.1, 0.0)])
def test_values_and_gradients_are_finite_at_and_around_threshold(masses):
    threshold = sum(masses) ** 2
    for q2 in (0.0, threshold / 2, threshold, threshold * (1 + 1e-12), threshold + 1.0):
        values = leaves(q2, *masses)
        jacobian = jax.jacobian(leaves, argnums=(0, 1, 2))(jnp.asarray(q2), *map(jnp.asarray, masses))
        assert np.all(np.isfinite(values))
        assert all(np.all(np.isfinite(column)) for column in jacobian)
        if q2 <= threshold and threshold > 0:
            assert np.all(values == 0)


@pytest.mark.slow
def test_gradients_against_finite_differences():
    point = np.array([6.0, 0.5, 0.9])
    jacobian = np.stack(jax.jacobian(leaves, argnums=(0, 1, 2))(*map(jnp.asarray, point)), axis=1)
    for i in range(3):
        step = np.zeros(3)
        step[i] = 1e-5
        difference = (leaves(*(point + step)) - leaves(*(point - step))) / 2e-5
        assert jacobian[:, i] == approx(difference, rel=1e-7, abs=1e-9)


def test_exchange_of_the_particles():
    """x1 <-> x2bar flips the sign of the vector current's spin-0 part against the scalar, and nothing else's size."""
    one = fermion_pair(*map(jnp.asarray, (6.0, 0.5, 0.9)), Couplings(VV=0.3, SS=0.2))
    two = fermion_pair(*map(jnp.asarray, (6.0, 0.9, 0.5)), Couplings(VV=0.3, SS=0.2))
    assert two.scalar.interference == approx(-one.scalar.interference)
    assert two.scalar.scalar == approx(one.scalar.scalar)
    assert two.vector.vector == approx(one.vector.vector)


def test_jit_and_vmap():
    q2 = jnp.linspace(0.0, 10.0, 7)
    batched = jax.jit(jax.vmap(leaves, in_axes=(0, None, None)))(q2, 0.4, 0.7)
    assert batched == approx(np.stack([leaves(x, 0.4, 0.7) for x in q2]), rel=1e-13)


def test_currents_that_are_not_there_cost_nothing():
    nothing = contract(Currents(vector=SpinOne(vector=jnp.ones(3))), Currents(axial=SpinOne(vector=jnp.ones(3))))
    assert nothing == 0.0
