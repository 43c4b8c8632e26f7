"""Whether posteriors mean what they say: simulation-based calibration of `posterior` on the default analysis.

Parameters and nuisances are drawn from the prior, data from the model at them, and the posterior of those data is
sampled. If everything is right, the rank of the true value among independent draws is uniform for each entry and for
each function of them (S. Talts et al., arXiv:1804.06788).
"""

import warnings
from collections import Counter

import equinox as eqx
import jax
import numpy as np
from jaxtyping import Array, Float
from scipy.stats import chisquare

from benchmarks.replica import Replica, simulated, with_toys
from benchmarks.report import Target
from benchmarks.study import Study
from dineutrino.analysis import load_analysis
from dineutrino.errors import NotConverged
from dineutrino.inference import Caution, diagnose, maximum, posterior
from dineutrino.inference.inference_data import vectors_of
from dineutrino.inference.progress import Progress
from dineutrino.likelihood import Likelihood

REPLICAS, FEW = 200, 8
CHAINS, WARMUP, DRAWS = 4, 100, 100
KEPT = 63
"""Draws of each posterior that the truth is ranked among: far enough from each other to be independent."""
BINS = 8
"""Of the histogram of ranks; KEPT + 1 is a multiple of it."""
LEAST = 0.001
"""Smallest p-value of one entry; of two dozen entries the smallest is about 0.04."""


def run(quick: bool, seed: int, number: int | None) -> Study:
    """The ranks of all entries and of two branching ratios. The prior of the nuisances is that of the inputs."""
    replicas = number or (FEW if quick else REPLICAS)
    likelihood = with_toys(load_analysis())
    title = f"calibration of the posterior of the default analysis: {CHAINS} chains of {WARMUP} + {DRAWS} steps"
    study = Study(title, ("rank of", "replicas", "chi2", "p-value", "histogram"), seed)
    ranks: list[Float[np.ndarray, " entry"]] = []
    failed: Counter[str] = Counter()
    with study.interruptible(), Progress("replicas", replicas, True) as bar, warnings.catch_warnings():
        warnings.simplefilter("ignore", Caution)
        for i in range(replicas):
            try:
                rank, checks = replica(likelihood, jax.random.fold_in(jax.random.key(seed), i))
                ranks.append(rank)
                failed.update(checks)
            except NotConverged as error:
                study.notes.append(f"replica {i} has no result: {error}")
            bar.update(i + 1, f"{i + 1 - len(ranks)} without result")
    names = (*likelihood.names, *OBSERVABLES)
    p_values = []
    for name, column in zip(names, np.array(ranks).reshape(-1, len(names)).T, strict=True):
        counts = np.bincount((column * BINS // (KEPT + 1)).astype(int), minlength=BINS)
        test = chisquare(counts)
        p_values.append(float(test.pvalue))
        study.rows.append(
            (name, str(len(column)), f"{test.statistic:.1f}", f"{test.pvalue:.3f}", " ".join(map(str, counts)))
        )
    study.notes += [f"{count} of {len(ranks)} runs failed the check '{check}'" for check, count in failed.items()]
    study.notes.append(
        f"R-hat and effective samples must fail with {CHAINS * DRAWS} draws; their criteria are for results."
    )
    study.notes.append(
        f"a rank is uniform for {BINS - 1} degrees of freedom: chi2 = {BINS - 1} ± {np.sqrt(2 * (BINS - 1)):.1f}."
    )
    study.targets.append(Target("smallest p-value", min(p_values, default=0.0), LEAST, True))
    return study


OBSERVABLES = ("BR(B+->Knunu)", "BR(B0->K*nunu)")


def replica(likelihood: Likelihood, key: Array) -> tuple[Float[np.ndarray, " entry"], list[str]]:
    """Ranks of a truth drawn from the prior among draws of its posterior, and the checks that failed."""
    key_parameters, key_nuisances, key_data, key_maximum, key_posterior = jax.random.split(key, 5)
    n, lower, upper = likelihood.n_parameters, np.asarray(likelihood.lower), np.asarray(likelihood.upper)
    truth = np.asarray(jax.random.normal(key_nuisances, lower.shape)).copy()
    truth[:n] = lower[:n] + (upper - lower)[:n] * np.asarray(jax.random.uniform(key_parameters, (n,)))
    # the constraints of the nuisances are their prior, around zero, and no data
    data = eqx.tree_at(lambda data: data.centres, simulated(likelihood, truth, key_data), likelihood.observed.centres)
    target = Replica(likelihood, data, lower, upper)
    maxima = maximum(target, key_maximum)
    samples = posterior(target, key_posterior, maxima=maxima, chains=CHAINS, warmup=WARMUP, draws=DRAWS, progress=False)
    vectors = vectors_of(target, samples).reshape(-1, len(truth))
    values = samples.predictions["value"].sel(observable=list(OBSERVABLES)).values.reshape(-1, len(OBSERVABLES))
    kept = np.linspace(0, len(vectors) - 1, KEPT).astype(int)
    predicted = likelihood.predict(likelihood.to_point(jax.numpy.asarray(truth)))
    draws = np.concatenate([vectors, values], axis=1)[kept]
    true = np.concatenate([truth, [float(predicted[name]) for name in OBSERVABLES]])
    checks = [verdict.check for verdict in diagnose(samples).verdicts if not verdict.passed]
    return np.sum(draws < true, axis=0), checks
