"""Whether a plateau is a maximum: on it some entries do not matter, and elsewhere on it a way may lead up.

Where a coupling vanishes, so does what its angles and phases do. Then the log-probability may fall with the coupling at
some angles, where a search ends, and rise at others: a level way leads there, so such an end is no maximum.
"""

import numpy as np
from jaxtyping import Bool, Float

from dineutrino.inference.coordinates import Box
from dineutrino.inference.curvature import inwards
from dineutrino.inference.evaluation import log_probs
from dineutrino.inference.expansion import Expansion
from dineutrino.inference.target import Target

POINTS = 512
"""Points of a plateau that are looked at: the window in which a way leads up may be narrow."""
LEVEL = 1e-9
"""Log-probabilities that differ by less are the same, relative to one plus their size."""
ALONG = np.array([0.25, 0.5, 0.75, 1.0])
"""Where the way to a point of the plateau must be level, as fractions of it."""
OFF = (1e-5, 0.03)
"""How far off the plateau the log-probability is looked at, at least and at most, in units of the scales."""
IDLE = 1e-6
"""An entry may be idle if the derivatives by it are below this, in units of the scales; the level way proves it."""


def idle(box: Box, expansion: Expansion) -> Bool[np.ndarray, " n"]:
    """Entries on which nothing seems to depend at a point, to second order, as long as others stay at their bounds."""
    scale = np.asarray(box.scale)
    moves = (inwards(box, expansion.vector) == 0) | np.eye(len(scale), dtype=bool)
    hessian = np.max(np.abs(scale[:, None] * expansion.hessian * scale), axis=1, where=moves, initial=0.0)
    return (hessian < IDLE) & (np.abs(expansion.gradient * scale) < IDLE) & np.isfinite(box.upper - box.lower)


def ways_up(target: Target, box: Box, expansion: Expansion) -> Float[np.ndarray, "some n"]:
    """Points next to a plateau where the log-probability is higher than on it; at most two, the highest ones.

    They are reached from the point of the expansion by a level way, along the entries that are idle there, and a short
    step of the others off it, into the bounds.
    """
    free = idle(box, expansion)
    if free.all():  # where the others change the log-probability at higher orders alone, those at bounds stay there
        free &= inwards(box, expansion.vector) == 0
    none = np.zeros((0, len(free)))
    if not free.any() or free.all():
        return none
    random = np.random.default_rng(0)
    lower, upper, start = np.asarray(box.lower), np.asarray(box.upper), expansion.vector
    points = np.where(
        free, random.uniform(np.where(free, lower, 0), np.where(free, upper, 1), (POINTS, len(free))), start
    )
    ways = start + ALONG[:, None, None] * (points - start)
    height = -expansion.value
    off = np.abs(log_probs(target, ways.reshape(-1, len(free))) - height).reshape(len(ALONG), POINTS)
    points = points[np.all(off < LEVEL * (1 + abs(height)), axis=0)]
    if not len(points):
        return none
    beside = np.clip(points + _steps(box, points, free, random), lower, upper)
    found = log_probs(target, beside)
    higher = np.flatnonzero(found > height + LEVEL * (1 + abs(height)))
    return beside[higher[np.argsort(-found[higher])[:2]]]


def _steps(
    box: Box, points: Float[np.ndarray, "some n"], free: Bool[np.ndarray, " n"], random: np.random.Generator
) -> Float[np.ndarray, "some n"]:
    """Off a plateau, into the bounds: of many lengths, half of them along a single entry."""
    shortest, longest = OFF
    lengths = shortest * (longest / shortest) ** random.random((len(points), 1))
    step = lengths * np.asarray(box.scale) * random.choice([-1.0, 1.0], points.shape)
    turned = np.where((points + step < box.lower) | (points + step > box.upper), -step, step)
    single = np.arange(len(free)) == random.choice(np.flatnonzero(~free), (len(points), 1))
    moves = np.where(random.random((len(points), 1)) < 0.5, single, ~free)
    return np.where(moves, turned, 0.0)
