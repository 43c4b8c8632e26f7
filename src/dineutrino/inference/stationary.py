"""Which ends of searches are maxima: polished, told from saddles and from each other.

From a saddle the searches go on, along the direction in which the log-probability rises.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from dineutrino.inference.coordinates import Box, inside, unfold
from dineutrino.inference.curvature import Curvature, describe
from dineutrino.inference.ends import Ends, ends_of, merged
from dineutrino.inference.expansion import Expansion
from dineutrino.inference.plateaus import ways_up
from dineutrino.inference.polish import NEAR, nearest_bound, polish
from dineutrino.inference.search import Found, search
from dineutrino.inference.starts import EXPECTED, expected_in_smaller
from dineutrino.inference.target import Target
from dineutrino.inference.valleys import valleys

SAME = 0.05
"""Two optima closer than this, in standard deviations, are one."""
SAME_RIDGE = 0.5
"""Two points of a flat maximum closer than this across the flat directions belong together."""
RELEVANT = 8.0
"""Maxima that are lower, or have less probability around them, by more than this in the logarithm do not matter."""
KICK = 0.1
"""How far searches start from a saddle, in units of the length over which it bends."""
ESCAPES = 4
"""Rounds of searches away from saddles."""
GAIN = 1e-7
"""A saddle is one from which the log-probability rises by more than this."""
MOST_POLISHED = 256
"""Ends that are looked at closely, the highest ones."""


@dataclass(frozen=True)
class Stationary:
    """Where searches ended, and which of these places are maxima.

    Attributes:
        ends: distinct ends, highest first.
        groups: the places among them that belong to each place that was looked at: one, or a valley.
        expansions, curvatures: of the polished places.
        tolerance: see `maximum`.
    """

    ends: Ends
    groups: list[Int[np.ndarray, " _"]]
    expansions: list[Expansion]
    curvatures: list[Curvature]
    tolerance: float

    @classmethod
    def at(cls, target: Target, box: Box, ends: Ends, tolerance: float) -> "Stationary":
        """Leave plateaus, sort ends into valleys, polish one point of each, and search on from saddles."""
        ends = _off_plateaus(target, box, ends)
        for left in reversed(range(ESCAPES)):
            groups = valleys(target, box, ends)[:MOST_POLISHED]
            scaled2 = np.sum((ends.vectors / np.asarray(box.scale)) ** 2, axis=1)
            first = [group[np.argmin(scaled2[group])] if len(group) > 1 else group[0] for group in groups]
            expansions = polish(target, box, ends.vectors[first])
            curvatures = [describe(box, expansion) for expansion in expansions]
            further = _escaped(target, box, ends, groups, expansions, curvatures)
            if further is None or not left:
                break
            ends = further
        return cls(ends, groups, expansions, curvatures, tolerance)

    @property
    def good(self) -> list[int]:
        """Places that are maxima."""
        return [i for i, c in enumerate(self.curvatures) if c.slope < self.tolerance and c.rising is None]

    @property
    def distinct(self) -> list[list[int]]:
        """Maxima that are the same in the metric of their Hessians, together."""
        together: list[list[int]] = []
        for i in sorted(self.good, key=lambda i: self.expansions[i].value):
            joined = [group for group in together if any(self._same(i, j) for j in group)]
            together = [group for group in together if group not in joined]
            together.append(sorted([i, *(j for group in joined for j in group)]))
        return together

    def _same(self, i: int, j: int) -> bool:
        first, second = self.expansions[i], self.expansions[j]
        if abs(first.value - second.value) > 1e-5:
            return False
        difference = first.vector - second.vector
        distance2 = max(difference @ e.hessian @ difference for e in (first, second))
        ridge = self.curvatures[i].n_flat > 0 and self.curvatures[j].n_flat > 0
        return bool(distance2 < (SAME_RIDGE if ridge else SAME) ** 2)

    def reached(self, places: list[int]) -> int:
        """How many searches ended at these places."""
        return int(sum(self.ends.counts[self.groups[i]].sum() for i in places))

    @property
    def fewest(self) -> int:
        """How many searches the relevant maximum was reached by that the fewest reached."""
        values = [min(self.expansions[i].value for i in group) for group in self.distinct]
        counts = [self.reached(group) for group in self.distinct]
        return min((c for c, v in zip(counts, values, strict=True) if v < min(values) + RELEVANT), default=0)

    def shown(self, n_parameters: int) -> bool:
        """Whether a maximum half as wide as those found would have been reached."""
        return expected_in_smaller(self.fewest, n_parameters) >= EXPECTED


def _off_plateaus(target: Target, box: Box, ends: Ends) -> Ends:
    """The ends without those on plateaus from which a way leads up: there each search ends elsewhere.

    Valleys are sought among ends of equal height, and on a plateau, where an entry is at a bound, there are many.
    """
    at_bound = np.any(np.abs(ends.vectors - nearest_bound(box, ends.vectors)) < NEAR * np.asarray(box.scale), axis=1)
    relevant = ends.log_prob > ends.log_prob.max() - 2 * RELEVANT
    chosen = np.flatnonzero(at_bound & relevant)[:MOST_POLISHED]
    if not chosen.size:
        return ends
    expansions = polish(target, box, ends.vectors[chosen])
    curvatures = [describe(box, expansion) for expansion in expansions]
    further = _escaped(target, box, ends, list(chosen[:, None]), expansions, curvatures)
    return ends if further is None else further


def _escaped(
    target: Target,
    box: Box,
    ends: Ends,
    groups: list[Int[np.ndarray, " _"]],
    expansions: list[Expansion],
    curvatures: list[Curvature],
) -> Ends | None:
    """The ends with what searches reach from saddles and from plateaus; None if none of these is left behind.

    Args:
        target: see `Target`.
        box: its bounds.
        ends: of searches.
        groups: places among them, together where they lie in one valley.
        expansions: at a polished point of each group.
        curvatures: of these; one whose way up leads nowhere is replaced.
    """
    highest = max(ends.log_prob.max(), max(-e.value for e in expansions))
    starts: dict[int, Float[np.ndarray, "2 n"]] = {}
    for i, (expansion, curvature) in enumerate(zip(expansions, curvatures, strict=True)):
        if -expansion.value <= highest - 2 * RELEVANT:
            continue
        if curvature.rising is not None:
            starts[i] = _both_sides(box, expansion, curvature.rising)
        elif -expansion.value < highest - GAIN and len(ways := ways_up(target, box, expansion)):
            starts[i] = ways[[0, -1]]
    if not starts:
        return None
    begin = unfold(box, inside(box, np.clip(np.concatenate(list(starts.values())), box.lower, box.upper), 1e-6))
    found = search(target, begin, np.diag(np.asarray(box.scale))[None], np.zeros(len(begin), int))
    left_behind, reached = [], []
    for k, i in enumerate(starts):
        pair = Found(*(values[2 * k : 2 * k + 2] for values in found))
        if np.max(pair.log_prob) + expansions[i].value >= GAIN:
            left_behind.append(i)
        else:  # as high as it gets along the direction that seemed to rise
            curvatures[i] = replace(curvatures[i], rising=None)
        reached.append(_risen(pair, -expansions[i].value, int(ends.counts[groups[i]].sum())))
    if not left_behind:
        return None
    left = np.setdiff1d(np.arange(len(ends)), np.concatenate([groups[i] for i in left_behind]))
    return merged(box, ends.chosen(left), *reached)


def _both_sides(box: Box, saddle: Expansion, rising: Float[np.ndarray, " n"]) -> Float[np.ndarray, "2 n"]:
    """Starts of searches on both sides of a saddle."""
    scale = np.asarray(box.scale)
    bend = abs(float(rising @ (scale[:, None] * saddle.hessian * scale) @ rising))
    step = KICK * scale * rising / np.sqrt(max(bend, 1e-2))
    return np.stack([saddle.vector + step, saddle.vector - step])


def _risen(pair: Found, saddle: float, number: int) -> Ends:
    """Ends of two searches from a saddle that are higher than it: the other one has come back to it.

    The starts that had ended at the saddle count for the higher of the two.
    """
    ends = ends_of(pair, np.where(np.arange(2) == np.argmax(pair.log_prob), number, 0))
    return ends.chosen(np.flatnonzero(ends.log_prob >= saddle + GAIN))
