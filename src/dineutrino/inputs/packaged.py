"""Data files below `dineutrino/inputs/data`, and files of the user in their form."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from dineutrino.errors import DineutrinoError
from dineutrino.io import Tree, parse_yaml, read_yaml


def read_mapping(path: Path) -> dict[str, Tree]:
    """The mapping in a YAML file of the user.

    Raises:
        DineutrinoError: no such file, or its content is not a mapping.
    """
    return _as_mapping(read_yaml(path), path.name)


@cache
def read_data(*parts: str) -> dict[str, Tree]:
    """The mapping in a YAML file below `dineutrino/inputs/data`, read once per process. Treat it as read-only."""
    resource = files("dineutrino.inputs").joinpath("data", *parts)
    return _as_mapping(parse_yaml(resource.read_text(encoding="utf-8"), parts[-1]), parts[-1])


@cache
def data_names(*parts: str) -> tuple[str, ...]:
    """Names (without `.yaml`) of the data files in a folder below `dineutrino/inputs/data`, sorted."""
    folder = files("dineutrino.inputs").joinpath("data", *parts)
    if not folder.is_dir():
        return ()
    return tuple(sorted(item.name[:-5] for item in folder.iterdir() if item.name.endswith(".yaml")))


def _as_mapping(content: Tree, name: str) -> dict[str, Tree]:
    if not isinstance(content, dict):
        raise DineutrinoError(f"{name}: the file must hold a mapping.")
    return content
