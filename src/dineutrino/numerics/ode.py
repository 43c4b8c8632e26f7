"""Fixed-step integration of smooth ordinary differential equations over a short interval."""

from collections.abc import Callable
from typing import TypeVar

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

State = TypeVar("State")


def rk4(
    slope: Callable[[Float[Array, "..."], State], State],
    state: State,
    start: Float[Array, "..."] | float,
    end: Float[Array, "..."] | float,
    steps: int,
) -> State:
    """The state at `end` of d(state)/dt = slope(t, state): classical Runge-Kutta of order four, equal steps.

    The error falls like steps^-4. Forward and reverse derivatives are those of the discrete steps, exact at that.

    Args:
        slope: of (t, state), a pytree like the state.
        state: any pytree of arrays, at t = start.
        start: value of t.
        end: value of t, before or after `start`; equal ends give back the state.
        steps: static.
    """
    h = (jnp.asarray(end) - start) / steps

    def moved(state: State, slope: State, by: Float[Array, "..."]) -> State:
        return jax.tree.map(lambda y, k: y + by * k, state, slope)

    def step(state: State, i: Float[Array, ""]) -> tuple[State, None]:
        t = start + i * h
        k1 = slope(t, state)
        k2 = slope(t + h / 2, moved(state, k1, h / 2))
        k3 = slope(t + h / 2, moved(state, k2, h / 2))
        k4 = slope(t + h, moved(state, k3, h))
        mean = jax.tree.map(lambda a, b, c, d: (a + 2 * b + 2 * c + d) / 6, k1, k2, k3, k4)
        return moved(state, mean, h), None

    return jax.lax.scan(step, state, jnp.arange(steps, dtype=float))[0]
