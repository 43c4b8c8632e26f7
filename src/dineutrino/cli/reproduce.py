"""`dineutrino reproduce`."""

import errno
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from dineutrino import __version__
from dineutrino.cli.environment import prepare, without_display
from dineutrino.cli.interruption import Interruption
from dineutrino.cli.printing import print_table, remark
from dineutrino.cli.results_folder import ResultsFolder
from dineutrino.errors import DineutrinoError, reason

if TYPE_CHECKING:
    from dineutrino.reproduce import Comparisons, Figure

FULL = (errno.ENOSPC, errno.EFBIG, errno.EROFS)
"""Why nothing more can be written: no reason to go on."""
ASKED = "asked.json"
"""What was asked for, in the folder of what is unfinished."""


@dataclass(frozen=True)
class Asked:
    """What of a paper is drawn, and how.

    Attributes:
        paper: its short name.
        figure: number of the only figure; None for all, with the numbers of tables and equations.
        fast: with fewer points.
        version: of the package, since what two versions draw does not belong together.
    """

    paper: str
    figure: int | None
    fast: bool
    version: str = __version__

    def begin(self, folder: ResultsFolder) -> None:
        """Note it, so that it can go on."""
        (folder.work / ASKED).write_text(json.dumps(asdict(self)), encoding="utf-8")

    def go_on(self, folder: ResultsFolder) -> None:
        """Refuse to go on with something else.

        Raises:
            DineutrinoError: the folder holds another paper, figure, number of points, or that of another version.
        """
        begun = folder.work / ASKED
        if not begun.is_file() or json.loads(begun.read_text(encoding="utf-8")) != asdict(self):
            raise DineutrinoError(
                f"'{folder.out}' does not hold the beginning of this (another paper, figure, --fast or version); "
                "begin anew with --force."
            )


def run(asked: Asked, out: Path, force: bool, data: Path | None = None, resume: bool = False) -> int:
    """Draw figures of a paper into `out`, with their numbers; each is there as soon as it is finished.

    Returns:
        The exit code: 0; 130 or 143 after an interruption (Ctrl-C, SIGTERM), with what was finished in `out`.

    Raises:
        DineutrinoError: unknown paper or figure, no data, `out` cannot be written, or has nothing to go on with.
    """
    without_display()
    from dineutrino import reproduce

    paper = asked.paper
    makers: dict[str, Callable[[Path], list[Path]]] = {
        f"figure {i}": partial(_write, make, f"figure {i}")
        for i, make in reproduce.figures(paper, asked.figure, data, asked.fast).items()
    }
    if asked.figure is None and paper in reproduce.NUMBERS:
        makers = {"numbers": partial(_compare, partial(reproduce.NUMBERS[paper], asked.fast))} | makers
    console = Console(stderr=True)
    finished = 0
    with ResultsFolder(out, force, resume) as folder, Interruption() as interruption:
        (asked.go_on if resume else asked.begin)(folder)
        prepare(folder.work / "caches")
        try:
            for title, write in makers.items():
                start = time.perf_counter()
                stem = f"{paper}-{title.replace(' ', '-')}"
                if resume and any((folder.place / f"{stem}{last}").is_file() for last in (".png", ".md")):
                    remark(f"{title}: there already")
                    finished += 1
                    continue
                with console.status(f"{title} ..."):
                    written = interruption.work(partial(write, folder.staging / stem))
                folder.publish(add=True)
                remark(f"{title}: {', '.join(path.name for path in written)}  ({time.perf_counter() - start:.1f} s)")
                finished += 1
                if interruption.asked is not None:
                    raise KeyboardInterrupt
        except KeyboardInterrupt:
            place = folder.place
            goes_on = f"what was finished is in {place}; the same with --resume goes on"
            remark(f"interrupted; {goes_on if finished else 'nothing is written'}.")
            return interruption.exit_code
        except OSError as error:
            raise DineutrinoError(folder.unwritable(error)) from None
        folder.finish()
    print(f"everything is in {out}")
    return 0


def _write(make: "Callable[[], Figure]", title: str, stem: Path) -> list[Path]:
    """The numbers of a figure, then its drawing, which may fail alone."""
    from dineutrino import reproduce

    figure = make()
    numbers = reproduce.write_numbers(figure, stem)
    try:
        return [numbers, *reproduce.save(reproduce.draw(figure), stem)]
    except Exception as error:  # fonts, labels, a mistake of ours: the numbers are there
        if isinstance(error, OSError) and error.errno in FULL:
            raise
        remark(f"{title} could not be drawn: {reason(error)}")
        return [numbers]


def _compare(make: "Callable[[], Comparisons]", stem: Path) -> list[Path]:
    """The numbers of tables and equations, printed and written."""
    from dineutrino import reproduce
    from dineutrino.reproduce.comparison import HEADINGS

    comparisons = make()
    print_table(HEADINGS, [row.cells for row in comparisons.rows], right=("paper", "ours"))
    return reproduce.write_comparisons(comparisons, stem)
