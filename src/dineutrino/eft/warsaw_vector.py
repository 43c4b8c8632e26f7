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
def _columns() -> dict[str, int]:
    """Place of each real parameter in the vector, by name."""
    return {name: i for i, name in enumerate(warsaw_parameters())}


@lru_cache
def _slices() -> dict[str, tuple[int, int]]:
    """Where the entries of each class begin and end, one class after the other."""
    ends = np.cumsum([3 ** indices(name) for name in CLASSES]).tolist()
    return dict(zip(CLASSES, zip([0, *ends], ends, strict=False), strict=True))


@lru_cache
def _entries() -> _Entries:
    column, slices = _columns(), _slices()
    total = max(end for _, end in slices.values())
    real, imaginary = np.zeros(total, int), np.zeros(total, int)
    sign, sharing = np.zeros(total), np.ones(total)
    for name, (cls, index) in places_of(CLASSES).items():
        same = equivalent(cls, index)
        for place, conjugate in same:
            flat = slices[cls][0] + int(sum(i * 3**k for k, i in enumerate(reversed(place))))
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


def warsaw_parts(coefficients: Warsaw, names: Sequence[str]) -> Float[Array, " names"]:
    """Some of the real parameters by name, in the order given; classes without any are not looked at."""
    e, column = _entries(), _columns()
    real = _first(e.real, len(column))
    imaginary = _first(np.where(e.sign != 0, e.imaginary, -1), len(column))
    wanted = np.array([column[name] for name in names])
    is_real = real[wanted] >= 0
    entry = np.where(is_real, real[wanted], imaginary[wanted])
    kept = {
        cls: np.arange(start, end)
        for cls, (start, end) in _slices().items()
        if np.any((start <= entry) & (entry < end))
    }
    place = np.searchsorted(np.concatenate(list(kept.values())), entry)
    known = arrays(coefficients)
    flat = jnp.concatenate([known[cls].ravel() for cls in kept])[place] * e.sharing[entry]
    return jnp.where(is_real, flat.real, e.sign[entry] * flat.imag)


def warsaw_of_parameters(names: Sequence[str], values: Float[Array, " names"]) -> Warsaw:
    """Arrays from some real parameters by name, "Re lq1_3323", GeV^-2; one that is named twice is the sum.

    Classes without any are constants, and so is what follows from them alone.
    """
    e, column = _entries(), _columns()
    wanted = np.array([column[name] for name in names])
    found = {}
    for cls, (start, end) in _slices().items():
        own = slice(start, end)
        real, imaginary = e.real[own, None] == wanted, (e.imaginary[own, None] == wanted) * e.sign[own, None]
        used = np.any(real | (imaginary != 0), axis=0)
        if used.any():
            some = values[np.flatnonzero(used)]
            entries = (real[:, used] @ some + 1j * (imaginary[:, used] @ some)) / e.sharing[own]
        else:
            entries = jnp.zeros(end - start, complex)
        found[cls] = entries.reshape((3,) * indices(cls))
    return from_arrays(found)
