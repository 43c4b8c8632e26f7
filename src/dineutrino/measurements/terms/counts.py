"""Numbers of events in bins, on top of a background that is known with an uncertainty."""

from abc import abstractmethod
from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import xlogy
from jaxtyping import Array, Float, PRNGKeyArray

from dineutrino.errors import DineutrinoError
from dineutrino.measurements.terms.checks import Numbers, finite_array, leaf, positive_array, references
from dineutrino.measurements.terms.term import Term
from dineutrino.observables import ObservableRef


class Counts(Term):
    """Events in n independent bins; predictions are what new physics adds to the background, and may be negative.

    Attributes:
        observables: n references.
        observed: numbers of events.
        background: expected without new physics.
        uncertainty: of the background, independent in each bin.
        exposure: luminosity of the measurement over that of the predictions, which count so many times.
    """

    observables: tuple[ObservableRef, ...] = eqx.field(static=True)
    observed: Float[Array, " n"]
    background: Float[Array, " n"]
    uncertainty: Float[Array, " n"]
    exposure: Float[Array, ""]

    def __init__(
        self,
        observables: Sequence[ObservableRef],
        observed: Numbers,
        background: Numbers,
        uncertainty: Numbers,
        exposure: float = 1.0,
    ):
        """Concrete numbers, one of each per bin.

        Raises:
            DineutrinoError: for a wrong shape, a number that is not finite, a background, an uncertainty or an exposure
                that is not positive, or a negative number of events.
        """
        self.observables = references(observables)
        shape = (len(self.observables),)
        events = finite_array("observed", observed, shape)
        if not np.all(events >= 0):
            raise DineutrinoError(f"'observed' must not be negative, got {observed!r}.")
        self.observed = leaf(events)
        self.background = leaf(positive_array("background", background, shape))
        self.uncertainty = leaf(positive_array("uncertainties", uncertainty, shape))
        self.exposure = leaf(positive_array("exposure", exposure, ()))

    @property
    def measured(self) -> Float[Array, " n"]:
        """The excess over the background, as predictions count it."""
        return (self.observed - self.background) / self.exposure

    def log_prob(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, ""]:
        """The sum over bins."""
        return jnp.sum(self.of_bins(self.exposure * prediction))

    @abstractmethod
    def of_bins(self, signal: Float[Array, " n"]) -> Float[Array, " n"]:
        """log L of each bin, zero at best agreement."""

    def pull(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, " n"]:
        """(prediction - excess) over the root of observed events and squared uncertainty."""
        return self._pull(self.exposure * prediction)

    def _pull(self, signal: Float[Array, " n"]) -> Float[Array, " n"]:
        return (signal + self.background - self.observed) / jnp.sqrt(self.observed + self.uncertainty**2)

    def simulate(self, prediction: Float[Array, " n"], key: PRNGKeyArray) -> "Counts":
        """Events drawn around signal and background, and a background drawn around the present one."""
        of_events, of_background = jax.random.split(key)
        expected = jnp.maximum(self.exposure * prediction + self.background, 0.0)
        drawn = jax.random.poisson(of_events, expected, self.observed.shape).astype(float)
        background = self.background + self.uncertainty * jax.random.normal(of_background, self.background.shape)
        return eqx.tree_at(lambda term: (term.observed, term.background), self, (drawn, background))

    def summary(self) -> str:
        """Events, and the background of each bin."""
        each = zip(self.observed.tolist(), self.background.tolist(), self.uncertainty.tolist(), strict=True)
        return ", ".join(f"{n:g} ({b:.4g} +- {s:.2g} expected)" for n, b, s in each)


class GaussianCounts(Counts):
    """-1/2 (observed - background - signal)^2 / (uncertainty^2 + observed), as arXiv:2207.10756 takes it.

    A bin without any events has the uncertainty of the background alone.
    """

    def of_bins(self, signal: Float[Array, " n"]) -> Float[Array, " n"]:
        """Half a squared pull."""
        return -0.5 * self._pull(signal) ** 2


class PoissonCounts(Counts):
    """Poisson in the events and Gaussian in the background, at the background that suits the signal best.

    With mu the events that are expected, n ln mu - mu - (mu - signal - background)^2/(2 uncertainty^2) is largest where
    mu^2 - (signal + background - uncertainty^2) mu = n uncertainty^2, of which one solution is not negative.
    """

    def of_bins(self, signal: Float[Array, " n"]) -> Float[Array, " n"]:
        """Over its value at mu = n."""
        n, variance = self.observed, self.uncertainty**2
        expected = signal + self.background
        half = (expected - variance) / 2
        root = jnp.sqrt(half**2 + n * variance + jnp.finfo(float).tiny)
        # of two equal forms that which does not subtract
        mu = jnp.where(half > 0, half + root, n * variance / jnp.where(half > 0, 1.0, root - half))
        poisson = xlogy(n, jnp.where(n > 0, mu, 1.0)) - mu - (xlogy(n, n) - n)
        return poisson - (mu - expected) ** 2 / (2 * variance)


CONVENTIONS: dict[str, type[Counts]] = {"gaussian": GaussianCounts, "poisson": PoissonCounts}
