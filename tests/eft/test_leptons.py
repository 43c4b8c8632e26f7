"""Charged leptons: C9, C10 and so on against wilson's translator, and the way from SMEFT against other programs."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft.leptons import (
    LL,
    heavy_mass,
    lepton_coefficients,
    lepton_names,
    leptons_from_lagrangian,
    leptons_to_lagrangian,
)
from dineutrino.eft.names.jms import jms_from_mapping
from dineutrino.eft.smeft import smeft_from_mapping
from dineutrino.inputs import DB, DS, SB, load_inputs, normalisation
from dineutrino.inputs.quarks import ALL
from dineutrino.matching.leptons import LowCurrents, leptons_of
from dineutrino.matching.smeft_chain import smeft_to_left
from dineutrino.models.smeft_point import smeft_point
from dineutrino.running.alpha_s import alpha_s
from dineutrino.running.jms_classes import arrays
from dineutrino.running.jms_pairs import pack
from dineutrino.running.jms_parts import DownScalars
from dineutrino.running.quark_masses import quark_mass
from dineutrino.theory import Flavours, Theory, Wet

FROZEN = json.loads((Path(__file__).parents[1] / "validation" / "frozen" / "wet.json").read_text())
JMS, FLAVIO = ({name: complex(*parts) for name, parts in FROZEN[basis].items()} for basis in ("JMS", "flavio"))
WILSON = np.asarray(FROZEN["ckm"]) @ [1, 1j]
POINT = {
    "lq1_3323": 1e-6,
    "ld_2223": 3e-7j,
    "qe_1333": 2e-7,
    "lq3_2212": 1e-8,
    "phiq1_23": 1e-8,
    "ed_1213": 1e-7 + 1e-7j,
}


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def theory(inputs):
    beyond = smeft_point(POINT, 1000.0, inputs)
    return Theory(inputs, beyond.wet, beyond.smeft)


def low_currents(mapping):
    found = arrays(jms_from_mapping(mapping))
    return LowCurrents(pack(found), DownScalars(found["SedRL"], found["SedRR"], found["TedRR"]))


@pytest.mark.slow
@pytest.mark.parametrize("quarks", ALL)
def test_wilson_translates_the_same(inputs, quarks):
    """All names, with the normalisation of wilson in the place of ours."""
    ours = leptons_from_lagrangian(leptons_of(low_currents(JMS), quarks), inputs, quarks)
    i, j = quarks.final, quarks.initial
    theirs = FROZEN["alpha_em"] * np.sqrt(2) * FROZEN["G_F"] / np.pi * WILSON[2, j] * WILSON[2, i].conj()
    per_vector = complex(normalisation(inputs, quarks)) / theirs
    per_scalar = per_vector * float(heavy_mass(inputs, quarks)) / FROZEN["m_s" if quarks == DS else "m_b"]
    values = {name: FLAVIO.get(name, 0) for name in lepton_names(quarks)}
    back = lepton_coefficients({name: jnp.asarray(value) for name, value in values.items()}, quarks)
    assert sum(value != 0 for value in values.values()) > 3
    for name, expected in vars(back).items():
        factor = per_scalar if name[1] in "SP" else per_vector
        assert factor * getattr(ours, name) == approx(expected, rel=1e-12, abs=1e-300), name


def test_tensors_and_conjugates():
    """An entry of the way back is the Hermitian conjugate of that of the way there."""
    found = leptons_of(
        low_currents({"TedRR_3123": 2 + 1j, "TedRR_1232": 3 - 1j, "SedRR_1232": 1j, "SedRL_1232": 5.0}), SB
    )
    assert found.TRR[2, 0] == 2 + 1j
    assert found.TLL[1, 0] == 3 + 1j
    assert found.SLL[1, 0] == -1j
    assert found.SRL[1, 0] == 5
    assert sum(float(jnp.abs(leaf).sum()) > 0 for leaf in jax.tree.leaves(found)) == 4


@pytest.mark.parametrize("quarks", ALL)
def test_there_and_back(inputs, quarks):
    random = np.random.default_rng(3)
    values = {name: jnp.asarray(complex(*random.normal(size=2))) for name in lepton_names(quarks)}
    start = lepton_coefficients(values, quarks)
    back = leptons_from_lagrangian(leptons_to_lagrangian(start, inputs, quarks), inputs, quarks)
    for name, value in vars(start).items():
        assert getattr(back, name) == approx(value, rel=1e-13)


def test_masses_at_the_scales_of_the_coefficients(inputs):
    assert float(heavy_mass(inputs, SB)) == float(inputs["m_b"])
    assert float(heavy_mass(inputs, DS)) == pytest.approx(0.0929, abs=1e-4)
    assert float(heavy_mass(inputs, DS)) == pytest.approx(float(quark_mass("m_s", 2.0, inputs, 4)), rel=1e-10)


@pytest.mark.slow
def test_the_way_from_smeft(inputs, theory):
    """Of b quarks against the program for vector currents alone, which other tests compare with wilson."""
    left = jax.jit(smeft_to_left)(smeft_from_mapping(POINT), 1000.0, inputs)
    for quarks in (SB, DB):
        i, j = quarks.final, quarks.initial
        found = theory.leptons(quarks)
        expected = {"VLL": left.VedLL[:, :, i, j], "VLR": left.VdeLR[i, j], "VRL": left.VedLR[:, :, i, j]}
        expected["VRR"] = left.VedRR[:, :, i, j]
        for name, value in expected.items():
            assert getattr(found, name) == approx(value, abs=1e-6 * float(jnp.abs(value).max()))
        assert float(jnp.abs(found.SRR).max() + jnp.abs(found.SLR).max()) == 0


@pytest.mark.slow
def test_the_way_to_kaons(inputs, theory):
    """At 2 GeV: vectors as at mu_b but for photons, scalars as the strange quark mass by leading logarithms."""
    left = jax.jit(smeft_to_left)(smeft_from_mapping(POINT), 1000.0, inputs)
    found = theory.leptons(DS)
    largest = float(jnp.abs(left.VedLL[:, :, 0, 1]).max())
    assert largest > 5e-9
    assert approx(left.VedLL[:, :, 0, 1], abs=0.015 * largest) == found.VLL
    assert abs(complex(found.VLL[1, 1] / left.VedLL[1, 1, 0, 1]) - 1) > 1e-3
    beyond = smeft_point({"ledq_2221": 1e-9, "ledq_3321": 1e-9}, float(inputs["m_Z"]) * (1 + 1e-9), inputs)
    found = Theory(inputs, beyond.wet, beyond.smeft).leptons(DS)
    m_b = inputs["m_b(m_b)"]
    high, middle, low = inputs["alpha_s"], alpha_s(m_b, inputs, 5), alpha_s(2.0, inputs, 4)
    growth = (high / middle) ** (-12 / 23) * (alpha_s(m_b, inputs, 4) / low) ** (-12 / 25)
    assert float(found.SRL[1, 1].real) == pytest.approx(1e-9 * float(growth), rel=0.02)
    assert float(found.SRL[2, 2].real) == pytest.approx(float(found.SRL[1, 1].real), rel=1e-6)


@pytest.mark.slow
def test_numbers_of_wilson(inputs, theory):
    """Per TeV^-2 of lq1_3323 at 1 TeV: C9 and C10 with taus, and of other leptons C9 by photon penguins."""
    found = leptons_from_lagrangian(theory.leptons(SB), inputs)
    unit = 1 / 127.9 * abs(WILSON[2, 2] * WILSON[2, 1]) / float(inputs["alpha_em"] * abs(normalisation(inputs)))
    unit *= float(inputs["G_F"] * np.sqrt(2) * inputs["alpha_em"] / np.pi)
    assert float(found.C9[2, 2].real) * unit == pytest.approx(-565.8, rel=0.03)
    assert float(found.C10[2, 2].real) * unit == pytest.approx(565.8 + 5, rel=0.04)
    assert float((found.C9[0, 0] / found.C9[2, 2]).real) == pytest.approx(5.22 / -565.8, rel=0.05)


@pytest.mark.slow
def test_scalars_of_smeft_run_with_the_mass_of_the_quark(inputs):
    """ledq at m_Z grows like 1/alpha_s^(12/23), and QED adds 1.3%: 1.390 with the couplings of wilson."""
    beyond = smeft_point({"ledq_3332": 1e-8}, float(inputs["m_Z"]) * (1 + 1e-9), inputs)
    found = Theory(inputs, beyond.wet, beyond.smeft).leptons(SB)
    assert float(found.SRL[2, 2].real) == pytest.approx(1.390e-8, rel=5e-3)
    assert float(jnp.abs(found.SLR).max()) < 1e-14


def test_sectors_below_and_above_add(inputs, theory):
    """What is given below m_W comes on top of what SMEFT makes there, and nothing is nothing."""
    extra = jax.tree.map(lambda leaf: leaf + 1e-9, LL.zero())
    both = Theory(inputs, Wet(Flavours(), Flavours(), Flavours(sb=extra)), theory.smeft)
    for ours, given, below in zip(
        *(jax.tree.leaves(it) for it in (both.leptons(SB), extra, theory.leptons(SB))), strict=True
    ):
        assert ours == approx(given + below)
    assert approx(theory.leptons(DB).VLL, rel=1e-15) == both.leptons(DB).VLL
    none = Theory(inputs, Wet(Flavours(), Flavours()))
    assert all(float(jnp.abs(leaf).max()) == 0 for quarks in ALL for leaf in jax.tree.leaves(none.leptons(quarks)))
