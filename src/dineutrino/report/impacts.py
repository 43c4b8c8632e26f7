"""How much each nuisance moves a parameter, and how far the data moved the nuisance."""

from dataclasses import dataclass

import numpy as np

from dineutrino.inference import Optimum
from dineutrino.report.postfit import known


@dataclass(frozen=True)
class Impact:
    """One nuisance.

    Attributes:
        nuisance: its name.
        impact: change of the parameter when the nuisance is held one standard deviation above its best value and
            everything else is fitted again; to first order cov(parameter, nuisance)/sigma(nuisance).
        pull: best value of the nuisance, in standard deviations of its constraint.
        constraint: its error after the fit, in the same units; 1 if the data know nothing.
    """

    nuisance: str
    impact: float
    pull: float
    constraint: float


def impacts(optimum: Optimum, parameter: str, n_parameters: int) -> tuple[Impact, ...]:
    """All nuisances of a maximum, those with the largest impact on a parameter first.

    Args:
        optimum: the maximum.
        parameter: name of the parameter.
        n_parameters: number of free parameters, which come first; the others are nuisances.
    """
    covariance = known(np.asarray(optimum.covariance))
    row = covariance[optimum.names.index(parameter)]
    errors = np.sqrt(np.diag(covariance))
    found = [
        Impact(name, float(row[i] / errors[i]) if errors[i] > 0 else 0.0, float(optimum.vector[i]), float(errors[i]))
        for i, name in enumerate(optimum.names)
        if i >= n_parameters
    ]
    return tuple(sorted(found, key=lambda one: -abs(one.impact)))
