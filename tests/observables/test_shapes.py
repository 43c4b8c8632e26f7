"""Arguments of the wrong shape are refused in one sentence, whether or not jaxtyping checks."""

import jax
import jax.numpy as jnp
import pytest

from dineutrino.eft import NeutrinoCoefficients, NuNu
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.invisible import DarkScalars, ScalarOperators
from dineutrino.observables import Predictor
from dineutrino.theory import Wet


@pytest.fixture(scope="module")
def predictor():
    return Predictor(["BR(B+->Knunu)"], load_inputs())


@pytest.fixture(scope="module")
def five():
    return NeutrinoCoefficients(jnp.ones((5, 3, 3), complex), jnp.zeros((5, 3, 3), complex))


def test_several_points_are_not_one(predictor, five):
    with pytest.raises(DineutrinoError, match=r"C_L has the shape \(5, 3, 3\), not \(3, 3\); use batch"):
        predictor(five)
    with pytest.raises(DineutrinoError, match=r"nunu.sb.left has the shape .* not \(3, 3\); use batch"):
        predictor(Wet.b_to_s(NuNu(five.C_L, five.C_R)))


def test_one_point_is_no_batch(predictor):
    with pytest.raises(DineutrinoError, match=r"C_L has the shape \(3, 3\), not \(points, 3, 3\); call the predictor"):
        predictor.batch(NeutrinoCoefficients.zero())


def test_axes_of_different_lengths(predictor, five):
    one = DarkScalars(jnp.asarray(1.0), ScalarOperators(S=jnp.asarray(1.0)))
    scalars = jax.tree.map(lambda leaf: jnp.broadcast_to(leaf, (4,)), one)
    with pytest.raises(DineutrinoError, match="the same leading axis of points"):
        predictor.batch(Wet.b_to_s(NuNu(five.C_L, five.C_R), (scalars,)))
    assert predictor.batch(five).shape == (5, 1)


@pytest.mark.parametrize("kind", [NeutrinoCoefficients, NuNu])
def test_numbers_do_not_fill_nine_flavours(kind):
    """Built without its constructor, since jaxtyping checks that in tests."""
    allowed = kind(*jnp.zeros((2, 3, 3), complex))
    numbers = jax.tree.unflatten(jax.tree.structure(allowed), [3.0, 0.0])
    with pytest.raises(DineutrinoError, match=r"must have the shape \(3, 3\), neutrino flavours e, mu, tau"):
        numbers.__check_init__()
