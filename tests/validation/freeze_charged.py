"""Freezes charged currents of flavio with our form factors: `python tests/validation/freeze_charged.py`.

flavio lacks a factor sqrt2 in one of the two tensor amplitudes of B -> P, where both occur in arXiv:1506.03970: R(D) is
without tensors, for which there is EOS.
"""

import json
from pathlib import Path

import flavio
import numpy as np
import wilson
import yaml
from flavio.classes import Implementation
from flavio.physics import ckm
from flavio.physics.bdecays.wilsoncoefficients import get_CVLSM
from flavio.physics.running import running

HERE = Path(__file__).parent
FILE = HERE / "frozen" / "flavio_charged.json"
FITS = HERE.parents[1] / "src/dineutrino/inputs/data/form_factors"
OBSERVABLES = ("Rtaul(B->Dlnu)", "Rtaul(B->D*lnu)", "FLtot(B0->D*taunu)", "BR(B+->taunu)", "BR(Bc->taunu)")
OPERATORS = ("CVL", "CVR", "CSL", "CSR", "CT")
NAMES = {"f_plus": "f+", "f_0": "f0", "f_T": "fT"}
POLES = {"f_plus": "1-", "f_T": "1-", "f_0": "0+", "A_0": "0-", "V": "1-", "T_1": "1-"}


def z(q2, m_B, m_M):
    total = (m_B + m_M) ** 2
    middle = total * (1 - np.sqrt(1 - (m_B - m_M) ** 2 / total))
    a, b = np.sqrt(total - q2), np.sqrt(total - middle)
    return (a - b) / (a + b)


def implement(folder, quantity):
    """The series of arXiv:1503.05534 with the numbers of a file, in place of flavio's choice."""
    fit = yaml.safe_load((FITS / folder / "GKvD2018.yaml").read_text(encoding="utf-8"))
    masses, rows = fit["constants"], dict(fit["coefficients"])
    m_B, m_M = masses["m_B"], masses["m_M"]
    if "f_0" in rows:
        rows["f_0"] = [rows["f_plus"][0], *rows["f_0"]]
    else:
        rows["A_12"] = [rows["A_0"][0] * (m_B**2 - m_M**2) / (8 * m_B * m_M), *rows["A_12"]]
        rows["T_2"] = [rows["T_1"][0], *rows["T_2"]]

    def form_factors(wc_obj, par_dict, q2):
        x = z(q2, m_B, m_M) - z(0.0, m_B, m_M)
        return {
            NAMES.get(name, name.replace("_", "")): float(np.polyval(row[::-1], x))
            / (1 - q2 / masses["m_" + POLES.get(name, "1+")] ** 2)
            for name, row in rows.items()
        }

    name = f"{quantity} of a file"
    implementation = Implementation(name=name, quantity=quantity, function=form_factors)
    implementation.set_description(name)
    flavio.config["implementation"][quantity] = name


if __name__ == "__main__":
    implement("B_to_D", "B->D form factor")
    implement("B_to_Dstar", "B->D* form factor")
    par = flavio.default_parameters.get_central_all()
    rng = np.random.default_rng(11)
    V = ckm.get_ckm(par)
    s13 = abs(V[0, 2])
    lambda_ = abs(V[0, 1]) / np.sqrt(1 - s13**2)
    apex = -V[0, 0] * V[0, 2].conj() / (V[1, 0] * V[1, 2].conj())
    mesons = ("m_B0", "m_B+", "m_D+", "m_D*+", "m_e", "m_mu", "m_tau", "tau_B+", "f_B+")
    scalars = {
        "ckm_lambda": lambda_,
        "ckm_A": abs(V[1, 2]) / np.sqrt(1 - s13**2) / lambda_**2,
        "ckm_rhobar": apex.real,
        "ckm_etabar": apex.imag,
        "G_F": par["GF"],
        "eta_EW": get_CVLSM(par, 4.8, 5),
        "m_b": running.get_mb(par, 4.8),
        "m_c": running.get_mc(par, 4.8),
        "m_u(2 GeV)": running.get_mu(par, 4.8),
        "m_B_c": par["m_Bc"],
        "tau_B_c": par["tau_Bc"],
        "f_B_c": par["f_Bc"],
    } | {name: par[name] for name in mesons}
    points = []
    for quarks, leptons in (
        ("", ""),
        *((q, p) for q in ("bc", "bu") for p in ("taunutau", "taunumu", "munumu", "enutau")),
    ):
        values = {f"{name}_{quarks}{leptons}": complex(*rng.normal(0.0, 0.15, 2)) for name in OPERATORS if quarks}
        if values:
            point = wilson.Wilson(values, 4.8, "WET", "flavio")
            others = {name: value for name, value in values.items() if not name.startswith("CT")}
            first = flavio.np_prediction(OBSERVABLES[0], wilson.Wilson(others, 4.8, "WET", "flavio"))
            found = [float(first), *(float(flavio.np_prediction(name, point)) for name in OBSERVABLES[1:])]
        else:
            found = [float(flavio.sm_prediction(name)) for name in OBSERVABLES]
        written = {name: [value.real, value.imag] for name, value in values.items()}
        points.append({"coefficients": written, "values": found})
    content = {
        "peer": f"flavio {flavio.__version__}, wilson {wilson.__version__}",
        "scalars": {name: float(value) for name, value in scalars.items()},
        "observables": OBSERVABLES,
        "points": points,
    }
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
