"""The product of the two sides of the decay against explicit spin sums, for every current and all interferences."""

import brute_force
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dineutrino.form_factors import PseudoscalarFormFactors, VectorFormFactors
from dineutrino.hadronic import to_pseudoscalar, to_vector
from dineutrino.hadronic.masses import Masses
from dineutrino.hadronic.width import width
from dineutrino.invisible import Couplings, fermion_pair

NAMES = ("VV", "VA", "AV", "AA", "SS", "SP", "PS", "PP", "TT", "TT5")
M_B, M_QUARKS = 5.28, (4.18, 0.09)


def scalars(**values):
    return {name: jnp.asarray(float(value)) for name, value in values.items()}


@jax.jit
def ours_pseudoscalar(q2, ff, m_M, m_1, m_2, g):
    masses = Masses(jnp.asarray(M_B), m_M, *map(jnp.asarray, M_QUARKS))
    hadronic = to_pseudoscalar.hadronic_currents(q2, PseudoscalarFormFactors(**ff), masses)
    return width(q2, hadronic, fermion_pair(q2, m_1, m_2, Couplings(**g)), masses)


@jax.jit
def ours_vector(q2, ff, m_M, m_1, m_2, g):
    masses = Masses(jnp.asarray(M_B), m_M, *map(jnp.asarray, M_QUARKS))
    polarised = to_vector.hadronic_currents(q2, VectorFormFactors(**ff), masses)
    invisible = fermion_pair(q2, m_1, m_2, Couplings(**g))
    return width(q2, polarised.summed(), invisible, masses), width(
        q2, polarised.longitudinally_polarised(), invisible, masses
    )


def theirs(q2, ff, m_M, m_1, m_2, g, longitudinal=False):
    return brute_force.width(q2, M_B, m_M, *M_QUARKS, ff, m_1, m_2, g, longitudinal)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_random_complex_couplings_masses_and_form_factors(seed):
    rng = np.random.default_rng(seed)
    m_1, m_2 = rng.uniform(0, 2, 2)
    g = {name: complex(*rng.normal(size=2)) for name in NAMES}
    for names, m_M in ((("f_plus", "f_0", "f_T"), 0.495), (("V", "A_0", "A_1", "A_12", "T_1", "T_2", "T_23"), 0.895)):
        q2 = rng.uniform((m_1 + m_2) ** 2 + 0.01, (M_B - m_M) ** 2 - 0.1)
        ff = dict(zip(names, rng.uniform(0.1, 1.5, len(names)), strict=True))
        arguments = (*scalars(q2=q2).values(), scalars(**ff), *scalars(m_M=m_M, m_1=m_1, m_2=m_2).values())
        couplings = {name: jnp.asarray(value) for name, value in g.items()}
        expected = theirs(q2, ff, m_M, m_1, m_2, g)
        if m_M < 0.5:
            assert ours_pseudoscalar(*arguments, couplings) == pytest.approx(expected, rel=1e-10)
        else:
            total, longitudinal = ours_vector(*arguments, couplings)
            assert total == pytest.approx(expected, rel=1e-10)
            assert longitudinal == pytest.approx(theirs(q2, ff, m_M, m_1, m_2, g, longitudinal=True), rel=1e-10)


K = {"f_plus": 0.68, "f_0": 0.46, "f_T": 0.67}
K_STAR = {"V": 0.75, "A_0": 0.73, "A_1": 0.38, "A_12": 0.30, "T_1": 0.66, "T_2": 0.41, "T_23": 0.81}
MASSES = ((0.0, 0.0), (1.0, 1.0), (0.3, 1.4))
# An independent prototype (numpy) at q2 = 11.3 GeV^2, m_K = 0.495, m_K* = 0.895, unit couplings.
TABLE = {
    ("K", "VV"): (2.15760290e-03, 2.04111240e-03, 2.05870579e-03),
    ("K", "VA"): (2.15760290e-03, 2.37864023e-03, 2.20248689e-03),
    ("K", "SS"): (2.98760216e-03, 1.55127713e-03, 1.81261452e-03),
    ("K", "SP"): (2.98760216e-03, 2.40129200e-03, 2.17470637e-03),
    ("K", "TT"): (1.41940967e-03, 1.94853779e-03, 1.56169076e-03),
    ("K", "TT5"): (1.41940967e-03, 7.37011702e-04, 1.04560130e-03),
    ("K*", "VV"): (1.18036021e-03, 1.11663174e-03, 9.69067031e-04),
    ("K*", "VA"): (1.18036021e-03, 6.12888097e-04, 7.54480827e-04),
    ("K*", "AV"): (4.21195098e-03, 3.98454480e-03, 3.64183937e-03),
    ("K*", "AA"): (4.21195098e-03, 2.99219557e-03, 3.21911552e-03),
    ("K*", "PS"): (1.75394993e-03, 9.10717784e-04, 1.06414273e-03),
    ("K*", "PP"): (1.75394993e-03, 1.40974123e-03, 1.27671821e-03),
    ("K*", "TT"): (1.66866521e-02, 1.39297352e-02, 1.45351076e-02),
    ("K*", "TT5"): (1.66866521e-02, 1.76417210e-02, 1.61163503e-02),
}


def ours(meson, m_1, m_2, g):
    couplings = {name: jnp.asarray(complex(g.get(name, 0))) for name in NAMES}
    ff, m_M = (K, 0.495) if meson == "K" else (K_STAR, 0.895)
    arguments = (*scalars(q2=11.3).values(), scalars(**ff), *scalars(m_M=m_M, m_1=m_1, m_2=m_2).values())
    return ours_pseudoscalar(*arguments, couplings) if meson == "K" else ours_vector(*arguments, couplings)[0]


@pytest.mark.parametrize(("meson", "coupling"), TABLE)
def test_vectors_of_single_couplings(meson, coupling):
    for masses, expected in zip(MASSES, TABLE[meson, coupling], strict=True):
        assert ours(meson, *masses, {coupling: 1}) == pytest.approx(expected, rel=1e-7)


def test_vectors_of_interferences():
    g = {"VV": 0.7, "VA": -0.4, "SS": 0.3, "SP": 0.5, "TT": 0.2, "TT5": -0.6}
    assert ours("K", 0.3, 1.4, g) == pytest.approx(1.69737723e-03, rel=1e-7)
    g = {"VV": 0.7, "VA": -0.4, "AV": 0.25, "AA": 0.9, "PS": 0.3, "PP": 0.5, "TT": 0.2, "TT5": -0.6}
    assert ours("K*", 0.3, 1.4, g) == pytest.approx(1.20509974e-02, rel=1e-7)
