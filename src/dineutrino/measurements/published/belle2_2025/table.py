"""A table of numbers written as comma-separated values, without a header."""

import math

import numpy as np
from jaxtyping import Float

from dineutrino.errors import DineutrinoError


def parse_table(content: str, name: str, columns: int) -> Float[np.ndarray, "_ columns"]:
    """The rows of a table of numbers that are finite and not negative.

    Args:
        content: of the file.
        name: for messages.
        columns: how many there must be.

    Raises:
        DineutrinoError: no rows, a row of another length, an entry that is no such number; names row and column from 1.
    """
    lines = content.rstrip().splitlines()
    if not lines:
        raise DineutrinoError(f"{name} is empty.")
    return np.array([_row(line, f"{name}: row {i}", columns) for i, line in enumerate(lines, start=1)])


def _row(line: str, place: str, columns: int) -> list[float]:
    cells = line.split(",")
    if len(cells) != columns:
        raise DineutrinoError(f"{place} has {len(cells)} columns, not {columns}.")
    return [_entry(cell.strip(), f"{place}, column {i}") for i, cell in enumerate(cells, start=1)]


def _entry(cell: str, place: str) -> float:
    try:
        if "_" in cell:  # Python's own notation
            raise ValueError
        value = float(cell)
    except ValueError:
        raise DineutrinoError(f"{place}: '{cell[:20]}' is not a number.") from None
    if not math.isfinite(value):
        raise DineutrinoError(f"{place}: {cell} is not a finite number.")
    if value < 0:
        raise DineutrinoError(f"{place}: {cell} is negative.")
    return value + 0.0  # no negative zero
