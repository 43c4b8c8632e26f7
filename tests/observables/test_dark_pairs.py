"""B -> K, K* and a pair of scalars, fermions or vectors, against explicit sums, an independent table and each other."""

import brute_force
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from hypothesis import given, settings
from hypothesis import strategies as st

from dineutrino import form_factors
from dineutrino.form_factors import PseudoscalarFormFactors, VectorFormFactors
from dineutrino.hadronic import to_pseudoscalar, to_vector
from dineutrino.hadronic.masses import Masses
from dineutrino.hadronic.width import width
from dineutrino.inputs import load_inputs
from dineutrino.invisible import (
    FermionOperators,
    ScalarOperators,
    VectorOperators,
    dark_fermion_pair,
    scalar_pair,
    vector_pair,
)
from dineutrino.numerics import integrate
from dineutrino.observables.modes import MODES, decay

M_B, M_QUARKS, M_MESON = 5.28, (4.18, 0.09), {"K": 0.495, "K*": 0.895}
K = {"f_plus": 0.68, "f_0": 0.46, "f_T": 0.67}
K_STAR = {"V": 0.75, "A_0": 0.73, "A_1": 0.38, "A_12": 0.30, "T_1": 0.66, "T_2": 0.41, "T_23": 0.81}
FORM_FACTORS = {"K": K, "K*": K_STAR}
PAIRS = {
    "phi": (scalar_pair, ScalarOperators, brute_force.scalar_width),
    "chi": (dark_fermion_pair, FermionOperators, None),
    "X": (vector_pair, VectorOperators, brute_force.vector_width),
}


@jax.jit
def _pseudoscalar(q2, ff, m_M, pairs):
    masses = Masses(jnp.asarray(M_B), m_M, *map(jnp.asarray, M_QUARKS))
    hadronic = to_pseudoscalar.hadronic_currents(q2, PseudoscalarFormFactors(**ff), masses)
    return {name: (width(q2, hadronic, pair, masses),) for name, pair in _currents(q2, pairs).items()}


@jax.jit
def _vector(q2, ff, m_M, pairs):
    masses = Masses(jnp.asarray(M_B), m_M, *map(jnp.asarray, M_QUARKS))
    sides = to_vector.hadronic_currents(q2, VectorFormFactors(**ff), masses)
    kept = sides.summed(), sides.longitudinally_polarised()
    return {name: tuple(width(q2, side, pair, masses) for side in kept) for name, pair in _currents(q2, pairs).items()}


def _currents(q2, pairs):
    return {name: PAIRS[name][0](q2, *arguments) for name, arguments in pairs.items()}


def rates(meson, q2, ff, pairs):
    """By pair: dGamma/dq2, and for K* that with longitudinal polarisation, GeV^-1."""
    complete = {}
    for name, (m, given_) in pairs.items():
        kind = PAIRS[name][1]
        operators = kind(**{n: jnp.asarray(complex(given_.get(n, 0))) for n in kind.names()})
        complete[name] = (jnp.asarray(float(m)), operators)
    ff = {name: jnp.asarray(value) for name, value in ff.items()}
    function = _pseudoscalar if meson == "K" else _vector
    return function(jnp.asarray(float(q2)), ff, jnp.asarray(M_MESON[meson]), complete)


# An independent prototype (numpy) at q2 = 11.3 GeV^2, coefficient 1: K and K* for m = 0.7 GeV, then for 1.2 GeV.
TABLE = {
    ("phi", "S"): (1.20184523e-04, 0, 9.25614154e-05, 0),
    ("phi", "V"): (4.05335064e-04, 2.21746728e-04, 1.85164833e-04, 1.01298159e-04),
    ("chi", "S1"): (2.24504688e-03, 0, 1.02558048e-03, 0),
    ("chi", "S2"): (2.71617021e-03, 0, 2.09188799e-03, 0),
    ("chi", "V1"): (2.13169789e-03, 1.16618836e-03, 1.89576702e-03, 1.03711761e-03),
    ("chi", "V2"): (2.31877372e-03, 8.86986911e-04, 2.31918133e-03, 4.05192636e-04),
    ("chi", "T1"): (1.73811370e-03, 1.54576161e-02, 2.00706120e-03, 1.23333794e-02),
    ("chi", "T2"): (1.06662168e-03, 1.75149955e-02, 4.87253245e-04, 1.69899078e-02),
    ("X", "S"): (1.35680868e-02, 0, 9.76291707e-04, 0),
    ("X", "T1"): (1.84082199e-03, 1.06512520e-02, 1.25273383e-04, 1.34665286e-03),
    ("X", "T2"): (3.57746860e-04, 1.51952350e-02, 1.08260176e-04, 1.39877950e-03),
    ("X", "V2"): (1.91962654e-01, 5.11375107e-03, 7.18245615e-03, 7.94909164e-04),
    ("X", "V3"): (1.10496666e-02, 4.22676416e-03, 2.23060149e-03, 3.89716528e-04),
    ("X", "V4"): (4.57598133e-02, 2.50338295e-02, 1.95302643e-03, 1.06844253e-03),
    ("X", "V5"): (6.32388539e-02, 3.45960914e-02, 4.30359111e-03, 2.35436638e-03),
    ("X", "V6"): (1.22898909e-02, 6.72343288e-03, 3.71912628e-03, 2.03462310e-03),
}


@pytest.mark.slow
@pytest.mark.parametrize(("pair", "operator"), TABLE)
def test_vectors_of_single_operators(pair, operator):
    expected = iter(TABLE[pair, operator])
    for m in (0.7, 1.2):
        for meson in ("K", "K*"):
            all_pairs = {name: (m, {operator: 1} if name == pair else {}) for name in PAIRS}
            found = rates(meson, 11.3, FORM_FACTORS[meson], all_pairs)[pair][0]
            assert float(found) == pytest.approx(next(expected), rel=1e-8)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), sparse=st.booleans())
def test_random_complex_couplings_masses_and_form_factors(seed, sparse):
    """All operators together, or some of them, so that no interference hides behind the largest rates."""
    rng = np.random.default_rng(seed)
    m = rng.uniform(0.2, 2.0)
    pairs = {}
    for name in ("phi", "X"):
        operators = PAIRS[name][1].names()
        present = rng.uniform(size=len(operators)) < (0.3 if sparse else 1.0)
        # coefficients as in arXiv:2309.12741 eq. (21) keep the longitudinal vectors from hiding the transverse ones
        size = {"T": m**2, "S": m**2, "P": m**2, "2": m**2, "4": m**2, "5": m**2, "3": m, "6": m}
        pairs[name] = {
            o: present[i]
            * complex(*rng.normal(size=2))
            * (size[o[-1] if o[-1] in size else o[0]] if name == "X" else 1)
            for i, o in enumerate(operators)
        }
    for meson in ("K", "K*"):
        m_M = M_MESON[meson]
        q2 = rng.uniform(4 * m**2 + 0.01, (M_B - m_M) ** 2 - 0.1)
        ff = {name: rng.uniform(0.1, 1.5) for name in FORM_FACTORS[meson]}
        found = rates(meson, q2, ff, {"chi": (m, {})} | {name: (m, g) for name, g in pairs.items()})
        for name, g in pairs.items():
            for longitudinal, ours in zip((False, True), found[name], strict=False):
                theirs = PAIRS[name][2](q2, M_B, m_M, *M_QUARKS, ff, m, g, longitudinal)
                assert float(ours) == pytest.approx(theirs, rel=1e-10, abs=1e-300)


INTERFERING = {
    "K": {("S", "V2"), ("V4", "V5"), ("V4", "T1"), ("V5", "T1"), ("V6", "T2")},
    "K*": {("V4", "V5"), ("V4", "T1"), ("V5", "T1"), ("V6", "T2"), ("P", "A2"), ("A4", "A5")}
    | {("A4", "T2"), ("A5", "T2"), ("A6", "T1")},
}


@pytest.mark.parametrize("meson", ["K", "K*"])
def test_which_vector_operators_interfere(meson):
    """Parity and charge conjugation of the pair leave few interferences, and these are all there."""
    names = VectorOperators.names()

    def rate(first, second, phase):
        pairs = {"phi": (1.0, {}), "chi": (1.0, {}), "X": (1.0, {first: 1.0, second: phase})}
        return float(rates(meson, 9.0, FORM_FACTORS[meson], pairs)["X"][0])

    seen = set()
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            asymmetries = [rate(first, second, z) - rate(first, second, -z) for z in (1, 1j)]
            scale = rate(first, second, 1) + rate(first, second, -1)
            if np.abs(asymmetries).max() > 1e-9 * scale:
                seen.add(frozenset((first, second)))
    assert seen == set(map(frozenset, INTERFERING[meson]))


def test_operators_that_vanish_for_a_real_field_are_odd_under_exchange():
    """The amplitude of two identical particles is the sum over both orders: zero, or twice one of them."""
    rng = np.random.default_rng(0)
    p_1, p_2, e_1, e_2 = rng.normal(size=(4, 4))
    names = VectorOperators.names()
    for name in names:
        g = {n: float(n == name) for n in names}
        one = brute_force.vector_currents(p_1, p_2, e_1, e_2, g)
        two = brute_force.vector_currents(p_2, p_1, e_2, e_1, g)
        sign = -1 if name in VectorOperators.vanishing else 1
        assert any(np.any(current != 0) for current in one)
        for first, second in zip(one, two, strict=True):
            assert second == approx(sign * first, rel=1e-13, abs=1e-13)


def test_published_interferences_of_fermions():
    """Im[C_S2 C_V2*] and Re[C_V1 C_T1*] of arXiv:2309.12741 eq. (A1), and nothing else between S, V and T in B -> K."""
    m, q2 = 0.7, 11.3

    def rate(g):
        return float(rates("K", q2, K, {"phi": (m, {}), "chi": (m, g), "X": (m, {})})["chi"][0])

    def interference(first, second, phase):
        return rate({first: 1, second: phase}) - rate({first: 1}) - rate({second: phase})

    lam = (M_B**2 - M_MESON["K"] ** 2 - q2) ** 2 - 4 * M_MESON["K"] ** 2 * q2
    common = np.sqrt(lam * (1 - 4 * m**2 / q2)) / (256 * np.pi**3 * M_B**3)
    D = M_B**2 - M_MESON["K"] ** 2
    scalar = common * 8 * m * D**2 * K["f_0"] ** 2 / (M_QUARKS[0] - M_QUARKS[1])
    tensor = common * 16 * m * lam * K["f_plus"] * K["f_T"] / (M_B + M_MESON["K"]) / q2 * q2
    assert interference("S2", "V2", 1) == pytest.approx(0, abs=1e-12 * scalar)
    assert interference("S2", "V2", 1j) == pytest.approx(scalar, rel=1e-9)
    assert interference("V1", "T1", 1) == pytest.approx(tensor, rel=1e-9)
    for first, second in (("S1", "V1"), ("S1", "V2"), ("V1", "T2"), ("V2", "T1"), ("S1", "T1"), ("V1", "V2")):
        assert interference(first, second, 1) == pytest.approx(0, abs=1e-12 * scalar)


# BR(B+ -> K+)/C^2 in GeV^n, scale for BR = 1.9e-5 in GeV, ratios of K0, K*+ and K*0 to K+; an independent prototype
# with the form factors of HPQCD 2022 and Gubernari-Kokulu-van Dyk 2018.
SCALES = {
    ("phi", "S", 0.3): (6.7211e9, 1.881e7, 0.9251, 0, 0),
    ("phi", "S", 1.0): (4.5438e9, 1.546e7, 0.9244, 0, 0),
    ("phi", "V", 0.3): (2.4129e10, 5970, 0.9251, 0.3737, 0.3442),
    ("phi", "V", 1.0): (9.6232e9, 4744, 0.9237, 0.4317, 0.3970),
    ("chi", "S1", 0.7): (1.2068e11, 8927, 0.9230, 0, 0),
    ("chi", "S2", 0.7): (1.4273e11, 9310, 0.9233, 0, 0),
    ("chi", "V1", 0.7): (9.2721e10, 8358, 0.9249, 0.3960, 0.3648),
    ("chi", "V2", 0.7): (1.0148e11, 8549, 0.9250, 0.2566, 0.2362),
    ("chi", "T1", 0.7): (7.0915e10, 7816, 0.9225, 8.556, 7.911),
    ("chi", "T2", 0.7): (4.2496e10, 6877, 0.9218, 16.09, 14.88),
    ("X", "S", 0.7): (9.9185e11, 482.0, 0.9216, 0, 0),
    ("X", "T1", 0.7): (8.5997e10, 320.6, 0.9205, 3.933, 3.630),
    ("X", "T2", 0.7): (1.4466e10, 238.2, 0.9222, 38.27, 35.36),
    ("X", "V2", 0.7): (1.4602e13, 144.0, 0.9214, 0.0104, 0.0096),
    ("X", "V3", 0.7): (4.5965e11, 477.5, 0.9233, 0.2740, 0.2517),
    ("X", "V4", 0.7): (2.2689e12, 114.1, 0.9215, 0.3725, 0.3417),
    ("X", "V5", 0.7): (2.9684e12, 118.0, 0.9218, 0.3806, 0.3492),
    ("X", "V6", 0.7): (4.9724e11, 483.8, 0.9235, 0.4056, 0.3730),
}
POWERS = {"phi S": (0, 1), "phi V": (0, 2), "chi": (0, 2), "X S": (2, 3), "X T": (2, 3)}
POWERS |= {"X V2": (2, 4), "X V4": (2, 4), "X V5": (2, 4), "X V3": (1, 3), "X V6": (1, 3)}
"""C = m^a / Lambda^b, arXiv:2309.12741 below eq. (18), before and in eq. (21)."""


COMPILED = {name: jax.jit(function) for name, (function, _, _) in PAIRS.items()}


@jax.jit
def _pseudoscalar_currents(q2, coefficients, masses):
    return to_pseudoscalar.hadronic_currents(q2, form_factors.pseudoscalar(q2, coefficients), masses)


@jax.jit
def _vector_currents(q2, coefficients, masses):
    return to_vector.hadronic_currents(q2, form_factors.vector(q2, coefficients), masses).summed()


@pytest.fixture(scope="module")
def branching_ratios():
    """Of B+ and B0 to K, then to K*, for one unit of an operator, with the inputs of arXiv:2309.12741."""
    inputs = load_inputs("he2024")
    decays = [decay(MODES[name], inputs) for name in ("B+->K", "B0->K", "B+->K*", "B0->K*")]

    def branching_ratio(its, pair, g, m):
        def spectrum(q2):
            side = _pseudoscalar_currents if its.transition == "B->K" else _vector_currents
            hadronic = side(q2, its.form_factors(inputs), its.masses)
            return its.time * width(q2, hadronic, COMPILED[pair](q2, m, g), its.masses)

        return integrate(spectrum, 4 * m**2, its.masses.q2_max)

    def of(pair, operator, m):
        kind = PAIRS[pair][1]
        g = kind(**{name: jnp.asarray(complex(name == operator)) for name in kind.names()})
        return np.array([branching_ratio(its, pair, g, jnp.asarray(m)) for its in decays])

    return of


@pytest.mark.parametrize(("pair", "operator", "m"), SCALES)
def test_branching_ratios_and_scales(branching_ratios, pair, operator, m):
    found = branching_ratios(pair, operator, m)
    rate, scale, *ratios = SCALES[pair, operator, m]
    assert found[0] == pytest.approx(rate, rel=3e-4)
    assert found[1:] / found[0] == pytest.approx(ratios, rel=4e-4, abs=6e-5)
    a, b = next(powers for key, powers in POWERS.items() if f"{pair} {operator}".startswith(key))
    assert (m ** (2 * a) * found[0] / 1.9e-5) ** (1 / (2 * b)) == pytest.approx(scale, rel=1e-3)


@pytest.mark.parametrize(
    ("operator", "scale"), [("S", 497.5), ("V3", 486.7), ("V6", 486.8), ("V2", 149.7), ("V4", 119.5), ("V5", 119.6)]
)
def test_scales_of_light_vectors(branching_ratios, operator, scale):
    """Independent of the mass, in the end: the coefficients vanish as fast as the amplitudes grow."""
    m = 0.1
    a, b = POWERS[f"X {operator}"]
    found = branching_ratios("X", operator, m)[0]
    assert (m ** (2 * a) * found / 1.9e-5) ** (1 / (2 * b)) == pytest.approx(scale, rel=1e-3)


@pytest.mark.slow
def test_gradients_of_rates_up_to_the_end_of_phase_space():
    """d Gamma/dm by differences; finite where the pair just fits, zero where it does not."""
    masses = Masses(*map(jnp.asarray, (M_B, M_MESON["K"], *M_QUARKS)))
    operators = {
        scalar_pair: ScalarOperators(S=1.0, V=0.3),
        dark_fermion_pair: FermionOperators(S1=1.0, V2=0.4),
        vector_pair: VectorOperators(V2=0.2, V4=0.4, T1=0.2),
    }

    def total(m):
        def spectra(q2):
            form_factors_ = PseudoscalarFormFactors(**{name: jnp.full_like(q2, value) for name, value in K.items()})
            hadronic = to_pseudoscalar.hadronic_currents(q2, form_factors_, masses)
            return jnp.stack([width(q2, hadronic, pair(q2, m, g), masses) for pair, g in operators.items()])

        return integrate(spectra, jnp.minimum(4 * m**2, masses.q2_max), masses.q2_max)

    rate, slope = jax.jit(total), jax.jit(jax.jacrev(total))
    for m in (0.4, 1.3, 2.2):
        assert slope(m) == approx((rate(m + 1e-5) - rate(m - 1e-5)) / 2e-5, rel=1e-7)
    heaviest = (M_B - M_MESON["K"]) / 2
    for m in (heaviest - 1e-9, heaviest, heaviest + 1e-9, 3.0):
        assert np.all(np.isfinite(slope(m)))
        assert rate(m) == approx(np.zeros(3), abs=1e-14)
    assert not np.any(rate(3.0))
    assert not np.any(slope(3.0))
