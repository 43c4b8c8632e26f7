"""Figures of a fit."""

from dineutrino.report.plots.canvas import save
from dineutrino.report.plots.contours import contour
from dineutrino.report.plots.corner import corner
from dineutrino.report.plots.goodness import goodness
from dineutrino.report.plots.impacts import impacts
from dineutrino.report.plots.postfit import postfit
from dineutrino.report.plots.predicted import predicted
from dineutrino.report.plots.profiles import profile
from dineutrino.report.plots.pulls import predicted_numbers, pulls

__all__ = [
    "contour",
    "corner",
    "goodness",
    "impacts",
    "postfit",
    "predicted",
    "predicted_numbers",
    "profile",
    "pulls",
    "save",
]
