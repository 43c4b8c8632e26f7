"""Are these all the maxima? A second opinion, before a sampler relies on them.

A maximum that no search has found cannot be missed by a sampler that starts from those that were. So the set of maxima
is audited by three means that do not know how it was found:

- Thousands of points, near and far, are compared with what the known maxima predict there. Searches start from those
  where the log-probability exceeds the prediction. So a narrow maximum need not be hit by a search, only by a point.
- Particles that start from a wide reference are tempered to the posterior, see `dineutrino.inference.tempering`.
  Searches start from where they end. So a maximum that is wide, however far, is entered by its share of the particles.
- The shares of the particles are compared with the weights that the sampler finds.

What is found is added, and what was added is audited again. What no audit can see is a maximum whose basin fills less
than about one part in ten thousand of the volume. Its tell-tale is a known maximum with a basin as small: where there
is one such there may be others.

Only the compiled functions of the search for maxima are called; nothing is compiled.
"""

from dataclasses import replace
from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Float, Int, PRNGKeyArray
from scipy.special import softmax

from dineutrino.errors import NotConverged
from dineutrino.inference.coordinates import Box, inside, unfold
from dineutrino.inference.evaluation import log_probs
from dineutrino.inference.frame import Modes, modes_of
from dineutrino.inference.maxima import maxima_from
from dineutrino.inference.optimum import Maxima
from dineutrino.inference.search import Found, search
from dineutrino.inference.smc import reference_of
from dineutrino.inference.target import Target
from dineutrino.inference.tempering import PARTICLES, RUNS, Particles, temper

RELEVANT = 15.0
"""Maxima that are lower than the best by more than this in log-probability do not count as modes."""
POINTS, MORE = 16384, 16
"""Points that are compared with the prediction in the first round, and how many times more where it takes more."""
WORK = 2**26
"""Points times maxima times entries, at most."""
KINDS, BLIND = 8, 3
"""Kinds of points, and how many of the kinds know little of the maxima."""
SEARCHES = 256
"""Searches from the most surprising of them."""
ROUNDS = 8
"""Rounds of searches, at most."""
SAME = 0.2
"""Ends closer to a maximum than this, in standard deviations, are this maximum."""
ALIKE = 1e-2
"""Points closer than this, in scales, are the same point of a valley."""
SUSPECTS = 64
"""New ends, at most, that one round hands to `maximum`."""
WEIGHTY = 0.01
"""Weight of a maximum, by Laplace's estimate, from which on it is asked how narrow it is."""
RARE = 20
"""A maximum whose basin holds fewer of the points that know little of the maxima was found by luck."""
VISIBLE = 10.0
"""Particles that a mode must have been worth at every temperature, for their share to say something."""


class Shares(NamedTuple):
    """Weights of modes among those that the particles can judge, with errors; nan for the others."""

    weights: Float[np.ndarray, " k"]
    errors: Float[np.ndarray, " k"]


class Audit(NamedTuple):
    """The maxima after an audit.

    Attributes:
        maxima: those known before, and those that were added.
        n_added: number of relevant maxima that were added.
        doubts: why there may be more, one sentence each; none if the set is believed to be complete.
        shares: what the particles say about the weights of the relevant maxima, in their order.
        particles: a rough sample of the posterior.
    """

    maxima: Maxima
    n_added: int
    doubts: tuple[str, ...]
    shares: Shares
    particles: Particles

    def of_mode(self, modes: Modes, number: int) -> Float[np.ndarray, "particle n"]:
        """The particles of one mode; none if they did not reach the posterior."""
        vectors = self.posterior_particles
        return vectors[np.argmin(_distances(modes, vectors), axis=1) == number]

    @property
    def posterior_particles(self) -> Float[np.ndarray, "particle n"]:
        """The particles; none if they did not reach the posterior."""
        return self.particles.vectors[: PARTICLES if self.particles.beta == 1 else 0]


def audit(target: Target, key: PRNGKeyArray, maxima: Maxima) -> Audit:
    """Look for maxima that are missing, add them, and say whether there may be more.

    Args:
        target: see `dineutrino.inference.Target`.
        key: random key; the same key gives the same result.
        maxima: those known.
    """
    box = Box.of(target)
    random = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    modes = modes_of(box, maxima.within(RELEVANT))
    particles = temper(target, box, reference_of(box, modes, target.n_parameters), random)
    doubts = [] if particles.beta == 1 else ["the particles of the audit did not reach the posterior."]
    count, n_added = POINTS, 0
    for number in range(ROUNDS):
        starts, basins = _surprising(target, box, modes, maxima, count, random)
        if number == 0:
            starts = np.concatenate([particles.vectors, starts])
        ends = search(
            target, unfold(box, inside(box, starts, 1e-3)), np.diag(box.scale)[None], np.zeros(len(starts), int)
        )
        extended, n_fresh = _extended(target, maxima, modes, _suspects(ends, modes, maxima))
        rare = int(np.sum((basins < RARE) & (np.asarray(modes.log_weights) > np.log(WEIGHTY))))
        most = POINTS * int(np.clip(WORK / (POINTS * modes.means.size), 1, MORE))
        if not n_fresh and (not rare or count >= most):
            break
        maxima, n_added, count = extended, n_added + n_fresh, most
        modes = modes_of(box, maxima.within(RELEVANT))
    else:
        doubts.append(f"new ones were still turning up in the last of {ROUNDS} rounds of searches.")
    if n_added:  # their shares must come from a reference that covers all of them
        particles = temper(target, box, reference_of(box, modes, target.n_parameters), random)
    if rare:
        doubts.append(f"{rare} of the known ones fill too little of the space to have been found with certainty.")
    doubts += maxima.doubts
    return Audit(maxima, n_added, tuple(doubts), _shares(modes, maxima, particles), particles)


def _surprising(
    target: Target, box: Box, modes: Modes, maxima: Maxima, count: int, random: np.random.Generator
) -> tuple[Float[np.ndarray, "start n"], Int[np.ndarray, " k"]]:
    """Of many points some of those where the log-probability exceeds the prediction of the known maxima most.

    They are the winners of small tournaments, so that no one region takes all places: half of them in surprise, half in
    log-probability among those that surprise at all. Returned with them is how many of the points that know of no
    maximum are in the basin of each, by the same prediction.
    """
    points = _points(box, target.n_parameters, modes, count, random)
    values = log_probs(target, points)
    heights = np.array([o.log_prob for o in maxima.within(RELEVANT)])
    predicted = heights - 0.5 * _distances(modes, points) ** 2
    nearest = np.argmax(predicted[: BLIND * count // KINDS], axis=1)
    basins = np.bincount(nearest, minlength=modes.count)
    surprise = values - predicted.max(axis=1)
    surprise = np.where(np.isnan(surprise), -np.inf, surprise)
    winners = []
    for score in (surprise, np.where(surprise > 1, values, -np.inf)):
        groups = random.permutation(count).reshape(SEARCHES // 2, -1)
        winners.append(groups[np.arange(len(groups)), np.argmax(score[groups], axis=1)])
    chosen = np.unique(np.concatenate(winners))
    return points[chosen[np.isfinite(values[chosen])]], basins


def _points(
    box: Box, n_parameters: int, modes: Modes, count: int, random: np.random.Generator
) -> Float[np.ndarray, "point n"]:
    """Points near and far, equally many of each of `KINDS` kinds; the first `BLIND` kinds know little of the maxima.

    Entry by entry anywhere: uniform between two bounds, else with heavy tails around 0 or beyond a bound; all entries
    of a common size, of any order of magnitude; the same of the order of the distances of the maxima; around points on
    the way to a maximum or to its mirror image; at a maximum but for a few entries that are anywhere; around a maximum,
    up to thirty times as wide as it is; with entries of two maxima; with some entries of a maximum reversed. Nuisances
    are normal in all of the first four.
    """
    n, scale = len(box.scale), np.asarray(box.scale)
    lower, upper = np.asarray(box.lower), np.asarray(box.upper)
    below, above = np.isfinite(lower), np.isfinite(upper)
    many = count // KINDS
    means, roots = np.asarray(modes.means), np.asarray(modes.roots)
    one, other = random.integers(modes.count, size=(2, many))
    size = max(1.0, float(np.sqrt(np.mean(means[:, :n_parameters] ** 2))))

    def normal() -> Float[np.ndarray, "many n"]:
        return random.normal(size=(many, n))

    def uniform(low: float, high: float) -> Float[np.ndarray, "many 1"]:
        return random.uniform(low, high, (many, 1))

    def anywhere() -> Float[np.ndarray, "many n"]:
        far = 3 * np.where(uniform(0, 1) < 0.5, random.standard_t(2, (many, n)), random.standard_t(1, (many, n)))
        with np.errstate(invalid="ignore"):
            between = (lower + (upper - lower) * random.uniform(size=(many, n))) / scale
        return np.where(below & above, between, far)

    few = random.uniform(size=(many, n)) < random.integers(1, 4, (many, 1)) / n
    kinds = [
        anywhere(),
        10 ** uniform(-0.5, 3) * normal(),
        size * uniform(0.3, 1.5) * normal(),
        means[one] * uniform(-1, 1) + size * uniform(0.1, 1) * normal(),
        np.where(few, anywhere(), means[one]),
        means[one] + np.einsum("pij,pj->pi", roots[one], 10 ** uniform(0, 1.5) * normal()),
        np.where(random.uniform(size=(many, n)) < 0.5, means[one], means[other]) + 0.3 * normal(),
        np.where(random.uniform(size=(many, n)) < 0.5, 1.0, -1.0) * means[one] + uniform(0, 1) * normal(),
    ]
    points = scale * np.concatenate(kinds)
    nuisance = (np.arange(n) >= n_parameters) & (np.arange(len(points)) < 4 * many)[:, None]
    points = np.where(nuisance, scale * random.normal(size=points.shape), points)
    with np.errstate(invalid="ignore"):
        # an entry beyond a single bound is mirrored there, one beyond one of two bounds is drawn again
        points = np.where(below & ~above, lower + np.abs(points - lower), points)
        points = np.where(above & ~below, upper - np.abs(upper - points), points)
        again = lower + (upper - lower) * random.uniform(size=points.shape)
    return inside(box, np.where((points < lower) | (points > upper), again, points), 1e-3)


def _distances(modes: Modes, vectors: Float[np.ndarray, "batch n"]) -> Float[np.ndarray, "batch k"]:
    """From every mode, in its standard deviations."""
    differences = vectors / np.asarray(modes.scale)
    return np.stack(
        [
            np.linalg.norm((differences - mean) @ inverse.T, axis=1)
            for mean, inverse in zip(np.asarray(modes.means), np.asarray(modes.inverse_roots), strict=True)
        ],
        axis=1,
    )


def _suspects(ends: Found, modes: Modes, maxima: Maxima) -> Float[np.ndarray, "suspect n"]:
    """Ends that are relevant and none of the known maxima, the highest first."""
    relevant = np.isfinite(ends.log_prob) & (ends.log_prob > maxima.best.log_prob - RELEVANT)
    relevant &= ends.converged | (ends.log_prob > maxima.best.log_prob + 1e-3)
    strange = np.flatnonzero(relevant)
    strange = strange[_distances(modes, ends.vectors[strange]).min(axis=1, initial=np.inf) > SAME]
    kept: list[int] = []
    for i in strange[np.argsort(-ends.log_prob[strange])]:
        if all(np.max(np.abs(ends.vectors[i] - ends.vectors[j]) / modes.scale) > 1e-3 for j in kept):
            kept.append(i)
    return ends.vectors[kept[:SUSPECTS]]


def _extended(
    target: Target, maxima: Maxima, modes: Modes, suspects: Float[np.ndarray, "suspect n"]
) -> tuple[Maxima, int]:
    """The maxima together with those that the suspects lead to, and how many relevant ones are new."""
    if not len(suspects):
        return maxima, 0
    known = [np.asarray(optimum.vector) for optimum in maxima]
    try:
        extended = maxima_from(target, np.concatenate([known, suspects]))
    except NotConverged as error:
        if not isinstance(error.result, Maxima):
            raise
        extended = error.result
    relevant = extended.within(RELEVANT)
    places = np.concatenate([optimum.valley for optimum in maxima])
    fresh = [o for o in relevant if _distances(modes, o.valley).min() > SAME and not _meet(o.valley, places, modes)]
    if not fresh:
        return maxima, 0
    # that these starts show nothing about further maxima is no new doubt
    cautions = tuple(caution for caution in extended.cautions if caution not in extended.doubts)
    n_starts = maxima.n_starts + len(suspects)
    extended = replace(extended, n_starts=n_starts, doubts=maxima.doubts, cautions=(*cautions, *maxima.doubts))
    return extended, len(fresh)


def _meet(one: Float[np.ndarray, "a n"], other: Float[np.ndarray, "b n"], modes: Modes) -> bool:
    """Whether two valleys have a point in common."""
    difference = (one[:, None] - other) / np.asarray(modes.scale)
    return bool(np.min(np.max(np.abs(difference), axis=2)) < ALIKE)


def _shares(modes: Modes, maxima: Maxima, particles: Particles) -> Shares:
    """Shares of the modes that the particles can judge.

    A narrow mode is worth little at high temperature, by Laplace's estimate exp(beta * height) * volume, and its few
    particles are soon lost: then the particles say nothing about it. The error is the largest of that between runs, and
    that of as many independent particles as there are families of common descent.
    """
    heights = np.array([o.log_prob for o in maxima.within(RELEVANT)])
    betas = np.linspace(0, 1, 101)[:, None]
    worth = PARTICLES * softmax(betas * heights + np.asarray(modes.log_volumes), axis=1).min(axis=0)
    seen = worth >= VISIBLE
    nothing = np.full(modes.count, np.nan)
    if seen.sum() < 2 or particles.beta < 1:
        return Shares(nothing, nothing)
    nearest = np.argmin(_distances(modes, particles.vectors), axis=1)
    judged = seen[nearest]
    labels, runs = nearest[judged], np.arange(PARTICLES)[judged] * RUNS // PARTICLES
    families = np.unique(particles.ancestor[judged], return_counts=True)[1]
    independent = families.sum() ** 2 / np.sum(families**2)
    counts = np.array([np.bincount(labels[runs == run], minlength=modes.count) for run in range(RUNS)])
    fractions = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    weights = counts.sum(axis=0) / counts.sum()
    careful = (counts.sum(axis=0) / counts.sum() * independent + 0.5) / (independent + 1)
    errors = np.maximum(
        np.std(fractions, axis=0, ddof=1) / np.sqrt(RUNS), np.sqrt(careful * (1 - careful) / independent)
    )
    return Shares(np.where(seen, weights, np.nan), np.where(seen, errors, np.nan))
