"""Crossings of a level, where another branch than the one that was known is below it."""

import numpy as np
import pytest
import toys
from scipy.optimize import brentq, minimize_scalar

from dineutrino.inference import maximum
from dineutrino.inference.crossings import Ways, crossings
from dineutrino.inference.profile_function import ProfileFunction

LEVEL = 20.0


def statistic(x, y):
    """Two valleys, y = 1 and y = -1; the second one is lower by twice 11 - 6 x."""
    return 50 * (y**2 - 1) ** 2 + y * (11 - 6 * x) + 4 * x**2


def valley(x, side):
    """The floor of one of them."""
    ends = (0.5, 1.5) if side > 0 else (-1.5, -0.5)
    return minimize_scalar(lambda y: statistic(x, y), bounds=ends, method="bounded", options={"xatol": 1e-12}).fun


@pytest.fixture(scope="module")
def function():
    target = toys.toy(lambda v: -0.5 * statistic(v[0], v[1]), 2, 2, lower=[0, -2], upper=[2, 2])
    return ProfileFunction(target, maximum(target, toys.key(0)), (0,))


def test_a_branch_that_is_found_late(function):
    """The only start leads to the upper valley at x = 1.5, which is looked at first, and to the lower one before."""
    lowest = -2 * function.maxima.best.log_prob
    assert function.maxima.best["x0"] == pytest.approx(0.0, abs=1e-6)
    ways = Ways(
        begin=np.array([[0.0]]), end=np.array([[2.0]]), heights=LEVEL + np.array([[-5.4, 1.0]]),
        slopes=np.zeros((1, 2)), level=np.array([LEVEL]), vectors=np.array([[[0.0, 0.0125]]]),
    )  # fmt: skip
    assert valley(1.5, 1) - lowest > LEVEL > valley(1.5, -1) - lowest
    alone = crossings(function, ways, rounds=0)
    assert alone.values[0, 0] == pytest.approx(1.5, abs=1e-5)
    assert not alone.verified[0]
    found = crossings(function, ways)
    assert found.values[0, 0] == pytest.approx(brentq(lambda x: valley(x, -1) - lowest - LEVEL, 0.5, 2), abs=1e-5)
    assert found.vectors[0, 1] < 0
    assert found.verified[0]
