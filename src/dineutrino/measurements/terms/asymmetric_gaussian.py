"""Asymmetric errors, in the two conventions in use."""

from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from dineutrino.measurements.terms.checks import Numbers, finite_array, in_words, leaf, positive_array, references
from dineutrino.measurements.terms.term import Term
from dineutrino.observables import ObservableRef


class AsymmetricGaussian(Term):
    """Independent measurements value +sigma_plus -sigma_minus; the two conventions below say what lies between.

    Both give log L = 0 at the measured value and -1/2 at value + sigma_plus and at value - sigma_minus.

    Attributes:
        observables: n references.
        value: measured values, units of the observables.
        sigma_plus: upward errors, positive, same units.
        sigma_minus: downward errors, positive, same units.
    """

    observables: tuple[ObservableRef, ...] = eqx.field(static=True)
    value: Float[Array, " n"]
    sigma_plus: Float[Array, " n"]
    sigma_minus: Float[Array, " n"]

    def __init__(self, observables: Sequence[ObservableRef], value: Numbers, sigma_plus: Numbers, sigma_minus: Numbers):
        """Concrete numbers, one of each per observable.

        Raises:
            DineutrinoError: for a wrong shape, a non-finite number, or an error that is not positive.
        """
        self.observables = references(observables)
        shape = (len(self.observables),)
        self.value = leaf(finite_array("value", value, shape))
        self.sigma_plus = leaf(positive_array("uncertainty_plus", sigma_plus, shape))
        self.sigma_minus = leaf(positive_array("uncertainty_minus", sigma_minus, shape))

    @property
    def measured(self) -> Float[Array, " n"]:
        """The central values."""
        return self.value

    def summary(self) -> str:
        """Value +sigma_plus -sigma_minus."""
        errors = zip(self.value.tolist(), self.sigma_plus.tolist(), self.sigma_minus.tolist(), strict=True)
        return ", ".join(in_words(v, ("+", plus), ("-", minus)) for v, plus, minus in errors)


class VariableWidthGaussian(AsymmetricGaussian):
    """Barlow's variable Gaussian: the width runs linearly through the two quoted errors.

    log L = -1/2 sum_i ((x_i - value_i) / sigma_i(x_i))^2 with
    sigma(x) = 2 s_+ s_- / (s_+ + s_-) + (s_+ - s_-) / (s_+ + s_-) (x - value),
    so that sigma(value + s_+) = s_+ and sigma(value - s_-) = s_-. It is analytic at the measured value and equals
    `Gaussian` for s_+ = s_-. It describes the data near them, not far away: on the side of the larger error log L
    levels off at -1/2 ((s_+ + s_-) / (s_+ - s_-))^2, and on the other side it falls to minus infinity where
    sigma(x) = 0, which is always more than 2 min(s_+, s_-) away. Beyond that point log L is minus infinity, with zero
    gradient, and the pull infinite.

    Source: R. Barlow, "Asymmetric Statistical Errors", arXiv:physics/0406120, the variable Gaussian with linear sigma.
    """

    @property
    def why_no_toys(self) -> str:
        """The width depends on the true value."""
        return "a variable width is a description near the measured value, not a distribution of data"

    def pull(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, " n"]:
        """(x - value) / sigma(x); infinite, with its sign, where sigma(x) <= 0."""
        inside, ratio = self._ratio(prediction)
        return jnp.where(inside, ratio, jnp.where(prediction > self.value, jnp.inf, -jnp.inf))

    def log_prob(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, ""]:
        """-1/2 the sum of squared pulls; minus infinity where a sigma(x) <= 0."""
        inside, ratio = self._ratio(prediction)
        return jnp.sum(jnp.where(inside, -0.5 * ratio**2, -jnp.inf))

    def _ratio(self, prediction):
        """Where sigma(x) > 0, and (x - value) / sigma(x) there (a harmless number elsewhere)."""
        distance = prediction - self.value
        total, difference = self.sigma_plus + self.sigma_minus, self.sigma_plus - self.sigma_minus
        width = (2 * self.sigma_plus * self.sigma_minus + difference * distance) / total
        inside = width > 0
        return inside, jnp.where(inside, distance, 0.0) / jnp.where(inside, width, 1.0)


class TwoPieceGaussian(AsymmetricGaussian):
    """Two half Gaussians ("dimidiated"): the upward error where theory exceeds the data, the downward error below.

    log L = -1/2 sum_i ((x_i - value_i) / s_i)^2, s = s_+ for x > value and s_- otherwise. Value and first derivative
    are continuous at the measured value, the second derivative jumps there.

    Source: common practice; discussed in R. Barlow, "Asymmetric Systematic Errors", arXiv:physics/0306138.
    """

    def pull(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, " n"]:
        """(x - value) / s_+ above the data, (x - value) / s_- below."""
        return (prediction - self.value) / jnp.where(prediction > self.value, self.sigma_plus, self.sigma_minus)

    def simulate(self, prediction: Float[Array, " n"], key: PRNGKeyArray) -> "TwoPieceGaussian":
        """Values drawn around the predictions: below with s_+ and above with s_-, as the likelihood has it."""
        side, size = jax.random.split(key)
        below = jax.random.uniform(side, self.value.shape) < self.sigma_plus / (self.sigma_plus + self.sigma_minus)
        distance = jnp.abs(jax.random.normal(size, self.value.shape))
        shift = jnp.where(below, -self.sigma_plus, self.sigma_minus) * distance
        return eqx.tree_at(lambda term: term.value, self, prediction + shift)

    def log_prob(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, ""]:
        """-1/2 the sum of squared pulls."""
        return -0.5 * jnp.sum(self.pull(prediction, sm) ** 2)
