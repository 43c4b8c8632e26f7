"""The frozen numbers of freeze_mediators.py are those of flavio and wilson as installed."""

import numpy as np
import pytest
from mediator_points import FIELDS, points
from peers import frozen

pytestmark = [pytest.mark.validation, pytest.mark.slow]
freeze = pytest.importorskip("freeze_mediators", reason="flavio is not installed", exc_type=ImportError)


def test_versions_and_observables():
    expected = frozen("flavio_mediators")
    assert freeze.version() == expected["peer"]
    assert [list(reference) for reference in freeze.references()] == expected["observables"]
    assert freeze.standard_model(freeze.references()) == pytest.approx(expected["standard model"], rel=1e-9)
    assert list(expected["points"]) == list(FIELDS)


@pytest.mark.parametrize(("field", "point"), [("R2t", 3), ("U1", 11), ("Zprime", 7), ("VLQ_Q1", 19)])
def test_points(field, point):
    expected = frozen("flavio_mediators")
    found = freeze.at(field, *points(field)[point], freeze.references())
    assert np.asarray(found) == pytest.approx(np.asarray(expected["points"][field][point]), rel=1e-6)
