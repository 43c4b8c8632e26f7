"""C_S and C_P of a transition: relations between them, back again, derivatives."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft.flavio.scalars import from_one_quark, from_scalar_currents, one_quark, scalar_currents
from dineutrino.eft.flavio.vectors import TRANSITIONS
from dineutrino.eft.names.left import left_from_mapping
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import ckm_matrix, load_inputs
from dineutrino.running.left_classes import SCALAR_SHAPES, LeftScalars

G_F, ALPHA_EM, M_B = 1.1663787e-5, 1 / 127.9, 4.08


@pytest.fixture(scope="module")
def V():
    return ckm_matrix(load_inputs())


@pytest.fixture(scope="module")
def everything():
    rng = np.random.default_rng(7)
    return LeftScalars(**{name: jnp.asarray(rng.normal(size=shape) + 0j) for name, shape in SCALAR_SHAPES.items()})


def test_one_coefficient(V):
    """L = SedRR (mubar P_R mu)(sbar P_R b) = -H, and P_R = (1 + gamma_5)/2."""
    c = scalar_currents(left_from_mapping({"SedRR_2223": 1e-9}).scalars, V, G_F, ALPHA_EM, M_B)
    unit = 4 * G_F / np.sqrt(2) * V[2, 2] * V[2, 1].conj() * ALPHA_EM / (4 * np.pi) * M_B
    assert complex(c.C_S[1, 1]) == pytest.approx(complex(0.5e-9 / unit), rel=1e-13)
    assert complex(c.C_P[1, 1]) == complex(c.C_S[1, 1])


def test_scalars_of_smeft(V, everything):
    """From doublets comes SedRL alone: C_S = -C_P and C_S' = C_P' (arXiv:1407.7044)."""
    zero = LeftScalars.zero()
    c = scalar_currents(LeftScalars(**vars(zero) | {"SedRL": everything.SedRL}), V, G_F, ALPHA_EM, M_B)
    assert np.all(c.C_S == -c.C_P)
    assert np.all(c.C_S_prime == c.C_P_prime)


def test_scalars_back_from_all_transitions(V, everything):
    found = {name: from_one_quark(one_quark(getattr(everything, name), G_F), G_F) for name in ("SedRL", "SedRR")}
    for transition in TRANSITIONS:
        c = scalar_currents(everything, V, G_F, ALPHA_EM, M_B, transition)
        for name, part in from_scalar_currents(c, V, G_F, ALPHA_EM, M_B, transition).items():
            found[name] += part
    for name, array in found.items():
        assert array == approx(getattr(everything, name), abs=1e-13)
    with pytest.raises(DineutrinoError, match="unknown transition 'sb'"):
        scalar_currents(everything, V, G_F, ALPHA_EM, M_B, "sb")


def test_derivative_by_the_mass(V, everything):
    def C_S(mass):
        return scalar_currents(everything, V, G_F, ALPHA_EM, mass).C_S[0, 1].real

    masses = jnp.linspace(2.5, 4.5, 3)
    values, slopes = jax.jit(jax.vmap(jax.value_and_grad(C_S)))(masses)
    assert values == approx([C_S(mass) for mass in masses], rel=1e-13)
    assert slopes == approx(-values / masses, rel=1e-13)
