"""SMEFT between two scales: composition, inverse, accuracy of the steps, derivatives."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from random_smeft import coefficients

from dineutrino.running.at_m_z import mass_basis
from dineutrino.running.couplings import Couplings, run_couplings
from dineutrino.running.smeft import Point, run_smeft, smeft_at_m_z
from dineutrino.running.vector_classes import CLASSES, rotated

pytestmark = pytest.mark.slow

M_Z = 91.1876
V = np.array(
    [[0.97451, 0.2243, 0.00107 - 0.00346j], [-0.22415, 0.97364, 0.04221], [0.00843 - 0.00337j, -0.0414, 0.9991]]
)


def standard_model():
    """Close to nature at m_Z; V made unitary."""
    u, _, vh = np.linalg.svd(V)
    ckm = jnp.asarray(u @ vh)
    up, down, lepton = (
        jnp.diag(jnp.asarray(y, complex)) for y in ((7e-6, 3.6e-3, 0.97), (1.6e-5, 3e-4, 0.0164), (3e-6, 6e-4, 0.0102))
    )
    return Couplings(*map(jnp.asarray, (0.3576, 0.6515, 1.2203, 0.281)), ckm.conj().T @ up, down, lepton)


@pytest.fixture(scope="module")
def evolve():
    return jax.jit(run_smeft, static_argnames="steps")


def largest_difference(one, two):
    return max(float(jnp.abs(a - b).max()) for a, b in zip(jax.tree.leaves(one), jax.tree.leaves(two), strict=True))


def test_composition_and_inverse(evolve):
    """U(a, c) = U(a, b) U(b, c); down and up is the identity."""
    high = run_couplings(standard_model(), M_Z, 3000.0)
    start = Point(coefficients(1), high)
    down = evolve(start, 3000.0, M_Z, steps=8)
    halfway = evolve(evolve(start, 3000.0, 500.0, steps=8), 500.0, M_Z, steps=8)
    assert largest_difference(down.coefficients, halfway.coefficients) < 1e-6
    assert largest_difference(down.couplings, halfway.couplings) < 1e-8
    back = evolve(down, M_Z, 3000.0, steps=8)
    assert largest_difference(back.coefficients, start.coefficients) < 2e-6
    assert largest_difference(evolve(start, 3000.0, 3000.0, steps=4), start) < 1e-12


@pytest.mark.parametrize(("mu", "accuracy"), [(1000.0, 5e-7), (10000.0, 1e-5)])
def test_four_steps_are_enough(evolve, mu, accuracy):
    """For coefficients of size one."""
    start = Point(coefficients(2), run_couplings(standard_model(), M_Z, mu))
    few, many = (evolve(start, mu, M_Z, steps=steps).coefficients for steps in (4, 32))
    size = max(float(jnp.abs(leaf).max()) for leaf in jax.tree.leaves(many))
    assert largest_difference(few, many) < accuracy * size


def test_couplings_there_and_back():
    start = standard_model()
    high = run_couplings(start, M_Z, 1e4)
    assert float(high.g1) == pytest.approx(
        float(start.g1) / np.sqrt(1 - 2 * 41 / 6 * start.g1**2 * np.log(1e4 / M_Z) / (16 * np.pi**2)), rel=1e-8
    )
    assert largest_difference(run_couplings(high, 1e4, M_Z), start) < 1e-7


def test_mass_basis():
    """Rotated to it, Yd is diagonal; its 23 element is known to leading order (arXiv:2005.12283)."""
    high = run_couplings(standard_model(), M_Z, 1000.0)
    U = mass_basis(high)
    diagonal = U["q"].conj().T @ high.Yd @ U["d"]
    assert np.abs(diagonal - np.diag(np.diag(diagonal))).max() < 1e-15
    assert np.all(np.abs(np.angle(np.diag(U["q"]))) < 1e-12)
    assert abs(complex(U["q"][1, 2])) == pytest.approx(7.9e-4, rel=0.03)
    for matrix in U.values():
        assert matrix @ matrix.conj().T == approx(np.eye(3), abs=1e-13)
    c = coefficients(4)
    again = rotated(rotated(c, U), {name: m.conj().T for name, m in U.items()})
    assert largest_difference(c, again) < 1e-12


def test_derivatives(nothing_on_disk):
    """By the scale, a coupling and a coefficient: forward mode against finite differences; jit and vmap."""
    sm, c = standard_model(), coefficients(3)

    def value(at):
        mu, g3, x = at
        changed = Couplings(sm.g1, sm.g2, g3, sm.lambda_, sm.Yu, sm.Yd, sm.Ye)
        found = smeft_at_m_z(jax.tree.map(lambda leaf: x * leaf, c), mu, changed, M_Z)
        return jnp.real(found.lq1[2, 2, 1, 2] + found.qd8[1, 2, 1, 2])

    at, steps = np.array([1000.0, 1.22, 1.0]), np.array([1.0, 1e-4, 1e-3])
    points = jax.jit(jax.vmap(value))(jnp.asarray(np.concatenate([at + np.diag(steps), at - np.diag(steps)])))
    slope = jax.jit(jax.jacfwd(value))(jnp.asarray(at))
    assert slope == approx((points[:3] - points[3:]) / (2 * steps), rel=1e-5)


def test_derivative_by_the_scale_alone():
    """The couplings at m_Z being fixed: another rule than in `test_derivatives`; against finite differences."""
    sm, c = standard_model(), coefficients(3)

    def value(mu):
        found = smeft_at_m_z(c, mu, sm, M_Z)
        return jnp.real(found.lq1[2, 2, 1, 2] + found.qd8[1, 2, 1, 2])

    both = jax.jit(lambda mu: jax.jvp(value, (mu,), (1.0,)))
    (up, _), (_, slope), (down, _) = (both(mu) for mu in (1001.0, 1000.0, 999.0))
    assert float(slope) == pytest.approx(float(up - down) / 2, rel=1e-5)


def test_classes_without_flavour_change_stay_without(evolve):
    """Without Yukawa couplings each flavour stays what it is."""
    zero = jnp.zeros((3, 3), complex)
    sm = Couplings(*map(jnp.asarray, (0.36, 0.65, 1.2, 0.26)), zero, zero, zero)
    start = coefficients(5)
    phases = {"q": jnp.diag(jnp.exp(1j * jnp.asarray([0.3, 1.0, 2.0])))}
    one = rotated(evolve(Point(start, sm), 1000.0, M_Z, steps=4).coefficients, phases)
    two = evolve(Point(rotated(start, phases), sm), 1000.0, M_Z, steps=4).coefficients
    assert largest_difference(one, two) < 1e-12
    assert set(CLASSES) == set(vars(start))
