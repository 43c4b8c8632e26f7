"""What most observables are for fixed inputs: a sum of squares of something linear in the new physics."""

from collections.abc import Callable
from typing import Generic, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Complex, Float

from dineutrino.numerics import abs2

Sector = TypeVar("Sector", bound=eqx.Module)


class Squares(eqx.Module, Generic[Sector]):
    """c + sum_k w_k |a_k + M_k x|^2, with x the real, then the imaginary parts of a sector of new physics.

    Attributes:
        weights: w.
        offsets: a, in the Standard Model.
        slopes: M.
        constant: c, what new physics does not touch.
    """

    weights: Float[Array, " k"]
    offsets: Complex[Array, " k"]
    slopes: Complex[Array, "k n"]
    constant: Float[Array, ""]

    @classmethod
    def of(
        cls,
        weights: Float[Array, " k"],
        amplitudes: Callable[[Sector], Complex[Array, " k"]],
        none: Sector,
        constant: Float[Array, ""] | float = 0.0,
    ) -> "Squares[Sector]":
        """From amplitudes as the paper writes them: linear in the real and imaginary parts of the sector.

        Args:
            weights: of the squares.
            amplitudes: the Standard Model with new physics.
            none: the sector without new physics, of complex arrays.
            constant: what new physics does not touch.
        """
        flat, build = ravel_pytree(none)

        def of_coordinates(x: Float[Array, " n"]) -> Complex[Array, " k"]:
            real, imaginary = jnp.split(x, 2)
            return amplitudes(build(real + 1j * imaginary))

        nothing = jnp.zeros(2 * flat.size)
        return cls(weights, of_coordinates(nothing), jax.jacfwd(of_coordinates)(nothing), jnp.asarray(constant))

    def __call__(self, sector: Sector) -> Float[Array, ""]:
        """The value with this new physics."""
        flat, _ = ravel_pytree(sector)
        x = jnp.concatenate([flat.real, flat.imag])
        return self.constant + jnp.sum(self.weights * abs2(self.offsets + self.slopes @ x))


def quadratic_form(function: Callable[[Float[Array, " n"]], Float[Array, ""]], n: int) -> Float[Array, "n n"]:
    """The symmetric F of a function that is x.F.x, from its values half-way between any two unit vectors.

    All of them are one vectorised call, which is much less to compile than second derivatives.
    """
    unit = jnp.eye(n)
    between = jax.vmap(jax.vmap(function))((unit[:, None] + unit) / 2)
    diagonal = jnp.diagonal(between)
    return 2 * between - (diagonal[:, None] + diagonal) / 2


class Quadratic(eqx.Module):
    """c + 2 l.u + u.Q u, with u the real, then the imaginary parts of coefficients of new physics.

    Attributes:
        constant: c, the Standard Model.
        linear: l, its interference with new physics.
        quadratic: Q, new physics alone.
    """

    constant: Float[Array, ""]
    linear: Float[Array, " n"]
    quadratic: Float[Array, "n n"]

    def __call__(self, x: Complex[Array, " half"]) -> Float[Array, ""]:
        """The value with these coefficients."""
        u = jnp.concatenate([x.real, x.imag])
        return self.constant + 2 * self.linear @ u + u @ self.quadratic @ u
