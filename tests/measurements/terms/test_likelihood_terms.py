"""What every kind of term must do: jit, vmap, grad, and stay finite at its kinks."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dineutrino.measurements import (
    CorrelatedGaussian,
    Gaussian,
    GaussianAroundSM,
    HalfGaussianAtZero,
    TruncatedGaussian,
    TwoPieceGaussian,
    VariableWidthGaussian,
)

OBSERVABLES = (("BR(B+->Knunu)",), ("<BR>(B0->K*nunu)", 1.0, 6.0))
VALUE, SM = np.array([2.3e-5, 0.4e-5]), jnp.array([0.5e-5, 0.1e-5])
SIGMA = np.array([0.7e-5, 0.2e-5])
TERMS = {
    "gaussian": Gaussian(OBSERVABLES, VALUE, SIGMA),
    "correlated": CorrelatedGaussian(OBSERVABLES, VALUE, np.outer(SIGMA, SIGMA) * np.array([[1, 0.4], [0.4, 1]])),
    "variable_width": VariableWidthGaussian(OBSERVABLES, VALUE, SIGMA, 0.6 * SIGMA),
    "two_piece": TwoPieceGaussian(OBSERVABLES, VALUE, SIGMA, 0.6 * SIGMA),
    "around_sm": GaussianAroundSM(OBSERVABLES, VALUE, np.array([0.9, 0.95])),
    "half": HalfGaussianAtZero(OBSERVABLES, VALUE, np.array([0.9, 0.95])),
    "truncated": TruncatedGaussian(OBSERVABLES, VALUE, np.array([0.9, 0.95])),
}
POINTS = jnp.asarray(np.random.default_rng(1).uniform(0.0, 1.5, size=(12, 2)) * VALUE)
# kinks and edges: the measured value, zero, the Standard Model, and beyond the pole of the variable width
EDGES = jnp.asarray(np.stack([VALUE, [0.0, 0.0], np.asarray(SM), VALUE - 20 * SIGMA, VALUE + 20 * SIGMA]))


@pytest.fixture(scope="module", params=TERMS)
def term(request):
    return TERMS[request.param]


@pytest.fixture(scope="module")
def compiled():
    return eqx.filter_jit(lambda term, x: (term.log_prob(x, SM), jax.grad(lambda y: term.log_prob(y, SM))(x)))


@pytest.mark.slow
def test_jit_equals_eager(term, compiled):
    for x in POINTS[:4]:
        np.testing.assert_allclose(compiled(term, x)[0], term.log_prob(x, SM), rtol=1e-12)
        np.testing.assert_allclose(eqx.filter_jit(term.pull)(x, SM), term.pull(x, SM), rtol=1e-12)


def test_vmap_equals_loop(term, compiled):
    values, gradients = jax.vmap(lambda x: compiled(term, x))(POINTS)
    for i, x in enumerate(POINTS):
        value, gradient = compiled(term, x)
        np.testing.assert_allclose(values[i], value, rtol=1e-12)
        np.testing.assert_allclose(gradients[i], gradient, rtol=1e-10)


def test_gradient_equals_finite_difference(term, compiled):
    for x in POINTS:
        gradient = compiled(term, x)[1]
        for i in range(2):
            step = jnp.zeros(2).at[i].set(1e-5 * VALUE[i])
            difference = (compiled(term, x + step)[0] - compiled(term, x - step)[0]) / (2 * step[i])
            # the two-piece term is once differentiable only: its kink costs one order in the step
            np.testing.assert_allclose(gradient[i], difference, rtol=1e-6, atol=1e-4 / SIGMA[i])


def test_gradients_are_finite_at_the_edges(term, compiled):
    for x in EDGES:
        value, gradient = compiled(term, x)
        assert not jnp.isnan(value)
        assert jnp.all(jnp.isfinite(gradient))


def test_gradient_vanishes_at_best_agreement(term, compiled):
    best = {
        "GaussianAroundSM": SM,
        "TruncatedGaussian": SM,
        "HalfGaussianAtZero": jnp.zeros(2),
    }.get(type(term).__name__, jnp.asarray(VALUE))
    value, gradient = compiled(term, best)
    assert value == 0
    np.testing.assert_allclose(gradient, 0.0, atol=1e-9)


def test_pulls_have_the_shape_of_the_observables_and_square_to_chi2(term):
    x = POINTS[0]
    pull = term.pull(x, SM)
    assert pull.shape == (2,)
    if not isinstance(term, CorrelatedGaussian):
        np.testing.assert_allclose(jnp.sum(pull**2), -2 * term.log_prob(x, SM), rtol=1e-12)


def test_numbers_are_leaves_and_observables_are_static(term):
    leaves = jax.tree.leaves(term)
    assert leaves
    assert all(isinstance(leaf, jax.Array) and leaf.dtype == jnp.float64 for leaf in leaves)
    assert hash(term.observables) == hash(OBSERVABLES)


def test_toys_can_replace_the_measured_value(compiled):
    shifted = eqx.tree_at(lambda t: t.value, TERMS["variable_width"], POINTS[0])
    assert compiled(shifted, POINTS[0])[0] == 0


def test_built_while_tracing_they_stay_concrete():
    built = []

    @jax.jit
    def build(x):
        built.append(Gaussian(OBSERVABLES, VALUE, SIGMA))
        return built[-1].log_prob(x, SM)

    np.testing.assert_allclose(build(POINTS[0]), TERMS["gaussian"].log_prob(POINTS[0], SM), rtol=1e-12)
    assert not isinstance(built[0].value, jax.core.Tracer)
