"""arXiv:2404.06533: b -> s nu nubar and all that moves with it if new physics couples to one direction of quarks.

Inputs are those of the paper as far as it prints them, and fixed. Coefficients of heavy fields are those at 1 TeV; the
best fits that the paper prints come out where currents of neutrinos do not run from there, so they do not here. Figures
9 to 13 are A1, B2, B3, B4 and C5 of the appendices.
"""

from dineutrino.reproduce.figure import Make
from dineutrino.reproduce.marzocca2024 import angles, global_fit, left, lepton_number, mediators, planes
from dineutrino.reproduce.marzocca2024.tables import numbers

FIGURES: dict[int, Make] = {
    1: left.figure_1,
    2: angles.figure_2,
    3: left.figure_3,
    4: mediators.figure_4,
    5: mediators.figure_5,
    6: mediators.figure_6,
    7: mediators.figure_7,
    8: global_fit.figure_8,
    9: left.figure_a1,
    10: planes.figure_b2,
    11: planes.figure_b3,
    12: planes.figure_b4,
    13: lepton_number.figure_c5,
}

__all__ = ["FIGURES", "numbers"]
