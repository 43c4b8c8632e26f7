"""The default posterior: effective samples per second."""

import time

import arviz
import jax
import numpy as np

from benchmarks.report import Report, Row
from benchmarks.timing import Timing
from dineutrino.analysis import load_analysis
from dineutrino.inference import maximum, posterior


def run(quick: bool) -> Report:
    """All rows of the table. The first run compiles; the second, with another key, shows what the draws alone cost."""
    analysis = load_analysis()
    settings = analysis.posterior
    draws = 200 if quick else settings.draws
    report = Report(f"posterior of the default analysis: {settings.chains} chains, {settings.warmup} + {draws} steps")
    likelihood = analysis.likelihood()
    maxima, row = _timed("maxima, first run", lambda: maximum(likelihood, jax.random.key(0)))
    report.add(row)
    for number, what in enumerate(("first run", "second run")):
        idata, row = _timed(
            f"posterior, {what}",
            lambda number=number: posterior(
                likelihood,
                jax.random.key(1 + number),
                maxima=maxima,
                chains=settings.chains,
                warmup=settings.warmup,
                draws=draws,
                progress=False,
            ),
        )
        report.add(row)
        size = effective_sample_sizes(idata)
        for name, value in size.items():
            report.extra[f"{what}: effective samples of {name}"] = value
        report.extra[f"{what}: effective samples per second, smallest"] = min(size.values()) / row.seconds.median
        report.extra[f"{what}: all diagnostics passed"] = float(idata.attrs["diagnostics_passed"])
    return report


def effective_sample_sizes(idata: arviz.InferenceData) -> dict[str, float]:
    """Bulk, of each parameter, and the smallest of the nuisances."""
    sizes = arviz.ess(idata.posterior, method="bulk")
    found, others = {}, []
    for name, values in sizes.data_vars.items():
        flat = np.ravel(values.to_numpy())
        if flat.size == 1:
            found[str(name)] = float(flat[0])
        else:
            others.append(float(flat.min()))
    if others:
        found["the worst nuisance"] = min(others)
    return found


def _timed(what: str, call):
    start = time.perf_counter()
    result = call()
    seconds = time.perf_counter() - start
    return result, Row(what, Timing(seconds, seconds, 1))
