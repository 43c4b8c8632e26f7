"""The figures of papers about invisible final states, from our own calculation; one module each."""

from collections.abc import Callable

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.reproduce import felkl2023, he2024, valencia2024
from dineutrino.reproduce.figure import Figure, write

PAPERS: dict[str, dict[int, Callable[[], Figure]]] = {
    "felkl2023": felkl2023.FIGURES,
    "he2024": he2024.FIGURES,
    "valencia2024": valencia2024.FIGURES,
}
"""Paper -> number of a figure -> what makes it."""


def figures(paper: str, number: int | None = None) -> dict[int, Callable[[], Figure]]:
    """The figures of a paper, or one of them.

    Raises:
        DineutrinoError: unknown paper, or a figure that is not reproduced.
    """
    if paper not in PAPERS:
        raise unknown("paper", paper, PAPERS)
    if number is None:
        return PAPERS[paper]
    if number not in PAPERS[paper]:
        listed = ", ".join(map(str, PAPERS[paper]))
        raise DineutrinoError(f"figure {number} of {paper} is not reproduced here; those that are: {listed}.")
    return {number: PAPERS[paper][number]}


__all__ = ["PAPERS", "Figure", "figures", "write"]
