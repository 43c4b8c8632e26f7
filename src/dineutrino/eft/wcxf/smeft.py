"""Reading and writing SMEFT coefficients in WCxf files, Warsaw basis."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import jax

from dineutrino.eft.alignment import down_aligned, running_ckm, up_aligned
from dineutrino.eft.smeft import smeft_from_mapping, smeft_to_mapping
from dineutrino.eft.violating import is_violating, violating_from_mapping, violating_to_mapping
from dineutrino.eft.warsaw import warsaw_from_mapping, warsaw_to_mapping
from dineutrino.eft.wcxf.format import checked_scale, parse_file, read_point, value_record, write_file
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import Inputs
from dineutrino.io import Tree
from dineutrino.running import violating_classes
from dineutrino.running.vector_classes import VectorClasses
from dineutrino.running.violating_classes import Violating
from dineutrino.running.warsaw_classes import Warsaw

EFT, BASIS, UP = "SMEFT", "Warsaw", "Warsaw up"
BASES = (BASIS, UP)
"""Aligned with down quarks, and with up quarks, at the scale of the file."""
_Coefficients = TypeVar("_Coefficients")
_ckm = jax.jit(running_ckm)


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
        coefficients: GeV^-2, in the down-aligned basis.
        scale: GeV.
        basis: of the file, one of `BASES`.
        violating: those that violate lepton or baryon number, GeV^-1 and GeV^-2, in the down-aligned basis.
    """

    coefficients: Warsaw
    scale: float
    basis: str
    violating: Violating = field(default_factory=Violating.zero)


def read_smeft(path: str | Path) -> SmeftFile:
    """Read one point of vector currents. The Warsaw basis of WCxf is the down-aligned one at the scale of the file.

    Args:
        path: JSON if it ends with ".json", else YAML. Values are numbers or {Re: number, Im: number}.

    Raises:
        DineutrinoError: no such file, another EFT or basis, coefficients unknown, redundant or outside the classes that
            run here, or numbers that are not finite.
    """
    return SmeftFile(*_read(path, smeft_from_mapping))


def read_warsaw(path: str | Path, inputs: Inputs | None = None) -> WarsawFile:
    """Read one point with coefficients of all classes, and turn it to the down-aligned basis if it is in "Warsaw up".

    Args:
        path: as for `read_smeft`.
        inputs: couplings of the Standard Model, from which the CKM matrix at the scale of the file follows.

    Raises:
        DineutrinoError: as `read_smeft`, or the basis is "Warsaw up" and there are no inputs.
    """
    path = Path(path)
    basis = basis_of(parse_file(path), path.name)
    (coefficients, violating), scale = _read(path, _all_from_mapping, basis)
    if basis == UP:
        if inputs is None:
            raise DineutrinoError(
                f"{path.name}: the basis '{UP}' is turned by the CKM matrix at its scale; give inputs."
            )
        V = _ckm(scale, inputs)
        coefficients = down_aligned(coefficients, V)
        violating = violating_classes.rotated(violating, {"q": V.conj().T})
    return WarsawFile(coefficients, scale, basis, violating)


def _all_from_mapping(values: Mapping[str, complex]) -> tuple[Warsaw, Violating]:
    violating = {name: value for name, value in values.items() if is_violating(name)}
    others = {name: value for name, value in values.items() if name not in violating}
    return warsaw_from_mapping(others), violating_from_mapping(violating) if violating else Violating.zero()


def basis_of(record: Tree, place: str) -> str:
    """The basis that one point says it is in.

    Raises:
        DineutrinoError: not one of `BASES`.
    """
    basis = record.get("basis", BASIS) if isinstance(record, Mapping) else BASIS
    if basis not in BASES:
        raise DineutrinoError(
            f"{place}: {unknown('basis of the SMEFT', basis, BASES)} Programs like wilson translate others."
        )
    return str(basis)


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
    path: str | Path,
    coefficients: Warsaw,
    scale: float,
    metadata: Mapping[str, str] | None = None,
    *,
    up: Inputs | None = None,
    violating: Violating | None = None,
) -> None:
    """Write one point with coefficients of all classes, down-aligned as they come, or up-aligned.

    Args:
        path: as for `write_smeft`.
        coefficients: GeV^-2, down-aligned.
        scale: GeV.
        metadata: as for `write_smeft`.
        up: couplings of the Standard Model, to write the basis "Warsaw up"; else it is "Warsaw".
        violating: those that violate lepton or baryon number, GeV^-1 and GeV^-2, down-aligned; by default none.

    Raises:
        DineutrinoError: as `write_smeft`.
    """
    V = None if up is None else _ckm(scale, up)
    values = warsaw_to_mapping(coefficients if V is None else up_aligned(coefficients, V))
    if violating is not None:
        values |= violating_to_mapping(violating if V is None else violating_classes.rotated(violating, {"q": V}))
    _write(path, values, scale, metadata, BASIS if V is None else UP)


def _read(
    path: str | Path, from_mapping: Callable[[Mapping[str, complex]], _Coefficients], basis: str = BASIS
) -> tuple[_Coefficients, float]:
    path = Path(path)
    scale, values = read_point(parse_file(path), path.name, EFT, basis)
    try:
        return from_mapping(values), scale
    except DineutrinoError as error:
        raise DineutrinoError(f"{path.name}: {error}") from None


def _write(
    path: str | Path,
    values: Mapping[str, complex],
    scale: float,
    metadata: Mapping[str, str] | None,
    basis: str = BASIS,
) -> None:
    path = Path(path)
    record: dict[str, Tree] = {"eft": EFT, "basis": basis, "scale": checked_scale(scale, path.name)}
    if metadata:
        record["metadata"] = dict(metadata)
    record["values"] = {name: value_record(value) for name, value in values.items()}
    write_file(path, record)
