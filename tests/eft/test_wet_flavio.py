"""The flavio and the JMS basis of the WET: numbers of wilson's translator, and exactly back."""

import json
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dineutrino.eft.flavio.wet import flavio_from_left, flavio_places, left_from_flavio
from dineutrino.eft.names.left import left_from_mapping, left_to_mapping
from dineutrino.errors import DineutrinoError

FROZEN = json.loads((Path(__file__).parents[1] / "validation" / "frozen" / "wet.json").read_text())
NORMALISATION = (
    jnp.asarray(np.asarray(FROZEN["ckm"]) @ [1, 1j]),
    *(FROZEN[name] for name in ("G_F", "alpha_em", "m_b", "m_s")),
)
JMS, FLAVIO = ({name: complex(*parts) for name, parts in FROZEN[basis].items()} for basis in ("JMS", "flavio"))


@pytest.mark.slow
def test_wilson_translates_the_same():
    found = flavio_from_left(left_from_mapping(JMS), *NORMALISATION)
    assert set(found) == set(FLAVIO)
    for name, value in FLAVIO.items():
        assert found[name] == pytest.approx(value, rel=1e-12), name
    back = left_to_mapping(left_from_flavio(FLAVIO, *NORMALISATION), 1e-20)
    assert set(back) == set(JMS)
    for name, value in JMS.items():
        assert back[name] == pytest.approx(value, rel=1e-12), name


@settings(max_examples=10, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(tuple(flavio_places())), st.complex_numbers(min_magnitude=1e-3, max_magnitude=1e3), max_size=6
    )
)
def test_there_and_back_from_flavio_to_jms(values):
    found = flavio_from_left(left_from_flavio(values, *NORMALISATION), *NORMALISATION)
    for name in values | found:
        assert found.get(name, 0) == pytest.approx(values.get(name, 0), rel=1e-13, abs=1e-13 * _largest(values)), name


def _largest(values):
    return max(abs(value) for value in values.values())


def test_flavio_refuses():
    with pytest.raises(DineutrinoError, match="unknown coefficient of the flavio basis 'CL_bsnutautau'; did you mean"):
        left_from_flavio({"CL_bsnutautau": 1.0}, *NORMALISATION)
    with pytest.raises(DineutrinoError, match="C9_bsmumu = inf is not finite"):
        left_from_flavio({"C9_bsmumu": float("inf")}, *NORMALISATION)
