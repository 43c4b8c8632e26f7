"""SMEFT coefficients in WCxf files."""

import json

import jax
import numpy as np
import pytest

from dineutrino.eft.smeft import smeft_from_mapping
from dineutrino.eft.wcxf.smeft import read_smeft, write_smeft
from dineutrino.errors import DineutrinoError

POINT = {"lq1_3323": 1e-8 + 0.1e-9j, "phiq1_33": -3.3e-9, "ll_1221": 1 / 3, "phiWB": 2e-7, "qq1_2333": 1e-9j}


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_round_trip(tmp_path, suffix):
    coefficients = smeft_from_mapping(POINT)
    path = tmp_path / f"point.{suffix}"
    write_smeft(path, coefficients, 1000.0, {"generator": "test"})
    found = read_smeft(path)
    assert found.scale == 1000.0
    for a, b in zip(jax.tree.leaves(found.coefficients), jax.tree.leaves(coefficients), strict=True):
        assert np.all(a == b)


def write(tmp_path, **changes):
    record = {"eft": "SMEFT", "basis": "Warsaw", "scale": 1000, "values": {"lq1_3323": 1e-8}} | changes
    path = tmp_path / "point.json"
    path.write_text(json.dumps(record))
    return path


def test_file_as_other_programs_write_it(tmp_path):
    values = {"lq1_3323": {"Re": 1e-8, "Im": -2e-9}, "phiD": 1e-9}
    path = write(tmp_path, values=values, metadata={"generator": "wilson v2.5.2", "description": ""})
    found = read_smeft(path).coefficients
    assert complex(found.lq1[2, 2, 1, 2]) == 1e-8 - 2e-9j
    assert complex(found.lq1[2, 2, 2, 1]) == 1e-8 + 2e-9j
    assert float(found.HD.real) == 1e-9


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"eft": "WET"}, "eft must be 'SMEFT', not 'WET'"),
        ({"basis": "Warsaw up"}, "basis must be 'Warsaw', not 'Warsaw up'"),
        ({"scale": -1}, "scale must be a positive number"),
        ({"values": {"lq1_3332": 1e-8}}, "point.json: lq1_3332 is redundant"),
        ({"values": {"uB_33": 1e-8}}, "point.json: uB_33 is outside the 30 classes"),
        ({"values": {"lq1_332x": 1e-8}}, "point.json: unknown SMEFT coefficient 'lq1_332x'"),
        ({"values": {"lq1_3323": "1"}}, "point.json: lq1_3323 must be a finite number"),
        ({"colour": 1}, "unknown key 'colour'"),
    ],
)
def test_wcxf_smeft_refuses(tmp_path, changes, message):
    with pytest.raises(DineutrinoError, match=message):
        read_smeft(write(tmp_path, **changes))
