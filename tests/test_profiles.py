"""Profiles and contours of real likelihoods whose maxima are valleys, against grids and direct minimisation."""

import warnings

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import minimize

from dineutrino.analysis.load import parse_analysis
from dineutrino.inference import Caution, maximum, profile
from dineutrino.inputs import load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import load_measurements

pytestmark = pytest.mark.slow

CR = "Re CR_bsnutaunutau"


def likelihood_of(names, data, inputs):
    parameters = [Parameter(name, -40, 40, 10) for name in names]
    return Likelihood(parameters, load_measurements(data), load_prior(inputs).restrict(()))


def searched(likelihood, name, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Caution)
        return profile(likelihood, name, maximum(likelihood, jax.random.key(0)), **options)


@pytest.mark.parametrize(
    ("names", "data", "inputs", "remembered"),
    [
        ((CR, "Im CR_bsnutaunutau"), "marzocca2024", "marzocca2024", [(-12.9, -2.8), (-15.3, 5.2)]),
        ((CR, "Re CR_bsnumunutau"), "he2024_average", "he2024", [(-13.1, -3.7), (-15.8, 6.3)]),
    ],
)
def test_the_symmetric_point_is_left(names, data, inputs, remembered):
    """An imaginary part and an off-diagonal coefficient: at zero the likelihood is even in them."""
    likelihood = likelihood_of(names, data, inputs)
    values = jnp.linspace(-20, 20, 401)
    points = jnp.stack(jnp.meshgrid(values, values, indexing="ij"), axis=-1)
    log_prob = jax.jit(jax.vmap(jax.vmap(lambda v: likelihood.log_prob(likelihood.to_point(v)))))
    grid = -2 * np.asarray(log_prob(points))
    grid = grid - grid.min()
    one = searched(likelihood, names[0])
    assert not one.unverified
    for threshold, intervals, rounded in zip(one.thresholds, one.intervals, remembered, strict=True):
        inside = np.asarray(values)[grid.min(axis=1) <= threshold]
        (interval,) = intervals
        assert (interval.lower, interval.upper) == pytest.approx((inside.min(), inside.max()), abs=0.11)
        assert (interval.lower, interval.upper) == pytest.approx(rounded, abs=0.06)
    two = searched(likelihood, names)
    assert not two.unverified
    for contour in two.contours:
        inside = np.asarray(points)[grid <= contour.threshold]
        line = np.concatenate(contour.lines)
        np.testing.assert_allclose(line.min(axis=0), inside.min(axis=0), atol=0.2)
        np.testing.assert_allclose(line.max(axis=0), inside.max(axis=0), atol=0.2)
    if data == "marzocca2024":
        assert two.contours[1].lines[0][:, 0].max() == pytest.approx(9.15, abs=0.02)


SMEFT = """
model: {SMEFT: {scale: 10}}
parameters:
  Re lq1_3323: {min: -1, max: 1}
  Re lq3_3323: {min: -1, max: 1}
  Re ld_3323: {min: -1, max: 1}
measurements: default
nuisances: none
"""


@pytest.fixture(scope="module")
def smeft(tmp_path_factory):
    likelihood = parse_analysis(SMEFT, "smeft.yaml", tmp_path_factory.mktemp("smeft")).likelihood()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Caution)
        return likelihood, maximum(likelihood, jax.random.key(0))


def test_a_valley_is_followed_to_its_end(smeft):
    """B -> K nu nu sees lq1 - lq3 only: the valley is 1/40 of the range wide, and ends where lq1 is at its bound."""
    likelihood, maxima = smeft
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Caution)
        found = profile(likelihood, "Re lq3_3323", maxima)
    slope = jax.jit(jax.value_and_grad(lambda v: -2 * likelihood.log_prob(likelihood.to_point(v))))

    def direct(lq3):
        def chi2(free):
            value, gradient = slope(jnp.array([free[0], lq3, free[1]]))
            return float(value), np.asarray(gradient)[[0, 2]]

        starts = [(np.clip(lq3 + shift, -1, 1), ld) for shift in (-0.1, 0.0, 0.1) for ld in (-0.02, 0.02)]
        ends = [minimize(chi2, start, jac=True, bounds=[(-1, 1)] * 2, method="L-BFGS-B") for start in starts]
        return min(end.fun for end in ends) + 2 * maxima.best.log_prob

    assert not found.unverified
    for value, delta_chi2 in zip(found.values[::6], found.delta_chi2[::6], strict=True):
        assert delta_chi2 == pytest.approx(direct(value), abs=2e-3)
    (interval,) = found.intervals[0]
    assert interval.lower < -0.85
    assert interval.upper > 0.88
    assert direct(interval.upper) == pytest.approx(found.thresholds[0], abs=2e-3)


def test_the_contour_of_a_valley_is_a_band_up_to_the_edges(smeft):
    likelihood, maxima = smeft
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Caution)
        found = profile(likelihood, ("Re lq1_3323", "Re lq3_3323"), maxima, points=9)
    assert not found.unverified
    for contour in found.contours:
        assert not any(contour.closed)
        assert contour.touches_edge
        assert len(contour.lines) % 2 == 0
        for line in contour.lines:
            assert sorted(line[[0, -1], 0]) == pytest.approx([-1, 1])
            # no beads: it goes straight along the valley
            steps = np.diff(line, axis=0)
            assert np.all(np.sign(steps[:, 0]) == np.sign(steps[0, 0]))
            straight = np.polyval(np.polyfit(*line.T, 1), line[:, 0])
            np.testing.assert_allclose(line[:, 1], straight, atol=0.01)
