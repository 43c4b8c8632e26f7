"""Experimental data, each with its source, and the kinds of likelihood term."""

from dineutrino.measurements.asymmetric_gaussian import AsymmetricGaussian, TwoPieceGaussian, VariableWidthGaussian
from dineutrino.measurements.correlated_gaussian import CorrelatedGaussian
from dineutrino.measurements.gaussian import Gaussian
from dineutrino.measurements.load import (
    check_independent,
    check_observables,
    load_measurement_file,
    load_measurements,
    measurement_names,
    measurement_rows,
    measurement_sets,
)
from dineutrino.measurements.measurement import Measurement
from dineutrino.measurements.term import Nuisances, Term
from dineutrino.measurements.upper_limit import GaussianAroundSM, HalfGaussianAtZero, TruncatedGaussian, UpperLimit

__all__ = [
    "AsymmetricGaussian",
    "CorrelatedGaussian",
    "Gaussian",
    "GaussianAroundSM",
    "HalfGaussianAtZero",
    "Measurement",
    "Nuisances",
    "Term",
    "TruncatedGaussian",
    "TwoPieceGaussian",
    "UpperLimit",
    "VariableWidthGaussian",
    "check_independent",
    "check_observables",
    "load_measurement_file",
    "load_measurements",
    "measurement_names",
    "measurement_rows",
    "measurement_sets",
]
