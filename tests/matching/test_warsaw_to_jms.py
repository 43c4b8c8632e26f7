"""Tree-level matching at m_Z: an independent code class by class, the vector program, what matching must keep."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from random_jms import contracted
from random_smeft import warsaw
from smeft_reference import CKM, G_F, S2

from dineutrino.eft.names.jms import jms_to_mapping
from dineutrino.eft.warsaw import warsaw_from_mapping
from dineutrino.matching.smeft_to_left import match_smeft
from dineutrino.matching.warsaw_to_jms import match_warsaw
from dineutrino.matching.z_exchange import z_couplings, z_exchange
from dineutrino.running.jms_classes import CLASSES, IDENTICAL, IDENTICAL_LEPTONS, NEUTRAL, arrays, crossed
from dineutrino.running.left_classes import changes_flavour
from dineutrino.running.vector_classes import VectorClasses

FROZEN = json.loads((Path(__file__).parent / "warsaw_to_jms.json").read_text())["seeds"]
V = (np.sqrt(2) * G_F) ** -0.5
ZERO = ("S1uuRR", "S8uuRR", "S1ddRR", "S8ddRR", "SeeRR", "SeuRL", "SedRR", "TedRR", "V8udduLR")
"""What operators of dimension six with doublets cannot make."""


@pytest.fixture(scope="module")
def match():
    return jax.jit(match_warsaw)


@pytest.fixture(scope="module")
def both(match):
    """Ours and the stored numbers for each seed, contracted with the same random numbers."""
    pairs = []
    for seed, theirs in FROZEN.items():
        found = jms_to_mapping(match(warsaw(int(seed)), CKM, S2, V))
        pairs.append((contracted(found, int(seed) + 1), theirs))
    return pairs


@pytest.mark.parametrize("name", CLASSES)
def test_wilson_class_by_class(both, name):
    """wilson 2.5.2, made linear, at random coefficients of all classes; the same G_F, alpha_em and m_W."""
    assert len(both) == 2
    for ours, theirs in both:
        assert ours[name] == pytest.approx(complex(*theirs[name]), rel=1e-8, abs=1e-12)
        assert (ours[name] == 0) == (name in ZERO)


def test_flavour_changing_vectors_are_those_of_the_program_of_their_own(match):
    c = warsaw(1)
    ours, theirs = arrays(match(c, CKM, S2, V)), vars(match_smeft(c.vectors, CKM, S2))
    for name, value in theirs.items():
        size = float(jnp.abs(value).max())
        assert np.where(changes_flavour(name), ours[name], 0) == approx(value, abs=1e-12 * size), name


def test_symmetries_of_the_operators(match):
    for name, value in arrays(match(warsaw(2), CKM, S2, V)).items():
        size = 1e-12 * float(jnp.abs(value).max())
        if name in NEUTRAL:
            assert jnp.abs(value - value.transpose(1, 0, 3, 2).conj()).max() <= size, name
        if name in IDENTICAL:
            assert jnp.abs(value - value.transpose(2, 3, 0, 1)).max() <= size, name
        if name in IDENTICAL_LEPTONS:
            assert jnp.abs(value - crossed(value)).max() <= size, name


@pytest.mark.parametrize("name", ["VnueLR", "VeuLL", "V1udRR", "VnuuLR"])
def test_shifts_are_derivatives_of_the_exchange_of_the_standard_model(name):
    """-4/v^2 g g' with v and s2 moved as HD, HWB and the Fermi constant move them."""

    def exchanged(kappa, s2):
        charges = {"n": 0, "e": -1, "u": 2 / 3, "d": -1 / 3}
        isospin = {"n": 0.5, "e": -0.5, "u": 0.5, "d": -0.5}
        a, b = name[1:-2].lstrip("1").replace("nu", "n")
        g = [(isospin[f] if c == "L" else 0) - charges[f] * s2 for f, c in ((a, name[-2]), (b, name[-1]))]
        return -kappa * g[0] * g[1]

    v, h = V, 1e-4 / V**2
    zero = VectorClasses.zero()

    def universal(c):
        return z_exchange(name, z_couplings(c, CKM[:2], S2))[0, 0, 0, 0].real

    def slope(move):
        return (exchanged(*move(h)) - exchanged(*move(-h))) / (2 * h)

    moved = {
        "HD": lambda c: (4 / v**2 * (1 - c * v**2 / 2), S2),
        "HWB": lambda c: (4 / v**2, S2 + np.sqrt(S2 * (1 - S2)) * v**2 * c),
    }
    for cls, move in moved.items():
        c = VectorClasses(**(vars(zero) | {cls: jnp.asarray(1 + 0j)}))
        assert universal(c) == pytest.approx(slope(move), rel=1e-6), cls

    def fermi(c):
        """G_F fixed, 1/v^2 larger by c; s2 = e^2 v^2/(4 m_W^2) with e and m_W fixed."""
        inverse = 1 / v**2 + c
        return 4 * inverse, S2 / (v**2 * inverse)

    half = jnp.zeros((3,) * 4, complex).at[0, 1, 1, 0].set(1.0).at[1, 0, 0, 1].set(1.0)
    assert universal(VectorClasses(**(vars(zero) | {"ll": half}))) == pytest.approx(slope(fermi), rel=1e-6)


def test_single_coefficients(match):
    """Ones that can be read off: scalar and tensor leptoquark operators, V_R, dipoles."""

    def found(values):
        return jms_to_mapping(match(warsaw_from_mapping(values), CKM, S2, V), 1e-12)

    V_cb, V_tb = complex(CKM[1, 2]), complex(CKM[2, 2])
    ledq = found({"ledq_3332": 1.0})
    assert ledq["SedRL_3332"] == 1
    assert ledq["SnueduRL_3332"] == pytest.approx(complex(CKM[1, 1]).conjugate())
    lequ = found({"lequ1_3332": 1.0, "lequ3_3332": 2.0})
    assert (lequ["SnueduRR_3332"], lequ["TnueduRR_3332"]) == (1, 2)
    assert lequ["SeuRR_3322"] == pytest.approx(-V_cb)
    assert lequ["TeuRR_3322"] == pytest.approx(-2 * V_cb)
    right = found({"phiud_23": 1j})
    assert right["VnueduLR_1132"] == right["VnueduLR_3332"] == 1j  # -(C)* for (dbar u)
    assert right["V1udduLR_2232"] == pytest.approx(1j * complex(CKM[1, 1]))
    photon = found({"dB_23": 1.0, "dW_23": 2.0, "dG_32": 3.0})
    assert photon["dgamma_23"] == pytest.approx(V / np.sqrt(2) * (np.sqrt(1 - S2) - 2 * np.sqrt(S2)))
    assert photon["dG_32"] == pytest.approx(3 * V / np.sqrt(2))
    assert abs(V_tb) > 0.99


def test_currents_of_z_and_w(match):
    """Hl3 of electrons: the Z coupling of neutrinos and electrons with opposite signs, W couplings, and the Fermi
    constant, which cancels half of it in muon decay.
    """
    found = jms_to_mapping(match(warsaw_from_mapping({"phil3_33": 1.0}), CKM, S2, V), 1e-12)
    assert found["VnueduLL_3332"] == pytest.approx(-2 * complex(CKM[1, 2]).conjugate())
    assert "VnueduLL_1132" not in found
    assert found["VnueLR_3311"] == pytest.approx(-2 * S2)
    muon = jms_to_mapping(match(warsaw_from_mapping({"phil3_11": 1.0, "phil3_22": 1.0}), CKM, S2, V))
    assert muon["VnueduLL_1132"] == pytest.approx(2 * complex(CKM[1, 2]).conjugate())
    assert muon["VnueduLL_3332"] == pytest.approx(4 * complex(CKM[1, 2]).conjugate())
    # (nubar_mu nu_e)(ebar mu) is what G_F is taken from: W exchange without change, Z couplings conserve flavour
    assert abs(muon.get("VnueLL_1221", 0)) < 1e-12


@pytest.mark.slow
def test_linear_in_coefficients_and_smooth_in_the_rest(match):
    one, two = warsaw(3), warsaw(4)
    together = match(jax.tree.map(lambda a, b: 0.3 * a - 2 * b, one, two), CKM, S2, V)
    parts = jax.tree.map(lambda a, b: 0.3 * a - 2 * b, match(one, CKM, S2, V), match(two, CKM, S2, V))
    for a, b in zip(jax.tree.leaves(together), jax.tree.leaves(parts), strict=True):
        assert a == approx(b, abs=1e-10 * max(1, float(jnp.abs(b).max())))

    @jax.jit
    def change(s2, v):
        return jax.jvp(lambda s2, v: match_warsaw(one, CKM, s2, v), (s2, v), (1.0, 10.0))[1]

    h = 1e-5
    pair = [match(one, CKM, S2 + sign * h, V + sign * 10 * h) for sign in (1, -1)]
    for a, up, down in zip(*map(jax.tree.leaves, (change(S2, V), *pair)), strict=True):
        assert a == approx((up - down) / (2 * h), abs=1e-5 * max(1, float(jnp.abs(a).max())))
