"""Reading the project's YAML: duplicate keys are refused, and a number such as 1e-5 is a number."""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from dineutrino.errors import DineutrinoError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):
    """The safe loader, without silent overwriting of a key and with the usual notation for floats."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict:
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for name in names:
            if names.count(name) > 1:
                raise DineutrinoError(f"{node.start_mark.name}: the name '{name}' appears twice.")
        return super().construct_mapping(node, deep)


_StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$|^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$"),
    list("-+0123456789."),
)


def parse_yaml(text: str, name: str) -> Any:
    """The content of a YAML document; `name` appears in the errors.

    Raises:
        DineutrinoError: not YAML, or a key that appears twice in one mapping.
    """
    loader = _StrictLoader(text)
    try:
        return loader.get_single_data()
    except DineutrinoError as error:
        raise DineutrinoError(str(error).replace("<unicode string>", name, 1)) from None
    except yaml.YAMLError as error:
        raise DineutrinoError(f"{name}: not readable as YAML: {' '.join(str(error).split())}.") from None
    finally:
        loader.dispose()


def read_mapping(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file of the user.

    Raises:
        DineutrinoError: no such file, or its content is not a mapping.
    """
    if not path.is_file():
        raise DineutrinoError(f"there is no file '{path}'.")
    return _as_mapping(parse_yaml(path.read_text(encoding="utf-8"), path.name), path.name)


@cache
def read_data(*parts: str) -> dict[str, Any]:
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


def _as_mapping(content: Any, name: str) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise DineutrinoError(f"{name}: the file must hold a mapping.")
    return content
