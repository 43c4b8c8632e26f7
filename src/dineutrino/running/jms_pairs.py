"""Neutral vector currents of LEFT as one matrix on pairs of flavour indices."""

from collections.abc import Mapping

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.running.jms_classes import CHARGE, FIELDS, IDENTICAL, IDENTICAL_LEPTONS, NEUTRAL, SIZE, Four, currents

Matrix = Complex[Array, "53 53"]
Constant = Float[np.ndarray, "53 53"]
WIDTHS = tuple(SIZE[field[0]] ** 2 for field in FIELDS)
"""How many pairs of flavours each field has."""
_PLACE = {field: i for i, field in enumerate(FIELDS)}


class Currents(eqx.Module):
    """Coefficients of all products of two neutral currents.

    L = J_a singlets_ab J_b/2 with all currents J_a = psibar_p gamma psi_r of the fields `FIELDS`, 53 of them, and
    octets_ab for currents of quarks with colour matrices. Both are symmetric. Products of two currents of the same
    field are among the singlets only.
    """

    singlets: Matrix
    octets: Matrix


def pack(c: Mapping[str, Four]) -> Currents:
    """The matrices of all products of currents, from class -> array."""
    blocks = {colour: {(i, j): jnp.zeros((m, n), complex) for i, m in enumerate(WIDTHS) for j, n in enumerate(WIDTHS)}
              for colour in (False, True)}  # fmt: skip
    for name in NEUTRAL:
        i, j = _places(name)
        block = c[name].reshape(WIDTHS[i], WIDTHS[j])
        into = blocks["V8" in name]
        if i == j:
            into[i, i] = 2 * block
        else:
            into[i, j], into[j, i] = block, block.T
    n = len(FIELDS)
    return Currents(*(jnp.block([[into[i, j] for j in range(n)] for i in range(n)]) for into in blocks.values()))


def unpack(c: Currents) -> dict[str, Four]:
    """Class -> array: the inverse of `pack`."""
    blocks = [[jax.lax.split(row, WIDTHS, 1) for row in jax.lax.split(m, WIDTHS, 0)] for m in (c.singlets, c.octets)]
    found = {}
    for name in NEUTRAL:
        i, j = _places(name)
        m, n = (SIZE[field[0]] for field in currents(name))
        block = blocks["V8" in name][i][j].reshape(m, m, n, n)
        found[name] = block / 2 if i == j else block
    return found


def crossed_pairs(matrix: Matrix) -> Matrix:
    """C_ptsr at the place of C_prst where both currents are of the same field, zero elsewhere."""
    return jnp.where(SAME, matrix.reshape(-1)[_CROSSED], 0)


def _places(name: str) -> tuple[int, int]:
    first, second = currents(name)
    return _PLACE[first], _PLACE[second]


def _crossed() -> np.ndarray:
    """Flat index of C_ptsr for that of C_prst."""
    index = np.arange(sum(WIDTHS) ** 2).reshape(sum(WIDTHS), -1)
    start = 0
    for width in WIDTHS:
        n, here = round(width**0.5), slice(start, start + width)
        block = index[here, here].reshape(n, n, n, n)
        index[here, here] = block.transpose(0, 3, 2, 1).reshape(width, width)
        start += width
    return index


def _of_fields(value: Mapping[str, float]) -> Float[np.ndarray, "53"]:
    """One number of each field, repeated for every pair of its flavours."""
    return np.repeat([value[field] for field in FIELDS], WIDTHS)


def _where(names: tuple[str, ...]) -> np.ndarray:
    """1 at the entries that belong to the given classes, else 0."""
    found = np.zeros((len(FIELDS),) * 2, bool)
    for name in names:
        i, j = _places(name)
        found[i, j] = found[j, i] = True
    return np.repeat(np.repeat(found, WIDTHS, 0), WIDTHS, 1)


_CROSSED = _crossed()
DIAGONAL = np.concatenate([np.eye(round(width**0.5)).ravel() for width in WIDTHS])
"""1 for the pairs of flavours of a current that conserves flavour, else 0."""
CHARGES = _of_fields({field: CHARGE[field[0]] for field in FIELDS})
QUARKS = _of_fields({field: float(field[0] in "ud") for field in FIELDS})
_LEFT = _of_fields({field: float(field[1] == "L") for field in FIELDS})
SIGN = np.where(_LEFT[:, None] == _LEFT, 1.0, -1.0)
"""1 for currents of the same chirality, -1 for opposite ones."""
SAME = _where(tuple(name for name in IDENTICAL if name in NEUTRAL))
SAME_LEPTONS = _where(IDENTICAL_LEPTONS)
OCTETS = _where(tuple(name for name in NEUTRAL if "V8" in name))
