"""Global fits of mediators: the profile of figure 8 of arXiv:2404.06533, all maxima, a posterior; smelli at a point."""

import time
from collections.abc import Callable
from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from xarray import DataTree

from benchmarks.report import Report, Row
from benchmarks.sampling import fewest
from benchmarks.timing import Timing, measure
from dineutrino.analysis.load import load_analysis
from dineutrino.inference import Maxima, maximum, posterior
from dineutrino.inference.profile_grid import threshold
from dineutrino.likelihood import Likelihood
from dineutrino.reproduce.marzocca2024 import global_fit

LEPTOQUARK = "R2t"
SIDE, QUICK_SIDE = 1000, 100
PEER_LIKELIHOODS = ["likelihood_ewpt.yaml", "fast_likelihood_quarks_fixckm.yaml"]
T = TypeVar("T")


def run(quick: bool) -> Report:
    """All rows of the table."""
    report = Report("global fits of mediators")
    _grid(report, QUICK_SIDE if quick else SIDE)
    own = _points(report)
    peer = _smelli(report)
    if peer:
        report.extra["smelli / ours, one point of all classes"] = peer.per_point / own.per_point
    _today(report, quick)
    if not quick:
        _fit(report)
    return report


def _grid(report: Report, side: int) -> None:
    """The least chi2 over the coupling in each direction of the plane of figure 8."""
    ranges = global_fit.RANGES[global_fit.LEPTOQUARKS[LEPTOQUARK][2]], global_fit.ANGLES
    phi, theta = (axis.ravel() for axis in np.meshgrid(*(np.linspace(*ends, side) for ends in ranges)))
    _timed(report, "profile of 8,192 directions, with compilation",
           lambda: global_fit.profiled(LEPTOQUARK, theta[:8192], phi[:8192]))  # fmt: skip
    found, row = _timed(
        report, f"profile of {side} x {side} directions", lambda: global_fit.profiled(LEPTOQUARK, theta, phi)
    )
    report.extra["directions inside one standard deviation"] = float(np.mean(np.asarray(found.above) < threshold(1)))
    seconds = row.seconds.median * (SIDE / side) ** 2
    report.at_most(f"profile of {SIDE} x {SIDE} directions, seconds", seconds, 60)


def _points(report: Report) -> Row:
    """The likelihood of the same leptoquark at a point."""
    likelihood = load_analysis(f"marzocca2024_{LEPTOQUARK}").likelihood()
    vectors = jnp.asarray(np.random.default_rng(1).uniform(likelihood.lower, likelihood.upper, (64, 3)))
    value = jax.jit(lambda vector: likelihood.log_prob(likelihood.to_point(vector)))
    return report.add(
        Row("log-likelihood of R_2~, all classes", measure(lambda i: value(vectors[i % 64]).block_until_ready()))
    )


def _smelli(report: Report) -> Row | None:
    """The pole and the quarks, as far as they come with covariances that are computed beforehand."""
    try:
        import smelli
        from wilson import Wilson
    except ImportError as error:
        report.skipped.append(f"smelli is not installed ({error}); pip install '.[bench]'")
        return None
    whole = smelli.GlobalLikelihood(include_likelihoods=PEER_LIKELIHOODS, fix_ckm=True)
    random = np.random.default_rng(2)

    def call(_: int) -> float:
        coefficients = {name: 1e-8 * random.normal() for name in ("lq1_3323", "lq3_3323", "ld_3323", "lq1_3333")}
        return float(whole.parameter_point(coefficients, scale=1000).log_likelihood_global())

    row = report.add(Row("smelli, pole and quarks, leading logarithms", measure(call, 3, budget=60.0)))
    Wilson.set_default_option("smeft_accuracy", "integrate")  # as it was before smelli was imported
    return row


def _fit(report: Report) -> None:
    """All maxima of R_2~ with the data and inputs of the paper, and a posterior."""
    likelihood = load_analysis(f"marzocca2024_{LEPTOQUARK}").likelihood()
    _timed(report, "maxima of R_2~, with compilation", lambda: maximum(likelihood, jax.random.key(0)))
    maxima, row = _timed(report, "maxima of R_2~", lambda: maximum(likelihood, jax.random.key(1)))
    report.extra["maxima"] = len(maxima)
    report.at_most("maxima of R_2~, seconds", row.seconds.median, 10)
    draws, row = _timed(report, "posterior of R_2~, 4 x 1,000 draws", lambda: _sampled(likelihood, maxima))
    report.at_most("posterior of R_2~, seconds with compilation", row.seconds.median, 180)
    samples = min(fewest(draws.posterior[parameter.name]) for parameter in likelihood.parameters)
    report.at_least("effective samples, fewest of the parameters", samples, 400)


def _today(report: Report, quick: bool) -> None:
    """A point of R_2~ with all data and inputs of today, its gradient, and all maxima."""
    likelihood = load_analysis(f"global_{LEPTOQUARK}").likelihood()
    what = f"global_R2t, {len(likelihood.names)} entries"
    point = likelihood.origin({"y2Lt": 0.7, "theta": 0.3, "phi": 4.7})
    for name, function in (("log-likelihood", likelihood.log_prob), ("with gradient", likelihood.value_and_grad)):
        _timed(report, f"{what}: {name}, compilation", lambda call=function: jax.block_until_ready(call(point)))
        timing = measure(lambda _, call=function: jax.block_until_ready(call(point)))
        report.add(Row(f"{what}: {name}", timing))
    if not quick:
        found, _ = _timed(
            report, f"{what}: all maxima, with compilation", lambda: maximum(likelihood, jax.random.key(0))
        )
        report.extra[f"{what}: maxima"] = len(found)


def _sampled(likelihood: Likelihood, maxima: Maxima) -> DataTree:
    return posterior(likelihood, jax.random.key(2), maxima=maxima, chains=4, warmup=500, draws=1000, progress=False)


def _timed(report: Report, what: str, call: Callable[[], T]) -> tuple[T, Row]:
    start = time.perf_counter()
    result = call()
    seconds = time.perf_counter() - start
    return result, report.add(Row(what, Timing(seconds, seconds, 1), note="once"))
