"""The published likelihood of B+ -> K+ nu nubar: its workspace, and its reinterpretation, against pyhf, redist, EOS."""

import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import jax
import numpy as np

from benchmarks import histfactory_peers as peers
from benchmarks.report import Report, Row
from benchmarks.signal_strength import SignalStrength
from benchmarks.timing import Timing, measure
from dineutrino.errors import DineutrinoError
from dineutrino.inference import Caution, Maxima, diagnose, maximum, posterior, toys
from dineutrino.inputs import load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import load_measurements
from dineutrino.measurements.histfactory import HistFactory, read_workspace
from dineutrino.measurements.published.belle2_2025 import data_directory
from dineutrino.models import WET

BATCH = 256
CHAINS, WARMUP, DRAWS = 4, 500, 1000
TOYS = 10_000
COEFFICIENTS = ("cVL", "cSL", "cTL")


def run(quick: bool) -> Report:
    """All rows of the table."""
    report = Report("the published Belle II likelihood of B+ -> K+ nu nubar")
    try:
        folder = data_directory()
    except DineutrinoError as error:
        report.skipped.append(str(error))
        return report
    samples = 5 if quick else 25
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Caution)  # the scalar coefficient is at its bound; diagnostics are shown below
        _workspace(report, folder, samples, quick)
        _reinterpretation(report, folder, samples, quick)
    return report


def _workspace(report: Report, folder: Path, samples: int, quick: bool) -> None:
    """The workspace as published: signal strength and 231 nuisance parameters."""
    model = HistFactory(read_workspace(folder / peers.WORKSPACE))
    value = jax.jit(lambda x: model.log_prob(model.point(x)))
    slope = jax.jit(jax.value_and_grad(lambda x: model.log_prob(model.point(x))))
    points = jax.device_put(peers.scattered(np.asarray(model.vector(model.initial()))))
    what = "log-density of the workspace"
    numpy = _peer(report, f"pyhf, numpy: {what}", lambda: peers.workspace_call(folder), samples)
    _peer(report, f"pyhf, jax: {what}", lambda: peers.workspace_call_in_jax(folder, gradient=False), samples)
    _peer(
        report, f"pyhf, jax: {what} and gradient", lambda: peers.workspace_call_in_jax(folder, gradient=True), samples
    )
    ours = report.add(Row(f"dineutrino: {what}", measure(_cycled(value, points), samples)))
    report.add(Row(f"dineutrino: {what} and gradient", measure(_cycled(slope, points), samples)))
    if numpy:
        report.extra["pyhf, numpy / ours, log-density of the workspace"] = numpy.per_point / ours.per_point
    target = SignalStrength(model)
    _, first = _timed(lambda: maximum(target, jax.random.key(0), starts=1))
    maxima, fit = _several(lambda: maximum(target, jax.random.key(0), starts=1), 3 if quick else 9)
    report.add(Row("dineutrino: fit of the signal strength, with compilation", Timing(first, first, 1)))
    row = report.add(Row("dineutrino: fit of the signal strength", fit, note="with Hessian errors"))
    start = float(model.initial()["mu"])
    report.extra["signal strength, ours"] = start + maxima.best["mu"]
    report.extra["its error, ours"] = maxima.best.error("mu")
    report.extra["-2 log L, ours"] = -2 * maxima.best.log_prob
    theirs = _peer_fit(report, "pyhf, minuit: fit of the signal strength", lambda: peers.fit_workspace(folder), quick)
    if theirs:
        report.extra |= {"signal strength, pyhf": theirs[0].value, "its error, pyhf": theirs[0].error}
        report.extra["-2 log L, pyhf"] = theirs[0].two_nll
        report.extra["pyhf / ours, fit of the signal strength"] = theirs[1] / row.per_point


def _reinterpretation(report: Report, folder: Path, samples: int, quick: bool) -> None:
    """Wilson coefficients, form factors and 228 nuisance parameters."""
    prior = load_prior("belle2_2025").restrict(lambda label: label.startswith("B->K f_"))
    measurements = load_measurements("belle2_2025_BpKnunu", data=folder)
    parameters = [Parameter(name, 0.0, 20.0, 5.0) for name in COEFFICIENTS]
    likelihood = Likelihood(parameters, measurements, prior, WET.from_inputs(prior.central))
    [block] = prior.blocks
    mean, covariance = np.asarray(block.mean), np.asarray(block.cholesky @ block.cholesky.T)
    report.extra["parameters of the reinterpretation"] = len(likelihood.names)

    what = "log-density of the reinterpretation"
    theirs = {}
    for quad, how in (("nquad", "adaptive integrals"), ("gauss", "integrals at 16 points in a bin")):
        build = partial(peers.reinterpretation_call, folder, mean, covariance, quad)
        theirs[quad] = _peer(report, f"pyhf, redist, EOS: {what}", build, samples, how)
    value, slope = _values(report, likelihood, what, samples)
    report.at_most("reinterpretation, value, microseconds", 1e6 * value.per_point, 150.0)
    report.at_most("reinterpretation, value and gradient / value", slope.per_point / value.per_point, 4.0)
    for quad, row in theirs.items():
        if row:
            report.extra[f"redist ({quad}) / ours, {what}"] = row.per_point / value.per_point

    maxima = _fit(report, likelihood, folder, mean, covariance, quick)
    _posterior(report, likelihood, maxima, 200 if quick else DRAWS)
    _toys(report, likelihood, maxima, 640 if quick else TOYS)


def _values(report: Report, likelihood: Likelihood, what: str, samples: int) -> tuple[Row, Row]:
    vectors = _vectors(likelihood, BATCH)
    points = [likelihood.to_point(vector) for vector in vectors[:16]]
    rows = []
    for name, function in (("", likelihood.log_prob), (" and gradient", likelihood.value_and_grad)):
        _, first = _timed(lambda function=function: function(points[0]))
        report.add(Row(f"dineutrino: {what}{name}, first call with compilation", Timing(first, first, 1)))
        rows.append(report.add(Row(f"dineutrino: {what}{name}", measure(_cycled(function, points), samples))))
    for name, function in (("", likelihood.log_prob), (" and gradient", likelihood.value_and_grad)):
        batched = jax.jit(jax.vmap(lambda vector, function=function: function(likelihood.to_point(vector))))
        timing = measure(_cycled(batched, [vectors]), samples)
        memory = batched.lower(vectors).compile().memory_analysis().temp_size_in_bytes
        report.add(Row(f"dineutrino: {what}{name}, batch of {BATCH}", timing, points=BATCH, memory=memory))
    return rows[0], rows[1]


def _fit(
    report: Report, likelihood: Likelihood, folder: Path, mean: np.ndarray, covariance: np.ndarray, quick: bool
) -> Maxima:
    _, first = _timed(lambda: maximum(likelihood, jax.random.key(0), starts=1))
    maxima, timing = _several(lambda: maximum(likelihood, jax.random.key(0), starts=1), 3 if quick else 9)
    row = report.add(Row("dineutrino: fit of the reinterpretation", timing, note="with Hessian errors"))
    report.add(Row("dineutrino: fit of the reinterpretation, with compilation", Timing(first, first, 1)))
    constant = likelihood.measurements[0].term.constant - 0.5 * len(mean) * np.log(2 * np.pi)
    for name in COEFFICIENTS:
        report.extra[f"{name}, ours"] = maxima.best[name]
    report.extra["error of cVL, ours"] = maxima.best.error("cVL")
    report.extra["-2 log L of the reinterpretation, ours"] = -2 * (maxima.best.log_prob + constant)
    report.at_most("compilation of the fit, seconds", first - row.per_point, 15.0)
    theirs = _peer_fit(
        report,
        "pyhf, redist, EOS, minuit: fit of the reinterpretation",
        lambda: peers.fit_reinterpretation(folder, mean, covariance),
        quick,
    )
    if theirs:
        report.extra |= {"cVL, redist": theirs[0].value, "error of cVL, redist": theirs[0].error}
        report.extra["-2 log L of the reinterpretation, redist"] = theirs[0].two_nll
        report.at_least("redist / ours, fit of the reinterpretation", theirs[1] / row.per_point, 100.0)
    return maxima


def _posterior(report: Report, likelihood: Likelihood, maxima: Maxima, draws: int) -> None:
    idata, seconds = _timed(
        lambda: posterior(
            likelihood,
            jax.random.key(1),
            maxima=maxima,
            chains=CHAINS,
            warmup=WARMUP,
            draws=draws,
            progress=False,
        )
    )
    verdict = diagnose(idata)
    note = f"{CHAINS} chains, {WARMUP} + {draws} steps, with compilation"
    report.add(Row("dineutrino: posterior of the reinterpretation", Timing(seconds, seconds, 1), note=note))
    report.at_most("posterior, seconds", seconds, 300.0)
    report.at_most("posterior, largest R-hat", verdict.r_hat, 1.01)
    report.at_least("posterior, fewest effective samples", verdict.effective_samples, 400)
    report.extra["divergences of the posterior"] = verdict.divergences


def _toys(report: Report, likelihood: Likelihood, maxima: Maxima, number: int) -> None:
    """Toy experiments drawn at the best fit, each fitted with all nuisances."""
    toys(likelihood, jax.random.key(2), maxima.best, number=1)  # compiles
    found, seconds = _timed(lambda: toys(likelihood, jax.random.key(3), maxima.best, number=number))
    note = f"{found.lost} of {number} did not converge"
    report.add(Row("dineutrino: fit of a toy experiment", Timing(seconds, seconds, 1), points=number, note=note))
    report.extra["toy fits per second"] = number / seconds
    report.extra["p-value of the best fit"] = found.p_value


def _vectors(likelihood: Likelihood, count: int) -> jax.Array:
    """Points around the best fit, nuisances a tenth of their uncertainty off."""
    centre = np.zeros(len(likelihood.names))
    centre[: likelihood.n_parameters] = (11.0, 1.0, 8.0)
    return jax.device_put(centre + 0.1 * np.random.default_rng(1).normal(size=(count, len(centre))))


def _cycled(function: Callable[[Any], Any], points: Any) -> Callable[[int], Any]:
    return lambda i: jax.block_until_ready(function(points[i % len(points)]))


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    result = jax.block_until_ready(call())
    return result, time.perf_counter() - start


def _several(call: Callable[[], Any], samples: int) -> tuple[Any, Timing]:
    """The last result, and the time of each after the first."""
    result, _ = _timed(call)
    taken = []
    for _ in range(samples):
        result, seconds = _timed(call)
        taken.append(seconds)
    return result, Timing(median(taken), min(taken), samples)


def _peer(
    report: Report, what: str, build: Callable[[], Callable[[int], Any]], samples: int, note: str = ""
) -> Row | None:
    try:
        call = build()
    except ImportError as error:
        report.skipped.append(f"{what}: {error}; pip install '.[bench]'")
        return None
    return report.add(Row(what, measure(call, samples), note=note))


def _peer_fit(report: Report, what: str, fit: Callable[[], peers.Fit], quick: bool) -> tuple[peers.Fit, float] | None:
    if quick:
        report.skipped.append(f"{what} takes half a minute or more; left out of a quick run")
        return None
    try:
        found, seconds = _timed(fit)
    except ImportError as error:
        report.skipped.append(f"{what}: {error}; pip install '.[bench]'")
        return None
    report.add(Row(what, Timing(seconds, seconds, 1), note="with Hessian errors"))
    return found, seconds
