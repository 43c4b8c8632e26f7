"""The whole Warsaw basis as a matrix and as a table, built from a few rows, against the direct path."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from random_warsaw import random_values
from warsaw_direct import at_m_z

from dineutrino.eft.warsaw import warsaw_from_mapping, warsaw_parameters
from dineutrino.eft.warsaw_vector import warsaw_from_vector
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.matching.warsaw_evolution import warsaw_evolution, warsaw_evolution_table
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.warsaw_classes import arrays

pytestmark = pytest.mark.slow


def readout(c, inputs):
    """Something of each kind."""
    complex_entries = jnp.stack(
        [c.vectors.lq1[2, 2, 1, 2], c.chiral.ledq[2, 2, 2, 1], c.chiral.lequ3[2, 2, 2, 2], c.dipoles.dB[1, 2]]
    )
    return {
        "entries": jnp.stack([complex_entries.real, complex_entries.imag]),
        "phi": c.bosons.H.real * inputs["m_h"],
        "charged": c.Hud[2, 2].imag,
    }


def vector(values):
    names = warsaw_parameters()
    return jnp.asarray([getattr(complex(values[n[3:]]), "real" if n.startswith("Re") else "imag") for n in names])


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def table(inputs):
    return warsaw_evolution_table(inputs, readout)


def direct(values, mu, inputs):
    return readout(at_m_z(warsaw_from_mapping(values), mu, couplings_at_m_z(inputs), inputs["m_Z"]), inputs)


def assert_same(one, two, rel):
    for a, b in zip(jax.tree.leaves(one), jax.tree.leaves(two), strict=True):
        assert a == approx(b, abs=rel * max(1.0, float(jnp.abs(b).max())))


def test_vector_is_the_mapping():
    values = random_values(1)
    ours, expected = arrays(warsaw_from_vector(vector(values))), arrays(warsaw_from_mapping(values))
    for name, value in expected.items():
        assert ours[name] == approx(value, abs=1e-15), name


@pytest.mark.parametrize("mu", [500.0, 2345.6, 10000.0])
def test_table_is_the_direct_path(table, inputs, mu):
    values = random_values(2)
    found = table(vector(values), mu)
    assert_same(found, direct(values, mu, inputs), 1e-5)
    assert_same(table.at(mu)(vector(values)), found, 1e-12)


def test_matrix_of_some_columns(inputs):
    columns = ("Re lequ3_3333", "Im lequ3_3333", "Re dB_23", "Im quqd1_3323", "Re phi")
    found = warsaw_evolution(1500.0, inputs, readout, columns)
    assert found.matrix.shape == (10, 5)
    values = dict.fromkeys(random_values(3), 0.0) | {"lequ3_3333": 1 - 2j, "dB_23": 3.0, "quqd1_3323": 2j, "phi": 1.0}
    assert_same(found(jnp.asarray([1.0, -2.0, 3.0, 2.0, 1.0])), direct(values, 1500.0, inputs), 1e-5)


def test_scale_is_differentiable(table):
    x = vector(random_values(4))
    value = jax.jit(lambda mu: jnp.sum(table(x, mu)["entries"]))
    slope = jax.grad(value)(1000.0)
    assert float(slope) == pytest.approx(float(value(1001.0) - value(999.0)) / 2, rel=1e-6)
    assert np.isnan(float(value(100.0)))


@pytest.mark.parametrize(
    ("mu", "columns", "found", "message"),
    [
        (50.0, None, readout, "SMEFT runs from scales above m_Z, up to 1e.08 GeV, not from 50 GeV"),
        (1000.0, ("Re uB_43",), readout, "unknown SMEFT parameter 'Re uB_43'"),
        (1000.0, None, lambda c, inputs: c.dipoles.dB, "a readout must be real"),
    ],
)
def test_refusals(inputs, mu, columns, found, message):
    with pytest.raises(DineutrinoError, match=message):
        warsaw_evolution(mu, inputs, found, columns)
