"""`dineutrino fit`."""

import importlib
import sys
import threading
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from dineutrino.analysis import load_analysis
from dineutrino.cli.exit_codes import INTERRUPTED, UNTRUSTED
from dineutrino.cli.printing import remark
from dineutrino.cli.results_folder import ResultsFolder
from dineutrino.errors import DineutrinoError

if TYPE_CHECKING:
    from dineutrino.analysis.fit import Fit, Stage

PRINTED = ("Reservations", "Best fit", "Confidence intervals", "Goodness of fit", "Posterior", "Predictions")
"""Sections of summary.md that are printed; the file has more."""


def run(file: Path | None, out: Path, seed: int | None, force: bool, data: Path | None = None) -> int:
    """Fit, write the results into `out`, print a summary and where they are.

    Returns:
        The exit code: 0; 1 if a part of the results must not be trusted; 130 after an interruption (Ctrl-C), with
        what was finished in `out`.

    Raises:
        DineutrinoError: the analysis is wrong, or `out` cannot be written; nothing is computed then.
        NotConverged: the maximum; nothing is written then.
    """
    analysis = load_analysis(file, data)
    with ResultsFolder(out, force) as folder:
        from dineutrino.analysis.fit import Fit

        threading.Thread(target=_import_ahead, daemon=True).start()
        console = Console(stderr=True, highlight=False)
        fit = Fit(analysis, seed, progress=console.is_terminal)
        interrupted = not _computed(fit, console)
        if fit.result() is None:
            remark("interrupted before the maximum was found: nothing is written.")
            return INTERRUPTED
        try:
            interrupted = not _written(fit, folder, console) or interrupted
        except DineutrinoError:
            raise
        except Exception:  # a mistake in a plot must not cost the numbers, which are written first
            folder.publish()
            raise
        folder.publish()
    if (out / "summary.md").is_file():
        _print_summary((out / "summary.md").read_text(encoding="utf-8"))
    for sentence in fit.untrusted:
        remark(f"not to be trusted: {sentence}")
    remark(f"interrupted; what was finished is in {out}" if interrupted else f"everything is in {out}")
    return INTERRUPTED if interrupted else UNTRUSTED if fit.untrusted else 0


def _import_ahead() -> None:
    """Import what later stages need while the first one compiles."""
    for module in ("numpyro.infer", "arviz", "matplotlib.pyplot", "dineutrino.report.files"):
        importlib.import_module(module)


def _computed(fit: "Fit", console: Console) -> bool:
    """Compute the stages; false if they were interrupted."""
    try:
        for stage in fit.stages():
            _compute(stage, console)
    except KeyboardInterrupt:
        return False
    return not fit.interrupted


def _compute(stage: "Stage", console: Console) -> None:
    begin = time.perf_counter()
    with nullcontext() if stage.own_progress else console.status(f"{stage.title} ..."):
        found = stage.compute()
    console.print(f"{stage.title}: {found}  ({time.perf_counter() - begin:.1f} s)", markup=False, soft_wrap=True)


def _written(fit: "Fit", folder: ResultsFolder, console: Console) -> bool:
    """Write the results, each file complete or not at all; false if that was interrupted.

    Raises:
        DineutrinoError: the folder cannot be written any more.
    """
    result = fit.result()
    assert result is not None
    begin = time.perf_counter()
    try:
        (folder.staging / "analysis.yaml").write_text(fit.analysis.text, encoding="utf-8")
        with console.status("tables and plots ..."):
            from dineutrino import report

            written = report.write(result, folder.staging)
    except KeyboardInterrupt:
        return False
    except OSError as error:
        raise DineutrinoError(f"the results cannot be written to '{folder.out}': {error.strerror or error}.") from None
    console.print(f"tables and plots: {len(written)} files  ({time.perf_counter() - begin:.1f} s)")
    return True


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
