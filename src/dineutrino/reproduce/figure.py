"""A figure as data: curves, bands and limits with their numbers; drawn, and written as JSON beside the drawing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from jaxtyping import Float
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from dineutrino import __version__
from dineutrino.io import strict_json
from dineutrino.io.atomic import write_text
from dineutrino.report.plots import canvas

Numbers = Float[np.ndarray, " n"]
WIDTH, HEIGHT, COLUMNS = 4.6, 3.9, 3
"""Of a panel, inches; panels side by side at most."""


@dataclass(frozen=True)
class Line:
    """A curve of a panel; where a number is nan it has a gap."""

    label: str
    x: Numbers
    y: Numbers
    color: str = "C0"
    style: str = "-"


@dataclass(frozen=True)
class Band:
    """What lies between two curves over the same x."""

    label: str
    x: Numbers
    lower: Numbers
    upper: Numbers
    color: str = "C5"
    hatch: str = ""


@dataclass(frozen=True)
class Ring:
    """What lies between two closed curves, (points, 2); an empty hole is a point."""

    label: str
    outer: Float[np.ndarray, "n 2"]
    inner: Float[np.ndarray, "n 2"]
    color: str = "C5"
    hatch: str = ""


@dataclass(frozen=True)
class Panel:
    """One set of axes. Labels are in TeX, with dollars where needed."""

    title: str
    x_label: str
    y_label: str
    curves: Sequence[Line | Band | Ring]
    x_scale: str = "linear"
    y_scale: str = "linear"
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None


@dataclass(frozen=True)
class Figure:
    """A figure of a paper.

    Attributes:
        name: "felkl2023 figure 2".
        source: arXiv number.
        caption: what it shows, with the inputs and conventions that are ours.
        panels: its axes.
    """

    name: str
    source: str
    caption: str
    panels: Sequence[Panel]


class Make(Protocol):
    """What makes a figure."""

    def __call__(self, *, fast: bool) -> Figure:
        """The figure, with about a quarter of the points where it should be there fast."""
        ...


class MakeFrom(Make, Protocol):
    """What makes a figure from published files."""

    def __call__(self, data: Path | None = None, *, fast: bool) -> Figure:
        """The figure, from the files in a folder."""
        ...


def fewer(points: int, fast: bool) -> int:
    """How many points a curve has: all of them, or about a quarter where it should be there fast."""
    return 1 + (points - 1) // 4 if fast else points


def write(figure: Figure, stem: Path) -> list[Path]:
    """The numbers as JSON, then the drawing as PNG and PDF."""
    return [write_numbers(figure, stem), *canvas.save(draw(figure), stem)]


def write_numbers(figure: Figure, stem: Path) -> Path:
    """Write the numbers of all panels as JSON, and return the path of the file."""
    content = {"dineutrino": __version__, **asdict(figure)}
    return write_text(stem.with_name(stem.name + ".json"), strict_json.dumps(content) + "\n")


@canvas.styled
def draw(figure: Figure) -> Drawing:
    """A drawing with all panels, in rows."""
    columns = 2 if len(figure.panels) == 4 else min(COLUMNS, len(figure.panels))
    rows = -(-len(figure.panels) // columns)
    drawn = canvas.figure(WIDTH * columns, HEIGHT * rows)
    for i, panel in enumerate(figure.panels):
        _draw(drawn.add_subplot(rows, columns, i + 1), panel)
    return drawn


def _draw(axes: Axes, panel: Panel) -> None:
    axes.set(title=panel.title, xlabel=panel.x_label, ylabel=panel.y_label, xscale=panel.x_scale, yscale=panel.y_scale)
    for curve in panel.curves:
        if isinstance(curve, Line):
            axes.plot(curve.x, curve.y, curve.style, color=curve.color, label=curve.label)
            continue
        area: Artist
        if isinstance(curve, Band):
            area = axes.fill_between(curve.x, curve.lower, curve.upper, alpha=0.45, linewidth=0, label=curve.label)
        else:
            around = np.concatenate([curve.outer, curve.inner[::-1]])
            (area,) = axes.fill(*around.T, alpha=0.45, linewidth=0, label=curve.label)
        area.set(facecolor="none" if curve.hatch else curve.color, edgecolor=curve.color, hatch=curve.hatch)
    if panel.x_range is not None:
        axes.set_xlim(panel.x_range)
    if panel.y_range is not None:
        axes.set_ylim(panel.y_range)
    axes.legend(fontsize=8)
