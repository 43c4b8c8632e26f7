"""`dineutrino fit`."""

import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from dineutrino.analysis import load_analysis
from dineutrino.cli.printing import remark
from dineutrino.cli.results_folder import ResultsFolder

if TYPE_CHECKING:
    from dineutrino.analysis.fit import Fit, Stage

UNTRUSTED, INTERRUPTED = 1, 130


def run(file: Path | None, out: Path, seed: int | None, force: bool) -> int:
    """Fit, write the results into `out`, print a summary and where they are.

    Returns:
        The exit code: 0; 1 if a part of the results must not be trusted; 130 after an interruption (Ctrl-C), with
        what was finished in `out`.

    Raises:
        DineutrinoError: the analysis is wrong, or `out` cannot be written; nothing is computed then.
        NotConverged: the maximum; nothing is written then.
    """
    analysis = load_analysis(file)
    with ResultsFolder(out, force) as folder:
        from dineutrino.analysis.fit import Fit

        console = Console(stderr=True, highlight=False)
        fit = Fit(analysis, seed, progress=console.is_terminal)
        interrupted = _compute(fit, console)
        if fit.result() is None:
            remark("interrupted before the maximum was found: nothing is written.")
            return INTERRUPTED
        summary = _write(fit, folder)
    _print_summary(summary)
    for sentence in fit.untrusted:
        remark(f"not to be trusted: {sentence}")
    remark(f"{'interrupted; what was finished is' if interrupted else 'everything is'} in {out}{_SEPARATOR}")
    return INTERRUPTED if interrupted else UNTRUSTED if fit.untrusted else 0


_SEPARATOR = "/"


def _compute(fit: "Fit", console: Console) -> bool:
    """Compute the stages; whether they were interrupted."""
    try:
        for stage in fit.stages():
            _compute_stage(stage, console)
    except KeyboardInterrupt:
        return True
    return fit.interrupted


def _compute_stage(stage: "Stage", console: Console) -> None:
    begin = time.perf_counter()
    waiting = nullcontext() if stage.own_progress else console.status(f"{stage.title} ...")
    with waiting:
        found = stage.compute()
    console.print(f"{stage.title}: {found}  ({time.perf_counter() - begin:.1f} s)", markup=False, soft_wrap=True)


def _write(fit: "Fit", folder: ResultsFolder) -> str:
    """Write and publish the results; the summary."""
    from dineutrino import report

    result = fit.result()
    assert result is not None
    report.write(result, folder.staging)
    (folder.staging / "analysis.yaml").write_text(fit.analysis.text, encoding="utf-8")
    summary = (folder.staging / "summary.md").read_text(encoding="utf-8")
    folder.publish()
    return summary


def _print_summary(summary: str) -> None:
    if not sys.stdout.isatty():
        typer.echo(summary, nl=False)
        return
    from rich.markdown import Markdown

    Console().print(Markdown(summary))
