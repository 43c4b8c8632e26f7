"""C7 and C8: wilson's translator, there and back, and the way from SMEFT."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft.dipoles import (
    Dipole,
    DipoleCoefficients,
    dipole_coefficients,
    dipole_names,
    dipoles_from_lagrangian,
    dipoles_to_lagrangian,
)
from dineutrino.eft.leptons import heavy_mass
from dineutrino.eft.names.jms import jms_from_mapping
from dineutrino.inputs import DS, SB, lambda_t, load_inputs
from dineutrino.inputs.quarks import ALL
from dineutrino.matching.dipoles import dipole_of
from dineutrino.matching.warsaw_chain import left_from_m_z
from dineutrino.models.smeft_point import smeft_point
from dineutrino.running.alpha_s import alpha_s
from dineutrino.theory import Flavours, Theory, Wet

FROZEN = json.loads((Path(__file__).parents[1] / "validation" / "frozen" / "dipoles.json").read_text())
JMS, FLAVIO = ({name: complex(*parts) for name, parts in FROZEN[basis].items()} for basis in ("JMS", "flavio"))
V = np.asarray(FROZEN["ckm"]) @ [1, 1j]


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.mark.parametrize("quarks", ALL, ids=lambda quarks: quarks.name)
def test_wilson_translates_the_same(inputs, quarks):
    """The unit is 4 G_F/sqrt2 V_tj V_ti* m/(16 pi^2) times e or g, with the numbers of each program."""
    scale, flavours = (2.0, 4) if quarks == DS else (inputs["mu_b"], 5)
    e, g = (np.sqrt(4 * np.pi * FROZEN[name]) for name in ("alpha_e", "alpha_s"))
    its_product = V[2, quarks.initial] * V[2, quarks.final].conj()
    theirs = np.sqrt(8) * FROZEN["G_F"] * its_product * FROZEN["m_s" if quarks == DS else "m_b"] / (16 * np.pi**2)
    e_ours = np.sqrt(4 * np.pi * inputs["alpha_em"])
    ours = np.sqrt(8) * inputs["G_F"] * lambda_t(inputs, quarks) * heavy_mass(inputs, quarks) / (16 * np.pi**2)
    unit = {"7": theirs * e / (ours * e_ours)}
    unit["8"] = theirs * g / (ours * np.sqrt(4 * np.pi * alpha_s(scale, inputs, flavours)))
    found = dipoles_from_lagrangian(dipole_of(jms_from_mapping(JMS).dipoles, quarks), inputs, quarks)
    for name, value in zip(dipole_names(quarks), vars(found).values(), strict=True):
        assert complex(value / unit[name[1]]) == pytest.approx(FLAVIO[name], rel=1e-12), name


def test_names_and_the_way_back(inputs):
    assert dipole_names(SB) == ("C7_bs", "C8_bs", "C7p_bs", "C8p_bs")
    given = dipole_coefficients({"C7_bs": 0.1 + 0.2j, "C8p_bs": -0.3, "C9_bsee": 1.0})
    assert (complex(given.C7), complex(given.C8), complex(given.C8p)) == (0.1 + 0.2j, 0, -0.3)
    for quarks in ALL:
        back = dipoles_from_lagrangian(dipoles_to_lagrangian(given, inputs, quarks), inputs, quarks)
        assert jax.tree.leaves(back) == approx(jax.tree.leaves(given), abs=1e-15)


def test_derivative_by_the_mass(inputs):
    """C7 at a fixed Lagrangian is as large as 1/m_b."""
    dipole = dipoles_to_lagrangian(DipoleCoefficients(*map(jnp.asarray, (0.1 + 0j, 0j, 0j, 0j))), inputs)

    def C7(m_b):
        return dipoles_from_lagrangian(dipole, inputs.replace({"m_b": m_b})).C7.real

    assert float(jax.grad(C7)(inputs["m_b"])) == pytest.approx(-0.1 / float(inputs["m_b"]), rel=1e-10)


@pytest.mark.slow
def test_from_smeft(inputs):
    """C_quqd1 of the top quark makes C_7; what is given below m_W comes on top; none of it costs nothing."""
    beyond = smeft_point({"quqd1_2333": 1e-9, "dB_13": 1e-9j}, 1000.0, inputs)
    own = Dipole(*map(jnp.asarray, (1e-9 + 0j, 0j, 0j, 2e-9j)))
    theory = Theory(inputs, Wet(beyond.wet.nunu, Flavours(), dipoles=Flavours(sb=own)), beyond.smeft)
    left = jax.jit(left_from_m_z)(beyond.smeft.at_m_z, inputs)
    for quarks, given in zip(ALL[:2], (own, Dipole.zero()), strict=True):
        expected = jax.tree.map(jnp.add, dipole_of(left.dipoles, quarks), given)
        for one, two in zip(jax.tree.leaves(theory.dipoles(quarks)), jax.tree.leaves(expected), strict=True):
            assert complex(one) == pytest.approx(complex(two), rel=1e-9, abs=1e-20)
    assert abs(dipoles_from_lagrangian(theory.dipoles(SB), inputs).C7) > 0.01
    assert Theory(inputs, Wet.b_to_s()).dipoles(SB) == Dipole.zero()
