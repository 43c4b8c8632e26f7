"""`dineutrino reproduce`."""

import errno
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from dineutrino.cli.environment import prepare, without_display
from dineutrino.cli.interruption import Interruption
from dineutrino.cli.printing import remark
from dineutrino.cli.results_folder import ResultsFolder
from dineutrino.errors import DineutrinoError, reason

if TYPE_CHECKING:
    from dineutrino.reproduce import Figure

FULL = (errno.ENOSPC, errno.EFBIG, errno.EROFS)
"""Why nothing more can be written: no reason to go on."""


def run(paper: str, number: int | None, out: Path, force: bool, data: Path | None = None) -> int:
    """Draw figures of a paper into `out`, with their numbers; each is there as soon as it is finished.

    Returns:
        The exit code: 0; 130 or 143 after an interruption (Ctrl-C, SIGTERM), with what was finished in `out`.

    Raises:
        DineutrinoError: unknown paper or figure, no data, or `out` cannot be written.
    """
    without_display()
    from dineutrino import reproduce

    chosen = reproduce.figures(paper, number, data)
    console = Console(stderr=True)
    finished = 0
    with ResultsFolder(out, force) as folder, Interruption() as interruption:
        prepare(folder.work / "caches")
        try:
            for i, make in chosen.items():
                start = time.perf_counter()
                stem = folder.staging / f"{paper}-figure-{i}"
                with console.status(f"figure {i} ..."):
                    written = interruption.work(partial(_write, make, stem, f"figure {i}"))
                folder.publish(add=True)
                remark(f"figure {i}: {', '.join(path.name for path in written)}  ({time.perf_counter() - start:.1f} s)")
                finished += 1
                if interruption.asked is not None:
                    raise KeyboardInterrupt
        except KeyboardInterrupt:
            place = folder.place
            remark(f"interrupted; {f'what was finished is in {place}' if finished else 'nothing is written'}.")
            folder.give_up()
            return interruption.exit_code
        except OSError as error:
            raise DineutrinoError(folder.unwritable(error)) from None
        folder.finish()
    print(f"everything is in {out}")
    return 0


def _write(make: "Callable[[], Figure]", stem: Path, title: str) -> list[Path]:
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
