import jax
import pytest

from dineutrino.inputs import c_l_sm, load_inputs, load_prior, normalisation


def test_scale_and_sign_of_the_standard_model_coefficient():
    inputs = load_inputs("marzocca2024").replace({"|V_tb V_ts*|": 0.04106})
    coefficient = complex(normalisation(inputs) * c_l_sm(inputs))
    assert coefficient.imag == 0
    assert coefficient.real == pytest.approx(1.065e-8, rel=5e-4)  # positive: arXiv:2404.06533 below eq. (3)
    assert coefficient.real**-0.5 == pytest.approx(9.69e3, abs=5)  # 9.69 TeV


def test_coefficient_of_felkl2023():
    inputs = load_inputs("felkl2023")
    assert abs(complex(normalisation(inputs) * c_l_sm(inputs))) == pytest.approx(1.07814e-8, rel=5e-6)


def test_coefficient_of_belle2_2025():
    # four times the normalisation (4 G_F/sqrt2)(alpha/2pi)|lambda_t| over 2, times cVL
    inputs = load_inputs("belle2_2025")
    expected = 4 * 1.1663787e-5 / 2**0.5 / 133 / (2 * 3.141592653589793) * 0.04117549192573447 * 6.613114906357177
    assert complex(normalisation(inputs) * c_l_sm(inputs)).real == pytest.approx(expected, rel=1e-12)


def test_both_routes_to_c_l():
    assert c_l_sm(load_inputs("default")) == -6.32
    ratio = load_inputs("default", C_L_SM="X_t/s2_w")
    assert c_l_sm(ratio) == pytest.approx(-1.469 / 0.23129, rel=1e-14)
    assert c_l_sm(ratio) == pytest.approx(-6.32, abs=0.035)  # half of their uncertainty
    assert c_l_sm(load_inputs("he2024")) == pytest.approx(-6.352, abs=5e-4)


@pytest.mark.parametrize("route", ["value", "X_t/s2_w"])
def test_uncertainty_of_c_l(route):
    # the published error, and the one that follows from X_t and s2_w, are the same 0.07
    prior = load_prior("default", C_L_SM=route).restrict(["C_L_SM", "X_t", "s2_w"])
    gradient = jax.grad(lambda z: c_l_sm(prior.inputs(z)))(prior.origin())
    variance = sum(float(g @ g) for g in gradient.values())
    assert variance**0.5 == pytest.approx(0.07, abs=0.005)


def test_normalisation_is_linear_in_its_factors():
    inputs = load_inputs("default")
    for name in ("G_F", "alpha_em"):
        doubled = normalisation(inputs.replace({name: 2 * inputs[name]}))
        assert complex(doubled) == pytest.approx(2 * complex(normalisation(inputs)), rel=1e-14)
