"""Alignment with up quarks: an independent code, files there and back, the CKM matrix at a high scale."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from random_smeft import unitaries
from random_warsaw import contracted, random_values

from dineutrino.cli.new_physics import smeft_states
from dineutrino.eft.alignment import ckm_of, up_aligned
from dineutrino.eft.warsaw import warsaw_from_mapping, warsaw_to_mapping
from dineutrino.eft.wcxf.smeft import read_warsaw, write_warsaw
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import ckm_matrix, load_inputs
from dineutrino.running.couplings import Couplings, run_couplings
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.warsaw_classes import LEGS, arrays

STORED = json.loads((Path(__file__).parent / "warsaw_up.json").read_text())
INPUTS = load_inputs()
SCALE = 1000.0


def test_wilson_class_by_class():
    """All coefficients, with the CKM matrix of that code."""
    seed, V = STORED["seed"], jnp.asarray(np.asarray(STORED["ckm"]) @ [1, 1j])
    start = warsaw_from_mapping(random_values(seed))
    found = contracted(warsaw_to_mapping(up_aligned(start, V)), seed)
    for cls, numbers in STORED["up"].items():
        assert found[cls] == pytest.approx(complex(*numbers), abs=1e-12), cls
    for name, value in arrays(up_aligned(start, V)).items():
        changed = not np.array_equal(value, arrays(start)[name])
        assert changed == ("q" in LEGS[name]), name


@jax.jit
def matrices(inputs, U):
    """At m_Z, at the high scale, and there in another flavour basis."""
    low = couplings_at_m_z(inputs)
    high = run_couplings(low, inputs["m_Z"], SCALE)
    Yu, Yd = U["q"] @ high.Yu @ U["u"].conj().T, U["q"] @ high.Yd
    turned = Couplings(high.g1, high.g2, high.g3, high.lambda_, Yu, Yd, high.Ye)
    return ckm_of(low), ckm_of(high), ckm_of(turned)


@pytest.mark.slow
def test_ckm_matrix_of_yukawa_couplings():
    """At m_Z what the couplings are made of; unitary, |V_cb| larger at high scales; the same in any flavour basis."""
    low, V, turned = matrices(INPUTS, unitaries(3))
    assert low == approx(ckm_matrix(INPUTS), abs=1e-12)
    assert approx(np.eye(3), abs=1e-12) == V @ V.conj().T
    assert abs(V[1, 2] / low[1, 2]) == pytest.approx(1.0189, abs=2e-4)
    assert jnp.abs(turned) == approx(jnp.abs(V), abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_files_there_and_back(tmp_path, suffix):
    start = warsaw_from_mapping(random_values(8))
    path = tmp_path / f"up.{suffix}"
    write_warsaw(path, start, SCALE, up=INPUTS)
    assert "Warsaw up" in path.read_text()
    found = read_warsaw(path, INPUTS)
    assert (found.scale, found.basis) == (SCALE, "Warsaw up")
    for one, two in zip(jax.tree.leaves(found.coefficients), jax.tree.leaves(start), strict=True):
        assert one == approx(two, abs=1e-12)
    with pytest.raises(DineutrinoError, match=f"up.{suffix}: the basis 'Warsaw up' is turned by .*; give inputs"):
        read_warsaw(path)


@pytest.mark.slow
def test_up_quarks_are_aligned(tmp_path):
    """C_qe of the second generation of up quarks alone: V_cb times the one of b and s arrives in b -> s."""
    path = tmp_path / "up.json"
    path.write_text(json.dumps({"eft": "SMEFT", "basis": "Warsaw up", "scale": SCALE, "values": {"qe_2233": 1e-8}}))
    _, V, _ = matrices(INPUTS, unitaries(3))
    found = warsaw_to_mapping(read_warsaw(path, INPUTS).coefficients)
    assert found["qe_2333"] == pytest.approx(complex(1e-8 * V[1, 1].conj() * V[1, 2]))


@pytest.mark.slow
def test_prediction_from_a_file(tmp_path):
    """The same new physics from both bases; settings, which are down-aligned, do not go with an up-aligned file."""
    start = warsaw_from_mapping({"lq1_3323": 1e-8, "ld_3323": 2e-8j, "lq3_2213": 1e-9})
    down, up = tmp_path / "down.json", tmp_path / "up.json"
    write_warsaw(down, start, SCALE)
    write_warsaw(up, start, SCALE, up=INPUTS)
    one, two = (smeft_states(path, [], None, INPUTS).wet for path in (down, up))
    for a, b in zip(jax.tree.leaves(one), jax.tree.leaves(two), strict=True):
        assert a == approx(b, abs=1e-18)
    with pytest.raises(DineutrinoError, match=r"--set lq1_3323=1 is in the basis 'Warsaw', .* in 'Warsaw up'"):
        smeft_states(up, ["lq1_3323=1"], None, INPUTS)


def test_other_bases(tmp_path):
    path = tmp_path / "point.json"
    path.write_text(json.dumps({"eft": "SMEFT", "basis": "SMEFTsim_general", "scale": SCALE, "values": {}}))
    with pytest.raises(DineutrinoError, match=r"unknown basis of the SMEFT 'SMEFTsim_general'.* Warsaw, Warsaw up"):
        read_warsaw(path)
