"""B -> K, K* and sterile neutrinos: closed forms and numbers of arXiv:2309.02940, derived anew and with its inputs.

Coefficients at 1 TeV: QN of (Qbar gamma Q)(Nbar gamma N), dN of (dbar gamma d)(Nbar gamma N), LNQd of (Lbar N)(Qbar d),
LNQdT of (Lbar sigma N)(Qbar sigma d).
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dineutrino import form_factors
from dineutrino.eft import NeutrinoCoefficients, to_lagrangian
from dineutrino.eft.massive_neutrinos import MassiveNeutrinos
from dineutrino.form_factors import PseudoscalarFormFactors, VectorFormFactors
from dineutrino.hadronic import to_pseudoscalar, to_vector
from dineutrino.hadronic.masses import Masses
from dineutrino.hadronic.width import width
from dineutrino.inputs import c_l_sm, load_inputs, normalisation
from dineutrino.invisible import neutrino_pair, unordered_pairs
from dineutrino.numerics import integrate
from dineutrino.observables import get
from dineutrino.observables.modes import MODES, decay

NAMES = ("B+->K", "B0->K", "B+->K*", "B0->K*")
SCALAR_RUNNING, TENSOR_RUNNING = 1.608, 0.853  # 1 TeV to 4.8 GeV, arXiv:2309.02940 sec. 2
UNIT = 1e-6  # TeV^-2 in GeV^-2


def neutrinos(operator, c, m_1, m_2=0.0):
    """Three active ones and two steriles of masses m_1, m_2; c in TeV^-2 at 1 TeV, arXiv:2309.02940 eqs. (8), (9)."""
    matrices = {name: np.zeros((5, 5), complex) for name in ("VLL", "VLR", "SLL_sb", "SLL_bs", "TLL_sb", "TLL_bs")}
    match operator.split("_"):
        case ["QN" | "dN" as name, i, j]:
            matrices["VLL" if name == "QN" else "VLR"][2 + int(j), 2 + int(i)] = -c * UNIT
        case ["LNQd" | "LNQdT" as name, quarks]:
            tensor = name == "LNQdT"
            value = np.conj(c) * UNIT / 2 * (TENSOR_RUNNING if tensor else SCALAR_RUNNING)
            matrix = matrices[("TLL_" if tensor else "SLL_") + {"23": "bs", "32": "sb"}[quarks]]
            matrix[3, 0], matrix[0, 3] = value, -value if tensor else value
    return MassiveNeutrinos.from_matrices([0, 0, 0, m_1, m_2], matrices)


def add(one, two):
    """Both sets of coefficients together."""
    return jax.tree.map(lambda a, b: a if a.ndim == 1 else a + b, one, two)


@pytest.fixture(scope="module")
def branching_ratios():
    """(neutrinos, a, b) -> the branching ratios of the four modes to nu_a nu_b, with the inputs of the paper."""
    inputs = load_inputs("felkl2023")

    def branching_ratio(mode, pair, a, b):
        its = decay(mode, inputs)
        coefficients = its.form_factors(inputs)

        def spectrum(q2):
            if mode.transition == "B->K":
                ff = form_factors.pseudoscalar(q2, coefficients)
                hadronic = to_pseudoscalar.hadronic_currents(q2, ff, its.masses)
            else:
                ff = form_factors.vector(q2, coefficients)
                hadronic = to_vector.hadronic_currents(q2, ff, its.masses).summed()
            return its.time * width(q2, hadronic, neutrino_pair(q2, pair, a, b), its.masses)

        threshold = (pair.masses[a] + pair.masses[b]) ** 2
        return integrate(spectrum, jnp.minimum(threshold, its.masses.q2_max), its.masses.q2_max)

    @jax.jit
    def all_pairs(pair):
        a, b = jnp.asarray(unordered_pairs(5)).T
        return jnp.stack(
            [jax.vmap(lambda a, b, n=n: branching_ratio(MODES[n], pair, a, b))(a, b) for n in NAMES], axis=1
        )

    def of(pair, a=None, b=None):
        """All final states together, or one."""
        found = np.asarray(all_pairs(pair))
        return found.sum(axis=0) if a is None else found[unordered_pairs(5).index((a, b))]

    return of


QN, SCALAR, TENSOR = "QN_1_1", "LNQd_23", "LNQdT_23"
K_TABLE = {
    (QN, 0.0): (1.3725e-2, 1.2700e-2, 3.2285e-2, 2.9964e-2),
    (QN, 0.5): (1.3124e-2, 1.2142e-2, 2.7949e-2, 2.5911e-2),
    (QN, 1.0): (1.1106e-2, 1.0270e-2, 1.7452e-2, 1.6147e-2),
    (QN, 1.5): (7.4134e-3, 6.8469e-3, 6.2597e-3, 5.7698e-3),
    (QN, 2.0): (2.5104e-3, 2.3071e-3, 2.8994e-4, 2.6183e-4),
    (SCALAR, 0.0): (5.2483e-2, 4.8467e-2, 2.3224e-2, 2.1423e-2),
    (SCALAR, 1.5): (3.5232e-2, 3.2513e-2, 1.3031e-2, 1.2006e-2),
    (SCALAR, 3.0): (8.6290e-3, 7.9385e-3, 1.5121e-3, 1.3850e-3),
    (SCALAR, 4.0): (7.7964e-4, 7.1081e-4, 1.1577e-5, 1.0290e-5),
    (TENSOR, 0.0): (2.1295e-2, 1.9641e-2, 3.4100e-1, 3.1551e-1),
    (TENSOR, 1.5): (1.7992e-2, 1.6587e-2, 2.2236e-1, 2.0558e-1),
    (TENSOR, 3.0): (5.0653e-3, 4.6537e-3, 3.8179e-2, 3.5138e-2),
}
"""BR/C^2, TeV^4, of an independent prototype (numpy)."""


@pytest.mark.slow
@pytest.mark.parametrize(("operator", "m"), K_TABLE)
def test_branching_ratios_of_one_operator(branching_ratios, operator, m):
    found = branching_ratios(neutrinos(operator, 1.0, m))
    assert found == pytest.approx(K_TABLE[operator, m], rel=1e-4)
    a, b = (3, 3) if operator == QN else (0, 3)
    assert branching_ratios(neutrinos(operator, 1.0, m), a, b) == pytest.approx(found, rel=1e-13)
    other = {QN: "dN_1_1", SCALAR: "LNQd_32", TENSOR: "LNQdT_32"}[operator]
    assert branching_ratios(neutrinos(other, 1j, m)) == pytest.approx(found, rel=1e-12)


def test_left_and_right_handed_quarks(branching_ratios):
    """K* tells the sum of the two coefficients from the difference, K sees the sum."""
    for m, plus, minus in ((0.0, 5.3559e-3, 2.4608e-2), (1.5, 5.630e-4, 5.2069e-3)):
        one, two = neutrinos(QN, 0.3, m), neutrinos("dN_1_1", 0.2 - 0.5j, m)
        sum_, difference = abs(0.5 - 0.5j) ** 2, abs(0.1 + 0.5j) ** 2
        found = branching_ratios(add(one, two))
        assert found[3] == pytest.approx(plus * sum_ + minus * difference, rel=5e-4)
        assert found[0] == pytest.approx(K_TABLE[QN, m][0] * sum_, rel=5e-4)


def test_two_steriles_of_different_mass(branching_ratios):
    found = branching_ratios(neutrinos("QN_1_2", 0.01, 0.5, 1.5))
    assert found[[0, 3]] == pytest.approx([9.4215e-7, 1.77155e-6], rel=5e-4)
    assert branching_ratios(neutrinos("QN_2_1", 0.01, 0.5, 1.5)) == pytest.approx(found, rel=1e-12)
    assert branching_ratios(neutrinos("QN_1_2", 0.01, 1.5, 0.5)) == pytest.approx(found, rel=1e-12)


def test_scalars_with_a_light_neutrino_do_not_interfere_with_vectors(branching_ratios):
    """At any mass, the final states being different."""
    one, two = neutrinos(QN, 0.7, 1.2), neutrinos(SCALAR, 0.4, 1.2)
    separate = branching_ratios(one) + branching_ratios(two)
    assert branching_ratios(add(one, two)) == pytest.approx(separate, rel=1e-12)


@pytest.mark.slow
def test_active_neutrinos_are_those_of_the_standard_observables(branching_ratios):
    """Majorana pairs, each once, are as good as nine Dirac pairs, whatever the coefficients."""
    inputs = load_inputs("felkl2023", long_distance="excluded")
    rng = np.random.default_rng(5)
    C_L, C_R = 5 * (rng.normal(size=(2, 3, 3)) + 1j * rng.normal(size=(2, 3, 3)))
    wilson = NeutrinoCoefficients(jnp.asarray(C_L), jnp.asarray(C_R))
    L_L, L_R = to_lagrangian(wilson, inputs)
    L_L = L_L + normalisation(inputs) * c_l_sm(inputs) * jnp.eye(3)
    found = branching_ratios(MassiveNeutrinos.from_matrices(np.zeros(5), {}).plus_active(L_L, L_R))
    assert found == pytest.approx([float(get(f"BR({name}nunu)")(wilson, inputs)) for name in NAMES], rel=1e-12)


def test_total_rates(branching_ratios):
    """B+ -> K+ in the Standard Model, with the tau background, and with new physics."""
    inputs = load_inputs("felkl2023")
    standard = float(get("BR(B+->Knunu)")(NeutrinoCoefficients.zero(), inputs))
    table = {
        (QN, 0.0): (6.769e-6, 1.0886e-5, 1.7749e-5),
        (QN, 1.5): (6.138e-6, 8.362e-6, 1.2068e-5),
        (SCALAR, 0.0): (1.0644e-5, 2.6389e-5, 5.2631e-5),
        (SCALAR, 1.5): (8.919e-6, 1.9489e-5, 3.7104e-5),
        (TENSOR, 0.0): (7.526e-6, 1.3914e-5, 2.4562e-5),
        (TENSOR, 1.5): (7.195e-6, 1.2593e-5, 2.1588e-5),
    }
    for (operator, m), expected in table.items():
        one = branching_ratios(neutrinos(operator, 1.0, m))[0]
        assert [standard + one * c**2 for c in (0.01, 0.02, 0.03)] == pytest.approx(expected, rel=1e-3)


@pytest.mark.slow
def test_closed_forms():
    """N N through QN, nu N through LNQd and LNQdT, in terms of form factors."""
    m_B, m_K, m_V, m_b, m_s, q2, m, c = 5.28, 0.495, 0.895, 4.18, 0.09, 11.3, 1.1, 0.8
    K = {"f_plus": 0.68, "f_0": 0.46, "f_T": 0.67}
    V = {"V": 0.75, "A_0": 0.73, "A_1": 0.38, "A_12": 0.30, "T_1": 0.66, "T_2": 0.41, "T_23": 0.81}
    hadronic = {}
    for M, side, kind, ff in (
        (m_K, to_pseudoscalar, PseudoscalarFormFactors, K),
        (m_V, to_vector, VectorFormFactors, V),
    ):
        masses = Masses(*map(jnp.asarray, (m_B, M, m_b, m_s)))
        values = kind(**{name: jnp.asarray(value) for name, value in ff.items()})
        currents = side.hadronic_currents(jnp.asarray(q2), values, masses)
        hadronic[M] = masses, currents.summed() if side is to_vector else currents

    def rate(M, operator, a, b):
        masses, currents = hadronic[M]
        pair = neutrino_pair(jnp.asarray(q2), neutrinos(operator, c, m), a, b)
        return float(width(jnp.asarray(q2), currents, pair, masses)) / UNIT**2

    def lam(M):
        return (m_B**2 - M**2 - q2) ** 2 - 4 * M**2 * q2

    D, E = m_B**2 - m_K**2, m_B**2 - m_V**2
    f, g = K, V
    H_V = 2 * lam(m_V) * g["V"] ** 2 / (m_B + m_V) ** 2
    H_A = 2 * (m_B + m_V) ** 2 * g["A_1"] ** 2 + 64 * m_B**2 * m_V**2 * g["A_12"] ** 2 / q2
    common = c**2 * np.sqrt(1 - 4 * m**2 / q2) / (2048 * np.pi**3 * m_B**3)
    kaon = 4 / 3 * (q2 - 4 * m**2) * lam(m_K) * f["f_plus"] ** 2 / q2 + 8 * m**2 * D**2 * f["f_0"] ** 2 / q2
    vector = 4 / 3 * (q2 - 4 * m**2) * (H_V + H_A) + 8 * m**2 * lam(m_V) * g["A_0"] ** 2 / q2
    # with a massless neutrino
    S = SCALAR_RUNNING**2 * c**2 * (q2 - m**2) ** 2 / (1024 * np.pi**3 * m_B**3 * q2)
    T = TENSOR_RUNNING**2 * c**2 * (q2 - m**2) ** 2 * (q2 + 2 * m**2) / (192 * np.pi**3 * m_B**3 * q2**2)
    tensor = 2 * lam(m_V) * g["T_1"] ** 2 / q2 + 2 * E**2 * g["T_2"] ** 2 / q2
    tensor += 16 * m_B**2 * m_V**2 * g["T_23"] ** 2 / (m_B + m_V) ** 2
    expected = {
        (m_K, QN): common * kaon,
        (m_V, QN): common * vector,
        (m_K, SCALAR): S * D**2 * f["f_0"] ** 2 / (m_b - m_s) ** 2,
        (m_V, SCALAR): S * lam(m_V) * g["A_0"] ** 2 / (m_b + m_s) ** 2,
        (m_K, TENSOR): T * lam(m_K) * f["f_T"] ** 2 / (m_B + m_K) ** 2,
        (m_V, TENSOR): T * tensor,
    }
    for (M, operator), reduced in expected.items():
        a, b = (3, 3) if operator == QN else (0, 3)
        assert rate(M, operator, a, b) == pytest.approx(np.sqrt(lam(M)) * reduced, rel=1e-12)
