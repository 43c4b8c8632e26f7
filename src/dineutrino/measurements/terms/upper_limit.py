"""Upper limits as likelihood terms, in three conventions.

An upper limit U at confidence level beta says less than a likelihood. Each convention here turns it into a Gaussian
with a preferred value c and a width (U - c) / z, log L = -1/2 ((x - c) / width)^2, zero at x = c:

| convention              | c                  | z                                                             |
|-------------------------|--------------------|---------------------------------------------------------------|
| `gaussian_around_sm`    | the Standard Model | two-sided quantile, 1.645 at 90%                              |
| `half_gaussian_at_zero` | zero               | two-sided quantile, 1.645 at 90%                              |
| `truncated`             | the Standard Model | between the one- and two-sided quantile (`TruncatedGaussian`) |

The two-sided quantile is z with P(|t| < z) = beta for a standard normal t, i.e. z = Phi^-1((1 + beta) / 2); the
one-sided one is Phi^-1(beta), 1.282 at 90%.
"""

from abc import abstractmethod
from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.stats import norm
from jaxtyping import Array, Float
from scipy.special import ndtri

from dineutrino.errors import DineutrinoError
from dineutrino.measurements.terms.checks import Numbers, finite_array, in_words, leaf, positive_array, references
from dineutrino.measurements.terms.term import Term
from dineutrino.observables import ObservableRef, label

NEWTON_STEPS = 7  # machine precision for confidence levels up to 0.9999


class UpperLimit(Term):
    """Independent upper limits on observables that cannot be negative.

    Attributes:
        observables: n references.
        limit: upper limits, units of the observables.
        confidence_level: of each limit, in (0.5, 1).
    """

    observables: tuple[ObservableRef, ...] = eqx.field(static=True)
    limit: Float[Array, " n"]
    confidence_level: tuple[float, ...] = eqx.field(static=True)

    def __init__(self, observables: Sequence[ObservableRef], limit: Numbers, confidence_level: Numbers):
        """Concrete numbers, one of each per observable.

        Raises:
            DineutrinoError: for a wrong shape, a non-finite number, a limit <= 0, or a confidence level outside
                (0.5, 1).
        """
        self.observables = references(observables)
        shape = (len(self.observables),)
        self.limit = leaf(positive_array("limit", limit, shape))
        level = finite_array("confidence_level", confidence_level, shape)
        if not np.all((level > 0.5) & (level < 1)):
            raise DineutrinoError(
                f"'confidence_level' must lie between 0.5 and 1 (0.9 for a 90% limit), got {confidence_level!r}."
            )
        self.confidence_level = tuple(level.tolist())

    @property
    def why_no_toys(self) -> str:
        """The data behind it."""
        return "an upper limit does not say what would have been measured"

    @property
    def measured(self) -> Float[Array, " n"]:
        """The limits."""
        return self.limit

    @abstractmethod
    def width(self, sm: Float[Array, " n"]) -> Float[Array, " n"]:
        """Width of the Gaussian, units of the observable; NaN where the convention has no meaning."""

    def pull(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, " n"]:
        """(x - preferred value) / width."""
        return (prediction - sm) / self.width(sm)

    def log_prob(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, ""]:
        """-1/2 the sum of squared pulls."""
        return -0.5 * jnp.sum(self.pull(prediction, sm) ** 2)

    def check(self, sm: Float[Array, " n"]) -> None:
        """Refuse a Standard-Model prediction at or above the limit, around which no width can be defined.

        Raises:
            DineutrinoError: naming observable, limit and prediction.
        """
        for observable, limit, width, value in zip(self.observables, self.limit, self.width(sm), sm, strict=True):
            if not jnp.isfinite(width):
                raise DineutrinoError(
                    f"the upper limit {limit:.3g} on {label(observable)} cannot be centred on the Standard-Model "
                    f"prediction {value:.3g}, which must be smaller; use the convention 'half_gaussian_at_zero'."
                )

    def summary(self) -> str:
        """< limit (confidence level)."""
        limits = zip(self.limit.tolist(), self.confidence_level, strict=True)
        return ", ".join(f"< {in_words(limit)} ({100 * level:g}% CL)" for limit, level in limits)


class GaussianAroundSM(UpperLimit):
    """The limit is the upper end of a two-sided interval centred on the Standard Model.

    log L = -1/2 ((x - SM) / width)^2 with width = (U - SM) / z, z the two-sided quantile. Meant for limits whose best
    fit is compatible with the Standard Model; values below the Standard Model are penalised too. Where the Standard
    Model is not below the limit there is no such Gaussian and log L is NaN (`check` says so in words).

    Source: arXiv:2404.06533, section 1: R_K* = 1.0 +- 1.1 from B(B -> K* nu nubar) < 2.7e-5.
    """

    def width(self, sm: Float[Array, " n"]) -> Float[Array, " n"]:
        """(U - SM) / z, NaN unless U > SM."""
        return _room(self.limit, sm) / two_sided_quantile(self.confidence_level)


class HalfGaussianAtZero(UpperLimit):
    """The data prefer zero, and the physical region x >= 0 holds a half Gaussian with probability beta below U.

    log L = -1/2 (x / width)^2 with width = U / z, z the two-sided quantile, because a normal variable restricted to
    x >= 0 is below U with probability P(|t| < z). Independent of the Standard Model, which is itself disfavoured a
    little. At x < 0 the same parabola continues.
    """

    def width(self, sm: Float[Array, " n"]) -> Float[Array, " n"]:
        """U / z."""
        return self.limit / two_sided_quantile(self.confidence_level)

    def pull(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, " n"]:
        """The prediction over the width."""
        return prediction / self.width(sm)


class TruncatedGaussian(UpperLimit):
    """A Gaussian centred on the Standard Model, cut off at zero, with probability beta below U.

    The width w solves P(x < U | x >= 0) = beta for a normal x with mean SM >= 0:
        [Phi((U - SM)/w) - Phi(-SM/w)] / Phi(SM/w) = beta.
    log L = -1/2 ((x - SM) / w)^2 for x >= 0 and minus infinity, with zero gradient, for x < 0. Of the other two
    conventions it is the bridge: z = (U - SM)/w is the two-sided quantile for SM = 0 (the half Gaussian) and tends to
    the one-sided quantile when the cut-off is many widths away. Where the Standard Model is not below the limit log L
    is NaN (`check` says so in words). Definition of this package.
    """

    def width(self, sm: Float[Array, " n"]) -> Float[Array, " n"]:
        """(U - SM) / z with z from `truncated_quantile`, NaN unless U > SM >= 0."""
        room = _room(self.limit, sm)
        physical = sm >= 0
        quantile = truncated_quantile(jnp.where(physical, sm, 0.0) / room, self.confidence_level)
        return jnp.where(physical, room / quantile, jnp.nan)

    def log_prob(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, ""]:
        """-1/2 the sum of squared pulls; minus infinity for a negative prediction."""
        physical = prediction >= 0
        pull = self.pull(jnp.where(physical, prediction, sm), sm)
        return jnp.sum(jnp.where(physical, -0.5 * pull**2, -jnp.inf))


CONVENTIONS: dict[str, type[UpperLimit]] = {
    "gaussian_around_sm": GaussianAroundSM,
    "half_gaussian_at_zero": HalfGaussianAtZero,
    "truncated": TruncatedGaussian,
}


def two_sided_quantile(confidence_level: Sequence[float]) -> Float[np.ndarray, " n"]:
    """The z with P(|t| < z) = confidence level for a standard normal t."""
    return ndtri((1 + np.array(confidence_level)) / 2)


def truncated_quantile(sm_over_room: Float[Array, " n"], confidence_level: Sequence[float]) -> Float[Array, " n"]:
    """The z = (U - SM)/w of `TruncatedGaussian`, given SM / (U - SM).

    With r = SM/(U - SM) the condition reads Phi(-z) = (1 - beta) Phi(r z). The difference of the two sides is convex
    and decreasing for z > 0, so Newton's method from the left end of the bracket, the one-sided quantile, converges
    monotonically to its only zero.
    """
    tail = 1 - np.array(confidence_level)

    def newton(_, z):
        excess = norm.cdf(-z) - tail * norm.cdf(sm_over_room * z)
        slope = -norm.pdf(z) - tail * sm_over_room * norm.pdf(sm_over_room * z)
        return z - excess / slope

    return jax.lax.fori_loop(0, NEWTON_STEPS, newton, jnp.asarray(ndtri(np.array(confidence_level))))


def _room(limit: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, " n"]:
    """Limit - SM, NaN unless positive."""
    return jnp.where(limit > sm, limit - sm, jnp.nan)
