"""Figures in the style of the package, without the global state of pyplot."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib.resources import as_file, files
from pathlib import Path
from typing import ParamSpec

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure

from dineutrino import __version__
from dineutrino.io.atomic import replacing
from dineutrino.report import labels
from dineutrino.report.fit_result import FitResult

P = ParamSpec("P")

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#555555"
SHADES = ("#4C9FD0", "#94C6E5", "#D3E8F5", "#EEF6FB")
"""Fills of confidence regions, from the innermost outwards."""


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Let a function draw in the style of the package; the settings of the user are left as they were."""

    @wraps(draw)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with _style():
            return draw(*args, **kwargs)

    return wrapper


def figure(width: float, height: float) -> Figure:
    """An empty figure with an Agg canvas, sizes in inches."""
    drawn = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(drawn)
    return drawn


def save(drawn: Figure, stem: Path) -> list[Path]:
    """Write a figure as PNG and PDF, each atomically; the same figure gives the same bytes."""
    png, pdf = (stem.with_name(stem.name + suffix) for suffix in (".png", ".pdf"))
    with _style():
        # arrange once, and draw once for each format: `savefig` draws twice
        drawn.draw_without_rendering()
        drawn.set_layout_engine("none")
        drawn.set_dpi(matplotlib.rcParams["savefig.dpi"])
        with replacing(png) as temporary:
            FigureCanvasAgg(drawn).print_png(temporary, metadata={"Software": f"dineutrino {__version__}"})
        with replacing(pdf) as temporary:
            FigureCanvasPdf(drawn).print_pdf(temporary, metadata={"CreationDate": None})
    return [png, pdf]


@contextmanager
def _style() -> Iterator[None]:
    file = files("dineutrino.report.plots").joinpath("dineutrino.mplstyle")
    with as_file(file) as path, matplotlib.rc_context(fname=path):
        yield


def axis_label(fit: FitResult, name: str) -> str:
    """The label of a parameter, in dollars."""
    parameter = next(p for p in fit.likelihood.parameters if p.name == name)
    return labels.math(labels.parameter(parameter))


def percent(level: float) -> str:
    """A probability: "68.27%"."""
    return f"{100 * level:.4g}%"
