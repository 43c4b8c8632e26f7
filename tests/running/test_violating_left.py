"""Running of baryon-number violating operators of LEFT: from Feynman diagrams, and its closed form from its slope."""

from dataclasses import replace
from itertools import combinations, permutations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from grassmann import CHARGE as CONJUGATION
from grassmann import GAMMA, METRIC
from random_smeft import matrix

from dineutrino import load_inputs
from dineutrino.running.jms import beta_0, stretches
from dineutrino.running.jms_classes import CHARGE
from dineutrino.running.violating_left import (
    FIELDS,
    ViolatingLeft,
    run_violating_left,
    run_violating_left_from_m_z,
    shape,
    violating_left_slope,
)

G3, E = 1.1, 0.7
SPINS = {"L": slice(0, 2), "R": slice(2, 4)}


def coefficients(seed):
    """Two quarks of one kind in front are antisymmetric."""
    rng, found = np.random.default_rng(seed), {}
    for name, fields in FIELDS.items():
        c = matrix(rng, *shape(name))
        found[name] = jnp.asarray(c - c.transpose(1, 0, 2, 3) if fields[0] == fields[1] else c)
    return ViolatingLeft(**found)


def chiralities(name):
    return name[-2] * 2 + name[-1] * 2


def operator(name, c):
    """One index for flavour and spin of each field; symmetric in quarks that are the same, as their product is."""
    kinds = list(zip(FIELDS[name], chiralities(name), strict=True))
    scalars = [CONJUGATION[SPINS[a], SPINS[b]] for (_, a), (_, b) in (kinds[:2], kinds[2:])]
    array = np.einsum("prst,ij,kl->pirjsktl", c, *scalars).reshape([2 * n for n in np.shape(c)])
    return symmetric(array, kinds)


def symmetric(array, kinds):
    same = [p for p in permutations(range(3)) if all(kinds[p[i]] == kinds[i] for i in range(3))]
    return sum(array.transpose(*p, 3) for p in same) / len(same)


def diagrams(array, name):
    """16 pi^2 dL/dln(mu) in Feynman gauge: exchange between two fields, and wave functions."""
    kinds, total = list(zip(FIELDS[name], chiralities(name), strict=True)), 0
    for field, _ in kinds:
        total = total + array * (E**2 * CHARGE[field] ** 2 + (4 / 3 * G3**2 if field in "ud" else 0))
    for i, j in combinations(range(4), 2):
        (one, a), (two, b) = kinds[i], kinds[j]
        strength = E**2 * CHARGE[one] * CHARGE[two] - (2 / 3 * G3**2 if {one, two} <= set("ud") else 0)
        for m in range(4):
            for n in range(4):
                dirac = GAMMA[m] @ GAMMA[n]
                left, right = (
                    np.kron(np.eye(array.shape[place] // 2), dirac[SPINS[chirality], SPINS[chirality]])
                    for place, chirality in ((i, a), (j, b))
                )
                turned = np.moveaxis(np.tensordot(array, left, (i, 0)), -1, i)
                turned = np.moveaxis(np.tensordot(turned, right, (j, 0)), -1, j)
                total = total + strength / 2 * METRIC[m] * METRIC[n] * turned
    return symmetric(total, kinds)


@pytest.mark.parametrize("name", FIELDS)
def test_slope_from_diagrams(name):
    c = coefficients(1)
    slope = 16 * np.pi**2 * np.asarray(getattr(violating_left_slope(c, G3, E), name))
    expected = diagrams(operator(name, np.asarray(getattr(c, name))), name)
    assert np.abs(operator(name, slope) - expected).max() < 1e-12 * np.abs(expected).max()
    assert np.abs(expected).max() > 0.1


@pytest.mark.slow
def test_closed_form_has_that_slope():
    """By the lower end: d alpha_s/d ln(mu) = -beta_0 alpha_s^2/(2 pi)."""
    inputs, c = load_inputs(), coefficients(2)
    (stretch,) = stretches(4.8, inputs, 5)
    alpha_em = inputs["alpha_em"]

    def low(alpha_s_low):
        return run_violating_left(c, replace(stretch, alpha_s_low=alpha_s_low), alpha_em)

    alpha_s = stretch.alpha_s_low
    end, slope = jax.jvp(low, (alpha_s,), (-beta_0(5) * alpha_s**2 / (2 * jnp.pi),))
    expected = violating_left_slope(end, jnp.sqrt(4 * jnp.pi * alpha_s), jnp.sqrt(4 * jnp.pi * alpha_em))
    for name in FIELDS:
        assert getattr(slope, name) == approx(np.asarray(getattr(expected, name)), rel=1e-10), name


@pytest.mark.slow
def test_leading_logarithms_of_qcd():
    """QCD with one loop: (alpha_s(mu)/alpha_s(m_Z))^(6/23) down to m_b and ^(6/25) below, the same for all classes."""
    inputs, c = load_inputs(), coefficients(3)
    qcd = inputs.replace({"alpha_em": 0.0})
    five, four = stretches(2.0, inputs, 4)
    factor = (five.alpha_s_low / five.alpha_s_high) ** (6 / 23) * (four.alpha_s_low / four.alpha_s_high) ** (6 / 25)
    low = run_violating_left_from_m_z(c, 2.0, qcd, 4)
    for name in FIELDS:
        assert np.asarray(getattr(low, name))[0, 0, 1, 0] == approx(
            factor * np.asarray(getattr(c, name))[0, 0, 1, 0], rel=1e-12
        )
    assert not np.any(np.asarray(low.SuddLL)[:, 2]), "b is gone"


@pytest.mark.slow
def test_jit_and_gradient():
    inputs, c = load_inputs(), coefficients(4)

    def size(alpha_s):
        low = run_violating_left_from_m_z(c, 2.0, inputs.replace({"alpha_s": alpha_s}), 3)
        return sum(jnp.sum(jnp.abs(value) ** 2) for value in vars(low).values())

    at, h = inputs["alpha_s"], 1e-5
    assert jax.jit(size)(at) == approx(float(size(at)), rel=1e-12)
    assert jax.grad(size)(at) == approx(float((size(at + h) - size(at - h)) / (2 * h)), rel=1e-6)
