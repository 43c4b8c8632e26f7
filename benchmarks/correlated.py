"""All correlated observables from SMEFT at 1 TeV: flavio with wilson, and ours; the whole likelihood."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from benchmarks.report import Report, Row
from benchmarks.timing import Timing, measure
from dineutrino import Predictor
from dineutrino.analysis import Analysis
from dineutrino.analysis.load import parse_analysis
from dineutrino.likelihood import Likelihood
from dineutrino.numerics.batching import chunked

COEFFICIENTS = (
    *("lq1_3323", "lq3_3323", "ld_3323", "lq1_3313", "lq3_3313", "ld_3313", "lq1_3333", "lq3_3333", "ld_3333"),
    *("ledq_3332", "lequ1_3332", "lequ3_3332"),
)
"""Of taus, with vectors, scalars and tensors."""
SIZE = 0.01
"""TeV^-2."""
BATCH, CHUNK = 4096, 64


def run(quick: bool) -> Report:
    """All rows of the table."""
    report = Report("correlated observables at a new point of SMEFT at 1 TeV")
    samples = 5 if quick else 25
    analysis = _analysis()
    start = time.perf_counter()
    likelihood = analysis.likelihood()
    report.add(_once("likelihood of all of them, made", time.perf_counter() - start))
    single, batch = _predictions(report, analysis, likelihood.references, samples)
    _likelihoods(report, likelihood, samples)
    peer = _flavio(report, likelihood.references, 3)
    if peer:
        report.at_least("flavio + wilson / ours, one point", peer.per_point / single.per_point, 5_000)
        report.at_least(f"flavio + wilson / ours, batch of {BATCH}", peer.per_point / batch.per_point, 200_000)
    return report


def _analysis() -> Analysis:
    parameters = "".join(f"  Re {name}: {{min: -1, max: 1, scale: {SIZE}}}\n" for name in COEFFICIENTS)
    text = f"model: {{SMEFT: {{scale: 1.0}}}}\nparameters:\n{parameters}measurements: correlated\nnuisances: all\n"
    return parse_analysis(text, "correlated", Path())


def _once(what: str, seconds: float) -> Row:
    return Row(what, Timing(seconds, seconds, 1), note="once")


def _predictions(
    report: Report, analysis: Analysis, references: Sequence[tuple[str | float, ...]], samples: int
) -> tuple[Row, Row]:
    """From coefficients to all numbers at fixed inputs, and the gradient of their sum of squares."""
    inputs, names = analysis.prior.central, [f"Re {name}" for name in COEFFICIENTS]
    predictor = Predictor(references, inputs)

    def values(x: Float[Array, " coefficient"]) -> Float[Array, " observable"]:
        return predictor(analysis.model(dict(zip(names, jnp.unstack(x), strict=True)), inputs))

    standard_model = values(jnp.zeros(len(names)))

    def squares(x: Float[Array, " coefficient"]) -> Float[Array, ""]:
        return jnp.sum((values(x) / standard_model) ** 2)

    points = SIZE * np.random.default_rng(1).normal(size=(BATCH, len(names)))
    count = f"{len(references)} numbers"
    one, gradient = jax.jit(values), jax.jit(jax.value_and_grad(squares))
    many = jax.jit(chunked(values, CHUNK))
    rows = [
        _single(f"{count}, one point", one, points, samples),
        _single(f"{count}, value and gradient, one point", gradient, points, samples),
    ]
    for row in rows:
        report.add(row)
    report.at_most("value and gradient / value, fixed inputs", rows[1].per_point / rows[0].per_point, 3.0)
    batch = report.add(_batch(f"{count}, batch of {BATCH} in chunks of {CHUNK}", many, points, samples))
    return rows[0], batch


def _likelihoods(report: Report, likelihood: Likelihood, samples: int) -> None:
    """Of all measurements, with everything that is uncertain."""
    note = f"{len(likelihood.names)} parameters and nuisances"
    draws = np.random.default_rng(2).normal(size=(256, len(likelihood.names)))
    draws *= np.where(np.arange(draws.shape[1]) < likelihood.n_parameters, SIZE, 1.0)

    def log_prob(vector: Float[Array, " n"]) -> Float[Array, ""]:
        return likelihood.log_prob(likelihood.to_point(vector))

    rows = {}
    for what, function in {"value": log_prob, "value and gradient": jax.value_and_grad(log_prob)}.items():
        start = time.perf_counter()
        compiled = jax.jit(function).lower(jnp.asarray(draws[0])).compile()
        seconds = time.perf_counter() - start
        report.add(_once(f"log-likelihood, {what}, compiled", seconds))
        report.at_most(f"seconds to compile, {what}", seconds, 20.0)
        rows[what] = report.add(_single(f"log-likelihood, {what}, one point", compiled, draws, samples, note))
    report.at_most("log-likelihood, milliseconds", 1e3 * rows["value"].per_point, 1.0)
    ratio = rows["value and gradient"].per_point / rows["value"].per_point
    report.at_most("value and gradient / value, log-likelihood", ratio, 3.0)
    many = jax.jit(chunked(jax.value_and_grad(log_prob), CHUNK))
    report.add(_batch(f"log-likelihood, value and gradient, batch of 256 in chunks of {CHUNK}", many, draws, samples))


def _single(what: str, function: Callable[[Array], object], points: np.ndarray, samples: int, note: str = "") -> Row:
    each = [jax.device_put(point) for point in points[:16]]
    return Row(what, measure(lambda i: jax.block_until_ready(function(each[i % 16])), samples), note=note)


def _batch(what: str, function: jax.stages.Wrapped, points: np.ndarray, samples: int) -> Row:
    vectors = jax.device_put(points)
    memory = function.lower(vectors).compile().memory_analysis().temp_size_in_bytes
    timing = measure(lambda _: jax.block_until_ready(function(vectors)), samples)
    return Row(what, timing, points=len(points), memory=memory)


def _flavio(report: Report, references: Sequence[tuple[str | float, ...]], samples: int) -> Row | None:
    """Those that flavio knows, at a new point each time: running, matching, and one prediction after the other."""
    try:
        import flavio
        from wilson import Wilson
    except ImportError as error:
        report.skipped.append(f"flavio and wilson are not installed ({error}); pip install '.[bench]'")
        return None
    known = [reference for reference in references if reference[0] in flavio.Observable.instances]
    random = np.random.default_rng(3)

    def call(_: int) -> list[float]:
        values = dict(zip(COEFFICIENTS, 1e-6 * SIZE * random.normal(size=len(COEFFICIENTS)), strict=True))
        point = Wilson(values, 1000, "SMEFT", "Warsaw")
        return [flavio.np_prediction(name, point, *numbers) for name, *numbers in known]

    what = f"flavio + wilson, the {len(known)} of them that it has"
    return report.add(Row(what, measure(call, samples, budget=60.0)))
