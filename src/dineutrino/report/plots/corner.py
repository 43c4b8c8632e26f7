"""The posterior of the free parameters and the main branching ratios."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from dineutrino import observables
from dineutrino.inference import Density, Optimum
from dineutrino.inference.smoothing import Marginal, smoothed
from dineutrino.report import labels, numbers, samples
from dineutrino.report.fit_result import FitResult
from dineutrino.report.plots.canvas import BLUE, ORANGE, SHADES, axis_label, figure, percent, styled

CONTENTS = (0.6827, 0.9545)


@dataclass(frozen=True)
class _Variable:
    """One row and column of the plot: a parameter, or an observable (without the name of a parameter)."""

    label: str
    parameter: str | None
    marginal: Marginal
    limits: tuple[float, float]
    maxima: tuple[float, ...]
    standard_model: float | None


@styled
def corner(fit: FitResult) -> Figure:
    """Densities of each variable and of each pair, with regions of 68.3% and 95.4% probability."""
    shown = fit.maxima.within(4.0)
    variables = _parameters(fit, shown) + _branching_ratios(fit, shown)
    n = len(variables)
    size = max(2.0 * n, 4.5)
    drawn = figure(size, size)
    grid = drawn.subplots(n, n, squeeze=False)
    for i in range(n):
        for j in range(n):
            if j > i:
                grid[i, j].set_axis_off()
                continue
            if i == j:
                _single(grid[i, i], variables[i], _density(fit, variables[i]))
            else:
                _pair(grid[i, j], variables[j], variables[i], _density(fit, variables[j], variables[i]))
            _frame(grid[i, j], variables, i, j)
    drawn.align_labels()
    handles: list[Patch | Line2D] = [
        Patch(facecolor=shade, edgecolor=BLUE, lw=0.8, label=f"{percent(content)} probability")
        for shade, content in zip(SHADES[1:], CONTENTS, strict=False)
    ]
    handles.append(
        Line2D([], [], ls="none", marker="*", ms=11, color=ORANGE, label="maxima" if len(shown) > 1 else "best fit")
    )
    if any(variable.standard_model is not None for variable in variables):
        handles.append(Line2D([], [], ls=":", lw=1, color="k", label="Standard Model"))
    if n > 1:
        drawn.legend(handles=handles, loc="upper right", bbox_to_anchor=(0.99, 0.99))
    else:
        drawn.legend(handles=handles, loc="outside upper center", ncols=2)
    return drawn


def _parameters(fit: FitResult, shown: tuple[Optimum, ...]) -> list[_Variable]:
    found = []
    for name in fit.parameters:
        marginal = fit.marginal(name)
        if marginal is not None:
            at_sm = fit.standard_model_marks.get(name)
            found.append(_variable(axis_label(fit, name), name, marginal, tuple(o[name] for o in shown), at_sm))
    return found


def _branching_ratios(fit: FitResult, shown: tuple[Optimum, ...]) -> list[_Variable]:
    """One total branching ratio for each transition, the first that the likelihood knows: measured ones come first."""
    found: dict[tuple[str, ...], _Variable] = {}
    at_maxima = [fit.evaluate(optimum.point).predictions for optimum in shown]
    for prediction in fit.predictions:
        name = str(prediction.reference[0])
        marginal = samples.prediction(fit.posterior, prediction.label)
        transition = observables.get(name).transitions
        if not name.startswith("BR(") or transition in found or marginal is None:
            continue
        power = numbers.exponent([prediction.best_fit, prediction.standard_model])
        unit = 10.0**power
        best = tuple(values[prediction.label] / unit for values in at_maxima)
        title = labels.axis(prediction.tex, labels.scaled_unit(prediction.unit, power))
        found[transition] = _variable(title, None, marginal.scaled(unit), best, prediction.standard_model / unit)
    return list(found.values())


def _variable(
    label: str, parameter: str | None, marginal: Marginal, maxima: tuple[float, ...], standard_model: float | None
) -> _Variable:
    """With limits that hold the density and the Standard Model, and a margin."""
    low, high = marginal.reach()
    if standard_model is not None:
        low, high = min(low, standard_model), max(high, standard_model)
    margin = 0.03 * (high - low)
    return _Variable(label, parameter, marginal, (low - margin, high + margin), maxima, standard_model)


def _density(fit: FitResult, *variables: _Variable) -> Density:
    """That of the parameters; where there is an observable among them, that of its draws."""
    parameters = [variable.parameter for variable in variables if variable.parameter is not None]
    density = fit.density(*parameters) if len(parameters) == len(variables) else None
    if density is not None:
        return density
    return smoothed(tuple(v.label for v in variables), tuple(v.marginal for v in variables))


def _single(axes: Axes, variable: _Variable, density: Density) -> None:
    (x,), height = density.fine
    axes.plot(x, height, color=BLUE, lw=1.2)
    for shade, content in reversed(list(zip(SHADES[1:], CONTENTS, strict=False))):
        for lower, upper in density.highest(content):
            inside = (x >= lower) & (x <= upper)
            axes.fill_between(x[inside], 0, height[inside], color=shade, lw=0)
    _lines(axes, vertical=variable)
    axes.plot(
        variable.maxima,
        [0] * len(variable.maxima),
        "*",
        color=ORANGE,
        ms=9,
        mec="white",
        mew=0.5,
        clip_on=False,
        zorder=5,
    )
    axes.set_ylim(0, 1.12 * height.max())


def _pair(axes: Axes, x: _Variable, y: _Variable, density: Density) -> None:
    (xs, ys), height = density.fine
    inner, outer = density.levels(CONTENTS)
    top = max(float(height.max()), inner * (1 + 1e-9), outer * (1 + 2e-9))
    if outer < inner < top:
        axes.contourf(xs, ys, height.T, levels=[outer, inner, top], colors=[SHADES[2], SHADES[1]])
        axes.contour(xs, ys, height.T, levels=[outer, inner], colors=[BLUE], linewidths=0.7)
    _lines(axes, vertical=x, horizontal=y)
    axes.plot(x.maxima, y.maxima, "*", color=ORANGE, ms=9, mec="white", mew=0.5, zorder=5)
    axes.set_ylim(*y.limits)


def _lines(axes: Axes, vertical: _Variable, horizontal: _Variable | None = None) -> None:
    """The Standard Model as dotted lines."""
    if vertical.standard_model is not None:
        axes.axvline(vertical.standard_model, color="k", lw=0.9, ls=":", zorder=3)
    if horizontal is not None and horizontal.standard_model is not None:
        axes.axhline(horizontal.standard_model, color="k", lw=0.9, ls=":", zorder=3)


def _frame(axes: Axes, variables: list[_Variable], i: int, j: int) -> None:
    """Limits, ticks and labels; tick labels only at the left and lower edges."""
    axes.set_xlim(*variables[j].limits)
    axes.xaxis.set_major_locator(MaxNLocator(4, prune="both"))
    axes.tick_params(labelsize=9)
    if i == j:
        axes.set_yticks([])
        axes.tick_params(axis="y", which="both", left=False, right=False)
    else:
        axes.yaxis.set_major_locator(MaxNLocator(4, prune="both"))
    if i < len(variables) - 1:
        axes.tick_params(labelbottom=False)
    else:
        axes.set_xlabel(variables[j].label, fontsize=12)
    if j == 0 and i > 0:
        axes.set_ylabel(variables[i].label, fontsize=12)
    else:
        axes.tick_params(labelleft=False)
