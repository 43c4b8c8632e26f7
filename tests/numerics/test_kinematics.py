import jax
import jax.numpy as jnp
import pytest
from close import approx
from hypothesis import given
from hypothesis import strategies as st

from dineutrino.numerics import kallen, sqrt_or_zero

positive = st.floats(0.01, 30.0)


@given(a=positive, b=positive, c=positive)
def test_kallen_is_symmetric_and_factorises(a, b, c):
    value = kallen(*map(jnp.asarray, (a, b, c)))
    for permuted in ((b, a, c), (c, b, a), (a, c, b)):
        assert kallen(*map(jnp.asarray, permuted)) == approx(value, rel=1e-9, abs=1e-9 * (a + b + c) ** 2)
    factors = (a - (b**0.5 + c**0.5) ** 2) * (a - (b**0.5 - c**0.5) ** 2)
    assert value == approx(factors, rel=1e-9, abs=1e-9 * (a + b + c) ** 2)


@pytest.mark.parametrize("squared", [-1.0, 0.0, 4.0])
def test_square_root_and_its_gradient_are_finite(squared):
    value, slope = jax.value_and_grad(sqrt_or_zero)(jnp.asarray(squared))
    assert value == max(squared, 0.0) ** 0.5
    assert slope == (0.25 if squared > 0 else 0.0)


def test_square_root_of_what_is_unknown():
    assert jnp.isnan(sqrt_or_zero(jnp.asarray(jnp.nan)))
