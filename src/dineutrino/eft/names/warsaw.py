"""Names of all coefficients of the Warsaw basis (WCxf), and what a name that does not exist may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from itertools import product

from dineutrino.eft.names.entries import Entries, Index, digits, entries
from dineutrino.errors import DineutrinoError
from dineutrino.running.vector_classes import IDENTICAL
from dineutrino.running.warsaw_classes import CLASSES, CUBIC, NOT_HERMITIAN, indices

VIOLATING = {
    "llphiphi": "lepton number",
    **dict.fromkeys(("duql", "qque", "qqql", "duue"), "baryon number"),
}
"""Classes of the WCxf basis that mix with none of these, and what they violate: see `dineutrino.eft.violating`."""
_COUNT = {0: "no flavour indices", 2: "two flavour indices from 1 to 3", 4: "four flavour indices from 1 to 3"}


def wcxf_class(name: str) -> str:
    """Our name of a class -> that of WCxf: "Hq1" -> "phiq1", "uH" -> "uphi", "HWB" -> "phiWB"."""
    if name in CUBIC:
        return name[0] + "phi"
    return "phi" + name[1:] if name.startswith("H") else name


CLASS = {wcxf_class(name): name for name in CLASSES}
"""WCxf's name of a class -> ours."""


@lru_cache
def equivalent(name: str, index: Index) -> Entries:
    """All entries of the array of a class that stand for one coefficient."""
    return entries(index, hermitian=name not in NOT_HERMITIAN, exchange=name in IDENTICAL, cross=name == "ee")


def places_of(classes: Iterable[str]) -> dict[str, tuple[str, Index]]:
    """Non-redundant names of some classes -> class and index, of equivalent indices the smallest."""
    found = {}
    for name in classes:
        for index in product(range(3), repeat=indices(name)):
            if index == min(i for i, _ in equivalent(name, index)):
                found[wcxf_class(name) + ("_" + digits(index) if index else "")] = (name, index)
    return found


@lru_cache
def warsaw_names() -> tuple[str, ...]:
    """Non-redundant names of all classes: "phiq1_23", "lq1_3323", "uB_33", "quqd1_3321", "phiWtilde"."""
    return tuple(places_of(CLASSES))


def refusal(name: str) -> DineutrinoError:
    """Why a name cannot be used: it violates what is conserved here, is redundant, or does not exist."""
    cls, _, flavours = name.partition("_")
    if cls in VIOLATING:
        return DineutrinoError(
            f"{name} violates {VIOLATING[cls]}: no observable here depends on it; "
            "read_warsaw and dineutrino.eft.violating take it."
        )
    nearest = _nearest(cls, flavours)
    if nearest == name:
        smallest, conjugate = min(equivalent(CLASS[cls], _index(flavours)))
        conjugated = ", its complex conjugate" if conjugate else ""
        return DineutrinoError(f"{name} is redundant: give {cls}_{digits(smallest)}{conjugated}.")
    if nearest is None:
        return DineutrinoError(
            f"unknown SMEFT coefficient '{name}'. Names are those of WCxf, Warsaw basis: lq1_3323, phiq1_23, uB_33, ..."
        )
    found = nearest.partition("_")[0]
    return DineutrinoError(
        f"unknown SMEFT coefficient '{name}'; did you mean '{_smallest(nearest)}'? "
        f"{found} has {_COUNT[indices(CLASS[found])]}."
    )


def _index(flavours: str) -> Index:
    return tuple(int(digit) - 1 for digit in flavours)


def _smallest(name: str) -> str:
    """The non-redundant name of an existing entry."""
    cls, _, flavours = name.partition("_")
    if not flavours:
        return name
    return f"{cls}_{digits(min(equivalent(CLASS[cls], _index(flavours)))[0])}"


def _nearest(cls: str, flavours: str) -> str | None:
    """The entry with the most similar class, and flavours moved into the range from 1 to 3."""
    lowered = {known.lower(): known for known in CLASS}
    with_higgs = {name.lower(): known for known, name in CLASS.items()}
    found = (CLASS.get(cls) and cls) or lowered.get(cls.lower()) or with_higgs.get(cls.lower())
    if found is None:
        similar = get_close_matches(cls.lower(), lowered, n=1, cutoff=0.5)
        if not similar:
            return None
        found = lowered[similar[0]]
    n = indices(CLASS[found])
    if n == 0:
        return found
    kept = [min(max(int(character), 1), 3) for character in flavours if character.isdecimal()]
    return f"{found}_{''.join(map(str, (kept + [3] * n)[:n]))}"
