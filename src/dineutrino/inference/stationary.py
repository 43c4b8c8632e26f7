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
from dineutrino.inference.polish import polish
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

    Valleys are sought among ends of equal height, and on a plateau there would be many of these.
    """
    creeping = np.flatnonzero(ends.creeping & (ends.log_prob > ends.log_prob.max() - 2 * RELEVANT))[:MOST_POLISHED]
    if not creeping.size:
        return ends
    expansions = polish(target, box, ends.vectors[creeping])
    curvatures = [describe(box, expansion) for expansion in expansions]
    further = _escaped(target, box, ends, list(creeping[:, None]), expansions, curvatures)
    return ends if further is None else further


def _escaped(
    target: Target,
    box: Box,
    ends: Ends,
    groups: list[Int[np.ndarray, " _"]],
    expansions: list[Expansion],
    curvatures: list[Curvature],
) -> Ends | None:
    """The ends with what searches reach from those that are saddles, in place of these; None if none is left behind.

    Args:
        target: see `Target`.
        box: its bounds.
        ends: of searches.
        groups: places among them, together where they lie in one valley.
        expansions: at a polished point of each group.
        curvatures: of these; one whose way up leads nowhere is replaced.
    """
    highest = max(-e.value for e in expansions)
    saddles = [
        i
        for i, (e, c) in enumerate(zip(expansions, curvatures, strict=True))
        if c.rising is not None and -e.value > highest - 2 * RELEVANT
    ]
    if not saddles:
        return None
    away, gains = _away(target, box, [expansions[i] for i in saddles], [curvatures[i] for i in saddles])
    for i, gain in zip(saddles, gains, strict=True):
        if gain < GAIN:  # as high as it gets along the direction that seemed to rise
            curvatures[i] = replace(curvatures[i], rising=None)
    left_behind = [i for i, gain in zip(saddles, gains, strict=True) if gain >= GAIN]
    if not left_behind:
        return None
    left = np.setdiff1d(np.arange(len(ends)), np.concatenate([groups[i] for i in left_behind]))
    reached = [
        _risen(pair, -expansions[i].value, int(ends.counts[groups[i]].sum()))
        for i, pair in zip(saddles, away, strict=True)
    ]
    return merged(box, ends.chosen(left), *reached)


def _away(
    target: Target, box: Box, saddles: list[Expansion], curvatures: list[Curvature]
) -> tuple[list[Found], Float[np.ndarray, " saddle"]]:
    """Searches from both sides of saddles: where they ended, and how much higher than the saddle the better one is."""
    scale = np.asarray(box.scale)
    starts = []
    for saddle, curvature in zip(saddles, curvatures, strict=True):
        rising = curvature.rising
        assert rising is not None
        bend = abs(float(rising @ (scale[:, None] * saddle.hessian * scale) @ rising))
        step = KICK * scale * rising / np.sqrt(max(bend, 1e-2))
        starts += [saddle.vector + step, saddle.vector - step]
    begin = unfold(box, inside(box, np.clip(np.stack(starts), box.lower, box.upper), 1e-6))
    ends = search(target, begin, np.diag(scale)[None], np.zeros(len(begin), int))
    pairs = [Found(*(values[i : i + 2] for values in ends)) for i in range(0, len(begin), 2)]
    gains = np.array([np.max(pair.log_prob) + saddle.value for pair, saddle in zip(pairs, saddles, strict=True)])
    return pairs, gains


def _risen(pair: Found, saddle: float, number: int) -> Ends:
    """Ends of two searches from a saddle that are higher than it: the other one has come back to it.

    The starts that had ended at the saddle count for the higher of the two.
    """
    ends = ends_of(pair, np.where(np.arange(2) == np.argmax(pair.log_prob), number, 0))
    return ends.chosen(np.flatnonzero(ends.log_prob >= saddle + GAIN))
