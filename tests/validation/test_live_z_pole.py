"""Random points of SMEFT at m_Z against flavio as it is installed."""

import jax
import pytest
from z_pole_peer import changes, matched

from dineutrino.observables.z_pole import Pole, predictions

pytestmark = pytest.mark.validation
freeze_z_pole = pytest.importorskip("freeze_z_pole", reason="flavio is not installed", exc_type=ImportError)


@pytest.mark.slow
def test_hundred_points():
    peer = freeze_z_pole.peer(100, seed=11)
    found = changes(peer, jax.jit(predictions), Pole.of(matched(peer)))
    assert len(found) == 100 * len(peer["observables"])
    for name, ours, theirs in found:
        assert ours == pytest.approx(theirs, abs=1e-4), name
