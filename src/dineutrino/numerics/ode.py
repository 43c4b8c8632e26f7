"""Fixed-step integration of smooth ordinary differential equations over a short interval."""

from collections.abc import Callable
from typing import TypeVar

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

State = TypeVar("State")
_STAGES = ((0.0, 1 / 6), (0.5, 1 / 3), (0.5, 1 / 3), (1.0, 1 / 6))
"""Where each stage is, in steps and along the slope of the stage before, and its weight."""


def rk4(
    slope: Callable[[Float[Array, "..."], State], State],
    state: State,
    start: Float[Array, "..."] | float,
    end: Float[Array, "..."] | float,
    steps: int,
    rolled: bool = False,
) -> State:
    """The state at `end` of d(state)/dt = slope(t, state): classical Runge-Kutta of order four, equal steps.

    The error falls like steps^-4. Forward and reverse derivatives are those of the discrete steps, exact at that.

    Args:
        slope: of (t, state), a pytree like the state.
        state: any pytree of arrays, at t = start.
        start: value of t.
        end: value of t, before or after `start`; equal ends give back the state.
        steps: static.
        rolled: compile `slope` once rather than once for each of the four stages: for slopes with many terms.
    """
    h = (jnp.asarray(end) - start) / steps

    def moved(state: State, slope: State, by: Float[Array, "..."]) -> State:
        return jax.tree.map(lambda y, k: y + by * k, state, slope)

    def step(state: State, i: Float[Array, ""]) -> tuple[State, None]:
        def stage(
            carry: tuple[State, State], weights: tuple[Float[Array, ""] | float, ...]
        ) -> tuple[tuple[State, State], None]:
            total, last = carry
            at, weight = weights
            k = slope(start + (i + at) * h, moved(state, last, at * h))
            return (moved(total, k, weight * h), k), None

        carry = (state, jax.tree.map(jnp.zeros_like, state))
        if rolled:
            return jax.lax.scan(stage, carry, tuple(map(jnp.asarray, zip(*_STAGES, strict=True))))[0][0], None
        for weights in _STAGES:
            carry, _ = stage(carry, weights)
        return carry[0], None

    return jax.lax.scan(step, state, jnp.arange(steps, dtype=float))[0]
