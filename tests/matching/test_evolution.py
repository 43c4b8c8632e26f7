"""The linear map from SMEFT at a high scale to the scale of the b quark: direct, as a matrix, as a table."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from smeft_reference import evolve

from dineutrino.eft.flavio.vectors import delta_f2, semileptonic
from dineutrino.eft.smeft import smeft_from_mapping, smeft_parameters
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import ckm_matrix, load_inputs
from dineutrino.matching.evolution import evolution, evolution_table, parameter_vector
from dineutrino.matching.smeft_chain import neutrino_coefficients, smeft_to_left, smeft_to_low_scales

pytestmark = pytest.mark.slow


def readout(low, inputs):
    """Neutrinos, charged leptons and mixing at mu_b, and the currents of quark doublets at m_Z."""
    V = ckm_matrix(inputs)
    leptons = semileptonic(low.left, V, inputs["G_F"], inputs["alpha_em"])
    return neutrino_coefficients(low.left, inputs), leptons, delta_f2(low.left), low.smeft.Hq1, low.smeft.HD.real


COLUMNS = ("Re lq1_3323", "Im lq1_3323", "Re lq3_3323", "Re ld_3323", "Re lq1_3333", "Im phiq1_23", "Re qd1_2323")
POINT = {"lq1_3323": 1e-8 + 2e-8j, "lq3_3323": -1e-8, "lq1_3333": 3e-8, "phiq1_23": 1e-8j, "qd1_2323": 1e-10}


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def table(inputs):
    return evolution_table(inputs, readout, COLUMNS)


@pytest.fixture(scope="module")
def direct(inputs):
    @jax.jit
    def found(coefficients, mu):
        return readout(smeft_to_low_scales(coefficients, mu, inputs), inputs)

    return lambda values, mu: found(smeft_from_mapping(values), mu)


def assert_same(one, two, rel):
    """Up to `rel` of what stands beside it, or of the coefficients at the high scale, 1e-8."""
    for a, b in zip(jax.tree.leaves(one), jax.tree.leaves(two), strict=True):
        assert a == approx(b, abs=rel * (float(jnp.abs(b).max()) + 1e-8))


@pytest.mark.parametrize("mu", [500.0, 1000.0, 2345.6, 10000.0])
def test_table_is_the_direct_path(table, direct, mu):
    found = table(parameter_vector(POINT, COLUMNS), mu)
    assert_same(found, direct(POINT, mu), 1e-8)
    assert_same(table.at(mu)(parameter_vector(POINT, COLUMNS)), found, 1e-13)


def test_matrix_is_the_direct_path(inputs, direct):
    columns = COLUMNS[:3]
    values = {"lq1_3323": 1e-8 - 2e-8j, "lq3_3323": 4e-8}
    found = evolution(1500.0, inputs, readout, columns)(parameter_vector(values, columns))
    assert_same(found, direct(values, 1500.0), 1e-12)


def test_scale_is_differentiable(table):
    x = parameter_vector(POINT, COLUMNS)

    def value(log_mu):
        return jnp.real(table(x, jnp.exp(log_mu))[0].C_L[2, 2])

    at, step = np.log(2000.0), 1e-4
    slope = jax.jit(jax.grad(value))(at)
    assert float(slope) == pytest.approx(float((value(at + step) - value(at - step)) / (2 * step)), rel=1e-6)


def test_jit_and_vmap(table):
    x = parameter_vector(POINT, COLUMNS)
    points = jnp.stack([x, 2 * x, -x])
    many = jax.jit(jax.vmap(lambda x: table(x, 1000.0)))(points)
    assert many[0].C_L[1] == approx(2 * table(x, 1000.0)[0].C_L, rel=1e-12, abs=1e-12)


def test_outside_the_table(table):
    assert np.all(np.isnan(table(parameter_vector(POINT, COLUMNS), 499.0)[0].C_L))
    with pytest.raises(DineutrinoError, match="the table holds from 500 to 10000 GeV, not at 499 GeV"):
        table.at(499.0)


def test_scale_below_m_z(inputs):
    for mu in (50.0, 2e8, np.nan):
        with pytest.raises(DineutrinoError, match="SMEFT runs from scales above m_Z"):
            evolution(mu, inputs, readout, COLUMNS[:1])


def test_unknown_columns(inputs):
    with pytest.raises(DineutrinoError, match="unknown SMEFT parameter 'Re lq1_332'; did you mean 'Re lq"):
        evolution(1000.0, inputs, readout, ["Re lq1_332"])
    with pytest.raises(DineutrinoError, match="unknown column of the evolution 'Im lq3_3323'"):
        parameter_vector({"lq3_3323": 1j}, COLUMNS)
    assert len(smeft_parameters()) == 1461


def test_running_of_leptoquarks_and_vectors():
    """(lq1 - lq3) at m_Z over that at 1 TeV: Z' 1.0141, V' 1.0878, S_1 1.0509; ld 1.0026 (wilson)."""
    for values, start, factor in (
        ({"lq1_3323": 1.0}, 1, 1.0141),
        ({"lq3_3323": 1.0}, -1, 1.0878),
        ({"lq1_3323": 0.5, "lq3_3323": -0.5}, 1, 1.0509),
    ):
        at_m_z, left, _ = evolve(smeft_from_mapping(values), 1000.0)
        minus = complex((at_m_z.lq1 - at_m_z.lq3)[2, 2, 1, 2])
        assert minus / start == pytest.approx(factor, abs=1e-4)
        penguin = complex((at_m_z.Hq1 + at_m_z.Hq3)[1, 2])  # a part that all neutrinos share
        assert complex(left.VnudLL[2, 2, 1, 2]) == pytest.approx(minus + penguin, rel=1e-12)
    at_m_z = evolve(smeft_from_mapping({"ld_3323": 1.0}), 1000.0)[0]
    assert complex(at_m_z.ld[2, 2, 1, 2]) == pytest.approx(1.0026, abs=1e-4)


def test_derivatives_by_inputs(inputs):
    """alpha_s, m_t and the CKM matrix, through the direct path."""
    names, steps = ("alpha_s", "m_t(m_t)", "ckm_A"), np.array([1e-4, 0.1, 1e-3])
    start = smeft_from_mapping({"lq1_3333": 1e-7, "lq3_3323": 1e-8})
    at = np.array([float(inputs[name]) for name in names])

    def value(x):
        changed = inputs.replace(dict(zip(names, x, strict=True)))
        return jnp.real(neutrino_coefficients(smeft_to_left(start, 1000.0, changed), changed).C_L[2, 2])

    points = jax.jit(jax.vmap(value))(jnp.asarray(np.concatenate([at + np.diag(steps), at - np.diag(steps)])))
    slope = jax.jit(jax.jacfwd(value))(jnp.asarray(at))
    assert slope == approx((points[:3] - points[3:]) / (2 * steps), rel=1e-4)
