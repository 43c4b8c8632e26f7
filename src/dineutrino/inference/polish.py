"""Newton's method from where searches ended, within the bounds."""

import numpy as np
from jaxtyping import Float

from dineutrino.inference.coordinates import Box
from dineutrino.inference.curvature import held, newton_step, slope_of, spectrum
from dineutrino.inference.expansion import Expansion, expansions, moved
from dineutrino.inference.search import log_probs
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
    vectors = _snapped(target, box, vectors)
    kept = expansions(target, vectors)
    slopes = np.array([slope_of(box, e) for e in kept])
    shorter = np.ones(len(vectors))
    stale = False
    for _ in range(rounds):
        steps = np.stack([newton_step(box, e) for e in kept])
        trials = np.clip(vectors + shorter[:, None] * steps, box.lower, box.upper)
        close = bool(np.all((slopes < CLOSE) | (slopes == np.inf)))
        trial_expansions = moved(target, trials, kept) if close else expansions(target, trials)
        stale = close
        trial_slopes = np.array([slope_of(box, e) for e in trial_expansions])
        better = np.array(
            [new.value <= old.value + SAME_VALUE for new, old in zip(trial_expansions, kept, strict=True)]
        )
        better &= trial_slopes < slopes
        shorter = np.where(better, 1.0, shorter / 4)
        vectors = np.where(better[:, None], trials, vectors)
        kept = [new if use else old for use, new, old in zip(better, trial_expansions, kept, strict=True)]
        slopes = np.where(better, trial_slopes, slopes)
        if np.all((slopes < ENOUGH) | (shorter < 0.01)):
            break
    if stale and any(_soft(box, e) for e in kept):
        kept = expansions(target, vectors)  # next to a flat direction the Hessian must belong to the very point
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
