"""Heavy scalars behind operators of sterile neutrinos, against brute force: N is called e, and d of eta is called u."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from grassmann import EPSILON, GAMMA, METRIC, bilinear, conjugated, difference, quartic, smeft

from dineutrino.models.sterile_completions import Eta, SterileR2t, SterileS1, heaviest

M, I2, I4, NONE = 1.3, np.eye(2), np.eye(4), np.eye(1)
COLOURS = np.eye(3)[:, :, None]


def random(seed, families=2):
    rng = np.random.default_rng(seed)
    c = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
    c[families:] = 0
    return jnp.asarray(c)


def squares(vertices):
    return quartic([(conjugated(o) / M**2, o) for o in vertices])


def test_s1():
    y = random(1)
    vertices = [bilinear("d", "e", I4, y, c, NONE, False) for c in COLOURS]
    found = np.asarray(SterileS1(y).match(jnp.asarray(M)).dN)
    assert difference(squares(vertices), smeft({"ed": np.einsum("ijab->abij", found)})) < 1e-14


def test_r2t():
    y = random(2)
    vertices = [bilinear("q", "e", I4, y, c, I2[:, a : a + 1]) for c in COLOURS for a in range(2)]
    found = np.asarray(SterileR2t(y).match(jnp.asarray(M)).QN)
    assert difference(squares(vertices), smeft({"qe": found})) < 1e-14


def octets(c):
    """(qbar gamma T_A q)(ubar gamma T_A u): T_A T_A is half the crossed deltas less a sixth of the others."""
    pairs = []
    for p, r in np.argwhere(np.any(c, axis=(2, 3))):
        unit = np.zeros((3, 3))
        unit[p, r] = 1
        for sign, gamma in zip(METRIC, GAMMA, strict=True):
            for i in range(3):
                for j in range(3):
                    colour = np.zeros((3, 3))
                    colour[i, j] = 1
                    quark = bilinear("q", "q", gamma, unit, colour, I2)
                    pairs.append((sign / 2 * quark, bilinear("u", "u", gamma, c[p, r], colour.T, NONE)))
            quark = bilinear("q", "q", gamma, unit, np.eye(3), I2)
            pairs.append((-sign / 6 * quark, bilinear("u", "u", gamma, c[p, r], np.eye(3), NONE)))
    return quartic(pairs)


def added(*lagrangians):
    return {key: sum(each.get(key, 0) for each in lagrangians) for key in set().union(*lagrangians)}


@pytest.mark.slow
def test_eta():
    """All that it leaves: LNQd, four quarks, and - y_N y_N*/(2 m^2) of (Lbar gamma L)(Nbar gamma N)."""
    y_N, y_d = random(3), random(4)
    field, mass = Eta(y_N, y_d), jnp.asarray(M)
    vertices = []
    for a in range(2):
        lepton = bilinear("l", "e", I4, y_N, NONE, I2[:, a : a + 1])
        quark = bilinear("q", "u", I4, y_d, np.eye(3), EPSILON[:, a : a + 1])
        vertices.append(lepton + conjugated(quark))
    nu, four = field.match(mass), field.four_quarks(mass)
    leptons = -np.einsum("pt,rs->prst", y_N, y_N.conj()) / (2 * M**2)
    vectors = smeft({"lequ1": np.asarray(nu.LNQd), "qu1": np.asarray(four.vectors.qd1), "le": leptons})
    assert difference(squares(vertices), added(vectors, octets(np.asarray(four.vectors.qd8)))) < 1e-13


def test_mixing_needs_two_couplings():
    """qd_2323 is the product of y_d_23 and y_d_32; with the one behind LNQd_..23 alone there is none."""
    one = jnp.zeros((3, 3), complex).at[1, 2].set(0.7)
    both = one.at[2, 1].set(0.2j)
    mass, none = jnp.asarray(M), jnp.zeros((3, 1), complex)
    assert float(jnp.abs(Eta(none, one).four_quarks(mass).vectors.qd8[1, 2, 1, 2])) == 0
    found = Eta(none, both).four_quarks(mass).vectors
    assert complex(found.qd8[1, 2, 1, 2]) == approx(-0.7 * -0.2j / M**2)
    assert complex(found.qd1[1, 2, 1, 2]) == approx(-0.7 * -0.2j / (6 * M**2))


def test_hermitian_and_transformations():
    """QN and dN are Hermitian for several sterile neutrinos; jit and vmap change nothing, gradients are right."""
    y = jnp.stack([random(seed)[:, :2] for seed in (5, 6)])
    for kind, name in ((SterileS1, "dN"), (SterileR2t, "QN")):

        def matched(y, m, kind=kind, name=name):
            return getattr(kind(y).match(m), name)

        one = matched(y[0], jnp.asarray(M))
        assert one == approx(one.conj().transpose(1, 0, 3, 2))
        assert jax.jit(matched)(y[0], jnp.asarray(M)) == approx(one, rel=1e-14)
        assert jax.vmap(matched, (0, None))(y, jnp.asarray(M))[0] == approx(one, rel=1e-14)
        slope = jax.grad(lambda m, f=matched: jnp.real(f(y[0], m)[0, 0, 0, 0]))(jnp.asarray(M))
        assert float(slope) == approx(-2 / M * float(one[0, 0, 0, 0].real))


def test_masses_of_the_paper():
    """C_LNQd ~ 0.02/TeV^2 needs at most 7 TeV; QN, dN ~ 0.03/TeV^2 6 TeV, with the 1/2 of their matching 4 TeV."""
    assert float(heaviest(0.02)) == approx(7.07, abs=0.01)
    assert float(heaviest(0.03)) == approx(5.77, abs=0.01)
    assert float(heaviest(0.03, 0.5)) == approx(4.08, abs=0.01)
