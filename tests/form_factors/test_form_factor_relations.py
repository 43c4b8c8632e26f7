"""The relations at q2 = 0 hold whatever the coefficients are."""

import jax.numpy as jnp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dineutrino.inputs import FormFactorCoefficients

SETTINGS = settings(max_examples=40, deadline=None)


def numbers(n):
    return arrays(float, n, elements=st.floats(-1e6, 1e6, allow_subnormal=False))


def filled(fit, numbers):
    """The fit with its coefficients replaced, in alphabetical order of the form factors."""
    coefficients, start = {}, 0
    for name in sorted(fit.coefficients):
        order = len(fit.coefficients[name])
        coefficients[name] = jnp.asarray(numbers[start : start + order])
        start += order
    return FormFactorCoefficients(coefficients, fit.constants, fit.parametrisation, fit.name, fit.transition)


def values_at_zero(compiled, fit):
    return {name: float(value) for name, value in compiled(0.0, fit).items()}


@pytest.mark.parametrize("name", ["GRvDV2023", "HPQCD2022"])
def test_pseudoscalar(name, load_fit, compiled):
    fit = load_fit("B->K", name)

    @SETTINGS
    @given(numbers(8))
    def check(coefficients):
        at_zero = values_at_zero(compiled, filled(fit, coefficients))
        assert at_zero["f_plus"] == pytest.approx(at_zero["f_0"], rel=1e-14)

    check()


def test_vector(load_fit, compiled):
    fit = load_fit("B->K*", "GRvDV2023")
    m_B, m_V = float(fit.constants["m_B"]), float(fit.constants["m_M"])

    @SETTINGS
    @given(numbers(19))
    def check(coefficients):
        at_zero = values_at_zero(compiled, filled(fit, coefficients))
        assert at_zero["T_1"] == pytest.approx(at_zero["T_2"], rel=1e-14)
        assert at_zero["A_12"] == pytest.approx(at_zero["A_0"] * (m_B**2 - m_V**2) / (8 * m_B * m_V), rel=1e-14)

    check()
