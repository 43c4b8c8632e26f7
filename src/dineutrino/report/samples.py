"""Draws of a posterior, and what is read off them."""

from typing import TYPE_CHECKING

import numpy as np

from dineutrino.inference.inference_data import storable
from dineutrino.inference.intervals import ONE_AND_TWO_SIGMA
from dineutrino.inference.smoothing import Marginal
from dineutrino.likelihood import Parameter

if TYPE_CHECKING:
    import xarray

CENTRAL = ONE_AND_TWO_SIGMA[0]
"""Probability within one standard deviation of a Gaussian."""


def parameter(posterior: "xarray.DataTree | None", given: Parameter) -> Marginal | None:
    """A free parameter; None if there is no posterior, or it has no such parameter."""
    name = storable(given.name)
    if posterior is None or name not in posterior.posterior:
        return None
    return Marginal.of(posterior, posterior.posterior[name].values, given.lower, given.upper)


def prediction(posterior: "xarray.DataTree | None", label: str) -> Marginal | None:
    """A predicted observable; None if there is no posterior, or it has no such prediction."""
    if posterior is None or label not in posterior.predictions.observable:
        return None
    return Marginal.of(posterior, posterior.predictions["value"].sel(observable=label).values)


def central_interval(marginal: Marginal) -> tuple[float, float, float]:
    """Lower end, median and upper end of the central 68.3% interval."""
    lower, median, upper = np.quantile(marginal.draws, [(1 - CENTRAL) / 2, 0.5, (1 + CENTRAL) / 2])
    return float(lower), float(median), float(upper)
