"""Names of coefficients of LEFT that violate baryon number."""

import numpy as np
import pytest

from dineutrino.eft.violating_left import (
    violating_left_from_mapping,
    violating_left_places,
    violating_left_to_mapping,
)
from dineutrino.errors import DineutrinoError


def test_there_and_back():
    rng = np.random.default_rng(1)
    values = {name: complex(*rng.normal(size=2)) for name in violating_left_places()}
    assert len(values) == 288
    arrays = violating_left_from_mapping(values)
    assert violating_left_to_mapping(arrays) == values
    for name in ("SuudLR", "SuudRL", "SdduRL"):
        array = np.asarray(getattr(arrays, name))
        assert np.array_equal(array, -array.transpose(1, 0, 2, 3)), name


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SuudLR_2111", 1.0, "unknown coefficient of LEFT that violates baryon number 'SuudLR_2111'; did you mean"),
        ("SduuLL_1311", 1.0, "did you mean 'SduuLL_"),
        ("SduuLL_1111", float("nan"), "is not finite"),
    ],
)
def test_refusals(name, value, message):
    with pytest.raises(DineutrinoError, match=message):
        violating_left_from_mapping({name: value})
