import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dineutrino.inputs import ckm_matrix, lambda_t, load_inputs

NAMES = ("ckm_lambda", "ckm_A", "ckm_rhobar", "ckm_etabar")


@pytest.fixture(scope="module")
def default():
    return load_inputs("default")


@pytest.fixture(scope="module")
def matrix_of(default):
    return jax.jit(lambda x: ckm_matrix(default.replace(dict(zip(NAMES, x, strict=True)))))


wolfenstein = st.tuples(st.floats(0.01, 0.8), st.floats(0.0, 1.2), st.floats(-0.9, 0.9), st.floats(-0.9, 0.9))


@given(wolfenstein)
@settings(max_examples=200, deadline=None)
def test_unitary_and_defined_by_the_apex(matrix_of, x):
    v = np.asarray(matrix_of(jnp.array(x)))
    np.testing.assert_allclose(v @ v.conj().T, np.eye(3), atol=1e-14)
    lambda_, a, rhobar, etabar = x
    # the defining relations of the Wolfenstein parameters, exact in lambda
    c13 = np.sqrt(1 - abs(v[0, 2]) ** 2)
    np.testing.assert_allclose(v[0, 1] / c13, lambda_, rtol=1e-12)
    np.testing.assert_allclose(v[1, 2] / c13, a * lambda_**2, rtol=1e-12, atol=1e-15)
    left = -v[0, 0] * v[0, 2].conj()
    np.testing.assert_allclose(left, (rhobar + 1j * etabar) * v[1, 0] * v[1, 2].conj(), rtol=1e-10, atol=1e-15)
    # standard phase convention
    assert v[0, 0].imag == v[0, 1].imag == v[1, 2].imag == v[2, 2].imag == 0


def test_numbers_of_marzocca2024():
    inputs = load_inputs("marzocca2024", lambda_t="wolfenstein")
    v = np.asarray(ckm_matrix(inputs))
    assert abs(lambda_t(inputs)) == pytest.approx(0.04106, abs=5e-6)
    assert complex(lambda_t(inputs)) == pytest.approx(-0.04105 + 0.00075j, abs=6e-6)
    assert v[2, 0].conj() * v[2, 1] == pytest.approx((-3.228 - 1.404j) * 1e-4, abs=6e-8)
    assert v[1, 0].conj() * v[1, 1] == pytest.approx(-0.21890 + 1.4e-4j, abs=6e-6)
    assert v[2, 0].conj() * v[2, 2] == pytest.approx((7.910 + 3.267j) * 1e-3, abs=6e-7)
    assert abs(v[1, 2]) == pytest.approx(0.04182, abs=5e-6)


def test_direct_lambda_t_is_minus_the_modulus(default):
    inputs = load_inputs("default", lambda_t="direct")
    value = complex(lambda_t(inputs))
    assert value == -float(inputs["|V_tb V_ts*|"])
    # close to the one from the CKM matrix, sign included
    assert value.real == pytest.approx(complex(lambda_t(default)).real, rel=0.03)
    slope = jax.grad(lambda a: lambda_t(inputs.replace({"ckm_A": a})).real)(0.8)
    assert slope == 0


def test_gradient_against_finite_differences(default):
    x = jnp.stack([default[name] for name in NAMES])

    @jax.jit
    def f(x):
        value = lambda_t(default.replace(dict(zip(NAMES, x, strict=True))))
        return jnp.stack([value.real, value.imag])

    jacobian = jax.jit(jax.jacfwd(f))(x)
    step = 1e-5
    columns = [(f(x.at[i].add(step)) - f(x.at[i].add(-step))) / (2 * step) for i in range(4)]
    np.testing.assert_allclose(jacobian, jnp.stack(columns, axis=1), rtol=1e-7, atol=1e-11)


@pytest.mark.parametrize("x", [(0.225, 0.826, 0.0, 0.0), (0.225, 0.0, 0.1, 0.3)])
def test_gradient_is_finite_without_cp_violation_and_without_mixing(default, x):
    def modulus2(x):
        value = lambda_t(default.replace(dict(zip(NAMES, x, strict=True))))
        return value.real**2 + value.imag**2

    assert np.all(np.isfinite(jax.jit(jax.grad(modulus2))(jnp.array(x))))


def test_jit_and_vmap(default, matrix_of):
    batch = jnp.array([[0.22, 0.8, 0.1, 0.3], [0.23, 0.85, 0.2, 0.4], [0.5, 0.1, -0.3, 0.2]])

    def eager(x):
        return ckm_matrix(default.replace(dict(zip(NAMES, x, strict=True))))

    for x, one in zip(batch, jax.vmap(matrix_of)(batch), strict=True):
        np.testing.assert_allclose(matrix_of(x), eager(x), atol=1e-15)
        np.testing.assert_allclose(one, eager(x), atol=1e-15)
