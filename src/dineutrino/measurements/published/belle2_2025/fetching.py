"""Getting the published files."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from dineutrino.errors import DineutrinoError
from dineutrino.io.download import download_part
from dineutrino.measurements.published.belle2_2025.checking import checksum, mismatch
from dineutrino.measurements.published.belle2_2025.manifest import Manifest, PublishedFile, published

Progress = Callable[[str, int, int | None], None]
"""Called with the name of a file, the number of bytes that are there, and of all bytes where the server tells."""


@dataclass(frozen=True)
class Fetched:
    """What was done for a file; "replaced": there was one with another content."""

    name: str
    status: Literal["already there", "fetched", "replaced"]


def fetch(
    directory: str | Path,
    base_url: str | None = None,
    manifest: Manifest | None = None,
    progress: Progress | None = None,
) -> tuple[Fetched, ...]:
    """Download into a folder what is missing of the published files, or is not as published.

    A file has its name only when it is complete and its checksum holds (that of its canonical form, see `canonical`);
    until then it is NAME.part, which stays when the connection breaks or the user interrupts, and goes on next time.

    Args:
        directory: made if it does not exist, and removed again if nothing has arrived.
        base_url: of a mirror; a file is at this address and its name. By default that of the manifest.
        manifest: which files; by default those of Belle II.
        progress: told how far a download is.

    Raises:
        DineutrinoError: the folder cannot be written, the server cannot be reached or refuses, the download ended
            early, or its content is not the published one. Files that are complete stay.
    """
    manifest = manifest or published()
    directory = Path(directory)
    made = [folder for folder in (directory, *directory.parents) if not os.path.lexists(folder)]
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DineutrinoError(f"the folder '{directory}' cannot be made: {error.strerror}.") from None
    address = base_url or manifest.base_url
    try:
        return tuple(_fetch(file, directory, address, manifest, progress) for file in manifest.files)
    finally:
        _remove_empty(made)


def _remove_empty(folders: list[Path]) -> None:
    """Remove those of the folders, innermost first, that nothing has arrived in."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _fetch(
    file: PublishedFile, directory: Path, base_url: str, manifest: Manifest, progress: Progress | None
) -> Fetched:
    path = directory / file.name
    there = os.path.lexists(path)
    if there and _as_published(path, file, manifest):
        return Fetched(file.name, "already there")
    url = f"{base_url.rstrip('/')}/{quote(file.name)}"
    part = path.with_name(f"{path.name}.part")
    download_part(url, part, None if progress is None else lambda done, total: progress(file.name, done, total))
    _refuse_other_content(part, file, url, manifest)
    try:
        os.replace(part, path)
    except OSError as error:
        raise DineutrinoError(f"the file '{path}' cannot be written: {error.strerror}.") from None
    return Fetched(file.name, "replaced" if there else "fetched")


def _as_published(path: Path, file: PublishedFile, manifest: Manifest) -> bool:
    try:
        return checksum(path, file, manifest) == file.sha256
    except DineutrinoError:
        return False


def _refuse_other_content(part: Path, file: PublishedFile, url: str, manifest: Manifest) -> None:
    try:
        found = checksum(part, file, manifest)
        wrong = "" if found == file.sha256 else mismatch(found, file)
    except DineutrinoError as error:
        wrong = str(error).rstrip(".")
    if wrong:
        part.unlink(missing_ok=True)
        raise DineutrinoError(
            f"what '{url}' sent is not the published content ({wrong}); it was deleted, the same command begins anew."
        )
