"""Predictions beside measurements."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dineutrino.report import labels, numbers
from dineutrino.report.fit_result import FitResult
from dineutrino.report.measured import Datum, data
from dineutrino.report.plots.canvas import BLUE, GREEN, GREY, ORANGE, figure, styled
from dineutrino.report.predictions import Prediction

LANE = 0.3
"""Distance of measurements of the same observable, in rows."""
NAMES_FROM = 0.72
"""The measurement that reaches farthest ends at this fraction of the panel, and its name follows."""


@styled
def predicted(fit: FitResult) -> Figure:
    """One panel per quantity, one row per observable: Standard Model, best fit, posterior, and the measurements."""
    listed = [datum for measurement in fit.likelihood.measurements for datum in data(measurement)]
    panels: dict[str, list[Prediction]] = {}
    for prediction in fit.predictions:
        panels.setdefault(labels.quantity(prediction.reference), []).append(prediction)
    heights = [sum(_room(_of(row, listed)) for row in rows) + 0.9 for rows in panels.values()]
    drawn = figure(7.0, 0.9 + 0.58 * sum(heights))
    grid = drawn.subplots(len(panels), 1, height_ratios=heights, squeeze=False)[:, 0]
    for axes, (quantity, rows) in zip(grid, panels.items(), strict=True):
        _panel(axes, quantity, rows, listed)
    handles: dict[str, Artist] = {}
    for axes in grid:
        for handle, name in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.setdefault(name, handle)
    drawn.legend(handles=list(handles.values()), labels=list(handles), loc="outside upper center", ncols=3)
    return drawn


def _of(row: Prediction, listed: list[Datum]) -> list[Datum]:
    """The measurements of an observable."""
    return [datum for datum in listed if datum.observable == row.reference]


def _room(measured: list[Datum]) -> float:
    """Height of a row: prediction, posterior and one measurement fit into 1."""
    return 1.0 + LANE * max(len(measured) - 1, 0)


def _panel(axes: Axes, quantity: str, rows: list[Prediction], listed: list[Datum]) -> None:
    power = numbers.exponent([row.scale for row in rows])
    unit = 10.0**power
    top, middles, least, reach, named = 0.0, [], 0.0, 0.0, 0.0
    for row in rows:
        measured = _of(row, listed)
        middle, bottom = top + 0.5, top + _room(measured)
        left, right = _prediction(axes, row, middle, unit)
        least, reach = min(least, left), max(reach, right)
        for lane, datum in enumerate(measured):
            _measurement(axes, datum, middle + 0.22 + LANE * lane, unit)
            named = max(named, (datum.value + datum.plus) / unit)
            if datum.value < 0:
                least = min(least, (datum.value - datum.minus) / unit)
        axes.axhline(bottom, color="0.9", lw=0.6, zorder=0)
        middles.append(middle)
        top = bottom
    axes.set_xlim(*ends(least, reach, named))
    axes.set_ylim(top, 0)
    axes.set_yticks(middles, [labels.math(labels.decay(row.reference)) for row in rows])
    axes.tick_params(axis="y", which="both", left=False, right=False)
    axes.set_xlabel(labels.axis(quantity, labels.scaled_unit(rows[0].unit, power)), labelpad=1)


def ends(least: float, reach: float, named: float) -> tuple[float, float]:
    """Of the axis, which holds zero: for what reaches from `least` to `reach`, and measurements that end at `named`."""
    left = 1.08 * min(least, 0.0)
    right = max(1.08 * reach, left + (named - left) / NAMES_FROM)
    return left, right if right > left else left + 1.0


def _prediction(axes: Axes, row: Prediction, y: float, unit: float) -> tuple[float, float]:
    """Standard Model, best fit and posterior of one observable; how far they reach to the left and to the right."""
    value, error = row.standard_model / unit, row.uncertainty / unit
    span = [y - 0.36, y + 0.36]
    label = "Standard Model"
    if error > 0:
        axes.fill_betweenx(span, value - error, value + error, color="0.82", lw=0, label=label)
        axes.plot([value, value], span, color="0.4", lw=1.2)
    else:
        axes.plot([value, value], span, color="0.4", lw=1.2, label=label)
    reach = [value - error if value < 0 else value, value + error, row.best_fit / unit]
    if row.median is not None and row.lower is not None and row.upper is not None:
        errors = np.array([[row.median - row.lower], [row.upper - row.median]]) / unit
        label = "posterior, median and 68%"
        axes.errorbar(row.median / unit, y - 0.2, xerr=errors, fmt="s", ms=5, color=GREEN, lw=2.2, label=label)
        reach += [row.lower / unit, row.upper / unit]
    (star,) = axes.plot(row.best_fit / unit, y, ls="none", marker="*", ms=11, color=ORANGE, label="best fit", zorder=4)
    star.set(mec="white", mew=0.6)
    return min(reach), max(reach)


def _measurement(axes: Axes, datum: Datum, y: float, unit: float) -> None:
    value, end = datum.value / unit, (datum.value + datum.plus) / unit
    if datum.confidence_level is not None:
        axes.plot([value, value], [y - 0.12, y + 0.12], color=BLUE, lw=1.8)
        arrow = {"arrowstyle": "<|-", "color": BLUE, "lw": 1.4, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (value, y), (-22, 0), textcoords="offset points", arrowprops=arrow)
        label = f"{100 * datum.confidence_level:.3g}% upper limit"
        axes.plot([], [], color=BLUE, marker=r"$\leftarrow\!\!|$", ms=15, ls="none", label=label)
    else:
        errors = np.array([[datum.minus], [datum.plus]]) / unit
        axes.errorbar(value, y, xerr=errors, fmt="o", ms=5.5, color=BLUE, capsize=2.5, lw=1.4, label="measurement, 68%")
    source = labels.measurement(datum.experiment, datum.source)
    right = axes.annotate(source, (end, y), xytext=(5, 0), textcoords="offset points", color=GREY, fontsize=9)
    right.set(ha="left", va="center")
