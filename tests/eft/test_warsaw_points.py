"""Random points with all coefficients of the Warsaw basis, run from five scales to m_Z by an independent code."""

import json
from pathlib import Path

import pytest
from random_warsaw import contracted, random_values
from smeft_reference import M_Z, couplings
from standard_phases import standard_phases
from warsaw_direct import at_m_z

from dineutrino.eft.warsaw import warsaw_from_mapping, warsaw_to_mapping
from dineutrino.running.couplings import run_couplings
from dineutrino.running.warsaw_classes import rotated

POINTS = json.loads((Path(__file__).parent / "warsaw_points.json").read_text())["points"]
ACCURACY = {500.0: 5e-6, 1000.0: 5e-6, 3000.0: 2e-5, 10000.0: 4e-5, 50000.0: 3e-4}
"""By scale, for coefficients of order one; from 3 TeV on that of four Runge-Kutta steps."""


@pytest.mark.slow
@pytest.mark.parametrize("mu", ACCURACY)
def test_wilson_at_random_points(mu):
    """wilson 2.5.2, all 1356 coefficients of order one together, class by class.

    There the quark fields have the phases that the CKM matrix is usually written with, at both scales. Ours differ from
    those at mu_UV by up to 1e-4 rad, without which the difference would be 4e-4.
    """
    points = [point for point in POINTS if point["mu"] == mu]
    assert len(points) == 10
    sm = couplings("91.1876")
    phases = standard_phases(run_couplings(sm, M_Z, mu))
    for point in points:
        start = rotated(warsaw_from_mapping(random_values(point["seed"])), phases)
        ours = contracted(warsaw_to_mapping(at_m_z(start, mu, sm, M_Z)), point["seed"])
        for cls, numbers in point["at_m_z"].items():
            assert abs(ours[cls] - complex(*numbers)) < ACCURACY[mu], (cls, point["seed"])
