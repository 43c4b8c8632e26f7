"""Many points at once, in bounded memory."""

from collections.abc import Callable
from typing import Any

import jax


def chunked(function: Callable[..., Any], chunk: int | None = None) -> Callable[..., Any]:
    """`jax.vmap(function)`, at most `chunk` points at a time, so that memory does not grow with the batch.

    All arguments are pytrees with a leading batch axis; results come back with that axis.
    """
    if chunk is None:
        return jax.vmap(function)
    return lambda *arguments: jax.lax.map(lambda point: function(*point), arguments, batch_size=chunk)
