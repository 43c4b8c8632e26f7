"""Everything that a fit leaves in a directory."""

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dineutrino.errors import reason
from dineutrino.inference import Caution
from dineutrino.io import strict_json
from dineutrino.io.atomic import write_text
from dineutrino.report import references, tables
from dineutrino.report.fit_result import FitResult
from dineutrino.report.posterior_file import write_posterior
from dineutrino.report.results import results
from dineutrino.report.summary import summary

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def write_all(fit: FitResult, directory: Path) -> list[Path]:
    """See `dineutrino.report.write`."""
    numbers = write_numbers(fit, directory)
    drawn, not_drawn = draw(fit, directory)
    for sentence in not_drawn:
        warnings.warn(sentence, Caution, stacklevel=3)
    return [*numbers[:-1], *drawn, write_summary(fit, directory, drawn, not_drawn)]


def write_numbers(fit: FitResult, directory: Path) -> list[Path]:
    """See `dineutrino.report.write_numbers`."""
    directory.mkdir(parents=True, exist_ok=True)
    written = [write_text(directory / "results.json", strict_json.dumps(results(fit)))]
    if fit.posterior is not None:
        written.append(write_posterior(fit.posterior, directory / "posterior.nc"))
    return [
        *written,
        write_text(directory / "predictions.md", tables.markdown(fit.predictions)),
        write_text(directory / "predictions.tex", tables.latex(fit.predictions)),
        write_text(directory / "references.bib", references.bibtex(fit)),
        write_summary(fit, directory),
    ]


def write_summary(fit: FitResult, directory: Path, drawn: Sequence[Path] = (), not_drawn: Sequence[str] = ()) -> Path:
    """summary.md, with the figures that are there."""
    shown = tuple(path.name for path in drawn if path.suffix == ".png")
    return write_text(directory / "summary.md", summary(fit, shown, tuple(not_drawn)))


def draw(fit: FitResult, directory: Path) -> tuple[list[Path], list[str]]:
    """See `dineutrino.report.draw`."""
    drawn: list[Path] = []
    not_drawn: list[str] = []
    try:
        from dineutrino.report import plots
    except Exception as error:  # settings of the user that matplotlib refuses, such as MPLBACKEND
        return [], [f"no figure could be drawn: {reason(error)}"]
    for stem, make in figures(fit):
        try:
            drawn += plots.save(make(), directory / stem)
        except Exception as error:  # a label that is no TeX, or a mistake of ours, costs this figure alone
            not_drawn.append(f"the figure '{stem}' could not be drawn: {reason(error)}")
    return drawn, not_drawn


def figures(fit: FitResult) -> Iterator[tuple[str, Callable[[], "Figure"]]]:
    """Name (without suffix) of each figure of a fit, and the function that draws it."""
    from dineutrino.report import plots

    for x, y in fit.contours:
        yield f"contour_{slug(x)}_{slug(y)}", partial(plots.contour, fit, x, y)
    if fit.posterior is not None:
        yield "corner", partial(plots.corner, fit)
    for name in fit.profiles:
        yield f"profile_{slug(name)}", partial(plots.profile, fit, name)
    if plots.predicted_numbers(fit):
        yield "pulls", partial(plots.pulls, fit)
    if fit.likelihood.own_nuisances:
        for name in fit.parameters:
            if name not in fit.best.at_bound:
                yield f"impacts_{slug(name)}", partial(plots.impacts, fit, name)
    for measurement in dict.fromkeys(channel.measurement for channel in fit.postfit):
        yield f"postfit_{slug(measurement)}", partial(plots.postfit, fit, measurement)
    if fit.toys is not None:
        yield "goodness", partial(plots.goodness, fit, fit.toys)
    yield "predictions", partial(plots.predicted, fit)


def slug(name: str) -> str:
    """A name as part of the name of a file: letters, digits, "+", "-", "." and "_"."""
    return re.sub(r"[^\w.+-]+", "_", name)
