"""Running quark masses: numbers of RunDec and consistency."""

import jax
import jax.numpy as jnp
import pytest
from close import approx

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.running import mass_ratio, quark_mass


@pytest.fixture(scope="module")
def inputs():
    masses = {"m_Z": 91.1876, "m_b(m_b)": 4.18, "m_c(m_c)": 1.28, "m_t(m_t)": 163.0}
    return load_inputs().replace({"alpha_s": 0.1185} | masses)


@pytest.mark.slow
def test_numbers_of_rundec(inputs):
    """Integrated equations: bottom at m_Z with three, four and five loops; bottom at 4.8 GeV; top above its mass."""
    at_m_Z = [float(quark_mass("m_b", 91.1876, inputs, loops=loops)) for loops in (3, 4, 5)]
    assert at_m_Z == pytest.approx([2.857487, 2.855293, 2.854910], abs=2e-6)
    assert float(quark_mass("m_b", 4.8, inputs)) == pytest.approx(4.0760, abs=5e-5)
    assert quark_mass("m_t", jnp.asarray([1000.0, 3000.0]), inputs) == approx([143.723, 134.758], abs=6e-4)


def test_masses_of_the_observables_follow_from_the_thresholds():
    inputs = load_inputs()
    assert float(quark_mass("m_b", inputs["mu_b"], inputs)) == pytest.approx(float(inputs["m_b"]), abs=1e-4)
    assert float(quark_mass("m_s", inputs["mu_b"], inputs)) == float(inputs["m_s"])
    assert float(quark_mass("m_s", 2.0, inputs)) == pytest.approx(0.0929, abs=1e-4)


def test_ratio_is_transitive_and_its_own_inverse(inputs):
    there, further = mass_ratio(100.0, 1.5, inputs), mass_ratio(2000.0, 100.0, inputs)
    assert float(there * further) == pytest.approx(float(mass_ratio(2000.0, 1.5, inputs)), rel=1e-12)
    assert float(mass_ratio(1.5, 2000.0, inputs) * there * further) == pytest.approx(1, rel=1e-12)


@pytest.mark.slow
def test_jit_and_gradient(inputs):
    def mass(x, mu):
        return quark_mass("m_b", mu, inputs.replace({"alpha_s": x}))

    slope = float(jax.jit(jax.grad(mass))(0.1185, 1000.0))
    step = 1e-5
    assert slope == pytest.approx(
        float(mass(0.1185 + step, 1000.0) - mass(0.1185 - step, 1000.0)) / (2 * step), rel=1e-6
    )
    assert float(jax.jit(mass)(0.1185, 30.0)) == pytest.approx(float(mass(0.1185, 30.0)), rel=1e-13)


def test_unknown_quark(inputs):
    with pytest.raises(DineutrinoError, match="unknown running quark mass 'm_d'"):
        quark_mass("m_d", 2.0, inputs)
