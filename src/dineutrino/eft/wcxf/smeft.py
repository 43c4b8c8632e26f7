"""Reading and writing SMEFT coefficients in WCxf files, Warsaw basis."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from dineutrino.eft.smeft import smeft_from_mapping, smeft_to_mapping
from dineutrino.eft.warsaw import warsaw_from_mapping, warsaw_to_mapping
from dineutrino.eft.wcxf.format import checked_scale, parse_file, read_point, value_record, write_file
from dineutrino.errors import DineutrinoError
from dineutrino.io import Tree
from dineutrino.running.vector_classes import VectorClasses
from dineutrino.running.warsaw_classes import Warsaw

EFT, BASIS = "SMEFT", "Warsaw"
_Coefficients = TypeVar("_Coefficients")


@dataclass(frozen=True)
class SmeftFile:
    """The content of a WCxf file with one point, vector currents only.

    Attributes:
        coefficients: GeV^-2.
        scale: GeV.
    """

    coefficients: VectorClasses
    scale: float


@dataclass(frozen=True)
class WarsawFile:
    """The content of a WCxf file with one point.

    Attributes:
        coefficients: GeV^-2.
        scale: GeV.
    """

    coefficients: Warsaw
    scale: float


def read_smeft(path: str | Path) -> SmeftFile:
    """Read one point of vector currents. The Warsaw basis of WCxf is the down-aligned one at the scale of the file.

    Args:
        path: JSON if it ends with ".json", else YAML. Values are numbers or {Re: number, Im: number}.

    Raises:
        DineutrinoError: no such file, another EFT or basis, coefficients unknown, redundant or outside the classes that
            run here, or numbers that are not finite.
    """
    return SmeftFile(*_read(path, smeft_from_mapping))


def read_warsaw(path: str | Path) -> WarsawFile:
    """Read one point with coefficients of all classes. Arguments and errors as for `read_smeft`."""
    return WarsawFile(*_read(path, warsaw_from_mapping))


def write_smeft(
    path: str | Path, coefficients: VectorClasses, scale: float, metadata: Mapping[str, str] | None = None
) -> None:
    """Write one point; zeros are left out, and every float has all its digits.

    Args:
        path: JSON if it ends with ".json", else YAML.
        coefficients: GeV^-2.
        scale: GeV.
        metadata: "generator", "description", ... of the WCxf standard.

    Raises:
        DineutrinoError: a scale that is not a positive number.
    """
    _write(path, smeft_to_mapping(coefficients), scale, metadata)


def write_warsaw(
    path: str | Path, coefficients: Warsaw, scale: float, metadata: Mapping[str, str] | None = None
) -> None:
    """Write one point with coefficients of all classes. Arguments and errors as for `write_smeft`."""
    _write(path, warsaw_to_mapping(coefficients), scale, metadata)


def _read(
    path: str | Path, from_mapping: Callable[[Mapping[str, complex]], _Coefficients]
) -> tuple[_Coefficients, float]:
    path = Path(path)
    scale, values = read_point(parse_file(path), path.name, EFT, BASIS)
    try:
        return from_mapping(values), scale
    except DineutrinoError as error:
        raise DineutrinoError(f"{path.name}: {error}") from None


def _write(path: str | Path, values: Mapping[str, complex], scale: float, metadata: Mapping[str, str] | None) -> None:
    path = Path(path)
    record: dict[str, Tree] = {"eft": EFT, "basis": BASIS, "scale": checked_scale(scale, path.name)}
    if metadata:
        record["metadata"] = dict(metadata)
    record["values"] = {name: value_record(value) for name, value in values.items()}
    write_file(path, record)
