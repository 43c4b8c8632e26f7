"""Numbers, JSON and files without any fit."""

import json
import math
import stat

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dineutrino.io import strict_json
from dineutrino.io.atomic import replacing, write_text
from dineutrino.report import numbers


def refuse(token):
    raise AssertionError(f"{token} is not JSON")


def loads(text):
    return json.loads(text, parse_constant=refuse)


leaves = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats() | st.text(max_size=5)
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)


@given(st.dictionaries(st.text(max_size=4).filter(lambda key: key != "not_finite"), trees, max_size=4))
def test_json_is_strict_and_keeps_every_finite_number(content):
    written = loads(strict_json.dumps(content))
    flagged = written.pop("not_finite")

    def compare(before, after, place):
        if isinstance(before, float) and not math.isfinite(before):
            assert after is None
            assert flagged.pop(place) == str(before)
        elif isinstance(before, dict):
            assert before.keys() == after.keys()
            for key in before:
                compare(before[key], after[key], f"{place}/{key.replace('~', '~0').replace('/', '~1')}")
        elif isinstance(before, list):
            assert len(before) == len(after)
            for i, pair in enumerate(zip(before, after, strict=True)):
                compare(*pair, f"{place}/{i}")
        else:
            assert before == after

    compare(content, written, "")
    assert not flagged


def test_json_takes_arrays_and_refuses_what_it_cannot_hold():
    arrays = {"a": np.array([[1.0, np.nan]]), "b": jnp.asarray(2.5), "c": np.float64(-np.inf), "d": (np.bool_(True), 3)}
    written = loads(strict_json.dumps(arrays))
    assert written == {
        "a": [[1.0, None]],
        "b": 2.5,
        "c": None,
        "d": [True, 3],
        "not_finite": {"/a/0/1": "nan", "/c": "-inf"},
    }
    with pytest.raises(TypeError, match="set"):
        strict_json.dumps({"a": {1, 2}})
    with pytest.raises(TypeError, match="key"):
        strict_json.dumps({"a": {1: 2}})


@pytest.mark.parametrize(
    ("value", "error", "power", "expected"),
    [
        (4.739e-6, 3.3185e-7, -6, "4.74 ± 0.33"),
        (9.15e-6, 1.0e-6, -6, "9.2 ± 1.0"),
        (0.4641, 0.0242, 0, "0.464 ± 0.024"),
        (-3.66, 4.86, 0, "-3.7 ± 4.9"),
        (0.99999999999, 0.0, 0, "1.00"),
        (12.0, math.inf, 0, "12.0 ± ∞"),
        (-1e-14, 0.1, 0, "0.00 ± 0.10"),
    ],
)
def test_a_value_has_the_digits_that_its_error_deserves(value, error, power, expected):
    assert numbers.symmetric(value, error, power) == expected


def test_powers_and_asymmetric_errors():
    assert numbers.exponent([4.7e-6, 1e-7]) == -6
    assert numbers.exponent([0.02, 0.5]) == 0
    assert numbers.exponent([0.0, math.inf]) == 0
    assert numbers.exponent([9.9999999999999e-7]) == -6
    assert numbers.asymmetric(17.24e-6, 23.47e-6, 10.93e-6, -6) == "17.2 +6.2 -6.3"
    assert numbers.power_of_ten(-6) == "10⁻⁶"
    assert numbers.superscript("GeV^-2") == "GeV⁻²"
    assert numbers.general(math.nan) == "undefined"


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(min_value=0))
def test_every_number_can_be_written(value, error):
    assert numbers.symmetric(value, error)
    assert numbers.general(value)


def interrupted(path):
    with replacing(path) as temporary:
        assert temporary.suffix == path.suffix
        temporary.write_text("half")
        raise RuntimeError("interrupted")


def test_a_file_is_complete_or_not_there(tmp_path):
    path = tmp_path / "a.txt"
    with pytest.raises(RuntimeError, match="interrupted"):
        interrupted(path)
    assert list(tmp_path.iterdir()) == []
    write_text(path, "old")
    with pytest.raises(RuntimeError, match="interrupted"):
        interrupted(path)
    assert path.read_text() == "old"
    write_text(path, "new ²")
    assert path.read_text(encoding="utf-8") == "new ²"
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]
    ordinary = tmp_path / "b.txt"
    ordinary.touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(ordinary.stat().st_mode)
