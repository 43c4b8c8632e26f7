"""Predictions beside measurements."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dineutrino import observables
from dineutrino.report import labels, numbers
from dineutrino.report.fit_result import FitResult
from dineutrino.report.measured import Datum, data
from dineutrino.report.plots.canvas import BLUE, GREEN, GREY, ORANGE, figure, styled
from dineutrino.report.predictions import Prediction


@styled
def predicted(fit: FitResult) -> Figure:
    """One panel per quantity, one row per observable: Standard Model, best fit, posterior, and the measurements."""
    listed = [datum for measurement in fit.likelihood.measurements for datum in data(measurement)]
    panels: dict[str, list[Prediction]] = {}
    for prediction in fit.predictions:
        panels.setdefault(_quantity(prediction), []).append(prediction)
    heights = [len(rows) + 0.9 for rows in panels.values()]
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


def _quantity(prediction: Prediction) -> str:
    """TeX of what is predicted, without the decay: one panel each."""
    observable = observables.get(str(prediction.reference[0]))
    return observable.tex.removesuffix(f"({observable.mode.tex})")


def _panel(axes: Axes, quantity: str, rows: list[Prediction], listed: list[Datum]) -> None:
    here = {row.reference: [d for d in listed if d.observable == row.reference] for row in rows}
    power = numbers.exponent([row.standard_model for row in rows])
    unit = 10.0**power
    reach = 0.0
    for i, row in enumerate(rows):
        low, high = (row.standard_model - row.uncertainty) / unit, (row.standard_model + row.uncertainty) / unit
        if row.uncertainty > 0:
            axes.fill_betweenx([i - 0.36, i + 0.36], low, high, color="0.82", lw=0, label="Standard Model")
        axes.plot([row.standard_model / unit] * 2, [i - 0.36, i + 0.36], color="0.4", lw=1.2)
        if row.uncertainty == 0:
            axes.plot([], [], color="0.4", lw=1.2, label="Standard Model")
        if row.median is not None and row.lower is not None and row.upper is not None:
            errors = np.array([[row.median - row.lower], [row.upper - row.median]]) / unit
            axes.errorbar(
                row.median / unit, i - 0.2, xerr=errors, fmt="s", ms=5, color=GREEN, capsize=0, lw=2.2,
                label="posterior, median and 68%",
            )  # fmt: skip
            reach = max(reach, row.upper / unit)
        axes.plot(
            row.best_fit / unit,
            i,
            "*",
            color=ORANGE,
            ms=11,
            mec="white",
            mew=0.6,
            ls="none",
            label="best fit",
            zorder=4,
        )
        reach = max(reach, row.best_fit / unit, high, *(_end(datum) / unit for datum in here[row.reference]), 0.0)
        for k, datum in enumerate(here[row.reference]):
            _measurement(axes, datum, i + 0.22 + 0.13 * k, unit)
    axes.set_xlim(0, 1.05 * reach)
    axes.set_ylim(len(rows) - 0.45, -0.55)
    axes.set_yticks(range(len(rows)), [labels.math(row.tex) for row in rows])
    axes.tick_params(axis="y", which="both", left=False, right=False)
    axes.tick_params(axis="y", which="minor", length=0)
    axes.set_xlabel(labels.axis(quantity, labels.scaled_unit(rows[0].unit, power)), labelpad=1)
    for i in range(1, len(rows)):
        axes.axhline(i - 0.5, color="0.9", lw=0.6, zorder=0)


def _end(datum: Datum) -> float:
    """How far to the right a measurement reaches, with its name beside it."""
    return 1.22 * (datum.value + datum.plus)


def _measurement(axes: Axes, datum: Datum, y: float, unit: float) -> None:
    name = labels.measurement(datum.experiment, datum.source)
    value = datum.value / unit
    if datum.confidence_level is not None:
        level = f"{100 * datum.confidence_level:.3g}% upper limit"
        axes.plot([value, value], [y - 0.13, y + 0.13], color=BLUE, lw=1.8)
        axes.annotate(
            "", (0.86 * value, y), (value, y), arrowprops={"arrowstyle": "-|>", "color": BLUE, "lw": 1.4, "shrinkA": 0}
        )
        axes.plot([], [], color=BLUE, marker=r"$\leftarrow\!\!|$", ms=15, ls="none", label=level)
    else:
        errors = np.array([[datum.minus], [datum.plus]]) / unit
        axes.errorbar(value, y, xerr=errors, fmt="o", ms=5.5, color=BLUE, capsize=2.5, lw=1.4, label="measurement, 68%")
    end = value if datum.is_limit else (datum.value + datum.plus) / unit
    axes.annotate(
        name, (end, y), xytext=(5, 0), textcoords="offset points", ha="left", va="center", fontsize=9, color=GREY
    )
