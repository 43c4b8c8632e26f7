"""Numbers that a change of code must not move, to 1e-12; `write.py` writes them where they are meant to."""

import numpy as np
import pytest
from golden_numbers import GROUPS, arrays
from write import FILE

pytestmark = pytest.mark.slow

TOLERANCE = 1e-12


@pytest.fixture(scope="module")
def golden():
    with np.load(FILE) as file:
        return dict(file)


@pytest.mark.parametrize("group", GROUPS)
def test_numbers_stay(golden, group):
    found = arrays(group)
    assert {f"{group}|{key}" for key in found} == {key for key in golden if key.partition("|")[0] == group}
    for key, values in found.items():
        expected = golden[f"{group}|{key}"]
        assert values.shape == expected.shape
        assert np.all(np.isfinite(expected))
        scale = np.abs(expected) if key == "values" else np.abs(expected).max()
        assert np.abs(values - expected).max(initial=0.0, where=scale == 0) == 0
        relative = np.abs(values - expected) / np.where(scale == 0, 1.0, scale)
        assert relative.max() < TOLERANCE, f"{key}: number {relative.argmax()} moved by {relative.max():.1e}"


def test_there_are_enough(golden):
    assert sum(values.size for values in golden.values()) > 1000
