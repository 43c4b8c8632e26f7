"""The profile of two entries over a rectangle: on a grid, and anywhere else from what is known nearby."""

from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int

from dineutrino.inference.branches import LINKED, Branches
from dineutrino.inference.level_lines import Line, Request, Spot
from dineutrino.inference.profile_function import Profiled, ProfileFunction

SCATTER_EVERY = 7
"""Every so many nodes of the grid, in both directions, have scattered starts."""
NEAREST = 2
"""Maxima, and optima that were found late, whose branches are tried at a point."""
ON_LEVEL = 1e-4
"""Verified vertices lie on their level this well, relative to one plus the level."""


class Surface:
    """The profile of two entries over a rectangle, which is the unit square of `level_lines`; known on a grid."""

    def __init__(self, function: ProfileFunction, ranges: list[tuple[float, float]], points: int, below: float):
        self.function, self.points = function, points
        self.low = np.array([low for low, _ in ranges])
        self.size = np.array([high - low for low, high in ranges])
        self.values = tuple(np.linspace(low, high, points) for low, high in ranges)
        nodes = np.stack(np.meshgrid(*self.values, indexing="ij"), axis=-1).reshape(-1, 2)
        number = np.arange(points**2).reshape(points, points)
        around = np.pad(number, 1, constant_values=-1)
        neighbours = np.stack([around[:-2, 1:-1], around[2:, 1:-1], around[1:-1, :-2], around[1:-1, 2:]], axis=-1)
        every = slice(SCATTER_EVERY // 2, None, SCATTER_EVERY)
        scattered = function.scattered(number[every, every].ravel())
        self.branches: Branches = function.swept(nodes, neighbours.reshape(-1, 4), [scattered], below=below)
        self.profiled: Profiled = function.profiled(self.branches, nodes)
        order = np.argsort(self.branches.place, kind="stable")
        ends = np.searchsorted(self.branches.place[order], np.arange(points**2 + 1))
        self.at_node = [order[begin:end] for begin, end in pairwise(ends)]
        started = function.maxima.optima[: len(function.roots)]
        at_maxima = np.stack([np.asarray(optimum.vector)[function.fixed] for optimum in started])
        self.maxima_at = (at_maxima - self.low) / self.size
        self.pool_at, self.pool = np.zeros((0, 2)), np.zeros((0, len(function.scale)))

    def values_at(self, at: Float[np.ndarray, "*batch 2"]) -> Float[np.ndarray, "*batch 2"]:
        """The two entries at points of the unit square; exactly the limits at its edges."""
        high = np.array([values[-1] for values in self.values])
        return np.where(at >= 1.0, high, self.low + at * self.size)

    def node(self, number: int) -> Spot:
        """A node of the grid; its gradient is not known."""
        at = np.array(divmod(number, self.points)) / (self.points - 1)
        return Spot(at, float(self.profiled.delta_chi2[number]), np.full(2, np.nan), self.profiled.vectors[number])

    def evaluate(self, requests: list[Request]) -> list[Spot]:
        """The profile at many points: from given vectors, and from what is known nearby and differs from those."""
        at = np.stack([request.at for request in requests])
        values = self.values_at(at)
        place, vectors = [], []
        for number, (request, known) in enumerate(zip(requests, self._nearby(at, values), strict=True)):
            some = [*request.vectors, *self._different(known, request.vectors)]
            place += [number] * len(some)
            vectors += some
        function = self.function
        starts = function.from_vectors(np.array(place), np.stack(vectors))
        found = function.profiled(function.searched(values, starts), values)
        gradients = function.gradient(found.vectors) * self.size
        return [Spot(*spot) for spot in zip(at, found.delta_chi2.tolist(), gradients, found.vectors, strict=True)]

    def _nearby(
        self, at: Float[np.ndarray, "batch 2"], values: Float[np.ndarray, "batch 2"]
    ) -> list[Float[np.ndarray, "some n"]]:
        """Optima at the nearest node, of the nearest maxima, and the nearest of those that were found late."""
        count = len(self.function.roots)
        from_maxima = self.function.vectors_of(self.function.from_maxima(values)).reshape(count, len(at), -1)
        nodes = np.round(at * (self.points - 1)).astype(int) @ [self.points, 1]
        to_maxima = np.argsort(squares(at, self.maxima_at), axis=1)[:, :NEAREST]
        to_pool = np.argsort(squares(at, self.pool_at), axis=1)[:, :NEAREST]
        return [
            np.concatenate([self.branches.vectors[self.at_node[node]], from_maxima[maxima, number], self.pool[late]])
            for number, (node, maxima, late) in enumerate(zip(nodes, to_maxima, to_pool, strict=True))
        ]

    def _different(
        self, known: Float[np.ndarray, "some n"], vectors: tuple[Float[np.ndarray, " n"], ...]
    ) -> list[Float[np.ndarray, " n"]]:
        """The known ones that differ from some vectors and from each other."""
        lengths, kept, others = LINKED * self.function.lengths, [], list(vectors)
        free = self.function.free
        for vector in known:
            apart = np.abs(np.stack(others)[:, free] - vector[free]) > lengths[free]
            if apart.any(axis=1).all():
                kept.append(vector)
                others.append(vector)
        return kept

    def verified(self, lines: list[tuple[float, Line]]) -> list[tuple[bool, bool]]:
        """Whether each line runs on its level, and rests on verified optima; what is lower than it is remembered.

        Searches start from the vertices and from all maxima.
        """
        function = self.function
        if not lines:
            return []
        spots = [spot for _, line in lines for spot in line.spots]
        at = np.stack([spot.at for spot in spots])
        values, vectors = self.values_at(at), np.stack([spot.vector for spot in spots])
        starts = [function.from_vectors(np.arange(len(at)), vectors), function.from_maxima(values)]
        found = function.profiled(function.optima(values, starts), values)
        counts = [len(line.spots) for _, line in lines]
        levels = np.repeat([threshold for threshold, _ in lines], counts)
        lower = found.delta_chi2 < levels - ON_LEVEL * (1 + levels)
        self.pool_at = np.concatenate([self.pool_at, at[lower]])
        self.pool = np.concatenate([self.pool, found.vectors[lower]])
        on_level = np.split(np.abs(found.delta_chi2 - levels) < ON_LEVEL * (1 + levels), np.cumsum(counts)[:-1])
        sure = np.split(found.converged, np.cumsum(counts)[:-1])
        return [(bool(o.all()), bool((o & s).all())) for o, s in zip(on_level, sure, strict=True)]

    def crossed(self, threshold: float) -> Int[np.ndarray, "edge 2"]:
        """Edges of the grid at whose ends the profile is below and above a threshold: the node below comes first."""
        number = np.arange(self.points**2).reshape(self.points, self.points)
        edges = np.concatenate(
            [
                np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1),
                np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1),
            ]
        )
        below = self.profiled.delta_chi2 <= threshold
        edges = edges[below[edges[:, 0]] != below[edges[:, 1]]]
        return np.where(below[edges[:, :1]], edges, edges[:, ::-1])


def squares(at: Float[np.ndarray, "batch 2"], others: Float[np.ndarray, "some 2"]) -> Float[np.ndarray, "batch some"]:
    """Squared distances."""
    return np.sum((at[:, None] - others) ** 2, axis=2)
