"""Vector-like quarks with scalar dark matter: b -> s decays, relic density, direct detection."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from scipy.integrate import quad
from scipy.special import kve

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.models import load_model
from dineutrino.models.vector_like_quark import (
    Couplings,
    b_to_s_gamma,
    condensate,
    cross_sections,
    down_quarks,
    eta,
    higgs_to_gluons,
    isospin,
    nucleon_cross_section,
    required_coefficient,
    up_quarks,
)
from dineutrino.numerics.bessel import scaled_bessel_k
from dineutrino.observables import Predictor

MASSES, V = jnp.asarray([0.005, 0.09, 4.2]), 246.22


@pytest.fixture(scope="module")
def model():
    return load_model("VectorLikeQuarkDarkMatter", load_inputs("he2024"))


@pytest.fixture(scope="module")
def predictor():
    return Predictor(["BR(B+->Knunu)", "BR(B0->Knunu)", "BR(B+->K*nunu)", "BR(B0->K*nunu)"], load_inputs("he2024"))


def couplings(seed=1):
    rng = np.random.default_rng(seed)
    y = rng.normal(size=(7, 2)).view(complex)[:, 0]
    return Couplings(*map(jnp.asarray, (y[:3], y[3:6], y[6], 2500.0, 3100.0)))


# -- b -> s ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("m", "signal", "neutral", "star"),
    [
        (0.3, (5.98, 8.80), 8.60, (8.07, 13.7)),
        (1.0, (7.27, 10.70), 10.47, (10.9, 18.5)),
        (1.5, (9.72, 14.3), 14.0, (17.9, 30.3)),
        (2.0, (18.4, 27.1), 26.6, (79.5, 133.0)),
    ],
)
def test_coefficients_that_make_the_excess(model, predictor, m, signal, neutral, star):
    """C_S and C_P in 1e-5/TeV for BR(K+) = 1.2e-5 and 2.6e-5, and at the limits; an independent computation."""
    point = {"mass": jnp.asarray(m), "m_Q": jnp.asarray(3.0), "m_D": jnp.asarray(3.0)}
    point |= {"Re y_q2": jnp.asarray(1.0), "Re y_d3": jnp.asarray(1.0), "Re y_1": jnp.asarray(1.0)}
    inputs = predictor.inputs
    masses, v = jnp.stack([jnp.asarray(0.0), inputs["m_s"], inputs["m_b"]]), (2**0.5 * inputs["G_F"]) ** -0.5
    C_S, C_P = down_quarks(model.couplings(point), masses, v)
    added = np.asarray(predictor(model(point, predictor.inputs)) - predictor(NeutrinoCoefficients.zero()))
    scalar, pseudoscalar = abs(C_S[1, 2]) * 1e8, abs(C_P[1, 2]) * 1e8  # in 1e-5/TeV
    found = [scalar * (target / added[0]) ** 0.5 for target in (1.2e-5, 2.6e-5)]
    assert found == approx(signal, rel=1e-2)
    assert scalar * (2.3e-5 / added[1]) ** 0.5 == approx(neutral, rel=1e-2)
    assert [pseudoscalar * (limit / rate) ** 0.5 for limit, rate in ((1.0e-5, added[3]), (3.1e-5, added[2]))] == approx(
        star, rel=1e-2
    )


def test_hermiticity_and_the_sign_of_the_chiral_term():
    C_S, C_P = down_quarks(couplings(), MASSES, V)
    assert np.asarray(C_S) == approx(np.asarray(C_S).conj().T, rel=1e-12)
    assert np.asarray(C_P) == approx(np.asarray(C_P).conj().T, rel=1e-12)
    c = couplings()
    flipped = Couplings(c.y_q, c.y_d, -c.y_1, c.m_Q, c.m_D)
    assert np.asarray(down_quarks(flipped, MASSES, V, "slides")[0]) == approx(np.asarray(C_S), rel=1e-12)
    up = up_quarks(c, MASSES, jnp.eye(3, dtype=complex))
    for found in up:
        assert np.asarray(found) == approx(np.asarray(found).conj().T, rel=1e-12, abs=1e-20)


def test_matching_against_the_mass_in_a_background():
    """In a constant phi the light mass is m - C_S phi^2/2: the small eigenvalue of the whole mass matrix.

    L = -(qbar, Qbar, Dbar)_L M (d, Q, D)_R with y_q phi, y_d phi and y_1 v/sqrt2 off the diagonal of M.
    """
    y_q, y_d, y_1, m, m_Q, m_D = 0.7, 0.4, 1.3, 0.3, 2500.0, 3100.0
    c = Couplings(
        y_q=jnp.asarray([0, 0, y_q + 0j]),
        y_d=jnp.asarray([0, 0, y_d + 0j]),
        y_1=jnp.asarray(y_1 + 0j),
        m_Q=jnp.asarray(m_Q),
        m_D=jnp.asarray(m_D),
    )

    def light_mass(phi):
        matrix = np.array([[m, y_q * phi, 0.0], [0.0, m_Q, y_1 * V / 2**0.5], [y_d * phi, 0.0, m_D]])
        return np.sign(np.linalg.det(matrix)) * np.linalg.svd(matrix, compute_uv=False)[-1]

    shift = (light_mass(10.0) - light_mass(0.0)) / 10.0**2
    C_S = float(down_quarks(c, jnp.asarray([0.0, 0.0, m]), V)[0][2, 2].real)
    assert -shift == pytest.approx(C_S / 2, rel=1e-3)


def test_higgs_to_gluons():
    tev = jnp.asarray(3000.0)
    assert 1 - higgs_to_gluons(jnp.asarray(1.0 + 0j), jnp.asarray(1.0 + 0j), tev, tev, V) ** 0.5 == approx(
        6.7e-3, rel=1e-2
    )
    odd = higgs_to_gluons(jnp.asarray(1.0 + 0j), jnp.asarray(1j), tev, tev, V)
    assert odd - 1 == approx(9 / 4 * (V / 3000.0) ** 4, rel=1e-9)


def test_b_to_s_gamma_leaves_room():
    assert b_to_s_gamma(8e-8) < 0.05
    assert b_to_s_gamma(260e-8) == approx(1.0, rel=1e-12)


# -- dark matter ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [1, 2])
def test_bessel_functions(order):
    x = np.geomspace(0.05, 500, 40)
    assert np.asarray(scaled_bessel_k(order, jnp.asarray(x))) == approx(kve(order, x), rel=1e-12)


TABLE = {
    20.0: (1.7278, 1.6455, 1.5136, 1.2633, 0.8712, 0.5772, 0.4242, 0.2164, 0.0194),
    25.0: (1.7781, 1.6921, 1.5543, 1.2921, 0.8786, 0.5630, 0.3925, 0.1648, 0.0075),
}
Z = (0.0, 0.1, 0.25, 0.5, 0.8, 0.95, 1.0, 1.05, 1.2)


@pytest.mark.slow
@pytest.mark.parametrize("x", TABLE)
def test_thermal_average_table(x):
    found = jax.jit(jax.vmap(eta, in_axes=(None, 0)))(x, jnp.asarray(Z))
    assert np.asarray(found) == approx(TABLE[x], abs=6e-5)
    assert [float(eta(x, z)) for z in Z] == approx(found, rel=1e-12)


@pytest.mark.parametrize("x", [3.0, 20.0, 60.0])
@pytest.mark.parametrize("z", [0.0, 0.3, 0.99, 0.9999, 1.0, 1.0001, 1.02, 1.5])
def test_thermal_average_against_adaptive_quadrature(x, z):
    """In u with e = max(1, z) + u^2; exp(2x) is taken out of K_1 and twice out of K_2."""
    first, gap = max(1.0, z), abs(1.0 - z)

    def integrand(u):
        root = (first + u * u) ** 0.5
        return 2 * u**2 * (u**2 + gap) ** 0.5 / root * kve(1, 2 * x * root) * np.exp(-2 * x * (root - 1))

    end = ((first**0.5 + 25 / x) ** 2 - first) ** 0.5
    breaks = [min(gap**0.5, end / 2), end / 20] if gap > 0 else [end / 20]
    expected, _ = quad(integrand, 0, end, epsabs=0, epsrel=1e-10, limit=500, points=breaks)
    assert eta(x, z) == approx(4 * x / kve(2, x) ** 2 * expected, rel=1e-7)


@pytest.mark.slow
@pytest.mark.parametrize("z", [0.0, 0.4, 0.98, 1.0, 1.02, 1.3])
def test_gradients_of_the_thermal_average(z):
    slopes = jax.jit(jax.grad(eta, argnums=(0, 1)))
    assert np.all(np.isfinite(slopes(20.0, z)))
    h = 1e-5
    numeric = [(eta(20.0 + h, z) - eta(20.0 - h, z)) / (2 * h)]
    numeric.append((eta(20.0, z + h) - eta(20.0, max(z - h, 0.0))) / (h if z == 0 else 2 * h))
    assert np.asarray(slopes(20.0, z)) == approx(numeric, rel=2e-4, abs=1e-7)


def test_heavy_limit_of_the_thermal_average():
    assert eta(2e4, 0.3) == approx(2 * 0.7**0.5, rel=2e-4)


@pytest.mark.slow
def test_relic_density():
    """C_ss in 1/TeV at x = 20 for C_dd = 0; the slides say about 0.1."""
    found = [float(required_coefficient(m, 20.0)) * 1e3 for m in (0.55, 0.7, 1.0, 1.5, 2.0)]
    assert found == pytest.approx([0.100, 0.098, 0.126, 0.182, 0.240], abs=6e-4)
    assert condensate() == pytest.approx(2.525, abs=6e-4)
    both = cross_sections(0.8, 20.0, 1e-4, -4e-4)
    assert both["eta"] == approx(0.0, abs=1e-30)
    assert both["pi"] > 0
    assert cross_sections(0.8, 20.0, 1e-4, -1e-4)["K0"] == approx(0.0, abs=1e-30)
    slope = jax.grad(required_coefficient)(0.5, 20.0)
    assert slope == approx(
        (required_coefficient(0.5 + 1e-5, 20.0) - required_coefficient(0.5 - 1e-5, 20.0)) / 2e-5, rel=1e-5
    )


@pytest.mark.parametrize(
    ("m", "expected"),
    [(0.5, (2.58e-38, 4.9e-40, 8.9e-38)), (1.0, (1.42e-38, 2.7e-40, 4.9e-38)), (2.0, (6.19e-39, 1.2e-40, 2.1e-38))],
)
def test_direct_detection(m, expected):
    """Xenon, C_ss = 0.1/TeV, R = 0, -0.04 and 0.04, cm^2."""
    found = [float(nucleon_cross_section(m, 1e-4, R, 54, 131.3)) for R in (0.0, -0.04, 0.04)]
    assert found == pytest.approx(expected, rel=2e-2)
    assert [isospin("p"), isospin("n")] == pytest.approx([16.84, 24.82], abs=5e-3)
    assert nucleon_cross_section(m, 1e-4, -0.0464, 54, 131.3) < 1e-3 * found[0]


# -- the model ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_gradients_through_the_model(model, predictor):
    def rate(x):
        point = {"mass": x[0], "m_Q": x[1], "m_D": x[2], "Re y_q2": x[3], "Im y_d3": x[4], "Re y_1": x[5]}
        return predictor(model(point, predictor.inputs))[0] * 1e5

    x = jnp.asarray([0.8, 3.0, 2.5, 0.9, 1.1, 0.7])
    exact = jax.jit(jax.grad(rate))(x)
    fast = jax.jit(rate)
    numeric = [(fast(x + h) - fast(x - h)) / 2e-5 for h in 1e-5 * jnp.eye(6)]
    assert np.asarray(exact) == approx(np.array(numeric), rel=1e-5, abs=1e-9)
    batch = jnp.stack([x, 1.1 * x])
    assert jax.vmap(fast)(batch) == approx([float(fast(row)) for row in batch], rel=1e-12)


def test_bad_input():
    with pytest.raises(
        DineutrinoError, match="unknown option sign of VectorLikeQuarkDarkMatter: 'slide'; did you mean 'slides'"
    ):
        load_model("VectorLikeQuarkDarkMatter", load_inputs(), {"sign": "slide"})
    with pytest.raises(DineutrinoError, match="unknown sign 'x'"):
        down_quarks(couplings(), MASSES, V, "x")
    model = load_model("VectorLikeQuarkDarkMatter", load_inputs())
    with pytest.raises(DineutrinoError, match="needs a value of 'm_Q', mass of the doublet Q, TeV"):
        model({"mass": jnp.asarray(1.0), "m_D": jnp.asarray(1.0)}, load_inputs())
