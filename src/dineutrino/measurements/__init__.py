"""Experimental data, each with its source, and the kinds of likelihood term."""

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
from dineutrino.measurements.terms import (
    AsymmetricGaussian,
    CorrelatedGaussian,
    Gaussian,
    GaussianAroundSM,
    HalfGaussianAtZero,
    Nuisances,
    Term,
    TruncatedGaussian,
    TwoPieceGaussian,
    UpperLimit,
    VariableWidthGaussian,
)

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
