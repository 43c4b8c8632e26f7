"""Verdicts on constructed draws whose answer is known."""

import numpy as np
import pytest
import xarray

from dineutrino.inference import diagnose


def idata(x, mode=None, diverging=None, **attributes):
    """Draws (chain, draw) of one parameter as a posterior."""
    mode = np.zeros(x.shape, int) if mode is None else mode
    statistics = {"lp": -0.5 * x**2, "mode": mode}
    if diverging is not None:
        statistics["diverging"] = diverging
    attributes = {"n_maxima": int(mode.max()) + 1} | attributes
    groups = {"posterior": {"x": x}, "sample_stats": statistics}
    sets = {
        name: xarray.Dataset({key: (("chain", "draw"), values) for key, values in group.items()})
        for name, group in groups.items()
    }
    return xarray.DataTree.from_dict({"/": xarray.Dataset(attrs=attributes), **sets})


def normal(*shape):
    return np.random.default_rng(1).normal(size=shape)


def autoregressive(chains, draws, memory):
    """Standard normal; effective samples are (1 - memory) / (1 + memory) of the draws."""
    steps = normal(chains, draws)
    x = np.empty_like(steps)
    x[:, 0] = steps[:, 0]
    for i in range(1, draws):
        x[:, i] = memory * x[:, i - 1] + np.sqrt(1 - memory**2) * steps[:, i]
    return x


def failed(diagnostics):
    return {v.check for v in diagnostics.verdicts if not v.passed}


def test_independent_draws_pass():
    diagnostics = diagnose(idata(normal(4, 1000)))
    assert diagnostics.passed, str(diagnostics)
    assert diagnostics.effective_samples == pytest.approx(4000, rel=0.15)
    assert diagnostics.effective_samples <= 4000


@pytest.mark.parametrize(
    "x",
    [
        np.repeat(np.linspace(0, 1, 4)[:, None], 1000, axis=1),
        np.full((4, 1000), 0.3),
        np.concatenate([normal(3, 1000), np.full((1, 1000), 0.1)]),
    ],
    ids=["every chain at a place of its own", "all draws equal", "one chain of four"],
)
def test_chains_that_stand_still_fail(x):
    diagnostics = diagnose(idata(x))
    assert {"R-hat", "movement"} <= failed(diagnostics)
    assert diagnostics.r_hat == np.inf
    if np.ptp(x) == 0:
        assert diagnostics.effective_samples == 0


@pytest.mark.parametrize(("chains", "draws"), [(1, 2000), (4, 3), (2, 1)])
def test_one_chain_or_few_draws_never_pass(chains, draws):
    diagnostics = diagnose(idata(normal(chains, draws)))
    assert "R-hat" in failed(diagnostics)
    assert str(diagnostics)


def test_draws_that_are_not_numbers_fail():
    x = normal(4, 1000)
    x[2, 7] = np.nan
    diagnostics = diagnose(idata(x))
    assert {"draws", "R-hat", "effective samples"} <= failed(diagnostics)
    assert failed(diagnose(idata(np.full((4, 100), np.nan), maximum_log_prob=0.0))) >= {"draws", "maximum"}


def test_divergences_fail():
    diverging = np.zeros((4, 1000), bool)
    diverging[1, 3] = True
    assert failed(diagnose(idata(normal(4, 1000), diverging=diverging))) == {"divergences"}


def test_effective_samples_are_those_within_modes():
    """Chains that change the mode at every step, and remember where they were within it."""
    memory, shape = 0.9, (4, 5000)
    side = np.broadcast_to(np.where(np.arange(shape[1]) % 2 == 0, 1, -1), shape)
    x = 10 * side + autoregressive(*shape, memory)
    spread = x.mean(axis=1).std(ddof=1) / np.sqrt(len(x))
    assert (x.std() / spread) ** 2 > 3 * x.size  # the mean over both modes is known far too well
    diagnostics = diagnose(idata(x, mode=(side < 0).astype(int)))
    remembered = memory**2  # from one visit of a mode to the next
    expected = x.size * (1 - remembered) / (1 + remembered)
    size = min(size for name, size in diagnostics.sizes.items() if "'x'" in name)
    assert size == pytest.approx(expected, rel=0.2)
    assert diagnostics.sizes["the weight of maximum 1"] == x.size  # not more, however antithetic


def test_a_mode_with_few_draws_of_its_own_is_seen():
    """2% of the draws, of which only a handful differ."""
    x = normal(4, 2500)
    mode = np.zeros(x.shape, int)
    mode[:, 1000:1050] = 1
    x[:, 1000:1050] = 20 + 0.01 * normal(4, 1)
    diagnostics = diagnose(idata(x, mode=mode))
    assert {"R-hat", "effective samples"} & failed(diagnostics)


@pytest.mark.parametrize(
    ("attributes", "check"),
    [
        ({"doubts_about_maxima": "one was reached once."}, "modes"),
        ({"doubts_about_maxima": "", "method": "NUTS"}, "modes"),
        ({"audited_weights": [0.9, 0.1], "audited_errors": [0.05, 0.05]}, "weights"),
        ({"draws_at_edge": 3}, "bounds"),
        ({"interrupted": 1}, "complete"),
        ({"maximum_log_prob": -1.0}, "maximum"),
    ],
)
def test_each_reservation_fails_a_check_of_its_own(attributes, check):
    mode = np.random.default_rng(2).integers(2, size=(4, 2000))
    x = normal(4, 2000) + 10 * mode
    known = {"method": "NUTS with mode jumps", "doubts_about_maxima": ""}
    assert diagnose(idata(x, mode=mode, **known)).passed
    assert failed(diagnose(idata(x, mode=mode, **(known | attributes)))) == {check}


def test_weights_that_the_audit_cannot_judge_are_not_compared():
    mode = np.random.default_rng(2).integers(2, size=(4, 2000))
    unjudged = {"audited_weights": [1.0, np.nan], "audited_errors": [0.05, np.nan]}
    diagnostics = diagnose(idata(normal(4, 2000) + 10 * mode, mode=mode, method="SMC", **unjudged))
    assert diagnostics.passed, str(diagnostics)
