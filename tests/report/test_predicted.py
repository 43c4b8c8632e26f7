"""The axis of predictions beside measurements."""

import pytest

from dineutrino.report.plots.predicted import NAMES_FROM, ends


@pytest.mark.parametrize(
    ("least", "reach", "named", "expected"),
    [
        (0.0, 5.0, 2.0, (0.0, 5.4)),
        (0.0, 5.0, 7.2, (0.0, 7.2 / NAMES_FROM)),
        (0.02, 5.0, 2.0, (0.0, 5.4)),
        (-1.0, 5.0, 2.0, (-1.08, 5.4)),
        (-1.0, -0.5, 0.0, (-1.08, -1.08 + 1.08 / NAMES_FROM)),
        (0.0, 0.0, 0.0, (0.0, 1.0)),
    ],
)
def test_the_axis_holds_zero_and_what_is_shown(least, reach, named, expected):
    found = ends(least, reach, named)
    assert found == pytest.approx(expected)
    assert found[0] <= least <= reach <= found[1]
    assert found[0] <= 0 < found[1]
