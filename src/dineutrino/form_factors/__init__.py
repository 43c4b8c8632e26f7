"""Floor 4: form factors as functions of q2 and of the coefficients of a fit."""

from dineutrino.form_factors.dispatch import pseudoscalar, vector
from dineutrino.form_factors.values import PseudoscalarFormFactors, VectorFormFactors

__all__ = ["PseudoscalarFormFactors", "VectorFormFactors", "pseudoscalar", "vector"]
