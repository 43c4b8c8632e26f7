"""The Z and W pole: widths, asymmetries, branching ratios and the mass of the W, in SMEFT."""

from dineutrino.observables.z_pole.catalogue import Z_POLE
from dineutrino.observables.z_pole.pole import Pole, predictions
from dineutrino.observables.z_pole.shifts import PoleCoefficients, at_the_pole

__all__ = ["Z_POLE", "Pole", "PoleCoefficients", "at_the_pole", "predictions"]
