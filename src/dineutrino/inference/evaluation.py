"""Values and gradients of a target at many vectors, some at the same time: what all of inference is made of."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import equinox as eqx
import jax
import numpy as np
from jaxtyping import Array, Float

from dineutrino.inference.target import Target, log_prob

LANES = 64
"""Vectors, or searches, side by side in one call of a compiled program."""
MANY = 100
"""With more entries than this a gradient keeps a processor busy by itself, and programs of many of them take minutes
to compile."""
VERY_MANY, VERY_MANY_LANES = 2**17, 1024
"""So many points are worth a program of their own, with less to do around each of its calls."""
THREADS = 2
"""Calls that run at the same time."""


@eqx.filter_jit
def _log_probs(target: Target, vectors: Float[Array | np.ndarray, "lane n"]) -> Float[Array, " lane"]:
    return jax.vmap(lambda vector: log_prob(target, vector))(vectors)


def log_probs(target: Target, vectors: Float[np.ndarray, "batch n"]) -> Float[np.ndarray, " batch"]:
    """Log-probability of many vectors."""
    lanes = LANES if len(vectors) < VERY_MANY else VERY_MANY_LANES
    (values,) = in_chunks(lambda chunk: (_log_probs(target, chunk[0]),), lanes, np.asarray(vectors, float))
    return values


@eqx.filter_jit
def _slopes(
    target: Target, vectors: Float[Array | np.ndarray, "lane n"]
) -> tuple[Float[Array, " lane"], Float[Array, "lane n"]]:
    return jax.vmap(jax.value_and_grad(lambda x: -log_prob(target, x)))(vectors)


def slopes(
    target: Target, vectors: Float[np.ndarray, "batch n"]
) -> tuple[Float[np.ndarray, " batch"], Float[np.ndarray, "batch n"]]:
    """Minus the log-probability and its gradient at many vectors."""
    lanes = LANES if vectors.shape[1] <= MANY else 1
    values, gradients = in_chunks(lambda chunk: _slopes(target, chunk[0]), lanes, np.asarray(vectors, float))
    return values, gradients


def in_chunks(
    run: Callable[[tuple[np.ndarray, ...]], tuple[Array, ...]], lanes: int, *arrays: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Apply a compiled function of arrays with `lanes` rows to arrays of any length, some chunks at the same time.

    The last chunk is filled up with copies of its last row, so that the program is compiled for one shape only.
    """
    length = len(arrays[0])
    chunks = []
    for begin in range(0, length, lanes):
        rows = np.minimum(np.arange(begin, begin + lanes), length - 1)
        chunks.append(tuple(array[rows] for array in arrays))
    if len(chunks) == 1:
        results = [jax.device_get(run(chunks[0]))]
    else:
        first = jax.device_get(run(chunks[0]))
        with ThreadPoolExecutor(THREADS) as pool:
            results = [first, *pool.map(lambda chunk: jax.device_get(run(chunk)), chunks[1:])]
    return tuple(np.concatenate(parts)[:length] for parts in zip(*results, strict=True))
