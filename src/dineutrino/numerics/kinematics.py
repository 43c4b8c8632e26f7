"""Kinematic invariants, with finite gradients where phase space closes."""

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float


def kallen(a: Float[Array, "..."], b: Float[Array, "..."], c: Float[Array, "..."]) -> Float[Array, "..."]:
    """Källén function a^2 + b^2 + c^2 - 2ab - 2bc - 2ca."""
    return (a - b - c) ** 2 - 4 * b * c


def sqrt_or_zero(squared: Float[Array, "..."]) -> Float[Array, "..."]:
    """Square root of an invariant; zero, with zero gradient, where the invariant is not positive; nan stays nan."""
    none = squared <= 0
    return jnp.where(none, 0.0, jnp.sqrt(jnp.where(none, 1.0, squared)))


def abs2(z: Complex[Array, "..."]) -> Float[Array, "..."]:
    """|z|^2, with the right second derivative at zero too, where that of `jnp.abs(z) ** 2` is wrong."""
    return jnp.real(z) ** 2 + jnp.imag(z) ** 2
