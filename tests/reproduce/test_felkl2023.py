"""The numbers of arXiv:2309.02940 beside ours."""

import pytest

from dineutrino.reproduce import NUMBERS


@pytest.mark.slow
def test_numbers():
    """Factors of running as printed; 0.0362 of the limit and the masses by an independent computation."""
    rows = NUMBERS["felkl2023"](True).rows
    assert [row.where for row in rows] == ["section 2"] * 2 + ["section 4"] + ["section 5"] * 4
    numbers = [row.ours for row in rows if isinstance(row.ours, float)]
    assert numbers[:2] == pytest.approx([1.608, 0.853], rel=3e-3)
    assert numbers[2] == pytest.approx(0.0362, abs=0.0016)
    assert numbers[3:] == pytest.approx([7.07, 4.08, 4.08], rel=2e-3)
    assert all(row.difference for row in rows if row.paper in ("O(6)", "at tree level"))
