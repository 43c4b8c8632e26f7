"""Random coefficients and inputs against EOS as it is installed."""

import numpy as np
import pytest
from peers import frozen, matched, relative_differences, universal

pytestmark = pytest.mark.validation
eos_peer = pytest.importorskip("eos_peer", reason="EOS is not installed", exc_type=ImportError)

MODES = {"B+->K": 22.7, "B+->K*": 19.0, "B0->K*": 19.0}


def random_references(rng: np.random.Generator) -> list[tuple]:
    """Each kind of observable of each mode, at random q2 and in random bins."""
    found: list[tuple] = []
    for mode, end in MODES.items():
        low, high = np.sort(rng.uniform(0.0, end, 2))
        found += [(f"<BR>({mode}nunu)", low, high), (f"dBR/dq2({mode}nunu)", rng.uniform(0.01, end))]
        if "*" in mode:
            found += [(f"FL({mode}nunu)", rng.uniform(0.01, end)), (f"<FL>({mode}nunu)", low, high)]
    return found


def random_parameters(rng: np.random.Generator) -> dict[str, float]:
    """Masses, CKM elements and form-factor coefficients of EOS, moved by a few percent."""
    names = ["mass::B_u", "mass::B_d", "mass::K_u", "mass::K_d^*", "mass::K_u^*", "CKM::abs(V_ts)", "QED::alpha_e(m_b)"]
    names += [f"B->K::alpha^f+_{k}@BSZ2015" for k in range(3)]
    names += [f"B->K^*::alpha^{f}_{k}@BSZ2015" for f in ("A1", "V") for k in range(3)]
    names += [f"B->K^*::alpha^{f}@BSZ2015" for f in ("A0_0", "A12_1", "A12_2")]
    defaults = eos_peer.parameters()
    spread = {name: 0.002 if name.startswith("mass") else 0.05 for name in names}
    return {name: defaults[name].evaluate() * (1 + spread[name] * rng.uniform(-1, 1)) for name in names}


def test_the_frozen_inputs_are_those_of_the_installed_eos():
    content = frozen("eos")
    assert eos_peer.version() == content["peer"]
    for case in content["cases"]:
        changed = eos_peer.TEST_POINTS.get(case["name"], {})
        assert eos_peer.inputs(eos_peer.parameters(changed)) == case["inputs"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_random_points(seed):
    rng = np.random.default_rng(seed)
    par = eos_peer.parameters(random_parameters(rng) if seed else {})
    references, points = random_references(rng), []
    for _ in range(3):
        C_L, C_R = rng.normal(0.0, 7.0, 4).view(complex)
        eos_peer.set_coefficients(par, C_L, C_R)
        points.append((universal(C_L, C_R), eos_peer.predict(par, references)))
    differences = np.abs(relative_differences(points, references, matched(eos_peer.inputs(par))))
    differential = np.array([reference[0].startswith(("dBR", "FL")) for reference in references])
    assert differences[:, differential].max() < 1e-12
    assert differences[:, ~differential].max() < 1e-6
