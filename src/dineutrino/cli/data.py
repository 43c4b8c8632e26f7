"""`dineutrino data`: published files that are not part of the package."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dineutrino.cli.exit_codes import INTERRUPTED
from dineutrino.cli.interruption import as_exception
from dineutrino.errors import DineutrinoError, unknown

if TYPE_CHECKING:
    from rich.progress import TaskID

    from dineutrino.measurements.published.belle2_2025.checking import FileReport

data = typer.Typer(no_args_is_help=True, help="Check and fetch published files that are not part of the package.")


@data.command()
def check(
    directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Folder of the files; by default DINEUTRINO_DATA says it.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")] = False,
) -> None:
    """Compare the files in DIR with the published ones: content, and sums of rows of those of Belle II.

    Whitespace, and digits of the densities after the ninth, do not count there. The files of the di-tau tails of ATLAS
    are checked where DIR has them. Exit code 1: a file is missing or broken.
    """
    from dineutrino.cli.printing import print_json, print_table, remark

    reports = _reports(directory)
    if json:
        print_json(
            [
                {"name": r.name, "ok": r.ok, "size": r.size, "sha256": r.sha256, "problems": list(r.problems),
                 "note": r.note}
                for r in reports
            ]
        )  # fmt: skip
    else:
        columns = ("file", "bytes", "canonical sha256", "", "note")
        rows = [
            (r.name, "" if r.size is None else str(r.size), (r.sha256 or "")[:12], "ok" if r.ok else "broken", r.note)
            for r in reports
        ]
        print_table(columns, rows, right=("bytes",))
        for report in reports:
            for problem in report.problems:
                remark(f"{report.name}: {problem}")
    raise typer.Exit(0 if all(report.ok for report in reports) else 1)


def _reports(directory: Path | None) -> "tuple[FileReport, ...]":
    """Of all publications that are there; of Belle II also where it is alone in question."""
    from dineutrino.measurements.published import atlas2020_ditau, belle2_2025
    from dineutrino.measurements.published.directory import VARIABLE

    named = directory or os.environ.get(VARIABLE)
    ditau = atlas2020_ditau.files().found_in(Path(named)) if named else None
    of_ditau = () if ditau is None else atlas2020_ditau.check(ditau)
    try:
        return (*belle2_2025.check(belle2_2025.data_directory(directory)), *of_ditau)
    except DineutrinoError:
        if not of_ditau:
            raise
        return of_ditau


@data.command()
def fetch(
    name: Annotated[str, typer.Argument(metavar="NAME", help="belle2_2025 or atlas2020_ditau.")],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder; by default NAME.")] = None,
    base_url: Annotated[str | None, typer.Option(metavar="URL", help="Address of a mirror of the files.")] = None,
) -> None:
    """Download published files into DIR. What is there already stays; what was interrupted goes on.

    Exit code 130: interrupted. What has arrived is kept for the next attempt.
    """
    from dineutrino.cli.printing import remark
    from dineutrino.measurements.published import atlas2020_ditau, belle2_2025
    from dineutrino.measurements.published.belle2_2025 import manifest

    sources = {manifest.NAME: manifest.published().source, atlas2020_ditau.NAME: atlas2020_ditau.published().source}
    if name not in sources:
        raise unknown("name of published files", name, sources)
    folder = out or Path(name)
    try:
        with as_exception(), _Bars() as bars:
            if name == manifest.NAME:
                done = belle2_2025.fetch(folder, base_url, progress=bars.show)
            else:
                done = atlas2020_ditau.fetch(folder, base_url, bars.show)
    except KeyboardInterrupt:
        remark("interrupted; the same command goes on from there.")
        raise typer.Exit(INTERRUPTED) from None
    for file in done:
        remark(f"{file.name}: {file.status}")
    remark(f"cite {sources[name]}")
    print(f"everything is in {folder}; set DINEUTRINO_DATA={folder.absolute()}")


class _Bars:
    """One progress bar per file on the terminal; nothing when there is none."""

    def __enter__(self) -> "_Bars":
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
        self.bars = Progress(*columns, console=console, disable=not console.is_terminal)
        self.tasks: dict[str, "TaskID"] = {}
        self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bars.stop()

    def show(self, name: str, done: int, total: int | None) -> None:
        if name not in self.tasks:
            self.tasks[name] = self.bars.add_task(name)
        self.bars.update(self.tasks[name], completed=done, total=total)
