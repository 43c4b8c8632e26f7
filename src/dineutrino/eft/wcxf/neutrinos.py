"""Reading and writing Wilson coefficients in the exchange format WCxf (arXiv:1712.05298), JSON or YAML.

The WET in the flavio basis has coefficients of b -> s, b -> d and s -> d nu nubar in the normalisation of
`NeutrinoCoefficients` and of l l in that of `LeptonCoefficients`, in the JMS basis in those of `NuNu` and `LL`. Vector
currents do not run in QCD, nor do scalars in the normalisation to quark masses of the flavio basis: the scale of a file
does not matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex

from dineutrino.eft.leptons import LL, lepton_names
from dineutrino.eft.names.left import left_from_mapping, left_names
from dineutrino.eft.neutrinos import NeutrinoCoefficients, NuNu, names
from dineutrino.eft.wcxf.format import checked_scale, parse_file, read_point, value_record, write_file
from dineutrino.eft.wcxf.left import BASES, basis_of, belongs, check_basis
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import SB, Quarks
from dineutrino.inputs.quarks import ALL
from dineutrino.io import Tree

EFT, BASIS = "WET", "flavio"


@dataclass(frozen=True)
class WCxfFile:
    """The content of a WCxf file, as far as two neutrinos go.

    Attributes:
        coefficients: C_L and C_R of b -> s, of shape (3, 3); of shape (points, 3, 3) for a list of points; zero in the
            JMS basis.
        scale: GeV; one per point for a list of points.
        ignored: names of coefficients in the file that are not kept.
        lagrangian: of b -> s in GeV^-2 and of the same shape, if the basis is JMS.
        others: of b -> d and s -> d, where the file has any: C_L and C_R, or the Lagrangian if the basis is JMS.
        leptons: coefficients of two charged leptons by name, if the basis is flavio; one number per point.
        lepton_currents: vector currents of two charged leptons in GeV^-2, if the basis is JMS.
    """

    coefficients: NeutrinoCoefficients
    scale: float | tuple[float, ...]
    ignored: tuple[str, ...]
    lagrangian: NuNu | None
    others: Mapping[Quarks, NeutrinoCoefficients | NuNu]
    leptons: Mapping[str, Complex[Array, "*points"]]
    lepton_currents: Mapping[Quarks, LL]


def read_wcxf(path: str | Path) -> WCxfFile:
    """Read one point, or a list of points.

    Args:
        path: JSON if it ends with ".json", else YAML. Values are numbers or {Re: number, Im: number}.

    Raises:
        DineutrinoError: no such file, not JSON or YAML, another EFT or basis, a key missing or unknown, an unknown or
            redundant coefficient, or a number that is not finite.
    """
    path = Path(path)
    content = parse_file(path)
    many = isinstance(content, list)
    if many and not content:
        raise DineutrinoError(f"{path.name}: the list of points is empty.")
    records = content if isinstance(content, list) else [content]
    places = [f"{path.name}: point {i}" for i in range(len(records))] if many else [path.name]
    bases = [basis_of(record, place) for record, place in zip(records, places, strict=True)]
    if len(set(bases)) > 1:
        raise DineutrinoError(f"{path.name}: all points must be in the same basis, not in {' and '.join(BASES)}.")
    points = [_point(record, place, bases[0]) for record, place in zip(records, places, strict=True)]
    matrices = np.stack([point.neutrinos for point in points]) if many else points[0].neutrinos
    scales = tuple(point.scale for point in points)
    kind = NuNu if bases[0] == "JMS" else NeutrinoCoefficients
    currents = {
        quarks: kind(jnp.asarray(matrices[..., i, 0, :, :]), jnp.asarray(matrices[..., i, 1, :, :]))
        for i, quarks in enumerate(ALL)
        if quarks == SB or np.any(matrices[..., i, :, :, :])
    }
    b_to_s = currents.pop(SB)
    zero = jnp.zeros_like(jnp.asarray(matrices[..., 0, 0, :, :]))
    return WCxfFile(
        b_to_s if isinstance(b_to_s, NeutrinoCoefficients) else NeutrinoCoefficients(zero, zero),
        scales if many else scales[0],
        tuple(dict.fromkeys(name for point in points for name in point.ignored)),
        b_to_s if isinstance(b_to_s, NuNu) else None,
        currents,
        _by_name([point.leptons for point in points], many),
        _by_transition([point.currents for point in points], many),
    )


def _by_name(points: Sequence[Mapping[str, complex]], many: bool) -> dict[str, Complex[Array, "*points"]]:
    """Each coefficient at each point, zero where it is absent."""
    present = dict.fromkeys(name for point in points for name in point)
    columns = {name: np.array([point.get(name, 0) for point in points], complex) for name in present}
    return {name: jnp.asarray(column if many else column[0]) for name, column in columns.items()}


def _by_transition(points: Sequence[np.ndarray], many: bool) -> dict[Quarks, LL]:
    """Those that any point has."""
    stacked = np.stack(points) if many else points[0]
    found = {}
    for i, quarks in enumerate(ALL):
        if np.any(currents := stacked[..., i, :, :, :]):
            none = np.zeros_like(currents[..., 0, :, :])
            vectors = (currents[..., place, :, :] for place in range(len(VECTORS)))
            found[quarks] = LL(*map(jnp.asarray, (*vectors, *[none] * (len(LL.__annotations__) - len(VECTORS)))))
    return found


def write_wcxf(
    path: str | Path,
    coefficients: NeutrinoCoefficients,
    scale: float | Sequence[float],
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write one point, or a list of points if the coefficients carry a leading axis. Zeros are left out.

    Every float is written with all its digits: reading the file gives the same numbers.

    Args:
        path: JSON if it ends with ".json", else YAML.
        coefficients: of shape (3, 3) or (points, 3, 3).
        scale: GeV; one number, or one per point.
        metadata: "generator", "description", ... of the WCxf standard.

    Raises:
        DineutrinoError: coefficients that are not finite or of another shape, or scales that do not fit them.
    """
    path = Path(path)
    values = np.stack([coefficients.C_L, coefficients.C_R], axis=-3)
    if values.ndim not in (3, 4):
        raise DineutrinoError(
            f"coefficients must have shape (3, 3) or (points, 3, 3), not {(*values.shape[:-3], 3, 3)}."
        )
    if not np.all(np.isfinite(values)):
        raise DineutrinoError("Wilson coefficients must be finite to be written.")
    points = np.swapaxes(values, -1, -2).reshape(-1, len(names()))
    if np.ndim(scale) == 1 and (values.ndim == 3 or len(points) != np.size(scale)):
        raise DineutrinoError(
            f"{np.size(scale)} scales do not fit {len(points)} points; give one number or one per point."
        )
    scales = [checked_scale(float(x), path.name) for x in np.broadcast_to(scale, len(points))]
    records: list[Tree] = [_record(point, x, metadata) for point, x in zip(points, scales, strict=True)]
    write_file(path, records[0] if values.ndim == 3 else list(records))


def _record(point: np.ndarray, scale: float, metadata: Mapping[str, str] | None) -> dict[str, Tree]:
    record: dict[str, Tree] = {"eft": EFT, "basis": BASIS, "scale": scale}
    if metadata:
        record["metadata"] = dict(metadata)
    record["values"] = {name: value_record(value) for name, value in zip(names(), point, strict=True) if value != 0}
    return record


class _Point(NamedTuple):
    """One point of a file.

    Attributes:
        neutrinos: matrices (transition, chirality, alpha, beta).
        currents: of charged leptons in the JMS basis, (transition, class, alpha, beta), classes as in `VECTORS`.
        leptons: coefficients of charged leptons in the flavio basis.
        ignored: names of other sectors.
        scale: GeV.
    """

    neutrinos: np.ndarray
    currents: np.ndarray
    leptons: dict[str, complex]
    ignored: list[str]
    scale: float


VECTORS = ("VedLL", "VdeLR", "VedLR", "VedRR")
"""Classes of charged leptons, in the order of the fields of `LL`."""


def _point(record: Tree, place: str, basis: str) -> _Point:
    scale, numbers = read_point(record, place, EFT, basis)
    try:
        check_basis(numbers, basis)
        return (_from_jms if basis == "JMS" else _from_flavio)(numbers, scale)
    except DineutrinoError as error:
        raise DineutrinoError(f"{place}: {error}") from None


def _from_flavio(numbers: Mapping[str, complex], scale: float) -> _Point:
    known = [name for quarks in ALL for name in names(quarks)]
    charged = {name for quarks in ALL for name in lepton_names(quarks)}
    ignored = [name for name in numbers if name not in known and name not in charged]
    for name in ignored:
        if any(f"{quarks.name[::-1]}nu" in name.lower() for quarks in ALL) or not belongs(name, BASIS):
            raise unknown("Wilson coefficient", name, known)
    values = np.array([numbers.get(name, 0) for name in known], complex)
    neutrinos = np.swapaxes(values.reshape(len(ALL), 2, 3, 3), -1, -2)  # in names the barred flavour comes second
    leptons = {name: value for name, value in numbers.items() if name in charged}
    return _Point(neutrinos, np.zeros((len(ALL), len(VECTORS), 3, 3)), leptons, ignored, scale)


def _from_jms(numbers: Mapping[str, complex], scale: float) -> _Point:
    ignored = [name for name in numbers if belongs(name, "JMS") or (name in left_names() and not _is_kept(name))]
    left = left_from_mapping({name: value for name, value in numbers.items() if name not in ignored}).vectors
    both = np.stack([left.VnudLL, left.VnudLR])
    neutrinos = np.stack([both[..., quarks.final, quarks.initial] for quarks in ALL])
    classes = {name: np.asarray(getattr(left, name)) for name in VECTORS}
    classes["VdeLR"] = classes["VdeLR"].transpose(2, 3, 0, 1)
    currents = np.stack([classes[name] for name in VECTORS])
    return _Point(
        neutrinos, np.stack([currents[..., quarks.final, quarks.initial] for quarks in ALL]), {}, ignored, scale
    )


def _is_kept(name: str) -> bool:
    """Whether two neutrinos or two charged leptons come, as vectors, with down quarks of two flavours."""
    if name.startswith("VdeLR"):
        return name[-4] != name[-3]
    return name.startswith(("Vnud", "VedLL", "VedLR", "VedRR")) and name[-2] != name[-1]
