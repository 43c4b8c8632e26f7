"""Dataclasses of the package as files: numbers, arrays and everything nested, bit by bit, without pickle.

A file is an npz: its arrays, and one JSON text that says where they belong. A dataclass is written as its name and its
fields, so that a field more in a class needs nothing here; reading makes only dataclasses, named tuples and
enumerations of this package.
"""

import json
import math
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path

import jax
import numpy as np

from dineutrino.errors import DineutrinoError
from dineutrino.io.atomic import replacing
from dineutrino.io.tree import Tree

PACKAGE = "dineutrino."
STRUCTURE = "structure"


def store(value: object, path: Path) -> Path:
    """Write a value atomically: None, numbers, text, arrays, tuples, lists, dictionaries and dataclasses of them.

    Raises:
        TypeError: something else.
    """
    arrays: list[np.ndarray] = []
    structure = json.dumps(_encode(value, arrays), allow_nan=False)
    with replacing(path) as temporary:
        named = {str(i): array for i, array in enumerate(arrays)}
        np.savez(temporary, **named, **{STRUCTURE: np.asarray(structure)})  # type: ignore[arg-type]  # names of arrays, no options
    return path


def read_back(path: Path) -> object:
    """What `store` wrote.

    Raises:
        DineutrinoError: the file is damaged, or a class in it is not, or no longer, what it was.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            return _decode(json.loads(str(file[STRUCTURE])), lambda i: file[str(i)])
    except (
        OSError,
        ValueError,
        KeyError,
        EOFError,
        TypeError,
        AttributeError,
        ImportError,
        zipfile.BadZipFile,
    ) as error:
        reason = str(error) or type(error).__name__
        raise DineutrinoError(f"the file '{path}' is damaged, or of another version: {reason}") from None


def _encode(value: object, arrays: list[np.ndarray]) -> Tree:
    if isinstance(value, Enum):
        return {"enum": [_name(type(value)), _encode(value.value, arrays)]}
    if value is None or (isinstance(value, bool | int | str) and type(value) in (bool, int, str)):
        return value
    if isinstance(value, float) and type(value) is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if isinstance(value, np.generic | np.ndarray | jax.Array):
        kind = "jax" if isinstance(value, jax.Array) else "array" if isinstance(value, np.ndarray) else "scalar"
        arrays.append(np.asarray(value))
        if arrays[-1].dtype.hasobject:
            raise TypeError("an array of objects cannot be stored.")
        return {kind: len(arrays) - 1}
    if is_dataclass(value) and not isinstance(value, type):
        content = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
        return {"class": [_name(type(value)), {name: _encode(part, arrays) for name, part in content.items()}]}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {"class": [_name(type(value)), {name: _encode(x, arrays) for name, x in value._asdict().items()}]}
    if isinstance(value, tuple | list) and type(value) in (tuple, list):
        return {type(value).__name__: [_encode(part, arrays) for part in value]}
    if isinstance(value, dict) and type(value) is dict:
        return {"dict": [[_encode(key, arrays), _encode(part, arrays)] for key, part in value.items()]}
    raise TypeError(f"{type(value).__name__} cannot be stored.")


def _decode(content: Tree, array: Callable[[int], np.ndarray]) -> object:
    if not isinstance(content, dict):
        return content
    ((kind, inner),) = content.items()
    match kind, inner:
        case "float", str():
            return float(inner)
        case "array", int():
            return array(inner)
        case "scalar", int():
            return array(inner)[()]
        case "jax", int():
            return jax.numpy.asarray(array(inner))
        case "tuple", list():
            return tuple(_decode(part, array) for part in inner)
        case "list", list():
            return [_decode(part, array) for part in inner]
        case "dict", list():
            return {_decode(key, array): _decode(part, array) for key, part in _pairs(inner)}
        case "enum", [str() as name, value]:
            return _class(name)(_decode(value, array))
        case "class", [str() as name, dict() as parts]:
            return _class(name)(**{field: _decode(part, array) for field, part in parts.items()})
    raise ValueError(f"'{kind}' is not known.")


def _pairs(listed: list[Tree]) -> Iterator[tuple[Tree, Tree]]:
    for pair in listed:
        if not isinstance(pair, list) or len(pair) != 2:
            raise ValueError("a dictionary must be pairs.")
        yield pair[0], pair[1]


def _name(kind: type) -> str:
    if not kind.__module__.startswith(PACKAGE):
        raise TypeError(f"{kind.__name__} is not a class of this package and cannot be stored.")
    return f"{kind.__module__}:{kind.__qualname__}"


def _class(name: str) -> Callable[..., object]:
    """A class by name; whether what it is called with are its fields is seen when it is."""
    module, _, qualified = name.partition(":")
    if not module.startswith(PACKAGE):
        raise ValueError(f"'{name}' is not a class of this package.")
    found = getattr(import_module(module), qualified)
    if not (isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum | tuple))):
        raise ValueError(f"'{name}' is not a class that can be stored.")
    return found
