"""Maxima that were not found are found by the audit, or flagged."""

import dataclasses

import jax.numpy as jnp
import numpy as np
import pytest
import toys
from benchmarks.modes import CASES, outcome

from dineutrino.errors import NotConverged
from dineutrino.inference import Caution, diagnose, maximum, posterior, sampling
from dineutrino.inference.audit import audit

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::dineutrino.inference.Caution")]


def known(maxima, number):
    """As if only some of the maxima had been found."""
    return dataclasses.replace(maxima, optima=maxima.optima[:number], doubts=())


@pytest.fixture(scope="module")
def signs():
    target = toys.sign_degenerate()
    return target, maximum(target, toys.key(0))


def test_a_complete_set_stays_as_it_is(signs):
    target, maxima = signs
    audited = audit(target, toys.key(1), maxima)
    assert audited.n_added == 0
    assert audited.doubts == ()
    assert audited.maxima is maxima
    weight = toys.sign_degenerate_weight()
    assert np.abs(audited.shares.weights - [weight, 1 - weight]).max() < 4 * audited.shares.errors.max()
    assert audited.shares.errors.max() < 0.15


def test_a_missing_sign_is_added(signs):
    target, maxima = signs
    audited = audit(target, toys.key(1), known(maxima, 1))
    assert audited.n_added == 1
    np.testing.assert_allclose([o["x0"] for o in audited.maxima], [o["x0"] for o in maxima], atol=1e-6)


def test_doubts_of_the_search_fail_a_check(signs):
    target, maxima = signs
    doubtful = dataclasses.replace(maxima, doubts=("half of the searches were lost.",))
    idata = posterior(target, toys.key(8), maxima=doubtful, warmup=100, draws=400, progress=False)
    failed = {v.check: v.sentence for v in diagnose(idata).verdicts if not v.passed}
    assert "half of the searches were lost" in failed["modes"]


def test_a_maximum_at_300_scales_is_added():
    case = CASES["60% at 300 scales, n = 5"]
    for seed in range(3):
        target = case.make(np.random.default_rng(seed))
        maxima = maximum(target, toys.key(seed), starts=4)
        assert len(maxima) == 1
        assert audit(target, toys.key(seed), maxima).n_added == 1


def test_without_a_maximum_smc_takes_over(signs, monkeypatch):
    """Its reference is then built from the scales alone."""

    def fail(*_, **__):
        raise NotConverged("no search for the maximum converged.")

    monkeypatch.setattr(sampling, "maximum", fail)
    with pytest.warns(Caution, match=r"no search.*sampled by SMC"):
        idata = posterior(signs[0], toys.key(3), draws=2000, progress=False)
    assert idata.attrs["method"] == "SMC"
    assert diagnose(idata).passed, str(diagnose(idata))
    assert np.mean(idata.posterior["x0"].values > -1) == pytest.approx(toys.sign_degenerate_weight(), abs=0.03)
    with pytest.raises(NotConverged):
        posterior(signs[0], toys.key(3), method="NUTS", progress=False)


def test_a_density_that_is_infinite_at_its_bounds():
    """Beta(1/2, 1/2): no maximum, but a posterior."""
    target = toys.toy(lambda v: -0.5 * jnp.log(v[0] * (1 - v[0])), 1, 1, lower=[0], upper=[1])
    idata = posterior(target, toys.key(1), progress=False)
    x = idata.posterior["x0"].values
    assert diagnose(idata).passed, str(diagnose(idata))
    assert x.mean() == pytest.approx(0.5, abs=0.03)
    assert x.var() == pytest.approx(1 / 8, abs=0.01)


@pytest.mark.parametrize("name", ["mixture, n = 5, 8 starts", "mixture, n = 10, 8 starts", "2^5 signs, 8 starts"])
def test_known_weights_are_right_or_flagged(name):
    outcomes = [outcome(CASES[name], seed) for seed in range(4)]
    assert not any(o.silent for o in outcomes), [o.said for o in outcomes if o.silent]
