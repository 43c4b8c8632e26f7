"""Optima of the free entries, several at each of many places: the branches of a profile."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

SAME = 0.1
"""Optima closer than this in every entry, in standard deviations, are one if they are equally good."""
SAME_VALUE = 1e-5
"""Log-probabilities that differ by less are equally good."""
LINKED = 0.5
"""Optima of neighbouring places closer than this in every entry, in standard deviations, belong to one branch."""
MOST = 8
"""Branches that are followed at one place, the best ones."""
NEGLIGIBLE = 1e-6
"""An unverified optimum that is better than the best verified one by less than this is of no account."""


class Branches(NamedTuple):
    """Optima of the free entries; a place is the number of a point of the fixed ones.

    Attributes:
        place: of each optimum.
        vectors: all entries.
        log_prob: there.
        slope: largest gradient, in inverse standard deviations.
        mode: the maximum whose metric the search used.
        seen: whether the curvature has been tested.
        verified: whether that says it is a minimum of minus the log-probability.
        carried: whether it has been carried on to the neighbouring places.
    """

    place: Int[np.ndarray, " branch"]
    vectors: Float[np.ndarray, "branch n"]
    log_prob: Float[np.ndarray, " branch"]
    slope: Float[np.ndarray, " branch"]
    mode: Int[np.ndarray, " branch"]
    seen: Bool[np.ndarray, " branch"]
    verified: Bool[np.ndarray, " branch"]
    carried: Bool[np.ndarray, " branch"]

    def at(self, rows: np.ndarray) -> "Branches":
        """Some of the optima."""
        return Branches(*(column[rows] for column in self))


def none(n: int) -> Branches:
    """No optima of n entries."""
    return ends(np.zeros(0, int), np.zeros((0, n)), np.zeros(0), np.zeros(0), np.zeros(0, int))


def ends(
    place: Int[np.ndarray, " branch"],
    vectors: Float[np.ndarray, "branch n"],
    log_prob: Float[np.ndarray, " branch"],
    slope: Float[np.ndarray, " branch"],
    mode: Int[np.ndarray, " branch"],
) -> Branches:
    """Ends of searches that nothing more is known of."""
    return Branches(place, vectors, log_prob, slope, mode, *(np.zeros(len(place), bool) for _ in range(3)))


def united(known: Branches, found: Branches, lengths: Float[np.ndarray, " n"]) -> Branches:
    """Known optima, and those found that are not among them; one that was not verified may be found again.

    Args:
        known: distinct optima.
        found: further ones, not necessarily distinct.
        lengths: standard deviations of the entries.
    """
    at: dict[int, list[tuple[float, np.ndarray]]] = {}
    sure = known.at(np.flatnonzero(known.verified | ~known.seen))
    for place, log_prob, vector in zip(sure.place.tolist(), sure.log_prob.tolist(), sure.vectors, strict=True):
        at.setdefault(place, []).append((log_prob, vector))
    kept = []
    reach = SAME * lengths
    for row in np.argsort(-found.log_prob, kind="stable").tolist():
        log_prob, vector = float(found.log_prob[row]), found.vectors[row]
        if not np.isfinite(log_prob):
            continue
        others = at.setdefault(int(found.place[row]), [])
        if any(
            abs(log_prob - value) < SAME_VALUE and bool(np.all(np.abs(vector - other) <= reach))
            for value, other in others
        ):
            continue
        others.append((log_prob, vector))
        kept.append(row)
    new = found.at(np.array(sorted(kept), int))
    return Branches(*(np.concatenate(pair) for pair in zip(known, new, strict=True)))


def pruned(branches: Branches) -> Branches:
    """Without saddles that a verified optimum of the same place beats, and with the best `MOST` at each place."""
    order = np.lexsort((-branches.log_prob, branches.place))
    kept, place, rank, verified = [], -1, 0, False
    for row in order.tolist():
        if branches.place[row] != place:
            place, rank, verified = int(branches.place[row]), 0, False
        if rank < MOST and (branches.verified[row] or not verified):
            kept.append(row)
            rank += 1
        verified = verified or bool(branches.verified[row])
    return branches.at(np.array(kept, int))


def best(branches: Branches, places: int) -> tuple[Int[np.ndarray, " place"], Bool[np.ndarray, " place"]]:
    """The row of the best optimum at each place, -1 where there is none, and whether it is verified.

    Where an unverified optimum is better than all verified ones, it counts, and the place is not verified.
    """
    row, sure = np.full(places, -1), np.zeros(places, bool)
    for i in np.lexsort((-branches.log_prob, branches.place)).tolist():
        place = int(branches.place[i])
        if row[place] < 0:
            row[place], sure[place] = i, branches.verified[i]
        elif not sure[place] and branches.verified[i]:
            as_good = branches.log_prob[row[place]] - branches.log_prob[i] < NEGLIGIBLE
            row[place], sure[place] = (i, True) if as_good else (row[place], False)
    return row, sure


def unlinked(
    branches: Branches,
    neighbours: Int[np.ndarray, "place side"],
    lengths: Float[np.ndarray, " n"],
) -> tuple[Int[np.ndarray, " move"], Int[np.ndarray, " move"]]:
    """Which optima to carry where: those that have no counterpart at a neighbouring place.

    Args:
        branches: all optima; those that have been carried on are left out.
        neighbours: of each place, -1 where there is none.
        lengths: standard deviations of the free entries, 0 for the fixed ones.

    Returns:
        The rows, and the places to carry them to.
    """
    at: dict[int, list[int]] = {}
    for row, place in enumerate(branches.place.tolist()):
        at.setdefault(place, []).append(row)
    free = lengths > 0
    scaled = branches.vectors[:, free] / lengths[free]
    rows, places = [], []
    for row in np.flatnonzero(branches.verified & ~branches.carried).tolist():
        for neighbour in neighbours[branches.place[row]].tolist():
            if neighbour < 0:
                continue
            others = at.get(neighbour, [])
            if not others or np.min(np.max(np.abs(scaled[others] - scaled[row]), axis=1, initial=0.0)) > LINKED:
                rows.append(row)
                places.append(neighbour)
    return np.array(rows, int), np.array(places, int)
