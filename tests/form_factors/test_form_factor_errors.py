"""Coefficients that do not fit a parametrisation are refused by name."""

import jax.numpy as jnp
import pytest

from dineutrino.errors import DineutrinoError
from dineutrino.form_factors import pseudoscalar, vector
from dineutrino.inputs import FormFactorCoefficients

Q2 = jnp.asarray(5.0)


def changed(fit, coefficients=None, constants=None, parametrisation=None):
    return FormFactorCoefficients(
        {**fit.coefficients, **(coefficients or {})},
        fit.constants if constants is None else constants,
        parametrisation or fit.parametrisation,
        fit.name,
        fit.transition,
    )


def test_unknown_parametrisation(load_fit):
    with pytest.raises(DineutrinoError, match=r"unknown parametrisation of pseudoscalar .*'BZS'; did you mean 'BSZ'"):
        pseudoscalar(Q2, changed(load_fit("B->K", "GRvDV2023"), parametrisation="BZS"))
    with pytest.raises(DineutrinoError, match=r"unknown parametrisation of vector .*HPQCD2022.*Allowed: BSZ"):
        vector(Q2, changed(load_fit("B->K*", "GRvDV2023"), parametrisation="HPQCD2022"))


def test_wrong_kind_of_meson(load_fit):
    with pytest.raises(
        DineutrinoError, match=r"B->K\* form factors 'GRvDV2023' have no form factor 'f_plus', only A_0"
    ):
        pseudoscalar(Q2, load_fit("B->K*", "GRvDV2023"))
    with pytest.raises(DineutrinoError, match="have no form factor 'V'"):
        vector(Q2, load_fit("B->K", "GRvDV2023"))


@pytest.mark.parametrize(
    ("name", "constrained"), [("GRvDV2023", "f_0"), ("HPQCD2022", "f_plus"), ("FLAG2021+HPQCD2022", "f_0")]
)
def test_a0_that_an_exact_relation_fixes(name, constrained, load_fit):
    fit = load_fit("B->K", name)
    with pytest.raises(DineutrinoError, match=f"3 coefficients for '{constrained}', it must be 2, because"):
        pseudoscalar(Q2, changed(fit, {constrained: jnp.ones(3)}))


def test_number_of_coefficients(load_fit):
    with pytest.raises(DineutrinoError, match="2 coefficients for 'T_23', it must be 3"):
        vector(Q2, changed(load_fit("B->K*", "GRvDV2023"), {"T_23": jnp.ones(2)}))


@pytest.mark.parametrize(("name", "missing"), [("GRvDV2023", "m_0+"), ("HPQCD2022", "log_factor")])
def test_missing_constant(name, missing, load_fit):
    fit = load_fit("B->K", name)
    constants = {key: value for key, value in fit.constants.items() if key != missing}
    with pytest.raises(DineutrinoError, match=f"'{name}' have no constant '{missing.replace('+', '[+]')}', only m_"):
        pseudoscalar(Q2, changed(fit, constants=constants))


@pytest.mark.slow
def test_other_orders_of_the_series(load_fit):
    """Nothing is tied to three terms: a vanishing next coefficient changes nothing.

    (Of HPQCD only f_0, since in the others the highest power enters every term.)
    """
    for name, form_factors in (("GRvDV2023", ("f_plus", "f_0", "f_T")), ("HPQCD2022", ("f_0",))):
        fit = load_fit("B->K", name)
        longer = {key: jnp.append(value, 0.0) for key, value in fit.coefficients.items()}
        values, expected = pseudoscalar(Q2, changed(fit, longer)), pseudoscalar(Q2, fit)
        for form_factor in form_factors:
            assert float(getattr(values, form_factor)) == pytest.approx(
                float(getattr(expected, form_factor)), rel=1e-14
            )
