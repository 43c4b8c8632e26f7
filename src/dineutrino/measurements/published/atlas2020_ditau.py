"""Files of the tails of pp -> tau tau (arXiv:2002.12223) as arXiv:2207.10756 prepares them: where, whether, from where.

The package holds what follows from them for contact interactions (`dineutrino.observables.ditau`); resonances, and
yields with other cuts, need the files themselves.
"""

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from dineutrino.errors import DineutrinoError
from dineutrino.inputs.entry import text
from dineutrino.io import mapping, parse_yaml
from dineutrino.io.download import download_part
from dineutrino.measurements.published.belle2_2025.checking import FileReport
from dineutrino.measurements.published.belle2_2025.fetching import Fetched, Progress
from dineutrino.measurements.published.directory import Files

NAME = "atlas2020_ditau"


@dataclass(frozen=True)
class Published:
    """One file.

    Attributes:
        folder: it is in, below the folder of all files; empty for that itself.
        name: of the file.
        path: below the address of all files.
        sha256: of its content with lines ended by line feeds.
    """

    folder: str
    name: str
    path: str
    sha256: str


@dataclass(frozen=True)
class Publication:
    """All files, and what they have in common."""

    source: str
    base_url: str
    files: tuple[Published, ...]


@cache
def published() -> Publication:
    """The files of the package of arXiv:2207.10756."""
    resource = resources.files("dineutrino.measurements").joinpath("data", f"{NAME}.yaml")
    place = resource.name
    record = mapping(parse_yaml(resource.read_text(encoding="utf-8"), place), place)
    folders, listed = mapping(record["folders"], f"{place}: folders"), mapping(record["files"], f"{place}: files")
    return Publication(
        text(record["source"], f"{place}: source"),
        text(record["base_url"], f"{place}: base_url"),
        tuple(
            Published(str(folder), str(name), f"{folders[folder]}/{name}", text(sha256, f"{place}: {name}"))
            for folder in listed
            for name, sha256 in mapping(listed[folder], f"{place}: {folder}").items()
        ),
    )


def files() -> Files:
    """Where they may be."""
    paths = tuple(f"{file.folder}/{file.name}".lstrip("/") for file in published().files)
    return Files(NAME, "atlas_ditau_2002_12223", "the files of the di-tau tails", paths)


def check(directory: str | Path) -> tuple[FileReport, ...]:
    """Compare the files with the published ones: a report for each folder, which names what is missing or differs."""
    directory, reports = Path(directory), []
    for folder in dict.fromkeys(file.folder for file in published().files):
        its = [file for file in published().files if file.folder == folder]
        digests = {file: _digest(directory / folder / file.name) for file in its}
        problems = tuple(
            f"'{file.name}' is {'missing' if digest is None else 'not the published file'}."
            for file, digest in digests.items()
            if digest != file.sha256
        )
        size = sum((directory / folder / file.name).stat().st_size for file, digest in digests.items() if digest)
        together = hashlib.sha256("".join(digest or "" for digest in digests.values()).encode()).hexdigest()
        reports.append(
            FileReport(folder or its[0].name, size, together, problems, f"{len(its)} files" if folder else "")
        )
    return tuple(reports)


def fetch(directory: str | Path, base_url: str | None = None, progress: Progress | None = None) -> tuple[Fetched, ...]:
    """Download into a folder what is missing or differs; what was interrupted goes on.

    Raises:
        DineutrinoError: the folder cannot be written, the server refuses or cannot be reached, or what it sends is not
            the published file. Files that are complete stay.
    """
    return tuple(
        _fetch(file, Path(directory), base_url or published().base_url, progress) for file in published().files
    )


def _fetch(file: Published, directory: Path, base_url: str, progress: Progress | None) -> Fetched:
    path = directory / file.folder / file.name
    there = _digest(path)
    if there == file.sha256:
        return Fetched(file.name, "already there")
    url, part = f"{base_url.rstrip('/')}/{file.path}", path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        download_part(url, part, None if progress is None else lambda done, total: progress(file.name, done, total))
        if _digest(part) != file.sha256:
            part.unlink(missing_ok=True)
            raise DineutrinoError(f"what '{url}' sent is not the published file; it was deleted.")
        os.replace(part, path)
    except OSError as error:
        raise DineutrinoError(f"the file '{path}' cannot be written: {error.strerror}.") from None
    return Fetched(file.name, "fetched" if there is None else "replaced")


def _digest(path: Path) -> str | None:
    """Checksum of a file whatever ends its lines; None if there is no file that can be read."""
    try:
        return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    except OSError:
        return None
