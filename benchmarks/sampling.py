"""The default posterior: effective samples per second."""

import time
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import xarray

from benchmarks.report import Report, Row
from benchmarks.timing import Timing
from dineutrino.analysis import load_analysis
from dineutrino.inference import maximum, posterior
from dineutrino.inference.convergence import effective_samples, rank_normalised


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
            report.extra[f"{what}: effective samples, worst of the {name}"] = value
        report.extra[f"{what}: effective samples per second, worst"] = min(size.values()) / row.seconds.median
        report.extra[f"{what}: all diagnostics passed"] = float(idata.attrs["diagnostics_passed"])
    return report


def effective_sample_sizes(idata: xarray.DataTree) -> dict[str, float]:
    """Bulk: the worst of parameters, nuisances and predictions."""
    free = [idata.posterior[name] for name in idata.posterior if str(name).startswith(("Re ", "Im "))]
    nuisances = [idata.posterior[name] for name in idata.posterior if not str(name).startswith(("Re ", "Im "))]
    groups = {"parameters": free, "nuisances": nuisances, "predictions": [idata.predictions["value"]]}
    return {name: min(map(fewest, arrays)) for name, arrays in groups.items()}


def fewest(draws: xarray.DataArray) -> float:
    """Effective samples of the worst of its entries."""
    entries = draws.values.reshape(*draws.shape[:2], -1)
    return min(effective_samples(rank_normalised(x)) for x in np.moveaxis(entries, -1, 0))


def _timed(what: str, call: Callable[[], Any]) -> tuple[Any, Row]:
    start = time.perf_counter()
    result = call()
    seconds = time.perf_counter() - start
    return result, Row(what, Timing(seconds, seconds, 1))
