"""Confidence regions of two parameters."""

from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from dineutrino.inference import Contour, Profile2D
from dineutrino.report.fit_result import FitResult
from dineutrino.report.plots.canvas import BLUE, GREEN, ORANGE, SHADES, axis_label, figure, percent, styled

CONTENTS = (0.6827, 0.9545)
"""Probabilities inside the lines of the posterior."""
CLOSE = 0.2
"""Vertices of a contour closer than this, in units of their mean distance, are drawn as one."""


@styled
def contour(fit: FitResult, x: str, y: str) -> Figure:
    """Regions of the profile likelihood of two parameters, all maxima, the Standard Model, draws of the posterior."""
    found: Profile2D = fit.contours[x, y]
    drawn = figure(5.8, 5.6)
    axes = drawn.subplots()
    ranked = sorted(found.contours, key=lambda one: one.threshold)
    handles: list[Line2D | Patch] = []
    for rank in reversed(range(len(ranked))):
        shade = SHADES[min(rank, len(SHADES) - 1)]
        _region(axes, found, ranked[rank], shade, zorder=1 - 0.1 * rank)
        handles.insert(
            0, Patch(facecolor=shade, edgecolor=BLUE, lw=0.8, label=f"{percent(ranked[rank].confidence_level)} CL")
        )
    handles += _posterior(axes, fit, found)
    axes.set_xlim(found.x[0], found.x[-1])
    axes.set_ylim(found.y[0], found.y[-1])
    handles += _points(axes, fit, found, max(contour.threshold for contour in ranked))
    axes.set_xlabel(axis_label(fit, x))
    axes.set_ylabel(axis_label(fit, y))
    drawn.legend(handles=handles, loc="outside upper center", ncols=3, handlelength=1.4, columnspacing=1.4)
    return drawn


def _region(axes: Axes, found: Profile2D, one: Contour, shade: str, zorder: float) -> None:
    """Fill where delta chi2 is below a threshold: between the exact lines, or from the grid where they are open."""
    if one.lines and all(one.closed) and not one.touches_edge:
        path = Path.make_compound_path(*(Path(rounded(line), closed=True) for line in one.lines))
        axes.add_patch(PathPatch(path, facecolor=shade, edgecolor="none", zorder=zorder))
    else:
        capped = np.minimum(found.delta_chi2, 10 * one.threshold).T
        axes.contourf(found.x, found.y, capped, levels=[-np.inf, one.threshold], colors=[shade], zorder=zorder)
    for line, closed in zip(one.lines, one.closed, strict=True):
        line = rounded(line) if closed else line
        axes.plot(line[:, 0], line[:, 1], color=BLUE, lw=0.8, zorder=zorder + 0.05)


def rounded(line: Float[np.ndarray, "vertex 2"], per_segment: int = 8) -> Float[np.ndarray, "point 2"]:
    """A closed line drawn smoothly through its vertices: a periodic cubic spline in the length of the polygon.

    Vertices that nearly coincide with the one before are left out.
    """
    from scipy.interpolate import CubicSpline

    size = np.ptp(line, axis=0)
    steps = np.linalg.norm(np.diff(line / np.where(size > 0, size, 1.0), axis=0), axis=1)
    places = np.concatenate([[0.0], np.cumsum(steps)])
    kept = [0]
    for i in range(1, len(line) - 1):
        if min(places[i] - places[kept[-1]], places[-1] - places[i]) > CLOSE * places[-1] / len(line):
            kept.append(i)
    if len(kept) < 4:
        return line
    kept.append(len(line) - 1)
    vertices, knots = line[kept], places[kept]
    vertices[-1] = vertices[0]
    fine = np.interp(np.arange(per_segment * len(knots) + 1) / per_segment, np.arange(len(knots)), knots)
    return CubicSpline(knots, vertices, bc_type="periodic")(fine)


def _posterior(axes: Axes, fit: FitResult, found: Profile2D) -> list[Line2D | Patch]:
    """Dashed lines around the regions of highest posterior density."""
    density = fit.density(*found.names)
    if density is None:
        return []
    (xs, ys), height = density.fine
    heights = sorted(set(density.levels(CONTENTS)))
    axes.contour(xs, ys, height.T, levels=heights, colors=[GREEN], linestyles="--", linewidths=1.1, zorder=2)
    inside = " and ".join(percent(content) for content in CONTENTS)
    return [Line2D([], [], color=GREEN, ls="--", lw=1.1, label=f"posterior, {inside}")]


def _points(axes: Axes, fit: FitResult, found: Profile2D, threshold: float) -> list[Line2D | Patch]:
    """All maxima inside the largest region, and the Standard Model if it is in the picture."""
    x, y = found.names
    shown = fit.maxima.within(threshold / 2)
    star: dict[str, Any] = {"ls": "none", "marker": "*", "ms": 13, "mec": "white", "mew": 0.8, "color": ORANGE}
    handles: list[Line2D | Patch] = []
    handles += axes.plot(
        [o[x] for o in shown], [o[y] for o in shown], **star, zorder=4, label="maxima" if len(shown) > 1 else "best fit"
    )
    marks, limits = fit.standard_model_marks, (axes.get_xlim(), axes.get_ylim())
    if all(low <= marks.get(n, np.nan) <= high for n, (low, high) in zip(found.names, limits, strict=True)):
        diamond: dict[str, Any] = {"ls": "none", "marker": "D", "ms": 6.5, "mfc": "white", "mec": "black", "mew": 1.3}
        handles += axes.plot(marks[x], marks[y], **diamond, zorder=5, label="Standard Model")
    return handles
