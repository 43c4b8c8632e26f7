"""Everything that a likelihood says about a point, compiled once."""

from collections.abc import Callable
from typing import NamedTuple

import jax

from dineutrino.likelihood import Likelihood, Point


class Evaluation(NamedTuple):
    """At one point, in plain numbers.

    Attributes:
        log_prob: log-likelihood plus the constraints of the nuisances.
        predictions: by label of the observable, in its unit.
        log_likelihoods: by name of the measurement.
        pulls: by name of the measurement and label of the observable.
    """

    log_prob: float
    predictions: dict[str, float]
    log_likelihoods: dict[str, float]
    pulls: dict[str, dict[str, float]]


def evaluator(likelihood: Likelihood) -> Callable[[Point], Evaluation]:
    """The function that evaluates a point. One program for all of it: the integrals are done once."""
    together = jax.jit(
        lambda point: (
            likelihood.log_prob(point),
            likelihood.predict(point),
            likelihood.log_likelihoods(point),
            likelihood.pulls(point),
        )
    )

    def evaluate(point: Point) -> Evaluation:
        return Evaluation(*jax.tree.map(float, jax.device_get(together(point))))

    return evaluate
