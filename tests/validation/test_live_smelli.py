"""The frozen numbers of smelli are those of the one that is installed.

It is imported in a process of its own, since importing it changes how wilson runs for everyone.
"""

import importlib.util
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest
from peers import frozen

pytestmark = [
    pytest.mark.validation,
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("smelli") is None, reason="smelli is not installed"),
]


def first_point():
    import freeze_smelli

    return freeze_smelli.peer(freeze_smelli.points()[:1], {"qd1_1212": freeze_smelli.alone()["qd1_1212"]})


def test_first_point():
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        found, expected = pool.submit(first_point).result(), frozen("smelli")
    assert found["peer"] == expected["peer"]
    assert np.asarray(found["standard model"]) == pytest.approx(np.asarray(expected["standard model"]), rel=1e-6)
    one, other = found["points"][0], expected["points"][0]
    assert one["coefficients"] == other["coefficients"]
    assert np.asarray(one["values"]) == pytest.approx(np.asarray(other["values"]), rel=1e-5)
    eps_K = found["alone"]["qd1_1212"]
    assert eps_K["values"] == pytest.approx(expected["alone"]["qd1_1212"]["values"], rel=1e-5)
    for part, value in one["log_likelihoods"].items():
        # that of quarks differs by 0.2% between two installations of smelli
        assert value == pytest.approx(other["log_likelihoods"][part], rel=1e-2 if part == "quarks" else 1e-4)
