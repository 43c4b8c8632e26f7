"""Small checks of what a workspace holds; each says in one sentence what is wrong and where."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeGuard

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.io import Tree

LARGEST = 1e100
"""Numbers beyond would overflow in products; a positive number is not below its inverse."""


def mapping(
    given: Tree, place: str, keys: tuple[str, ...], optional: tuple[str, ...] = (), others: bool = False
) -> dict[str, Tree]:
    """A mapping with all of `keys`, some of `optional` and, unless `others` are welcome, nothing else."""
    if not isinstance(given, dict):
        raise DineutrinoError(f"{place} must be a mapping with the keys {', '.join(keys)}, not {shown(given)}.")
    for key in given:
        if key not in (*keys, *optional) and not others:
            raise DineutrinoError(f"{place}: {unknown('key', _short(key), (*keys, *optional))}")
    for key in keys:
        if key not in given:
            raise DineutrinoError(f"{place}: the key '{key}' is missing.")
    return given


def entries(given: Tree, place: str, kind: str) -> list[Tree]:
    """A list."""
    if not isinstance(given, list):
        raise DineutrinoError(f"{place} must be a list of {kind}, not {shown(given)}.")
    return given


def name_of(record: Mapping[str, Tree], place: str) -> str:
    """The name in a record: a text in one line, so that every message about it is one."""
    return text(record["name"], f"{place}: the name")


def text(given: Tree, place: str) -> str:
    """A text of printable characters, not empty."""
    if not isinstance(given, str) or not given or not given.isprintable():
        raise DineutrinoError(f"{place} must be a text of printable characters, not {shown(given)}.")
    return given


def number(given: Tree, place: str) -> float:
    """A finite number of reasonable size."""
    if not _is_number(given):
        raise DineutrinoError(f"{place} must be a number, not {shown(given)}.")
    value = _float(given)
    if not math.isfinite(value):
        raise DineutrinoError(f"{place} must be a number, but {shown(given)} is not finite.")
    if abs(value) > LARGEST:
        raise DineutrinoError(f"{place} must be a number up to {LARGEST:g}, not {shown(given)}.")
    return value


def numbers(given: Tree, place: str, count: int | None = None) -> tuple[float, ...]:
    """A list of such numbers, one for each of `count` bins, or at least one."""
    values = entries(given, place, "numbers")
    for i, value in enumerate(values, start=1):
        if not _is_number(value):
            raise DineutrinoError(f"{place} must be a list of numbers, but entry {i} is {shown(value)}.")
    if count is not None and len(values) != count:
        raise DineutrinoError(f"{place} has {len(values)} numbers for {count} bins.")
    if not values:
        raise DineutrinoError(f"{place} has no numbers.")
    return tuple(number(value, f"{place}: entry {i}") for i, value in enumerate(values, start=1))


def positive(given: Iterable[float], place: str) -> tuple[float, ...]:
    """Numbers above zero, with an inverse of reasonable size."""
    found = tuple(given)
    for value in found:
        if not value * LARGEST >= 1:
            raise DineutrinoError(f"{place} must be positive, not {value:g}.")
    return found


def not_negative(given: Iterable[float], place: str) -> tuple[float, ...]:
    """Numbers from zero on."""
    found = tuple(given)
    for i, value in enumerate(found, start=1):
        if value < 0:
            raise DineutrinoError(f"{place} must not be negative, but entry {i} is {value:g}.")
    return found


def unique(names: Iterable[str], place: str) -> None:
    """No name twice; `place` says of what."""
    for name, count in Counter(names).items():
        if count > 1:
            raise DineutrinoError(f"{place} '{name}' appears {'twice' if count == 2 else f'{count} times'}.")


def shown(given: Tree) -> str:
    """Anything in a few printable characters, for messages."""
    if given is None or isinstance(given, bool):
        return {None: "null", True: "true", False: "false"}[given]
    if isinstance(given, str):
        return f"'{_short(given)}'"
    if _is_number(given):
        return f"{_float(given):.12g}"
    return "a mapping" if isinstance(given, dict) else f"a {type(given).__name__}"


def _short(given: Tree) -> str:
    """Texts as they are, unless they are long or not printable; other things as in `shown`."""
    if not isinstance(given, str):
        return shown(given)
    start = given if len(given) <= 80 else given[:77] + "..."
    return start if start.isprintable() else ascii(start)[1:-1]


def _is_number(given: Tree) -> TypeGuard[int | float]:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _float(given: float) -> float:
    try:
        return float(given)
    except OverflowError:
        return math.inf
