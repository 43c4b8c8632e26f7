"""Upper limits: each convention against its definition, with scipy."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dineutrino.errors import DineutrinoError
from dineutrino.measurements import GaussianAroundSM, HalfGaussianAtZero, TruncatedGaussian
from dineutrino.measurements.terms.upper_limit import CONVENTIONS, truncated_quantile

K = (("BR(B0->K*nunu)",),)
ALL = list(CONVENTIONS.values())
LEVELS = st.floats(0.6, 0.999)
FRACTIONS = st.floats(0, 0.95)  # Standard Model over limit

free = settings(deadline=None, max_examples=40)

quantile = jax.jit(truncated_quantile, static_argnums=1)
compiled_width = eqx.filter_jit(lambda term, sm: term.width(sm))
evaluate = eqx.filter_jit(lambda term, x, sm: term.log_prob(x, sm))


def width(kind, limit, level, sm):
    return float(compiled_width(kind(K, [limit], [level]), jnp.array([sm]))[0])


def log_prob(term, x, sm):
    return float(evaluate(term, jnp.array([x]), jnp.array([sm])))


@free
@given(level=LEVELS, fraction=FRACTIONS)
def test_around_the_standard_model_the_limit_ends_a_two_sided_interval(level, fraction):
    sigma = width(GaussianAroundSM, 2.0, level, 2.0 * fraction)
    normal = stats.norm(2.0 * fraction, sigma)
    assert normal.cdf(2.0) - normal.cdf(2 * 2.0 * fraction - 2.0) == pytest.approx(level, abs=1e-12)


@free
@given(level=LEVELS, fraction=FRACTIONS)
def test_half_gaussian_has_the_level_below_the_limit(level, fraction):
    sigma = width(HalfGaussianAtZero, 2.0, level, 2.0 * fraction)
    assert stats.halfnorm(scale=sigma).cdf(2.0) == pytest.approx(level, abs=1e-12)


@free
@given(level=LEVELS, fraction=FRACTIONS)
def test_truncated_gaussian_has_the_level_below_the_limit(level, fraction):
    sm = 2.0 * fraction
    sigma = width(TruncatedGaussian, 2.0, level, sm)
    assert stats.truncnorm(-sm / sigma, np.inf, loc=sm, scale=sigma).cdf(2.0) == pytest.approx(level, abs=1e-12)


@free
@given(level=LEVELS, ratio=st.floats(0, 100))
def test_truncated_quantile_lies_between_the_one_and_two_sided_ones(level, ratio):
    z = float(quantile(jnp.array([ratio]), (level,))[0])
    assert stats.norm.ppf(level) - 1e-12 <= z <= stats.norm.ppf((1 + level) / 2) + 1e-12


@pytest.mark.parametrize("level", [0.6, 0.9, 0.99, 0.9999])
def test_newton_has_converged(level):
    ratio = jnp.linspace(0.0, 20.0, 50)
    z = np.asarray(quantile(ratio, (level,) * 50))
    np.testing.assert_allclose(stats.norm.sf(z), (1 - level) * stats.norm.cdf(ratio * z), rtol=1e-12)


def test_truncated_quantile_at_both_ends():
    np.testing.assert_allclose(
        quantile(jnp.array([0.0, 1e4]), (0.9, 0.9)), [stats.norm.ppf(0.95), stats.norm.ppf(0.9)], rtol=1e-13
    )


def test_quantile_at_ninety_percent_is_the_familiar_one():
    assert width(GaussianAroundSM, 2.7e-5, 0.9, 9.8e-6) == pytest.approx((2.7e-5 - 9.8e-6) / 1.645, rel=3e-4)
    assert width(HalfGaussianAtZero, 1.8e-5, 0.9, 0.0) == pytest.approx(1.8e-5 / 1.645, rel=3e-4)
    assert width(HalfGaussianAtZero, 1.8e-5, 0.95, 0.0) == pytest.approx(1.8e-5 / 1.960, rel=3e-4)


def test_widths_of_the_ratios_in_the_rank_one_paper():
    # R_K* = 1.0 +- 1.1 from 2.7e-5 / 9.8e-6 and R_KS = 1.0 +- 3.3 from 1.3e-5 / 2.05e-6 (arXiv:2404.06533)
    assert round(width(GaussianAroundSM, 2.7e-5 / 9.8e-6, 0.9, 1.0), 1) == 1.1
    assert width(GaussianAroundSM, 1.3e-5 / 2.05e-6, 0.9, 1.0) == pytest.approx(3.3, abs=0.06)


@pytest.mark.parametrize("kind", ALL)
@free
@given(level=LEVELS, fraction=FRACTIONS, x=st.floats(0, 5), step=st.floats(0.01, 5))
def test_never_positive_and_falls_above_the_preferred_value(kind, level, fraction, x, step):
    term, sm = kind(K, [1.0], [level]), fraction
    best = 0.0 if kind is HalfGaussianAtZero else sm
    assert log_prob(term, best, sm) == 0
    assert log_prob(term, best + x + step, sm) < log_prob(term, best + x, sm) <= 0


@free
@given(fraction=FRACTIONS, x=st.floats(0, 5))
def test_a_tighter_limit_is_a_tighter_likelihood(fraction, x):
    for kind in ALL:
        tight, loose = kind(K, [1.0], [0.9]), kind(K, [1.5], [0.9])
        assert log_prob(tight, x, fraction) <= log_prob(loose, x, fraction)


def test_negative_predictions():
    assert log_prob(TruncatedGaussian(K, [1.0], [0.9]), -0.1, 0.3) == -np.inf
    assert np.isfinite(log_prob(TruncatedGaussian(K, [1.0], [0.9]), 0.0, 0.3))
    half = HalfGaussianAtZero(K, [1.0], [0.9])
    assert log_prob(half, -0.1, 0.3) == pytest.approx(log_prob(half, 0.1, 0.3))


def test_the_three_conventions_agree_at_zero():
    values = {kind: log_prob(kind(K, [1.0], [0.9]), 0.7, 0.0) for kind in ALL}
    np.testing.assert_allclose(list(values.values()), values[HalfGaussianAtZero], rtol=1e-12)


@pytest.mark.parametrize("kind", [GaussianAroundSM, TruncatedGaussian])
def test_a_standard_model_above_the_limit_is_refused(kind):
    term = kind(K, [1.0], [0.9])
    for sm in [1.0, 1.2]:
        assert np.isnan(log_prob(term, 0.5, sm))
        with pytest.raises(DineutrinoError, match=r"upper limit 1 on BR\(B0->K\*nunu\) cannot be centred"):
            term.check(jnp.array([sm]))
    term.check(jnp.array([0.99]))
    HalfGaussianAtZero(K, [1.0], [0.9]).check(jnp.array([1.2]))


@pytest.mark.slow
def test_gradient_in_the_standard_model_of_the_implicit_width():
    term = TruncatedGaussian(K, [1.0], [0.9])

    value = jax.jit(lambda sm: term.log_prob(jnp.array([0.8]), sm[None]))
    slope = jax.jit(jax.grad(value))
    for sm in [0.1, 0.4, 0.7]:
        h = 1e-5
        difference = (value(jnp.array(sm + h)) - value(jnp.array(sm - h))) / (2 * h)
        assert float(slope(jnp.array(sm))) == pytest.approx(float(difference), rel=1e-7)
    assert np.isfinite(float(slope(jnp.array(0.0))))


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize(
    ("limit", "level", "message"),
    [
        ([0.0], [0.9], "'limit' must be positive"),
        ([-1.0], [0.9], "'limit' must be positive"),
        ([np.nan], [0.9], "'limit' must be finite"),
        ([1.0], [90.0], "'confidence_level' must lie between 0.5 and 1"),
        ([1.0], [1.0], "'confidence_level' must lie between 0.5 and 1"),
        ([1.0], [0.1], "'confidence_level' must lie between 0.5 and 1"),
        ([1.0, 2.0], [0.9], "'limit' must have shape"),
    ],
)
def test_refuses(kind, limit, level, message):
    with pytest.raises(DineutrinoError, match=message):
        kind(K, limit, level)
