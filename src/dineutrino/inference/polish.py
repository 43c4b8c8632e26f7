"""Newton's method from where searches ended, within the bounds."""

import numpy as np
from jaxtyping import Float

from dineutrino.inference.coordinates import Box
from dineutrino.inference.curvature import held, newton_step, slope_of, spectrum
from dineutrino.inference.evaluation import log_probs
from dineutrino.inference.expansion import Expansion, expansions, moved
from dineutrino.inference.target import Target

ENOUGH = 1e-9
"""Polishing ends where the gradient, in standard deviations, is below this."""
CLOSE = 1e-4
"""Steps shorter than this, in standard deviations, do not change the Hessian."""
SOFT = 1e-2
"""Curvatures below this, in units of the scales, may be those of a flat direction."""
NEAR = 1e-2
"""An entry closer to its bound than this, in units of its scale, may belong onto it."""
SAME_VALUE = 1e-9
"""Log-probabilities that differ by less are the same."""


def polish(target: Target, box: Box, vectors: Float[np.ndarray, "batch n"], rounds: int = 8) -> list[Expansion]:
    """Newton's method from many vectors, until the gradients are lost in rounding; steps end at bounds."""
    vectors = np.array(_snapped(target, box, vectors))
    kept = expansions(target, vectors)
    slopes = np.array([slope_of(box, e) for e in kept])
    shorter, stale = np.ones(len(vectors)), np.zeros(len(vectors), bool)
    left = np.arange(len(vectors))
    for _ in range(rounds):
        near = [kept[i] for i in left]
        steps = np.stack([newton_step(box, e) for e in near])
        trials = np.clip(vectors[left] + shorter[left, None] * steps, box.lower, box.upper)
        close = bool(np.all((slopes[left] < CLOSE) | (slopes[left] == np.inf)))
        moves = moved(target, trials, near) if close else expansions(target, trials)
        for i, old, new in zip(left, near, moves, strict=True):
            slope = slope_of(box, new)
            if new.value <= old.value + SAME_VALUE and slope < slopes[i]:
                vectors[i], kept[i], slopes[i], shorter[i], stale[i] = new.vector, new, slope, 1.0, close
            else:
                shorter[i] /= 4
        left = np.flatnonzero((slopes >= ENOUGH) & (shorter >= 0.01))
        if not left.size:
            break
    again = [i for i in np.flatnonzero(stale) if _soft(box, kept[i])]
    if again:  # next to a flat direction the Hessian must belong to the very point
        for i, expansion in zip(again, expansions(target, vectors[again]), strict=True):
            kept[i] = expansion
    return kept


def _soft(box: Box, expansion: Expansion) -> bool:
    """Whether there may be a flat direction off the bounds."""
    return expansion.finite and bool(
        np.min(np.abs(spectrum(box, expansion, ~held(box, expansion)).values), initial=np.inf) < SOFT
    )


def nearest_bound(box: Box, vector: Float[np.ndarray, "*batch n"]) -> Float[np.ndarray, "*batch n"]:
    """The nearer bound of each entry."""
    return np.where(vector - box.lower < box.upper - vector, box.lower, box.upper)


def _snapped(target: Target, box: Box, vectors: Float[np.ndarray, "batch n"]) -> Float[np.ndarray, "batch n"]:
    """Put entries next to a bound onto it, where this is no worse: a search gets there slowly if the slope is zero."""
    bound = nearest_bound(box, vectors)
    near = np.abs(vectors - bound) < NEAR * np.asarray(box.scale)
    if not near.any():
        return vectors
    rows, columns = np.nonzero(near)
    trials = vectors[rows]
    trials[np.arange(len(rows)), columns] = bound[rows, columns]
    as_good = log_probs(target, trials) >= log_probs(target, vectors)[rows] - SAME_VALUE
    snapped = vectors.copy()
    snapped[rows[as_good], columns[as_good]] = bound[rows[as_good], columns[as_good]]
    return snapped
