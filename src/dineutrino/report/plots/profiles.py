"""The profile of one parameter, with its intervals."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dineutrino.inference import Profile
from dineutrino.report.fit_result import FitResult
from dineutrino.report.plots.canvas import BLUE, GREEN, GREY, ORANGE, SHADES, axis_label, figure, percent, styled


@styled
def profile(fit: FitResult, name: str) -> Figure:
    """Delta chi2 as a function of one parameter; its intervals shaded, best-fit points and Standard Model marked.

    The density of the posterior, where there is one, is in arbitrary units.
    """
    found: Profile = fit.profiles[name]
    drawn = figure(6.0, 4.2)
    axes = drawn.subplots()
    top = 1.45 * max(found.thresholds)
    limits = _limits(found, top)
    order = np.argsort(found.thresholds)
    for rank in reversed(range(len(order))):
        i = order[rank]
        threshold, shade = found.thresholds[i], SHADES[min(rank + 1, len(SHADES) - 1)]
        for stretch in found.intervals[i]:
            axes.fill_between([stretch.lower, stretch.upper], 0, threshold, color=shade, lw=0, zorder=rank * -1)
    for i in order:
        axes.axhline(found.thresholds[i], color="0.55", lw=0.8, ls="--", zorder=1)
        axes.annotate(
            f"{percent(found.confidence_levels[i])} CL", (1, found.thresholds[i]), xycoords=("axes fraction", "data"),
            xytext=(5, 0), textcoords="offset points", ha="left", va="center", fontsize=10, color=GREY,
        )  # fmt: skip
    axes.plot(*_smooth(found), color=BLUE, zorder=3, label=r"profile, $\Delta\chi^2$")
    unsure = _unverified(found)
    if len(unsure):
        axes.plot(*unsure.T, "x", color=ORANGE, label="not verified", zorder=4, clip_on=False)
    density = fit.density(name)
    if density is not None:
        (values,), height = density.fine
        scaled = 0.5 * top * height / height.max()
        axes.plot(values, scaled, color=GREEN, lw=1.2, label="posterior density", zorder=2)
    _mark_optima(axes, fit, name, found)
    at_sm = fit.standard_model_marks.get(name)
    if at_sm is not None and limits[0] <= at_sm <= limits[1]:
        axes.axvline(at_sm, color="k", lw=1, ls=":", label="Standard Model")
    axes.set_xlim(*limits)
    axes.set_ylim(0, top)
    axes.set_xlabel(axis_label(fit, name))
    axes.set_ylabel(r"$\Delta\chi^2 = -2\,\ln(L/L_{\mathrm{max}})$")
    drawn.legend(loc="outside upper center", ncols=4, handlelength=1.4, columnspacing=1.2, handletextpad=0.4)
    return drawn


def _unverified(found: Profile) -> Float[np.ndarray, "mark 2"]:
    """Points of the profile, and ends of intervals, that rest on no verified optimum; the high ones at the top."""
    top = 1.45 * max(found.thresholds)
    heights = np.minimum(found.delta_chi2, top)
    points = [(x, y) for x, y, sure in zip(found.values, heights, found.converged, strict=True) if not sure]
    for threshold, stretches in zip(found.thresholds, found.intervals, strict=True):
        points += [(stretch.lower, threshold) for stretch in stretches if not stretch.lower_verified]
        points += [(stretch.upper, threshold) for stretch in stretches if not stretch.upper_verified]
    return np.array(points).reshape(-1, 2)


def _mark_optima(axes: Axes, fit: FitResult, name: str, found: Profile) -> None:
    heights = [2 * (fit.best.log_prob - optimum.log_prob) for optimum in fit.maxima]
    shown = [(o[name], h) for o, h in zip(fit.maxima, heights, strict=True) if h <= max(found.thresholds)]
    x, y = zip(*shown, strict=True)
    label = "maxima" if len(shown) > 1 else "best fit"
    axes.plot(x, y, "*", color=ORANGE, ms=11, mec="white", mew=0.6, clip_on=False, zorder=5, ls="none", label=label)


def _limits(found: Profile, top: float) -> tuple[float, float]:
    """The range in which the profile is in the picture, with one grid point more on each side."""
    shown = np.flatnonzero(found.delta_chi2 <= top)
    return float(found.values[max(shown[0] - 1, 0)]), float(found.values[min(shown[-1] + 1, len(found.values) - 1)])


def _smooth(found: Profile) -> tuple[Float[np.ndarray, " point"], Float[np.ndarray, " point"]]:
    """A monotonic cubic interpolation between the points; split at local maxima, where the profile has its kinks."""
    from scipy.interpolate import PchipInterpolator

    finite = np.isfinite(found.delta_chi2)
    x, y = found.values[finite], found.delta_chi2[finite]
    kinks = [i for i in range(2, len(x) - 2) if y[i] >= max(y[i - 1], y[i + 1])]
    pieces = []
    for first, last in zip([0, *kinks], [*kinks, len(x) - 1], strict=True):
        if last - first < 2:
            pieces.append((x[first : last + 1], y[first : last + 1]))
            continue
        fine = np.linspace(x[first], x[last], 20 * (last - first))
        pieces.append((fine, PchipInterpolator(x[first : last + 1], y[first : last + 1])(fine)))
    return np.concatenate([xs for xs, _ in pieces]), np.concatenate([ys for _, ys in pieces])
