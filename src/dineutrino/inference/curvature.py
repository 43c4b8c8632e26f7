"""What the derivatives at a point say: whether it is a maximum, its errors, flat directions, bounds.

At a bound the sign of the slope decides. An entry is held there if the log-probability falls into the interval, and is
free to leave if it rises; where the slope vanishes the second derivatives decide, for directions that point inwards.
"""

from dataclasses import dataclass
from itertools import combinations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from dineutrino.inference.coordinates import Box, fold
from dineutrino.inference.expansion import Expansion

AT_BOUND = 1e-9
"""An entry closer to its bound than this, in units of its scale, is at the bound."""
LEVEL = 1e-6
"""A slope at a bound below this, per standard deviation, is not told from zero."""
FLAT = 1e-8
"""A direction whose error would exceed 1e4 scales, i.e. whose curvature is below this, is flat."""
ROUNDING = 1e-11
"""A curvature below this fraction of the largest is not told from zero."""
TOUCHED = 1e-6
"""An entry is touched by a flat direction if the squared component of the direction along it is above this."""
MOST_LEVEL = 8
"""Entries at bounds without a slope whose directions are all looked at together."""


@dataclass(frozen=True)
class Spectrum:
    """Eigenvalues, ascending, and eigenvectors of a Hessian of the free entries, in units of their scales.

    Attributes:
        free: places of the free entries.
        values, vectors: of the Hessian.
        errors: what an eigenvalue must exceed in size to be told from zero.
    """

    free: np.ndarray
    values: Float[np.ndarray, " m"]
    vectors: Float[np.ndarray, "m m"]
    errors: Float[np.ndarray, " m"]

    @property
    def curved(self) -> Bool[np.ndarray, " m"]:
        """Directions that are told from flat ones."""
        return np.abs(self.values) > self.errors


@dataclass(frozen=True)
class Curvature:
    """Second-order description of minus the log-probability at an optimum.

    Attributes:
        slope: norm of the gradient in standard deviations: the distance to the exact optimum along curved directions,
            and the change per scale along flat ones.
        rising: a direction in which the log-probability rises to second order, in units of the scales, of length one;
            None at a maximum.
        covariance: inverse Hessian; entries held at a bound have none (their rows are nan), entries touched by a flat
            direction have infinite variance (and nan covariances).
        flat: entries touched by a flat direction.
        n_flat: number of flat directions.
        at_bound: entries held at a bound.
    """

    slope: float
    rising: Float[np.ndarray, " n"] | None
    covariance: Float[np.ndarray, "n n"]
    flat: Bool[np.ndarray, " n"]
    n_flat: int
    at_bound: Bool[np.ndarray, " n"]


def describe(box: Box, expansion: Expansion) -> Curvature:
    """Read the curvature off an expansion."""
    scale = np.asarray(box.scale)
    at_bound = held(box, expansion)
    covariance = np.full((len(scale), len(scale)), np.nan)
    flat = np.zeros(len(scale), bool)
    if not expansion.finite:
        return Curvature(np.inf, None, covariance, flat, 0, at_bound)
    s = spectrum(box, expansion, ~at_bound)
    touched = np.sum(s.vectors[:, ~s.curved] ** 2, axis=1) > TOUCHED
    flat[s.free[touched]] = True
    inverse = (s.vectors[:, s.curved] / s.values[s.curved]) @ s.vectors[:, s.curved].T
    inverse[touched] = inverse[:, touched] = np.nan
    inverse[touched, touched] = np.inf
    covariance[np.ix_(s.free, s.free)] = inverse * np.outer(scale[s.free], scale[s.free])
    rising = _rising(box, expansion, s, at_bound)
    return Curvature(slope_of(box, expansion), rising, covariance, flat, int((~s.curved).sum()), at_bound)


def inwards(box: Box, vector: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """+1 at a lower bound, -1 at an upper one, 0 elsewhere: the direction into the interval."""
    scale = np.asarray(box.scale)
    return (vector - box.lower < AT_BOUND * scale) * 1.0 - (box.upper - vector < AT_BOUND * scale)


def held(box: Box, expansion: Expansion) -> Bool[np.ndarray, " n"]:
    """Entries at a bound that do not want to leave it."""
    return (inwards(box, expansion.vector) != 0) & (_slope_inwards(box, expansion) > -LEVEL)


def _slope_inwards(box: Box, expansion: Expansion) -> Float[np.ndarray, " n"]:
    """How steeply the log-probability falls from a bound into the interval, per standard deviation."""
    length = 1 / np.sqrt(np.maximum(np.diag(expansion.hessian), np.asarray(box.scale) ** -2.0))
    return inwards(box, expansion.vector) * expansion.gradient * length


def spectrum(box: Box, expansion: Expansion, free: Bool[np.ndarray, " n"]) -> Spectrum:
    """The spectrum of the Hessian of these entries."""
    places = np.flatnonzero(free)
    scale = np.asarray(box.scale)[places]
    block = np.ix_(places, places)
    values, vectors = np.linalg.eigh(scale[:, None] * expansion.hessian[block] * scale)
    noise = np.linalg.norm((scale[:, None] * expansion.asymmetry[block] * scale) @ vectors, axis=0)
    largest = float(np.max(np.abs(values), initial=0.0))
    return Spectrum(places, values, vectors, np.maximum(noise, max(FLAT, ROUNDING * largest)))


def slope_of(box: Box, expansion: Expansion) -> float:
    """Norm of the gradient of the entries that are not held at a bound, in standard deviations."""
    if not expansion.finite:
        return np.inf
    s = spectrum(box, expansion, ~held(box, expansion))
    along = s.vectors.T @ (expansion.gradient * np.asarray(box.scale))[s.free]
    return float(np.linalg.norm(along / np.sqrt(np.where(s.curved, np.abs(s.values), 1.0))))


def newton_step(box: Box, expansion: Expansion) -> Float[np.ndarray, " n"]:
    """Newton step downhill along the curved directions of the entries that are not held; none along flat ones."""
    step = np.zeros(len(expansion.vector))
    if not expansion.finite:
        return step
    scale = np.asarray(box.scale)
    s = spectrum(box, expansion, ~held(box, expansion))
    along = s.vectors.T @ (expansion.gradient * scale)[s.free]
    lengths = np.where(s.curved, along / np.where(s.curved, np.abs(s.values), 1.0), 0.0)
    step[s.free] = -scale[s.free] * (s.vectors @ lengths)
    return step


def _rising(
    box: Box, expansion: Expansion, s: Spectrum, at_bound: Bool[np.ndarray, " n"]
) -> Float[np.ndarray, " n"] | None:
    """A direction in which minus the log-probability falls to second order, if there is one.

    Among entries that are level at a bound only directions into the interval count: the Schur complement of the free
    entries must be copositive, which fails if a principal submatrix has an eigenvector without change of sign and a
    negative eigenvalue (W. Kaplan, Linear Algebra Appl. 313 (2000) 203).
    """
    direction = np.zeros(len(expansion.vector))
    if s.values.size and s.values[0] < -s.errors[0]:
        direction[s.free] = s.vectors[:, 0]
        return direction
    level = np.flatnonzero(at_bound & (_slope_inwards(box, expansion) < LEVEL))[:MOST_LEVEL]
    if not level.size:
        return None
    scale = np.asarray(box.scale)
    hessian = scale[:, None] * expansion.hessian * scale
    inverse = (s.vectors[:, s.curved] / s.values[s.curved]) @ s.vectors[:, s.curved].T
    follow = -inverse @ hessian[np.ix_(s.free, level)]
    signs = inwards(box, expansion.vector)[level]
    schur = signs[:, None] * (hessian[np.ix_(level, level)] + hessian[np.ix_(level, s.free)] @ follow) * signs
    for size in range(1, len(level) + 1):
        for chosen in combinations(range(len(level)), size):
            values, vectors = np.linalg.eigh(schur[np.ix_(chosen, chosen)])
            ahead = vectors[:, 0] * np.sign(np.sum(vectors[:, 0]))
            if values[0] < -max(FLAT, 1e-10 * np.max(np.abs(schur))) and np.all(ahead > 0):
                some = list(chosen)
                direction[level[some]] = signs[some] * ahead
                direction[s.free] = follow[:, some] @ (signs[some] * ahead)
                return direction / np.linalg.norm(direction)
    return None


def local_root(box: Box, expansion: Expansion, at_bound: Bool[np.ndarray, " n"]) -> Float[np.ndarray, "n n"]:
    """Symmetric root R of the covariance at an optimum, in units of the scales: vector = optimum + scale * (R @ w).

    Along entries at a bound the log-probability falls linearly, too; the length over which it falls by one is added to
    their curvature like that of an error. Where the slope vanishes a valley that meets the bound keeps its direction.
    """
    scale = np.asarray(box.scale)
    curvature = scale[:, None] * expansion.hessian * scale
    return root_of_inverse(
        np.ones(len(scale)), curvature + np.diag(np.where(at_bound, expansion.gradient * scale, 0.0) ** 2)
    )


def root_of_inverse(
    scale: Float[np.ndarray, " n"], hessian: Float[np.ndarray, "n n"], longest: float = 10.0
) -> Float[np.ndarray, "n n"]:
    """Symmetric root R of the inverse of a Hessian in units of the scales: covariance = (scale R)(scale R)^T.

    Directions that are flat, or not curved downwards, get a length of at most `longest` scales.
    """
    values, vectors = np.linalg.eigh(scale[:, None] * (hessian + hessian.T) / 2 * scale)
    lengths = 1 / np.sqrt(np.maximum(values, longest**-2))
    return (vectors * lengths) @ vectors.T


@jax.jit
def _derivatives(box: Box, point: Float[Array | np.ndarray, " n"]) -> tuple[Float[Array, " n"], Float[Array, " n"]]:
    def first(t: Float[Array, " n"]) -> Float[Array, " n"]:
        return jax.jvp(lambda t: fold(box, t), (t,), (jnp.ones_like(t),))[1]

    return jax.jvp(first, (point,), (jnp.ones_like(point),))


def folded(box: Box, point: Float[np.ndarray, " n"], expansion: Expansion) -> Float[np.ndarray, "n n"]:
    """The Hessian in the coordinates of `fold`, at a point of these."""
    stretch, bend = map(np.asarray, _derivatives(box, point))
    return stretch[:, None] * expansion.hessian * stretch + np.diag(expansion.gradient * bend)
