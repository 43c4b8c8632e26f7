"""Fixed-step integration of smooth ordinary differential equations over a short interval."""

from collections.abc import Callable
from typing import TypeVar

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

State = TypeVar("State")
_AT = (0.0, 0.5, 0.5, 1.0)
"""Where each stage is, in steps, and how far along the slope of the stage before."""
_WEIGHTS = (1 / 6, 1 / 3, 1 / 3, 1 / 6)


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
    step = _rolled_step if rolled else _step

    def forward(state: State, i: Float[Array, ""]) -> tuple[State, None]:
        return step(lambda at, y: slope(start + (i + at) * h, y), state, h), None

    return jax.lax.scan(forward, state, jnp.arange(steps, dtype=float))[0]


def rk4_of_numbers(slope: Callable[[State], State], state: State, start: float, end: float, steps: int) -> State:
    """`rk4` step by step, with nothing compiled, for arrays of NumPy and a slope that does not depend on t."""
    h = (end - start) / steps
    for _ in range(steps):
        state = _step(lambda _, y: slope(y), state, h)
    return state


Slope = Callable[[Float[Array, ""] | float, State], State]
"""Of (part of the step, state)."""


def _step(slope: Slope[State], state: State, h: Float[Array, "..."] | float) -> State:
    total, last = state, None
    for at, weight in zip(_AT, _WEIGHTS, strict=True):
        last = slope(at, state if last is None else _moved(state, last, at * h))
        total = _moved(total, last, weight * h)
    return total


def _moved(state: State, slope: State, by: Float[Array, "..."] | float) -> State:
    return jax.tree.map(lambda y, k: y + by * k, state, slope)


def _rolled_step(slope: Slope[State], state: State, h: Float[Array, "..."]) -> State:
    """`_step` as a loop over the stages.

    What the next stage starts from and the sum of the weighted slopes are one array, (2, ...): XLA writes the code of
    the end of a slope once for each array that it goes into.
    """

    def stage(pair: State, numbers: Stage) -> tuple[State, None]:
        at, to_next, weight = numbers
        k = slope(at, jax.tree.map(lambda both: both[0], pair))
        by = h * jnp.stack([to_next, weight])

        def moved(y: Array, both: Array, k: Array) -> Array:
            return jnp.stack([y, both[1]]) + by.reshape(2, *(1,) * k.ndim) * k

        return jax.tree.map(moved, state, pair, k), None

    start = jax.tree.map(lambda y: jnp.stack([y, y]), state)
    stages = jnp.asarray(_AT), jnp.asarray((*_AT[1:], 0.0)), jnp.asarray(_WEIGHTS)
    return jax.tree.map(lambda both: both[1], jax.lax.scan(stage, start, stages)[0])


Stage = tuple[Float[Array, ""], Float[Array, ""], Float[Array, ""]]
"""Where a stage is, how far along its slope the next one is, and the weight of its slope; in steps."""
