"""Reading and writing SMEFT coefficients in WCxf files, Warsaw basis."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dineutrino.eft.smeft import smeft_from_mapping, smeft_to_mapping
from dineutrino.eft.wcxf_format import checked_scale, parse_file, read_point, value_record, write_file
from dineutrino.errors import DineutrinoError
from dineutrino.running.vector_classes import VectorClasses

EFT, BASIS = "SMEFT", "Warsaw"


@dataclass(frozen=True)
class SmeftFile:
    """The content of a WCxf file with one point.

    Attributes:
        coefficients: GeV^-2.
        scale: GeV.
    """

    coefficients: VectorClasses
    scale: float


def read_smeft(path: str | Path) -> SmeftFile:
    """Read one point. The Warsaw basis of WCxf is the down-aligned one at the scale of the file.

    Args:
        path: JSON if it ends with ".json", else YAML. Values are numbers or {Re: number, Im: number}.

    Raises:
        DineutrinoError: no such file, another EFT or basis, coefficients unknown, redundant or outside the classes that
            run here, or numbers that are not finite.
    """
    path = Path(path)
    scale, values = read_point(parse_file(path), path.name, EFT, BASIS)
    try:
        return SmeftFile(smeft_from_mapping(values), scale)
    except DineutrinoError as error:
        raise DineutrinoError(f"{path.name}: {error}") from None


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
    path = Path(path)
    record: dict[str, Any] = {"eft": EFT, "basis": BASIS, "scale": checked_scale(scale, path.name)}
    if metadata:
        record["metadata"] = dict(metadata)
    record["values"] = {name: value_record(value) for name, value in smeft_to_mapping(coefficients).items()}
    write_file(path, record)
