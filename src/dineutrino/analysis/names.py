"""Names of sets and fits, or files in their place."""

from pathlib import Path

from dineutrino.errors import DineutrinoError


def name_or_path(given: object, directory: Path) -> str | Path:
    """A name, or the path of a file when it ends with .yaml or .yml.

    Args:
        given: from the user.
        directory: where a relative path starts.

    Raises:
        DineutrinoError: not text.
    """
    if not isinstance(given, str):
        raise DineutrinoError(f"must be a name or the path of a YAML file, not {given!r}.")
    return directory / given if given.endswith((".yaml", ".yml")) else given
