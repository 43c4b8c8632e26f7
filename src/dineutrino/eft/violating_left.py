"""Coefficients of LEFT that violate baryon number by name (WCxf, JMS basis) and as the arrays that run."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product

import jax.numpy as jnp
import numpy as np

from dineutrino.eft.names.entries import Index, digits
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.running.violating_left import FIELDS, ViolatingLeft, shape


@lru_cache
def violating_left_places() -> Mapping[str, tuple[str, Index]]:
    """Non-redundant names, such as "SduuLL_1111" -> class and index; with two quarks of one kind in front p < r."""
    return {
        f"{name}_{digits(index)}": (name, index)
        for name in FIELDS
        for index in product(*map(range, shape(name)))
        if not _antisymmetric(name) or index[0] < index[1]
    }


def violating_left_from_mapping(coefficients: Mapping[str, complex]) -> ViolatingLeft:
    """Arrays from non-redundant coefficients, GeV^-2; absent ones are zero.

    A coefficient of an antisymmetric operator is shared: C_SuudLR_1211 puts half of it at 1211, minus half at 2111.

    Raises:
        DineutrinoError: for an unknown name or a value that is not finite.
    """
    arrays, places = {name: np.zeros(shape(name), complex) for name in FIELDS}, violating_left_places()
    for key, value in coefficients.items():
        if key not in places:
            raise unknown("coefficient of LEFT that violates baryon number", key, places)
        if not np.isfinite(value):
            raise DineutrinoError(f"coefficient {key} = {value} is not finite; give a finite number.")
        name, (p, r, s, t) = places[key]
        if _antisymmetric(name):
            arrays[name][p, r, s, t], arrays[name][r, p, s, t] = value / 2, -value / 2
        else:
            arrays[name][p, r, s, t] = value
    return ViolatingLeft(**{name: jnp.asarray(array) for name, array in arrays.items()})


def violating_left_to_mapping(coefficients: ViolatingLeft, tolerance: float = 0.0) -> dict[str, complex]:
    """Non-redundant coefficients that are larger than `tolerance`: the inverse of `violating_left_from_mapping`."""
    arrays = {name: np.asarray(array) for name, array in vars(coefficients).items()}
    found = {
        key: complex(arrays[name][index]) * (2 if _antisymmetric(name) else 1)
        for key, (name, index) in violating_left_places().items()
    }
    return {key: value for key, value in found.items() if abs(value) > tolerance}


def _antisymmetric(name: str) -> bool:
    return FIELDS[name][0] == FIELDS[name][1]
