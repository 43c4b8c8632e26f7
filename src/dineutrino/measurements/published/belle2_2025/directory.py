"""Where the published files of Belle II are on this machine."""

from pathlib import Path

from dineutrino.measurements.published.belle2_2025.manifest import NAME, published
from dineutrino.measurements.published.directory import Files


def data_directory(given: str | Path | None = None) -> Path:
    """The folder with the published files, or what there is of them; see `Files.directory`."""
    paths = tuple(file.name for file in published().files)
    return Files(NAME, "belle2_knunu_2025", "the published files of Belle II", paths).directory(given)
