"""The profile log-probability: some entries held fixed, all others at their best."""

from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Bool, Float, Int

from dineutrino.inference.branches import Branches, best, ends, none, pruned, united, unlinked
from dineutrino.inference.coordinates import Box, fold, inside, unfold
from dineutrino.inference.curvature import root_of_inverse
from dineutrino.inference.evaluation import slopes
from dineutrino.inference.optimum import Maxima
from dineutrino.inference.search import search
from dineutrino.inference.starts import starting_points
from dineutrino.inference.target import Target
from dineutrino.inference.verification import examine

FARTHEST = 4.0
"""A start is moved from its maximum by at most so many standard deviations when the fixed entries move."""
ROUNDS = 6
"""Searches that follow each other when each one ends on a saddle."""
SCATTERED, SCATTERED_NUISANCES = 8, 2
"""Scattered starts at a point for each free parameter, and where only nuisances are free."""


class Profiled(NamedTuple):
    """The profile at some values of the fixed entries.

    Attributes:
        delta_chi2: 2 (log_prob at the best maximum - profile log_prob).
        vectors: all entries.
        converged: whether each inner optimum is a verified minimum of minus the log-probability.
    """

    delta_chi2: Float[np.ndarray, " batch"]
    vectors: Float[np.ndarray, "batch n"]
    converged: Bool[np.ndarray, " batch"]


class Starts(NamedTuple):
    """Where searches begin: the number of the point of fixed entries, the free entries, the mode whose metric counts.

    `points` are in the coordinates of `fold`; their fixed entries are of no account.
    """

    place: Int[np.ndarray, " start"]
    points: Float[np.ndarray, "start n"]
    mode: Int[np.ndarray, " start"]


class ProfileFunction:
    """Delta chi2 = 2 (log_prob at the best maximum - profile log_prob) as a function of fixed entries.

    Each evaluation starts one search per known maximum, from where the maximum moves when the fixed entries do (to
    first order), and from further vectors that the caller knows to be close. Ends that are no minima are left along
    the direction in which they are none, until only verified minima remain; the highest end counts.

    Args:
        target: see `Target`.
        maxima: of the target.
        fixed: places of the fixed entries in the vector.
        modes: largest number of maxima to start from, best first.
    """

    def __init__(self, target: Target, maxima: Maxima, fixed: tuple[int, ...], modes: int = 16):
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
        self.lengths = np.min(np.linalg.norm(self.roots, axis=2), axis=0)
        """Standard deviations of the free entries while the fixed ones are held, 0 for those."""

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
        starts = [self.from_maxima(values)] if modes else []
        if near is not None:
            place = np.repeat(np.arange(len(values)), near.shape[1])
            starts.append(self.from_vectors(place, near.reshape(-1, near.shape[2])))
        return self.profiled(self.optima(values, starts), values)

    # -- where to start ---------------------------------------------------------------------------------------------

    def from_maxima(self, values: Float[np.ndarray, "batch k"]) -> Starts:
        """At each point one start per maximum, moved with the fixed entries to first order."""
        batch = len(values)
        fixed = self._unfolded(values)
        points = []
        for centre, move, root in zip(self.centres, self.moves, self.roots, strict=True):
            w = (fixed - centre[self.fixed]) @ move.T
            w *= np.minimum(1.0, FARTHEST / np.maximum(np.linalg.norm(w, axis=1, keepdims=True), 1e-300))
            points.append(centre + w @ root.T)
        count = len(points)
        place, mode = np.tile(np.arange(batch), count), np.repeat(np.arange(count), batch)
        return Starts(place, np.concatenate(points), mode)

    def vectors_of(self, starts: Starts) -> Float[np.ndarray, "start n"]:
        """The vectors at which searches start; their fixed entries are of no account."""
        return fold(self.box, starts.points)

    def scattered(self, places: Int[np.ndarray, " some"]) -> Starts:
        """Starts all over the parameters, at some of the points; few where only nuisances are free."""
        free = int(np.sum(self.free < self.target.n_parameters))
        count = SCATTERED * free if free else SCATTERED_NUISANCES
        keys = jax.random.split(jax.random.key(0), len(places))
        vectors = [starting_points(self.target, self.box, key, count + 1)[1:] for key in keys]
        return self.from_vectors(np.repeat(places, count), np.concatenate([np.zeros((0, len(self.scale))), *vectors]))

    def from_vectors(self, place: Int[np.ndarray, " start"], vectors: Float[np.ndarray, "start n"]) -> Starts:
        """Starts at the free entries of vectors."""
        points = unfold(self.box, inside(self.box, vectors, 1e-3))
        distances = [np.sum(((points - c) / self.scale)[:, self.free] ** 2, axis=1) for c in self.centres]
        return Starts(place, points, np.argmin(distances, axis=0) if len(points) else np.zeros(0, int))

    # -- searches ---------------------------------------------------------------------------------------------------

    def optima(
        self, values: Float[np.ndarray, "batch k"], starts: list[Starts], known: Branches | None = None
    ) -> Branches:
        """The distinct ends of searches, verified: what is no minimum is left downhill and searched from again.

        Where no way leads down, the search had not come to its end, and goes on.

        Args:
            values: of the fixed entries, at each place.
            starts: where to search from.
            known: optima to which the ends are added.
        """
        optima = none(len(self.scale)) if known is None else known
        begin = Starts(*(np.concatenate(parts) for parts in zip(*starts, strict=True)))
        for _ in range(ROUNDS if len(begin.place) else 0):
            optima = united(optima, self.searched(values, begin), self.lengths)
            unseen = np.flatnonzero(~optima.seen)
            if not unseen.size:
                break
            some = optima.at(unseen)
            verdict = examine(self.target, self.box, some.vectors, some.slope, self.roots[some.mode])
            optima.seen[unseen], optima.verified[unseen] = True, verdict.minimum
            ways = Starts(some.place[verdict.owner], verdict.starts, some.mode[verdict.owner])
            halfway = np.setdiff1d(np.flatnonzero(~verdict.minimum), verdict.owner)
            rest = Starts(some.place[halfway], unfold(self.box, some.vectors[halfway]), some.mode[halfway])
            begin = Starts(*(np.concatenate(parts) for parts in zip(ways, rest, strict=True)))
            if not len(begin.place):
                break
        return pruned(optima)

    def searched(self, values: Float[np.ndarray, "batch k"], starts: Starts) -> Branches:
        """Where searches end, not verified."""
        points = starts.points.copy()
        points[:, self.fixed] = self._unfolded(values)[starts.place]
        found = search(self.target, points, self.roots, starts.mode)
        found.vectors[:, self.fixed] = values[starts.place]
        return ends(starts.place, found.vectors, found.log_prob, found.slope, starts.mode)

    def swept(
        self,
        values: Float[np.ndarray, "batch k"],
        neighbours: Int[np.ndarray, "batch side"],
        starts: list[Starts],
        known: Branches | None = None,
        below: float = np.inf,
    ) -> Branches:
        """All branches that are known at any of many places, at all of them.

        Searches start from the maxima and from `starts`; what they find at one place is carried to its neighbours,
        as long as something is found there that was not known.

        Args:
            values: of the fixed entries.
            neighbours: of each place, -1 where there is none.
            starts: further ones.
            known: optima at some of the places, where no search starts from the maxima any more.
            below: delta chi2 up to which optima are carried on.
        """
        new = np.arange(len(values)) if known is None else np.setdiff1d(np.arange(len(values)), known.place)
        begin = self.from_maxima(values[new])
        optima = self.optima(values, [begin._replace(place=new[begin.place]), *starts], known)
        for _ in range(2 * len(values)):
            optima.carried[optima.log_prob < self.maxima.best.log_prob - below / 2] = True
            rows, places = unlinked(optima, neighbours, self.lengths)
            optima.carried[:] = True
            if not rows.size:
                break
            optima = self.optima(values, [self.from_vectors(places, optima.vectors[rows])], optima)
        return optima

    # -- what comes out ---------------------------------------------------------------------------------------------

    def profiled(self, optima: Branches, values: Float[np.ndarray, "batch k"]) -> Profiled:
        """The best optimum at each place."""
        row, sure = best(optima, len(values))
        empty = row < 0
        vectors = np.broadcast_to(np.asarray(self.maxima.best.vector), (len(values), len(self.scale))).copy()
        vectors[:, self.fixed] = values
        vectors[~empty] = optima.vectors[row[~empty]]
        delta_chi2 = np.full(len(values), np.inf)
        delta_chi2[~empty] = 2 * (self.maxima.best.log_prob - optima.log_prob[row[~empty]])
        return Profiled(delta_chi2, vectors, sure)

    def gradient(self, vectors: Float[np.ndarray, "batch n"]) -> Float[np.ndarray, "batch k"]:
        """Derivatives of delta chi2 with respect to the fixed entries: at inner optima the others do not count."""
        _, gradients = slopes(self.target, vectors)
        return 2 * gradients[:, self.fixed]

    def bounds(self, i: int) -> tuple[float, float]:
        """Bounds of the i-th fixed entry."""
        return float(self.box.lower[self.fixed[i]]), float(self.box.upper[self.fixed[i]])

    def _unfolded(self, values: Float[np.ndarray, "batch k"]) -> Float[np.ndarray, "batch k"]:
        full = np.broadcast_to(np.asarray(self.maxima.best.vector), (len(values), len(self.scale))).copy()
        full[:, self.fixed] = values
        return unfold(self.box, full)[:, self.fixed]
