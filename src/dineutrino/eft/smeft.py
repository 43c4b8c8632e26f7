"""Names of SMEFT coefficients (WCxf, Warsaw basis) and the arrays that run."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import jax
import numpy as np

from dineutrino.eft.names.entries import NamedEntries
from dineutrino.eft.names.parts import whole
from dineutrino.eft.names.warsaw import equivalent, places_of, refusal, warsaw_names, wcxf_class
from dineutrino.errors import DineutrinoError
from dineutrino.io import Tree, mapping, parse_yaml
from dineutrino.running.vector_classes import CLASSES, VectorClasses, indices

__all__ = [
    "equivalent",
    "outside",
    "smeft_from_mapping",
    "smeft_names",
    "smeft_parameters",
    "smeft_to_mapping",
    "wcxf_class",
]


@lru_cache
def outside() -> dict[str, dict[str, Tree]]:
    """Classes of the Warsaw basis that do not run here -> their kind, and how much of them reaches those that do."""
    text = files("dineutrino.eft").joinpath("data/smeft_outside.yaml").read_text(encoding="utf-8")
    classes = mapping(parse_yaml(text, "smeft_outside.yaml"), "smeft_outside.yaml")["classes"]
    return {name: mapping(record, name) for name, record in mapping(classes, "smeft_outside.yaml: classes").items()}


@lru_cache
def smeft_names() -> tuple[str, ...]:
    """Non-redundant names, of equivalent indices the smallest: "phiq1_23", "lq1_3323", "qq1_2333", "ll_1221"."""
    return tuple(places_of(CLASSES))


@lru_cache
def smeft_parameters() -> tuple[str, ...]:
    """Names of all real parameters: "Re lq1_3323", and "Im lq1_3323" where the coefficient is complex."""
    return _named().parameters()


@lru_cache
def _named() -> NamedEntries:
    return NamedEntries(places_of(CLASSES), equivalent, _refusal)


def smeft_from_mapping(coefficients: Mapping[str, complex]) -> VectorClasses:
    """Arrays with all symmetries from non-redundant coefficients in GeV^-2, by name or by parts; absent ones are zero.

    A coefficient is shared among the distinct places of its operator: C_ll_1221 puts half of it at 1221 and 2112.

    Raises:
        DineutrinoError: for an unknown name, redundant indices, a class that does not run here, a value that is not
            finite, or an imaginary part beyond rounding where the operator is Hermitian.
    """
    arrays = {name: np.zeros((3,) * indices(name), complex) for name in CLASSES}
    _named().fill(arrays, whole(coefficients))
    return VectorClasses(**jax.device_put(arrays))


def smeft_to_mapping(coefficients: VectorClasses, tolerance: float = 0.0) -> dict[str, complex]:
    """Non-redundant coefficients that are larger than `tolerance`: the inverse of `smeft_from_mapping`."""
    return _named().read({name: np.asarray(getattr(coefficients, name)) for name in CLASSES}, tolerance)


def _refusal(name: str) -> DineutrinoError:
    """The error that says why a name cannot be used."""
    record = outside().get(name.split("_")[0])
    if record is None or name not in warsaw_names():
        return refusal(name)
    return DineutrinoError(
        f"{name} is outside the {len(CLASSES)} classes of vector currents that run here ({record['kind']}) and is "
        f"refused, not dropped: from 1 TeV to m_Z at most {record['value']:.1g} of it would reach one of them, "
        f"{record['phiWB']:.1g} phiWB."
    )
