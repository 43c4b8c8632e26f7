"""Value and gradient of the default likelihood, all nuisances included, one point at a time and in batches."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from benchmarks.report import Report, Row
from benchmarks.timing import measure
from dineutrino.analysis import load_analysis
from dineutrino.likelihood import Likelihood
from dineutrino.numerics.batching import chunked

BATCHES = (256, 4096)
CHUNK = 256


def run(quick: bool) -> Report:
    """All rows of the table."""
    likelihood = load_analysis().likelihood()
    report = Report(f"log-likelihood of the default analysis, {len(likelihood.names)} parameters and nuisances")
    samples = 5 if quick else 25
    value = report.add(_single_row("value", likelihood.log_prob, likelihood, samples))
    gradient = report.add(_single_row("value and gradient", likelihood.value_and_grad, likelihood, samples))
    report.at_most("gradient / value, one point", gradient.per_point / value.per_point, 3.0)
    for size in BATCHES:
        value, gradient = (report.add(_batch_row(what, likelihood, size, None, samples)) for what in FUNCTIONS)
        report.at_most(f"gradient / value, batch of {size}", gradient.per_point / value.per_point, 3.0)
    for what in FUNCTIONS:
        report.add(_batch_row(what, likelihood, BATCHES[-1], CHUNK, samples))
    return report


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


def _single_row(what: str, function: Callable[[Any], Any], likelihood: Likelihood, samples: int) -> Row:
    """A point by name, as a user or a minimiser holds it."""
    points = [likelihood.to_point(vector) for vector in _vectors(likelihood, 16)]
    return Row(f"{what}, one point", measure(lambda i: jax.block_until_ready(function(points[i % 16])), samples))


def _batch_row(what: str, likelihood: Likelihood, size: int, chunk: int | None, samples: int) -> Row:
    vectors = _vectors(likelihood, size)
    function = jax.jit(chunked(FUNCTIONS[what](likelihood), chunk))
    return Row(
        f"{what}, batch of {size}",
        measure(lambda _: jax.block_until_ready(function(vectors)), samples),
        points=size,
        memory=function.lower(vectors).compile().memory_analysis().temp_size_in_bytes,
        note=f"in chunks of {chunk}" if chunk else "",
    )
