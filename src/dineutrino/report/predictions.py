"""The observables of a likelihood: Standard Model, best fit, posterior."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jax
import numpy as np
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.likelihood import Likelihood
from dineutrino.observables import ObservableRef, label
from dineutrino.observables.predictor import contract, kernels
from dineutrino.report import labels, samples
from dineutrino.theory import theory_of

if TYPE_CHECKING:
    import xarray

VANISHING = 1e-6
"""A Standard Model prediction below this share of what the data prefer is nothing beside it."""
NEGLIGIBLE = 1e-12
"""A relative uncertainty below this is rounding: the observable does not depend on the inputs."""


@dataclass(frozen=True)
class Prediction:
    """One observable, in its unit.

    Attributes:
        reference: name and arguments.
        label: the same as text.
        tex: the same in TeX, without dollars.
        unit: as in the registry, "1" for a pure number.
        standard_model: central value.
        uncertainty: of the Standard Model prediction, from the nuisances, propagated linearly.
        best_fit: value at the best fit.
        median, lower, upper: posterior median and central 68.3% interval, or None.
    """

    reference: ObservableRef
    label: str
    tex: str
    unit: str
    standard_model: float
    uncertainty: float
    best_fit: float
    median: float | None = None
    lower: float | None = None
    upper: float | None = None

    @property
    def vanishes(self) -> bool:
        """Whether the Standard Model has nothing, or rounding, beside what the data prefer: phases, broken flavour."""
        return max(abs(self.standard_model), self.uncertainty) < VANISHING * self._largest

    @property
    def scale(self) -> float:
        """The value that is written with three digits: that of the Standard Model unless it vanishes."""
        return self._largest if self.vanishes else self.standard_model

    @property
    def _largest(self) -> float:
        """Of the best fit and the ends of the posterior interval."""
        found = [abs(x) for x in (self.best_fit, self.lower, self.upper) if x is not None]
        return max((x for x in found if np.isfinite(x)), default=0.0)


def predictions(
    likelihood: Likelihood,
    in_standard_model: tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]],
    at_best: Mapping[str, float],
    posterior: "xarray.DataTree | None" = None,
) -> tuple[Prediction, ...]:
    """All observables of a likelihood.

    Args:
        likelihood: with its references and nuisances.
        in_standard_model: from `standard_model`.
        at_best: value of each observable at the best fit, by label.
        posterior: a posterior with a group of predictions, or None.
    """
    values, uncertainties = in_standard_model
    found = []
    for i, reference in enumerate(likelihood.shown):
        name = label(reference)
        drawn = samples.prediction(posterior, name)
        lower, median, upper = (None, None, None) if drawn is None else samples.central_interval(drawn)
        found.append(
            Prediction(
                reference=reference,
                label=name,
                tex=labels.observable(reference),
                unit=labels.observable_unit(reference),
                standard_model=float(values[i]),
                uncertainty=float(uncertainties[i]),
                best_fit=at_best[name],
                median=median,
                lower=lower,
                upper=upper,
            )
        )
    return tuple(found)


def standard_model(likelihood: Likelihood) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Values and uncertainties in the Standard Model: the nuisances propagated linearly with the exact Jacobian.

    The Jacobian is evaluated one direction after the other, which compiles three times faster than all at once.
    """
    references, prior = likelihood.shown, likelihood.prior
    origin, unflatten = ravel_pytree(prior.origin())

    def values(z: Float[Array, " z"]) -> Float[Array, " n"]:
        inputs = prior.inputs(unflatten(z))
        return contract(references, kernels(references, inputs), theory_of(NeutrinoCoefficients.zero(), inputs))

    slope = jax.jit(lambda direction: jax.jvp(values, (origin,), (direction,)))
    pairs = [jax.device_get(slope(direction)) for direction in np.eye(origin.size)]
    if not pairs:
        found = np.asarray(jax.jit(values)(origin))
        return found, np.zeros_like(found)
    found = np.asarray(pairs[0][0])
    uncertainties = np.sqrt(sum(along**2 for _, along in pairs))
    return found, np.where(uncertainties < NEGLIGIBLE * np.abs(found), 0.0, uncertainties)
