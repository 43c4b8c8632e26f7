"""The predictor against the formula one observable at a time, and its derivatives."""

from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import c_l_sm, load_inputs, load_prior
from dineutrino.observables import Predictor, get
from dineutrino.observables.predictor import contract, kernels
from dineutrino.theory import theory_of

pytestmark = pytest.mark.slow

REFERENCES = (
    ("BR(B+->Knunu)",),
    ("FL(B0->K*nunu)", 5.0),
    ("<dBR/dq2>(B0->K*nunu)", 4.0, 8.0),
    ("BR(B0->KSnunu)",),
    ("R(B+->K*nunu)",),
    ("<dBR/dq2>(B0->K*nunu)", 8.0, 12.0),
    ("FL(B0->K*nunu)",),
    ("dBR/dq2(B+->Knunu)", 11.0),
    ("<R>(B0->K*nunu)", 1.0, 6.0),
    ("<FL>(B+->K*nunu)", 1.0, 6.0),
    ("<BR>(B+->Knunu)", 0.0, 8.0),
)


def random_coefficients(rng, *batch):
    return NeutrinoCoefficients(
        *(jnp.asarray(rng.normal(size=(*batch, 3, 3), scale=4) + 1j * rng.normal(size=(*batch, 3, 3))) for _ in "LR")
    )


@pytest.fixture(scope="module")
def inputs():
    return load_inputs("default", long_distance="included")


@pytest.fixture(scope="module")
def predictor(inputs):
    return Predictor(REFERENCES, inputs)


def test_equals_the_formula_one_by_one(predictor, inputs):
    wilson = random_coefficients(np.random.default_rng(3))
    values = predictor(wilson)
    for value, (name, *arguments) in zip(values, REFERENCES, strict=True):
        assert value == approx(get(name)(wilson, inputs, *arguments), rel=1e-13)


@pytest.mark.parametrize("chunk", [None, 3])
def test_batch_equals_loop(predictor, chunk):
    batch = random_coefficients(np.random.default_rng(4), 7)
    values = predictor.batch(batch, chunk)
    assert values.shape == (7, len(REFERENCES))
    for i in range(7):
        assert values[i] == approx(predictor(jax.tree.map(lambda leaf, i=i: leaf[i], batch)), rel=1e-13)


def test_bins_add_up(inputs):
    edges = np.linspace(0, 19.2, 7)
    bins = [("<BR>(B0->K*nunu)", float(a), float(b)) for a, b in pairwise(edges)]
    end_point = get("BR(B0->K*nunu)").mode.end_point(inputs)
    values = Predictor([*bins, ("<BR>(B0->K*nunu)", 19.2, end_point), "BR(B0->K*nunu)"], inputs)(
        random_coefficients(np.random.default_rng(5))
    )
    assert values[:-1].sum() == approx(values[-1], rel=1e-11)


def test_sign_degeneracy(predictor):
    """C_SM + C_L -> -(C_SM + C_L), C_R -> -C_R leaves every rate as it is."""
    wilson = random_coefficients(np.random.default_rng(6))
    c_sm = c_l_sm(predictor.inputs)
    mirrored = NeutrinoCoefficients(-2 * c_sm * jnp.eye(3) - wilson.C_L, -wilson.C_R)
    assert predictor(mirrored) == approx(predictor(wilson), rel=1e-12)


def test_rates_are_quadratic_in_the_coefficients(inputs):
    """The Hessian is constant: autodiff exports exact polynomials."""
    rates = Predictor(["BR(B+->Knunu)", "BR(B0->K*nunu)"], inputs)

    def value(x):
        parts = x.reshape(2, 2, 3, 3)
        return rates(NeutrinoCoefficients(parts[0, 0] + 1j * parts[0, 1], parts[1, 0] + 1j * parts[1, 1]))

    rng = np.random.default_rng(7)
    one, two = rng.normal(size=(2, 36))
    hessian, gradient = jax.hessian(value)(jnp.zeros(36)), jax.jacobian(value)(jnp.zeros(36))
    assert jax.hessian(value)(jnp.asarray(one)) == approx(hessian, rel=1e-10, abs=1e-10 * float(np.max(hessian)))
    polynomial = value(jnp.zeros(36)) + gradient @ two + 0.5 * two @ hessian @ two
    assert value(jnp.asarray(two)) == approx(polynomial, rel=1e-12)


def test_gradient_in_the_inputs_against_finite_differences():
    prior = load_prior("default", long_distance="included")
    wilson = random_coefficients(np.random.default_rng(8))
    sizes = [len(block.labels) for block in prior.blocks]
    edges = np.cumsum([0, *sizes])

    @jax.jit
    def values(vector):
        z = {b.name: vector[i:j] for b, i, j in zip(prior.blocks, edges[:-1], edges[1:], strict=True)}
        inputs = prior.inputs(z)
        return contract(REFERENCES, kernels(REFERENCES, inputs), theory_of(wilson, inputs))

    x = jnp.asarray(np.random.default_rng(9).normal(size=edges[-1], scale=0.3))
    direction = jnp.asarray(np.random.default_rng(10).normal(size=edges[-1]))
    _, slope = jax.jvp(values, (x,), (direction,))
    step = 1e-5
    difference = (values(x + step * direction) - values(x - step * direction)) / (2 * step)
    assert slope == approx(difference, rel=1e-6)


def test_gradient_in_q2_is_finite_at_the_end_points(inputs):
    wilson = random_coefficients(np.random.default_rng(11))
    for name in ("dBR/dq2(B+->Knunu)", "dBR/dq2(B0->K*nunu)", "FL(B0->K*nunu)"):
        observable = get(name)
        end_point = observable.mode.end_point(inputs)
        gradient = jax.jit(jax.value_and_grad(lambda q2, o=observable: o(wilson, inputs, q2)))
        for q2 in (0.0, 1e-12, end_point / 2, end_point * (1 - 1e-12), end_point):
            value, slope = gradient(jnp.asarray(q2))
            assert np.isfinite(value), (name, q2)
            assert np.isfinite(slope), (name, q2)


def test_longitudinal_fraction_at_the_end_points(inputs):
    end_point = get("FL(B0->K*nunu)").mode.end_point(inputs)
    values = Predictor([("FL(B0->K*nunu)", 0.0), ("FL(B0->K*nunu)", end_point)], inputs)(NeutrinoCoefficients.zero())
    assert values[0] == approx(1.0, rel=1e-12)
    assert 0.28 < values[1] < 0.38  # 1/3 up to the accuracy with which the fit obeys its end-point relation


def test_uncertainty_is_that_of_samples():
    prior = load_prior("default").restrict(["B->K HPQCD2022", "CKM"])
    references = (("BR(B+->Knunu)",), ("BR(B0->Knunu)",))
    wilson = NeutrinoCoefficients.zero()
    covariance = Predictor(references, prior.central).covariance(wilson, prior)
    keys = jax.random.split(jax.random.key(0), 4000)

    def sample(key):
        inputs = prior.inputs(prior.sample(key))
        return contract(references, kernels(references, inputs), theory_of(wilson, inputs))

    samples = jax.jit(jax.vmap(sample))(keys)
    assert np.cov(np.asarray(samples).T) == approx(np.asarray(covariance), rel=0.08)
    assert covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1]) > 0.99
