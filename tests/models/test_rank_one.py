"""Rank-one flavour violation in front of heavy fields, against arXiv:2404.06533."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.models.mediators import S1, S3, V2, R2t, Vprime, ZprimeL, ZprimeR
from dineutrino.models.mediators.rank_one import direction, lepton_current, leptoquark, quark_current

NONE = jnp.zeros((3, 3), complex)
D, S, B = range(3)


def test_directions():
    """Ratios of transitions, and the phases of the first two families."""
    theta, phi = 0.3, 1.1
    n = np.asarray(direction(theta, phi, 0.4, -0.2))
    assert np.linalg.norm(n) == approx(1.0)
    assert np.angle(n) == approx([0.4, -0.2, 0.0])
    currents = np.asarray(quark_current(0.7, direction(theta, phi)))
    assert currents == approx(currents.conj().T)
    assert np.linalg.matrix_rank(currents) == 1
    assert currents[S, B].real == approx(0.7 * np.sin(theta) * np.cos(theta) * np.sin(phi))
    assert currents[D, S] / currents[S, B] == approx(np.tan(theta) * np.cos(phi))
    assert currents[D, B] / currents[S, B] == approx(1 / np.tan(phi))
    flipped = np.asarray(quark_current(0.7, direction(theta, 2 * np.pi - phi)))
    assert np.array([flipped[S, B], flipped[D, S]]) == approx([-currents[S, B], -currents[D, S]])
    third = np.asarray(direction(0.0, 0.0))
    assert third == approx([0, 0, 1])


def left(c):
    return (c.vectors.lq1 - c.vectors.lq3)[2, 2]


def right(c):
    return c.vectors.ld[2, 2]


@pytest.mark.parametrize(("field", "strength", "theta", "phi", "scale"), [
    (S1, 1.49, 0.05, 0.5, 8.5), (S1, 1.06, 0.1, 0.5, 8.5), (S1, 0.75, 0.2, 0.5, 8.5), (S3, 1.06, 0.1, 0.5, 8.5),
    (R2t, 1.20, 0.1, 1.5, 7.5), (V2, 0.85, 0.1, 0.5, 7.5),
])  # fmt: skip
def test_strengths_of_leptoquarks(field, strength, theta, phi, scale):
    """Fig. 7, at 2 TeV: the coupling that gives the best fit, a positive coefficient of sb; phi in units of pi."""
    coupling = leptoquark(strength, direction(theta, phi * np.pi))
    coupling = coupling if field is R2t else coupling.conj()
    c = field(coupling, *[NONE] * (len(field.couplings) - 1)).match(jnp.asarray(2.0))
    found = (right if field in (R2t, V2) else left)(c)
    assert float(found[S, B].real) == approx(scale**-2, rel=0.015)
    assert float(jnp.abs(c.vectors.ld[:2]).max() + jnp.abs(c.vectors.lq1[:2]).max()) == 0


@pytest.mark.parametrize("universal", [True, False])
def test_strengths_of_colourless_vectors(universal):
    """C n_i n_j^* of eqs. (14) and (20), for each lepton or the third alone; mixing with half the square."""
    g_q, g_l, mass = 0.06, 1.6, jnp.asarray(0.9)
    n = direction(0.1, 1.4, 0.2, -0.3)
    quarks, leptons = quark_current(g_q, n), lepton_current(g_l, universal)
    product = np.asarray(jnp.outer(n, n.conj()))
    found = {
        "L": (ZprimeL(quarks, leptons).match(mass).vectors, "lq1", -1, "qq1", -1 / 2),
        "R": (ZprimeR(quarks, leptons).match(mass).vectors, "ld", -1, "dd", -1 / 2),
        "V": (Vprime(quarks, leptons).match(mass).vectors, "lq3", -1 / 4, "qq3", -1 / 8),
    }
    for c, semileptonic, number, mixing, half in found.values():
        for lepton in range(3):
            expected = number * g_q * g_l * product / mass**2 * (universal or lepton == 2)
            assert getattr(c, semileptonic)[lepton, lepton] == approx(np.asarray(expected), abs=1e-15)
        assert complex(getattr(c, mixing)[S, B, S, B]) == approx(complex(half * (g_q * product[S, B] / mass) ** 2))


def test_gradients_at_the_third_family():
    """Where the direction is a pole, too."""

    @jax.jit
    def current(angles):
        found = quark_current(1.0, direction(*angles))
        return jnp.stack([found.real, found.imag])

    slope = jax.jit(jax.jacfwd(current))
    for at in ([0.0, 0.0, 0.1, 0.2], [0.4, 2.0, -0.3, 0.5]):
        at = jnp.asarray(at)
        slopes = np.asarray(slope(at))
        for i, h in enumerate(1e-6 * np.eye(4)):
            assert slopes[..., i] == approx((current(at + h) - current(at - h)) / 2e-6, abs=1e-9)
    assert jax.jit(jax.vmap(current))(jnp.eye(4)) == approx(jnp.stack([current(row) for row in jnp.eye(4)]), abs=1e-15)
