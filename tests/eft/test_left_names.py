"""Names of LEFT coefficients and the arrays behind them."""

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dineutrino.eft.names.left import is_outside, left_from_mapping, left_names, left_to_mapping
from dineutrino.errors import DineutrinoError
from dineutrino.running.left_classes import IDENTICAL, SCALAR_SHAPES, SHAPES, Left, LeftVectors, changes_flavour

numbers = st.complex_numbers(min_magnitude=1e-12, max_magnitude=1e3)


def test_names():
    counts = {}
    for name in left_names():
        counts[name.split("_")[0]] = counts.get(name.split("_")[0], 0) + 1
    assert set(counts) == set(SHAPES | SCALAR_SHAPES)
    assert counts["VnudLL"] == counts["VedLL"] == 3 * 9
    assert counts["VnueduLL"] == 9 * 3 * 2
    assert counts["VddLL"] == 18
    assert counts["SedRL"] == counts["SedRR"] == counts["TedRR"] == 81
    assert counts["SnueduRL"] == counts["SnueduRR"] == counts["TnueduRR"] == 9 * 3 * 2
    chosen = ("VnudLL_3323", "VnudLL_1232", "VedLL_1223", "VdeLR_2312", "VddLL_1231", "V1ddLR_2313", "VnueduLL_3332")
    chosen += ("SedRR_3323", "SedRR_3332", "SedRL_1222", "TedRR_2223", "SnueduRR_3332", "TnueduRR_1221")
    assert set(chosen) <= set(left_names())


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(values=st.dictionaries(st.sampled_from(left_names()), numbers, max_size=8))
def test_there_and_back(values):
    found = left_to_mapping(left_from_mapping(values))
    assert found == pytest.approx(values, rel=1e-15)


def test_arrays_have_the_symmetries_of_the_operators():
    rng = np.random.default_rng(0)
    found = left_from_mapping({name: complex(*rng.normal(size=2)) for name in left_names()})
    for name in SHAPES:
        value = np.asarray(getattr(found.vectors, name))
        assert np.array_equal(value != 0, changes_flavour(name))
        if name != "VnueduLL":
            assert np.all(value == value.conj().transpose(1, 0, 3, 2))
        if name in IDENTICAL:
            assert np.all(value == value.transpose(2, 3, 0, 1))
    assert all(np.all(leaf != 0) for leaf in jax.tree.leaves(found.scalars))
    again = left_from_mapping(left_to_mapping(found))
    assert all(np.array_equal(a, b) for a, b in zip(jax.tree.leaves(found), jax.tree.leaves(again), strict=True))


def test_shared_among_equivalent_entries():
    found = left_from_mapping({"VddLL_2223": 2 + 4j, "VddLL_2323": 1j, "VnudLL_1232": 3j}).vectors
    assert found.VddLL[1, 1, 1, 2] == found.VddLL[1, 2, 1, 1] == 1 + 2j
    assert found.VddLL[1, 2, 1, 2] == 1j
    assert found.VnudLL[1, 0, 1, 2] == -3j  # (nubar_mu nu_e)(sbar b), the conjugate of (nubar_e nu_mu)(bbar s)


def test_scalars_have_no_conjugate_entries():
    found = left_from_mapping({"SedRR_3323": 2 + 4j, "SedRR_3333": 1j, "TnueduRR_1232": 3j})
    assert found.scalars.SedRR[2, 2, 1, 2] == 2 + 4j
    assert found.scalars.SedRR[2, 2, 2, 2] == 1j
    assert found.scalars.TnueduRR[0, 1, 2, 1] == 3j
    assert sum(np.count_nonzero(leaf) for leaf in jax.tree.leaves(found)) == 3


def test_vectors_alone():
    left = Left(LeftVectors.zero())
    assert left_to_mapping(left) == {}
    assert jax.tree.structure(left) == jax.tree.structure(Left.from_classes(left.classes()))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"VnudLL_3332": 1}, "VnudLL_3332 is redundant: give VnudLL_3323, its complex conjugate"),
        ({"VddLL_2322": 1}, "VddLL_2322 is redundant: give VddLL_2223[.]"),
        ({"VnudLL_332": 1}, "unknown LEFT coefficient 'VnudLL_332'; did you mean 'VnudLL_3"),
        ({"VnudLM_3323": 1}, "unknown LEFT coefficient 'VnudLM_3323'; did you mean 'Vnud"),
        ({"VnueduLL_3333": 1}, "unknown LEFT coefficient 'VnueduLL_3333'; did you mean 'VnueduLL_333"),
        ({"VedLL_1122": 1}, "VedLL_1122 is not kept: only vector currents that change the flavour of a down quark"),
        ({"SeuRR_3312": 1}, "SeuRR_3312 is not kept: .* scalar and tensor currents of a down quark and leptons, are"),
        ({"SedRR_3324": 1}, "unknown LEFT coefficient 'SedRR_3324'; did you mean 'SedRR_33"),
        ({"SedLR_3323": 1}, "unknown LEFT coefficient 'SedLR_3323'; did you mean 'VedLR_3323'"),
        ({"TedRL_3323": 1}, "unknown LEFT coefficient 'TedRL_3323'; did you mean 'TedRR"),
        ({"SnueduRR_3333": 1}, "unknown LEFT coefficient 'SnueduRR_3333'; did you mean 'SnueduRR_333"),
        ({"TedRR_2223": complex(0, float("inf"))}, "TedRR_2223 = .* is not finite"),
        ({"VnudLL_3323": float("nan")}, "VnudLL_3323 = nan is not finite"),
    ],
)
def test_left_refuses(values, message):
    with pytest.raises(DineutrinoError, match=message):
        left_from_mapping(values)


def test_names_of_the_basis_that_are_not_kept():
    assert all(map(is_outside, ("G", "dgamma_23", "VeeLL_1122", "SeuRR_3312", "VedLL_1122")))
    assert not any(map(is_outside, ("SedRR_3323", "SedRR_2222", "SnueduRR_3332")))
    assert not any(map(is_outside, ("G_1", "dgamma_2", "SedRR_3324", "VedLL_2211x", "VnudLL_3323", "Q_1")))
