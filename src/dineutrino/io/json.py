"""JSON: every number is a float, a repeated key is refused."""

import json
from pathlib import Path

from dineutrino.errors import DineutrinoError, repeated
from dineutrino.io.text import read_text
from dineutrino.io.tree import Tree


def read_json(path: str | Path, constants: bool = False) -> Tree:
    """The content of a JSON file.

    Args:
        path: of the file.
        constants: whether NaN and Infinity, which are no JSON, are numbers, for readers who refuse them by name.

    Raises:
        DineutrinoError: see `read_text` and `parse_json`.
    """
    return parse_json(read_text(path), f"the file '{path}'", constants)


def parse_json(text: str, name: str, constants: bool = False) -> Tree:
    """The content of a JSON document; `name` begins the errors, for `constants` see `read_json`.

    Raises:
        DineutrinoError: not JSON, empty, nested too deeply, or a key twice in one mapping.
    """
    if not text.strip():
        raise DineutrinoError(f"{name} cannot be read as JSON: it is empty.")
    try:
        constant = float if constants else _no_constant
        return json.loads(text, parse_int=float, parse_constant=constant, object_pairs_hook=_mapping)
    except (json.JSONDecodeError, _Refused) as error:
        raise DineutrinoError(f"{name} cannot be read as JSON: {error}.") from None
    except RecursionError:
        raise DineutrinoError(f"{name} cannot be read as JSON: it is nested too deeply.") from None


class _Refused(Exception):
    """The reason why a detail is refused."""


def _no_constant(name: str) -> float:
    raise _Refused(f"{name} is not a finite number")


def _mapping(pairs: list[tuple[str, Tree]]) -> dict[str, Tree]:
    twice = repeated(name for name, _ in pairs)
    if twice is not None:
        raise _Refused(f"the key '{repr(twice)[1:-1]:.40}' appears twice in one mapping")
    return dict(pairs)
