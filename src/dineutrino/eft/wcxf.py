"""Reading and writing Wilson coefficients in the exchange format WCxf (arXiv:1712.05298), JSON or YAML.

Only the WET in the flavio basis has b -> s nu nubar coefficients in the normalisation of `NeutrinoCoefficients`. Their
vector currents do not run in QCD, so that files at any scale of the WET are used as they are.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
import yaml

from dineutrino.eft.neutrinos import NeutrinoCoefficients, names
from dineutrino.eft.wcxf_format import checked_scale, parse_file, read_point, value_record
from dineutrino.errors import DineutrinoError, unknown

EFT, BASIS = "WET", "flavio"


@dataclass(frozen=True)
class WCxfFile:
    """The content of a WCxf file, as far as b -> s nu nubar goes.

    Attributes:
        coefficients: C_L and C_R of shape (3, 3); of shape (points, 3, 3) for a list of points.
        scale: GeV; one per point for a list of points.
        ignored: names of coefficients in the file that b -> s nu nubar does not depend on.
    """

    coefficients: NeutrinoCoefficients
    scale: float | tuple[float, ...]
    ignored: tuple[str, ...]


def read_wcxf(path: str | Path) -> WCxfFile:
    """Read one point, or a list of points.

    Args:
        path: JSON if it ends with ".json", else YAML. Values are numbers or {Re: number, Im: number}.

    Raises:
        DineutrinoError: no such file, not JSON or YAML, another EFT or basis, a key missing or unknown, an unknown
            coefficient of b -> s nu nubar, or a number that is not finite.
    """
    path = Path(path)
    content = parse_file(path)
    if not isinstance(content, list):
        values, scale, ignored = _point(content, path.name)
        return WCxfFile(_coefficients(values), scale, tuple(ignored))
    if not content:
        raise DineutrinoError(f"{path.name}: the list of points is empty.")
    points = [_point(record, f"{path.name}: point {i}") for i, record in enumerate(content)]
    coefficients = _coefficients(np.stack([values for values, _, _ in points]))
    return WCxfFile(
        coefficients,
        tuple(scale for _, scale, _ in points),
        tuple(dict.fromkeys(name for _, _, more in points for name in more)),
    )


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
    points = values.reshape(-1, len(names()))
    if np.ndim(scale) == 1 and (values.ndim == 3 or len(points) != np.size(scale)):
        raise DineutrinoError(
            f"{np.size(scale)} scales do not fit {len(points)} points; give one number or one per point."
        )
    scales = [checked_scale(float(x), path.name) for x in np.broadcast_to(scale, len(points))]
    records = [_record(point, x, metadata) for point, x in zip(points, scales, strict=True)]
    content = records[0] if values.ndim == 3 else records
    if path.suffix == ".json":
        path.write_text(json.dumps(content, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    else:
        path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def _record(point: np.ndarray, scale: float, metadata: Mapping[str, str] | None) -> dict[str, Any]:
    values = {name: value_record(value) for name, value in zip(names(), point, strict=True) if value != 0}
    head = {"eft": EFT, "basis": BASIS, "scale": scale}
    return head | ({"metadata": dict(metadata)} if metadata else {}) | {"values": values}


def _coefficients(values: np.ndarray) -> NeutrinoCoefficients:
    """From an array with the coefficients in the order of `names()` on its last axis."""
    matrices = values.reshape(*values.shape[:-1], 2, 3, 3)
    return NeutrinoCoefficients(jnp.asarray(matrices[..., 0, :, :]), jnp.asarray(matrices[..., 1, :, :]))


def _point(record: Any, place: str) -> tuple[np.ndarray, float, list[str]]:
    """Coefficients in the order of `names()`, scale, and names of other sectors."""
    scale, numbers = read_point(record, place, EFT, BASIS)
    order = {name: i for i, name in enumerate(names())}
    values = np.zeros(len(order), complex)
    ignored = []
    for name, number in numbers.items():
        if name in order:
            values[order[name]] = number
        elif "bsnu" in name.lower():
            raise DineutrinoError(f"{place}: {unknown('Wilson coefficient', name, order)}")
        else:
            ignored.append(name)
    return values, scale, ignored
