import math

import jax
import jax.numpy as jnp
import pytest
from close import approx
from scipy import integrate as scipy_integrate

from dineutrino.numerics import integrate
from dineutrino.numerics.batching import chunked


def test_square_roots_at_both_ends():
    value = integrate(lambda x: jnp.sqrt((x - 1.0) * (7.0 - x)) * jnp.exp(-x), jnp.asarray(1.0), jnp.asarray(7.0))
    expected, _ = scipy_integrate.quad(
        lambda x: ((x - 1.0) * (7.0 - x)) ** 0.5 * jnp.exp(-x), 1.0, 7.0, epsabs=0, epsrel=1e-13
    )
    assert value == approx(expected, rel=1e-11)


@pytest.mark.slow
def test_gradient_in_the_limits_is_the_integrand():
    bounds = jnp.asarray([1.0, 3.0])
    gradient = jax.grad(lambda b: integrate(lambda x: x**3, b[0], b[1]))(bounds)
    assert gradient == approx([-1.0, 27.0], rel=1e-12)
    gradient = jax.grad(lambda b: integrate(lambda x: x**3, jnp.asarray(0.0), jnp.asarray(4.0), b[0], b[1]))(bounds)
    assert gradient == approx([-1.0, 27.0], rel=1e-12)


@pytest.mark.parametrize("distance", [1e-9, 1e-6, 1e-3, 0.1])
def test_square_roots_just_outside_of_the_bin(distance):
    """The edges of phase space are 1 and 7; with u = sqrt(x - 1) and sqrt(7 - x) nothing is singular."""
    value = integrate(
        lambda x: jnp.sqrt((x - 1.0) * (7.0 - x)),
        jnp.asarray(1.0),
        jnp.asarray(7.0),
        jnp.asarray(1.0 + distance),
        jnp.asarray(7.0 - distance),
    )
    # the segment of a disk of radius 3 on either side, cut off at |x - 4| > 3 - distance
    angle = 2 * math.acos(1 - distance / 3)
    assert value == approx(math.pi * 9 / 2 - 9 / 2 * (angle - math.sin(angle)), rel=1e-12)


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [(0.0, 3.0, 2.0), (3.0, 9.0, 16.0), (8.0, 9.0, 0.0), (-1.0, 0.5, 0.0), (5.0, 4.0, 0.0)],
)
def test_a_bin_is_clipped_to_phase_space(lower, upper, expected):
    def integral(edges):
        return integrate(lambda x: x - 1.0, jnp.asarray(1.0), jnp.asarray(7.0), edges[0], edges[1])

    value, gradient = jax.value_and_grad(integral)(jnp.asarray([lower, upper]))
    assert value == approx(expected, abs=1e-12)
    assert jnp.all(jnp.isfinite(gradient))


@pytest.mark.parametrize("end", [1.0, 0.5])
def test_closed_phase_space(end):
    def integral(ends):
        return integrate(jnp.exp, jnp.asarray(1.0), ends[0], jnp.asarray(0.0), ends[1])

    value, gradient = jax.value_and_grad(integral)(jnp.asarray([end, 3.0]))
    assert value == 0.0
    assert jnp.all(jnp.isfinite(gradient))


@pytest.mark.parametrize("upper", [2.0, 1.0])
def test_empty_interval_is_zero_with_finite_gradient(upper):
    value, gradient = jax.value_and_grad(lambda u: integrate(jnp.sqrt, jnp.asarray(2.0), u))(jnp.asarray(upper))
    assert value == 0.0
    assert jnp.isfinite(gradient)


@pytest.mark.parametrize("chunk", [None, 1, 3, 64])
def test_chunks_do_not_change_the_result(chunk):
    points = {"x": jnp.arange(10.0), "y": jnp.ones((10, 2))}
    values = jax.jit(chunked(lambda p: p["x"] * p["y"].sum(), chunk))(points)
    assert values == approx(2 * jnp.arange(10.0))
