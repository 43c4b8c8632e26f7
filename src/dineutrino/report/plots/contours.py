"""Confidence regions of two parameters."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from dineutrino.inference import Contour, Profile2D
from dineutrino.inference.contours import way_around
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
    """Fill what the lines enclose, together with the edge of the picture where they are open."""
    lines = [rounded(line) if closed else line for line, closed in zip(one.lines, one.closed, strict=True)]
    outlines = [line for line, closed in zip(lines, one.closed, strict=True) if closed]
    outlines += along_the_edge(found, one)
    if outlines:
        path = Path.make_compound_path(*(Path(outline, closed=True) for outline in outlines))
        axes.add_patch(PathPatch(path, facecolor=shade, edgecolor="none", zorder=zorder))
    for line, sure in zip(lines, one.verified, strict=True):
        axes.plot(
            line[:, 0],
            line[:, 1],
            color=BLUE if sure else ORANGE,
            lw=0.8,
            ls="-" if sure else ":",
            zorder=zorder + 0.05,
        )


def along_the_edge(found: Profile2D, one: Contour) -> list[Float[np.ndarray, "_ 2"]]:
    """Outlines of the parts of a region that reach the edge of the picture.

    Lines have the inside on their left. So where one ends at the edge, the outline goes on along the edge, counter-
    clockwise, to where the next one begins. Without open lines it is the whole edge, or nothing.
    """
    low, size = np.array([found.x[0], found.y[0]]), np.array([np.ptp(found.x), np.ptp(found.y)])
    corners = low + size * np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    open_lines = [line for line, closed in zip(one.lines, one.closed, strict=True) if not closed]
    if not open_lines:
        return [np.concatenate([corners, corners[:1]])] if one.touches_edge else []
    begins, ends = (np.array([way_around((line[i] - low) / size) for line in open_lines]) for i in (0, -1))
    outlines, left = [], list(range(len(open_lines)))
    while left:
        first = number = left[0]
        parts = []
        while number in left:
            left.remove(number)
            ahead = (begins - ends[number]) % 4
            following = int(np.argmin(ahead))
            passed = [k for k in range(1, 9) if 0 < k - ends[number] < ahead[following]]
            parts += [open_lines[number], corners[[k % 4 for k in passed]]]
            number = following
        outline = np.concatenate(parts)
        outlines.append(np.concatenate([outline, open_lines[first][:1]]))
    return outlines


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
    label = "maxima" if len(shown) > 1 else "best fit"
    (star,) = axes.plot([o[x] for o in shown], [o[y] for o in shown], "*", ms=13, color=ORANGE, zorder=4, label=label)
    star.set(mec="white", mew=0.8)
    handles: list[Line2D | Patch] = [star]
    marks, limits = fit.standard_model_marks, (axes.get_xlim(), axes.get_ylim())
    if all(low <= marks.get(n, np.nan) <= high for n, (low, high) in zip(found.names, limits, strict=True)):
        (diamond,) = axes.plot(marks[x], marks[y], "D", ms=6.5, mfc="white", zorder=5, label="Standard Model")
        diamond.set(mec="black", mew=1.3)
        handles.append(diamond)
    return handles
