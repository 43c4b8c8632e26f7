"""The kinds of likelihood term: what a measurement says about the observables it measures."""

from dineutrino.measurements.terms.asymmetric_gaussian import (
    AsymmetricGaussian,
    TwoPieceGaussian,
    VariableWidthGaussian,
)
from dineutrino.measurements.terms.correlated_gaussian import CorrelatedGaussian
from dineutrino.measurements.terms.counts import Counts, GaussianCounts, PoissonCounts
from dineutrino.measurements.terms.gaussian import Gaussian
from dineutrino.measurements.terms.term import Nuisances, Term
from dineutrino.measurements.terms.upper_limit import (
    GaussianAroundSM,
    HalfGaussianAtZero,
    TruncatedGaussian,
    UpperLimit,
)

__all__ = [
    "AsymmetricGaussian",
    "CorrelatedGaussian",
    "Counts",
    "Gaussian",
    "GaussianAroundSM",
    "GaussianCounts",
    "HalfGaussianAtZero",
    "Nuisances",
    "PoissonCounts",
    "Term",
    "TruncatedGaussian",
    "TwoPieceGaussian",
    "UpperLimit",
    "VariableWidthGaussian",
]
