"""The right-hand side of the whole Warsaw basis: an independent code class by class, symmetries of the theory."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from random_smeft import couplings, matrix, unitaries, warsaw

from dineutrino.running.couplings import Couplings
from dineutrino.running.smeft_slope import smeft_slope
from dineutrino.running.vector_classes import IDENTICAL, VectorClasses, crossed, exchanged
from dineutrino.running.warsaw_classes import (
    BOSONS,
    CLASSES,
    DIPOLES,
    LEGS,
    NOT_HERMITIAN,
    Warsaw,
    arrays,
    from_arrays,
    indices,
    rotated,
)
from dineutrino.running.warsaw_slope import warsaw_slope

FROZEN = json.loads((Path(__file__).parent / "warsaw_slope.json").read_text())["seeds"]
TILDE = ("Gtilde", "Wtilde", "HGtilde", "HBtilde", "HWtilde", "HWtildeB")


@pytest.fixture(scope="module")
def slopes():
    return jax.jit(warsaw_slope)


@pytest.fixture(scope="module")
def both(slopes):
    """Ours and the stored numbers for each seed, contracted with the same random numbers."""
    pairs = []
    for key, theirs in FROZEN.items():
        seed = int(key)
        found = arrays(slopes(warsaw(seed), couplings(seed + 1)))
        rng = np.random.default_rng(seed + 2)
        ours = {}
        for name in CLASSES:
            value = 16 * np.pi**2 * np.asarray(found[name])
            ours[name] = complex(np.sum(matrix(rng, *value.shape) * value))
        pairs.append((ours, theirs))
    return pairs


@pytest.mark.parametrize("name", CLASSES)
def test_wilson_class_by_class(both, name):
    """wilson 2.5.2 at random complex coefficients of all classes and random Yukawa matrices.

    Two of its terms are not covariant under rotations of flavour and are mended before they are stored: ee' (issues
    111, 126) is symmetrised, and in dphi' quqd1 is contracted with (Yu Yu^dagger Yu)*, not its transpose.
    """
    assert len(both) == 2
    for ours, theirs in both:
        assert ours[name] == pytest.approx(complex(*theirs[name]), rel=1e-10)


def turned(sm, U):
    def Y(matrix, right):
        return U["l" if right == "e" else "q"] @ matrix @ U[right].conj().T

    return Couplings(sm.g1, sm.g2, sm.g3, sm.lambda_, Y(sm.Yu, "u"), Y(sm.Yd, "d"), Y(sm.Ye, "e"))


def assert_same(one, two, rel=1e-11):
    for name, value in arrays(one).items():
        assert arrays(two)[name] == approx(value, abs=rel * float(jnp.abs(value).max())), name


@pytest.mark.parametrize("seed", range(3))
def test_covariance_under_flavour_rotations(slopes, seed):
    """U(3)^5: turning fields before or after makes no difference."""
    c, sm, U = warsaw(seed), couplings(seed + 1), unitaries(seed + 2)
    assert_same(rotated(slopes(c, sm), U), slopes(rotated(c, U), turned(sm, U)))


def lepton_charges(name):
    """Of each entry: 1 for electrons, 2 for muons, 4 for taus, conjugate fields less, so that sums are unique."""
    found = np.zeros((3,) * indices(name), int)
    for place, field in enumerate(LEGS[name]):
        if field in "le":
            number = np.array([1, 2, 4]) * (1 if place % 2 else -1)
            found = found + number.reshape([3 if axis == place else 1 for axis in range(indices(name))])
    return found


def test_lepton_flavours_are_separately_conserved(slopes):
    """With a diagonal Ye, coefficients that turn a muon into an electron, or back, give nothing else."""
    sm = couplings(3)
    Ye = jnp.diag(jnp.asarray([0.1, 0.3, 0.7], complex))
    sm = Couplings(sm.g1, sm.g2, sm.g3, sm.lambda_, sm.Yu, sm.Yd, Ye)
    c = from_arrays({name: x * (np.abs(lepton_charges(name)) == 1) for name, x in arrays(warsaw(4)).items()})
    changed = set()
    for name, value in arrays(slopes(c, sm)).items():
        present = np.abs(np.asarray(value)) > 1e-13
        assert np.all(np.abs(lepton_charges(name)[present]) == 1), name
        changed |= {name} if np.any(present) else set()
    assert changed == {name for name in CLASSES if set(LEGS[name]) & {"l", "e"}}


def test_vectors_alone_run_as_the_program_of_their_own(slopes):
    sm, c = couplings(6), warsaw(5)
    alone = from_arrays(arrays(Warsaw.zero()) | vars(c.vectors))
    ours, theirs = slopes(alone, sm).vectors, jax.jit(smeft_slope)(c.vectors, sm)
    for name, value in vars(theirs).items():
        assert getattr(ours, name) == approx(value, abs=1e-12 * float(jnp.abs(value).max())), name
    assert set(vars(theirs)) == set(VectorClasses.__annotations__)


def test_symmetries_of_the_operators_stay(slopes):
    found = arrays(slopes(warsaw(7), couplings(8)))
    for name in CLASSES:
        value = found[name]
        size = float(jnp.abs(value).max())
        assert size > 0
        if name in NOT_HERMITIAN:
            continue
        if indices(name) == 0:
            assert abs(value.imag) < 1e-12 * size
        elif indices(name) == 2:
            assert jnp.abs(value - value.conj().T).max() < 1e-12 * size
        else:
            assert jnp.abs(value - value.transpose(1, 0, 3, 2).conj()).max() < 1e-12 * size
            if name in IDENTICAL:
                assert jnp.abs(value - exchanged(value)).max() < 1e-12 * size
            if name == "ee":
                assert jnp.abs(value - crossed(value)).max() < 1e-12 * size


def test_mirror_image(slopes):
    """CP turns everything into its complex conjugate, and operators with a dual field strength into their negative."""

    def mirrored(c):
        return from_arrays({name: (-1 if name in TILDE else 1) * x.conj() for name, x in arrays(c).items()})

    c, sm = warsaw(9), couplings(10)
    assert_same(mirrored(slopes(c, sm)), slopes(mirrored(c), jax.tree.map(jnp.conj, sm)))


def test_sign_of_the_covariant_derivative(slopes):
    """The other convention: couplings, dipoles and operators of three field strengths change their signs."""
    odd = (*DIPOLES, *BOSONS[:4])

    def other(c):
        return from_arrays({name: (-1 if name in odd else 1) * x for name, x in arrays(c).items()})

    c, sm = warsaw(11), couplings(12)
    negative = Couplings(-sm.g1, -sm.g2, -sm.g3, sm.lambda_, sm.Yu, sm.Yd, sm.Ye)
    assert_same(other(slopes(c, sm)), slopes(other(c), negative))


def test_linear_in_the_coefficients(slopes):
    """Over the real numbers: Hermitian conjugates appear."""
    one, two, sm = warsaw(1), warsaw(2), couplings(3)
    together = slopes(jax.tree.map(lambda a, b: 0.3 * a - 2 * b, one, two), sm)
    parts = jax.tree.map(lambda a, b: 0.3 * a - 2 * b, slopes(one, sm), slopes(two, sm))
    assert_same(together, parts)
    assert not any(np.any(leaf) for leaf in jax.tree.leaves(slopes(Warsaw.zero(), sm)))


def test_known_entries(slopes):
    """Closed forms: QCD of scalars and tensors, gluon dipole, three gluons; only the strong coupling."""
    zero = jnp.zeros((3, 3), complex)
    g3 = 1.2
    sm = Couplings(*map(jnp.asarray, (0.0, 0.0, g3, 0.0)), zero, zero, zero)
    c = warsaw(13)
    found, loop = slopes(c, sm), 16 * np.pi**2 / g3**2
    assert loop * found.chiral.ledq == approx(-8 * np.asarray(c.chiral.ledq), rel=1e-12)
    assert loop * found.chiral.lequ1 == approx(-8 * np.asarray(c.chiral.lequ1), rel=1e-12)
    assert loop * found.chiral.lequ3 == approx(8 / 3 * np.asarray(c.chiral.lequ3), rel=1e-12)
    assert loop * found.dipoles.dB == approx(8 / 3 * np.asarray(c.dipoles.dB), rel=1e-12)
    assert loop * found.dipoles.dG == approx(-17 / 3 * np.asarray(c.dipoles.dG), rel=1e-12)
    assert complex(loop * found.bosons.G) == pytest.approx(15 * complex(c.bosons.G))
    assert complex(loop * found.bosons.HG) == pytest.approx(-14 * complex(c.bosons.HG))
    assert np.abs(np.asarray(found.Hud)).max() < 1e-15
