"""One-loop running of vector currents below m_Z, in QCD and QED."""

from collections.abc import Mapping

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.running.jms_classes import (
    CHARGE,
    CHARGED,
    FIELDS,
    IDENTICAL,
    IDENTICAL_LEPTONS,
    NEUTRAL,
    SIZE,
    Four,
    Two,
    currents,
    legs,
)
from dineutrino.running.vector_classes import crossed, exchanged

Real = Float[Array, ""]
COLOURS = {"n": 1, "e": 1, "u": 3, "d": 3}


def vector_slope(c: Mapping[str, Four], e2: Real, g2: Real) -> dict[str, Four]:
    """16 pi^2 dC/dln(mu) of all vector currents by name, from the same and e^2, g_s^2.

    Photons and gluons between the two currents, and penguins: a current closed to a loop that a photon or a gluon
    leaves. No operator with scalar currents closes to a vector.

    Source: arXiv:1711.05270 section 4.
    """
    photon, gluon = _penguins(c)
    found = {}
    for name in NEUTRAL:
        first, second = currents(name)
        own = exchange(name) * e2 * c[name] + _gluons(name, c, g2)
        if "V8" in name:
            penguin = 2 / 3 * g2 * (_left(gluon[first], second) + _right(first, gluon[second]))
        else:
            q_1, q_2 = CHARGE[first[0]], CHARGE[second[0]]
            penguin = 4 / 3 * e2 * (q_2 * _left(photon[first], second) + q_1 * _right(first, photon[second]))
        if name in IDENTICAL_LEPTONS:
            penguin = (penguin + crossed(penguin)) / 4
        elif name in IDENTICAL:
            octet = _left(gluon[first], second) + _right(first, gluon[second])
            penguin = penguin / 2 + g2 / 6 * (crossed(octet) - octet / 3)
        found[name] = own + penguin
    for name in CHARGED:
        found[name] = exchange(name) * e2 * c[name] + _gluons(name, c, g2)
    return found


def exchange(name: str) -> float:
    """Photons between all pairs of fields, from the charges of the four, in units of e^2/(16 pi^2)."""
    q = [CHARGE[field] for field in legs(name)]
    sign = 3 if name.endswith(("LL", "RR")) else -3
    return sign * (q[0] + q[1]) * (q[2] + q[3]) - 3 * (q[0] - q[1]) ** 2


def _gluons(name: str, c: Mapping[str, Four], g2: Real) -> Four | float:
    """Gluons between all pairs of fields."""
    if any(COLOURS[field] == 1 for field in legs(name)):
        return 0.0
    if name in IDENTICAL:
        return g2 * (6 * crossed(c[name]) - 2 * c[name])
    singlet, octet = c[name.replace("V8", "V1")], c[name.replace("V1", "V8")]
    sign = 1 if name.endswith(("LL", "RR")) else -1
    if "V1" in name:
        return sign * 8 / 3 * g2 * octet
    return g2 * (sign * 12 * singlet - (4 if sign > 0 else 14) * octet)


def _penguins(c: Mapping[str, Four]) -> tuple[dict[str, Two], dict[str, Two]]:
    """What the photon and the gluon see of each current."""
    photon = {field: jnp.zeros((SIZE[field[0]],) * 2, complex) for field in FIELDS}
    gluon = dict(photon)
    for name in NEUTRAL:
        first, second = currents(name)
        closed_second, closed_first = jnp.einsum("prww->pr", c[name]), jnp.einsum("wwst->st", c[name])
        if "V8" in name:
            gluon[first] += closed_second
            gluon[second] += closed_first
        elif name in IDENTICAL:
            charge, colours = CHARGE[first[0]], COLOURS[first[0]]
            across = jnp.einsum("pwwr->pr", c[name])
            photon[first] += 2 * charge * (colours * closed_second + across)
            gluon[first] += 4 * across
        else:
            photon[first] += COLOURS[second[0]] * CHARGE[second[0]] * closed_second
            photon[second] += COLOURS[first[0]] * CHARGE[first[0]] * closed_first
    return photon, gluon


def _left(matrix: Two, second: str) -> Four:
    """M_pr 1_st."""
    return jnp.einsum("pr,st->prst", matrix, jnp.eye(SIZE[second[0]]))


def _right(first: str, matrix: Two) -> Four:
    """1_pr M_st."""
    return jnp.einsum("pr,st->prst", jnp.eye(SIZE[first[0]]), matrix)
