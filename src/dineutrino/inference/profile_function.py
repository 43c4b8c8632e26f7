"""The profile log-probability: some entries held fixed, all others at their best."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from dineutrino.inference.coordinates import Box, inside, unfold
from dineutrino.inference.curvature import root_of_inverse
from dineutrino.inference.maxima import Maxima
from dineutrino.inference.search import search

FARTHEST = 4.0
"""A start is moved from its maximum by at most so many standard deviations when the fixed entries move."""


class Profiled(NamedTuple):
    """The profile at some values of the fixed entries."""

    delta_chi2: Float[np.ndarray, " batch"]
    vectors: Float[np.ndarray, "batch n"]
    converged: Bool[np.ndarray, " batch"]


class ProfileFunction:
    """Delta chi2 = 2 (log_prob at the best maximum - profile log_prob) as a function of fixed entries.

    Each evaluation starts one search per known maximum, from where the maximum moves when the fixed entries do (to
    first order), and from further vectors that the caller knows to be close; the highest end counts.

    Args:
        target: see `Target`.
        maxima: of the target.
        fixed: places of the fixed entries in the vector.
        modes: largest number of maxima to start from, best first.
    """

    def __init__(self, target: Any, maxima: Maxima, fixed: tuple[int, ...], modes: int = 16):
        self.target, self.maxima, self.fixed = target, maxima, np.array(fixed)
        self.box = Box.of(target)
        self.scale = np.asarray(self.box.scale)
        n = len(self.scale)
        self.free = np.setdiff1d(np.arange(n), self.fixed)
        self.centres, roots, self.moves = [], [], []
        for optimum in maxima.optima[:modes]:
            hessian = optimum.search_hessian
            self.centres.append(unfold(self.box, inside(self.box, np.asarray(optimum.vector), 1e-2)))
            root = np.zeros((n, n))
            if self.free.size:
                block = np.ix_(self.free, self.free)
                root[block] = self.scale[self.free, None] * root_of_inverse(self.scale[self.free], hessian[block])
            roots.append(root)
            # in the whitened coordinates of the free entries, the maximum moves by this per unit of the fixed ones
            self.moves.append(-root.T @ hessian[:, self.fixed])
        self.roots = np.stack(roots)

    def __call__(
        self,
        values: Float[np.ndarray, "batch k"],
        near: Float[np.ndarray, "batch s n"] | None = None,
        modes: bool = True,
    ) -> Profiled:
        """Profile at many values of the fixed entries.

        Args:
            values: of the fixed entries.
            near: vectors to start from as well.
            modes: whether to start from the maxima.
        """
        batch, n = len(values), len(self.scale)
        full = np.broadcast_to(np.asarray(self.maxima.best.vector), (batch, n)).copy()
        full[:, self.fixed] = values
        fixed = unfold(self.box, full)[:, self.fixed]
        starts, which = [], []
        for k in range(len(self.centres) if modes else 0):
            w = (fixed - self.centres[k][self.fixed]) @ self.moves[k].T
            w *= np.minimum(1.0, FARTHEST / np.maximum(np.linalg.norm(w, axis=1, keepdims=True), 1e-300))
            starts.append(self.centres[k] + w @ self.roots[k].T)
            which.append(np.full(batch, k))
        if near is not None:
            nearby = unfold(self.box, inside(self.box, near, 1e-3))
            starts += list(np.moveaxis(nearby, 1, 0))
            which += list(self._nearest_mode(np.moveaxis(nearby, 1, 0)))
        start = np.stack(starts, axis=1)
        start[:, :, self.fixed] = fixed[:, None]
        found = search(self.target, start.reshape(-1, n), self.roots, np.stack(which, axis=1).ravel())
        shape = (batch, len(starts))
        chosen = (np.arange(batch), np.argmax(found.log_prob.reshape(shape), axis=1))
        vectors = found.vectors.reshape(*shape, n)[chosen]
        vectors[:, self.fixed] = values
        delta_chi2 = 2 * (self.maxima.best.log_prob - found.log_prob.reshape(shape)[chosen])
        return Profiled(delta_chi2, vectors, found.converged.reshape(shape)[chosen])

    def _nearest_mode(self, points: Float[np.ndarray, "s batch n"]) -> np.ndarray:
        distances = [np.sum(((points - centre) / self.scale)[..., self.free] ** 2, axis=-1) for centre in self.centres]
        return np.argmin(distances, axis=0)

    def bounds(self, i: int) -> tuple[float, float]:
        """Bounds of the i-th fixed entry."""
        return float(self.box.lower[self.fixed[i]]), float(self.box.upper[self.fixed[i]])


def crossings(
    profile: ProfileFunction,
    where: Callable[[np.ndarray, np.ndarray], Float[np.ndarray, "batch k"]],
    level: Float[np.ndarray, " root"],
    ends: Float[np.ndarray, "root 2 n"],
    modes: bool,
    tolerance: float,
) -> tuple[Float[np.ndarray, " root"], Bool[np.ndarray, " root"]]:
    """Solve profile = level on many segments at once, to `tolerance` of the segment (Chandrupatla's method).

    Args:
        profile: the profile function.
        where: values of the fixed entries at fractions (batch,) of the segments with given numbers (batch,).
        level: delta chi2 sought on each segment, between its values at the two ends.
        ends: optimal vectors at the two ends of each segment, to start from.
        modes: whether to start from the maxima as well.
        tolerance: of the solution, as a fraction of the segment.

    Returns:
        The fraction of each segment at which the profile crosses its level, and whether the solution and the profile
        there converged.
    """
    from scipy.optimize.elementwise import find_root

    if not len(level):
        return np.zeros(0), np.zeros(0, bool)
    latest = np.ones(len(level), bool)

    def excess(fraction: np.ndarray, number: np.ndarray) -> np.ndarray:
        shape, number = fraction.shape, np.broadcast_to(number, fraction.shape).ravel().astype(int)
        profiled = profile(where(fraction.ravel(), number), ends[number], modes)
        latest[number] = profiled.converged
        return (np.minimum(profiled.delta_chi2, 1e3 * (1 + level[number])) - level[number]).reshape(shape)

    segments = np.arange(len(level))
    bracket = (np.zeros(len(level)), np.ones(len(level)))
    found = find_root(excess, bracket, args=(segments,), tolerances={"xatol": tolerance, "fatol": 1e-8}, maxiter=60)
    return found.x, np.asarray(found.success) & latest
