"""What is known is computed once; the rest is the same function."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.numerics.folding import folded

CONSTANT = jnp.asarray(np.linspace(0.1, 0.9, 7))


def function(point):
    known = jnp.where(CONSTANT > 0.5, jnp.sin(CONSTANT) ** 2, jnp.exp(-CONSTANT))  # does not depend on the point
    return {"sum": jnp.sum(known * point["x"] ** 2), "known": known[0], "y": 2 * point["y"]}


POINT = {"x": jnp.asarray(1.7), "y": jnp.arange(3.0)}


@pytest.mark.parametrize("transformed", [lambda f: f, jax.jit])
def test_is_the_same_function(transformed):
    found, expected = transformed(folded(function))(POINT), function(POINT)
    assert jax.tree.structure(found) == jax.tree.structure(expected)
    for a, b in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        assert a == approx(b, rel=1e-15)


@pytest.mark.slow
def test_can_be_transformed():
    total = lambda f: lambda x: f({"x": x, "y": jnp.arange(3.0)})["sum"]  # noqa: E731
    xs = jnp.asarray([0.3, 1.0, -2.0])
    ours, plain = folded(function), function
    assert jax.vmap(jax.grad(total(ours)))(xs) == approx(jax.vmap(jax.grad(total(plain)))(xs), rel=1e-14)
    assert jax.jit(jax.hessian(total(ours)))(xs[0]) == approx(jax.hessian(total(plain))(xs[0]), rel=1e-14)


def test_leaves_only_what_depends_on_the_point():
    primitives = {e.primitive.name for e in jax.make_jaxpr(folded(function))(POINT).jaxpr.eqns}
    assert {"sin", "exp"} & {e.primitive.name for e in jax.make_jaxpr(function)(POINT).jaxpr.eqns}
    assert not {"sin", "exp"} & primitives


def test_takes_arguments_of_other_shapes():
    ours = jax.jit(folded(lambda x: jnp.sum(x) * jnp.cos(CONSTANT[0])))
    assert ours(jnp.ones(2)) == approx(2 * np.cos(0.1), rel=1e-15)
    assert ours(jnp.ones(5)) == approx(5 * np.cos(0.1), rel=1e-15)


def test_control_flow():
    def looped(x):
        return jax.lax.fori_loop(0, 5, lambda i, y: y + jnp.sin(CONSTANT[i]) * x, 0.0) + jnp.linalg.norm(CONSTANT)

    assert jax.jit(folded(looped))(2.0) == approx(looped(2.0), rel=1e-15)
