"""JSON from a file that may hold anything: read as data, never executed."""

import json
from pathlib import Path
from typing import Any

from dineutrino.errors import DineutrinoError
from dineutrino.measurements.histfactory.checks import shown


def read_json(path: str | Path) -> Any:
    """The content of a file. Every number is a float.

    Raises:
        DineutrinoError: no such file, not UTF-8, not JSON, empty, nested too deeply, a key twice in one mapping, or NaN
            and Infinity, which are no JSON.
    """
    place = f"the file '{path}'"
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DineutrinoError(f"there is no file '{path}'.") from None
    except UnicodeDecodeError:
        raise DineutrinoError(f"{place} cannot be read as JSON: it is not text in UTF-8.") from None
    except (OSError, ValueError) as error:
        raise DineutrinoError(f"{place} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    if not text.strip():
        raise DineutrinoError(f"{place} cannot be read as JSON: it is empty.")
    try:
        return json.loads(text, parse_int=float, parse_constant=_no_constant, object_pairs_hook=_unique)
    except (json.JSONDecodeError, _Refused) as error:
        raise DineutrinoError(f"{place} cannot be read as JSON: {error}.") from None
    except RecursionError:
        raise DineutrinoError(f"{place} cannot be read as JSON: it is nested too deeply.") from None


class _Refused(Exception):
    """The reason why a detail is refused."""


def _no_constant(name: str) -> Any:
    raise _Refused(f"{name} is not a finite number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Refused(f"the key {shown(twice)} appears twice in one mapping")
    return found
