"""Lambda_b -> Lambda + pair: the product of the two sides of the decay against sums over explicit Dirac spinors."""

import brute_force_baryon
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dineutrino.form_factors import BaryonFormFactors
from dineutrino.hadronic.masses import Masses
from dineutrino.hadronic.to_baryon import hadronic_currents, longitudinal_currents
from dineutrino.hadronic.width import width
from dineutrino.invisible import Couplings, fermion_pair

NAMES = ("VV", "VA", "AV", "AA", "SS", "SP", "PS", "PP", "TT", "TT5")
FORM_FACTORS = (
    "f_plus", "f_perp", "f_0", "g_plus", "g_perp", "g_0", "h_plus", "h_perp", "htilde_plus", "htilde_perp",
)  # fmt: skip
M, M_DAUGHTER, M_QUARKS = 5.62, 1.116, (4.18, 0.09)


def width_of(q2, ff, m_1, m_2, g):
    masses = Masses(*map(jnp.asarray, (M, M_DAUGHTER, *M_QUARKS)))
    form_factors = BaryonFormFactors(**ff)
    invisible = fermion_pair(q2, m_1, m_2, Couplings(**g))
    total = width(q2, hadronic_currents(q2, form_factors, masses), invisible, masses)
    return total, width(q2, longitudinal_currents(q2, form_factors, masses), invisible, masses)


compiled = jax.jit(width_of)


def arguments(q2, ff, m_1, m_2, g):
    return (
        jnp.asarray(q2),
        {name: jnp.asarray(value) for name, value in ff.items()},
        jnp.asarray(m_1),
        jnp.asarray(m_2),
        {name: jnp.asarray(complex(value)) for name, value in g.items()},
    )


def theirs(q2, ff, m_1, m_2, g):
    return brute_force_baryon.width(q2, M, M_DAUGHTER, *M_QUARKS, ff, m_1, m_2, g)


def random_point(rng):
    m_1, m_2 = rng.uniform(0, 2, 2)
    ff = dict(zip(FORM_FACTORS, rng.uniform(0.1, 1.5, len(FORM_FACTORS)), strict=True))
    return rng.uniform((m_1 + m_2) ** 2 + 0.01, (M - M_DAUGHTER) ** 2 - 0.1), ff, m_1, m_2


@pytest.mark.parametrize("q2", [0.3, 8.3, 19.0])
def test_point_like_baryons(q2):
    """If all form factors are one and the quarks as heavy as the baryons, sbar Gamma b becomes ubar Gamma u."""
    p, k, _ = brute_force_baryon.frame(q2, M, M_DAUGHTER)
    ff = dict.fromkeys(FORM_FACTORS, 1.0)
    found = brute_force_baryon.elements(q2, p, k, ff, M, M_DAUGHTER, M, M_DAUGHTER)
    for composite, elementary in zip(found, brute_force_baryon.point_like(q2, p, k, M, M_DAUGHTER), strict=True):
        for one, other in zip(composite, elementary, strict=True):
            np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_random_complex_couplings_masses_and_form_factors(seed):
    rng = np.random.default_rng(seed)
    q2, ff, m_1, m_2 = random_point(rng)
    g = {name: complex(*rng.normal(size=2)) for name in NAMES}
    total, _ = compiled(*arguments(q2, ff, m_1, m_2, g))
    assert float(total) == pytest.approx(theirs(q2, ff, m_1, m_2, g), rel=1e-10)


@pytest.mark.parametrize("masses", [(0.0, 0.0), (0.0, 1.3), (1.1, 0.4)])
@pytest.mark.parametrize("name", NAMES)
def test_each_current_alone(name, masses):
    q2, ff, _, _ = random_point(np.random.default_rng(NAMES.index(name)))
    q2, g = max(q2, 3.0), {other: float(other == name) for other in NAMES}
    total, longitudinal = compiled(*arguments(q2, ff, *masses, g))
    assert float(total) == pytest.approx(theirs(q2, ff, *masses, g), rel=1e-10)
    helicity_zero = {key: 0.0 if key.endswith("perp") else value for key, value in ff.items()}
    assert float(longitudinal) == pytest.approx(theirs(q2, helicity_zero, *masses, g), rel=1e-10)


@pytest.mark.slow
def test_the_same_compiled_batched_and_differentiated():
    rng = np.random.default_rng(5)
    points = [random_point(rng) for _ in range(3)]
    g = {name: complex(*rng.normal(size=2)) for name in NAMES}
    prepared = [arguments(*point, g) for point in points]
    batch = jax.tree.map(lambda *leaves: jnp.stack(leaves), *prepared)
    batched = jax.vmap(compiled)(*batch)
    for i, point in enumerate(prepared):
        for one, many in zip(width_of(*point), batched, strict=True):
            np.testing.assert_allclose(many[i], one, rtol=1e-13)
    q2, ff, m_1, m_2, g = prepared[0]

    def total(q2, ff, m_1):
        return compiled(q2, ff, m_1, m_2, g)[0]

    slopes = jax.grad(total, argnums=(0, 1, 2))(q2, ff, m_1)
    for place, slope in ((0, slopes[0]), (2, slopes[2])):
        step = jnp.asarray([1e-5 if place == 0 else 0.0, 1e-5 if place == 2 else 0.0])
        difference = total(q2 + step[0], ff, m_1 + step[1]) - total(q2 - step[0], ff, m_1 - step[1])
        assert float(slope) == pytest.approx(float(difference) / 2e-5, rel=1e-7)
    for name, slope in slopes[1].items():  # quadratic: the central difference is exact
        up, down = (total(q2, ff | {name: ff[name] + sign * 0.1}, m_1) for sign in (1, -1))
        assert float(slope) == pytest.approx(float(up - down) / 0.2, rel=1e-9, abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("edge", [0.0, (M - M_DAUGHTER) ** 2, (M - M_DAUGHTER) ** 2 + 1.0])
def test_finite_at_and_beyond_the_ends(edge):
    ff = dict.fromkeys(FORM_FACTORS, 0.5)
    q2, ff, m_1, m_2, g = arguments(edge, ff, 0.0, 0.0, dict.fromkeys(NAMES, 1.0))
    value, slopes = jax.value_and_grad(lambda *x: width_of(*x, m_1, m_2, g)[0], argnums=(0, 1))(q2, ff)
    assert np.isfinite(value)
    assert all(np.isfinite(slope) for slope in jax.tree.leaves(slopes))
    assert float(value) == 0.0 if edge > 0 else float(value) > 0
