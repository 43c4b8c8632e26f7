"""All real parameters of the Warsaw basis as one vector, differentiable."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from dineutrino.eft.names.warsaw import equivalent, places_of
from dineutrino.eft.warsaw import warsaw_parameters
from dineutrino.running.warsaw_classes import CLASSES, Warsaw, arrays, from_arrays, indices

Indices = Int[np.ndarray, " entries"]


class _Entries(NamedTuple):
    """Of each entry of the arrays of all classes, one after the other: (x[real] + i sign x[imaginary]) / sharing."""

    real: Indices
    imaginary: Indices
    sign: Float[np.ndarray, " entries"]
    sharing: Float[np.ndarray, " entries"]


@lru_cache
def _entries() -> _Entries:
    column = {name: i for i, name in enumerate(warsaw_parameters())}
    start, total = {}, 0
    for name in CLASSES:
        start[name] = total
        total += 3 ** indices(name)
    real, imaginary = np.zeros(total, int), np.zeros(total, int)
    sign, sharing = np.zeros(total), np.ones(total)
    for name, (cls, index) in places_of(CLASSES).items():
        same = equivalent(cls, index)
        for place, conjugate in same:
            flat = start[cls] + int(sum(i * 3**k for k, i in enumerate(reversed(place))))
            real[flat] = column[f"Re {name}"]
            sharing[flat] = sum(not conjugated for _, conjugated in same)
            if f"Im {name}" in column:
                imaginary[flat] = column[f"Im {name}"]
                sign[flat] = -1.0 if conjugate else 1.0
    return _Entries(real, imaginary, sign, sharing)


def warsaw_from_vector(parameters: Float[Array, " parameters"]) -> Warsaw:
    """Arrays with all symmetries from real parameters, GeV^-2, in the order of `warsaw_parameters()`."""
    e = _entries()
    flat = (parameters[e.real] + 1j * e.sign * parameters[e.imaginary]) / e.sharing
    sizes = [3 ** indices(name) for name in CLASSES]
    parts = jnp.split(flat, np.cumsum(sizes)[:-1])
    return from_arrays({name: part.reshape((3,) * indices(name)) for name, part in zip(CLASSES, parts, strict=True)})


def warsaw_to_vector(coefficients: Warsaw) -> Float[Array, " parameters"]:
    """Real parameters from arrays with all symmetries: the inverse of `warsaw_from_vector`."""
    e = _entries()
    flat = jnp.concatenate([array.ravel() for array in arrays(coefficients).values()]) * e.sharing
    real = _first(e.real, len(warsaw_parameters()))
    imaginary = _first(np.where(e.sign != 0, e.imaginary, -1), len(warsaw_parameters()))
    return jnp.where(real >= 0, flat[real].real, e.sign[imaginary] * flat[imaginary].imag)


def _first(columns: Indices, number: int) -> Int[np.ndarray, " parameters"]:
    """The first entry that each of a number of parameters stands for; -1 for those that stand for none."""
    found = np.full(number, -1)
    places = np.arange(len(columns))[columns >= 0][::-1]
    found[columns[columns >= 0][::-1]] = places
    return found


def warsaw_of_parameters(names: Sequence[str], values: Float[Array, " names"]) -> Warsaw:
    """Arrays from some real parameters by name, "Re lq1_3323", GeV^-2; one that is named twice is the sum."""
    place = {name: i for i, name in enumerate(warsaw_parameters())}
    return warsaw_from_vector(jnp.zeros(len(place)).at[np.array([place[name] for name in names])].add(values))
