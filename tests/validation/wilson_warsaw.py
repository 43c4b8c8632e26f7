"""wilson's one-loop running of the whole Warsaw basis, with three terms mended; needs nothing but wilson."""

import sys
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from scipy.integrate import solve_ivp
from wilson.run.smeft import SMEFT
from wilson.run.smeft.beta import beta
from wilson.util import smeftutil

from dineutrino.eft.names.warsaw import wcxf_class
from dineutrino.running.couplings import Couplings
from dineutrino.running.violating_classes import like_qqql
from dineutrino.running.warsaw_classes import CLASSES, arrays

sys.path.append(str(Path(__file__).parents[1]))

NOTHING = smeftutil.C_array2dict(np.zeros(9999, complex))


def mended(values):
    """16 pi^2 dC/dln(mu) in wilson's names.

    Three mends. ee' lacks the symmetry C_prst = C_ptsr of its operator (issues 111, 126): restored. In dphi', quqd1 is
    contracted with the transpose of Yu Yu^dagger Yu where its complex conjugate has the right flavour indices. qqql'
    lacks the symmetry of its operator in the terms of qque and duql, which duql' and the names rely on: restored.
    """
    found = dict(beta(values, HIGHSCALE=1))
    found["ee"] = (found["ee"] + found["ee"].transpose(0, 3, 2, 1)) / 2
    Yu = values["Gu"]
    cube = Yu @ Yu.conj().T @ Yu
    wrong = (cube.conj() - cube.T).reshape(9) @ values["quqd1"].reshape(9, 9)
    found["dphi"] = found["dphi"] - 12 * wrong.reshape(3, 3)
    found["qqql"] = like_qqql(jnp.asarray(found["qqql"], complex))
    return found


def standard_model(sm):
    """In wilson's names, without a mass term and angles."""
    values = {"gp": float(sm.g1), "g": float(sm.g2), "gs": float(sm.g3), "Lambda": float(sm.lambda_), "m2": 0.0}
    values |= {"Gu": np.asarray(sm.Yu), "Gd": np.asarray(sm.Yd), "Ge": np.asarray(sm.Ye)}
    return values | {"Theta": 0.0, "Thetap": 0.0, "Thetas": 0.0}


def slopes(coefficients, sm):
    """16 pi^2 dC/dln(mu), by class of ours."""
    values = {wcxf_class(cls): np.asarray(value) for cls, value in arrays(coefficients).items()} | standard_model(sm)
    found = mended(smeftutil.add_missing(values))
    return {cls: np.asarray(found[wcxf_class(cls)]) for cls in CLASSES}


def integrated(values, start, end, size=0.0):
    """Arrays and couplings at another scale, to 1e-7 of couplings of order one and of coefficients of a given size."""

    def slope(_, y):
        found = mended(smeftutil.C_array2dict(y.view(complex)))
        return smeftutil.C_dict2array(found).view(float) / (16 * np.pi**2)

    begin = smeftutil.C_dict2array(values).view(float)
    sizes = smeftutil.C_array2dict(np.full(9999, (1 + 1j) * (size or 1.0)))
    sizes |= {name: np.full(np.shape(sizes[name]), 1 + 1j) for name in smeftutil.dim4_keys}
    error = 1e-7 * np.abs(smeftutil.C_dict2array(sizes).view(float))
    ends = (np.log(start), np.log(end))
    solution = solve_ivp(slope, ends, begin, method="DOP853", rtol=1e-7, atol=error)
    return smeftutil.C_array2dict(solution.y[:, -1].view(complex))


def high_couplings(mu_uv, sm, m_z):
    """wilson's Standard Model at mu_uv in the down basis there."""
    high = SMEFT._rotate_defaultbasis(integrated(NOTHING | standard_model(sm), m_z, mu_uv))
    return {name: high[name] for name in smeftutil.dim4_keys}


def slopes_of_violating(coefficients, sm, mend=True):
    """16 pi^2 dC/dln(mu) of the classes that violate lepton or baryon number; without the mends if so wanted."""
    values = {cls: np.asarray(value) for cls, value in vars(coefficients).items()} | standard_model(sm)
    values = smeftutil.add_missing(values)
    found = mended(values) if mend else beta(values, HIGHSCALE=1)
    return {cls: np.asarray(found[cls]) for cls in vars(coefficients)}


def as_ours(couplings):
    """wilson's Standard Model in our names."""
    gauge = (jnp.asarray(float(np.real(couplings[name]))) for name in ("gp", "g", "gs", "Lambda"))
    return Couplings(*gauge, *(jnp.asarray(couplings[name], complex) for name in ("Gu", "Gd", "Ge")))


def violating_at(coefficients, mu_uv, couplings, mu, size=1e-16):
    """Names and values at mu from those at mu_uv of what violates lepton or baryon number, in the basis at mu_uv.

    wilson would turn the phases of all fields, which these operators see: of leptons to those of a mixing matrix.
    """
    start = smeftutil.wcxf2arrays_symmetrized({name: size * value for name, value in coefficients.items()})
    low = integrated(NOTHING | start | couplings, mu_uv, mu, size)
    found = smeftutil.arrays2wcxf_nonred(low)
    return {name: value / size for name, value in found.items()}


def at_m_z(coefficients, mu_uv, couplings, m_z, size=1e-16):
    """Names and values at m_Z in the down basis there, from those at mu_uv in the down basis there.

    So small in GeV^-2 that they do not act back on the couplings.
    """
    start = smeftutil.wcxf2arrays_symmetrized({name: size * value for name, value in coefficients.items()})
    low = integrated(NOTHING | start | couplings, mu_uv, m_z, size)
    found = smeftutil.arrays2wcxf_nonred(SMEFT._rotate_defaultbasis(low))
    return {name: value / size for name, value in found.items()}
