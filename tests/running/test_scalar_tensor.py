"""QCD factors of scalar and tensor coefficients: published and independent numbers."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.inputs import load_inputs
from dineutrino.running import Thresholds, alpha_s, leading_factor, mass_ratio, scalar_factor, tensor_factor


@pytest.fixture(scope="module")
def inputs():
    masses = {"m_Z": 91.1876, "m_b(m_b)": 4.18, "m_c(m_c)": 1.28, "m_t(m_t)": 163.0}
    return load_inputs().replace({"alpha_s": 0.1180} | masses)


def test_published_factors():
    """arXiv:2309.02940 section 2, default inputs: 1.608 and 0.853."""
    inputs = load_inputs()
    for loops in (2, 3, 4, 5):
        assert float(scalar_factor(1000.0, 4.8, inputs, loops=loops)) == pytest.approx(1.608, rel=3e-3)
        assert float(tensor_factor(1000.0, 4.8, inputs, loops=loops)) == pytest.approx(0.853, rel=3e-3)


@pytest.mark.parametrize(
    ("mu_high", "scalar", "tensor"),
    [
        (1000.0, [1.1736, 1.6074, 1.8902], [0.9480, 0.8537, 0.8088]),
        (3000.0, [1.2463, 1.7070, 2.0074], [0.9292, 0.8367, 0.7927]),
    ],
)
def test_independent_numbers(inputs, mu_high, scalar, tensor):
    """With four loops for alpha_s, at m_Z, 4.8 and 2 GeV."""
    for mu_low, s, t in zip((91.1876, 4.8, 2.0), scalar, tensor, strict=True):
        assert float(scalar_factor(mu_high, mu_low, inputs)) == pytest.approx(s, abs=1.01e-4)
        assert float(tensor_factor(mu_high, mu_low, inputs)) == pytest.approx(t, abs=1.01e-4)


def test_product_of_powers_of_alpha_s(inputs):
    """Five flavours up to the threshold, six beyond; one loop, where alpha_s has no steps."""
    low, threshold, high = (float(alpha_s(mu, inputs, loops=1)) for mu in (4.8, 163.0, 1000.0))
    expected = (low / threshold) ** (12 / 23) * (threshold / high) ** (12 / 21)
    assert float(scalar_factor(1000.0, 4.8, inputs, loops=1)) == pytest.approx(expected, rel=1e-12)
    assert float(tensor_factor(1000.0, 4.8, inputs, loops=1)) == pytest.approx(expected ** (-1 / 3), rel=1e-12)
    assert float(leading_factor(0.0, 1000.0, 4.8, inputs)) == 1


def test_beyond_leading_logarithms(inputs):
    """The scalar current times the quark mass does not run: 1.6934 and 1.8057 with four-loop masses."""
    for mu_high, expected in ((1000.0, 1.6934), (3000.0, 1.8057)):
        assert float(mass_ratio(4.8, mu_high, inputs)) == pytest.approx(expected, rel=2e-4)


@pytest.mark.slow
def test_down_and_up_again(inputs):
    mu = jnp.geomspace(500, 10000, 5)
    down = scalar_factor(mu, 2.0, inputs)
    assert down * scalar_factor(2.0, mu, inputs) == approx(np.ones(5), rel=1e-14)
    other = Thresholds(1.5, 5.0, 91.1876)
    assert down == approx(scalar_factor(mu, 2.0, inputs, thresholds=other), rel=3e-3)
    assert jax.jit(scalar_factor)(mu, 2.0, inputs) == approx(down, rel=1e-13)


@pytest.mark.slow
def test_factor_derivative(inputs):
    def factor(mu, x):
        return scalar_factor(mu, 4.8, inputs.replace({"alpha_s": x}))

    found = jax.grad(factor, argnums=(0, 1))(1000.0, 0.118)
    steps = (factor(1001.0, 0.118) - factor(999.0, 0.118)) / 2, (factor(1000.0, 0.1181) - factor(1000.0, 0.1179)) / 2e-4
    assert [float(x) for x in found] == pytest.approx([float(x) for x in steps], rel=1e-5)
