import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from hypothesis import given
from hypothesis import strategies as st

from dineutrino.eft import NeutrinoCoefficients, from_lagrangian, names, to_lagrangian
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import c_l_sm, load_inputs


@pytest.fixture(scope="module")
def inputs():
    return load_inputs("default")


def test_names_are_those_of_the_exchange_format():
    assert len(names()) == 18
    assert names()[0] == "CL_bsnuenue"
    assert names()[-1] == "CR_bsnutaunutau"
    assert "CL_bsnumunue" in names()


numbers = st.complex_numbers(max_magnitude=50, allow_nan=False).filter(lambda z: z != 0)


@given(st.dictionaries(st.sampled_from(names()), numbers))
def test_names_round_trip(coefficients):
    assert NeutrinoCoefficients.from_mapping(coefficients).to_mapping() == pytest.approx(coefficients)


def test_first_index_is_the_antineutrino():
    """As WCxf defines it: the operator of CR_bsnumunutau has nubar_tau and nu_mu."""
    wilson = NeutrinoCoefficients.from_mapping({"CR_bsnumunutau": 2 - 1j})
    assert wilson.C_R[2, 1] == 2 - 1j
    assert np.count_nonzero(wilson.C_R) == 1
    assert not np.any(wilson.C_L)


def test_lagrangian_round_trip_and_size(inputs):
    rng = np.random.default_rng(1)
    wilson = NeutrinoCoefficients(*(jnp.asarray(rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))) for _ in "LR"))
    back = from_lagrangian(*to_lagrangian(wilson, inputs), inputs)
    assert approx(wilson.C_L, rel=1e-14) == back.C_L
    assert approx(wilson.C_R, rel=1e-14) == back.C_R
    sm = NeutrinoCoefficients(c_l_sm(inputs) * jnp.eye(3, dtype=complex), jnp.zeros((3, 3), complex))
    L_L, _ = jax.jit(to_lagrangian)(sm, inputs)
    assert 1e-3 / np.sqrt(abs(L_L[0, 0])) == approx(9.69, abs=0.15)  # TeV, arXiv:2404.06533 with its own CKM
    assert L_L[0, 0].real > 0


@pytest.mark.parametrize(
    ("coefficients", "message"),
    [
        ({"CL_bsnutaunuta": 1.0}, "did you mean 'CL_bsnutaunutau'"),
        ({"CL_bsnuenue": float("nan")}, "not finite"),
        ({"CL_bsnuenue": complex(0, float("inf"))}, "not finite"),
    ],
)
def test_bad_input(coefficients, message):
    with pytest.raises(DineutrinoError, match=message):
        NeutrinoCoefficients.from_mapping(coefficients)
