"""Independent symmetric errors."""

from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from dineutrino.measurements.terms.checks import Numbers, finite_array, in_words, leaf, positive_array, references
from dineutrino.measurements.terms.term import Term
from dineutrino.observables import ObservableRef


class Gaussian(Term):
    """Independent Gaussian measurements: log L = -1/2 sum_i ((x_i - value_i) / sigma_i)^2, zero at x = value.

    Attributes:
        observables: n references.
        value: measured values, units of the observables.
        sigma: standard deviations, same units.
    """

    observables: tuple[ObservableRef, ...] = eqx.field(static=True)
    value: Float[Array, " n"]
    sigma: Float[Array, " n"]

    def __init__(self, observables: Sequence[ObservableRef], value: Numbers, sigma: Numbers):
        """Concrete numbers, one of each per observable.

        Raises:
            DineutrinoError: for a wrong shape, a non-finite number, or sigma <= 0.
        """
        self.observables = references(observables)
        shape = (len(self.observables),)
        self.value = leaf(finite_array("value", value, shape))
        self.sigma = leaf(positive_array("uncertainty", sigma, shape))

    @property
    def measured(self) -> Float[Array, " n"]:
        """The central values."""
        return self.value

    def pull(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, " n"]:
        """(x - value) / sigma."""
        return (prediction - self.value) / self.sigma

    def log_prob(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, ""]:
        """-1/2 the sum of squared pulls."""
        return -0.5 * jnp.sum(self.pull(prediction, sm) ** 2)

    def simulate(self, prediction: Float[Array, " n"], key: PRNGKeyArray) -> "Gaussian":
        """Values drawn around the predictions."""
        drawn = jax.random.normal(key, self.value.shape)
        return eqx.tree_at(lambda term: term.value, self, prediction + self.sigma * drawn)

    def summary(self) -> str:
        """Value +- sigma."""
        return ", ".join(in_words(v, ("+- ", s)) for v, s in zip(self.value.tolist(), self.sigma.tolist(), strict=True))
