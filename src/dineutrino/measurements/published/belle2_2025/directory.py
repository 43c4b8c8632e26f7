"""Where the published files are on this machine."""

import os
from pathlib import Path

from dineutrino.errors import DineutrinoError
from dineutrino.measurements.published.belle2_2025.manifest import NAME, published

VARIABLE = "DINEUTRINO_DATA"
FOLDERS = ("belle2_knunu_2025", NAME)


def data_directory(given: str | Path | None = None) -> Path:
    """The folder with the published files, or what there is of them.

    Args:
        given: a folder named by the user. By default the environment variable DINEUTRINO_DATA says it. Either may be
            the folder itself, or hold it as `belle2_knunu_2025` or `belle2_2025`.

    Raises:
        DineutrinoError: none of the files is there, or no folder is named; says how to get them.
    """
    if given is not None:
        return _files_in(Path(given), f"the folder '{given}'")
    variable = os.environ.get(VARIABLE)
    if not variable:
        raise DineutrinoError(
            f"no folder with the published files of Belle II is named; get them with 'dineutrino data fetch {NAME}', "
            f"then name the folder, or set {VARIABLE} to it."
        )
    return _files_in(Path(variable), f"the folder '{variable}' of {VARIABLE}")


def _files_in(folder: Path, place: str) -> Path:
    names = [file.name for file in published().files]
    for candidate in (folder, *(folder / name for name in FOLDERS)):
        if any((candidate / name).is_file() for name in names):
            return candidate
    if folder.is_file():
        raise DineutrinoError(
            f"'{folder}' is a file, not a folder with the published files of Belle II; it is in '{folder.parent}'."
        )
    raise DineutrinoError(
        f"{place} {'holds' if folder.is_dir() else 'does not exist, so it holds'} none of the published files of Belle "
        f"II ({', '.join(names)}); 'dineutrino data fetch {NAME} --out {folder}' gets them."
    )
