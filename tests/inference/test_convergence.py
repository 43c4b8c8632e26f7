"""R-hat and effective samples beside those of ArviZ, and where the answer is known."""

import arviz
import numpy as np
import pytest

from dineutrino.inference.convergence import effective_samples, r_hat, rank_normalised


def autoregressive(chains, draws, memory):
    """Standard normal; effective samples are (1 - memory) / (1 + memory) of the draws."""
    steps = np.random.default_rng(3).normal(size=(chains, draws))
    x = np.empty_like(steps)
    x[:, 0] = steps[:, 0]
    for i in range(1, draws):
        x[:, i] = memory * x[:, i - 1] + np.sqrt(1 - memory**2) * steps[:, i]
    return x


CHAINS = {
    "independent": autoregressive(4, 1000, 0.0),
    "correlated": autoregressive(4, 1001, 0.9),
    "antithetic": autoregressive(4, 1000, -0.5),
    "two chains, short": autoregressive(2, 30, 0.5),
    "chains apart": autoregressive(4, 500, 0.0) + np.arange(4)[:, None],
    "widths apart": autoregressive(4, 500, 0.0) * np.array([1, 1, 1, 3])[:, None],
    "heavy tails": np.tan(1.5 * np.tanh(autoregressive(4, 500, 0.3))),
    "ties": np.round(autoregressive(4, 500, 0.3)),
}


@pytest.mark.parametrize("x", CHAINS.values(), ids=CHAINS)
def test_are_those_of_arviz(x):
    assert r_hat(x) == pytest.approx(float(arviz.rhat(x)), rel=1e-9)
    expected = min(float(arviz.ess(x, method="mean")), x.size)
    assert effective_samples(x) == pytest.approx(expected, rel=0.05)  # they cut the sum of autocorrelations elsewhere


@pytest.mark.parametrize("memory", [0.0, 0.5, 0.9])
def test_effective_samples_of_an_autoregressive_process(memory):
    x = autoregressive(4, 20_000, memory)
    assert effective_samples(x) == pytest.approx(x.size * (1 - memory) / (1 + memory), rel=0.1)


@pytest.mark.parametrize("memory", [-0.9, -0.999])
def test_antithetic_draws_count_once(memory):
    x = autoregressive(4, 100, memory)
    assert effective_samples(x) == x.size


def test_what_is_not_defined_has_no_effective_samples():
    x = autoregressive(4, 100, 0.0)
    for draws in (x[:, :3], np.zeros_like(x), np.where(x > 2, np.nan, x)):
        assert effective_samples(draws) == 0.0
    assert np.isnan(r_hat(x[:, :3]))


def test_ranks_are_those_of_a_normal_distribution():
    x = np.exp(np.random.default_rng(0).normal(size=(3, 1001)))
    found = rank_normalised(x)
    assert np.array_equal(np.argsort(found, axis=None), np.argsort(x, axis=None))
    assert np.median(found) == pytest.approx(0.0, abs=1e-12)
    assert np.std(found) == pytest.approx(1.0, abs=0.01)
