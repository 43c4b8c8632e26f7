"""Are these the published files?"""

from dataclasses import dataclass
from pathlib import Path

from dineutrino.errors import DineutrinoError
from dineutrino.measurements.histfactory.workspace import Workspace, read_workspace
from dineutrino.measurements.published.belle2_2025.canonical import canonical_sha256
from dineutrino.measurements.published.belle2_2025.densities import existing, read_number_density
from dineutrino.measurements.published.belle2_2025.manifest import Manifest, PublishedFile, published


@dataclass(frozen=True)
class FileReport:
    """What the check of one file found.

    Attributes:
        name: of the file.
        size: in bytes; none if there is no file.
        sha256: of the canonical form; none if the content cannot be read.
        problems: one sentence each; none for a file that is as published.
        note: something that is worth knowing and not wrong.
    """

    name: str
    size: int | None
    sha256: str | None
    problems: tuple[str, ...]
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether the content is the published one."""
        return not self.problems


def check(directory: str | Path, manifest: Manifest | None = None) -> tuple[FileReport, ...]:
    """Compare the files in a folder with the published ones: names, content, sums of rows.

    The content counts, not its spelling: the checksum is that of the canonical form (`canonical`). A size other than
    that of the file where it is fetched from is noted. Sums of rows are compared when the workspace is as published.
    Other files in the folder are not looked at.

    Raises:
        DineutrinoError: there is no such folder. What is wrong with a file is in its report.
    """
    manifest = manifest or published()
    directory = Path(directory)
    if not directory.is_dir():
        raise DineutrinoError(f"there is no folder '{directory}'.")
    workspace = _workspace(directory, manifest)
    return tuple(_report(directory, file, workspace, manifest) for file in manifest.files)


def checksum(path: Path, file: PublishedFile, manifest: Manifest) -> str:
    """Checksum of the canonical form of a file.

    Raises:
        DineutrinoError: there is no file, or its content is not of the right form.
    """
    try:
        content = existing(path).read_bytes()
    except OSError as error:
        raise DineutrinoError(f"the file '{path}' cannot be read: {error.strerror}.") from None
    return canonical_sha256(content, file.form, str(path), manifest.q2_bins + 1)


def mismatch(found: str, file: PublishedFile) -> str:
    """The end of a sentence about two checksums."""
    return f"the sha256 of its canonical form is {found[:12]}..., not {file.sha256[:12]}..."


def _report(directory: Path, file: PublishedFile, workspace: Workspace | None, manifest: Manifest) -> FileReport:
    path = directory / file.name
    size = path.stat().st_size if path.is_file() else None
    try:
        found = checksum(path, file, manifest)
    except DineutrinoError as error:
        return FileReport(file.name, size, None, (str(error),))
    problems = [] if found == file.sha256 else [f"not the published content: {mismatch(found, file)}."]
    notes = [] if size == file.size else [f"other spelling: {file.size} bytes where it is fetched from"]
    if file.form == "csv" and workspace is None:
        notes.append(f"sums of rows not compared without a good {manifest.workspace.name}")
    if file.form == "csv" and workspace is not None:
        try:
            read_number_density(directory, file, workspace, manifest)
        except DineutrinoError as error:
            problems.append(str(error))
    return FileReport(file.name, size, found, tuple(problems), "; ".join(notes))


def _workspace(directory: Path, manifest: Manifest) -> Workspace | None:
    """The workspace, or none where it is not as published; its own report says why."""
    path = directory / manifest.workspace.name
    try:
        as_published = checksum(path, manifest.workspace, manifest) == manifest.workspace.sha256
    except DineutrinoError:
        return None
    return read_workspace(path) if as_published else None
