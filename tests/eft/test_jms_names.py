"""Names of all LEFT coefficients and the arrays behind them."""

import numpy as np
import pytest

from dineutrino.eft.names.jms import jms_from_mapping, jms_names, jms_parameters, jms_to_mapping
from dineutrino.eft.names.left import left_names
from dineutrino.errors import DineutrinoError
from dineutrino.running.jms_classes import CLASSES, IDENTICAL, IDENTICAL_LEPTONS, NEUTRAL, arrays, crossed


def test_names():
    counts = {}
    for name in jms_names():
        counts[name.split("_")[0]] = counts.get(name.split("_")[0], 0) + 1
    assert tuple(counts) == CLASSES
    assert len(jms_names()) == 1969
    assert (counts["G"], counts["dgamma"], counts["ugamma"], counts["S1udRR"]) == (1, 9, 4, 36)
    assert (counts["VnunuLL"], counts["VeeLL"], counts["VedLL"], counts["VuuRR"], counts["S1ddRR"]) == (
        21,
        21,
        45,
        7,
        45,
    )
    assert set(left_names()) < set(jms_names())
    assert {"Re VddLL_1122", "Re dgamma_32", "Im dgamma_32", "Re G"} <= set(jms_parameters())
    assert not {"Im VddLL_1122", "Im G", "Im VedLL_1122"} & set(jms_parameters())


def test_there_and_back_with_all_symmetries():
    rng = np.random.default_rng(0)
    imaginary = {name.removeprefix("Im ") for name in jms_parameters() if name.startswith("Im ")}
    values = {name: complex(rng.normal(), rng.normal() if name in imaginary else 0) for name in jms_names()}
    found = jms_from_mapping(values)
    assert jms_to_mapping(found) == pytest.approx(values, rel=1e-15)
    for name, value in arrays(found).items():
        if name in NEUTRAL:
            assert np.array_equal(value, value.transpose(1, 0, 3, 2).conj())
        if name in IDENTICAL:
            assert np.array_equal(value, value.transpose(2, 3, 0, 1))
        if name in IDENTICAL_LEPTONS:
            assert np.array_equal(value, crossed(value))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SduuLL_1111", "baryon number"),
        ("VddLL_3222", "redundant: give VddLL_2223, its complex conjugate"),
        ("S1ddRR_2311", "redundant: give S1ddRR_1123"),
        ("VedLL_3324x", "unknown LEFT coefficient"),
        ("dgama_23", "dgamma_23"),
        ("ugamma_33", "unknown LEFT coefficient"),
    ],
)
def test_refusals(name, words):
    with pytest.raises(DineutrinoError, match=words):
        jms_from_mapping({name: 1.0})


def test_hermitian_operators_are_real():
    with pytest.raises(DineutrinoError, match="must be real"):
        jms_from_mapping({"VedLL_1122": 1j})
