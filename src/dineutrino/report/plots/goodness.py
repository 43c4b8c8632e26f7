"""Goodness of fit with toys."""

import numpy as np
from matplotlib.figure import Figure

from dineutrino.inference import Toys
from dineutrino.report.fit_result import FitResult
from dineutrino.report.plots.canvas import BLUE, GREY, ORANGE, figure, styled


@styled
def goodness(fit: FitResult, found: Toys) -> Figure:
    """The chi2 of the toys, the distribution that Wilks' theorem promises, and the data."""
    from scipy import stats

    drawn = figure(5.6, 3.8)
    axes = drawn.subplots()
    chi2 = found.chi2[found.converged]
    axes.hist(chi2, bins=40, density=True, color=BLUE, alpha=0.45, label=f"{len(chi2)} toys")
    freedom = fit.goodness.degrees_of_freedom
    if freedom > 0:
        grid = np.linspace(max(1e-3, 0.5 * chi2.min()), max(chi2.max(), found.observed_chi2), 300)
        axes.plot(grid, stats.chi2(freedom).pdf(grid), color=GREY, label=rf"$\chi^2$ of {freedom} degrees of freedom")
    label = f"data: p = {found.p_value:.3g} ± {found.p_value_error:.1g}"
    axes.axvline(found.observed_chi2, color=ORANGE, lw=2, label=label)
    axes.set_xlabel(r"$\chi^2$ at the best fit")
    axes.set_yticks([])
    axes.legend()
    return drawn
