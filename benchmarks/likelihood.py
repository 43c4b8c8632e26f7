"""Value and gradient of the default likelihood, all nuisances included, one point at a time and in batches."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jax
import numpy as np

from benchmarks.report import Report, Row
from benchmarks.timing import measure
from dineutrino.analysis import load_analysis
from dineutrino.likelihood import Likelihood
from dineutrino.numerics.batching import chunked

BATCHES = ((256, None), (4096, None), (4096, 256))
"""Points, and how many of them at a time."""


def run(quick: bool) -> Report:
    """All rows of the table; the targets are for all nuisances."""
    report = Report("log-likelihood of the default analysis")
    samples = 5 if quick else 25
    analysis = load_analysis()
    everything = replace(analysis, nuisances="all").likelihood()
    for likelihood, which in ((everything, "all nuisances"), (analysis.likelihood(), "nuisances that matter")):
        ratios = _rows(report, likelihood, f"{which}, {len(likelihood.names)} in total", samples)
        if likelihood is everything:
            for what, ratio in ratios.items():
                report.at_most(f"gradient / value, all nuisances, {what}", ratio, 3.0)
    return report


def _rows(report: Report, likelihood: Likelihood, note: str, samples: int) -> dict[str, float]:
    """Rows of one likelihood, and what a gradient costs in units of a value."""
    functions = (likelihood.log_prob, likelihood.value_and_grad)
    pairs = {
        "one point": [_single_row(*pair, likelihood, samples, note) for pair in zip(FUNCTIONS, functions, strict=True)]
    }
    for size, chunk in BATCHES:
        what = f"batch of {size}" + (f" in chunks of {chunk}" if chunk else "")
        pairs[what] = [_batch_row(function, likelihood, size, chunk, samples, note) for function in FUNCTIONS]
    for pair in pairs.values():
        for row in pair:
            report.add(row)
    return {what: gradient.per_point / value.per_point for what, (value, gradient) in pairs.items()}


def _log_prob(likelihood: Likelihood) -> Callable[[jax.Array], jax.Array]:
    return lambda vector: likelihood.log_prob(likelihood.to_point(vector))


FUNCTIONS: dict[str, Callable[[Likelihood], Callable[[jax.Array], Any]]] = {
    "value": _log_prob,
    "value and gradient": lambda likelihood: jax.value_and_grad(_log_prob(likelihood)),
}


def _vectors(likelihood: Likelihood, count: int) -> jax.Array:
    """Points around the Standard Model, nuisances drawn from their prior."""
    draws = np.random.default_rng(count).normal(size=(count, len(likelihood.names)))
    return jax.device_put(draws * np.where(np.arange(draws.shape[1]) < likelihood.n_parameters, 3.0, 1.0))


def _single_row(what: str, function: Callable[[Any], Any], likelihood: Likelihood, samples: int, note: str) -> Row:
    """A point by name, as a user or a minimiser holds it."""
    points = [likelihood.to_point(vector) for vector in _vectors(likelihood, 16)]
    timing = measure(lambda i: jax.block_until_ready(function(points[i % 16])), samples)
    return Row(f"{what}, one point", timing, note=note)


def _batch_row(what: str, likelihood: Likelihood, size: int, chunk: int | None, samples: int, note: str) -> Row:
    vectors = _vectors(likelihood, size)
    function = jax.jit(chunked(FUNCTIONS[what](likelihood), chunk))
    return Row(
        f"{what}, batch of {size}" + (f" in chunks of {chunk}" if chunk else ""),
        measure(lambda _: jax.block_until_ready(function(vectors)), samples),
        points=size,
        memory=function.lower(vectors).compile().memory_analysis().temp_size_in_bytes,
        note=note,
    )
