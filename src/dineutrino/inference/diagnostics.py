"""Whether a posterior can be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float, Int

from dineutrino.inference.convergence import effective_samples, r_hat, rank_normalised

if TYPE_CHECKING:
    import xarray

R_HAT = 1.01
"""Largest acceptable R-hat (A. Vehtari et al., Bayesian Analysis 16 (2021) 667, arXiv:1903.08008)."""
EFFECTIVE_SAMPLES = 400
"""Smallest acceptable effective sample size (ibid.)."""
RELEVANT_MODE = 0.01
"""A mode with a larger weight in the posterior must itself have a trustworthy weight."""
TAILS = (0.05, 0.95)
"""Quantiles whose effective samples count as those of the tails."""
DISAGREEMENT = 5.0
"""Standard deviations by which a weight may differ from that of the audit of the maxima."""


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
        r_hat: the largest, over all entries and the weights of the modes (rank-normalised, split chains); infinite if
            that of one of them is not defined.
        effective_samples: the smallest, over the same quantities, their bulk and their tails; see `diagnose`.
        divergences: of the Hamiltonian trajectories, after warm-up.
        mode_weights: probability of each mode, and its Monte Carlo error.
        verdicts: one for each check.
        sizes: effective samples of each entry and of the weight of each relevant mode, by name.
    """

    r_hat: float
    effective_samples: float
    divergences: int
    mode_weights: tuple[tuple[float, float], ...]
    verdicts: tuple[Verdict, ...]
    sizes: Mapping[str, float]

    @property
    def passed(self) -> bool:
        """Whether all checks passed."""
        return all(verdict.passed for verdict in self.verdicts)

    def __str__(self) -> str:
        return "\n".join(f"{'pass' if v.passed else 'FAIL'}  {v.check}: {v.sentence}" for v in self.verdicts)


def diagnose(idata: "xarray.DataTree") -> Diagnostics:
    """Check a posterior from `dineutrino.inference.posterior`.

    Effective samples are those of the mean of the ranks and of the fractions beyond two quantiles. Where there are
    several modes they are counted within each relevant mode, and separately for its weight: chains that flip between
    mirror images at every step are antithetic, and know the mean over both better than independent draws would, but
    not the shape of either. The size of a mode with weight w is divided by w, so that it compares with that of a whole
    posterior of which the mode is a fair share. No size is above the number of draws, which antithetic chains within a
    mode would exceed too.

    Independent runs of sequential Monte Carlo count as chains. Within a run, particles that descend from one initial
    particle are correlated; their effective number follows from the variance between families (H. P. Chan and T. L.
    Lai, Ann. Statist. 41 (2013) 2877; A. Lee and N. Whiteley, Biometrika 105 (2018) 609).

    What is not defined counts as failed: an entry that does not move, a chain that stands still, one chain only, too
    few draws, a draw that is not a number.
    """
    statistics = idata.sample_stats
    families = statistics["ancestor"].values if "ancestor" in statistics else None
    entries = dict(_entries(idata.posterior))
    modes = statistics["mode"].values
    members = {k: modes == k for k in range(int(modes.max()) + 1)}
    relevant = {k: inside for k, inside in members.items() if inside.mean() > RELEVANT_MODE}
    weights = {f"the weight of maximum {k + 1}": inside.astype(float) for k, inside in relevant.items()}
    weights = {name: inside for name, inside in weights.items() if inside.mean() < 1 - RELEVANT_MODE}
    r_hats = {name: r_hat_of(x) for name, x in {**entries, **weights}.items()}
    sizes = {name: size_of_mean(inside, families) for name, inside in weights.items()}
    for name, x in entries.items():
        within = {k: size_within(x, inside, families) for k, inside in relevant.items()} or {0: 0.0}
        fewest_in = min(within, key=lambda k: within[k])
        sizes[name if len(within) < 2 else f"{name} within maximum {fewest_in + 1}"] = within[fewest_in]
    worst, fewest = max(r_hats, key=lambda k: r_hats[k]), min(sizes, key=lambda k: sizes[k])
    divergences = int(statistics["diverging"].sum()) if "diverging" in statistics else 0
    verdicts = [
        *_stuck_verdicts(entries),
        Verdict(
            "R-hat", r_hats[worst] < R_HAT, f"the largest is {r_hats[worst]:.4f}, of {worst} (must be below {R_HAT})."
        ),
        Verdict(
            "effective samples",
            sizes[fewest] >= EFFECTIVE_SAMPLES,
            f"the fewest are {sizes[fewest]:.0f}, of {fewest} (must be at least {EFFECTIVE_SAMPLES}).",
        ),
        *_sampler_verdicts(idata, divergences),
    ]
    mode_weights = []
    for k in range(int(idata.attrs.get("n_maxima", 1))):
        weight = float(np.mean(modes == k))
        size = max(sizes.get(f"the weight of maximum {k + 1}", float(modes.size)), 1.0)
        mode_weights.append((weight, float(np.sqrt(weight * (1 - weight) / size))))
    verdicts += _audit_verdicts(idata, mode_weights)
    return Diagnostics(r_hats[worst], sizes[fewest], divergences, tuple(mode_weights), tuple(verdicts), sizes)


def r_hat_of(x: Float[np.ndarray, "chain draw"]) -> float:
    """Rank-normalised R-hat of split chains; infinite where it is not defined (one chain, one that stands still)."""
    if len(x) < 2 or not np.isfinite(x).all() or np.any(np.ptp(x, axis=1) == 0):
        return np.inf
    value = r_hat(x)
    return value if np.isfinite(value) else np.inf


def size_within(
    x: Float[np.ndarray, "chain draw"],
    inside: Bool[np.ndarray, "chain draw"],
    families: Int[np.ndarray, "chain draw"] | None,
) -> float:
    """Effective samples of the draws of a mode, divided by its weight: the fewest of bulk and tails.

    The mean of f over the mode is <1 f> / <1>, with the indicator 1; its variance is, to first order, that of the mean
    of 1 (f - f_mode) / <1>.
    """
    if not np.isfinite(x).all() or np.ptp(x[inside]) == 0:
        return 0.0
    ranks = np.zeros_like(x)
    ranks[inside] = rank_normalised(x[inside])
    beyond = [(x <= np.quantile(x[inside], tail)).astype(float) for tail in TAILS]
    return min(size_of_mean(np.where(inside, f - f[inside].mean(), 0.0), families) for f in (ranks, *beyond))


def size_of_mean(x: Float[np.ndarray, "chain draw"], families: Int[np.ndarray, "chain draw"] | None) -> float:
    """Effective samples of a mean, at most the number of draws; 0 where that is not defined."""
    if families is None:
        return effective_samples(x)
    size = family_ess(x, families)
    return min(size, float(x.size)) if np.isfinite(size) else 0.0


def family_ess(values: Float[np.ndarray, "run particle"], ancestors: Int[np.ndarray, "run particle"]) -> float:
    """Effective sample size of a mean over runs of sequential Monte Carlo, from the variance between families."""
    runs, particles = values.shape
    variance = 0.0
    for x, family in zip(values, ancestors, strict=True):
        sums = np.bincount(family, weights=x - x.mean(), minlength=particles)
        variance += float(np.sum(sums**2)) / particles**2 / runs**2
    return float(values.var() / variance) if variance > 0 else 0.0


def _entries(posterior: "xarray.DataTree") -> list[tuple[str, np.ndarray]]:
    """Every scalar of a posterior group, with its label."""
    entries = []
    for name, variable in posterior.data_vars.items():
        if variable.ndim == 2:
            entries.append((f"'{name}'", variable.values))
        else:
            labels = variable[variable.dims[2]].values
            entries += [(f"'{name}: {label}'", variable.values[..., i]) for i, label in enumerate(labels)]
    return entries


def _stuck_verdicts(entries: Mapping[str, np.ndarray]) -> list[Verdict]:
    """Draws that are not numbers, and chains that stand still: only said where it is so."""
    verdicts = []
    undefined = [name for name, x in entries.items() if not np.isfinite(x).all()]
    if undefined:
        sentence = f"draws of {undefined[0]} are not numbers."
        verdicts.append(Verdict("draws", False, sentence))
    still = max(int(np.sum(np.ptp(x, axis=1) == 0)) for x in entries.values())
    if still:
        verdicts.append(Verdict("movement", False, f"{still} chains stand still."))
    return verdicts


def _sampler_verdicts(idata: "xarray.DataTree", divergences: int) -> list[Verdict]:
    """Divergences, maxima that were missed, an interrupted run."""
    attributes = idata.attrs
    verdicts = []
    if "diverging" in idata.sample_stats:
        sentence = f"{divergences} of {idata.sample_stats['diverging'].size} trajectories diverged (must be 0)."
        verdicts.append(Verdict("divergences", divergences == 0, sentence))
    if "maximum_log_prob" in attributes:
        excess = float(idata.sample_stats["lp"].values.max()) - float(attributes["maximum_log_prob"])
        below = excess <= 1e-3  # not so if it is nan
        sentence = (
            "no draw is above the best maximum."
            if below
            else f"a draw is {excess:.3g} above the best maximum in log-probability: `maximum` missed one."
        )
        verdicts.append(Verdict("maximum", below, sentence))
    at_edge = int(attributes.get("draws_at_edge", 0))
    if at_edge:
        sentence = f"{at_edge} draws are where a band was taken to have left the bounds: it has not, and was cut short."
        verdicts.append(Verdict("bounds", False, sentence))
    if int(attributes.get("interrupted", 0)):
        verdicts.append(Verdict("complete", False, "the run was interrupted; these are the draws up to then."))
    return verdicts


def _audit_verdicts(idata: "xarray.DataTree", weights: list[tuple[float, float]]) -> list[Verdict]:
    """Whether all maxima are known, the method gives them their weights, and these are those of the audit."""
    attributes = idata.attrs
    count, verdicts = len(weights), []
    if count > 1 or "doubts_about_maxima" in attributes:
        doubts, added = str(attributes.get("doubts_about_maxima", "")), int(attributes.get("n_maxima_added", 0))
        mixes = count < 2 or attributes.get("method") != "NUTS"
        sentence = f"{count} relevant {'maximum' if count == 1 else 'maxima'}"
        sentence += f", {added} of them added by the audit" if added else ""
        sentence += "" if mixes else "; NUTS alone does not give them their weights"
        sentence += f"; there may be more: {doubts}" if doubts else "."
        verdicts.append(Verdict("modes", mixes and not doubts, sentence))
    expected = np.atleast_1d(np.asarray(attributes.get("audited_weights", []), float))
    errors = np.atleast_1d(np.asarray(attributes.get("audited_errors", []), float))
    judged = np.flatnonzero(np.isfinite(expected))
    if len(judged) > 1:
        # the audit knows weights relative to each other, of the maxima that it can judge
        total = sum(weights[k][0] for k in judged)
        fractions = np.array([weights[k] for k in judged]) / max(total, 1e-300)
        pulls = (fractions[:, 0] - expected[judged]) / np.hypot(fractions[:, 1], errors[judged])
        worst = int(np.argmax(np.abs(pulls)))
        sentence = (
            f"that of maximum {judged[worst] + 1} among those that the audit can judge is {fractions[worst, 0]:.3g}, "
            "and was "
            f"{expected[judged[worst]]:.3g} +- {errors[judged[worst]]:.1g} in the audit "
            f"(must agree within {DISAGREEMENT:g} standard deviations)."
        )
        verdicts.append(Verdict("weights", bool(abs(pulls[worst]) < DISAGREEMENT), sentence))
    return verdicts
