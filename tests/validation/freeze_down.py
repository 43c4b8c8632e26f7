"""Freezes predictions of flavio for decays with a down quark: `python tests/validation/freeze_down.py`.

flavio multiplies a coefficient of s -> d, which is normalised to V_td* V_ts, by V_td V_ts*: it is given the complex
conjugates, with which the squares that it takes are the right ones.
"""

import json
from pathlib import Path

import flavio
import numpy as np
import wilson
from flavio.physics import ckm
from flavio.physics.bdecays.formfactors.common import z
from flavio.physics.bdecays.wilsoncoefficients import CL_SM
from flavio.physics.kdecays.kpinunu import kpinunu_charm
from flavio.physics.running.running import get_alpha

FILE = Path(__file__).parent / "frozen" / "flavio_down.json"
FLAVOURS = ("e", "mu", "tau")
MESONS = ("m_B+", "m_B0", "m_pi+", "m_pi0", "m_rho+", "m_rho0", "tau_B+", "tau_B0")
B_SCALE, K_SCALE = 4.8, flavio.config["renormalization scale"]["kdecays"]
B_REFERENCES = [
    *[(f"BR({mode}nunu)",) for mode in ("B+->pi", "B0->pi", "B+->rho", "B0->rho")],
    *[("dBR/dq2(B+->pinunu)", q2) for q2 in (0.1, 5.0, 20.0, 26.0)],
    *[("dBR/dq2(B0->rhonunu)", q2) for q2 in (0.5, 10.0, 20.0)],
    ("<dBR/dq2>(B0->pinunu)", 4.0, 8.0),
    ("<dBR/dq2>(B+->rhonunu)", 4.0, 8.0),
]
"""flavio has no F_L of B -> rho."""
PI = {"m_B": "m_B+", "m_M": "m_pi0", "m_1-": "m+"}
RHO = ("V", "A_0", "A_1", "A_12", "T_1", "T_2", "T_23")


def common(par, scale):
    V = ckm.get_ckm(par)
    s13 = abs(V[0, 2])
    lambda_ = abs(V[0, 1]) / np.sqrt(1 - s13**2)
    apex = -V[0, 0] * V[0, 2].conj() / (V[1, 0] * V[1, 2].conj())
    wolfenstein = (lambda_, abs(V[1, 2]) / np.sqrt(1 - s13**2) / lambda_**2, apex.real, apex.imag)
    names = ("ckm_lambda", "ckm_A", "ckm_rhobar", "ckm_etabar")
    return dict(zip(names, map(float, wolfenstein), strict=True)) | {
        "G_F": par["GF"],
        "s2_w": par["s2w"],
        "alpha_em": float(get_alpha(par, scale)["alpha_e"]),
        "C_L_SM": float(CL_SM(par, scale)),
    }


def coefficients(rng, quarks, diagonal):
    names = [f"C{X}_{quarks}nu{a}nu{b}" for X in "LR" for a in FLAVOURS for b in FLAVOURS if a == b or not diagonal]
    return {name: complex(*rng.normal(0.0, 7.0, 2)) for name in rng.choice(names, 3, replace=False)}


def predict(references, given, scale):
    if not given:
        return [float(flavio.sm_prediction(name, *arguments)) for name, *arguments in references]
    point = wilson.Wilson(given, scale, "WET", "flavio")
    return [float(flavio.np_prediction(name, point, *arguments)) for name, *arguments in references]


def series(par, name):
    """a0 to a3 from the value at q2 = 0 and the coefficients of z^k - z(0)^k, as in arXiv:2102.07233."""
    at_zero, b = par[f"B->pi BCL f_{name}(0)"], [par[f"B->pi BCL b_{name}^{k}"] for k in (1, 2, 3)]
    z_0 = z(par["B->pi BCL LMVD m_B+"], par["B->pi BCL LMVD m_pi0"], 0)
    first = 1 - sum(b_k * (z_0**k - (-1) ** (k - 4) * k / 4 * z_0**4) for k, b_k in enumerate(b, 1))
    return [float(at_zero * x) for x in (first, *b)]


def points(rng, references, quarks, scale, diagonal=False):
    found = []
    for values in ({}, *(coefficients(rng, quarks, diagonal) for _ in range(3))):
        theirs = {name: value.conjugate() if quarks == "sd" else value for name, value in values.items()}
        written = {name: [value.real, value.imag] for name, value in values.items()}
        found.append({"coefficients": written, "values": predict(references, theirs, scale)})
    return found


if __name__ == "__main__":
    par = flavio.default_parameters.get_central_all()
    rng = np.random.default_rng(5)
    pi = {f"f_{ours}": series(par, theirs) for ours, theirs in (("plus", "+"), ("T", "T"))}
    rho = {
        name: [par[f"B->rho BSZ a{n}_{name.replace('_', '')}"] for n in range(name in ("A_12", "T_2"), 3)]
        for name in RHO
    }
    X_c = float(kpinunu_charm(par) * abs(ckm.get_ckm(par)[0, 1]) ** 4)
    kaons = {
        "kappa_+": par["kappa_plus_tilde"],
        "kappa_L": par["kappa_L_tilde"],
        "Delta_EM": 0.0,
        "X_c_e": X_c,
        "X_c_tau/X_c_e": 1.0,
        "delta_P_cu": par["deltaPcu"],
    }
    found = {
        "peer": f"flavio {flavio.__version__}, wilson {wilson.__version__}",
        "form_factors": {
            "B->pi": {"coefficients": pi | {"f_0": [0.0, 0.0, 0.0]}, "parametrisation": "BCL",
                      "constants": {ours: par[f"B->pi BCL LMVD {theirs}"] for ours, theirs in PI.items()}},
            "B->rho": {"coefficients": rho, "parametrisation": "BSZ",
                       "constants": {"m_B": par["m_B0"], "m_M": par["m_rho0"], "m_0-": par["B->rho BCL m0"],
                                     "m_1-": par["B->rho BCL m1-"], "m_1+": par["B->rho BCL m1+"]}},
        },
        "b -> d": {
            "scalars": common(par, B_SCALE) | {name: par[name] for name in MESONS},
            "references": B_REFERENCES,
            "points": points(rng, B_REFERENCES, "bd", B_SCALE),
        },
        "s -> d": {
            "scalars": common(par, K_SCALE) | kaons,
            "references": [("BR(K+->pinunu)",)],
            "points": points(rng, [("BR(K+->pinunu)",)], "sd", K_SCALE),
        },
        "s -> d, no change of lepton flavour": {
            "scalars": common(par, K_SCALE) | kaons,
            "references": [("BR(K+->pinunu)",), ("BR(KL->pinunu)",)],
            "points": points(rng, [("BR(K+->pinunu)",), ("BR(KL->pinunu)",)], "sd", K_SCALE, diagonal=True),
        },
    }  # fmt: skip
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
