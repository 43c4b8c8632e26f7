"""Pulls: how far predictions lie from the data, in units of the errors."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory

from dineutrino.measurements import Measurement
from dineutrino.observables import label
from dineutrino.report import labels
from dineutrino.report.fit_result import FitResult
from dineutrino.report.plots.canvas import BLUE, GREY, figure, styled

LARGEST = 6.0
"""Pulls beyond this are drawn as arrows at the edge."""


@styled
def pulls(fit: FitResult) -> Figure:
    """One row per measured number: the pull at the best fit (bar and dot) and in the Standard Model (open circle)."""
    best = fit.at_best.pulls
    standard_model = None if fit.at_standard_model is None else fit.at_standard_model.pulls
    rows = [(m, reference) for m in predicted_numbers(fit) for reference in m.observables]
    drawn = figure(6.6, 1.3 + 0.55 * len(rows))
    axes = drawn.subplots()
    reach = 2.5
    for i, (measurement, reference) in enumerate(rows):
        name = label(reference)
        shown = _shown(best[measurement.name][name])
        axes.barh(i, shown, height=0.34, color=BLUE, alpha=0.35, linewidth=0)
        axes.plot(shown, i, "o", color=BLUE, label="best fit" if i == 0 else None, zorder=3)
        reach = max(reach, abs(shown))
        if standard_model is not None:
            at_sm = _shown(standard_model[measurement.name][name])
            axes.plot(
                at_sm, i, "o", mfc="white", mec=GREY, mew=1.4, label="Standard Model" if i == 0 else None, zorder=2
            )
            reach = max(reach, abs(at_sm))
    for sigma, style in ((0, "-"), (1, "--"), (2, ":")):
        for sign in (-1, 1):
            axes.axvline(sign * sigma, color="0.6", lw=0.8, ls=style, zorder=0)
    axes.set_xlim(-1.12 * reach, 1.12 * reach)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [labels.math(labels.observable(reference)) for _, reference in rows])
    axes.tick_params(axis="y", which="both", left=False, right=False)
    axes.minorticks_off()
    axes.set_xlabel("pull: (prediction − data) / error")
    beside = blended_transform_factory(axes.transAxes, axes.transData)
    for i, (measurement, _) in enumerate(rows):
        text = labels.measurement(measurement.experiment, measurement.source)
        axes.text(1.015, i, text, transform=beside, va="center", fontsize=10, color=GREY)
    drawn.legend(loc="outside upper center", ncols=2, handletextpad=0.2)
    return drawn


def predicted_numbers(fit: FitResult) -> list[Measurement]:
    """The measurements whose numbers are observables; bins of a detector have a figure of their own."""
    return [m for m in fit.likelihood.measurements if m.term.shown == m.observables]


def _shown(pull: float) -> float:
    return float(np.clip(np.nan_to_num(pull, nan=0.0), -LARGEST, LARGEST))
