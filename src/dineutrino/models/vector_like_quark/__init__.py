"""Vector-like quarks in the t channel and a real scalar as dark matter; source: valencia2024, arXiv:2403.12485."""

from dineutrino.models.vector_like_quark.direct_detection import b_to_s_gamma, isospin, nucleon_cross_section
from dineutrino.models.vector_like_quark.matching import Couplings, down_quarks, higgs_to_gluons, up_quarks
from dineutrino.models.vector_like_quark.model import VectorLikeQuarkDarkMatter
from dineutrino.models.vector_like_quark.relic import condensate, cross_sections, eta, required_coefficient

__all__ = [
    "Couplings",
    "VectorLikeQuarkDarkMatter",
    "b_to_s_gamma",
    "condensate",
    "cross_sections",
    "down_quarks",
    "eta",
    "higgs_to_gluons",
    "isospin",
    "nucleon_cross_section",
    "required_coefficient",
    "up_quarks",
]
