"""wilson's one-loop right-hand side of the whole Warsaw basis; needs nothing but wilson."""

import sys
from pathlib import Path

import numpy as np
from wilson.run.smeft.beta import beta
from wilson.util import smeftutil

from dineutrino.running.warsaw_classes import CLASSES, arrays

sys.path.append(str(Path(__file__).parents[1] / "running"))


def name(cls):
    """wilson's name of a class of ours."""
    if cls == "HWB":
        return "phiWB"
    return cls[0] + "phi" if cls in ("uH", "dH", "eH") else "phi" + cls[1:] if cls.startswith("H") else cls


def slopes(coefficients, sm):
    """16 pi^2 dC/dln(mu), by class.

    Two mends. ee' lacks the symmetry C_prst = C_ptsr of its operator (issues 111, 126): restored. In dphi', a product
    of three Yukawa matrices with quqd1 has indices of the wrong fields, the theory is not invariant under rotations of
    flavour: without quqd1 there.
    """

    def run(values):
        values = {name(cls): np.asarray(value) for cls, value in values.items()}
        values |= {"gp": float(sm.g1), "g": float(sm.g2), "gs": float(sm.g3), "Lambda": float(sm.lambda_), "m2": 0.0}
        values |= {"Gu": np.asarray(sm.Yu), "Gd": np.asarray(sm.Yd), "Ge": np.asarray(sm.Ye)}
        values |= {"Theta": 0.0, "Thetap": 0.0, "Thetas": 0.0}
        found = beta(smeftutil.add_missing(values), HIGHSCALE=1)
        return {cls: np.asarray(found[name(cls)]) for cls in CLASSES}

    values = arrays(coefficients)
    found = run(values)
    found["dH"] = run(values | {"quqd1": np.zeros((3, 3, 3, 3))})["dH"]
    found["ee"] = (found["ee"] + found["ee"].transpose(0, 3, 2, 1)) / 2
    return found
