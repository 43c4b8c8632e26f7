"""Correlated symmetric errors."""

from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.linalg import solve_triangular
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import correlation
from dineutrino.measurements.terms.checks import Numbers, finite_array, in_words, leaf, references
from dineutrino.measurements.terms.term import Term
from dineutrino.observables import ObservableRef

SMALLEST_EIGENVALUE = 1e-10


class CorrelatedGaussian(Term):
    """A multivariate Gaussian: log L = -1/2 (x - value)^T covariance^-1 (x - value), zero at x = value.

    Attributes:
        observables: n references.
        value: measured values, units of the observables.
        sigma: square roots of the diagonal of the covariance, same units.
        cholesky: lower triangle L of the correlation matrix, correlation = L L^T.
    """

    observables: tuple[ObservableRef, ...] = eqx.field(static=True)
    value: Float[Array, " n"]
    sigma: Float[Array, " n"]
    cholesky: Float[Array, "n n"]

    def __init__(
        self, observables: Sequence[ObservableRef], value: Numbers, covariance: ArrayLike | Sequence[Sequence[float]]
    ):
        """Concrete numbers: n values and the n x n covariance in the order of the observables.

        Raises:
            DineutrinoError: for a wrong shape, a non-finite number, or a covariance that is not symmetric and
                positive definite (smallest eigenvalue of the correlation matrix above 1e-10).
        """
        self.observables = references(observables)
        n = len(self.observables)
        matrix = correlation.matrix(covariance, n, "'covariance'")
        if not np.all(np.diag(matrix) > 0):
            raise DineutrinoError(
                f"'covariance' must be positive definite, but its diagonal is {np.diag(matrix).tolist()}."
            )
        sigma = np.sqrt(np.diag(matrix))
        normalised = matrix / np.outer(sigma, sigma)
        smallest = np.linalg.eigvalsh(normalised)[0]
        if smallest < SMALLEST_EIGENVALUE:
            raise DineutrinoError(
                "'covariance' must be positive definite, but the smallest eigenvalue of its correlation matrix is "
                f"{smallest:.3g} (at least {SMALLEST_EIGENVALUE:g} is needed)."
            )
        self.value = leaf(finite_array("values", value, (n,)))
        self.sigma = leaf(sigma)
        self.cholesky = leaf(np.linalg.cholesky(normalised))

    @property
    def measured(self) -> Float[Array, " n"]:
        """The central values."""
        return self.value

    def pull(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, " n"]:
        """(x - value) / sigma for each observable alone: correlations enter only in `log_prob`."""
        return (prediction - self.value) / self.sigma

    def log_prob(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, ""]:
        """-1/2 the sum of squared decorrelated pulls."""
        decorrelated = solve_triangular(self.cholesky, self.pull(prediction, sm), lower=True)
        return -0.5 * jnp.sum(decorrelated**2)

    def simulate(self, prediction: Float[Array, " n"], key: PRNGKeyArray) -> "CorrelatedGaussian":
        """Values drawn around the predictions."""
        drawn = self.cholesky @ jax.random.normal(key, self.value.shape)
        return eqx.tree_at(lambda term: term.value, self, prediction + self.sigma * drawn)

    def summary(self) -> str:
        """Value +- sigma of each observable."""
        pairs = zip(self.value.tolist(), self.sigma.tolist(), strict=True)
        return f"{', '.join(in_words(v, ('+- ', s)) for v, s in pairs)} (correlated)"
