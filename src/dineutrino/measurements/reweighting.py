"""From a spectrum in generated q2 to yields in bins of what is reconstructed: kinematic reweighting.

An experiment simulates its signal with one spectrum, the null, and publishes how many events of it end up where: the
joint number density n[row, bin] of reconstructed and generated bins. For another spectrum each generated bin counts
with the ratio of the two branching ratios in it:

    yield[row] = n[row, outside] + sum_bin n[row, bin] BR[bin] / BR_null[bin].

Source: arXiv:2402.08417 sec. 2.
"""

from collections.abc import Sequence
from itertools import pairwise

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.errors import DineutrinoError


class Reweighting(eqx.Module):
    """Yields of a signal as a linear function of its branching ratios in the bins of generated q2.

    Attributes:
        per_rate: events per branching ratio, one row for each bin of what is reconstructed.
        outside: events that were generated outside of all bins; they keep their number.
    """

    per_rate: Float[Array | np.ndarray, "row bin"]
    outside: Float[Array | np.ndarray, " row"]

    @classmethod
    def of(
        cls,
        densities: Float[np.ndarray, "row bin"],
        null: Float[np.ndarray, " _"],
        outside: Float[np.ndarray, " row"] | None = None,
    ) -> "Reweighting":
        """From the published numbers.

        A bin without null rate must be empty; it then stays empty whatever is predicted there. Negative weights do not
        occur: a branching ratio is not negative, and neither are densities.

        Args:
            densities: events of the null by row and bin.
            null: branching ratios of the null.
            outside: events outside of all bins, by default none.

        Raises:
            DineutrinoError: numbers that are negative or not finite, shapes that do not fit, or events in a bin that
                the null does not reach.
        """
        outside = np.zeros(len(densities)) if outside is None else outside
        if densities.shape != (len(outside), len(null)):
            raise DineutrinoError(
                f"densities of {len(outside)} rows and {len(null)} bins must not have the shape {densities.shape}."
            )
        for name, numbers in (("densities", densities), ("null", null), ("outside", outside)):
            if not (np.all(np.isfinite(numbers)) and np.all(numbers >= 0)):
                raise DineutrinoError(f"'{name}' of a reweighting must be finite and not negative.")
        stray = np.flatnonzero((null == 0) & np.any(densities > 0, axis=0))
        if len(stray):
            raise DineutrinoError(
                f"the null has no rate in bin {stray[0]}, counted from 0, but there are events in it; the ratio to the "
                "null is undefined there."
            )
        return cls(densities / np.where(null > 0, null, 1.0), outside)

    def __call__(self, rates: Float[Array, " bin"]) -> Float[Array, " row"]:
        """Yields for branching ratios in the bins."""
        return jnp.asarray(self.outside) + self.per_rate @ rates


def bins(observable: str, edges: Sequence[float]) -> tuple[tuple[str, float, float], ...]:
    """References to the branching ratio in each bin, such as ("<BR>(B+->Knunu)", 0.0, 0.5)."""
    return tuple((observable, float(a), float(b)) for a, b in pairwise(edges))
