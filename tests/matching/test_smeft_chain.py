"""From SMEFT at 1 or 3 TeV to LEFT at 4.8 GeV against stored numbers of wilson, one coefficient at a time."""

import numpy as np
import pytest
from smeft_reference import ALPHA_EM, ALPHA_S, CASES, CKM, G_F, evolve, left_value

from dineutrino.eft.flavio.vectors import charged_current, delta_f2, semileptonic
from dineutrino.eft.smeft import smeft_from_mapping, smeft_to_mapping, wcxf_class
from dineutrino.running.left import run_left
from dineutrino.running.vector_classes import CURRENTS

pytestmark = pytest.mark.slow

IDS = [f"{case['coefficient']}-{case['mu_uv']:.0f}" for case in CASES]
LEPTONS, NEUTRINOS = ("ee", "mumu", "tautau"), ("nuenue", "numunumu", "nutaunutau")


@pytest.fixture(scope="module", params=CASES, ids=IDS)
def case(request):
    given = request.param
    start = smeft_from_mapping({given["coefficient"]: complex(*given["input"])})
    return given, *evolve(start, given["mu_uv"])


def test_smeft_at_m_z(case):
    given, found, _, _ = case
    found = smeft_to_mapping(found, 1e-5)
    for name, (re, im) in given["smeft_mz"].items():
        tolerance = 1e-3 if name == "phiWB" else 1e-4  # phiWB: mixing with classes that are left out
        assert found.get(name, 0) == pytest.approx(complex(re, im), abs=tolerance), name
    missing = {name: value for name, value in found.items() if name not in given["smeft_mz"] and abs(value) > 2e-4}
    assert not missing


@pytest.mark.parametrize(("where", "place", "tolerance"), [("left_mz", 2, 1e-4), ("left_4p8", 3, 3e-4)])
def test_left(case, where, place, tolerance):
    given, left = case[0], case[place]
    for name, (re, im) in given[where].items():
        # the conjugate flavours of VddLL_1231 mix with VddLL_1123 without conjugation in wilson 2.5.2
        allowed = 1e-3 if name.endswith("1231") and where == "left_4p8" else tolerance
        assert left_value(left, name) == pytest.approx(complex(re, im), abs=allowed), name


def test_z_pole(case):
    """Couplings that conserve flavour, at m_Z."""
    given, found, _, _ = case
    expected = {"phiD": found.HD, "ll_1221": 2 * found.ll[0, 1, 1, 0]}
    expected |= {
        f"{wcxf_class(name)}_{i + 1}{i + 1}": getattr(found, name)[i, i] for name in CURRENTS for i in range(3)
    }
    for name, value in expected.items():
        assert float(value.real) == pytest.approx(given["smeft_mz"].get(name, (0, 0))[0], abs=1e-4), name


def found_per_left(transition):
    """C_L per TeV^-2 of VnudLL."""
    j, i = ("dsb".index(quark) for quark in transition)
    return 1e-6 * np.pi / (np.sqrt(2) * G_F * ALPHA_EM * CKM[2, j] * CKM[2, i].conj())


def test_normalisation_of_the_observables(case):
    """For 1 TeV^-2: C_9, C_10, C_L of s, b and d; C_VL; mixing."""
    given, left = case[0], case[3]
    for transition in ("bs", "bd", "sd"):
        found = semileptonic(left, CKM, G_F, ALPHA_EM, transition)
        per_left = abs(complex(found_per_left(transition)))
        for name, names, matrix in (
            ("C9", LEPTONS, found.C_9),
            ("C10", LEPTONS, found.C_10),
            ("C9p", LEPTONS, found.C_9_prime),
            ("C10p", LEPTONS, found.C_10_prime),
            ("CL", NEUTRINOS, found.C_L),
            ("CR", NEUTRINOS, found.C_R),
        ):
            for k, flavour in enumerate(names):
                if (full := f"{name}_{transition}{flavour}") not in given["flavio_4p8"]:
                    continue
                stored = complex(*given["flavio_4p8"][full])
                assert 1e-6 * complex(matrix[k, k]) == pytest.approx(stored, abs=5e-4 * per_left), (name, flavour)
        mixing, mesons = delta_f2(left, transition), 2 * transition
        for name, value in (("VLL", mixing.VLL), ("VRR", mixing.VRR), ("VLR", mixing.VLR), ("SLR", mixing.SLR)):
            stored = complex(*given["flavio_4p8"].get(f"C{name}_{mesons}", (0, 0)))
            assert complex(value) == pytest.approx(stored, abs=5e-4)
    currents = 1e-6 * charged_current(left, CKM, G_F)
    for name, (re, im) in given["flavio_4p8"].items():
        if name.startswith("CVL_"):
            down, up, lepton = name[4], name[5], name[6:].split("nu")[0]
            flavour = ("e", "mu", "tau").index(lepton)
            value = complex(currents["uc".index(up), "dsb".index(down), flavour, flavour])
            tolerance = 2e-4 * 0.061 / abs(complex(CKM["uc".index(up), "dsb".index(down)]))
            assert value == pytest.approx(complex(re, im), abs=tolerance), name


def test_neutrinos_and_mixing_without_qed(case):
    """QCD alone: neutrino coefficients stay as they are at m_Z."""
    left = case[2]
    low = run_left(left, *ALPHA_S, 0.0)
    assert np.all(low.VnudLL == left.VnudLL)
    assert np.all(low.VnudLR == left.VnudLR)
