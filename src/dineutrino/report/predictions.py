"""The observables of a likelihood: Standard Model, best fit, posterior."""

from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from jaxtyping import Float

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import Prior
from dineutrino.likelihood import Likelihood, Point
from dineutrino.observables import ObservableRef, Predictor, label
from dineutrino.report import labels, samples

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


def predictions(
    likelihood: Likelihood, predictor: Predictor, best: Point, posterior: Any = None
) -> tuple[Prediction, ...]:
    """All observables of a likelihood.

    Args:
        likelihood: with its references and nuisances.
        predictor: of these references at the central inputs.
        best: the point of the best fit.
        posterior: an arviz InferenceData with a group of predictions, or None.
    """
    at_best = jax.device_get(likelihood.predict(best))
    values, uncertainties = standard_model(predictor, likelihood.prior)
    found = []
    for i, reference in enumerate(likelihood.references):
        name = label(reference)
        drawn = samples.prediction(posterior, name)
        lower, median, upper = (None, None, None) if drawn is None else drawn.central_interval()
        found.append(
            Prediction(
                reference=reference,
                label=name,
                tex=labels.observable(reference),
                unit=labels.observable_unit(reference),
                standard_model=float(values[i]),
                uncertainty=float(uncertainties[i]),
                best_fit=float(at_best[name]),
                median=median,
                lower=lower,
                upper=upper,
            )
        )
    return tuple(found)


def standard_model(predictor: Predictor, prior: Prior) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Values and uncertainties in the Standard Model: the prior propagated linearly with the exact Jacobian."""
    nothing = NeutrinoCoefficients.zero()
    values = np.asarray(predictor(nothing))
    if not prior.blocks:
        return values, np.zeros_like(values)
    uncertainties = np.sqrt(np.diag(predictor.covariance(nothing, prior)))
    return values, np.where(uncertainties < NEGLIGIBLE * np.abs(values), 0.0, uncertainties)
