"""Our predictions at flavio's inputs against frozen predictions of flavio (version and settings in the file).

At the same inputs nothing differs: spectra and polarisations agree to rounding, integrals to the tolerance of flavio's
adaptive quadrature. With its own inputs flavio differs from our default set by the form factors of B -> K and B -> K*,
the CKM parameters, X_t/s2_w and alpha_em, the lifetimes, and a K*+ mass of 895.5 MeV. It takes alpha_em at 4.8 GeV: the
Standard Model rates do not change, because its C_L_SM is scaled back, but the same new coefficient counts 3% less.
"""

import numpy as np
import pytest
from peers import coefficients, frozen, matched, relative_differences

PEER = frozen("flavio")
REFERENCES = PEER["references"]
STANDARD_MODEL = {
    "BR(B+->Knunu)": 4.706e-6,
    "BR(B0->Knunu)": 4.355e-6,
    "BR(B+->K*nunu)": 1.0578e-5,
    "BR(B0->K*nunu)": 9.813e-6,
}
INTEGRALS = ("BR(", "<dBR", "<FL>")


@pytest.fixture(scope="module")
def differences() -> np.ndarray:
    points = [(coefficients(point["coefficients"]), point["values"]) for point in PEER["points"]]
    return relative_differences(points, REFERENCES, matched(PEER["inputs"]))


def test_the_frozen_file_holds_the_numbers_that_flavio_is_known_for():
    values = dict(zip((name for name, *_ in REFERENCES), PEER["points"][0]["values"], strict=True))
    for name, value in STANDARD_MODEL.items():
        assert values[name] == pytest.approx(value, rel=2e-4)


def test_the_frozen_points_reach_every_kind_of_coefficient():
    names = {name for point in PEER["points"] for name in point["coefficients"]}
    assert len(names) == 18
    assert any(value[1] for point in PEER["points"] for value in point["coefficients"].values())


def test_standard_model_branching_ratios_agree(differences):
    columns = [i for i, (name, *_) in enumerate(REFERENCES) if name in STANDARD_MODEL]
    assert len(columns) == 4
    assert np.abs(differences[0, columns]).max() < 5e-6


def test_spectra_and_polarisation_agree_to_rounding_at_every_point(differences):
    columns = [i for i, (name, *_) in enumerate(REFERENCES) if not name.startswith(INTEGRALS)]
    assert np.abs(differences[:, columns]).max() < 1e-13


def test_integrals_agree_to_the_tolerance_of_flavio_at_every_point(differences):
    columns = [i for i, (name, *_) in enumerate(REFERENCES) if name.startswith(INTEGRALS)]
    assert np.abs(differences[:, columns]).max() < 5e-6
