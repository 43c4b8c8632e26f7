"""Asymmetric errors: what both conventions promise, and how they differ."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dineutrino.errors import DineutrinoError
from dineutrino.measurements import AsymmetricGaussian, Gaussian, TwoPieceGaussian, VariableWidthGaussian

K = (("BR(B+->Knunu)",),)
BOTH = [VariableWidthGaussian, TwoPieceGaussian]
SM = jnp.array([0.5])
PLUS, MINUS = 0.9, 0.5
free = settings(deadline=None, max_examples=40)
evaluate = eqx.filter_jit(lambda term, x: term.log_prob(x, SM))


def log_prob(term, x):
    return float(evaluate(term, jnp.array([x])))


@pytest.mark.parametrize("kind", BOTH)
@free
@given(value=st.floats(-5, 5), plus=st.floats(0.1, 5), minus=st.floats(0.1, 5))
def test_quoted_errors_are_one_standard_deviation(kind, value, plus, minus):
    term = kind(K, [value], [plus], [minus])
    assert log_prob(term, value) == 0
    assert log_prob(term, value + plus) == pytest.approx(-0.5, rel=1e-9)
    assert log_prob(term, value - minus) == pytest.approx(-0.5, rel=1e-9)


@pytest.mark.parametrize("kind", BOTH)
def test_equal_errors_give_the_gaussian(kind):
    term, gaussian = kind(K, [2.3], [0.7], [0.7]), Gaussian(K, [2.3], [0.7])
    for x in [-1.0, 0.5, 2.3, 4.0]:
        assert log_prob(term, x) == pytest.approx(log_prob(gaussian, x), rel=1e-13)


@pytest.mark.parametrize("kind", BOTH)
@free
@given(
    plus=st.floats(0.3, 2),
    minus=st.floats(0.3, 2),
    near=st.floats(0, 3),
    further=st.floats(0.01, 3),
    side=st.booleans(),
)
def test_falls_away_from_the_data(kind, plus, minus, near, further, side):
    term = kind(K, [0.0], [plus], [minus])
    sign = 1 if side else -1
    closer, farther = log_prob(term, sign * near), log_prob(term, sign * (near + further))
    assert closer <= 0
    assert farther < closer or (farther == closer == -np.inf)


def test_variable_width_in_closed_form():
    # s_+ = 2, s_- = 1: sigma(x) = (4 + x) / 3
    term = VariableWidthGaussian(K, [0.0], [2.0], [1.0])
    for x in [-3.0, -1.0, 0.3, 2.0, 10.0]:
        assert log_prob(term, x) == pytest.approx(-0.5 * (3 * x / (4 + x)) ** 2, rel=1e-12)
    assert log_prob(term, 1e9) == pytest.approx(-4.5, rel=1e-6)
    assert log_prob(term, -4.0) == -np.inf
    assert log_prob(term, -5.0) == -np.inf
    assert float(term.pull(jnp.array([-5.0]), SM)[0]) == -np.inf


def test_variable_width_beyond_the_pole_on_the_other_side():
    term = VariableWidthGaussian(K, [0.0], [1.0], [2.0])
    assert float(term.pull(jnp.array([5.0]), SM)[0]) == np.inf
    assert log_prob(term, 5.0) == -np.inf


def test_two_piece_uses_the_upward_error_when_theory_exceeds_the_data():
    term = TwoPieceGaussian(K, [1.0], [PLUS], [MINUS])
    assert log_prob(term, 2.0) == pytest.approx(-0.5 / PLUS**2)
    assert log_prob(term, 0.0) == pytest.approx(-0.5 / MINUS**2)
    assert float(term.pull(jnp.array([2.0]), SM)[0]) == pytest.approx(1 / PLUS)
    assert float(term.pull(jnp.array([0.0]), SM)[0]) == pytest.approx(-1 / MINUS)


def test_kaon_decay_of_the_rank_one_paper():
    # B(K+ -> pi+ nu nubar) = (13.6 +3.0-2.7 +1.3-1.2)e-11 against the Standard Model 8.64e-11: chi2 = 2.82
    term = TwoPieceGaussian((("BR(K+->pinunu)",),), [13.6], [np.hypot(3.0, 1.3)], [np.hypot(2.7, 1.2)])
    assert -2 * log_prob(term, 8.64) == pytest.approx(2.82, abs=0.01)


def test_variable_width_is_smooth_where_two_piece_has_a_kink():
    h = 1e-4
    jumps = {}
    for kind in BOTH:
        term = kind(K, [1.0], [PLUS], [MINUS])
        curvature = jax.jit(jax.hessian(lambda x, term=term: term.log_prob(x[None], SM)))
        jumps[kind] = abs(float(curvature(jnp.array(1.0 + h)) - curvature(jnp.array(1.0 - h))))
    assert jumps[VariableWidthGaussian] < 0.02
    assert jumps[TwoPieceGaussian] == pytest.approx(1 / MINUS**2 - 1 / PLUS**2)


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize(
    ("plus", "minus", "message"),
    [
        ([0.0], [1.0], "'uncertainty_plus' must be positive"),
        ([1.0], [-1.0], "'uncertainty_minus' must be positive"),
        ([np.nan], [1.0], "'uncertainty_plus' must be finite"),
        ([1.0], [1.0, 1.0], "'uncertainty_minus' must have shape"),
    ],
)
def test_refuses(kind, plus, minus, message):
    with pytest.raises(DineutrinoError, match=message):
        kind(K, [1.0], plus, minus)


def test_both_are_asymmetric_gaussians():
    assert all(issubclass(kind, AsymmetricGaussian) for kind in BOTH)
