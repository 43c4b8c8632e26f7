"""The numbers of the Corfu slides of 2024 against those they print, and against an independent computation."""

import pytest

from dineutrino.reproduce import NUMBERS


@pytest.fixture(scope="module")
def rows():
    return {(row.where, row.what): row for row in NUMBERS["valencia2024"](True).rows}


@pytest.mark.slow
@pytest.mark.parametrize(("where", "what", "expected", "rel"), [
    ("b -> s", "smallest C_S for the excess at 1 GeV", 5.14e-5, 3e-3),
    ("b -> s", "largest C_S for the excess at 1 GeV", 10.70e-5, 3e-3),
    ("relic density", "eta(x, z) at z = 0", 1.7278, 1e-4),
    ("relic density", "eta(x, z) at z = 1", 0.4242, 2e-4),
    ("relic density", "C_ss that is needed at 0.55 GeV", 0.100, 5e-3),
    ("relic density", "C_ss that is needed at 1 GeV", 0.126, 5e-3),
    ("direct detection", "m_s/m_d f_Td/f_Ts of the proton", 16.84, 3e-4),
    ("direct detection", "m_s/m_d f_Td/f_Ts of the neutron", 24.82, 3e-4),
    ("direct detection", "C_dd/C_ds of the benchmark", 0.2, 1e-12),
    ("direct detection", "C_dd/C_ss of the benchmark", 0.04, 1e-12),
    ("direct detection", "cross section on xenon, 1 GeV, R = 0", 1.42e-38 * 1.26**2, 0.015),
    ("direct detection", "the same at R = -0.04", 2.7e-40 * 1.26**2, 0.06),
    ("h -> gg", "v^2/(m_Q m_D) at 3 TeV", 0.0067, 0.01),
    ("h -> gg", "Gamma over that of the Standard Model, y_1 y_2* = 1", (1 - 0.060623 / 9) ** 2, 1e-5),
    ("b -> s gamma", "smallest C_S over what it allows", 5.14 / 260, 3e-3),
    ("b -> s gamma", "largest C_S over what it allows", 10.70 / 260, 3e-3),
])  # fmt: skip
def test_numbers(rows, where, what, expected, rel):
    assert rows[where, what].ours == pytest.approx(expected, rel=rel)


@pytest.mark.slow
def test_what_is_not_calculated_says_why(rows):
    words = [row for row in rows.values() if isinstance(row.ours, str)]
    assert [row.where for row in words] == ["mixing"]
    assert all(row.difference for row in words)
