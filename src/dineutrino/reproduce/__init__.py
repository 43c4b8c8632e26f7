"""Figures and numbers of papers about invisible final states from our own calculation, one module per paper.

Those of `belle2_2025` are not in its paper: they show what its likelihood says about pairs it does not discuss.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.measurements.published.belle2_2025 import data_directory
from dineutrino.report.plots.canvas import save
from dineutrino.reproduce import (
    belle2_2025,
    degiorgi2022,
    felkl2023,
    he2024,
    he2024_neutrinos,
    marzocca2024,
    valencia2024,
)
from dineutrino.reproduce.comparison import Comparison, Comparisons, write_comparisons
from dineutrino.reproduce.figure import Figure, Make, MakeFrom, draw, write, write_numbers

PAPERS: dict[str, Mapping[int, Make]] = {
    "belle2_2025": belle2_2025.FIGURES,
    "degiorgi2022": degiorgi2022.FIGURES,
    "felkl2023": felkl2023.FIGURES,
    "he2024": he2024_neutrinos.FIGURES | he2024.FIGURES,
    "marzocca2024": marzocca2024.FIGURES,
    "valencia2024": valencia2024.FIGURES,
}
"""Paper -> number of a figure -> what makes it."""
NUMBERS: dict[str, Callable[[bool], Comparisons]] = {
    "degiorgi2022": degiorgi2022.numbers,
    "felkl2023": felkl2023.numbers,
    "he2024": he2024_neutrinos.numbers,
    "marzocca2024": marzocca2024.numbers,
    "valencia2024": valencia2024.numbers,
}
"""Paper -> what compares the numbers of its tables and equations with ours, on coarser grids if fast."""
FROM_DATA: dict[str, Mapping[int, MakeFrom]] = {"belle2_2025": belle2_2025.FIGURES}
"""Those whose figures take the folder with the published files."""


def figures(
    paper: str, number: int | None = None, data: Path | None = None, fast: bool = False
) -> dict[int, Callable[[], Figure]]:
    """The figures of a paper, or one of them.

    Args:
        paper: one of `PAPERS`.
        number: of one figure.
        data: the folder with the published files of Belle II, see `data_directory`.
        fast: with about a quarter of the points.

    Raises:
        DineutrinoError: unknown paper, a figure that is not reproduced, or a folder that is of no use.
    """
    if paper not in PAPERS:
        raise unknown("paper", paper, PAPERS)
    if number is not None and number not in PAPERS[paper]:
        listed = ", ".join(map(str, PAPERS[paper]))
        raise DineutrinoError(f"figure {number} of {paper} is not reproduced here; those that are: {listed}.")
    if data is not None and paper not in FROM_DATA:
        raise DineutrinoError(f"the figures of {paper} need no data; those of {', '.join(FROM_DATA)} do.")
    chosen = PAPERS[paper] if number is None else (number,)
    if paper in FROM_DATA:
        folder = data_directory(data)
        return {i: partial(FROM_DATA[paper][i], folder, fast=fast) for i in chosen}
    return {i: partial(PAPERS[paper][i], fast=fast) for i in chosen}


__all__ = [
    "FROM_DATA",
    "NUMBERS",
    "PAPERS",
    "Comparison",
    "Comparisons",
    "Figure",
    "draw",
    "figures",
    "save",
    "write",
    "write_comparisons",
    "write_numbers",
]
