"""The one-loop right-hand side: symmetries of the theory, and the numbers of an independent code class by class."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from hypothesis import given, settings
from hypothesis import strategies as st
from random_smeft import coefficients, couplings, matrix, unitaries

from dineutrino.running.couplings import Couplings, higgs_wave_function, slope
from dineutrino.running.smeft_slope import smeft_slope
from dineutrino.running.vector_classes import (
    CLASSES,
    FOUR_FERMION,
    IDENTICAL,
    SCALARS,
    VectorClasses,
    crossed,
    exchanged,
    rotated,
)

FROZEN = json.loads((Path(__file__).parent / "smeft_slope.json").read_text())
SEEDS = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def slopes():
    return jax.jit(smeft_slope)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CLASSES if name != "ee"])
def test_wilson_class_by_class(slopes, name):
    """wilson 2.5.2 at random complex coefficients and Yukawas, contracted with random numbers.

    ee is left out: wilson does not restore the symmetry C_prst = C_ptsr (wilson issues 111, 126).
    """
    found = slopes(coefficients(11), couplings(12))
    rng = np.random.default_rng(13)
    for each in CLASSES:
        value = 16 * np.pi**2 * np.asarray(getattr(found, each))
        weight = matrix(rng, *value.shape)
        if each == name:
            assert complex(np.sum(weight * value)) == pytest.approx(complex(*FROZEN[name]), rel=1e-11)


def rotated_couplings(sm, U):
    def turned(Y, right):
        return U["l" if right == "e" else "q"] @ Y @ U[right].conj().T

    return Couplings(sm.g1, sm.g2, sm.g3, sm.lambda_, turned(sm.Yu, "u"), turned(sm.Yd, "d"), turned(sm.Ye, "e"))


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(seed=SEEDS)
def test_covariance_under_flavour_rotations(slopes, seed):
    """U(3)^5: turning fields before or after makes no difference."""
    c, sm, U = coefficients(seed), couplings(seed + 1), unitaries(seed + 2)
    one, two = rotated(slopes(c, sm), U), slopes(rotated(c, U), rotated_couplings(sm, U))
    for name in CLASSES:
        expected = np.asarray(getattr(one, name))
        assert getattr(two, name) == approx(expected, abs=1e-11 * np.abs(expected).max())
    first, second = rotated_couplings(slope(sm), U), slope(rotated_couplings(sm, U))
    for a, b in zip(jax.tree.leaves(first), jax.tree.leaves(second), strict=True):
        assert b == approx(a, abs=1e-12)


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(seed=SEEDS)
def test_symmetries_of_the_operators_stay(slopes, seed):
    found = slopes(coefficients(seed), couplings(seed + 1))
    for name in CLASSES:
        value = getattr(found, name)
        size = float(jnp.abs(value).max())
        if name in SCALARS:
            assert abs(value.imag) < 1e-12 * size
        elif name not in FOUR_FERMION:
            assert jnp.abs(value - value.conj().T).max() < 1e-12 * size
        else:
            assert jnp.abs(value - value.transpose(1, 0, 3, 2).conj()).max() < 1e-12 * size
            if name in IDENTICAL:
                assert jnp.abs(value - exchanged(value)).max() < 1e-12 * size
            if name == "ee":
                assert jnp.abs(value - crossed(value)).max() < 1e-12 * size


def test_linear_in_the_coefficients(slopes):
    """Over the real numbers: Hermitian conjugates appear."""
    one, two, sm = coefficients(1), coefficients(2), couplings(3)
    together = slopes(jax.tree.map(lambda a, b: 0.3 * a - 2 * b, one, two), sm)
    parts = jax.tree.map(lambda a, b: 0.3 * a - 2 * b, slopes(one, sm), slopes(two, sm))
    for a, b in zip(jax.tree.leaves(together), jax.tree.leaves(parts), strict=True):
        assert a == approx(b, abs=1e-12 * np.abs(b).max())
    assert not any(np.any(leaf) for leaf in jax.tree.leaves(slopes(VectorClasses.zero(), sm)))


def test_gauge_couplings_and_top():
    """Closed form of the one-loop gauge couplings; the top Yukawa coupling alone."""
    y, zero = 0.95, jnp.zeros((3, 3), complex)
    sm = Couplings(*map(jnp.asarray, (0.36, 0.65, 1.2, 0.26)), zero.at[2, 2].set(y), zero, zero)
    found = slope(sm)
    loop = 16 * np.pi**2
    assert float(higgs_wave_function(sm)) == pytest.approx(3 * y**2)
    assert float(found.g3) * loop == pytest.approx(-7 * 1.2**3)
    expected = y * (9 / 2 * y**2 - 9 / 4 * 0.65**2 - 17 / 12 * 0.36**2 - 8 * 1.2**2)
    assert complex(found.Yu[2, 2]) * loop == pytest.approx(expected)
