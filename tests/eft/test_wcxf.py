"""WCxf files: what is written is read back exactly, and what cannot be used is refused."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dineutrino.eft import NeutrinoCoefficients, names
from dineutrino.eft.wcxf.neutrinos import read_wcxf, write_wcxf
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import DB, DS

POINT = {"eft": "WET", "basis": "flavio", "scale": 4.8, "values": {"CL_bsnutaunutau": 1.5}}
finite = st.floats(-5e29, 5e29)


def written(tmp_path, content, name="point.json"):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def equal(first, second):
    return all(np.array_equal(a, b) for a, b in zip(jax.tree.leaves(first), jax.tree.leaves(second), strict=True))


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.dictionaries(st.sampled_from(names()), st.builds(complex, finite, finite)), scale=st.floats(1e-3, 1e5))
def test_one_point_comes_back_exactly(tmp_path, suffix, values, scale):
    coefficients = NeutrinoCoefficients.from_mapping(values)
    path = tmp_path / f"point{suffix}"
    write_wcxf(path, coefficients, scale, metadata={"generator": "a test"})
    back = read_wcxf(path)
    assert back.coefficients.C_L.shape == (3, 3)
    assert equal(back.coefficients, coefficients)
    assert back.scale == scale
    assert back.ignored == ()


@pytest.mark.parametrize("suffix", [".json", ".yml"])
def test_a_list_of_points_is_a_batch(tmp_path, suffix):
    real, imaginary = np.random.default_rng(0).normal(size=(2, 2, 5, 3, 3))
    coefficients = NeutrinoCoefficients(jnp.asarray(real[0] + 1j * imaginary[0]), jnp.asarray(real[1] + 0j))
    scales = [4.8, 4.2, 80.0, 5.0, 4.8]
    path = tmp_path / f"points{suffix}"
    write_wcxf(path, coefficients, scales)
    back = read_wcxf(path)
    assert equal(back.coefficients, coefficients)
    assert back.scale == tuple(scales)
    write_wcxf(path, coefficients, 4.8)
    assert read_wcxf(path).scale == (4.8,) * 5


def test_values_follow_the_standard(tmp_path):
    values = {"CL_bsnuenumu": {"Re": 1, "Im": -2}, "CR_bsnutaunue": {"Im": 0.5}, "CR_bsnumunumu": 3}
    back = read_wcxf(written(tmp_path, POINT | {"values": values})).coefficients
    assert back.to_mapping() == {"CL_bsnuenumu": 1 - 2j, "CR_bsnutaunue": 0.5j, "CR_bsnumunumu": 3}
    assert back.C_L[1, 0] == 1 - 2j
    assert back.C_R[0, 2] == 0.5j


def test_yaml_without_a_dot_is_a_number(tmp_path):
    text = "eft: WET\nbasis: flavio\nscale: 1e1\nvalues:\n  CL_bsnutaunutau: 2e-3\n"
    back = read_wcxf(written(tmp_path, text, "point.yaml"))
    assert back.coefficients.to_mapping() == {"CL_bsnutaunutau": 2e-3}


def test_other_sectors_are_named(tmp_path):
    more = {"C9_bsmumu": -1, "CVL_bctaunutau": {"Re": 1, "Im": 2}, "CL_bsnuenue": 1}
    found = read_wcxf(written(tmp_path, POINT | {"values": more}))
    assert found.ignored == ("CVL_bctaunutau",)
    assert {name: complex(value) for name, value in found.leptons.items()} == {"C9_bsmumu": -1}
    points = [POINT | {"values": {"C9_bsmumu": 1}}, POINT | {"values": {"C9_bsmumu": 1, "CVL_bctaunutau": 2}}]
    assert read_wcxf(written(tmp_path, points)).ignored == ("CVL_bctaunutau",)


def test_other_transitions_are_read(tmp_path):
    """In both bases, at one point and at several; of b -> s alone nothing else is there."""
    values = {"CL_bdnuenumu": {"Re": 1, "Im": -2}, "CR_sdnutaunutau": 3, "CL_bsnuenue": 1}
    one = read_wcxf(written(tmp_path, POINT | {"values": values}))
    assert one.ignored == ()
    assert one.others[DB].to_mapping(DB) == {"CL_bdnuenumu": 1 - 2j}
    assert one.others[DS].to_mapping(DS) == {"CR_sdnutaunutau": 3}
    assert one.coefficients.to_mapping() == {"CL_bsnuenue": 1}
    many = read_wcxf(written(tmp_path, [POINT | {"values": {"CL_bsnuenue": 1}}, POINT | {"values": values}]))
    assert np.array_equal(many.others[DB].C_L[:, 1, 0], [0, 1 - 2j])
    assert many.others[DS].C_R.shape == (2, 3, 3)
    jms = {"VnudLL_3313": 1e-8, "VnudLR_1212": {"Re": 2e-9, "Im": 1e-9}}
    lagrangian = read_wcxf(written(tmp_path, POINT | {"basis": "JMS", "values": jms}))
    assert lagrangian.ignored == ()
    assert lagrangian.others[DB].left[2, 2] == 1e-8
    assert lagrangian.others[DS].right[0, 1] == 2e-9 + 1e-9j
    assert not np.any(lagrangian.lagrangian.left)
    assert not read_wcxf(written(tmp_path, POINT | {"values": {"CL_bsnuenue": 1}})).others


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"eft": "SMEFT"}, "eft must be 'WET', not 'SMEFT'"),
        ({"eft": "WET-4"}, "eft must be 'WET'"),
        ({"basis": "JMSS"}, "unknown basis of the WET 'JMSS'; did you mean 'JMS'"),
        ({"scale": "high"}, "scale must be a positive number"),
        ({"scale": True}, "scale must be a positive number"),
        ({"scale": -1}, "scale must be a positive number"),
        ({"scale": float("nan")}, "scale must be a positive number"),
        ({"parameters": {}}, "unknown key 'parameters'"),
        ({"values": [1, 2]}, "values must be a mapping"),
        ({"values": {"CL_bsnutautau": 1}}, "did you mean 'CL_bsnutaunutau'"),
        ({"values": {"CLbsnutaunutau": 1}}, "did you mean 'CL_bsnutaunutau'"),
        ({"values": {"CL_bsnutaunutau": float("inf")}}, "CL_bsnutaunutau must be a finite number"),
        ({"values": {"CL_bsnutaunutau": {"Re": 1, "Im": float("nan")}}}, "CL_bsnutaunutau must be a finite number"),
        ({"values": {"CL_bsnutaunutau": {"re": 1}}}, "CL_bsnutaunutau must be a finite number"),
        ({"values": {"CL_bsnutaunutau": {}}}, "CL_bsnutaunutau must be a finite number"),
        ({"values": {"CL_bsnutaunutau": "1"}}, "CL_bsnutaunutau must be a finite number"),
        ({"values": {"CL_bsnutaunutau": True}}, "CL_bsnutaunutau must be a finite number"),
        ({"values": {"CL_bsnutaunutau": 10**400}}, "CL_bsnutaunutau must be a finite number"),
        ({"values": {"C9_bsmumu": float("nan")}}, "C9_bsmumu must be a finite number"),
    ],
)
def test_unusable_content_is_refused(tmp_path, change, said):
    with pytest.raises(DineutrinoError) as caught:
        read_wcxf(written(tmp_path, POINT | change))
    assert said in str(caught.value)
    assert str(caught.value).startswith("point.json: ")
    with pytest.raises(DineutrinoError, match="point 1: "):
        read_wcxf(written(tmp_path, [POINT, POINT | change]))


@pytest.mark.parametrize("key", ["eft", "basis", "scale", "values"])
def test_missing_keys_are_refused(tmp_path, key):
    with pytest.raises(DineutrinoError, match=f"the key '{key}' is missing"):
        read_wcxf(written(tmp_path, {k: v for k, v in POINT.items() if k != key}))


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("{", "a.json", "cannot be read as JSON"),
        ("{a: [", "a.yaml", "not readable as YAML"),
        ("[]", "a.json", "the list of points is empty"),
        ("3", "a.json", "a point must be a mapping"),
        ('[{"eft": "WET"}, 3]', "a.json", "is missing"),
        ('{"eft": "WET", "eft": "WET"}', "a.json", "'eft' appears twice"),
        ("eft: WET\neft: WET\n", "a.yaml", "'eft' appears twice"),
    ],
)
def test_unreadable_files_are_refused(tmp_path, text, name, said):
    with pytest.raises(DineutrinoError, match=said.replace("[", r"\[")):
        read_wcxf(written(tmp_path, text, name))


def test_missing_files_are_refused(tmp_path):
    with pytest.raises(DineutrinoError, match="there is no file"):
        read_wcxf(tmp_path / "nothing.json")
    with pytest.raises(DineutrinoError, match="cannot be read"):
        read_wcxf(tmp_path)


def test_only_finite_numbers_are_written(tmp_path):
    path = tmp_path / "point.json"
    zero = NeutrinoCoefficients.zero()
    for coefficients, scale in [
        (NeutrinoCoefficients(zero.C_L.at[0, 0].set(jnp.nan), zero.C_R), 4.8),
        (zero, float("inf")),
        (zero, [4.8, 4.8]),
    ]:
        with pytest.raises(DineutrinoError):
            write_wcxf(path, coefficients, scale)
    assert not path.exists()
