"""Names of SMEFT coefficients (WCxf, Warsaw basis) and the arrays that run."""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import product

import jax.numpy as jnp
import numpy as np

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.running.vector_classes import CLASSES, IDENTICAL, VectorClasses, indices

# fmt: off
NEGLECTED = (
    "G", "Gtilde", "W", "Wtilde", "phi", "phiG", "phiGtilde", "phiW", "phiWtilde", "phiB", "phiBtilde", "phiWtildeB",
    "uphi", "dphi", "ephi", "uG", "uW", "uB", "dG", "dW", "dB", "eW", "eB", "phiud", "ledq", "quqd1", "quqd8",
    "lequ1", "lequ3", "duql", "qque", "qqql", "duue",
)
# fmt: on
"""Classes of the Warsaw basis that are left out: none changes the coefficients kept by more than 5e-4 of its value."""
_NAME = re.compile(r"([A-Za-z]+?[138]?)_([123]+)")
Index = tuple[int, ...]


def wcxf_class(name: str) -> str:
    """Our name of a class -> that of WCxf: "Hq1" -> "phiq1"."""
    return "phi" + name[1:] if name.startswith("H") else name


_CLASS = {wcxf_class(name): name for name in CLASSES} | {"phiWB": "HWB"}


@lru_cache
def equivalent(name: str, index: Index) -> tuple[tuple[Index, bool], ...]:
    """All entries of an array that stand for one coefficient: (index, whether it is the complex conjugate).

    Args:
        name: of the class.
        index: flavours counted from zero.
    """
    if len(index) < 4:
        same = {index}
    else:
        p, r, s, t = index
        same = {index} | ({(s, t, p, r)} if name in IDENTICAL else set())
        same |= {(i, m, k, j) for i, j, k, m in same} | {(k, j, i, m) for i, j, k, m in same} if name == "ee" else set()
    conjugate = {tuple(i[k ^ 1] for k in range(len(i))) for i in same}
    return (*((i, False) for i in sorted(same)), *((i, True) for i in sorted(conjugate - same)))


@lru_cache
def smeft_names() -> tuple[str, ...]:
    """Non-redundant names, of equivalent indices the smallest: "phiq1_23", "lq1_3323", "qq1_2333", "ll_1221"."""
    return tuple(_places())


@lru_cache
def smeft_parameters() -> tuple[str, ...]:
    """Names of all real parameters: "Re lq1_3323", and "Im lq1_3323" where the coefficient is complex."""
    found = []
    for name, (cls, index) in _places().items():
        found += [f"Re {name}", f"Im {name}"] if _is_complex(cls, index) else [f"Re {name}"]
    return tuple(found)


@lru_cache
def _places() -> dict[str, tuple[str, Index]]:
    found = {}
    for name in CLASSES:
        for index in product(range(3), repeat=indices(name)):
            if index == min((i for i, _ in equivalent(name, index)), default=()):
                suffix = "_" + "".join(str(i + 1) for i in index) if index else ""
                found[wcxf_class(name) + suffix] = (name, index)
    return found


def smeft_from_mapping(coefficients: Mapping[str, complex]) -> VectorClasses:
    """Arrays with all symmetries from non-redundant coefficients in GeV^-2; absent ones are zero.

    A coefficient is shared among the distinct places of its operator: C_ll_1221 puts half of it at 1221 and 2112.

    Raises:
        DineutrinoError: for an unknown name, redundant indices, a class that does not run here, a value that is not
            finite, or an imaginary part where the operator is Hermitian.
    """
    arrays = {name: np.array(value) for name, value in vars(VectorClasses.zero()).items()}
    for name, value in coefficients.items():
        if name not in _places():
            raise _refusal(name)
        if not np.isfinite(value):
            raise DineutrinoError(f"coefficient {name} = {value} is not finite; give a finite number.")
        cls, index = _places()[name]
        entries = equivalent(cls, index)
        if not _is_complex(cls, index) and complex(value).imag != 0:
            raise DineutrinoError(f"{name} must be real, its operator being Hermitian, not {value}.")
        degeneracy = sum(not conjugate for _, conjugate in entries)
        for place, conjugate in entries:
            arrays[cls][place] = (np.conj(value) if conjugate else value) / degeneracy
    return VectorClasses(**{name: jnp.asarray(array) for name, array in arrays.items()})


def smeft_to_mapping(coefficients: VectorClasses, tolerance: float = 0.0) -> dict[str, complex]:
    """Non-redundant coefficients that are larger than `tolerance`: the inverse of `smeft_from_mapping`."""
    arrays = {name: np.asarray(getattr(coefficients, name)) for name in CLASSES}
    found = {}
    for name, (cls, index) in _places().items():
        value = complex(arrays[cls][index]) * sum(not conjugate for _, conjugate in equivalent(cls, index))
        if abs(value) > tolerance:
            found[name] = value if _is_complex(cls, index) else complex(value.real)
    return found


def _is_complex(name: str, index: Index) -> bool:
    return any(conjugate for _, conjugate in equivalent(name, index))


def _refusal(name: str) -> DineutrinoError:
    """Why a name cannot be used."""
    cls = name.split("_")[0]
    if cls in NEGLECTED:
        return DineutrinoError(
            f"{name} is outside the {len(CLASSES)} classes of vector currents that run here; other classes change them "
            "by less than 5e-4 of the coefficient and are refused, not dropped."
        )
    match = _NAME.fullmatch(name)
    if match and match[1] in _CLASS:
        index = tuple(int(digit) - 1 for digit in match[2])
        if len(index) == indices(_CLASS[cls]):
            places = equivalent(_CLASS[cls], index)
            smallest, conjugate = min(places)
            other = f"{cls}_{''.join(str(i + 1) for i in smallest)}"
            conjugated = ", its complex conjugate" if conjugate else ""
            return DineutrinoError(f"{name} is redundant: give {other}{conjugated}.")
    return unknown("SMEFT coefficient", name, smeft_names())
