"""`dineutrino fit`."""

import importlib
import signal
import sys
import threading
import time
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from dineutrino.analysis import Analysis, load_analysis
from dineutrino.cli.environment import prepare
from dineutrino.cli.exit_codes import UNTRUSTED
from dineutrino.cli.interruption import Interruption
from dineutrino.cli.printing import remark
from dineutrino.cli.results_folder import ResultsFolder, complete
from dineutrino.errors import DineutrinoError
from dineutrino.io import mapping, read_json

if TYPE_CHECKING:
    from dineutrino.analysis.fit import Fit, Stage
    from dineutrino.analysis.unfinished import Begun
    from dineutrino.report import FitResult

PRINTED = (
    "Unfinished",
    "Reservations",
    "Best fit",
    "Confidence intervals",
    "Goodness of fit",
    "Posterior",
    "Predictions",
)
"""Sections of summary.md that are printed; the file has more."""
ANALYSIS = "analysis.yaml"
"""The analysis file among the results."""


def run(file: Path | None, out: Path, seed: int | None, force: bool, data: Path | None = None) -> int:
    """Fit, write the results into `out` after each stage, print a summary and where they are.

    Returns:
        The exit code: 0; 1 if a part of the results must not be trusted; 130 or 143 after an interruption (Ctrl-C,
        SIGTERM), with what was finished in `out`.

    Raises:
        DineutrinoError: the analysis is wrong, or `out` cannot be written.
        NotConverged: the maximum; nothing is written then.
    """
    analysis = load_analysis(file, data)
    for sentence in analysis.cautions():
        remark(sentence)
    with ResultsFolder(out, force) as folder:
        return _run(folder, analysis, seed)


def resume(out: Path, file: Path | None = None, seed: int | None = None, data: Path | None = None) -> int:
    """Go on with a fit that was stopped: read back what it had finished, compute the rest.

    Args:
        out: its folder.
        file: its analysis file; not needed, since the folder has it, but compared.
        seed: the same for the seed.
        data: where the published files are now, if they have moved.

    Returns:
        The exit code, as of `run`; a fit to which nothing is missing ends as it did.

    Raises:
        DineutrinoError: `out` holds no fit that could go on, or what it depends on has changed.
        NotConverged: the maximum.
    """
    if complete(out) and (out / "results.json").is_file():
        content = mapping(read_json(out / "results.json"), str(out / "results.json"))
        if not content.get("missing"):
            remark(f"nothing is left to do: the fit in {out} is complete")
            return UNTRUSTED if content["untrusted"] else 0
    with ResultsFolder(out, resume=True) as folder:
        from dineutrino.analysis.unfinished import Begun

        begun = Begun.read(folder.work)
        begun.refuse_versions()
        kept = folder.place / ANALYSIS
        if kept.is_file() and kept.read_text(encoding="utf-8") != begun.analysis:
            raise DineutrinoError(
                f"'{kept}' has changed since the fit began, so it cannot go on; begin anew with --force."
            )
        if file is not None and load_analysis(file, data).text != begun.analysis:
            raise DineutrinoError(f"the fit in '{out}' is not that of '{file}'; give --resume alone to go on with it.")
        if seed is not None and seed != begun.seed:
            raise DineutrinoError(f"the fit in '{out}' has seed {begun.seed}, so it cannot go on with seed {seed}.")
        return _run(folder, begun.load(data), begun.seed, begun)


def _run(folder: ResultsFolder, analysis: Analysis, seed: int | None, begun: "Begun | None" = None) -> int:
    console = Console(stderr=True, highlight=False)
    fit: "Fit | None" = None
    interrupted = False
    try:
        with Interruption() as interruption:
            try:
                begin = partial(_begin, folder, analysis, seed, begun, interruption, console.is_terminal)
                fit = interruption.work(begin)
                _compute_all(fit, folder, console, interruption, begun is not None)
            except KeyboardInterrupt:
                interrupted = True
                if fit is None or fit.result() is None:
                    found = "the maximum" if begun is None else "anything new"
                    remark(f"interrupted before {found} was found: nothing is written.")
                    return interruption.exit_code
                if interruption.asked != signal.SIGTERM:  # whoever sends that one does not wait for plots
                    remark("interrupted; drawing what is finished (once more: stop at once) ...")
                    interruption.work(partial(_write, fit, folder), to_its_end=True)
                    folder.publish()
            else:
                interrupted = not _finished(fit, folder, console, interruption)
    except OSError as error:
        raise DineutrinoError(folder.unwritable(error)) from None
    assert fit is not None
    if (folder.place / "summary.md").is_file():
        _print_summary((folder.place / "summary.md").read_text(encoding="utf-8"))
    for sentence in fit.untrusted:
        remark(f"not to be trusted: {sentence}")
    if interrupted:
        remark(f"interrupted; what was finished is in {folder.place}")
        remark(f"to go on: dineutrino fit --resume {folder.out}")
        return interruption.exit_code
    remark(f"everything is in {folder.out}")
    return UNTRUSTED if fit.untrusted else 0


def _begin(
    folder: ResultsFolder,
    analysis: Analysis,
    seed: int | None,
    begun: "Begun | None",
    interruption: Interruption,
    progress: bool,
) -> "Fit":
    """Read and check everything, up to where the first stage begins."""
    prepare(folder.work / "caches")
    from dineutrino.analysis.fit import Fit
    from dineutrino.inference.checkpoint import Checkpoint

    threading.Thread(target=_import_ahead, daemon=True).start()
    fit = Fit(analysis, seed, progress, Checkpoint(folder.work, interruption.check))
    if begun is None:
        fit.begun.write(folder.work)
    else:
        begun.refuse_likelihood(fit.begun)
    return fit


def _import_ahead() -> None:
    """Import what later stages need while the first one compiles."""
    modules = ("numpyro.infer", "xarray", "matplotlib.pyplot", "dineutrino.report.files", "dineutrino.report.plots")
    for module in modules:
        importlib.import_module(module)


def _compute_all(
    fit: "Fit", folder: ResultsFolder, console: Console, interruption: Interruption, resumed: bool
) -> None:
    """Compute the stages that are not there yet, and publish after each.

    Raises:
        KeyboardInterrupt: interrupted; what is finished is published.
    """
    from dineutrino.analysis.unfinished import StageFiles

    files = StageFiles(folder.work)
    for stage in fit.stages():
        said = fit.read_back(stage.title, files) if resumed else None
        if said is not None:
            console.print(f"{stage.title}: {said}  (read back)", markup=False, soft_wrap=True)
            continue
        _compute(stage, console, interruption)
        fit.keep(stage.title, files)
        interruption.work(partial(_write_numbers, fit, folder), to_its_end=True)
        folder.publish()
        if interruption.asked is not None:
            raise KeyboardInterrupt


def _compute(stage: "Stage", console: Console, interruption: Interruption) -> None:
    begin = time.perf_counter()
    with nullcontext() if stage.own_progress else console.status(f"{stage.title} ..."):
        said = interruption.work(stage.compute)
    console.print(f"{stage.title}: {said}  ({time.perf_counter() - begin:.1f} s)", markup=False, soft_wrap=True)


def _finished(fit: "Fit", folder: ResultsFolder, console: Console, interruption: Interruption) -> bool:
    """Tables and plots of a fit that has all its stages, and nothing else in its folder; false if interrupted."""
    begin = time.perf_counter()
    try:
        with console.status("tables and plots ..."):
            written = interruption.work(partial(_write, fit, folder))
    except KeyboardInterrupt:
        return False
    folder.publish()
    folder.finish()
    console.print(f"tables and plots: {written} files  ({time.perf_counter() - begin:.1f} s)")
    return True


def _write(fit: "Fit", folder: ResultsFolder) -> int:
    """Write everything into the staging folder, with plots; the number of files."""
    from dineutrino import report

    result = _write_numbers(fit, folder, figures=True)
    drawn, not_drawn = report.draw(result, folder.staging)
    for sentence in not_drawn:
        remark(sentence)
    report.write_summary(result, folder.staging, drawn, not_drawn)
    return len([entry for entry in folder.staging.iterdir() if entry.name != ANALYSIS])


def _write_numbers(fit: "Fit", folder: ResultsFolder, figures: bool = False) -> "FitResult":
    """Write everything but plots into the staging folder."""
    from dineutrino import report

    result = fit.result(figures)
    assert result is not None
    (folder.staging / ANALYSIS).write_text(fit.analysis.text, encoding="utf-8")
    report.write_numbers(result, folder.staging)
    return result


def _print_summary(summary: str) -> None:
    """The sections that answer what was found; formatted on a terminal, else Markdown."""
    head, *sections = summary.split("\n## ")
    chosen = [section for section in sections if section.split("\n", 1)[0] in PRINTED]
    text = "\n## ".join([head, *chosen])
    if sys.stdout.isatty():
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        typer.echo(text.rstrip())
