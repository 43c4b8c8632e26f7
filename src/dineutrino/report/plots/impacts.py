"""Ranked nuisances: their impact on a parameter, and their pulls."""

import numpy as np
from matplotlib.figure import Figure

from dineutrino.report.fit_result import FitResult
from dineutrino.report.impacts import impacts as ranked
from dineutrino.report.plots.canvas import BLUE, GREY, ORANGE, axis_label, figure, styled

MOST = 20
"""Nuisances that are drawn."""


@styled
def impacts(fit: FitResult, parameter: str) -> Figure:
    """The nuisances with the largest impact on a parameter: impact of +-1 standard deviation, and the pull."""
    rows = ranked(fit.best, parameter, fit.likelihood.n_parameters)[:MOST]
    drawn = figure(8.4, 1.4 + 0.28 * len(rows))
    left, right = drawn.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    places = np.arange(len(rows))
    values = np.array([row.impact for row in rows])
    left.barh(places, values, 0.7, color=BLUE, alpha=0.7, label=r"nuisance $+1\sigma$")
    left.barh(places, -values, 0.7, color=ORANGE, alpha=0.5, label=r"nuisance $-1\sigma$")
    left.set_yticks(places, [row.nuisance.replace("_", " ") for row in rows], fontsize=8)
    left.invert_yaxis()
    left.set_xlabel(f"change of {axis_label(fit, parameter)}")
    pulls, errors = [row.pull for row in rows], [row.constraint for row in rows]
    right.errorbar(pulls, places, xerr=errors, fmt="o", ms=4, color="black", lw=1.2)
    for x in (-1, 0, 1):
        right.axvline(x, color=GREY, lw=0.8, ls="-" if x == 0 else "--")
    right.set_xlabel("pull")
    reach = max(2.0, 1.1 * float(np.max(np.abs(pulls) + np.array(errors), initial=0.0)))
    right.set_xlim(-reach, reach)
    for axes in (left, right):
        axes.tick_params(axis="y", which="both", left=False, right=False)
        axes.minorticks_off()
    drawn.legend(loc="outside upper center", ncols=2)
    return drawn
