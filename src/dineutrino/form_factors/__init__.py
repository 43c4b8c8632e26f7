"""Form factors as functions of q2 and of the coefficients of a fit."""

from dineutrino.form_factors.dispatch import baryon, pseudoscalar, vector
from dineutrino.form_factors.systematics import total_uncertainty
from dineutrino.form_factors.values import BaryonFormFactors, PseudoscalarFormFactors, VectorFormFactors

__all__ = [
    "BaryonFormFactors",
    "PseudoscalarFormFactors",
    "VectorFormFactors",
    "baryon",
    "pseudoscalar",
    "total_uncertainty",
    "vector",
]
