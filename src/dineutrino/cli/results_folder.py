"""The folder of a fit: refused before anything is computed, filled stage by stage, never half old and half new.

While a command works, DIR/unfinished holds what it needs to go on; when it is done, that folder is gone. Results appear
in DIR itself, or, where DIR has those of an earlier fit, in DIR/unfinished/results until all of them are there.
"""

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import IO

from dineutrino.errors import DineutrinoError

LIST = ".dineutrino"
"""Names of the files that a fit wrote: those that another fit may replace."""
WORK = "unfinished"
_OTHER_VERSION = ".dineutrino-"
"""What version 0.1.0 left after a kill: whose it is cannot be known, so it is neither used nor removed."""
_RESULTS, _STAGING, _LOCK, _COMPLETE, _EARLIER = "results", "new", "lock", "complete", "earlier"


class ResultsFolder:
    """A place to write to; what is in `staging` appears in its place when it is published. A context manager.

    Args:
        out: DIR.
        force: replace the results of an earlier fit. Other files in DIR are left alone.
        resume: go on where a command stopped.

    Attributes:
        out: DIR.
        work: for files that are needed to go on; gone when everything is there.
        staging: to write to.
        place: where published files are: DIR, or `work`/results as long as DIR has an earlier fit.

    Raises:
        DineutrinoError: DIR holds something already (with `force`: no results of a fit; with `resume`: nothing that
            could go on), another command is at work in it, or it cannot be written.
    """

    def __init__(self, out: Path, force: bool = False, resume: bool = False):
        self.out, self.work = out, out / WORK
        self.staging = self.work / _STAGING
        if resume:
            _refuse_nothing(out)
        else:
            _refuse_occupied(out, force)
        self._resumed, self._published, self._finished = resume, False, False
        self._created = [folder for folder in (out, *out.parents) if not os.path.lexists(folder)]
        self._lock: IO[str] | None = None
        try:
            self.work.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(self.work / _LOCK, out)
            if not resume:
                self._clear()
                (self.out / LIST).touch()
                if _results_in(out):
                    (self.work / _RESULTS).mkdir()
            shutil.rmtree(self.staging, ignore_errors=True)
            self.staging.mkdir()
        except OSError as error:
            self._remove_created()
            raise DineutrinoError(f"the folder '{out}' cannot be written: {error.strerror or error}.") from None

    @property
    def place(self) -> Path:
        """Where published files are."""
        results = self.work / _RESULTS
        return results if results.is_dir() else self.out

    def publish(self, add: bool = False) -> None:
        """Put everything from `staging` in its place.

        Args:
            add: keep what was published before under other names; else it goes.

        Raises:
            DineutrinoError: it became unwritable meanwhile.
        """
        names = sorted(entry.name for entry in self.staging.iterdir())
        before = _results_in(self.place)
        try:
            self._list({*before, *names})
            for old in set() if add else set(before) - set(names):
                (self.place / old).unlink(missing_ok=True)
            for name in names:
                os.replace(self.staging / name, self.place / name)
            self._list({*before, *names} if add else set(names))
        except OSError as error:
            raise DineutrinoError(self.unwritable(error)) from None
        self._published = True

    def finish(self) -> None:
        """Everything is published: let it take the place of an earlier fit, and remove what is not needed any more."""
        try:
            if self.place != self.out:
                (self.work / _COMPLETE).touch()
                _replace_earlier(self.out)
            shutil.rmtree(self.work, ignore_errors=True)
        except OSError as error:
            raise DineutrinoError(self.unwritable(error)) from None
        self._finished = True

    def unwritable(self, error: OSError) -> str:
        """What to say about an error while writing."""
        return f"the results cannot be written to '{self.place}': {error.strerror or error}."

    def __enter__(self) -> "ResultsFolder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.staging, ignore_errors=True)
        if not (self._published or self._resumed or self._finished):
            self._restore_earlier()
            self._remove_created()
        if self._lock is not None:
            self._lock.close()

    def _list(self, names: set[str]) -> None:
        """Note whose files these are; before they are there, so that none is ever taken for somebody else's."""
        new = self.work / LIST
        new.write_text("".join(f"{name}\n" for name in sorted(names)), encoding="utf-8")
        os.replace(new, self.place / LIST)

    def _clear(self) -> None:
        """Put aside what an earlier command, which is not running any more, has left unfinished, until this one has
        something; of several that were given up, the one whose results are in DIR.
        """
        if (self.work / _COMPLETE).is_file():
            _replace_earlier(self.out)
            _remove(self.work, (_LOCK,))
        earlier = self.work / _EARLIER
        if earlier.is_dir():
            _remove(self.work, (_LOCK, _EARLIER))
        elif len(left := [entry for entry in self.work.iterdir() if entry.name != _LOCK]):
            earlier.mkdir()
            for entry in left:
                entry.rename(earlier / entry.name)

    def _restore_earlier(self) -> None:
        """Leave the folder as if this command had never been called."""
        earlier = self.work / _EARLIER
        if not earlier.is_dir():
            shutil.rmtree(self.work, ignore_errors=True)
            return
        _remove(self.work, (_LOCK, _EARLIER))
        for entry in earlier.iterdir():
            entry.rename(self.work / entry.name)
        earlier.rmdir()

    def _remove_created(self) -> None:
        """Leave no trace in DIR if nothing was ever published there."""
        if not _results_in(self.out) and self.out.is_dir():
            (self.out / LIST).unlink(missing_ok=True)
        for folder in self._created:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def complete(out: Path) -> bool:
    """Whether DIR holds results and nothing that could go on; replaces an earlier fit, if only that was left to do."""
    if (out / WORK / _COMPLETE).is_file():
        _replace_earlier(out)
        shutil.rmtree(out / WORK)
    return (out / LIST).is_file() and not (out / WORK).exists()


def _remove(folder: Path, but: tuple[str, ...]) -> None:
    """Remove what is in a folder, with exceptions."""
    for entry in folder.iterdir():
        if entry.name in but:
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _replace_earlier(out: Path) -> None:
    """Let the complete results of the work folder take the place of the earlier ones; after a kill, once more.

    The earlier ones go first: nobody ever finds new numbers among old figures.
    """
    new = out / WORK / _RESULTS
    names = [name for name in _results_in(new) if (new / name).exists()]
    if (new / LIST).is_file():
        for old in _results_in(out):
            (out / old).unlink(missing_ok=True)
        os.replace(new / LIST, out / LIST)
    else:
        names = [entry.name for entry in new.iterdir()] if new.is_dir() else []
    for name in names:
        os.replace(new / name, out / name)


def _refuse_occupied(out: Path, force: bool) -> None:
    if not os.path.lexists(out):
        return
    held = _held(out)
    if held and not force:
        further = " or go on with --resume" if WORK in held else ""
        raise DineutrinoError(
            f"the folder '{out}' is not empty; choose another --out, or replace a fit with --force{further}."
        )
    if held and LIST not in held:
        raise DineutrinoError(
            f"the folder '{out}' is not empty and holds no results of a fit, so --force does not replace it; "
            "choose another --out."
        )
    if WORK in held and not (out / WORK / _LOCK).is_file():
        raise DineutrinoError(f"'{out / WORK}' is not of a fit; move it away, or choose another --out.")


def _refuse_nothing(out: Path) -> None:
    if not os.path.lexists(out):
        raise DineutrinoError(f"there is no folder '{out}', so nothing that could go on.")
    if LIST not in _held(out) or not (out / WORK / _LOCK).is_file():
        raise DineutrinoError(f"the folder '{out}' holds no fit that could go on.")


def _held(out: Path) -> list[str]:
    if not out.is_dir():
        raise DineutrinoError(f"'{out}' exists and is not a folder; choose another --out.")
    try:
        return [entry.name for entry in out.iterdir() if not entry.name.startswith(_OTHER_VERSION)]
    except OSError as error:
        raise DineutrinoError(f"the folder '{out}' cannot be read: {error.strerror}.") from None


def _locked(path: Path, out: Path) -> IO[str]:
    """A file that is locked as long as this process lives.

    Raises:
        DineutrinoError: it is locked by another process.
    """
    file = path.open("a")
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise DineutrinoError(f"another command is at work in '{out}'; wait for it, or choose another --out.") from None
    except (ImportError, OSError):  # Windows, or a file system without locks
        pass
    return file


def _results_in(folder: Path) -> list[str]:
    """Plain names of the files that an earlier fit wrote."""
    if not (folder / LIST).is_file():
        return []
    listed = (folder / LIST).read_text(encoding="utf-8").splitlines()
    return [name for name in listed if name and Path(name).name == name]
