"""Names of SMEFT coefficients and the arrays behind them."""

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dineutrino.eft.smeft import equivalent, smeft_from_mapping, smeft_names, smeft_to_mapping
from dineutrino.errors import DineutrinoError
from dineutrino.running.vector_classes import CLASSES, IDENTICAL, exchanged


def test_names():
    """The number of non-redundant names per kind of class."""
    counts = {}
    for name in smeft_names():
        counts[name.split("_")[0]] = counts.get(name.split("_")[0], 0) + 1
    assert len(counts) == len(CLASSES) == 30
    assert counts["phiBox"] == 1
    assert counts["phiq1"] == 6
    assert counts["lq1"] == counts["qd8"] == 45
    assert counts["qq1"] == counts["ll"] == 27
    assert counts["ee"] == 21
    assert {"lq1_3323", "phiWB", "ll_1221", "qq1_2333"} <= set(smeft_names())


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(
    values=st.dictionaries(
        st.sampled_from(smeft_names()), st.complex_numbers(min_magnitude=1e-6, max_magnitude=1e3), max_size=8
    )
)
def test_there_and_back(values):
    real = {name for name in values if name in _hermitian()}
    values = {name: complex(value.real or 1.0) if name in real else value for name, value in values.items()}
    found = smeft_to_mapping(smeft_from_mapping(values))
    assert set(found) == set(values)
    for name, value in values.items():
        assert found[name] == pytest.approx(value, rel=1e-15)


def _hermitian():
    return {name for name in smeft_names() if "_" not in name or _self_conjugate(name)}


def _self_conjugate(name):
    cls, digits = name.split("_")
    index = tuple(int(d) - 1 for d in digits)
    inner = cls.replace("phi", "H") if cls.startswith("phi") else cls
    return not any(conjugate for _, conjugate in equivalent(inner, index))


def test_coefficients_are_shared_among_equivalent_entries():
    found = smeft_from_mapping({"ll_1221": 3.0, "qq1_2333": 2.0 + 4.0j, "qq1_2323": 5.0j})
    assert found.ll[0, 1, 1, 0] == found.ll[1, 0, 0, 1] == 1.5
    assert found.qq1[1, 2, 2, 2] == found.qq1[2, 2, 1, 2] == 1 + 2j
    assert found.qq1[2, 1, 2, 2] == found.qq1[2, 2, 2, 1] == 1 - 2j
    assert found.qq1[1, 2, 1, 2] == 5j
    for name in CLASSES:
        value = getattr(found, name)
        if name in IDENTICAL:
            assert np.all(value == exchanged(value))
    assert jax.tree.all(jax.tree.map(lambda leaf: bool(np.all(np.isfinite(leaf))), found))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"lq1_332": 1}, "unknown SMEFT coefficient 'lq1_332'; did you mean 'lq1_3323'|did you mean 'lq1_33"),
        ({"lq1_3332": 1}, "lq1_3332 is redundant: give lq1_3323, its complex conjugate"),
        ({"qq1_3323": 1}, "qq1_3323 is redundant: give qq1_2333[.]"),
        (
            {"uB_33": 1},
            r"uB_33 is outside the 30 classes of vector currents that run here \(dipole\) and is refused, not dropped: "
            "from 1 TeV to m_Z at most 1e-07 of it would reach one of them, 0.05 phiWB",
        ),
        ({"phiud_33": 1}, "right-handed charged current.* at most 0.004 of it would reach one of them"),
        ({"phiq1_33": 1j}, "phiq1_33 must be real"),
        ({"phiq1_23": float("inf")}, "phiq1_23 = inf is not finite"),
    ],
)
def test_smeft_refuses(values, message):
    with pytest.raises(DineutrinoError, match=message):
        smeft_from_mapping(values)
