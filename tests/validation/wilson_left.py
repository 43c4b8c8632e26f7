"""wilson's tree-level matching onto LEFT and its running below m_Z, made linear; needs nothing but wilson."""

import sys
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from wilson.match import smeft_tree
from wilson.run.wet import adm, definitions, rge
from wilson.translate.wet import rotate_down
from wilson.util import smeftutil

from dineutrino.eft.names.jms import jms_to_mapping
from dineutrino.eft.names.warsaw import wcxf_class
from dineutrino.running.jms_classes import CLASSES, from_arrays, shape
from dineutrino.running.warsaw_classes import arrays, rotated

sys.path.append(str(Path(__file__).parents[1]))

SIZE = 1e-11
NOTHING = smeftutil.C_array2dict(np.zeros(9999, complex))
MEASURED = {"alpha_e": 1 / 127.9, "GF": 1.1663787e-5, "m_W": 80.385}
FLAVOURS, BETA_0 = 5, 23 / 3
CONJUGATED = ("VddLL_1231", "VddRR_1231")
ANGLES = {"Vus": 0.2243, "Vub": 3.62e-3, "Vcb": 4.221e-2, "gamma": 1.27}


def matched(coefficients, V):
    """Class -> array of LEFT, from those of the down-aligned Warsaw basis; half the difference of both signs."""
    aligned_up = arrays(rotated(coefficients, {"q": V}))
    up = NOTHING | {wcxf_class(cls): np.asarray(value) for cls, value in aligned_up.items()}
    parts = [smeft_tree.match_all_array({k: s * SIZE * v for k, v in up.items()}, MEASURED) for s in (1, -1)]
    found = {cls: (parts[0][cls] - parts[1][cls]) / (2 * SIZE) for cls in parts[0]}
    return {cls: sized(value, cls) for cls, value in rotate_down(found, ANGLES).items() if cls in CLASSES}


def by_name(found):
    """Name -> value, from class -> array."""
    return jms_to_mapping(from_arrays({cls: jnp.asarray(value, complex) for cls, value in found.items()}))


def sized(array, cls):
    """Without top quarks."""
    return np.asarray(array)[tuple(slice(n) for n in shape(cls))]


def slopes(values, sm):
    """16 pi^2 dC/dln(mu) by name, from values by name, with five flavours.

    Three mends. The anomalous dimension of G and Gtilde is that of the coefficients, while the unit is 1/g: nothing is
    subtracted for the unit. Units of dipoles, m/g and e m/g^2, run in QCD alone, but the exponents include the running
    of m in QED: 6 Q^2 is taken off. VddXX_1231 mixes with VddXX_1123 without the complex conjugation that its flavours
    ask for: it is conjugated, as an input and as an output.
    """
    values = {name: np.conj(value) if name in CONJUGATED else value for name, value in values.items()}
    masses = dict(zip(("m_u", "m_c"), map(float, sm.masses.up), strict=True))
    masses |= dict(zip(("m_d", "m_s", "m_b"), map(float, sm.masses.down), strict=True))
    masses |= dict(zip(("m_e", "m_mu", "m_tau"), map(float, sm.masses.lepton), strict=True))
    g, e = float(sm.g3), float(sm.e)
    parameters = masses | {"alpha_s": g**2 / (4 * np.pi), "alpha_e": e**2 / (4 * np.pi)}
    found = {}
    for sector, kind in definitions.sectors.items():
        names = [name for name in definitions.coeffs[sector] if name in values]
        if kind == "inv" or not names:
            found |= dict.fromkeys(names, 0.0)
            continue
        units = np.array([rge.scale_C(name, parameters) for name in names])
        arguments = (FLAVOURS, *(masses["m_" + f] for f in ("u", "d", "s", "c", "b", "e", "mu", "tau")))
        gamma = g**2 * getattr(adm, "adm_s_" + kind)(*arguments) + e**2 * getattr(adm, "adm_e_" + kind)(*arguments)
        start = np.array([values[name] for name in names])
        of_units = np.array([unit_slope(name, g**2, e**2) for name in names])
        slope = gamma.T @ (units * start) / units - of_units * start
        found |= dict(zip(names, slope, strict=True))
    return {name: np.conj(slope) if name in CONJUGATED else slope for name, slope in found.items()}


def unit_slope(name, g2, e2):
    """16 pi^2 d/dln(mu) of the logarithm of g/m and g^2/(e m)."""
    cls = name.split("_")[0]
    masses = {"u": 8 * g2 + 6 * 4 / 9 * e2, "d": 8 * g2 + 6 / 9 * e2, "e": 6 * e2}
    if cls in rge.qG:
        return masses[cls[0]] - BETA_0 * g2
    return masses[cls[0]] - 2 * BETA_0 * g2 if cls in rge.qgamma + rge.lgamma else 0.0
