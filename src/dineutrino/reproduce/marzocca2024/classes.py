"""chi2 of a model by class of observables, at the inputs of the paper: errors of theory are in those of the data."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from scipy.stats import norm

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import Inputs, load_prior
from dineutrino.io import Tree
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import Gaussian, load_measurements
from dineutrino.measurements.terms.asymmetric_gaussian import AsymmetricGaussian
from dineutrino.models import load_model
from dineutrino.numerics.batching import chunked

PAPER, SOURCE = "marzocca2024", "arXiv:2404.06533"
CLASSES = {
    "neutrinos": ("marzocca2024",),
    "kaons": ("marzocca2024_kaons",),
    "down": ("marzocca2024_down",),
    "charged": ("marzocca2024_charged",),
    "mixing": ("marzocca2024_mixing",),
    "electroweak": ("marzocca2024_electroweak",),
    "tails": ("marzocca2024_tails",),
}
"""Class of observables -> its measurements; muons, which couplings to taus alone leave as they are, have none."""
TEX = {
    "neutrinos": r"$B\to K^{(*)}\nu\nu$",
    "kaons": r"$K\to\pi\nu\nu$",
    "down": r"$B\to\pi,\rho\,\nu\nu$",
    "charged": r"$R(D^{(*)})$",
    "mixing": r"$\Delta F=2$",
    "electroweak": "electroweak",
    "tails": r"$pp\to\tau\tau$",
}
COLOR = {
    "neutrinos": "C3", "kaons": "C1", "down": "C4", "charged": "C6", "mixing": "C2", "electroweak": "C5", "tails": "k",
}  # fmt: skip
TAU_MODEL: dict[str, Tree] = {"flavour": "rank_one", "scale": 1.0, "neutrinos_run": False}
"""Options of heavy fields: couplings to taus, coefficients at 1 TeV, best fits as the paper prints them."""
CHUNK = 1024

SIGMAS_95 = float(norm.ppf(0.975))
"""Standard deviations of a two-sided 95%."""

Values = Mapping[str, Float[Array, "..."]]
Grid = Float[np.ndarray, " point"]


class Interval(NamedTuple):
    """What was measured, and the ends of one standard deviation."""

    lower: float
    centre: float
    upper: float

    @property
    def ends(self) -> tuple[float, float]:
        """Lower and upper."""
        return self.lower, self.upper

    @property
    def limit(self) -> float:
        """The upper end of a two-sided 95%."""
        return self.centre + SIGMAS_95 * (self.upper - self.centre)


def interval(measurement: str) -> Interval:
    """Of a measurement of one number.

    Raises:
        DineutrinoError: it is of another kind.
    """
    [found] = load_measurements(measurement)
    term = found.term
    if isinstance(term, AsymmetricGaussian):
        down, up = term.sigma_minus, term.sigma_plus
    elif isinstance(term, Gaussian):
        down = up = term.sigma
    else:
        raise DineutrinoError(f"'{measurement}' is no measurement of one number with its error.")
    return Interval(*(float(x[0]) for x in (term.value - down, term.value, term.value + up)))


class Classes:
    """A model, and what measurements say about it.

    Args:
        model: name of the model.
        options: of the model.
        parameters: names of those that have values.
        classes: class -> names of measurements and sets.
        predictions: further observables.
    """

    def __init__(
        self,
        model: str,
        options: Mapping[str, Tree],
        parameters: Sequence[str],
        classes: Mapping[str, Sequence[str]] = CLASSES,
        predictions: Sequence[str] = (),
    ):
        prior = load_prior(PAPER).restrict(())
        self.model = load_model(model, prior.central, options)
        limits = self.model.limits()
        free = [Parameter(name, *limits.get(name, (-np.inf, np.inf))) for name in parameters]
        measurements = load_measurements([name for names in classes.values() for name in names])
        self.likelihood = Likelihood(free, measurements, prior, self.model, predictions)
        self.members = {name: [m.name for m in load_measurements(list(sets))] for name, sets in classes.items()}
        self._chi2 = jax.jit(chunked(self.chi2, CHUNK))
        self._predicted = jax.jit(chunked(lambda values: self.likelihood.predict({**values, "nuisances": {}}), CHUNK))

    @property
    def inputs(self) -> Inputs:
        """Those of the paper."""
        return self.likelihood.prior.central

    def chi2(self, values: Values) -> dict[str, Float[Array, ""]]:
        """At one point, by class; pure."""
        found = self.likelihood.log_likelihoods({**values, "nuisances": {}})
        return {name: -2 * sum((found[member] for member in members), start=jnp.asarray(0.0))
                for name, members in self.members.items()}  # fmt: skip

    def predictions(self, values: Values) -> Float[Array, " n"]:
        """All that the measurements compare with, at one point; pure."""
        return self.likelihood.predictions({**values, "nuisances": {}})

    def total(self, predictions: Float[Array, " n"]) -> Float[Array, ""]:
        """chi2 of all classes; pure."""
        return -2 * self.likelihood.log_likelihood_of(predictions, self.likelihood.observed, {})

    def on(self, **values: Grid | float) -> dict[str, Grid]:
        """At many points, by class."""
        return {name: np.asarray(found) for name, found in self._chi2(_stacked(values)).items()}

    def predicted(self, **values: Grid | float) -> dict[str, Grid]:
        """All observables at many points, by name."""
        return {name: np.asarray(found) for name, found in self._predicted(_stacked(values)).items()}


def _stacked(values: Mapping[str, Grid | float]) -> dict[str, Float[Array, " point"]]:
    arrays = np.broadcast_arrays(*(np.atleast_1d(np.asarray(value, dtype=float)) for value in values.values()))
    return {name: jnp.asarray(array) for name, array in zip(values, arrays, strict=True)}


@cache
def leptoquark(name: str) -> Classes:
    """A leptoquark of 2 TeV that couples to taus, with all classes."""
    parameters = (LEPTOQUARKS[name][0], "theta", "phi")
    return Classes(name, {**TAU_MODEL, "mass": HEAVY}, parameters, CLASSES)


HEAVY = 2.0
"""Mass of leptoquarks, TeV."""
LEPTOQUARKS = {"S1": ("y1L", 2.0, 1.0), "S3": ("y3L", 2.0, 1.0), "R2t": ("y2Lt", 2.0, -1.0), "V2": ("x2L", 1.0, 1.0)}
"""Leptoquark -> its coupling lambda, m^2 |C|/lambda^2 inverted, and the sign of C: table 2."""
