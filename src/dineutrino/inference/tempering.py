"""A rough sample of a posterior that knows no maximum: few particles, tempered, moved along their own differences.

Independent runs of particles start from a wide reference and are tempered to the posterior as in `smc`. A particle is
moved by the difference of two particles of other runs (C. J. F. ter Braak, Stat. Comput. 16 (2006) 239): the moves
adapt themselves to any shape and scale, need no gradient, and only call what is compiled already.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.special import softmax

from dineutrino.inference.coordinates import Box
from dineutrino.inference.evaluation import log_probs
from dineutrino.inference.smc import Reference, largest_gain
from dineutrino.inference.target import Target

PARTICLES, RUNS = 256, 4
"""Particles in all, and the independent runs that they belong to."""
MOVES = 8
"""Moves at each temperature."""
TEMPERATURES = 150
"""Temperatures, at most."""
LAST_MOVES = 40
"""Moves at the posterior itself."""
WANTED = 0.25
"""Acceptance of the moves that their length is tuned to."""
CANDIDATES = 10
"""A partner is the nearest of so many particles in half of the moves: most likely of the same mode."""
FEW = 3
"""Entries that a move of a few of them changes, at most."""


class Particles(NamedTuple):
    """Particles at the posterior, run after run.

    Attributes:
        vectors: where they are.
        log_prob: the log-probability there.
        ancestor: number of the initial particle that each descends from.
        beta: inverse temperature that they reached; 1 at the posterior.
    """

    vectors: Float[np.ndarray, "particle n"]
    log_prob: Float[np.ndarray, " particle"]
    ancestor: Int[np.ndarray, " particle"]
    beta: float


def temper(target: Target, box: Box, reference: Reference, random: np.random.Generator) -> Particles:
    """Temper particles from the reference to the posterior."""
    vectors = reference.vectors(random.uniform(size=(PARTICLES, len(reference.width))))
    log_prob = log_probs(target, vectors)
    ancestor, beta, length = np.arange(PARTICLES), 0.0, 1.0
    for _ in range(TEMPERATURES):
        base = reference.log_density(vectors)
        ratios = np.where(np.isnan(log_prob), -np.inf, log_prob) - base
        gain = float(largest_gain(ratios, 1 - beta))
        beta = 1.0 if gain >= 1 - beta else beta + gain
        chosen = _resampled(gain * ratios, random)
        vectors, log_prob, ancestor = vectors[chosen], log_prob[chosen], ancestor[chosen]
        for _ in range(MOVES if beta < 1 else LAST_MOVES):
            vectors, log_prob, length = _moved(target, box, reference, beta, vectors, log_prob, length, random)
        if beta >= 1:
            break
    return Particles(vectors, log_prob, ancestor, beta)


def _resampled(
    log_weights: Float[np.ndarray, " particle"], random: np.random.Generator
) -> Int[np.ndarray, " particle"]:
    """Systematic resampling, run by run; a run that has died out is taken over by the others."""
    size = PARTICLES // RUNS
    chosen = np.empty(PARTICLES, int)
    for begin in range(0, PARTICLES, size):
        own = log_weights[begin : begin + size]
        alive = np.isfinite(own).any()
        share = np.cumsum(softmax(own if alive else log_weights))
        picks = np.searchsorted(share, (np.arange(size) + random.uniform()) / size * share[-1])
        chosen[begin : begin + size] = np.minimum(picks, len(share) - 1) + (begin if alive else 0)
    return chosen


def _moved(
    target: Target,
    box: Box,
    reference: Reference,
    beta: float,
    vectors: Float[np.ndarray, "particle n"],
    log_prob: Float[np.ndarray, " particle"],
    length: float,
    random: np.random.Generator,
) -> tuple[Float[np.ndarray, "particle n"], Float[np.ndarray, " particle"], float]:
    """One move of each particle of the even runs by differences of the odd ones, then the other way round."""
    n = vectors.shape[1]
    odd = (np.arange(PARTICLES) // (PARTICLES // RUNS)) % 2 == 1
    vectors, log_prob = vectors.copy(), log_prob.copy()
    for mine, others in ((~odd, vectors[odd]), (odd, vectors[~odd])):
        here, value = vectors[mine], log_prob[mine]
        count = len(here)
        spread = np.std(others, axis=0) + 1e-12 * np.asarray(box.scale)
        first = random.integers(len(others), size=count)
        candidates = random.integers(len(others), size=(count, CANDIDATES))
        distances = np.sum(((others[candidates] - others[first][:, None]) / spread) ** 2, axis=2)
        distances[candidates == first[:, None]] = np.inf
        nearest = np.take_along_axis(candidates, np.argmin(distances, axis=1)[:, None], axis=1)[:, 0]
        second = np.where(random.uniform(size=count) < 0.5, nearest, candidates[:, 0])
        some = np.ones((count, n), bool)
        if n > FEW:
            few = random.uniform(size=(count, n)) < random.integers(1, FEW + 1, size=(count, 1)) / n
            some = np.where((random.uniform(size=count) < 0.5)[:, None], few, some)
        tuned = length * 2.4 / np.sqrt(2 * np.maximum(some.sum(axis=1), 1))
        whole = random.uniform(size=count) < 0.1  # from one mode to another
        steps = (
            np.where(whole, 1.0, tuned)[:, None] * (others[second] - others[first]) * random.choice([-1, 1], (count, 1))
        )
        trial = here + some * (steps + 1e-3 * spread * random.normal(size=(count, n)))
        allowed = np.all((trial >= box.lower) & (trial <= box.upper), axis=1)
        trial = np.where(allowed[:, None], trial, here)
        new = log_probs(target, trial)
        gain = beta * (new - value) + (1 - beta) * (reference.log_density(trial) - reference.log_density(here))
        with np.errstate(invalid="ignore"):
            accepted = allowed & (np.log(random.uniform(size=count)) < gain)
        vectors[mine] = np.where(accepted[:, None], trial, here)
        log_prob[mine] = np.where(accepted, new, value)
        length *= float(np.exp(np.mean(accepted[~whole]) - WANTED)) if (~whole).any() else 1.0
    return vectors, log_prob, min(length, 3.0)
