"""Names of LEFT coefficients (WCxf: WET, basis JMS) and the arrays that run."""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import product

import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool

from dineutrino.eft.names.entries import Entries, Index, NamedEntries, digits, entries
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.running.left_classes import IDENTICAL, SCALAR_SHAPES, SHAPES, Left, changes_flavour

# fmt: off
OUTSIDE = {
    "G": 0, "Gtilde": 0,
    **dict.fromkeys(("egamma", "ugamma", "dgamma", "uG", "dG"), 2),
    **dict.fromkeys((
        "VnueLL", "VnunuLL", "VnueLR", "VnuuLL", "VnuuLR", "VeeLL", "VeuLL", "VuuLL", "VeeRR", "VeuRR", "VuuRR",
        "VeeLR", "VeuLR", "VueLR", "V1uuLR", "V8uuLR", "V1udduLR", "V8udduLR", "VnueduLR",
        "SeuRL", "SeeRR", "SeuRR", "TeuRR",
        "S1uuRR", "S8uuRR", "S1udRR", "S8udRR", "S1ddRR", "S8ddRR", "S1udduRR", "S8udduRR",
        "SuddLL", "SduuLL", "SduuLR", "SduuRL", "SuudLR", "SuudRL", "SdudRL", "SddudRR", "SdduRL", "SduuRR", "SuddRR",
    ), 4),
}
# fmt: on
"""Classes of the basis that are not kept -> number of their flavour indices."""
WITHOUT_CONJUGATE = ("VnueduLL", *SCALAR_SHAPES)
"""Classes the Hermitian conjugates of which are not among their entries."""
_ALL = SHAPES | SCALAR_SHAPES
_NAME = re.compile(r"([A-Za-z]+\d?[A-Za-z]*)_([123]+)")


@lru_cache
def equivalent(name: str, index: Index) -> Entries:
    """All entries of the array of a class that stand for one coefficient."""
    return entries(index, hermitian=name not in WITHOUT_CONJUGATE, exchange=name in IDENTICAL)


@lru_cache
def left_names() -> tuple[str, ...]:
    """Non-redundant names, of equivalent indices the smallest: "VnudLL_3323", "VddLL_2323", "SedRR_3332"."""
    return tuple(_places())


@lru_cache
def _places() -> dict[str, tuple[str, Index]]:
    found = {}
    for name, shape in _ALL.items():
        kept = _kept(name)
        for index in product(*map(range, shape)):
            if kept[index] and index == min(i for i, _ in equivalent(name, index)):
                found[f"{name}_{digits(index)}"] = (name, index)
    return found


def _kept(name: str) -> Bool[np.ndarray, "..."]:
    """Which entries of a class are kept."""
    return changes_flavour(name) if name in SHAPES else np.ones(SCALAR_SHAPES[name], bool)


@lru_cache
def _named() -> NamedEntries:
    return NamedEntries(_places(), equivalent, _refusal, WITHOUT_CONJUGATE)


def left_from_mapping(coefficients: Mapping[str, complex]) -> Left:
    """Arrays with all symmetries from non-redundant coefficients in GeV^-2; absent ones are zero.

    Raises:
        DineutrinoError: for an unknown name, redundant indices, a coefficient that is not kept, a value that is not
            finite, or an imaginary part where the operator is Hermitian.
    """
    arrays = {name: np.zeros(shape, complex) for name, shape in _ALL.items()}
    _named().fill(arrays, coefficients)
    return Left.from_classes({name: jnp.asarray(array) for name, array in arrays.items()})


def left_to_mapping(coefficients: Left, tolerance: float = 0.0) -> dict[str, complex]:
    """Non-redundant coefficients that are larger than `tolerance`: the inverse of `left_from_mapping`."""
    return _named().read({name: np.asarray(array) for name, array in coefficients.classes().items()}, tolerance)


def is_outside(name: str) -> bool:
    """Whether a name belongs to the basis, but to a coefficient that nothing here depends on."""
    cls, _, flavours = name.partition("_")
    if cls in OUTSIDE:
        return bool(re.fullmatch(f"[123]{{{OUTSIDE[cls]}}}", flavours))
    index = _index(name)
    return index is not None and not _kept(cls)[index] and index == min(equivalent(cls, index))[0]


def _index(name: str) -> Index | None:
    """Flavours counted from zero, if the name is that of an entry of an array."""
    match = _NAME.fullmatch(name)
    if match is None or match[1] not in _ALL:
        return None
    index = tuple(int(digit) - 1 for digit in match[2])
    shape = _ALL[match[1]]
    return index if len(index) == len(shape) and all(i < n for i, n in zip(index, shape, strict=True)) else None


def _refusal(name: str) -> DineutrinoError:
    """The error that says why a name cannot be used."""
    if is_outside(name):
        return DineutrinoError(
            f"{name} is not kept: only vector currents that change the flavour of a down quark, and scalar and tensor "
            "currents of a down quark and leptons, are."
        )
    index = _index(name)
    if index is not None:
        cls = name.split("_")[0]
        smallest, conjugate = min(equivalent(cls, index))
        conjugated = ", its complex conjugate" if conjugate else ""
        return DineutrinoError(f"{name} is redundant: give {cls}_{digits(smallest)}{conjugated}.")
    return unknown("LEFT coefficient", name, left_names())
