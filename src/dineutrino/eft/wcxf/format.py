"""The exchange format WCxf (arXiv:1712.05298) itself: files, points, numbers, whatever the coefficients."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from reprlib import repr as shortened
from typing import TypeGuard

import yaml

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.io import Tree, read_json, read_yaml

REQUIRED = ("eft", "basis", "scale", "values")
FIELDS = (*REQUIRED, "metadata")


def parse_file(path: Path) -> Tree:
    """The content of a JSON file (if its name ends so) or YAML file.

    Raises:
        DineutrinoError: no such file, not readable, or a name that appears twice.
    """
    return read_json(path, constants=True) if path.suffix == ".json" else read_yaml(path)


def read_point(record: Tree, place: str, eft: str, basis: str) -> tuple[float, dict[str, complex]]:
    """Scale in GeV, and values by name.

    Args:
        record: of one point.
        place: for messages.
        eft: that it must have.
        basis: that it must have.

    Raises:
        DineutrinoError: keys missing or unknown, another EFT or basis, or a number that is not finite.
    """
    if not isinstance(record, Mapping):
        raise DineutrinoError(
            f"{place}: a point must be a mapping with {', '.join(REQUIRED)}, not {shortened(record)}."
        )
    for field in record:
        if field not in FIELDS:
            raise DineutrinoError(f"{place}: {unknown('key', field, FIELDS)}")
    for field in REQUIRED:
        if field not in record:
            raise DineutrinoError(f"{place}: the key '{field}' is missing.")
    for field, expected in (("eft", eft), ("basis", basis)):
        if record[field] != expected:
            raise DineutrinoError(f"{place}: {field} must be '{expected}', not {shortened(record[field])}.")
    scale = checked_scale(record["scale"], place)
    if not isinstance(record["values"], Mapping):
        raise DineutrinoError(
            f"{place}: values must be a mapping from names to numbers, not {shortened(record['values'])}."
        )
    return scale, {str(name): _complex(value, f"{place}: {name}") for name, value in record["values"].items()}


def write_file(path: Path, content: Tree) -> None:
    """JSON if the name ends so, else YAML; every float with all its digits."""
    if path.suffix == ".json":
        text = json.dumps(content, indent=2, allow_nan=False) + "\n"
    else:
        text = yaml.safe_dump(content, sort_keys=False)
    path.write_text(text, encoding="utf-8")


def value_record(value: complex) -> Tree:
    """A number as WCxf writes it."""
    return {"Re": float(value.real), "Im": float(value.imag)} if value.imag else float(value.real)


def checked_scale(value: Tree, place: str) -> float:
    """A scale in GeV.

    Raises:
        DineutrinoError: not a positive number.
    """
    if not _is_real(value) or value <= 0:
        raise DineutrinoError(f"{place}: scale must be a positive number in GeV, not {shortened(value)}.")
    return float(value)


def _complex(value: Tree, place: str) -> complex:
    parts = value if isinstance(value, dict) else {"Re": value}
    numbers = {name: float(part) for name, part in parts.items() if _is_real(part)}
    if not parts or not set(parts) <= {"Re", "Im"} or len(numbers) < len(parts):
        raise DineutrinoError(f"{place} must be a finite number or {{Re: number, Im: number}}, not {shortened(value)}.")
    return complex(numbers.get("Re", 0.0), numbers.get("Im", 0.0))


def _is_real(value: Tree) -> TypeGuard[int | float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:  # a whole number beyond the range of floats
        return False
