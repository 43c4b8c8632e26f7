"""What other libraries read from the environment, so that nothing in it costs a fit."""

import os
import tempfile
from pathlib import Path

HOMES = {"XDG_CACHE_HOME": ".cache", "XDG_CONFIG_HOME": ".config"}


def prepare(spare: Path) -> None:
    """Let matplotlib draw without a display, and caches be kept in `spare` where the home folder cannot be written.

    ArviZ cannot even be imported without a cache, nor matplotlib with an unknown MPLBACKEND. Call it before they are.
    """
    without_display()
    try:
        usual = {name: Path(os.environ.get(name) or Path.home() / folder) for name, folder in HOMES.items()}
    except RuntimeError:  # there is no home folder
        usual = {}
    if usual and all(map(_writable, usual.values())):
        return
    spare.mkdir(exist_ok=True)
    os.environ["HOME"] = str(spare)
    for name, folder in HOMES.items():
        os.environ[name] = str(spare / folder)
        (spare / folder).mkdir(exist_ok=True)


def without_display() -> None:
    """Let matplotlib draw without a display."""
    os.environ["MPLBACKEND"] = "agg"


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
