"""Whether a posterior can be trusted."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

R_HAT = 1.01
"""Largest acceptable R-hat (A. Vehtari et al., Bayesian Analysis 16 (2021) 667, arXiv:1903.08008)."""
EFFECTIVE_SAMPLES = 400
"""Smallest acceptable effective sample size (ibid.)."""
RELEVANT_MODE = 0.01
"""A mode with a larger weight in the posterior must itself have a trustworthy weight."""


@dataclass(frozen=True)
class Verdict:
    """The result of one check: which, whether it passed, and one sentence."""

    check: str
    passed: bool
    sentence: str


@dataclass(frozen=True)
class Diagnostics:
    """Checks of a posterior.

    Attributes:
        r_hat: the largest, over all entries and the weights of the modes (rank-normalised, split chains).
        effective_samples: the smallest, over the same quantities, their bulk and their tails.
        divergences: of the Hamiltonian trajectories, after warm-up.
        mode_weights: probability of each mode, and its Monte Carlo error.
        verdicts: one for each check.
    """

    r_hat: float
    effective_samples: float
    divergences: int
    mode_weights: tuple[tuple[float, float], ...]
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Whether all checks passed."""
        return all(verdict.passed for verdict in self.verdicts)

    def __str__(self) -> str:
        return "\n".join(f"{'pass' if v.passed else 'FAIL'}  {v.check}: {v.sentence}" for v in self.verdicts)


def diagnose(idata: Any) -> Diagnostics:
    """Check a posterior from `dineutrino.inference.posterior`.

    Independent runs of sequential Monte Carlo count as chains. Within a run, particles that descend from one initial
    particle are correlated; their effective number follows from the variance between families (H. P. Chan and T. L.
    Lai, Ann. Statist. 41 (2013) 2877; A. Lee and N. Whiteley, Biometrika 105 (2018) 609).
    """
    import arviz

    statistics = idata.sample_stats
    entries = {name: values for name, values in _entries(idata.posterior) if np.ptp(values) > 0}
    modes = statistics["mode"].values
    indicators = {
        f"the weight of maximum {k + 1}": (modes == k).astype(float)
        for k in range(int(modes.max()) + 1)
        if RELEVANT_MODE < np.mean(modes == k) < 1 - RELEVANT_MODE
    }
    r_hats = {name: float(arviz.rhat(x)) for name, x in {**entries, **indicators}.items()}
    if "ancestor" in statistics:
        families = statistics["ancestor"].values
        effective = {name: family_ess(x, families) for name, x in {**entries, **indicators}.items()}
    else:
        effective = {name: min(float(arviz.ess(x, method=m)) for m in ("bulk", "tail")) for name, x in entries.items()}
        effective |= {name: float(arviz.ess(x, method="mean")) for name, x in indicators.items()}
    worst, fewest = max(r_hats, key=lambda k: _large(r_hats[k])), min(effective, key=lambda k: _small(effective[k]))
    r_hat, samples = _large(r_hats[worst]), _small(effective[fewest])
    divergences = int(statistics["diverging"].sum()) if "diverging" in statistics else 0
    verdicts = [
        Verdict("R-hat", r_hat < R_HAT, f"the largest is {r_hat:.4f}, of {worst} (must be below {R_HAT})."),
        Verdict(
            "effective samples",
            samples >= EFFECTIVE_SAMPLES,
            f"the fewest are {samples:.0f}, of {fewest} (must be at least {EFFECTIVE_SAMPLES}).",
        ),
        *_sampler_verdicts(idata, divergences),
    ]
    weights = []
    for k in range(int(idata.attrs.get("n_maxima", 1))):
        weight = float(np.mean(modes == k))
        ess = effective.get(f"the weight of maximum {k + 1}", float(modes.size))
        weights.append((weight, float(np.sqrt(weight * (1 - weight) / _small(ess)))))
    return Diagnostics(r_hat, samples, divergences, tuple(weights), tuple(verdicts))


def family_ess(values: Float[np.ndarray, "run particle"], ancestors: Int[np.ndarray, "run particle"]) -> float:
    """Effective sample size of a mean over runs of sequential Monte Carlo, from the variance between families."""
    runs, particles = values.shape
    variance = 0.0
    for x, family in zip(values, ancestors, strict=True):
        sums = np.bincount(family, weights=x - x.mean(), minlength=particles)
        variance += float(np.sum(sums**2)) / particles**2 / runs**2
    return float(values.var() / variance) if variance > 0 else float(values.size)


def _entries(posterior: Any) -> list[tuple[str, np.ndarray]]:
    """Every scalar of a posterior group, with its label."""
    entries = []
    for name, variable in posterior.data_vars.items():
        if variable.ndim == 2:
            entries.append((f"'{name}'", variable.values))
        else:
            labels = variable[variable.dims[2]].values
            entries += [(f"'{name}: {label}'", variable.values[..., i]) for i, label in enumerate(labels)]
    return entries


def _sampler_verdicts(idata: Any, divergences: int) -> list[Verdict]:
    """Divergences, maxima that were missed, an interrupted run."""
    attributes = idata.attrs
    verdicts = []
    if "diverging" in idata.sample_stats:
        sentence = f"{divergences} of {idata.sample_stats['diverging'].size} trajectories diverged (must be 0)."
        verdicts.append(Verdict("divergences", divergences == 0, sentence))
    if "maximum_log_prob" in attributes:
        excess = float(idata.sample_stats["lp"].max()) - float(attributes["maximum_log_prob"])
        sentence = (
            f"a draw is {excess:.3g} above the best maximum in log-probability: `maximum` missed one."
            if excess > 1e-3
            else "no draw is above the best maximum."
        )
        verdicts.append(Verdict("maximum", excess <= 1e-3, sentence))
    if int(attributes.get("n_maxima", 1)) > 1:
        mixes = attributes.get("method") != "NUTS"
        sentence = f"{attributes['n_maxima']} relevant maxima; " + (
            "the method gives them their weights." if mixes else "NUTS alone does not give them their weights."
        )
        verdicts.append(Verdict("modes", mixes, sentence))
    if int(attributes.get("interrupted", 0)):
        verdicts.append(Verdict("complete", False, "the run was interrupted; these are the draws up to then."))
    return verdicts


def _large(r_hat: float) -> float:
    """R-hat of chains that each stand still is not defined: as bad as can be."""
    return r_hat if np.isfinite(r_hat) else np.inf


def _small(samples: float) -> float:
    return samples if np.isfinite(samples) and samples > 0 else 1.0
