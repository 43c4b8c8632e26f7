"""Where the published files of Belle II are for the tests."""

from published_files import published_folder


def belle2_folder():
    """The folder; without it a test is skipped, or fails where nothing may be skipped."""
    return published_folder("belle2_knunu_2025")
