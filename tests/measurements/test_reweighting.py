"""Yields from a spectrum, and what is refused."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.errors import DineutrinoError
from dineutrino.measurements.reweighting import Reweighting, bins

DENSITIES = np.array([[1.0, 2.0, 0.0], [4.0, 0.5, 0.0]])
NULL = np.array([1e-6, 2e-6, 0.0])


def test_each_bin_counts_with_its_ratio():
    reweighting = Reweighting.of(DENSITIES, NULL, np.array([0.25, 0.0]))
    assert reweighting(jnp.asarray(NULL)) == approx([3.25, 4.5], rel=1e-15)
    assert reweighting(jnp.asarray(NULL * np.array([3.0, 0.5, 0.0]))) == approx([4.25, 12.25], rel=1e-15)


def test_a_bin_without_null_stays_empty():
    rates = jnp.asarray([0.0, 0.0, 1e-3])
    assert Reweighting.of(DENSITIES, NULL)(rates) == approx([0.0, 0.0])


def test_is_linear_and_differentiable():
    reweighting = Reweighting.of(DENSITIES, NULL)
    jacobian = jax.jit(jax.jacrev(reweighting))(jnp.asarray(NULL))
    assert jacobian == approx(DENSITIES / np.array([1e-6, 2e-6, 1.0]), rel=1e-15)


@pytest.mark.parametrize(
    ("densities", "null", "outside", "message"),
    [
        (DENSITIES, NULL[:2], None, "shape"),
        (-DENSITIES, NULL, None, "'densities' of a reweighting must be finite and not negative"),
        (DENSITIES * np.nan, NULL, None, "'densities'"),
        (DENSITIES, np.array([np.inf, 1.0, 1.0]), None, "'null'"),
        (DENSITIES, NULL, np.array([-1.0, 0.0]), "'outside'"),
        (DENSITIES + 1.0, NULL, None, "no rate in bin 2"),
    ],
)
def test_refused(densities, null, outside, message):
    with pytest.raises(DineutrinoError, match=message):
        Reweighting.of(densities, null, outside)


def test_bins():
    assert bins("<BR>(B+->Knunu)", (0.0, 1.0, 3.0)) == (("<BR>(B+->Knunu)", 0.0, 1.0), ("<BR>(B+->Knunu)", 1.0, 3.0))
