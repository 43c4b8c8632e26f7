"""Wall-clock time of a call, as a median."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from statistics import median
from typing import Any

SHORTEST_SAMPLE = 2e-3
"""Seconds; quicker calls are timed several at a time, so that the clock and the loop do not count."""


@dataclass(frozen=True)
class Timing:
    """Seconds per call.

    Attributes:
        median: over the samples.
        fastest: of the samples; far below the median means that the machine was busy.
        samples: how many.
    """

    median: float
    fastest: float
    samples: int


def measure(call: Callable[[int], Any], samples: int = 25, budget: float = 5.0) -> Timing:
    """Time `call(i)`, i = 0, 1, 2, ..., so that a call can take a new point each time. The first call does not count.

    Args:
        call: must wait for its own result.
        samples: wanted number of samples.
        budget: seconds after which no new sample is started; there are at least three.
    """
    index = count()
    call(next(index))
    per_sample = _calls_per_sample(call, index)
    taken: list[float] = []
    end = time.perf_counter() + budget
    while len(taken) < 3 or (len(taken) < samples and time.perf_counter() < end):
        start = time.perf_counter()
        for _ in range(per_sample):
            call(next(index))
        taken.append((time.perf_counter() - start) / per_sample)
    return Timing(median(taken), min(taken), len(taken))


def _calls_per_sample(call: Callable[[int], Any], index: count) -> int:
    """Doubled until a sample is long enough."""
    calls = 1
    while True:
        start = time.perf_counter()
        for _ in range(calls):
            call(next(index))
        if time.perf_counter() - start >= SHORTEST_SAMPLE:
            return calls
        calls *= 2
