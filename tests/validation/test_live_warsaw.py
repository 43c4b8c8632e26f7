"""Right-hand side, names and running of the whole Warsaw basis against wilson as it is installed."""

import jax
import numpy as np
import pytest

pytestmark = pytest.mark.validation
wilson_warsaw = pytest.importorskip("wilson_warsaw", reason="wilson is not installed", exc_type=ImportError)

import random_smeft  # noqa: E402  (in tests)
from random_warsaw import random_values  # noqa: E402  (in tests)
from smeft_reference import M_Z, couplings  # noqa: E402
from standard_phases import standard_phases  # noqa: E402
from warsaw_direct import at_m_z  # noqa: E402
from wilson import wcxf  # noqa: E402

from dineutrino.eft.names.warsaw import VIOLATING  # noqa: E402
from dineutrino.eft.warsaw import warsaw_from_mapping, warsaw_names, warsaw_to_mapping  # noqa: E402
from dineutrino.eft.wcxf.smeft import read_warsaw  # noqa: E402
from dineutrino.running.couplings import run_couplings  # noqa: E402
from dineutrino.running.warsaw_classes import CLASSES, arrays, rotated  # noqa: E402
from dineutrino.running.warsaw_slope import warsaw_slope  # noqa: E402


@pytest.mark.slow
def test_right_hand_side():
    slopes = jax.jit(warsaw_slope)
    for seed in (100, 200):
        c, sm = random_smeft.warsaw(seed), random_smeft.couplings(seed + 1)
        ours, theirs = arrays(slopes(c, sm)), wilson_warsaw.slopes(c, sm)
        for name in CLASSES:
            difference = np.abs(16 * np.pi**2 * np.asarray(ours[name]) - theirs[name]).max()
            assert difference < 1e-10 * np.abs(theirs[name]).max(), name


def test_names_are_those_of_the_basis():
    basis = {name for sector in wcxf.Basis["SMEFT", "Warsaw"].sectors.values() for name in sector}
    assert {name for name in basis if name.split("_")[0] not in VIOLATING} == set(warsaw_names())


@pytest.mark.slow
@pytest.mark.parametrize("mu", [700.0, 5000.0])
def test_running_coefficient_by_coefficient(mu):
    """Each of the 1356 coefficients, to the accuracy of four Runge-Kutta steps."""
    values, sm = random_values(int(mu)), couplings("91.1876")
    theirs = wilson_warsaw.at_m_z(values, mu, wilson_warsaw.high_couplings(mu, sm, M_Z), M_Z)
    start = rotated(warsaw_from_mapping(values), standard_phases(run_couplings(sm, M_Z, mu)))
    ours = warsaw_to_mapping(at_m_z(start, mu, sm, M_Z))
    for name in warsaw_names():
        assert abs(ours[name] - theirs.get(name, 0)) < 1e-4, name


def test_file_that_wilson_ran_and_dumped(tmp_path):
    """Classes of all kinds, and Hermitian entries with imaginary parts from rounding."""
    start = wilson_warsaw.SMEFT(wcxf.WC("SMEFT", "Warsaw", 1000.0, {"lq1_3323": 1e-9, "uB_33": 1e-9, "phiG": 1e-10}))
    point = start.run(91.1876)
    path = tmp_path / "dumped.json"
    path.write_text(point.dump(fmt="json"))
    found = read_warsaw(path)
    assert found.scale == 91.1876
    ours = warsaw_to_mapping(found.coefficients)
    assert len(point.dict) > 800
    for name, value in point.dict.items():
        assert ours.get(name, 0) == pytest.approx(complex(value), abs=1e-20), name
