"""Which ends of searches lie in one valley: maxima that are not points."""

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial.distance import cdist

from dineutrino.inference.coordinates import Box, inside, unfold
from dineutrino.inference.ends import Ends
from dineutrino.inference.search import search
from dineutrino.inference.target import Target

LEVEL = 1e-4
"""Ends whose log-probabilities differ by less than this may lie in one valley."""
MEMBERS = 64
"""Ends of one height that are tried to be connected; the others follow their nearest one."""
OFTEN = 3
"""An end that so many searches share is likely to be a point, not a valley."""
ROUNDS = 6
"""How often another way is tried between ends that are not connected by the shortest line."""
HALVINGS, NARROWING = 8, 0.9
"""How often the widest gap of a way between two ends is halved, and how much it must shrink each time at least."""
OFF = 0.01
"""How far off the middle of a gap a search starts, in units of its length."""


def valleys(target: Target, box: Box, ends: Ends) -> list[Int[np.ndarray, " _"]]:
    """Ends that lie in one valley, together: a list of their places for each valley or lone end, highest first.

    Ends of equal height are connected by a tree of shortest lines, and searches tell whether a level way leads along
    each of them.
    """
    scaled = ends.vectors / np.asarray(box.scale)
    joined: list[tuple[int, int]] = []
    for group in _of_one_height(ends):
        members = group[_spread(scaled[group], ends.counts[group])]
        edges = _level_ways(target, box, ends, members)
        joined += edges
        others = np.setdiff1d(group, members)
        if edges and len(others):
            in_valleys = np.unique(edges)
            nearest = in_valleys[np.argmin(cdist(scaled[others], scaled[in_valleys]), axis=1)]
            joined += list(zip(others.tolist(), nearest.tolist(), strict=True))
    labels = np.arange(len(ends))
    if joined:
        i, j = np.array(joined).T
        graph = coo_matrix((np.ones(len(i)), (i, j)), shape=(len(ends), len(ends)))
        labels = connected_components(graph, directed=False)[1]
    _, first = np.unique(labels, return_index=True)
    return [np.flatnonzero(labels == labels[i]) for i in np.sort(first)]


def _of_one_height(ends: Ends) -> list[np.ndarray]:
    """Runs of at least two ends of the same height."""
    steps = np.flatnonzero(-np.diff(ends.log_prob) > LEVEL) + 1
    return [group for group in np.split(np.arange(len(ends)), steps) if len(group) > 1]


def _spread(scaled: Float[np.ndarray, "end n"], counts: Int[np.ndarray, " end"]) -> Int[np.ndarray, " _"]:
    """Places of at most MEMBERS ends as far from each other as can be; those that many searches share come first."""
    if len(scaled) <= MEMBERS:
        return np.arange(len(scaled))
    chosen = np.flatnonzero(counts >= OFTEN)[:MEMBERS].tolist() or [0]
    distances = cdist(scaled, scaled[chosen]).min(axis=1)
    while len(chosen) < MEMBERS:
        chosen.append(int(np.argmax(distances)))
        distances = np.minimum(distances, np.linalg.norm(scaled - scaled[chosen[-1]], axis=1))
    return np.array(chosen)


def _level_ways(target: Target, box: Box, ends: Ends, members: Int[np.ndarray, " _"]) -> list[tuple[int, int]]:
    """Pairs of these ends that a level way connects, along a tree of shortest lines, and another where one fails."""
    scaled = ends.vectors[members] / np.asarray(box.scale)
    distances = cdist(scaled, scaled)
    joined: list[tuple[int, int]] = []
    tried: set[tuple[int, int]] = set()
    for _ in range(ROUNDS):
        tree = coo_matrix(minimum_spanning_tree(distances))
        edges = [(int(i), int(j)) for i, j in zip(tree.row, tree.col, strict=True)]
        edges = [edge for edge in edges if edge not in tried]
        if not edges:
            break
        tried.update(edges)
        connected = _connected(target, box, ends, members[np.array(edges)])
        for (i, j), yes in zip(edges, connected, strict=True):
            # what is connected stays in the tree, what is not is avoided as long as there is another way
            distances[i, j] = distances[j, i] = distances[i, j] * (1e-9 if yes else 1e9)
        joined += [(int(members[i]), int(members[j])) for (i, j), yes in zip(edges, connected, strict=True) if yes]
        if not connected.any():
            break
    return joined


def _connected(target: Target, box: Box, ends: Ends, edges: Int[np.ndarray, "edge 2"]) -> Bool[np.ndarray, " edge"]:
    """Whether a level way leads along each edge.

    A search from the middle of an edge falls back to its ends if these are lone maxima, and else finds a point of the
    valley between them. So the widest gap of the way is halved again and again; across a ridge it stays as it is.
    """
    scale = np.asarray(box.scale)
    begin, end = ends.vectors[edges[:, 0]], ends.vectors[edges[:, 1]]
    height, gap = ends.log_prob[edges[:, 0]], np.linalg.norm((end - begin) / scale, axis=1)
    random = np.random.default_rng(0).normal(size=(HALVINGS, *begin.shape))
    level = np.ones(len(edges), bool)
    for halving in range(HALVINGS):
        left = np.flatnonzero(level)
        if not left.size:
            break
        # off the line, so that a search from between two mirror images does not stay on their plane of symmetry
        aside = OFF * gap[:, None] * scale * random[halving] / np.linalg.norm(random[halving], axis=1, keepdims=True)
        middle = np.clip((begin + end) / 2 + aside, box.lower, box.upper)[left]
        reached = search(target, unfold(box, inside(box, middle, 1e-6)), np.diag(scale)[None], np.zeros(len(left), int))
        first = np.linalg.norm((reached.vectors - begin[left]) / scale, axis=1)
        second = np.linalg.norm((end[left] - reached.vectors) / scale, axis=1)
        wider = (second > first)[:, None]
        begin[left], end[left] = (
            np.where(wider, reached.vectors, begin[left]),
            np.where(wider, end[left], reached.vectors),
        )
        wider_gap = np.maximum(first, second)
        level[left] = (wider_gap < NARROWING * gap[left]) & (np.abs(reached.log_prob - height[left]) < LEVEL)
        gap[left] = wider_gap
    return level
