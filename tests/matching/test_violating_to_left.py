"""Matching of baryon-number violating operators: both Lagrangians written out in anticommuting components; wilson."""

from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from grassmann import EPSILON, bilinear, difference, places, quartic
from random_violating import violating
from smeft_reference import CKM

from dineutrino import load_inputs
from dineutrino.matching.violating_to_left import match_violating, violating_to_left
from dineutrino.running.violating_classes import Violating
from dineutrino.running.violating_left import FIELDS, shape

CLASSES = ("duql", "qque", "qqql", "duue")
COLOURS = np.zeros((3, 3, 3))
for order in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
    COLOURS[order], COLOURS[order[::-1]] = 1, -1
LEGS = {"uL": ("q", 0), "dL": ("q", 1), "nL": ("l", 0), "eL": ("l", 1), "uR": ("u", 0), "dR": ("d", 0), "eR": ("e", 0)}
"""Field of LEFT -> multiplet and component of isospin; u_L in its mass basis."""


def lagrangian(terms):
    """Terms are coefficients prst and four fields of LEFT, the first three being quarks with eps in colour."""
    pairs = []
    for c, fields in terms:
        multiplets = [LEGS[field] for field in fields]
        for s, t in product(range(3), repeat=2):
            end = np.zeros((3, 3))
            end[s, t] = 1
            for colour in range(3):
                column = np.eye(3)[:, colour : colour + 1]
                pairs.append(
                    (
                        scalar(*multiplets[:2], c[:, :, s, t], COLOURS[:, :, colour]),
                        scalar(*multiplets[2:], end, column),
                    )
                )
    return quartic(pairs)


def scalar(first, second, families, colours):
    (one, a), (two, b) = first, second
    sizes = (1 if one in "ude" else 2, 1 if two in "ude" else 2)
    isospin = np.zeros(sizes)
    isospin[a, b] = 1
    return bilinear(one, two, np.eye(4), families, colours, isospin, conjugate=False)


def doublets(name, c):
    """The operator of SMEFT with q = (V^dagger u, d), one term for each choice of components."""
    isospin = {
        "duql": np.einsum("ab,cd->abcd", np.ones((1, 1)), EPSILON),
        "qque": np.einsum("ab,cd->abcd", EPSILON, np.ones((1, 1))),
        "qqql": np.einsum("ad,bc->abcd", EPSILON, EPSILON),
        "duue": np.ones((1, 1, 1, 1)),
    }[name]
    names = {"q": ("uL", "dL"), "l": ("nL", "eL"), "u": ("uR",), "d": ("dR",), "e": ("eR",)}
    for components in zip(*np.nonzero(isospin), strict=True):
        fields = [names[field][j] for field, j in zip(name, components, strict=True)]
        turns = [CKM.conj() if field == "uL" else np.eye(3) for field in fields]
        yield isospin[components] * np.einsum("prst,ap,br,cs,dt->abcd", c, *turns), fields


def without_top(polynomial):
    """Terms without generators of the top quark."""
    where, _ = places()
    top = {*where["q"][2, :, 0].ravel().tolist(), *where["u"][2].ravel().tolist()}

    def has_top(key):
        return any(key // 1000**i % 1000 in top for i in range(4))

    return {key: value for key, value in polynomial.items() if not has_top(key)}


@pytest.mark.slow
@pytest.mark.parametrize("name", CLASSES)
def test_both_lagrangians_are_the_same(name):
    c = violating(1)
    alone = Violating(**{cls: value if cls == name else 0 * value for cls, value in vars(c).items()})
    terms = []
    for cls, array in vars(match_violating(alone, CKM)).items():
        fields = [field + chirality for field, chirality in zip(FIELDS[cls], cls[-2] * 2 + cls[-1] * 2, strict=True)]
        full = np.zeros((3, 3, 3, 3), complex)
        full[tuple(slice(n) for n in array.shape)] = np.asarray(array)
        if np.any(full):
            terms.append((full, fields))
    above = without_top(lagrangian(doublets(name, np.asarray(getattr(c, name)))))
    assert difference(above, lagrangian(terms)) < 1e-13
    assert len(above) > 100


@pytest.mark.slow
def test_derivatives_of_the_whole_way():
    """By coefficients, the scale, the mass of the top quark and the CKM matrix."""
    inputs, c = load_inputs(), violating(2)

    def size(scale, m_t, rhobar, factor):
        here = inputs.replace({"m_t": m_t, "ckm_rhobar": rhobar})
        given = Violating(**{name: factor * value for name, value in vars(c).items()})
        low = violating_to_left(given, scale, here)
        return sum(jnp.sum(jnp.abs(value) ** 2) for value in vars(low).values())

    at = (jnp.asarray(2000.0), inputs["m_t"], inputs["ckm_rhobar"], jnp.asarray(1.0))
    size = jax.jit(size)
    slopes = jax.jit(jax.grad(size, argnums=(0, 1, 2, 3)))(*at)
    for i, h in enumerate((1.0, 0.1, 1e-4, 1e-4)):
        up, down = (tuple(x + sign * h if j == i else x for j, x in enumerate(at)) for sign in (1, -1))
        assert slopes[i] == approx(float((size(*up) - size(*down)) / (2 * h)), rel=1e-5)


def test_shapes():
    low = match_violating(violating(3), CKM)
    assert {name: array.shape for name, array in vars(low).items()} == {name: shape(name) for name in FIELDS}
