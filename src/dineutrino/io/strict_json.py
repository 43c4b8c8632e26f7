"""JSON that every reader accepts: numbers that are not finite become null, and are listed beside."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from jaxtyping import Array

from dineutrino.io.tree import Tree

if TYPE_CHECKING:
    Scalar: TypeAlias = bool | int | float | str | np.generic | None
    Writable: TypeAlias = Scalar | np.ndarray | Array | Sequence["Writable"] | Mapping[str, "Writable"]
    """What `dumps` can write."""
else:  # `dumps` itself refuses what it cannot write
    Writable = object


def dumps(content: Mapping[str, Writable]) -> str:
    """Strict JSON, indented, of nested mappings, sequences, numbers (numpy and jax too), strings, booleans and None.

    A number that is not finite is written as null, and the added entry "not_finite" maps its place (a JSON pointer,
    RFC 6901: "/parameters/0/lower") to "nan", "inf" or "-inf". Keys keep their order.

    Raises:
        TypeError: something that JSON cannot hold, or a key that is not a string.
    """
    flagged: dict[str, str] = {}
    clean = _clean(content, "", flagged)
    assert isinstance(clean, dict)
    return json.dumps(clean | {"not_finite": flagged}, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def _clean(content: Writable, place: str, flagged: dict[str, str]) -> Tree:
    if content is None or isinstance(content, str | bool | int):
        return content
    if isinstance(content, np.generic | np.ndarray | Array):
        return _clean(content.tolist(), place, flagged)
    if isinstance(content, float):
        if math.isfinite(content):
            return content
        flagged[place] = str(content)
        return None
    if isinstance(content, Mapping):
        for key in content:
            if not isinstance(key, str):
                raise TypeError(f"a key of a JSON object must be a string, not {key!r} (at '{place}').")
        return {key: _clean(value, f"{place}/{_escaped(key)}", flagged) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_clean(value, f"{place}/{i}", flagged) for i, value in enumerate(content)]
    raise TypeError(f"JSON cannot hold {type(content).__name__} (at '{place}').")


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
