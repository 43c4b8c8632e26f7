"""The folder of a fit: refused before anything is computed, and filled at once when everything is there."""

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType

from dineutrino.errors import DineutrinoError

LIST = ".dineutrino"
"""Names of the files that a fit wrote: those that another fit may replace."""
_STAGING = ".dineutrino-"


class ResultsFolder:
    """A place to write to, which becomes DIR when it is published. A context manager; what is not published vanishes.

    Args:
        out: DIR.
        force: replace the results of an earlier fit. Other files in DIR are left alone.

    Raises:
        DineutrinoError: DIR holds something already (with `force`: no results of a fit), or cannot be written.
    """

    def __init__(self, out: Path, force: bool):
        self.out, self.force = out, force
        _refuse_occupied(out, force)
        nearest = next(folder for folder in (out, *out.absolute().parents) if os.path.lexists(folder))
        try:
            self.staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=nearest))
            self.staging.chmod(0o777 & ~_umask())
        except OSError as error:
            raise DineutrinoError(f"the folder '{out}' cannot be written: {error.strerror or error}.") from None
        self.kept = False

    def publish(self) -> None:
        """Put everything in its place; results of an earlier fit go.

        Raises:
            DineutrinoError: DIR was taken, or became unwritable, meanwhile; says where the results are.
        """
        names = sorted(entry.name for entry in self.staging.iterdir())
        (self.staging / LIST).write_text("\n".join(names) + "\n", encoding="utf-8")
        try:
            _refuse_occupied(self.out, self.force)
            if not self.out.exists():
                self.out.parent.mkdir(parents=True, exist_ok=True)
                self.staging.rename(self.out)
                return
            for old in _results_in(self.out):
                if old not in names:
                    (self.out / old).unlink(missing_ok=True)
            for name in (LIST, *names):
                os.replace(self.staging / name, self.out / name)
        except (OSError, DineutrinoError) as error:
            self.kept = True
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise DineutrinoError(f"the results are in '{self.staging}', not in '{self.out}': {reason}") from None

    def __enter__(self) -> "ResultsFolder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.kept:
            shutil.rmtree(self.staging, ignore_errors=True)


def _refuse_occupied(out: Path, force: bool) -> None:
    if not os.path.lexists(out):
        return
    if not out.is_dir():
        raise DineutrinoError(f"'{out}' exists and is not a folder; choose another --out.")
    try:
        held = [entry.name for entry in out.iterdir() if not entry.name.startswith(_STAGING)]
    except OSError as error:
        raise DineutrinoError(f"the folder '{out}' cannot be read: {error.strerror}.") from None
    if held and not force:
        raise DineutrinoError(f"the folder '{out}' is not empty; choose another --out, or replace a fit with --force.")
    if held and LIST not in held:
        raise DineutrinoError(
            f"the folder '{out}' is not empty and holds no results of a fit, so --force does not replace it; "
            "choose another --out."
        )


def _results_in(folder: Path) -> list[str]:
    """Plain names of the files that an earlier fit wrote."""
    if not (folder / LIST).is_file():
        return []
    listed = (folder / LIST).read_text(encoding="utf-8").splitlines()
    return [name for name in listed if name and Path(name).name == name]


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
