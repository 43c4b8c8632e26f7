"""A likelihood with other data, as a target of `dineutrino.inference`: one compilation for any number of toys."""

from dataclasses import replace

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from dineutrino import NeutrinoCoefficients, Predictor
from dineutrino.analysis.analysis import Analysis
from dineutrino.likelihood import Data, Likelihood, Point
from dineutrino.measurements import Measurement
from dineutrino.measurements.terms.gaussian import Gaussian
from dineutrino.measurements.terms.upper_limit import UpperLimit


class Replica(eqx.Module):
    """A likelihood whose data, and bounds, are arguments of what is compiled.

    Attributes:
        likelihood: of the real data.
        data: the toy data.
        lower, upper: bounds, within those of the likelihood.
    """

    likelihood: Likelihood = eqx.field(static=True)
    data: Data
    lower: Float[Array | np.ndarray, " n"]
    upper: Float[Array | np.ndarray, " n"]

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the likelihood, as for all that follows."""
        return self.likelihood.names

    @property
    def n_parameters(self) -> int:
        """Number of free parameters."""
        return self.likelihood.n_parameters

    @property
    def scale(self) -> Float[Array, " n"]:
        """Typical sizes."""
        return self.likelihood.scale

    def log_prob(self, point: Point) -> Float[Array, ""]:
        """Log-probability with the toy data."""
        return self.likelihood.log_prob_of(point, self.data)

    def to_point(self, vector: Float[Array, " n"]) -> Point:
        """The point with these entries."""
        return self.likelihood.to_point(vector)

    def to_vector(self, point: Point) -> Float[Array, " n"]:
        """The entries of a point."""
        return self.likelihood.to_vector(point)

    def predict(self, point: Point) -> dict[str, Float[Array, ""]]:
        """Values of the observables."""
        return self.likelihood.predict(point)

    def log_likelihoods(self, point: Point) -> dict[str, Float[Array, ""]]:
        """Log-probability of everything together."""
        return {"all measurements": self.log_prob(point)}


@eqx.filter_jit
def simulated(likelihood: Likelihood, vector: Float[Array | np.ndarray, " n"], key: PRNGKeyArray) -> Data:
    """Toy data of all terms and of the constraints of the nuisances, drawn at a vector."""
    return likelihood.simulate(key, likelihood.to_point(jnp.asarray(vector)))


def with_toys(analysis: Analysis) -> Likelihood:
    """The likelihood of an analysis, its upper limits as measurements with the Gaussian that the limit is read as.

    For the real data it is the same function; an upper limit alone does not say what else might have been measured.
    """
    standard_model = NeutrinoCoefficients.zero()

    def measured(measurement: Measurement) -> Measurement:
        term = measurement.term
        if not isinstance(term, UpperLimit):
            return measurement
        expected = Predictor(term.observables, analysis.prior.central)(standard_model)
        width = term.width(expected)
        centre = expected - width * term.pull(expected, expected)
        return replace(measurement, term=Gaussian(term.observables, np.asarray(centre), np.asarray(width)))

    measurements = tuple(map(measured, analysis.measurements))
    return replace(analysis, measurements=measurements).likelihood()
