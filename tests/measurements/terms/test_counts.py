"""Numbers of events: against scipy, against the maximum over the background found numerically, toys, refusals."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import optimize, stats

from dineutrino.errors import DineutrinoError
from dineutrino.measurements import load_measurements
from dineutrino.measurements.terms import GaussianCounts, PoissonCounts

NAMES = [("N_tautau_150_200",), ("N_tautau_200_250",), ("N_tautau_250_300",)]
OBSERVED, BACKGROUND, UNCERTAINTY = [1167.0, 14.0, 0.0], [1125.2, 17.43, 3.1], [23.5, 2.47, 0.8]


@pytest.fixture
def poisson():
    return PoissonCounts(NAMES, OBSERVED, BACKGROUND, UNCERTAINTY)


@pytest.mark.parametrize("signal", [-40.0, -3.0, 0.0, 0.5, 12.0, 80.0])
def test_poisson_at_the_best_background(poisson, signal):
    """Each bin by itself, with the background found by a search; however empty."""
    found = poisson.of_bins(jnp.full(3, signal))
    for n, b, sigma, ours in zip(OBSERVED, BACKGROUND, UNCERTAINTY, found, strict=True):

        def minus_log(background, n=n, b=b, sigma=sigma):
            expected = max(signal + background, 1e-300)
            return -stats.poisson.logpmf(n, expected) + (background - b) ** 2 / (2 * sigma**2)

        low = max(b - 40 * sigma, 1e-12 - signal)
        best = optimize.minimize_scalar(
            minus_log, bounds=(low, low + 80 * sigma), method="bounded", options={"xatol": 1e-10}
        )
        at_best_agreement = stats.poisson.logpmf(n, n)
        assert float(ours) == pytest.approx(-best.fun - at_best_agreement, rel=1e-6, abs=1e-6), (n, signal)


@pytest.mark.parametrize("kind", [GaussianCounts, PoissonCounts])
def test_exposure(kind):
    """Predictions count so many times, and the excess is that of one; toys too."""
    plain = kind(NAMES, OBSERVED, BACKGROUND, UNCERTAINTY)
    term = kind(NAMES, OBSERVED, BACKGROUND, UNCERTAINTY, 2.5)
    signal = jnp.array([4.0, -1.0, 0.5])
    assert float(term.log_prob(signal, signal)) == float(plain.log_prob(2.5 * signal, signal))
    np.testing.assert_allclose(term.pull(signal, signal), plain.pull(2.5 * signal, signal), rtol=1e-14)
    np.testing.assert_allclose(term.measured, plain.measured / 2.5, rtol=1e-14)
    key = jax.random.key(0)
    assert jnp.array_equal(term.simulate(signal, key).observed, plain.simulate(2.5 * signal, key).observed)
    with pytest.raises(DineutrinoError, match="'exposure' must be positive"):
        kind(NAMES, OBSERVED, BACKGROUND, UNCERTAINTY, 0.0)


def test_projection():
    """Without new physics it agrees exactly; its chi2 is that of today's errors times the ratio of luminosities."""
    (today,), (later,) = load_measurements("ditau"), load_measurements("hllhc_ditau")
    ratio = 3000 / 139
    assert float(later.term.exposure) == pytest.approx(ratio, rel=1e-7)
    none = jnp.zeros(14)
    assert float(later.term.log_prob(none, none)) == 0
    background, sigma = today.term.background, today.term.uncertainty
    signal = jnp.linspace(-3.0, 8.0, 14)
    expected = -0.5 * ratio * jnp.sum(signal**2 / (background + sigma**2))
    assert float(later.term.log_prob(signal, none)) == pytest.approx(float(expected), rel=1e-6)
    with pytest.raises(DineutrinoError, match="hllhc_ditau"):
        load_measurements(["ditau", "hllhc_ditau"])


def test_they_agree_where_there_are_many_events():
    arguments = (NAMES[:1], [1e6], [1e6 + 1500], [800.0])
    gaussian, poisson = GaussianCounts(*arguments), PoissonCounts(*arguments)
    signal = jnp.array([300.0])
    assert float(poisson.log_prob(signal, signal)) == pytest.approx(float(gaussian.log_prob(signal, signal)), rel=3e-3)


@pytest.mark.parametrize("kind", [GaussianCounts, PoissonCounts])
def test_zero_at_best_agreement_and_derivatives(kind):
    term = kind(NAMES, OBSERVED, BACKGROUND, UNCERTAINTY)
    best = term.measured.at[2].set(-BACKGROUND[2])
    np.testing.assert_allclose(term.of_bins(best)[:2], 0, atol=1e-12)
    slope = jax.grad(lambda s: term.log_prob(s, s))
    np.testing.assert_allclose(slope(best)[:2], 0, atol=1e-12)
    for signal in (jnp.array([-50.0, -30.0, -5.0]), jnp.array([10.0, 0.0, 2.0])):
        h = 1e-4
        for i, found in enumerate(slope(signal)):
            step = jnp.zeros(3).at[i].set(h)
            difference = (term.log_prob(signal + step, signal) - term.log_prob(signal - step, signal)) / (2 * h)
            assert float(found) == pytest.approx(float(difference), rel=1e-6, abs=1e-9)


@pytest.mark.slow
def test_toys_are_distributed_as_they_should(poisson):
    """Means and widths of events and backgrounds of 4,000 toys."""
    signal = jnp.array([20.0, 5.0, 1.0])
    toys = jax.vmap(lambda key: poisson.simulate(signal, key))(jax.random.split(jax.random.key(3), 4000))
    expected = signal + poisson.background
    assert np.all(np.abs(toys.observed.mean(0) - expected) < 5 * np.sqrt(expected / 4000))
    np.testing.assert_allclose(toys.observed.var(0), expected, rtol=0.15)
    np.testing.assert_allclose(toys.background.std(0), UNCERTAINTY, rtol=0.06)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"observed": [1.0, -2.0, 3.0]}, "'observed' must not be negative"),
        ({"background": [1.0, 0.0, 3.0]}, "'background' must be positive"),
        ({"uncertainty": [1.0, 2.0]}, "'uncertainties' must have shape"),
    ],
)
def test_refusals(changed, message):
    numbers = {"observed": OBSERVED, "background": BACKGROUND, "uncertainty": UNCERTAINTY} | changed
    with pytest.raises(DineutrinoError, match=message):
        PoissonCounts(NAMES, **numbers)


def test_the_published_tail_in_both_conventions():
    """chi2 of the Standard Model with 14 bins; the two say the same within the size of their difference."""
    chi2 = {}
    for name in ("atlas2020_ditau", "atlas2020_ditau_poisson"):
        (measurement,) = load_measurements(name)
        chi2[name] = float(-2 * measurement.term.log_prob(jnp.zeros(14), jnp.zeros(14)))
    assert chi2["atlas2020_ditau"] == pytest.approx(9.654, abs=1e-3)
    assert chi2["atlas2020_ditau_poisson"] == pytest.approx(chi2["atlas2020_ditau"], rel=0.1)
    with pytest.raises(DineutrinoError, match="use the same data"):
        load_measurements(["atlas2020_ditau", "atlas2020_ditau_poisson"])
