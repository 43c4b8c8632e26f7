"""`dineutrino reproduce`."""

import time
from pathlib import Path

from rich.console import Console

from dineutrino import reproduce
from dineutrino.cli.exit_codes import INTERRUPTED
from dineutrino.cli.printing import remark
from dineutrino.cli.results_folder import ResultsFolder


def run(paper: str, number: int | None, out: Path, force: bool, data: Path | None = None) -> int:
    """Draw figures of a paper into `out`, with their numbers.

    Returns:
        The exit code: 0; 130 after an interruption (Ctrl-C), with what was finished in `out`.

    Raises:
        DineutrinoError: unknown paper or figure, no data, or `out` cannot be written; nothing is computed then.
    """
    chosen = reproduce.figures(paper, number, data)
    console = Console(stderr=True)
    finished = 0
    with ResultsFolder(out, force) as folder:
        try:
            for i, make in chosen.items():
                start = time.perf_counter()
                with console.status(f"figure {i} ..."):
                    written = reproduce.write(make(), folder.staging / f"{paper}-figure-{i}")
                remark(f"figure {i}: {', '.join(path.name for path in written)}  ({time.perf_counter() - start:.1f} s)")
                finished += 1
        except KeyboardInterrupt:
            remark(f"interrupted; {f'what was finished is in {out}' if finished else 'nothing is written'}.")
            if finished:
                folder.publish()
            return INTERRUPTED
        folder.publish()
    print(f"everything is in {out}")
    return 0
