"""Freezes predictions of flavio for meson mixing: `python tests/validation/freeze_mixing.py`."""

import json
from pathlib import Path

import flavio
import numpy as np
import wilson
from flavio.physics import ckm
from flavio.physics.mesonmixing import amplitude
from flavio.physics.running import running

FILE = Path(__file__).parent / "frozen" / "flavio_mixing.json"
OPERATORS = ("CVLL", "CVRR", "CVLR", "CSLL", "CSRR", "CSLR", "CTLL", "CTRR")
GROUPS = {
    "B_s": ("Bs", "bsbs", "WET", ("b", "s"), 3e-11, ("DeltaM_s", "S_psiphi")),
    "B0": ("B0", "bdbd", "WET", ("b", "d"), 1e-12, ("DeltaM_d", "S_psiK")),
    "K0": ("K0", "sdsd", "WET-3", ("s", "d"), 2e-16, ("eps_K",)),
}
"""Ours -> flavio's meson, flavours in names, theory, quarks, size of coefficients in GeV^-2, observables."""


def common(par):
    V = ckm.get_ckm(par)
    s13 = abs(V[0, 2])
    lambda_ = abs(V[0, 1]) / np.sqrt(1 - s13**2)
    apex = -V[0, 0] * V[0, 2].conj() / (V[1, 0] * V[1, 2].conj())
    wolfenstein = (lambda_, abs(V[1, 2]) / np.sqrt(1 - s13**2) / lambda_**2, apex.real, apex.imag)
    names = ("ckm_lambda", "ckm_A", "ckm_rhobar", "ckm_etabar")
    return dict(zip(names, map(float, wolfenstein), strict=True)) | {
        "G_F": par["GF"],
        "m_W": par["m_W"],
        "m_Z": par["m_Z"],
        "alpha_s": par["alpha_s"],
        "m_c(m_c)": par["m_c"],
        "m_t(m_t)": float(running.get_mt_mt(par)),
        "eta_B": par["eta_tt_B0"],
        "eta_tt_K": par["eta_tt_K0_ut"],
        "eta_ut_K": par["eta_ut_K0_ut"],
        "eta_tt_K(c-t)": par["eta_tt_K0"],
        "eta_ct_K": par["eta_ct_K0"],
        "eta_cc_K": par["eta_cc_K0"],
        "kappa_epsilon": par["kappa_epsilon"],
        "DeltaM_K": par["DeltaM_K0"],
    }


def one(par, rng, group):
    meson, flavours, theory, quarks, size, observables = GROUPS[group]
    scale = flavio.config["renormalization scale"][meson + " mixing"]
    points = []
    for operators in ((), *((operator,) for operator in OPERATORS), OPERATORS, OPERATORS):
        values = {f"{name}_{flavours}": complex(*rng.normal(0.0, size, 2)) for name in operators}
        if values:
            point = wilson.Wilson(values, scale, theory, "flavio")
            found = [float(flavio.np_prediction(name, point)) for name in observables]
        else:
            found = [float(flavio.sm_prediction(name)) for name in observables]
        written = {name: [value.real, value.imag] for name, value in values.items()}
        points.append({"coefficients": written, "values": found})
    standard_model = amplitude.M12_d_SM(par, meson)
    return {
        "scale": scale,
        "scalars": {f"m_{group}": par["m_" + meson]},
        "decay_constant": par["f_" + meson],
        "bag": [par[f"bag_{meson}_{n}"] for n in (1, 2, 3, 4, 5)],
        "quark_masses": [float(running.get_mq(quark, par, scale)) for quark in quarks],
        "observables": observables,
        "M12": [standard_model.real, standard_model.imag],
        "points": points,
    }


if __name__ == "__main__":
    par = flavio.default_parameters.get_central_all()
    rng = np.random.default_rng(7)
    found = {"peer": f"flavio {flavio.__version__}, wilson {wilson.__version__}", "scalars": common(par)}
    found |= {group: one(par, rng, group) for group in GROUPS}
    flavio.config["implementation"]["K mixing unitarity"] = "ct"
    found["eps_K, c-t unitarity"] = float(flavio.sm_prediction("eps_K"))
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
