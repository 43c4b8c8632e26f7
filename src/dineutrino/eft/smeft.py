"""Names of SMEFT coefficients (WCxf, Warsaw basis) and the arrays that run."""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import product
from typing import Any

import jax.numpy as jnp
import numpy as np

from dineutrino.eft.named_entries import Entries, Index, NamedEntries, digits, entries
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.io import parse_yaml
from dineutrino.running.vector_classes import CLASSES, IDENTICAL, VectorClasses, indices

_NAME = re.compile(r"([A-Za-z]+?[138]?)_([123]+)")


def wcxf_class(name: str) -> str:
    """Our name of a class -> that of WCxf: "Hq1" -> "phiq1"."""
    return "phi" + name[1:] if name.startswith("H") else name


_CLASS = {wcxf_class(name): name for name in CLASSES} | {"phiWB": "HWB"}


@lru_cache
def outside() -> dict[str, dict[str, Any]]:
    """Classes of the Warsaw basis that do not run here -> their kind, and how much of them reaches those that do."""
    text = files("dineutrino.eft").joinpath("data/smeft_outside.yaml").read_text(encoding="utf-8")
    return parse_yaml(text, "smeft_outside.yaml")["classes"]


@lru_cache
def equivalent(name: str, index: Index) -> Entries:
    """All entries of the array of a class that stand for one coefficient."""
    return entries(index, exchange=name in IDENTICAL, cross=name == "ee")


@lru_cache
def smeft_names() -> tuple[str, ...]:
    """Non-redundant names, of equivalent indices the smallest: "phiq1_23", "lq1_3323", "qq1_2333", "ll_1221"."""
    return tuple(_places())


@lru_cache
def smeft_parameters() -> tuple[str, ...]:
    """Names of all real parameters: "Re lq1_3323", and "Im lq1_3323" where the coefficient is complex."""
    found = []
    for name in _places():
        found += [f"Re {name}", f"Im {name}"] if _named().is_complex(name) else [f"Re {name}"]
    return tuple(found)


@lru_cache
def _places() -> dict[str, tuple[str, Index]]:
    found = {}
    for name in CLASSES:
        for index in product(range(3), repeat=indices(name)):
            if index == min(i for i, _ in equivalent(name, index)):
                found[wcxf_class(name) + ("_" + digits(index) if index else "")] = (name, index)
    return found


@lru_cache
def _named() -> NamedEntries:
    return NamedEntries(_places(), equivalent, _refusal)


def smeft_from_mapping(coefficients: Mapping[str, complex]) -> VectorClasses:
    """Arrays with all symmetries from non-redundant coefficients in GeV^-2; absent ones are zero.

    A coefficient is shared among the distinct places of its operator: C_ll_1221 puts half of it at 1221 and 2112.

    Raises:
        DineutrinoError: for an unknown name, redundant indices, a class that does not run here, a value that is not
            finite, or an imaginary part where the operator is Hermitian.
    """
    arrays = {name: np.zeros((3,) * indices(name), complex) for name in CLASSES}
    _named().fill(arrays, coefficients)
    return VectorClasses(**{name: jnp.asarray(array) for name, array in arrays.items()})


def smeft_to_mapping(coefficients: VectorClasses, tolerance: float = 0.0) -> dict[str, complex]:
    """Non-redundant coefficients that are larger than `tolerance`: the inverse of `smeft_from_mapping`."""
    return _named().read({name: np.asarray(getattr(coefficients, name)) for name in CLASSES}, tolerance)


def _refusal(name: str) -> DineutrinoError:
    """Why a name cannot be used."""
    cls = name.split("_")[0]
    if cls in outside():
        record = outside()[cls]
        return DineutrinoError(
            f"{name} is outside the {len(CLASSES)} classes of vector currents that run here ({record['kind']}) and is "
            f"refused, not dropped: from 1 TeV to m_Z at most {record['value']:.1g} of it would reach one of them, "
            f"{record['phiWB']:.1g} phiWB."
        )
    match = _NAME.fullmatch(name)
    if match and match[1] in _CLASS:
        index = tuple(int(digit) - 1 for digit in match[2])
        if len(index) == indices(_CLASS[cls]):
            places = equivalent(_CLASS[cls], index)
            smallest, conjugate = min(places)
            other = f"{cls}_{digits(smallest)}"
            conjugated = ", its complex conjugate" if conjugate else ""
            return DineutrinoError(f"{name} is redundant: give {other}{conjugated}.")
    return unknown("SMEFT coefficient", name, smeft_names())
