"""Couplings of the Standard Model from the default inputs."""

import jax
import numpy as np
import pytest
from close import approx

from dineutrino.inputs import ckm_matrix, load_inputs
from dineutrino.running.couplings import run_couplings
from dineutrino.running.standard_model import couplings_at_m_z


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def at_m_z(inputs):
    return jax.jit(couplings_at_m_z)(inputs)


@pytest.mark.slow
def test_close_to_two_loop_matching(inputs, at_m_z):
    """arXiv:1307.3536 at 173.34 GeV, MSbar: g_Y, g_2, g_3, y_t and lambda (twice theirs)."""
    found = run_couplings(at_m_z, inputs["m_Z"], 173.34)
    assert float(found.g1) == pytest.approx(0.35830, rel=3e-3)
    assert float(found.g2) == pytest.approx(0.64779, rel=3e-3)
    assert float(found.g3) == pytest.approx(1.1666, rel=5e-3)
    assert np.linalg.svd(found.Yu)[1][0] == pytest.approx(0.93690, rel=1e-2)
    assert float(found.lambda_) == pytest.approx(2 * 0.12604, rel=3e-2)


def test_basis(inputs, at_m_z):
    """Down quarks and charged leptons diagonal; the left rotation of up quarks is the CKM matrix."""
    for matrix in (at_m_z.Yd, at_m_z.Ye):
        assert np.all(matrix == np.diag(np.diag(matrix)))
    up = ckm_matrix(inputs) @ at_m_z.Yu
    assert up == approx(np.diag(np.diag(up)), abs=1e-15)
    assert np.all(np.diff(np.abs(np.diag(up))) > 0)
    assert float(at_m_z.Ye[2, 2].real) == pytest.approx(np.sqrt(2) * 1.777 / 246.22, rel=1e-2)


@pytest.mark.slow
def test_derivative_of_the_top_coupling(inputs):
    @jax.jit
    def y_t(x):
        return couplings_at_m_z(inputs.replace({"m_t(m_t)": x})).Yu[2, 2].real

    slope = jax.jvp(y_t, (162.5,), (1.0,))[1]
    assert float(slope) == pytest.approx(float(y_t(163.0) - y_t(162.0)), rel=1e-4)
