"""Where searches ended: those that ended at the same place as one."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from dineutrino.inference.coordinates import Box
from dineutrino.inference.search import Found

ALIKE = 1e-4
"""Ends of searches that differ by less than this, in units of the scales, are one."""


@dataclass(frozen=True)
class Ends:
    """Distinct ends of searches, highest first.

    Attributes:
        vectors: where they are.
        log_prob: there.
        counts: how many searches ended at each.
    """

    vectors: Float[np.ndarray, "end n"]
    log_prob: Float[np.ndarray, " end"]
    counts: Int[np.ndarray, " end"]

    def __len__(self) -> int:
        return len(self.log_prob)

    def chosen(self, places: Int[np.ndarray, " _"]) -> "Ends":
        """Some of them."""
        return Ends(self.vectors[places], self.log_prob[places], self.counts[places])


def ends_of(found: Found, counts: Int[np.ndarray, " batch"]) -> Ends:
    """The ends of searches; those that stayed where the log-probability is minus infinity are left out."""
    return Ends(found.vectors, found.log_prob, counts).chosen(np.flatnonzero(np.isfinite(found.log_prob)))


def merged(box: Box, *several: Ends) -> Ends:
    """Count ends that all but coincide as one, the highest of them."""
    together = Ends(
        np.concatenate([ends.vectors for ends in several]),
        np.concatenate([ends.log_prob for ends in several]),
        np.concatenate([ends.counts for ends in several]),
    )
    scaled = together.vectors / np.asarray(box.scale)
    chosen: list[int] = []
    counts = np.zeros(len(together), int)
    for i in np.argsort(-together.log_prob, kind="stable"):
        distances = np.max(np.abs(scaled[chosen] - scaled[i]), axis=1, initial=0.0) if chosen else np.array([np.inf])
        nearest = int(np.argmin(distances))
        if distances[nearest] < ALIKE:
            counts[chosen[nearest]] += together.counts[i]
        else:
            chosen.append(int(i))
            counts[i] = together.counts[i]
    places = np.array(chosen, int)
    return replace(together, counts=counts).chosen(places)
