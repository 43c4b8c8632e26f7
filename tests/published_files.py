"""Where published files that are not part of the package are for the tests."""

import os
from pathlib import Path

import pytest


def published_folder(name):
    """A folder; without it a test is skipped, or fails where nothing may be skipped."""
    data = Path(os.environ.get("DINEUTRINO_DATA", Path(__file__).parents[2] / "shared" / "data"))
    folder = data / name
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the published files are not in '{folder}'; set DINEUTRINO_DATA")
        pytest.skip("the published files are not here; set DINEUTRINO_DATA")
    return folder
