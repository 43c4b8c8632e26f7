"""Write frozen/flavio_leptonic.json: mesons to two charged leptons in flavio, and its inputs by our names.

python tests/validation/freeze_leptonic.py
"""

import json
from pathlib import Path

import flavio
import numpy as np
from flavio.physics import ckm
from flavio.physics.bdecays import bll
from flavio.physics.bdecays.wilsoncoefficients import wctot_dict
from flavio.physics.kdecays import kll
from flavio.physics.kdecays.wilsoncoefficients import wilsoncoefficients_sm_sl
from flavio.physics.running import running
from leptonic_points import MODES, POINTS, QUARKS, points

FILE = Path(__file__).parent / "frozen" / "flavio_leptonic.json"
PARAMETERS = flavio.default_parameters.get_central_all()
SCALE = flavio.config["renormalization scale"]["bll"]


def common(alpha_em, C_10):
    """Inputs of both kinds of mesons; C_A is what gives the same C_10."""
    p, V = PARAMETERS, ckm.get_ckm(PARAMETERS)
    unit = np.sqrt(2) * p["GF"] * alpha_em / np.pi
    sine = abs(V[0, 1]) / np.hypot(abs(V[0, 0]), abs(V[0, 1]))
    apex = -V[0, 0] * V[0, 2].conj() / (V[1, 0] * V[1, 2].conj())
    return {
        "G_F": p["GF"], "alpha_em": alpha_em, "s2_w": p["s2w"], "m_W": p["m_W"], "m_t": 173.1, "alpha_s": 0.1184,
        "C_A": -C_10 * unit / 2 / (2 * (p["GF"] * p["m_W"] / np.pi) ** 2),
        "ckm_lambda": sine, "ckm_A": abs(V[1, 2] / V[0, 1]) / sine,
        "ckm_rhobar": apex.real, "ckm_etabar": apex.imag, "y_s": p["DeltaGamma/Gamma_Bs"] / 2,
        "m_e": p["m_e"], "m_mu": p["m_mu"], "m_tau": p["m_tau"],
    }  # fmt: skip


def inputs():
    """By the kind of meson, in powers of GeV."""
    p = PARAMETERS
    C_10 = wctot_dict(flavio.WilsonCoefficients(), "bsmumu", SCALE, p)["C10_bsmumu"]
    masses = {"m_b": running.get_mb, "m_s": running.get_ms, "m_d": running.get_md}
    b_mesons = common(running.get_alpha(p, 4.8)["alpha_e"], float(np.real(C_10)))
    b_mesons |= {name: float(get(p, SCALE, nf_out=5)) for name, get in masses.items()}
    b_mesons |= {"m_B_s": p["m_Bs"], "m_B0": p["m_B0"], "tau_B_s": p["tau_Bs"], "tau_B0": p["tau_B0"]}
    b_mesons |= {"f_B_s": p["f_Bs"], "f_B0": p["f_B0"]}
    kaons = common(p["alpha_e"], float(wilsoncoefficients_sm_sl(p, 2)["C10_t"]))
    kaons |= {"P_c(mumu)": 0.115, "m_d": 0.0, "m_K0": p["m_K0"], "f_K+": p["f_K0"]}
    kaons |= {"tau_K_L": p["tau_KL"], "tau_K_S": p["tau_KS"]}
    return {"B": {name: float(x) for name, x in b_mesons.items()}, "K": {name: float(x) for name, x in kaons.items()}}


def branching_ratio(meson, leptons, given):
    """With these coefficients at the scale of the decay, so that nothing runs."""
    first = next(name for name in ("e", "mu", "tau") if leptons.startswith(name))
    pair = (first, leptons.removeprefix(first))
    if meson.startswith("K"):
        wilson = flavio.WilsonCoefficients()
        wilson.set_initial(given, scale=2, eft="WET", basis="flavio")
        return kll.br_kll(PARAMETERS, wilson, meson, *pair, ld=meson == "KS")
    label = QUARKS[meson] + leptons
    if pair[0] != pair[1]:
        return bll.br_inst(PARAMETERS, dict.fromkeys(given, 0) | given, meson, *pair)
    total = wctot_dict(flavio.WilsonCoefficients(), label, SCALE, PARAMETERS)
    total = total | {name: total.get(name, 0) + value for name, value in given.items()}
    return (bll.br_timeint if meson == "Bs" else bll.br_inst)(PARAMETERS, total, meson, *pair)


def frozen():
    """By mode: at the random points, and in the Standard Model as the last number."""
    found = {}
    for meson, leptons in MODES:
        values = points(meson, leptons)
        at = [{name: complex(x[i]) for name, x in values.items()} for i in range(POINTS)]
        at.append(dict.fromkeys(values, 0j))
        found[f"{meson}->{leptons}"] = [float(branching_ratio(meson, leptons, given)) for given in at]
    return found


if __name__ == "__main__":
    content = {"peer": f"flavio {flavio.__version__}", "inputs": inputs(), "values": frozen()}
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
