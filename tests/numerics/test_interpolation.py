"""A function interpolated in the logarithm of its argument."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.numerics.interpolation import Logarithmic


def function(x):
    """Two rows, with the logarithms that loops have, and a pole to the left of zero."""
    return jnp.stack([jnp.log(x) ** 2 + 1j * x, jnp.exp(-x) / (x + 0.5) + 0j])


@pytest.mark.parametrize(("first", "last", "error"), [(0.1, 1.1, 1e-8), (1.1, 6.0, 1e-8), (2.0, 2.1, 1e-12)])
def test_between_its_ends(first, last, error):
    x = jnp.asarray(np.geomspace(first, last, 101))
    found = jax.jit(lambda x: Logarithmic.of(function, jnp.asarray(first), jnp.asarray(last))(x))(x)
    assert found == approx(function(x), rel=0, abs=error)


def test_outside_it_stays_where_it_ends():
    interpolated = Logarithmic.of(function, jnp.asarray(1.0), jnp.asarray(2.0))
    outside, ends = interpolated(jnp.asarray([0.01, 50.0])), function(jnp.asarray([1.0, 2.0]))
    assert outside == approx(ends, rel=0, abs=1e-9)


def test_slope():
    """In the argument, and in what the function depends on; none in the ends, which are where it is known."""

    def value(x, scale, last):
        interpolated = Logarithmic.of(lambda x: function(scale * x), jnp.asarray(0.5), last)
        return jnp.sum(interpolated(x[None]).real)

    at = (jnp.asarray(1.3), jnp.asarray(0.7), jnp.asarray(3.0))
    slope = jax.grad(value, argnums=(0, 1, 2))(*at)
    exact = jax.grad(lambda x, scale: jnp.sum(function(scale * x).real), argnums=(0, 1))(*at[:2])
    assert slope[:2] == approx(exact, rel=1e-7)
    assert float(slope[2]) == approx(0.0, abs=1e-7)
