"""Everything that a fit leaves in a directory."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure

from dineutrino.report import plots, references, strict_json, tables
from dineutrino.io.atomic import write_text
from dineutrino.report.fit_result import FitResult
from dineutrino.report.posterior_file import write_posterior
from dineutrino.report.results import results
from dineutrino.report.summary import summary


def write_all(fit: FitResult, directory: Path) -> list[Path]:
    """See `dineutrino.report.write`."""
    directory.mkdir(parents=True, exist_ok=True)
    written = [write_text(directory / "results.json", strict_json.dumps(results(fit)))]
    if fit.posterior is not None:
        written.append(write_posterior(fit.posterior, directory / "posterior.nc"))
    for stem, draw in figures(fit):
        written += plots.save(draw(), directory / stem)
    shown = tuple(path.name for path in written if path.suffix == ".png")
    written += [
        write_text(directory / "predictions.md", tables.markdown(fit.predictions)),
        write_text(directory / "predictions.tex", tables.latex(fit.predictions)),
        write_text(directory / "references.bib", references.bibtex(fit)),
        write_text(directory / "summary.md", summary(fit, shown)),
    ]
    return written


def figures(fit: FitResult) -> Iterator[tuple[str, Callable[[], Figure]]]:
    """Name (without suffix) of each figure of a fit, and the function that draws it."""
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
