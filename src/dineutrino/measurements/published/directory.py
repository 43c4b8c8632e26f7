"""Where published files are on this machine."""

import os
from dataclasses import dataclass
from pathlib import Path

from dineutrino.errors import DineutrinoError

VARIABLE = "DINEUTRINO_DATA"


@dataclass(frozen=True)
class Files:
    """The files of one publication.

    Attributes:
        name: of the publication, as `dineutrino data fetch` takes it; the folder may have it too.
        folder: another name that the folder may have.
        what: they are, in words.
        paths: below the folder.
    """

    name: str
    folder: str
    what: str
    paths: tuple[str, ...]

    def directory(self, given: str | Path | None = None) -> Path:
        """The folder with the files, or what there is of them.

        Args:
            given: a folder named by the user. By default the environment variable DINEUTRINO_DATA says it. Either may
                be the folder itself, or hold it under one of its two names.

        Raises:
            DineutrinoError: none of the files is there, or no folder is named; says how to get them.
        """
        named = given if given is not None else os.environ.get(VARIABLE)
        if not named:
            raise DineutrinoError(
                f"no folder with {self.what} is named; get them with 'dineutrino data fetch {self.name}', then name "
                f"the folder, or set {VARIABLE} to it."
            )
        folder, origin = Path(named), "" if given is not None else f" of {VARIABLE}"
        found = self.found_in(folder)
        if found is not None:
            return found
        if folder.is_file():
            raise DineutrinoError(f"'{folder}' is a file, not a folder with {self.what}; it is in '{folder.parent}'.")
        listed = ", ".join(self.paths[:4]) + (", ..." if len(self.paths) > 4 else "")
        raise DineutrinoError(
            f"the folder '{folder}'{origin} {'holds' if folder.is_dir() else 'does not exist, so it holds'} none of "
            f"{self.what} ({listed}); 'dineutrino data fetch {self.name} --out {folder}' gets them."
        )

    def found_in(self, folder: Path) -> Path | None:
        """The folder itself or one in it that holds some of the files; None if there is none."""
        for candidate in (folder, folder / self.folder, folder / self.name):
            if any((candidate / path).is_file() for path in self.paths):
                return candidate
        return None
