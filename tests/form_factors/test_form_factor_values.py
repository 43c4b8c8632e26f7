"""Values, derivatives and transformations of the form factors."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

# Computed from the published fits by independent programs; rounded to six digits.
PSEUDOSCALAR = ("f_plus", "f_0", "f_T")
VECTOR = ("A_0", "A_1", "A_12", "V", "T_1", "T_2", "T_23")
BARYON = ("f_plus", "f_perp", "f_0", "g_plus", "g_perp", "g_0", "h_plus", "h_perp", "htilde_plus", "htilde_perp")
DM2016 = {
    0: (0.159845, 0.207376, 0.156283, 0.111839, 0.094691, 0.165781, 0.236304, 0.165992, 0.162990, 0.155821),
    10: (0.391079, 0.490719, 0.341834, 0.291166, 0.275761, 0.389492, 0.505644, 0.377408, 0.328552, 0.322112),
    20: (1.307276, 1.605788, 0.950061, 0.887267, 0.886251, 1.299595, 1.539767, 1.201986, 0.850747, 0.850322),
}
DM2016HO = (0.397823, 0.496917, 0.356921, 0.317483, 0.296829, 0.401434, 0.501706, 0.398179, 0.356986, 0.341426)
DKMR2017 = {
    0: (0.418110, 0.558638, 0.416949, 0.377448, 0.375215, 0.378736, 0.530048, 0.352703, 0.365472, 0.361270),
    10: (1.024005, 1.355957, 0.907397, 0.831284, 0.830960, 0.934997, 1.230447, 0.885297, 0.816044, 0.815434),
}
CHECK_VALUES = [
    ("B->K", "HPQCD2022", 0, PSEUDOSCALAR, (0.331932, 0.331932, 0.332312)),
    ("B->K", "HPQCD2022", 10, PSEUDOSCALAR, (0.632416, 0.442583, 0.624385)),
    ("B->K", "HPQCD2022", 20, PSEUDOSCALAR, (1.740099, 0.695656, 1.702115)),
    ("B->K", "GRvDV2023", 0, PSEUDOSCALAR, (0.331964, 0.331964, 0.323615)),
    ("B->K", "GRvDV2023", 10, PSEUDOSCALAR, (0.629078, 0.441921, 0.623969)),
    ("B->K", "GRvDV2023", 20, PSEUDOSCALAR, (1.684464, 0.693792, 1.689008)),
    ("B->K", "GKvD2018", 10, PSEUDOSCALAR, (0.615375, 0.450598, 0.557848)),
    ("B->K", "GKvD2018", 20, PSEUDOSCALAR, (1.656212, 0.709035, 1.496528)),
    ("B->K*", "GRvDV2023", 0, ("A_12",), (0.244873,)),
    ("B->K*", "GRvDV2023", 10, VECTOR, (0.678217, 0.370412, 0.292456, 0.700337, 0.613382, 0.402275, 0.790486)),
    ("B->K*", "GRvDV2023", 18, VECTOR, (1.560114, 0.525193, 0.365063, 1.573377, 1.361310, 0.568345, 1.089230)),
    ("B->K*", "GKvD2018", 10, VECTOR, (0.662580, 0.370052, 0.288370, 0.700972, 0.611986, 0.401457, 0.778537)),
    ("B->K*", "BSZ2015", 10, VECTOR, (0.725270, 0.388698, 0.321003, 0.726359, 0.602952, 0.401915, 0.835177)),
    ("Lambda_b->Lambda", "DM2016nominal", 0, BARYON, DM2016[0]),
    ("Lambda_b->Lambda", "DM2016nominal", 10, BARYON, DM2016[10]),
    ("Lambda_b->Lambda", "DM2016nominal", 20, BARYON, DM2016[20]),
    ("Lambda_b->Lambda", "DM2016", 20, BARYON, DM2016[20]),
    ("Lambda_b->Lambda", "DM2016HO", 10, BARYON, DM2016HO),
    ("Lambda_b->Lambda_c", "DKMR2017", 0, BARYON, DKMR2017[0]),
    ("Lambda_b->Lambda_c", "DKMR2017", 10, BARYON, DKMR2017[10]),
    ("Bs->phi", "GRvDV2023", 10, VECTOR, (0.739420, 0.398385, 0.304921, 0.698079, 0.598970, 0.416671, 0.796104)),
]


@pytest.mark.parametrize(("transition", "name", "q2", "form_factors", "expected"), CHECK_VALUES)
def test_check_values(transition, name, q2, form_factors, expected, load_fit, compiled):
    values = compiled(q2, load_fit(transition, name))
    np.testing.assert_allclose([values[form_factor] for form_factor in form_factors], expected, rtol=0, atol=1e-6)


def test_as_printed_in_the_papers(fit, compiled, textbook, q2_max):
    q2 = np.linspace(0, q2_max(fit), 25)
    values, expected = compiled(q2, fit), textbook(q2, fit)
    assert values.keys() == expected.keys()
    for name in expected:
        np.testing.assert_allclose(values[name], expected[name], rtol=1e-13, err_msg=name)


def test_exact_relations(fit, compiled, q2_max):
    if fit.transition.startswith("Lambda_b"):
        at_the_end = compiled(q2_max(fit), fit)
        for one, other in (("g_perp", "g_plus"), ("htilde_perp", "htilde_plus")):
            assert float(at_the_end[one]) == pytest.approx(float(at_the_end[other]), rel=1e-14)
        return
    at_zero = {name: float(value) for name, value in compiled(0.0, fit).items()}
    if fit.transition in ("B->K", "B->pi", "B->D", "K->pi"):
        assert at_zero["f_plus"] == pytest.approx(at_zero["f_0"], rel=1e-14)
        return
    m_B, m_V = float(fit.constants["m_B"]), float(fit.constants["m_M"])
    assert at_zero["A_12"] == pytest.approx(at_zero["A_0"] * (m_B**2 - m_V**2) / (8 * m_B * m_V), rel=1e-14)
    assert at_zero["T_1"] == pytest.approx(at_zero["T_2"], rel=1e-14)


@pytest.mark.slow
def test_derivatives_on_the_closed_range(fit, derivatives, textbook, q2_max):
    """At q2 = 0, inside, and at zero recoil: in q2 and in the coefficients against the complex step."""
    q2 = np.array([0.0, 1e-9, 0.4, 1.0]) * q2_max(fit)
    shifted = textbook(q2 + 1e-30j, fit)
    gradients = derivatives(q2, fit)
    coefficients = {name: np.asarray(vector) for name, vector in fit.coefficients.items()}
    for name, (in_q2, in_coefficients, in_constants) in gradients.items():
        np.testing.assert_allclose(in_q2, shifted[name].imag / 1e-30, rtol=1e-11, err_msg=name)
        assert all(np.all(np.isfinite(value)) for value in in_constants.values())
        for moved, vector in coefficients.items():
            for k in range(len(vector)):
                step = vector + 1e-30j * np.eye(len(vector))[k]
                exact = np.imag(textbook(q2, with_coefficients(fit, {**coefficients, moved: step}))[name]) / 1e-30
                np.testing.assert_allclose(in_coefficients[moved][:, k], exact, rtol=1e-11, atol=1e-12)


def test_curvature_is_finite(eager, load_fit, q2_max):
    for transition, name in (("B->K", "HPQCD2022"), ("B->K*", "GRvDV2023"), ("Lambda_b->Lambda", "DM2016")):
        fit = load_fit(transition, name)
        curvature = jax.jit(jax.vmap(jax.jacfwd(jax.jacfwd(lambda x: eager(x, fit)))))  # noqa: B023
        for value in curvature(jnp.array([0.0, 5.0, q2_max(fit)])).values():
            assert np.all(np.isfinite(value))


def test_compiled_is_eager(fit, compiled, eager):
    q2 = np.array([[0.0, 3.1, 7.7], [11.0, 15.0, 18.0]])
    values, expected = compiled(q2, fit), eager(q2, fit)
    for name in expected:
        assert values[name].shape == q2.shape
        np.testing.assert_allclose(values[name], expected[name], rtol=1e-14)


def test_vmap_is_a_loop(fit, compiled, q2_max):
    """Over q2 and, as in a scan over nuisance parameters, over sets of coefficients."""
    q2 = jnp.array([0.0, 0.3, 0.9]) * q2_max(fit)
    many = {name: vector + jnp.array([0.0, 0.1, -0.3])[:, None] for name, vector in fit.coefficients.items()}
    values = jax.vmap(lambda x, c: compiled(x, with_coefficients(fit, c)))(q2, many)
    for i in range(3):
        one = compiled(q2[i], with_coefficients(fit, {name: vectors[i] for name, vectors in many.items()}))
        for name in one:
            np.testing.assert_allclose(values[name][i], one[name], rtol=1e-13)


def with_coefficients(fit, coefficients):
    return eqx.tree_at(lambda f: f.coefficients, fit, coefficients)
