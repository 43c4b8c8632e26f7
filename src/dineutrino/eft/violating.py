"""Coefficients that violate lepton or baryon number by name (WCxf, Warsaw basis) and as the arrays that run."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product

import jax.numpy as jnp
import numpy as np
from jaxtyping import Complex

from dineutrino.eft.names.entries import Entries, Index, NamedEntries, digits
from dineutrino.eft.names.warsaw import VIOLATING
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.running.violating_classes import FIELDS, Violating, like_qqql

_SYMMETRIC = ("llphiphi", "qque")
"""The first two flavours can be exchanged."""
_ONE_MORE = (1, 2, 0)
"""Of three different flavours qqql has four coefficients, so that there is one whose first exceeds the third."""


@lru_cache
def violating_names() -> tuple[str, ...]:
    """Non-redundant names: "llphiphi_12", "duql_1111", "qque_1211", "qqql_2311", "duue_1111"."""
    return tuple(_named().places)


def is_violating(name: str) -> bool:
    """Whether a coefficient is of one of these classes."""
    return name.partition("_")[0] in VIOLATING


def violating_from_mapping(coefficients: Mapping[str, complex]) -> Violating:
    """Arrays with all symmetries from non-redundant coefficients, GeV^-1 and GeV^-2; absent ones are zero.

    A coefficient is shared among the distinct places of its operator: C_qque_1211 puts half of it at 1211 and 2111.

    Raises:
        DineutrinoError: for an unknown name, redundant indices, or a value that is not finite.
    """
    values = {name: np.zeros((3,) * len(fields), complex) for name, fields in FIELDS.items()}
    _named().fill(values, coefficients)
    arrays = {name: jnp.asarray(array) for name, array in values.items()}
    return Violating(**arrays | {"qqql": like_qqql(arrays["qqql"])})


def violating_to_mapping(coefficients: Violating, tolerance: float = 0.0) -> dict[str, complex]:
    """Non-redundant coefficients that are larger than `tolerance`: the inverse of `violating_from_mapping`."""
    values = {name: np.asarray(array) for name, array in vars(coefficients).items()}
    return _named().read(values | {"qqql": _not_redundant(values["qqql"])}, tolerance)


@lru_cache
def _named() -> NamedEntries:
    places = {}
    for name, fields in FIELDS.items():
        for index in product(range(3), repeat=len(fields)):
            if _stands_for_itself(name, index):
                places[f"{name}_{digits(index)}"] = (name, index)
    return NamedEntries(places, _equivalent, _refusal, tuple(FIELDS))


def _stands_for_itself(name: str, index: Index) -> bool:
    if name == "qqql":
        return index[0] <= index[2] or index[:3] == _ONE_MORE
    return index == _equivalent(name, index)[0][0]


def _equivalent(name: str, index: Index) -> Entries:
    """Places that hold the same number; those of qqql are combinations of each other."""
    same = {index, (index[1], index[0], *index[2:])} if name in _SYMMETRIC else {index}
    return tuple((place, False) for place in sorted(same))


def _not_redundant(qqql: Complex[np.ndarray, "3 3 3 3"]) -> Complex[np.ndarray, "3 3 3 3"]:
    """The array without redundant entries that `like_qqql` turns into this one.

    An entry and the one with the first and third flavours exchanged are one operator, up to the antisymmetric part: of
    three different flavours, which 132 and 231 share such that it comes out.
    """
    first, third = np.arange(3)[:, None, None, None], np.arange(3)[None, None, :, None]
    both = qqql + qqql.transpose(2, 1, 0, 3)
    found = np.where(first < third, both, np.where(first == third, qqql, 0))
    excess = 3 * (qqql[0, 1, 2] - qqql[2, 1, 0]) - found[0, 1, 2] + found[1, 0, 2]
    found[0, 2, 1], found[1, 2, 0] = (both[0, 2, 1] - excess) / 2, (both[0, 2, 1] + excess) / 2
    return found


def _refusal(name: str) -> DineutrinoError:
    cls, _, flavours = name.partition("_")
    written = f"{cls}_{flavours[1::-1]}{flavours[2:]}" if cls in _SYMMETRIC else ""
    if written in violating_names():
        return DineutrinoError(f"{name} is redundant: give {written}.")
    if cls == "qqql" and len(flavours) == 4 and set(flavours) <= set("123"):
        return DineutrinoError(
            f"{name} is redundant: the first flavour of qqql is at most the third, or the first three are 231."
        )
    if cls not in FIELDS:
        return unknown("class of SMEFT coefficients", cls, FIELDS)
    example = next(known for known in violating_names() if known.startswith(cls))
    return DineutrinoError(
        f"unknown SMEFT coefficient '{name}': {cls} has {len(FIELDS[cls])} flavour indices from 1 to 3, as {example}."
    )
