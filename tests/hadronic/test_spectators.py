"""Spectators in B -> M l l: the formulas of the papers with dilogarithms, integrated adaptively, and limits."""

import cmath

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from scipy.integrate import quad
from scipy.special import eval_gegenbauer, expi, spence

from dineutrino import form_factors
from dineutrino.hadronic.masses import Masses
from dineutrino.hadronic.spectators import (
    CHARMONIUM,
    E_DOWN,
    E_UP,
    Spectator,
    exponential_integral,
    to_pseudoscalar,
    to_vector,
)
from dineutrino.inputs import load_inputs
from dineutrino.running import tensor_factor
from dineutrino.running.alpha_s import alpha_s

EPSILON = 1e-12j
Q2 = (0.05, 1.1, 4.3, 8.5)
DECAYS = [("B0", "K*0", E_DOWN), ("B+", "K*+", E_UP), ("B0", "K0", E_DOWN), ("B+", "K+", E_UP)]


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


def of_decay(inputs, parent, daughter, charge):
    """Masses, form factors, spectator."""
    masses = Masses(inputs[f"m_{parent}"], inputs[f"m_{daughter}"], inputs["m_b"], inputs["m_s"])
    vector = "*" in daughter
    fit = inputs.form_factors["B->K*" if vector else "B->K"]
    spectator = Spectator(jnp.asarray(charge), inputs[f"f_{parent}"], to_vector if vector else to_pseudoscalar)
    return masses, fit, spectator


def L_1(x):
    """Eq. (32)."""
    return cmath.log((x - 1) / x) * cmath.log(1 - x) - np.pi**2 / 6 + complex(spence(1 - x / (x - 1)))


def B_0(s, mass):
    """Eq. (29), and its limit of a light quark up to what drops out of differences."""
    if mass == 0:
        return -cmath.log(s)
    root = cmath.sqrt(4 * (mass**2 - EPSILON) / s - 1)
    return -2 * root * cmath.atan(1 / root)


def I_1(s, q2, u, mass, M):
    """Eqs. (30), (31)."""
    if mass == 0:
        return 1.0
    squared, total = mass**2 - EPSILON, 0
    for sign, invariant in ((1, s), (-1, q2)):
        root = cmath.sqrt(0.25 - squared / invariant)
        total += sign * (L_1(0.5 + root) + L_1(0.5 - root))
    return 1 + 2 * squared / ((1 - u) * (M**2 - q2)) * total


def h(s, mass, mu):
    """Eq. (11)."""
    if mass == 0:
        return 8 / 27 + 4j * np.pi / 9 - 4 / 9 * np.log(s / mu**2)
    return (
        -4 / 9 * np.log(mass**2 / mu**2)
        + 8 / 27
        + 16 / 9 * mass**2 / s
        + (2 / 9) * (2 + 4 * mass**2 / s) * B_0(s, mass)
    )


def mean(function, moments, threshold):
    """Over u with an amplitude of twist two, adaptively."""

    def integrand(u, part):
        amplitude = 1 + sum(a * eval_gegenbauer(n, 1.5, 2 * u - 1) for n, a in enumerate(moments, 1))
        return part(complex(6 * u * (1 - u) * amplitude * function(u)))

    points = [threshold] if threshold < 1 else None
    options = {"points": points, "epsabs": 1e-11, "epsrel": 1e-9, "limit": 400}
    real, imaginary = (quad(integrand, 0, 1, args=(p,), **options)[0] for p in (np.real, np.imag))
    return real + 1j * imaginary


def expected(inputs, parent, daughter, charge, q2):
    """m_b times the shifts of C_7 as the papers write them: with V_tb V_ts^*, and with V_ub V_us^*."""
    i = {name: float(value) for name, value in inputs.values.items()}
    M, m, m_b, m_c, mu = i[f"m_{parent}"], i[f"m_{daughter}"], i["m_b(pole)"], i["m_c(pole)"], i["mu_b"]
    C1, C2, C3, C4, C5, C6 = (i[f"C_{n}_SM"] for n in range(1, 7))
    C8, omega, energy = i["C_8eff_SM"], i["lambda_B"], (M**2 + m**2 - q2) / (2 * M)
    a = float(alpha_s(mu, inputs, 5)) / (3 * np.pi)
    threshold = (M**2 - 4 * m_c**2) / (M**2 - q2)
    minus = np.exp(-q2 / M / omega) / omega * (-expi(q2 / M / omega) + 1j * np.pi)

    def s(u):
        return (1 - u) * M**2 + u * q2

    def t(u, mass, factor):
        lost = (1 - u) * energy
        difference = B_0(s(u), mass) - B_0(q2, mass)
        return 2 * M / lost * I_1(s(u), q2, u, mass, M) + factor / lost**2 * difference

    def perpendicular(u):
        charm, bottom, light = (t(u, mass, q2) for mass in (m_c, m_b, 0))
        top = -4 * E_DOWN * C8 / (u + (1 - u) * q2 / M**2) + M / (2 * m_b) * (
            E_UP * charm * (C2 - C1 / 6 + 6 * C6)
            + E_DOWN * bottom * (C3 - C4 / 6 + 16 * C5 + 10 / 3 * C6)
            - E_DOWN * bottom * 4 * m_b / M * (C3 - C4 / 6 + 4 * C5 - 2 / 3 * C6)
            + E_DOWN * light * (C3 - C4 / 6 + 16 * C5 - 8 / 3 * C6)
        )
        return np.array([top, E_UP * M / (2 * m_b) * (C2 - C1 / 6) * (charm - light)]) * a / omega

    def parallel(u):
        charm, bottom, light = (t(u, mass, s(u)) for mass in (m_c, m_b, 0))
        plus = [
            E_UP * charm * (C2 - C1 / 6 + 6 * C6)
            + E_DOWN * bottom * (C3 - C4 / 6 + 16 * C5 + 10 / 3 * C6)
            + E_DOWN * light * (C3 - C4 / 6 + 16 * C5 - 8 / 3 * C6),
            E_UP * (C2 - C1 / 6) * (charm - light),
        ]
        charm, bottom, light = (h(s(u), mass, mu) for mass in (m_c, m_b, 0))
        loops = [
            charm * (C2 - C1 / 6 + C4 + 10 * C6)
            + bottom * (C3 + 5 / 6 * C4 + 16 * C5 + 22 / 3 * C6)
            + light * (C3 + 17 / 6 * C4 + 16 * C5 + 82 / 3 * C6)
            - 8 / 27 * (-15 / 2 * C4 + 12 * C5 - 32 * C6),
            (charm - light) * (C2 - C1 / 6),
        ]
        dipole = np.array([8 * C8 * M**2 / s(u), 0])
        annihilated = -4 * M / m_b * np.array([C3 + 4 / 3 * (C4 + 12 * C5 + 16 * C6), -3 * C2 * (charge > 0)])
        from_spectator = charge * minus * (annihilated + a * (dipole + 6 * M / m_b * np.array(loops)))
        return a / omega * M / m_b * np.array(plus) + from_spectator

    def means(function, moments):
        return np.array([mean(lambda u, n=n: function(u)[n], moments, threshold) for n in range(2)])

    strength = np.pi**2 / 3 * i[f"f_{parent}"] / M
    if "*" not in daughter:
        f_T = float(form_factors.pseudoscalar(jnp.asarray(q2), inputs.form_factors["B->K"]).f_T)
        T_P = -strength * i["f_K+"] * means(parallel, (i["a1_K"], i["a2_K"]))
        return (m_b * T_P * (M + m) / (M * f_T))[:, None]
    ff = form_factors.vector(jnp.asarray(q2), inputs.form_factors["B->K*"])
    f_perp = i["f_perp_K*"] * float(tensor_factor(mu, 2.0, inputs))
    of_perp, of_par = (tuple(i[f"a{n}_{axis}_K*"] for n in "12") for axis in ("perp", "par"))
    T_perp = strength * f_perp * means(perpendicular, of_perp)
    T_par = strength * i["f_K*+"] * m / energy * means(parallel, of_par)
    one = mean(lambda u: M**2 / s(u), of_perp, threshold)
    T_perp[0] += strength * f_perp * -4 * charge / m_b * (C3 + 4 / 3 * (C4 + 3 * C5 + 4 * C6)) * one
    annihilated = np.array([C3 + 4 / 3 * (C4 + 12 * C5 + 16 * C6), -3 * C2 * (charge > 0)])
    T_perp += strength * i["f_K*+"] * 2 * charge / m_b * m / (1 - q2 / M**2) / omega * annihilated
    T_1, T_2, T_3 = T_perp, 2 * energy / M * T_perp, T_perp + T_par
    lambda_ = ((M - m) ** 2 - q2) * ((M + m) ** 2 - q2)
    T_23 = ((M**2 - m**2) * (M**2 + 3 * m**2 - q2) * T_2 - lambda_ * T_3) / (8 * M * m**2 * (M - m))
    return m_b * np.stack([T_1 / float(ff.T_1), T_23 / float(ff.T_23)], axis=1)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning")
@pytest.mark.parametrize("decay", DECAYS, ids=lambda decay: f"{decay[0]}->{decay[1]}")
def test_formulas_of_the_papers(inputs, decay):
    masses, fit, spectator = of_decay(inputs, *decay)
    found = np.asarray(spectator.shifts(jnp.asarray(Q2), masses, fit, inputs))
    for place, q2 in enumerate(Q2):
        right = expected(inputs, *decay, q2)
        assert np.abs(found[..., place] - right).max() < 1e-4 * np.abs(right).max()


def test_exponential_integral():
    x = np.geomspace(1e-7, 20.0, 50)
    assert exponential_integral(jnp.asarray(x)) == approx(expi(x), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("decay", DECAYS[1:3], ids=lambda decay: f"{decay[0]}->{decay[1]}")
def test_where_it_ends(inputs, decay):
    """Nothing from charmonium on; finite, with its slope, from the threshold of electrons to there."""
    masses, fit, spectator = of_decay(inputs, *decay)
    edge = CHARMONIUM[0]
    q2 = jnp.asarray([4 * 0.000511**2, 0.1, edge - 1e-9, edge, 10.0, float(masses.q2_max)])

    def size(q2):
        return jnp.sum(jnp.abs(spectator.shifts(q2, masses, fit, inputs)) ** 2, axis=(0, 1))

    found, slopes = jax.jit(lambda q2: jax.jvp(size, (q2,), (jnp.ones_like(q2),)))(q2)
    assert np.all(np.isfinite(found))
    assert np.all(np.isfinite(slopes))
    assert np.all(np.asarray(found[:3]) > 0)
    assert np.all(np.asarray(found[3:]) == 0)


@pytest.mark.parametrize("decay", DECAYS, ids=lambda decay: f"{decay[0]}->{decay[1]}")
@pytest.mark.parametrize(("lower", "upper", "error"), [(0.1, 1.1, 1e-7), (1.1, 6.0, 1e-6), (1e-6, 20.0, 0.1)])
def test_interpolated_in_a_bin(inputs, decay, lower, upper, error):
    """Relative to its largest value; nothing from charmonium on, also where the bin goes on."""
    masses, fit, spectator = of_decay(inputs, *decay)
    q2 = jnp.asarray(np.geomspace(lower, upper, 60))
    between = spectator.between(jnp.asarray(lower), jnp.asarray(upper), masses, fit, inputs)
    for found, right in zip(between(q2), spectator.shifts(q2, masses, fit, inputs), strict=True):
        assert found == approx(right, rel=0, abs=error * float(jnp.abs(right).max()))
        assert np.all(np.asarray(found)[:, np.asarray(q2) > CHARMONIUM[0]] == 0)


def test_what_spectators_of_both_charges_share(inputs):
    """Photons from the spectator itself are linear in its charge; those from the loops do not know it."""
    masses, fit, up = of_decay(inputs, "B0", "K*0", E_UP)
    down, none = (Spectator(jnp.asarray(charge), up.f_B, to_vector) for charge in (E_DOWN, 0.0))
    q2 = jnp.asarray([1.0, 5.0])
    of_up, of_down, of_none = (x.shifts(q2, masses, fit, inputs)[0] for x in (up, down, none))
    assert of_up - of_none == approx(-2 * (of_down - of_none), rel=1e-10)
    assert float(jnp.abs(of_none).min()) > 0


def test_light_charm_is_a_light_quark(inputs):
    """Without a mass charm is the light quark that V_ub V_us^* takes off: nothing is left beside annihilation."""
    masses, fit, spectator = of_decay(inputs, "B0", "K*0", E_DOWN)
    light = inputs.replace({"m_c(pole)": 1e-4})
    q2 = jnp.asarray([1.0, 5.0])
    heavy, none = (spectator.shifts(q2, masses, fit, at)[1] for at in (inputs, light))
    assert float(jnp.abs(none).max()) < 1e-5 * float(jnp.abs(heavy).max())
