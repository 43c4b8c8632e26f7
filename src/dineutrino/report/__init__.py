"""Floor 11: tables, plots and files of a finished fit. Plotting libraries are imported when they are needed."""

from pathlib import Path

from dineutrino.report.fit_result import FitResult

__all__ = ["FitResult", "citations", "write"]


def write(fit: FitResult, directory: str | Path) -> list[Path]:
    """Write everything about a fit into a directory, which is created if it is not there.

    results.json (all numbers, strict JSON), posterior.nc (netCDF), figures as PNG and PDF (contours, corner, profiles,
    pulls, predictions), predictions.md and predictions.tex, references.bib, and summary.md. What a fit does not have,
    it does not write. Each file is written to a temporary name and renamed, so that none is ever half-written; files
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


def citations(fit: FitResult) -> list[tuple[str, str]]:
    """What was used, and where it was published: see `dineutrino.report.references`."""
    from dineutrino.report.references import citations

    return citations(fit)
