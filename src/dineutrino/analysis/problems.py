"""Several things wrong at once, each with its place."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from dineutrino.errors import DineutrinoError
from dineutrino.io.located_yaml import Place

Key = TypeVar("Key", str, int)
Value = TypeVar("Value")
Result = TypeVar("Result")


class Problems(ValueError):
    """What is wrong with the entries of one field.

    Attributes:
        found: place inside the field, and one sentence, for each problem.
    """

    def __init__(self, found: list[tuple[Place, str]]):
        super().__init__("; ".join(sentence for _, sentence in found))
        self.found = found


def each(entries: Iterable[tuple[Key, Value]], check: Callable[[Key, Value], Result]) -> list[Result]:
    """Apply a check to all entries (key, value), and raise what is wrong with any of them together.

    Raises:
        Problems: with the key of every entry that the check refuses.
    """
    passed: list[Result] = []
    found: list[tuple[Place, str]] = []
    for key, value in entries:
        try:
            passed.append(check(key, value))
        except DineutrinoError as error:
            found.append(((key,), str(error)))
    if found:
        raise Problems(found)
    return passed
