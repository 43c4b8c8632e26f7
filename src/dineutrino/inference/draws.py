"""What samplers have in common: their draws, and waiting for their threads."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int


class Draws(NamedTuple):
    """What a sampler returns, with leading axes chain and draw."""

    vectors: Float[np.ndarray, "chain draw n"]
    log_prob: Float[np.ndarray, "chain draw"]
    mode: Int[np.ndarray, "chain draw"]
    statistics: dict[str, np.ndarray]


def follow(futures: Sequence[Future], show: Callable[[], None]) -> None:
    """Wait for all threads, showing how far they are; an error in one, or an interruption, is raised at once."""
    pending = set(futures)
    while pending:
        finished, pending = wait(pending, timeout=0.1)
        for future in finished:
            future.result()
        show()
