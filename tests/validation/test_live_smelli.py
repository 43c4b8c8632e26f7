"""The frozen numbers of smelli are those of the one that is installed."""

import numpy as np
import pytest
from peers import frozen

pytestmark = [pytest.mark.validation, pytest.mark.slow]
freeze_smelli = pytest.importorskip("freeze_smelli", reason="smelli is not installed", exc_type=ImportError)


def test_first_point():
    found, expected = freeze_smelli.peer(freeze_smelli.points()[:1]), frozen("smelli")
    assert found["peer"] == expected["peer"]
    assert np.asarray(found["standard model"]) == pytest.approx(np.asarray(expected["standard model"]), rel=1e-6)
    one, other = found["points"][0], expected["points"][0]
    assert one["coefficients"] == other["coefficients"]
    assert np.asarray(one["values"]) == pytest.approx(np.asarray(other["values"]), rel=1e-5)
    for part, value in one["log_likelihoods"].items():
        # that of quarks differs by 0.2% between two installations of smelli
        assert value == pytest.approx(other["log_likelihoods"][part], rel=1e-2 if part == "quarks" else 1e-4)
