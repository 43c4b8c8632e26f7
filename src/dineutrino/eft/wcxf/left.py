"""Reading and writing LEFT coefficients in WCxf files: WET, basis JMS or flavio, the sectors of `Left`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.eft.flavio.wet import flavio_from_left, flavio_places, left_from_flavio
from dineutrino.eft.names.left import is_outside, left_from_mapping, left_names, left_to_mapping
from dineutrino.eft.wcxf.format import checked_scale, parse_file, read_point, value_record, write_file
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import Inputs, ckm_matrix
from dineutrino.io import Tree
from dineutrino.running import quark_mass
from dineutrino.running.left import FLAVOURS
from dineutrino.running.left_classes import Left
from dineutrino.running.theories import LOWEST

EFT = "WET"
BASES = ("JMS", "flavio")
_FLAVIO = re.compile(
    r"C(G|Gtilde|([78]p?|gamma|9p?|10p?|[SP]p?|[LR]|V[LR]|S[LR]|T|[VST][18]?[LR]{2}t?)_(nu|e|mu|tau|[udscb])+)"
)
"""Form of all names of the flavio basis, of those that are not converted too."""


@dataclass(frozen=True)
class LeftFile:
    """The content of a WCxf file with one point.

    Attributes:
        coefficients: GeV^-2.
        scale: GeV.
        ignored: names in the file that `Left` does not have.
    """

    coefficients: Left
    scale: float
    ignored: tuple[str, ...]


def read_left(path: str | Path, inputs: Inputs) -> LeftFile:
    """Read one point.

    Args:
        path: JSON if it ends with ".json", else YAML. Values are numbers or {Re: number, Im: number}.
        inputs: CKM matrix, G_F, alpha_em and running quark masses that normalise coefficients of the flavio basis; JMS
            needs none.

    Raises:
        DineutrinoError: no such file, another EFT or basis, coefficients that are unknown, redundant or of
            the other basis, numbers that are not finite, or the flavio basis at a scale where QCD is strong.
    """
    path = Path(path)
    content = parse_file(path)
    basis = basis_of(content, path.name)
    scale, values = read_point(content, path.name, EFT, basis)
    known = set(left_names()) if basis == "JMS" else set(flavio_places())
    ignored = tuple(name for name in values if name not in known and belongs(name, basis))
    kept = {name: value for name, value in values.items() if name not in ignored}
    try:
        check_basis(values, basis)
        if basis == "JMS":
            return LeftFile(left_from_mapping(kept), scale, ignored)
        return LeftFile(left_from_flavio(kept, *_normalisation(inputs, scale)), scale, ignored)
    except DineutrinoError as error:
        raise DineutrinoError(f"{path.name}: {error}") from None


def write_left(
    path: str | Path,
    coefficients: Left,
    scale: float,
    inputs: Inputs,
    basis: str = "JMS",
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write one point; zeros are left out, and every float has all its digits.

    Args:
        path: JSON if it ends with ".json", else YAML.
        coefficients: GeV^-2; `Left(vectors)` if there are no scalars.
        scale: GeV.
        inputs: as for `read_left`.
        basis: "JMS", or "flavio", which has only the sectors of `flavio_from_left`.
        metadata: "generator", "description", ... of the WCxf standard.

    Raises:
        DineutrinoError: another basis, numbers that are not finite, a scale that is not a positive number, or
            coefficients that the flavio basis does not have here, or not at that scale.
    """
    path = Path(path)
    if basis not in BASES:
        raise unknown("basis of the WET", basis, BASES)
    values, scale = left_to_mapping(coefficients), checked_scale(scale, path.name)
    if not all(np.isfinite(value) for value in values.values()):
        raise DineutrinoError("Wilson coefficients must be finite to be written.")
    if basis == "flavio":
        normalisation = _normalisation(inputs, scale)
        converted = flavio_from_left(coefficients, *normalisation)
        back = left_to_mapping(left_from_flavio(converted, *normalisation))
        lost = [name for name in values if name not in back]
        if lost:
            raise DineutrinoError(f"{lost[0]} has no counterpart in the flavio basis here; write the basis JMS.")
        values = converted
    head: dict[str, Tree] = {"eft": EFT, "basis": basis, "scale": scale}
    if metadata:
        head["metadata"] = dict(metadata)
    write_file(path, head | {"values": {name: value_record(value) for name, value in values.items()}})


def basis_of(record: Tree, place: str) -> str:
    """The basis that one point says it is in.

    Raises:
        DineutrinoError: not one of `BASES`.
    """
    basis = record.get("basis", BASES[0]) if isinstance(record, dict) else BASES[0]
    if basis not in BASES:
        raise DineutrinoError(f"{place}: {unknown('basis of the WET', basis, BASES)}")
    return str(basis)


def check_basis(names: Iterable[str], basis: str) -> None:
    """Refuse names of the other basis.

    Raises:
        DineutrinoError: a name that only the other basis has.
    """
    (other,) = (each for each in BASES if each != basis)
    for name in names:
        if not _has(name, basis) and _has(name, other):
            raise DineutrinoError(f"{name} is a coefficient of the basis {other}, not of {basis}.")


def _has(name: str, basis: str) -> bool:
    return name in (left_names() if basis == "JMS" else flavio_places()) or belongs(name, basis)


def belongs(name: str, basis: str) -> bool:
    """Whether a name that is not converted belongs to the basis all the same."""
    return is_outside(name) if basis == "JMS" else bool(_FLAVIO.fullmatch(name))


class Normalisation(NamedTuple):
    """What coefficients of the flavio basis are normalised to; masses in GeV, at the scale of the coefficients."""

    V: Complex[Array, "3 3"]
    G_F: Float[Array, ""]
    alpha_em: Float[Array, ""]
    m_b: Float[Array, ""]
    m_s: Float[Array, ""]


def _normalisation(inputs: Inputs, scale: float) -> Normalisation:
    """At a scale, GeV, in the theory with five flavours."""
    if scale < LOWEST:
        raise DineutrinoError(f"quark masses do not run to {scale:g} GeV, where QCD is strong; use the basis JMS.")
    masses = (quark_mass(name, scale, inputs, FLAVOURS) for name in ("m_b", "m_s"))
    return Normalisation(ckm_matrix(inputs), inputs["G_F"], inputs["alpha_em"], *masses)
