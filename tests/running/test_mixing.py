"""Meson mixing in QCD: published and independent numbers."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.numerics.ode import rk4
from dineutrino.running import alpha_s, mixing
from dineutrino.running.mixing import mixing_evolution

HIGH, LOW = 0.1185, 0.217149208


def test_leading_order_to_the_scale_of_the_b_quark():
    """wilson 2.5.2: VddLL, and V1ddLR, V8ddLR in C_VLR = V1 - V8/6, C_SLR = -V8."""
    assert float(mixing_evolution("VLL", HIGH, LOW, 5, "LO")[0, 0]) == pytest.approx(0.853849, abs=2e-6)
    found = mixing_evolution("LR", HIGH, LOW, 5, "LO")
    to_lr, from_lr = np.array([[1, -1 / 6], [0, -1]]), np.array([[1, -1 / 6], [0, -1]])
    in_octets = from_lr @ np.asarray(found) @ np.linalg.inv(to_lr)
    assert in_octets == approx([[1.030410, 0.141828], [0.638227, 1.775008]], abs=2e-6)


@pytest.mark.slow
def test_next_to_leading_order():
    """VLL: independent numbers from m_Z to 4.8 GeV, and on to 2 GeV with four flavours."""
    inputs = load_inputs().replace({"alpha_s": HIGH, "m_Z": 91.1876, "m_b(m_b)": 4.18})
    a = {mu: alpha_s(mu, inputs, n, loops=2) for mu, n in ((4.8, 5), (4.18, 5))}
    assert float(mixing_evolution("VLL", HIGH, a[4.8], 5)[0, 0]) == pytest.approx(0.8644, abs=2e-3)
    down = mixing_evolution("VLL", alpha_s(4.18, inputs, 4), alpha_s(2.0, inputs, 4), 4)
    assert float((down @ mixing_evolution("VLL", HIGH, a[4.18], 5))[0, 0]) == pytest.approx(0.8056, abs=3e-3)


@pytest.mark.parametrize(("sector", "flavours"), [("VLL", 5), ("LR", 5), ("SLL", 5), ("LR", 3)])
def test_next_to_leading_order_against_the_two_loop_equation(sector, flavours):
    """dC/d(alpha_s) with both beta coefficients, integrated step by step; the difference is of the next order."""
    beta_0, beta_1 = 11 - 2 * flavours / 3, 102 - 38 * flavours / 3
    leading, following = mixing._LEADING[sector].T, mixing._next(sector, flavours).T

    def slope(a, U):
        x = a / (4 * np.pi)
        return -(leading + following * x) @ U / (2 * a * (beta_0 + beta_1 * x))

    size = len(leading)
    exact = rk4(slope, jnp.eye(size), HIGH, LOW, 64)
    differences = [
        float(jnp.abs(mixing_evolution(sector, HIGH, LOW, flavours, order) - exact).max()) for order in ("LO", "NLO")
    ]
    assert differences[1] < 0.08 * differences[0]
    assert differences[1] < 5e-3 * float(jnp.abs(exact).max())


@pytest.mark.slow
@pytest.mark.parametrize("sector", ["VLL", "LR", "SLL"])
def test_evolution_solves_its_equation(sector):
    """At LO exactly a group; at NLO up to the next order; no evolution between equal scales."""
    for order, size in (("LO", 1e-12), ("NLO", 2e-2)):
        whole = mixing_evolution(sector, 0.118, 0.22, 5, order)
        parts = mixing_evolution(sector, 0.16, 0.22, 5, order) @ mixing_evolution(sector, 0.118, 0.16, 5, order)
        assert whole == approx(parts, abs=size * float(jnp.abs(parts).max()))
        assert mixing_evolution(sector, 0.2, 0.2, 5, order) == approx(np.eye(len(whole)), abs=1e-12)
    slope = jax.grad(lambda a: mixing_evolution(sector, 0.118, a, 5)[0, 0])(0.2)
    step = mixing_evolution(sector, 0.118, 0.2001, 5)[0, 0] - mixing_evolution(sector, 0.118, 0.1999, 5)[0, 0]
    assert float(slope) == pytest.approx(float(step) / 2e-4, rel=1e-4, abs=1e-8)


def test_mixing_refuses():
    with pytest.raises(DineutrinoError, match="unknown sector of meson mixing 'RL'"):
        mixing_evolution("RL", 0.1, 0.2, 5)
    with pytest.raises(DineutrinoError, match="LO or NLO, not 'NNLO'"):
        mixing_evolution("LR", 0.1, 0.2, 5, "NNLO")
