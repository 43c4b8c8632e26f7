"""Names of all LEFT coefficients that conserve baryon number (WCxf: WET, basis JMS), and the arrays that run."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product

import jax.numpy as jnp
import numpy as np

from dineutrino.eft.names.entries import Entries, Index, NamedEntries, digits, entries
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.running.jms_classes import (
    CLASSES,
    IDENTICAL,
    IDENTICAL_LEPTONS,
    JMS,
    NOT_HERMITIAN,
    arrays,
    from_arrays,
    shape,
)

# fmt: off
VIOLATING = ("SuddLL", "SduuLL", "SduuLR", "SduuRL", "SdudRL", "SduuRR", "SuudLR", "SuudRL", "SdduRL")
# fmt: on
"""Classes of the WCxf basis that violate baryon number and are not kept."""


@lru_cache
def equivalent(name: str, index: Index) -> Entries:
    """All entries of the array of a class that stand for one coefficient."""
    return entries(
        index,
        hermitian=name not in NOT_HERMITIAN,
        exchange=name in IDENTICAL,
        cross=name in IDENTICAL_LEPTONS,
    )


@lru_cache
def jms_names() -> tuple[str, ...]:
    """Non-redundant names, of equivalent indices the smallest: "VnudLL_3323", "dgamma_32", "S1ddRR_2323", "G"."""
    return tuple(_named().places)


@lru_cache
def jms_parameters() -> tuple[str, ...]:
    """Names of all real parameters: "Re VnudLL_3323", and "Im VnudLL_3323" where the coefficient is complex."""
    return _named().parameters()


def jms_from_mapping(coefficients: Mapping[str, complex]) -> JMS:
    """Arrays with all symmetries from non-redundant coefficients in GeV^-2, dipoles in GeV^-1; absent ones are zero.

    A coefficient is shared among the distinct places of its operator: VddLL_2333 puts half of it at 2333 and 3323.

    Raises:
        DineutrinoError: for an unknown name, redundant indices, an operator that violates baryon number, a value that
            is not finite, or an imaginary part beyond rounding where the operator is Hermitian.
    """
    values = {name: np.zeros(shape(name), complex) for name in CLASSES}
    _named().fill(values, coefficients)
    return from_arrays({name: jnp.asarray(array) for name, array in values.items()})


def jms_to_mapping(coefficients: JMS, tolerance: float = 0.0) -> dict[str, complex]:
    """Non-redundant coefficients that are larger than `tolerance`: the inverse of `jms_from_mapping`."""
    return _named().read({name: np.asarray(array) for name, array in arrays(coefficients).items()}, tolerance)


@lru_cache
def _named() -> NamedEntries:
    places = {}
    for name in CLASSES:
        for index in product(*map(range, shape(name))):
            if index == min(i for i, _ in equivalent(name, index)):
                places[name + ("_" + digits(index) if index else "")] = (name, index)
    return NamedEntries(places, equivalent, _refusal, NOT_HERMITIAN)


def _refusal(name: str) -> DineutrinoError:
    """The error that says why a name cannot be used."""
    cls, _, flavours = name.partition("_")
    if cls in VIOLATING:
        return DineutrinoError(f"{name} violates baryon number; operators that do are not run here.")
    if cls in CLASSES and flavours.isdecimal() and len(flavours) == len(shape(cls)):
        index = tuple(int(digit) - 1 for digit in flavours)
        if all(0 <= i < n for i, n in zip(index, shape(cls), strict=True)):
            smallest, conjugate = min(equivalent(cls, index))
            conjugated = ", its complex conjugate" if conjugate else ""
            return DineutrinoError(f"{name} is redundant: give {cls}_{digits(smallest)}{conjugated}.")
    return unknown("LEFT coefficient", name, jms_names())
