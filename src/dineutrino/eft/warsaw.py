"""The whole Warsaw basis by name (WCxf) and as the arrays that run."""

from collections.abc import Mapping
from functools import lru_cache

import jax.numpy as jnp
import numpy as np

from dineutrino.eft.names.entries import NamedEntries
from dineutrino.eft.names.warsaw import equivalent, places_of, refusal, warsaw_names
from dineutrino.running.warsaw_classes import CLASSES, NOT_HERMITIAN, Warsaw, arrays, from_arrays, indices


@lru_cache
def warsaw_parameters() -> tuple[str, ...]:
    """Names of all real parameters: "Re uB_33", and "Im uB_33" where the coefficient is complex."""
    return _named().parameters()


@lru_cache
def _named() -> NamedEntries:
    return NamedEntries(places_of(CLASSES), equivalent, refusal, NOT_HERMITIAN)


def warsaw_from_mapping(coefficients: Mapping[str, complex]) -> Warsaw:
    """Arrays with all symmetries from non-redundant coefficients in GeV^-2; absent ones are zero.

    A coefficient is shared among the distinct places of its operator: C_ll_1221 puts half of it at 1221 and 2112.

    Raises:
        DineutrinoError: for an unknown name, redundant indices, an operator that violates baryon or lepton number, a
            value that is not finite, or an imaginary part beyond rounding where the operator is Hermitian.
    """
    values = {name: np.zeros((3,) * indices(name), complex) for name in CLASSES}
    _named().fill(values, coefficients)
    return from_arrays({name: jnp.asarray(array) for name, array in values.items()})


def warsaw_to_mapping(coefficients: Warsaw, tolerance: float = 0.0) -> dict[str, complex]:
    """Non-redundant coefficients that are larger than `tolerance`: the inverse of `warsaw_from_mapping`."""
    return _named().read({name: np.asarray(array) for name, array in arrays(coefficients).items()}, tolerance)


__all__ = ["warsaw_from_mapping", "warsaw_names", "warsaw_parameters", "warsaw_to_mapping"]
