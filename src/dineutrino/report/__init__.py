"""Tables, plots and files of a finished fit. Plotting libraries are imported when they are needed."""

from collections.abc import Sequence
from pathlib import Path

from dineutrino.report.fit_result import FitResult

__all__ = ["FitResult", "citations", "draw", "write", "write_numbers", "write_summary"]


def write(fit: FitResult, directory: str | Path) -> list[Path]:
    """Write everything about a fit into a directory, which is created if it is not there.

    results.json (all numbers, strict JSON), posterior.nc (netCDF), figures as PNG and PDF (contours, corner, profiles,
    pulls, predictions), predictions.md and predictions.tex, references.bib, and summary.md. What a fit does not have,
    it does not write. Numbers come first; a figure that cannot be drawn is left out, with a `Caution`, and named in the
    summary. Each file is written to a temporary name and renamed, so that none is ever half-written; files
    with these names are replaced.

    Args:
        fit: from `dineutrino.analysis`, or put together by hand.
        directory: where to write.

    Returns:
        The paths, summary.md last.

    Raises:
        OSError: the directory cannot be written.
    """
    from dineutrino.report.files import write_all

    return write_all(fit, Path(directory))


def write_numbers(fit: FitResult, directory: str | Path) -> list[Path]:
    """Write all of `write` but the figures: results.json, posterior.nc, tables, references, and summary.md last.

    Raises:
        OSError: the directory cannot be written.
    """
    from dineutrino.report.files import write_numbers

    return write_numbers(fit, Path(directory))


def draw(fit: FitResult, directory: str | Path) -> tuple[list[Path], list[str]]:
    """Draw all figures of a fit into a directory that is there.

    Returns:
        The paths, and one sentence for each figure that could not be drawn.
    """
    from dineutrino.report.files import draw

    return draw(fit, Path(directory))


def write_summary(
    fit: FitResult, directory: str | Path, drawn: Sequence[Path] = (), not_drawn: Sequence[str] = ()
) -> Path:
    """Write summary.md with figures that `draw` has drawn, and what it said about the others.

    Raises:
        OSError: the directory cannot be written.
    """
    from dineutrino.report.files import write_summary

    return write_summary(fit, Path(directory), drawn, not_drawn)


def citations(fit: FitResult) -> list[tuple[str, str]]:
    """What was used, and where it was published: see `dineutrino.report.references`."""
    from dineutrino.report.references import citations

    return citations(fit)
