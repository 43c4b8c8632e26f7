"""Operators that violate lepton or baryon number between two scales: symmetries, closed forms, derivatives."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from random_smeft import couplings, unitaries
from random_violating import violating
from smeft_reference import M_Z
from smeft_reference import couplings as stored_couplings
from test_warsaw_slope import turned

from dineutrino.inputs import load_inputs
from dineutrino.running.couplings import Couplings, higgs_wave_function, run_couplings
from dineutrino.running.flow import Point
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.violating import run_violating, violating_at_m_z, violating_slope
from dineutrino.running.violating_classes import FIELDS, Violating, like_qqql, rotated


@pytest.fixture(scope="module")
def slopes():
    return jax.jit(violating_slope)


@pytest.fixture(scope="module")
def at_m_z():
    compiled = jax.jit(violating_at_m_z)
    return lambda c, mu, sm, m_z=M_Z: compiled(c, jnp.asarray(float(mu)), sm, jnp.asarray(float(m_z)))


@pytest.fixture(scope="module")
def between():
    compiled = jax.jit(run_violating)
    return lambda point, start, end: compiled(point, jnp.asarray(float(start)), jnp.asarray(float(end)))


def largest(tree):
    return max(float(jnp.abs(leaf).max()) for leaf in jax.tree.leaves(tree))


def difference(one, two):
    return largest(jax.tree.map(jnp.subtract, one, two))


def asymmetry(c):
    """Of what each class has as a symmetry, the largest violation."""
    qqql = np.asarray(c.qqql)
    relation = qqql + qqql.transpose(1, 0, 2, 3) - np.einsum("sprt->prst", qqql) - np.einsum("srpt->prst", qqql)
    parts = (c.llphiphi - c.llphiphi.T, c.qque - c.qque.transpose(1, 0, 2, 3), jnp.asarray(relation))
    return max(float(jnp.abs(part).max()) for part in parts)


@pytest.mark.parametrize("seed", range(3))
def test_covariance_under_flavour_rotations(slopes, seed):
    """U(3)^5: turning fields before or after makes no difference."""
    c, sm, U = violating(seed), couplings(seed + 1), unitaries(seed + 2)
    one, two = rotated(slopes(c, sm), U), slopes(rotated(c, U), turned(sm, U))
    assert difference(one, two) < 1e-11 * largest(one)


def test_symmetries_of_indices_are_kept(slopes):
    found = slopes(violating(7), couplings(8))
    assert asymmetry(found) < 1e-13
    assert largest(found) > 0.1


def test_lepton_flavours_and_numbers_are_conserved(slopes):
    """With a diagonal Ye, coefficients with a muon give such with a muon; dimension five and six do not mix."""
    sm, c, muon = couplings(9), violating(10), np.arange(3) == 1
    sm = Couplings(sm.g1, sm.g2, sm.g3, sm.lambda_, sm.Yu, sm.Yd, jnp.diag(jnp.asarray([0.1, 0.3, 0.7], complex)))
    with_muons = Violating(0 * c.llphiphi, *(getattr(c, name) * muon for name in list(FIELDS)[1:]))
    found = slopes(with_muons, sm)
    assert float(jnp.abs(found.llphiphi).max()) == 0
    for name in list(FIELDS)[1:]:
        array = getattr(found, name)
        assert float(jnp.abs(array[..., ~muon]).max()) == 0, name
        assert float(jnp.abs(array[..., muon]).max()) > 0.01, name
    majorana = Violating.zero()
    majorana = Violating(**vars(majorana) | {"llphiphi": majorana.llphiphi.at[0, 1].set(1).at[1, 0].set(1)})
    found = slopes(majorana, sm)
    assert largest([found.duql, found.qque, found.qqql, found.duue]) == 0
    assert np.argwhere(np.asarray(found.llphiphi)).tolist() == [[0, 1], [1, 0]]


def test_linear_over_complex_numbers(slopes):
    """A phase of baryon or lepton number stays: no coefficient is mixed with its complex conjugate."""
    one, two, sm = violating(1), violating(2), couplings(3)
    mixed = slopes(jax.tree.map(lambda a, b: (0.3 + 1j) * a - 2j * b, one, two), sm)
    parts = jax.tree.map(lambda a, b: (0.3 + 1j) * a - 2j * b, slopes(one, sm), slopes(two, sm))
    assert difference(mixed, parts) < 1e-13


def test_gauge_couplings_alone(slopes):
    """Closed forms of arXiv:1405.0486 and hep-ph/0108005; fully symmetric flavours of qqql have -15 g2^2."""
    g1, g2, g3, lambda_, zero = 0.4, 0.6, 1.1, 0.25, jnp.zeros((3, 3), complex)
    c, sm = violating(4), Couplings(*map(jnp.asarray, (g1, g2, g3, lambda_)), zero, zero, zero)
    symmetric = like_qqql(jnp.ones((3, 3, 3, 3), complex))
    found = slopes(Violating(c.llphiphi, c.duql, c.qque, symmetric, c.duue), sm)
    loop = 16 * np.pi**2
    assert loop * found.llphiphi == approx((2 * lambda_ - 3 * g2**2) * c.llphiphi, rel=1e-12)
    assert loop * found.duql == approx(-(4 * g3**2 + 9 / 2 * g2**2 + 11 / 6 * g1**2) * c.duql, rel=1e-12)
    assert loop * found.qque == approx(-(4 * g3**2 + 9 / 2 * g2**2 + 23 / 6 * g1**2) * c.qque, rel=1e-12)
    assert loop * found.qqql == approx(-(4 * g3**2 + 15 * g2**2 + g1**2 / 3) * symmetric, rel=1e-12)
    both = c.duue + c.duue.transpose(0, 2, 1, 3)
    found = slopes(Violating(**vars(Violating.zero()) | {"duue": both}), sm)
    assert loop * found.duue == approx(-(4 * g3**2 + 26 / 3 * g1**2) * both, rel=1e-12)


@pytest.mark.slow
def test_neutrino_masses_of_one_generation(at_m_z):
    """The closed form along the way: exp of the integral of 2 lambda - 3 g2^2 + 2 G_H - 3 y_tau^2."""
    sm = stored_couplings("91.1876")
    c = Violating(**vars(Violating.zero()) | {"llphiphi": jnp.zeros((3, 3), complex).at[2, 2].set(1)})
    found = complex(at_m_z(c, 1000.0, sm).llphiphi[2, 2])
    nodes, weights = np.polynomial.legendre.leggauss(4)
    way, rates = np.log(1000.0 / M_Z), []
    for node in nodes:
        there = run_couplings(sm, M_Z, M_Z * np.exp(way * (node + 1) / 2))
        alike = 2 * there.lambda_ - 3 * there.g2**2 + 2 * higgs_wave_function(there)
        rates.append(float(alike - 3 * jnp.abs(there.Ye[2, 2]) ** 2))
    integral = way / 2 * float(np.dot(weights, rates)) / (16 * np.pi**2)
    assert found == pytest.approx(np.exp(-integral), rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(("mu", "accuracy"), [(1000.0, 2e-6), (10000.0, 2e-5)])
def test_down_and_up_is_the_identity(between, mu, accuracy):
    start = Point(violating(1), run_couplings(stored_couplings("91.1876"), M_Z, mu))
    low = between(start, mu, M_Z)
    assert difference(low.coefficients, start.coefficients) > 0.1
    assert difference(between(low, M_Z, mu), start) < accuracy * largest(start.coefficients)
    assert asymmetry(low.coefficients) < 1e-12


@pytest.mark.slow
def test_compiled_or_not_and_one_by_one(at_m_z):
    """jit = eager, vmap = loop."""
    sm, points = stored_couplings("91.1876"), [violating(seed) for seed in (11, 12)]
    many = jax.tree.map(lambda *leaves: jnp.stack(leaves), *points)
    together = jax.jit(jax.vmap(lambda c: violating_at_m_z(c, 1000.0, sm, M_Z)))(many)
    for i, point in enumerate(points):
        compiled = at_m_z(point, 1000.0, sm)
        assert difference(jax.tree.map(lambda leaf, i=i: leaf[i], together), compiled) < 1e-12
    with jax.disable_jit():
        eager = violating_at_m_z(points[0], 1000.0, sm, M_Z)
    assert difference(at_m_z(points[0], 1000.0, sm), eager) < 1e-12


@pytest.mark.slow
def test_derivatives():
    """By the scale, the top mass and the coefficients: forward mode against finite differences."""
    inputs, c = load_inputs(), violating(13)
    at = jnp.asarray([1.0, 1000.0, float(inputs["m_t(m_t)"])])

    @jax.jit
    def value(x):
        sm = couplings_at_m_z(inputs.replace({"m_t(m_t)": x[2]}))
        return violating_at_m_z(jax.tree.map(lambda leaf: x[0] * leaf, c), x[1], sm, inputs["m_Z"])

    slope = jax.jit(lambda direction: jax.jvp(value, (at,), (direction,))[1])
    for direction, step in zip(jnp.eye(3), (0.01, 2.0, 0.2), strict=True):
        up, down = (value(at + sign * step * direction) for sign in (1, -1))
        expected = jax.tree.map(lambda a, b, h=step: (a - b) / (2 * h), up, down)
        assert largest(expected) > 0
        assert difference(slope(direction), expected) < 2e-6 * largest(expected)
