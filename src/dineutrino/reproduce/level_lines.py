"""Lines on which a quantity on a grid has one value, as curves of a figure."""

import numpy as np
from contourpy import contour_generator
from jaxtyping import Float

from dineutrino.reproduce.figure import Line


def level_line(
    label: str,
    x: Float[np.ndarray, " column"],
    y: Float[np.ndarray, " row"],
    heights: Float[np.ndarray, "row column"],
    level: float,
    color: str = "C0",
    style: str = "-",
) -> Line:
    """All pieces of the line at a level, linear between the points of the grid, with a gap between two pieces.

    Args:
        label: of the line.
        x: coordinates of the columns.
        y: coordinates of the rows.
        heights: on the grid; nan has no line around it.
        level: of the line.
        color: as for any line.
        style: as for any line.
    """
    pieces = contour_generator(x, y, np.ma.masked_invalid(heights)).lines(level)
    gap = np.full((1, 2), np.nan)
    joined = np.concatenate([part for piece in pieces for part in (piece, gap)]) if pieces else gap
    return Line(label, joined[:, 0], joined[:, 1], color, style)
