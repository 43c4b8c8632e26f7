"""Posteriors with known moments and known weights of their modes."""

import numpy as np
import pytest
import toys
import xarray

from dineutrino.errors import DineutrinoError
from dineutrino.inference import Caution, diagnose, maximum, posterior

pytestmark = pytest.mark.slow

MEAN, COVARIANCE = np.array([1.0, -2.0, 0.3, -0.1]), toys.covariance(4)


@pytest.fixture(scope="module")
def gaussian():
    target = toys.gaussian(
        MEAN, COVARIANCE, observed_data={"BR(first)": 1.5}, provenance={"input_set": "default", "choices": "none"}
    )
    return target, posterior(target, toys.key(5), chains=4, warmup=300, draws=1000, progress=False)


def flat(idata, name):
    return np.asarray(idata.posterior[name]).reshape(-1)


def test_moments_of_a_gaussian(gaussian):
    _, idata = gaussian
    assert idata.attrs["method"] == "NUTS"
    nuisances = np.asarray(idata.posterior["block"]).reshape(-1, 2)
    draws = np.column_stack([flat(idata, "x0"), flat(idata, "x1"), nuisances])
    error = np.sqrt(np.diag(COVARIANCE) / 1500)
    assert np.all(np.abs(draws.mean(0) - MEAN) < 4 * error)
    np.testing.assert_allclose(np.cov(draws.T), COVARIANCE, atol=0.12 * np.max(np.diag(COVARIANCE)))
    assert diagnose(idata).passed, str(diagnose(idata))


def test_groups_and_provenance(gaussian, tmp_path):
    _, idata = gaussian
    assert {"posterior", "sample_stats", "log_likelihood", "predictions", "observed_data"} <= set(idata.children)
    assert list(idata.posterior["block"].coords["block entry"].values) == ["z0", "z1"]
    assert float(idata.observed_data["BR(first)"]) == 1.5
    first = idata.predictions["value"].sel(observable="BR(first)")
    np.testing.assert_allclose(first, idata.posterior["x0"])
    np.testing.assert_allclose(
        idata.log_likelihood["log_likelihood"].sel(measurement="whole"), idata.sample_stats["lp"]
    )
    for key in ("dineutrino_version", "measurements", "seed", "method", "input_set", "choices"):
        assert key in idata.posterior.attrs
    idata.to_netcdf(tmp_path / "posterior.nc", engine="h5netcdf")
    again = xarray.open_datatree(tmp_path / "posterior.nc", engine="h5netcdf")
    np.testing.assert_array_equal(again.posterior["x0"], idata.posterior["x0"])
    assert again.posterior.attrs["seed"] == idata.posterior.attrs["seed"]


def test_the_key_decides_the_draws(gaussian):
    target, _ = gaussian
    settings = {"chains": 2, "warmup": 100, "draws": 50, "progress": False}
    with pytest.warns(Caution):
        one, same, other = (posterior(target, toys.key(seed), **settings) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.posterior["x0"], same.posterior["x0"])
    assert not np.array_equal(one.posterior["x0"], other.posterior["x0"])


def test_too_few_draws_fail_the_checks(gaussian):
    target, _ = gaussian
    with pytest.warns(Caution, match="effective"):
        idata = posterior(target, toys.key(1), chains=2, warmup=100, draws=50, progress=False)
    diagnostics = diagnose(idata)
    assert not diagnostics.passed
    assert "FAIL" in str(diagnostics)
    assert idata.posterior.attrs["diagnostics_passed"] == 0


def test_bounds_are_respected_and_the_density_is_right_next_to_them():
    idata = posterior(toys.halves(), toys.key(3), chains=4, warmup=400, draws=1500, progress=False)
    half, uniform = flat(idata, "x0"), flat(idata, "x1")
    assert half.min() > 0
    assert 0 < uniform.min() < uniform.max() < 1
    assert half.mean() == pytest.approx(np.sqrt(2 / np.pi), abs=0.05)
    assert uniform.mean() == pytest.approx(0.5, abs=0.03)
    assert uniform.var() == pytest.approx(1 / 12, abs=0.006)


def test_moments_of_a_banana():
    idata = posterior(toys.banana(), toys.key(4), warmup=1000, draws=4000, target_acceptance=0.99, progress=False)
    assert idata.attrs["diagnostics_passed"]
    x0, x1 = flat(idata, "x0"), flat(idata, "x1")
    assert x0.std() == pytest.approx(2, rel=0.08)
    assert x1.mean() == pytest.approx(toys.BANANA * 4, rel=0.12)


@pytest.mark.parametrize(("method", "draws"), [("NUTS with mode jumps", 1000), ("SMC", 2000)])
def test_weights_of_a_sign_degeneracy(method, draws):
    """Weight of the branch x > -1, from quadrature."""
    idata = posterior(
        toys.sign_degenerate(), toys.key(6), chains=4, warmup=300, draws=draws, method=method, progress=False
    )
    weight = np.mean(flat(idata, "x0") > -1)
    assert weight == pytest.approx(toys.sign_degenerate_weight(), abs=0.03)


def sampled_mixture(n, method, draws):
    target = toys.mixture(n)
    maxima = maximum(target, toys.key(0), extra_starts=(np.full(n, -4.0),))
    return posterior(
        target, toys.key(7), maxima=maxima, chains=4, warmup=300, draws=draws, method=method, progress=False
    )


@pytest.mark.parametrize(("n", "method", "draws"), [(10, "NUTS with mode jumps", 2000), (3, "SMC", 2000)])
def test_known_weights_of_a_mixture(n, method, draws):
    """0.3 and 0.7, far apart, of different size and shape."""
    idata = sampled_mixture(n, method, draws)
    diagnostics = diagnose(idata)
    # that there are no further maxima cannot be shown in ten dimensions
    failed = {verdict.check for verdict in diagnostics.verdicts if not verdict.passed}
    assert failed <= ({"modes"} if n == 10 else set()), str(diagnostics)
    weights = sorted(diagnostics.mode_weights)
    for (weight, error), expected in zip(weights, (toys.MIXTURE_WEIGHT, 1 - toys.MIXTURE_WEIGHT), strict=True):
        assert error < 0.02
        assert weight == pytest.approx(expected, abs=max(4 * error, 0.02))
    assert np.mean(flat(idata, "x0") < 0) == pytest.approx(weights[0][0], abs=1e-3)


def test_wrong_weights_are_told():
    """Tempering loses the narrow mode on the way in ten dimensions; independent runs then disagree."""
    with pytest.warns(Caution, match=r"R-hat|effective"):
        idata = sampled_mixture(10, "SMC", 400)
    assert not diagnose(idata).passed


def test_several_modes_choose_the_jumping_sampler():
    idata = posterior(toys.sign_degenerate(), toys.key(8), chains=4, warmup=200, draws=500, progress=False)
    assert idata.attrs["method"] == "NUTS with mode jumps"
    assert set(np.unique(idata.sample_stats["mode"])) == {0, 1}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"chains": 0}, "`chains` must be at least 1"),
        ({"draws": 1}, "`draws` must be at least 4"),
        ({"method": "MCMC"}, "unknown method 'MCMC'"),
    ],
)
def test_bad_options(gaussian, options, message):
    with pytest.raises(DineutrinoError, match=message):
        posterior(gaussian[0], toys.key(0), progress=False, **options)
