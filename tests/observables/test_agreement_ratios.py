"""eta_K* of arXiv:2309.12741 and the table of best fits in arXiv:2404.06533, both free of normalisation.

R_K* = sum(|a|^2 + |b|^2 - 2 eta Re a b*)/(3 C_SM^2) with a = C_SM + C_L, b = C_R. The second paper writes the same
ratio with another eta, 2 (1 + eta) = 3.33, which is the eta of the form factors BSZ2015.
"""

from collections.abc import Callable

import equinox as eqx
import jax.numpy as jnp
import optimistix
import pytest
from jaxtyping import Array, Float

from dineutrino.eft import NeutrinoCoefficients, to_lagrangian
from dineutrino.inputs import Inputs, Prior, c_l_sm, load_inputs
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import load_measurements
from dineutrino.observables import get

FLAVOURS = {"all": jnp.eye(3, dtype=complex), "tau": jnp.diag(jnp.array([0, 0, 1], complex))}
CHIRALITIES = {"right": (0.0, 1.0), "left": (1.0, 0.0), "vector": (1.0, 1.0)}


def eta(inputs: Inputs, mode: str = "B0->K*") -> float:
    """From the rates at C_R = +C_SM and C_R = -C_SM, where Re a b* = +-|a|^2."""
    same = c_l_sm(inputs) * jnp.eye(3, dtype=complex)
    plus, minus = (
        float(get(f"BR({mode}nunu)")(NeutrinoCoefficients(jnp.zeros_like(same), sign * same), inputs))
        for sign in (1, -1)
    )
    return (minus - plus) / (minus + plus)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form_factors", "expected"), [("GKvD2018", 0.637), ("GRvDV2023", 0.6425), ("BSZ2015", 0.6655)]
)
def test_eta_of_the_form_factors(form_factors, expected):
    inputs = load_inputs("he2024", form_factors={"B->K*": form_factors})
    assert eta(inputs) == pytest.approx(expected, abs=6e-4)
    assert eta(inputs) == pytest.approx(0.63, abs=0.04)  # the value of the paper, 0.63 +- 0.09


def test_eta_does_not_depend_on_normalisation_or_long_distance():
    plain = load_inputs("felkl2023", long_distance="excluded")
    scaled = plain.replace({"alpha_em": 0.01, "tau_B0": 1.0})
    assert eta(scaled) == pytest.approx(eta(plain), rel=1e-12)


def test_a_pseudoscalar_has_eta_minus_one():
    assert eta(load_inputs("default"), "B0->K") == pytest.approx(-1.0, abs=1e-12)


@pytest.fixture(scope="module")
def paper() -> Inputs:
    """The inputs of arXiv:2404.06533, with the form factor V scaled until 2 (1 + eta) is exactly 3.33."""
    inputs = load_inputs("marzocca2024", form_factors={"B->K*": "BSZ2015"})
    wanted, found = 3.33 / 2 - 1, eta(inputs)
    factor = ((1 - wanted) / (1 + wanted) * (1 + found) / (1 - found)) ** 0.5
    exact = eqx.tree_at(lambda i: i.form_factors["B->K*"].coefficients["V"], inputs, replace_fn=lambda V: factor * V)
    assert 2 * (1 + eta(exact)) == pytest.approx(3.33, rel=1e-12)
    return exact


@pytest.fixture(scope="module")
def best_fit(paper) -> Callable[..., tuple[float, float, float]]:
    """(x, chi2, scale in TeV) at the maximum of the likelihood for one case of the table."""
    return lambda flavour, chirality, measurements="marzocca2024", inputs=paper: fit(
        FLAVOURS[flavour], CHIRALITIES[chirality], measurements, inputs
    )


def fit(
    flavours: Float[Array, "3 3"], chirality: tuple[float, float], measurements: str, inputs: Inputs
) -> tuple[float, float, float]:
    def model(values: dict[str, Float[Array, ""]]) -> NeutrinoCoefficients:
        left, right = (part * values["x"] * c_l_sm(inputs) * flavours for part in chirality)
        return NeutrinoCoefficients(left, right)

    likelihood = Likelihood([Parameter("x")], load_measurements(measurements), Prior(inputs, ()), model)

    def chi2(x: Float[Array, ""], _: None) -> Float[Array, ""]:
        return -2 * likelihood.log_prob({"x": x, "nuisances": {}})

    minimum = optimistix.minimise(chi2, optimistix.BFGS(rtol=1e-12, atol=1e-12), jnp.asarray(0.5))
    left, right = to_lagrangian(model({"x": minimum.value}), inputs)
    scale = float(jnp.abs(left + right)[2, 2]) ** -0.5 / 1000
    return float(minimum.value), float(chi2(minimum.value, None)), scale


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flavour", "chirality", "x", "chi2", "scale"),
    [
        ("all", "right", 0.7142, 0.160, 11.5),
        ("all", "left", 0.4684, 1.844, 14.2),
        ("all", "vector", 0.3506, 0.085, 11.6),
        ("tau", "right", 1.5870, 0.017, 7.7),
        ("tau", "left", 1.1138, 1.844, 9.2),
        ("tau", "vector", 0.7926, 0.085, 7.7),
    ],
)
def test_table_of_best_fits(flavour, chirality, x, chi2, scale, best_fit):
    """x is the coefficient over C_SM; the scale is that of L_R + L_L, with |V_tb V_ts*| = 0.0410."""
    found = best_fit(flavour, chirality)
    assert found == (pytest.approx(x, abs=2e-4), pytest.approx(chi2, abs=1e-3), pytest.approx(scale, abs=0.05))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flavour", "chirality", "x", "scale"),
    [
        ("all", "right", 0.6726, 11.81),
        ("all", "left", 0.4515, 14.42),
        ("all", "vector", 0.3315, 11.90),
        ("tau", "right", 1.5159, 7.87),
        ("tau", "left", 1.0785, 9.33),
        ("tau", "vector", 0.7546, 7.88),
    ],
)
def test_best_fits_with_the_ks_mode(flavour, chirality, x, scale, best_fit, paper):
    inputs = paper.replace({"|V_tb V_ts*|": 0.0411})
    found = best_fit(flavour, chirality, "marzocca2024_with_KS", inputs)
    assert found[0] == pytest.approx(x, abs=2e-4)
    assert found[2] == pytest.approx(scale, abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("chirality", CHIRALITIES)
def test_the_form_factors_behind_the_rounded_eta_give_the_same_table(flavour, chirality, best_fit):
    """BSZ2015 has 2 (1 + eta) = 3.331 where the paper quotes 3.33."""
    inputs = load_inputs("marzocca2024", form_factors={"B->K*": "BSZ2015"})
    assert 2 * (1 + eta(inputs)) == pytest.approx(3.331, abs=1e-3)
    assert best_fit(flavour, chirality, inputs=inputs)[0] == pytest.approx(best_fit(flavour, chirality)[0], abs=1e-3)


def test_the_standard_model_point_of_the_table(paper):
    likelihood = Likelihood([], load_measurements("marzocca2024"), Prior(paper, ()))
    assert -2 * float(likelihood.log_prob({"nuisances": {}})) == pytest.approx(4.599, abs=1e-3)
