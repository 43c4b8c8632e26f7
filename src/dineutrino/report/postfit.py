"""What a fit says of the bins of a detector: expected numbers of events with their uncertainty, beside the data."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.inference import Optimum
from dineutrino.likelihood import Likelihood


@dataclass(frozen=True)
class PostfitChannel:
    """One channel of one measurement at a maximum.

    Attributes:
        measurement, channel: names.
        samples: expected events by sample.
        expected: their sum.
        uncertainty: of the sum, from the covariance of all parameters, propagated linearly.
        observed: events.
    """

    measurement: str
    channel: str
    samples: dict[str, Float[np.ndarray, " bin"]]
    expected: Float[np.ndarray, " bin"]
    uncertainty: Float[np.ndarray, " bin"]
    observed: Float[np.ndarray, " bin"]


def postfit(likelihood: Likelihood, optimum: Optimum) -> tuple[PostfitChannel, ...]:
    """All channels of all measurements that count events in bins; none for other measurements."""
    if not jax.eval_shape(likelihood.histograms, optimum.point):
        return ()

    def totals(vector: Float[Array, " n"]) -> dict[str, dict[str, Array]]:
        found = likelihood.histograms(likelihood.to_point(vector))
        return {
            name: {c: jnp.sum(jnp.stack(list(samples.values())), axis=0) for c, samples in channels.items()}
            for name, channels in found.items()
        }

    vector = jnp.asarray(optimum.vector)
    yields, jacobians = jax.device_get(jax.jit(lambda v: (likelihood.histograms(likelihood.to_point(v)),
                                                          jax.jacrev(totals)(v)))(vector))  # fmt: skip
    covariance = known(np.asarray(optimum.covariance))
    observed = likelihood.observed_data
    found = []
    for name, channels in yields.items():
        for channel, samples in channels.items():
            slope = jacobians[name][channel]
            expected = sum(samples.values())
            counts = np.array([observed[f"{name}: {channel} {i + 1}"] for i in range(len(expected))])
            variance = np.einsum("bi,ij,bj->b", slope, covariance, slope)
            found.append(PostfitChannel(name, channel, samples, expected, np.sqrt(np.maximum(variance, 0.0)), counts))
    return tuple(found)


def known(covariance: Float[np.ndarray, "n n"]) -> Float[np.ndarray, "n n"]:
    """Zero for entries at a bound or along a flat direction, which have no variance or an infinite one."""
    return np.where(np.isfinite(covariance), covariance, 0.0)
