"""`dineutrino reproduce`."""

import time
from pathlib import Path

from dineutrino import reproduce
from dineutrino.cli.printing import remark
from dineutrino.cli.results_folder import ResultsFolder


def run(paper: str, number: int | None, out: Path, force: bool) -> None:
    """Draw figures of a paper into `out`, with their numbers.

    Raises:
        DineutrinoError: unknown paper or figure, or `out` cannot be written; nothing is computed then.
    """
    chosen = reproduce.figures(paper, number)
    with ResultsFolder(out, force) as folder:
        for i, make in chosen.items():
            start = time.perf_counter()
            written = reproduce.write(make(), folder.staging / f"{paper}-figure-{i}")
            remark(f"figure {i}: {', '.join(path.name for path in written)}  ({time.perf_counter() - start:.1f} s)")
        folder.publish()
    print(f"everything is in {out}")
