"""Functions evaluated by NumPy give what the compiled ones give."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.numerics.interpreted import by_numpy

RNG = np.random.default_rng(1)
A, B = (RNG.normal(size=(4, 3, 3)) + 1j * RNG.normal(size=(4, 3, 3)) for _ in range(2))


def products(a, b):
    """Contractions with and without common axes, in several orders."""
    return (
        a @ b,
        jnp.einsum("pij,rkj->ipkr", a, b),
        jnp.einsum("pij,pkj->ikp", a, b),
        jnp.tensordot(a, b, ([0, 2], [0, 1])),
        jnp.einsum("pii->p", a),
    )


def shapes(a, b):
    """What moves entries without changing them."""
    parts = jnp.split(a, [1, 3], axis=0)
    padded = jax.lax.pad(b, 1j, ((1, 2, 1), (-1, 0, 0), (0, -1, 2)))
    columns = jnp.broadcast_to(a[0, :, 1][:, None], (3, 5))
    mixed = jnp.concatenate([parts[2], parts[0]]), jnp.stack([a[1].T, b[2]])
    return mixed, padded, a[::-2, 1:, ::2], columns, a.reshape(2, 18), a[jnp.asarray([2, 0, 2]), 1]


def elements(a, b):
    """Entry by entry, among them what is selected away."""
    x = a.real
    logarithm = jnp.where(x > 0, jnp.log(jnp.where(x > 0, x, 1.0)), -jnp.sqrt(jnp.abs(x)))
    return (a - b) / b, jax.lax.complex(x, b.imag).conj() ** 3, -x.astype(complex), logarithm, jnp.exp(x) < 1


def loops(a, b):
    """Forward and backward, with one result for each turn, and an eigenvalue problem in between."""

    def turn(total, entry):
        return total + entry[0] @ total, jnp.trace(entry[1])

    forward = jax.lax.scan(turn, a[0], (a, b))
    backward = jax.lax.scan(jax.jit(turn), b[0], (a, b), reverse=True)
    vectors = jnp.linalg.eigh(a[0] @ a[0].conj().T)[1]
    return forward, backward, jnp.abs(vectors), jnp.cumsum(a.real)


def derivatives(a, b):
    """The program of a pullback: sums where values were spread, padding where they were cut out."""

    def total(a):
        return sum(jnp.sum(jnp.abs(leaf) ** 2) for leaf in jax.tree.leaves((products(a, b), shapes(a, b))))

    return jax.grad(total)(a)


@pytest.mark.parametrize("function", [products, shapes, elements, loops, derivatives])
def test_same_as_compiled(function):
    found, expected = by_numpy(function, A, B), jax.jit(function)(A, B)
    assert jax.tree.structure(found) == jax.tree.structure(expected)
    for one, other in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        assert isinstance(one, np.ndarray)
        assert one.dtype == other.dtype
        assert one == approx(other, rel=1e-13, abs=1e-13)


def test_within_a_compiled_function():
    """Numbers stay numbers, also where JAX evaluates a primitive, and multiply what is traced."""
    scaled = jax.jit(lambda x: x * by_numpy(shapes, A, B)[-1])
    assert scaled(2.0) == approx(2 * A[[2, 0, 2], 1], rel=1e-13)


def test_traced_once_for_equal_shapes():
    """Values are those of each call, and arguments stay as they are."""
    traced = []

    def doubled(values):
        traced.append(1)
        return {"twice": 2 * values["x"], "same": values["x"], "three": jnp.full(2, 3.0)}

    for x in (np.arange(3.0), np.arange(3.0, 6.0)):
        before = x.copy()
        found = by_numpy(doubled, {"x": x})
        assert found["twice"] == approx(2 * before)
        assert found["same"] == approx(before)
        assert found["three"] == approx(np.full(2, 3.0))
        assert x == approx(before)
    assert len(traced) == 1
