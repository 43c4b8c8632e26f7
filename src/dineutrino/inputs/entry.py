"""One number of nature: value, uncertainty, unit, source. Checked when it is read."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs.units import to_gev
from dineutrino.io import Tree

_FIELDS = ("value", "uncertainty", "unit", "source", "description")


@dataclass(frozen=True)
class Entry:
    """A scalar input as it stands in a data file, in the unit of that file.

    Attributes:
        name: for example "m_B+".
        value: central value, in `unit`.
        uncertainty: one standard deviation, in `unit`; zero for an exact number.
        unit: see `dineutrino.inputs.units`.
        source: where the number was published.
        description: what it is, with scheme and scale where they matter.
        block: block of the prior it belongs to.
    """

    name: str
    value: float
    uncertainty: float
    unit: str
    source: str
    description: str
    block: str


def number(value: object, place: str) -> float:
    """A finite real number.

    Raises:
        DineutrinoError: anything else, named by `place`.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise DineutrinoError(f"{place} must be a finite number, not {value!r}.")
    return float(value)


def text(value: object, place: str) -> str:
    """A non-empty string.

    Raises:
        DineutrinoError: anything else, named by `place`.
    """
    if not isinstance(value, str) or not value.strip():
        raise DineutrinoError(f"{place} is missing.")
    return " ".join(value.split())


def read_entry(record: Tree | Mapping[str, Tree], name: str, block: str, file: str) -> Entry:
    """Check a record {value, uncertainty, unit, source, description} and make it an Entry.

    Raises:
        DineutrinoError: a field unknown or missing, a number not finite, a negative uncertainty, an unknown unit.
    """
    place = f"{file}: '{name}'"
    if not isinstance(record, Mapping):
        raise DineutrinoError(f"{place} must be a mapping with value, uncertainty, unit and source.")
    for field in record:
        if field not in _FIELDS:
            raise DineutrinoError(f"{place}: {unknown('field', field, _FIELDS)}")
    value = number(record.get("value"), f"{place}: value")
    uncertainty = number(record.get("uncertainty", 0.0), f"{place}: uncertainty")
    if uncertainty < 0:
        raise DineutrinoError(f"{place}: uncertainty must not be negative, it is {uncertainty}.")
    unit = str(record.get("unit", ""))
    if unit != "1" and value <= 0:
        raise DineutrinoError(
            f"{place}: value must be positive, as of every mass, time or decay constant, not {value}."
        )
    try:
        to_gev(unit, 1.0)
    except DineutrinoError as error:
        raise DineutrinoError(f"{place}: {error}") from None
    source = text(record.get("source"), f"{place}: source")
    description = " ".join(str(record.get("description", "")).split())
    return Entry(name, value, uncertainty, unit, source, description, block)


def override(entry: Entry, record: Tree | Mapping[str, Tree], file: str) -> Entry:
    """The same input with another value, uncertainty, unit and source; its description stays unless a new one is given.

    Raises:
        DineutrinoError: as `read_entry`; or a unit of another dimension than the entry's.
    """
    new = read_entry(record, entry.name, entry.block, file)
    if _dimension(new.unit) != _dimension(entry.unit):
        raise DineutrinoError(
            f"{file}: '{entry.name}' has unit '{new.unit}', which does not convert to '{entry.unit}'."
        )
    return new if new.description else replace(new, description=entry.description)


def _dimension(unit: str) -> str:
    return {"MeV": "GeV", "s": "GeV^-1", "ps": "GeV^-1", "fs": "GeV^-1"}.get(unit, unit)
