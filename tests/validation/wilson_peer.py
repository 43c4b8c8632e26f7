"""wilson as a peer: its one-loop right-hand side, its bases, and SMEFT coefficients run into branching ratios."""

import sys
from pathlib import Path

import flavio
import numpy as np
import wilson
from wilson.run.smeft.beta import beta
from wilson.run.wet import WETrunner, adm, definitions
from wilson.util import smeftutil
from wilson.util.qcd import alpha_s as _alpha_s

from dineutrino.eft.smeft import wcxf_class
from dineutrino.running.vector_classes import CLASSES

sys.path.append(str(Path(__file__).parents[1]))


def name(cls):
    """wilson's name of a class of ours."""
    return "phiWB" if cls == "HWB" else wcxf_class(cls)


def slopes(coefficients, sm):
    """16 pi^2 dC/dln(mu), by class."""
    values = {name(cls): np.asarray(getattr(coefficients, cls)) for cls in CLASSES}
    values |= {"gp": float(sm.g1), "g": float(sm.g2), "gs": float(sm.g3), "Lambda": float(sm.lambda_), "m2": 0.0}
    values |= {"Gu": np.asarray(sm.Yu), "Gd": np.asarray(sm.Yd), "Ge": np.asarray(sm.Ye)}
    values |= {"Theta": 0.0, "Thetap": 0.0, "Thetas": 0.0}
    found = beta(smeftutil.add_missing(values), HIGHSCALE=1)
    return {cls: np.asarray(found[name(cls)]) for cls in CLASSES}


def basis(eft, name):
    """All names of a basis."""
    return [key for sector in wilson.wcxf.Basis[eft, name].sectors.values() for key in sector]


def at_m_z(coefficient, mu_uv=1000.0, size=1e-10):
    """SMEFT coefficients at m_Z per unit of one coefficient at mu_uv."""
    point = wilson.Wilson({coefficient: size}, mu_uv, "SMEFT", "Warsaw").match_run(91.1876, "SMEFT", "Warsaw")
    return {key: value / size for key, value in point.dict.items()}


def translate(values, source, target):
    """Coefficients of the WET in another basis."""
    point = wilson.wcxf.WC("WET", source, 4.8, wilson.wcxf.WC.dict2values(values))
    return point.translate(target).dict


def run_left(values, mu_high, mu_low, qed=True):
    """JMS coefficients at another scale."""
    point = wilson.wcxf.WC("WET", "JMS", mu_high, wilson.wcxf.WC.dict2values(values))
    return WETrunner(point, qed_order=int(qed)).run(mu_low).dict


def alpha_s(mu):
    """With five flavours."""
    return _alpha_s(mu, 5)


def left_sources():
    """Name -> names that run into it in QCD or QED, of the JMS basis with five flavours, for any quark masses."""
    masses = np.linspace(1.1, 2.9, 8)
    found = {}
    for sector, cls in definitions.sectors.items():
        names = definitions.coeffs[sector]
        for coupling in "se" if cls != "inv" else "":
            gamma = np.asarray(getattr(adm, f"adm_{coupling}_{cls}")(5, *masses))
            for source, sink in np.argwhere(gamma):
                found.setdefault(names[sink], set()).add(names[source])
    return found


def branching_ratios(coefficients, mu_uv, names):
    """flavio's, from SMEFT coefficients in GeV^-2."""
    point = wilson.Wilson(dict(coefficients), mu_uv, "SMEFT", "Warsaw")
    return [flavio.np_prediction(each, point) for each in names]


def ckm():
    """The matrix with which flavio normalises."""
    return flavio.physics.ckm.get_ckm(flavio.default_parameters.get_central_all())
