"""B_s -> invisible: Dirac spinors, closed forms, and numbers of arXiv:2309.02940 in both normalisations."""

import brute_force_baryon
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from brute_force import GAMMA5, slash
from hypothesis import given, settings
from hypothesis import strategies as st

from dineutrino.eft.massive_neutrinos import MassiveNeutrinos
from dineutrino.errors import DineutrinoError
from dineutrino.hadronic import to_nothing
from dineutrino.hadronic.masses import Masses
from dineutrino.inputs import load_inputs
from dineutrino.invisible import Couplings, contract, fermion_pair, massless_neutrinos, neutrino_pair

NAMES = ("VV", "VA", "AV", "AA", "SS", "SP", "PS", "PP", "TT", "TT5")
M_B, M_QUARKS, F = 5.36692, (4.094, 0.076), 0.2303


def masses():
    return Masses(*map(jnp.asarray, (M_B, 0.0, *M_QUARKS)))


def width_of(m_1, m_2, g, f):
    hadronic = to_nothing.hadronic_currents(f, masses())
    return to_nothing.width(hadronic, fermion_pair(jnp.asarray(M_B**2), m_1, m_2, Couplings(**g)), masses())


compiled = jax.jit(width_of)


def ours(m_1, m_2, g):
    arrays = {name: jnp.asarray(complex(value)) for name, value in g.items()}
    return float(compiled(jnp.asarray(m_1), jnp.asarray(m_2), arrays, jnp.asarray(F)))


def brute_force(m_1, m_2, g):
    """The amplitude between Dirac spinors, for a pair that flies apart along an arbitrary direction."""
    m_b, m_s = M_QUARKS
    momentum = np.sqrt((M_B**2 - (m_1 + m_2) ** 2) * (M_B**2 - (m_1 - m_2) ** 2)) / (2 * M_B)
    direction = momentum * np.array([0.48, -0.6, 0.64])
    p_1 = np.array([np.sqrt(m_1**2 + momentum**2), *direction])
    p_2 = np.array([np.sqrt(m_2**2 + momentum**2), *-direction])
    vertex = 1j * F * slash(np.array([M_B, 0, 0, 0])) @ (g["AV"] * np.eye(4) + g["AA"] * GAMMA5)
    vertex = vertex - 1j * F * M_B**2 / (m_b + m_s) * (g["PS"] * np.eye(4) + g["PP"] * GAMMA5)
    total = sum(
        abs(brute_force_baryon.bar(u) @ vertex @ v) ** 2
        for u in brute_force_baryon.spinors(p_1, m_1)
        for v in brute_force_baryon.antispinors(p_2, m_2)
    )
    return momentum / (8 * np.pi * M_B**2) * total


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_random_complex_couplings_and_masses(seed):
    rng = np.random.default_rng(seed)
    m_1, m_2 = rng.uniform(0, 2.6, 2)
    g = {name: complex(*rng.normal(size=2)) for name in NAMES}
    assert ours(m_1, m_2, g) == pytest.approx(brute_force(m_1, m_2, g), rel=1e-10)


@pytest.mark.parametrize("m", [(0.0, 0.0), (0.0, 2.0), (1.3, 1.3)])
@pytest.mark.parametrize("name", NAMES)
def test_each_current_alone(name, m):
    g = {other: float(other == name) for other in NAMES}
    expected = brute_force(*m, g)
    assert ours(*m, g) == pytest.approx(expected, rel=1e-10, abs=1e-25)
    if name in ("PS", "PP") or (name == "AA" and max(m) > 0):
        assert expected > 1e-3  # GeV^5
    elif name != "AV":
        assert ours(*m, g) == 0.0


def sterile(operator, m):
    """One sterile of mass m, C = 0.01 TeV^-2 at 1 TeV; QN: N N, LNQd: nu_e N (scalar running 1.608)."""
    matrix, c = np.zeros((4, 4), complex), 0.01e-6
    if operator == "QN":
        matrix[3, 3] = -c
        return MassiveNeutrinos.from_matrices([0, 0, 0, m], {"VLL": matrix}), (3, 3)
    matrix[3, 0] = matrix[0, 3] = c / 2 * 1.608
    return MassiveNeutrinos.from_matrices([0, 0, 0, m], {"SLL_bs": matrix}), (0, 3)


# m_1: QN physical, QN paper, LNQd physical, LNQd paper; f_Bs = 0.2303, tau = 1.520 ps
BRANCHING_RATIOS = {
    0.0: (0.0, 0.0, 4.033e-5, 2.017e-5),
    1.0: (1.214e-6, 6.07e-7, 3.758e-5, 1.879e-5),
    1.5: (2.440e-6, 1.220e-6, 3.428e-5, 1.714e-5),
    2.0: (3.488e-6, 1.744e-6, 2.991e-5, 1.495e-5),
}


@pytest.mark.parametrize("m", BRANCHING_RATIOS)
def test_sterile_neutrinos(m):
    inputs = load_inputs("felkl2023")
    its = Masses(inputs["m_B_s"], jnp.zeros(()), inputs["m_b"], inputs["m_s"])
    hadronic = to_nothing.hadronic_currents(inputs["f_B_s"], its)
    found = []
    for operator in ("QN", "LNQd"):
        neutrinos, pair = sterile(operator, m)
        invisible = neutrino_pair(its.B**2, neutrinos, *pair)
        for normalisation in ("physical", "paper"):
            found.append(inputs["tau_B_s"] * to_nothing.width(hadronic, invisible, its, normalisation))
    np.testing.assert_allclose(found, BRANCHING_RATIOS[m], rtol=5e-4)


@pytest.mark.parametrize(("C_9", "C_10", "expected"), [(1, 0, 9.55286e-9), (0, 1, 1.248180e-8), (1, -1, 2.203465e-8)])
def test_charged_leptons_of_different_flavour(C_9, C_10, expected):
    """B_s -> mu tau for one unit of C_9 or C_10, computed with flavio 2.7.1 at its default inputs."""
    G_F, lambda_t, alpha, tau = 1.1663787e-5, 0.041200, 1 / 132.116, 2309468822170.9004
    g = 4 * G_F / np.sqrt(2) * lambda_t * alpha / (4 * np.pi)
    found = tau * ours(0.1056583745, 1.77686, {"AV": -g * C_9 / 2, "AA": -g * C_10 / 2})
    assert found == pytest.approx(expected, rel=1e-4)


def test_leptonic_decay_of_a_charged_meson():
    """Left-handed couplings to a massless and a massive lepton give the textbook rate of B -> l nu."""
    G, m = 1e-5, 1.777  # G = 4 G_F V/sqrt(2): (qbar gamma P_L b)(lbar gamma P_L nu)
    found = ours(m, 0.0, {"AV": -G / 4, "AA": G / 4})
    G_F_V2 = (G * np.sqrt(2) / 4) ** 2
    assert found == pytest.approx(G_F_V2 / (8 * np.pi) * M_B * m**2 * (1 - m**2 / M_B**2) ** 2 * F**2, rel=1e-12)


def test_massless_neutrinos_do_not_appear():
    hadronic = to_nothing.hadronic_currents(jnp.asarray(F), masses())
    assert all(float(contract(hadronic, invisible)) == 0.0 for invisible in massless_neutrinos())


def test_unknown_normalisation():
    hadronic = to_nothing.hadronic_currents(jnp.asarray(F), masses())
    with pytest.raises(DineutrinoError, match=r"unknown normalisation .* 'papper'; did you mean 'paper'"):
        to_nothing.width(hadronic, massless_neutrinos()[0], masses(), normalisation="papper")


@pytest.mark.slow
def test_the_same_compiled_batched_and_differentiated():
    rng = np.random.default_rng(3)
    g = {name: jnp.asarray(complex(*rng.normal(size=2))) for name in NAMES}
    m_1, m_2 = jnp.asarray([0.0, 0.7, 1.9]), jnp.asarray([1.1, 0.7, 2.2])
    f = jnp.asarray([0.2, 0.21, 0.25])
    batched = jax.vmap(compiled, in_axes=(0, 0, None, 0))(m_1, m_2, g, f)
    for i in range(3):
        np.testing.assert_allclose(batched[i], width_of(m_1[i], m_2[i], g, f[i]), rtol=1e-13)
    slopes = jax.grad(compiled, argnums=(0, 1, 3))(m_1[2], m_2[2], g, f[2])
    for k, slope in zip((0, 1, 3), slopes, strict=True):
        step = 1e-5 * np.eye(4)[k]
        up, down = (compiled(m_1[2] + s * step[0], m_2[2] + s * step[1], g, f[2] + s * step[3]) for s in (1, -1))
        assert float(slope) == pytest.approx(float(up - down) / 2e-5, rel=1e-7)


@pytest.mark.parametrize("m", [0.0, M_B / 2, 3.0])
def test_finite_at_the_threshold_and_beyond(m):
    g = {name: jnp.asarray(1.0 + 0.5j) for name in NAMES}
    value, slopes = jax.value_and_grad(width_of, argnums=(0, 1, 3))(jnp.asarray(m), jnp.asarray(m), g, jnp.asarray(F))
    assert np.isfinite(value)
    assert all(np.isfinite(slope) for slope in slopes)
    assert (float(value) > 0) == (m < M_B / 2)
