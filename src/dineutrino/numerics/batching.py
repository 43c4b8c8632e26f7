"""Many points at once, in bounded memory."""

from collections.abc import Callable
from typing import TypeVar

import jax
from jaxtyping import PyTree

Points = TypeVar("Points", bound=PyTree)
Result = TypeVar("Result", bound=PyTree)


def chunked(function: Callable[[Points], Result], chunk: int | None = None) -> Callable[[Points], Result]:
    """`jax.vmap(function)`, at most `chunk` points at a time, so that memory does not grow with the batch.

    The argument is a pytree with a leading batch axis; results come back with that axis.
    """
    if chunk is None:
        return jax.vmap(function)
    return lambda points: jax.lax.map(function, points, batch_size=chunk)
