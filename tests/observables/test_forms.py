import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft import NuNu
from dineutrino.observables.forms import Squares, quadratic_form


def sector(seed):
    random = np.random.default_rng(seed)
    return NuNu(*(jnp.asarray(random.normal(size=(3, 3)) + 1j * random.normal(size=(3, 3))) for _ in "LR"))


def amplitudes(c):
    """Linear over the real numbers, not over the complex ones."""
    return ((1 + 2j) * jnp.eye(3) + c.left - c.right.conj().T + 0.3j * c.left.real).ravel()


WEIGHTS = jnp.arange(1.0, 10.0)


@pytest.mark.slow
def test_a_sum_of_squares():
    form = Squares.of(WEIGHTS, amplitudes, NuNu.zero(), 0.7)
    for seed in range(3):
        new = sector(seed)
        assert form(new) == approx(0.7 + jnp.sum(WEIGHTS * jnp.abs(amplitudes(new)) ** 2), rel=1e-13)
    assert form(NuNu.zero()) == approx(0.7 + 5 * (1 + 5 + 9), rel=1e-13)


@pytest.mark.slow
def test_its_curvature_is_constant_also_where_an_amplitude_vanishes():
    form = Squares.of(WEIGHTS, lambda c: c.left.ravel(), NuNu.zero())
    curvature = jax.hessian(lambda x: form(NuNu(x * jnp.eye(3) + 0j, jnp.zeros((3, 3), complex))))
    assert curvature(0.0) == approx(2 * (1 + 5 + 9), rel=1e-13)
    assert curvature(2.0) == approx(2 * (1 + 5 + 9), rel=1e-13)


def test_a_quadratic_form_from_its_values():
    F = np.random.default_rng(4).normal(size=(5, 5))
    found = quadratic_form(lambda x: x @ F @ x, 5)
    np.testing.assert_allclose(found, (F + F.T) / 2, atol=1e-14)
