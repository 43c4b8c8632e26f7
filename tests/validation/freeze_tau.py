"""Freezes decays of the tau of flavio, over its Standard Model: `python tests/validation/freeze_tau.py`.

In decays of the muon flavio knows the neutrinos of the Standard Model alone. No point has left- and right-handed
charged leptons with the same neutrinos: flavio lacks sqrt(x) in their interference.
"""

import json
from pathlib import Path

import flavio
import numpy as np
import wilson
from flavio.physics import ckm
from flavio.physics.running import running

FILE = Path(__file__).parent / "frozen" / "flavio_tau.json"
SCALE = 2.0
OBSERVABLES = ("BR(tau->enunu)", "BR(tau->mununu)", "BR(tau->pinu)", "BR(tau->Knu)")
LEPTONS = ("CVLL_nutaunueetau", "CVLL_numunueetau", "CVLR_nutaunumuetau", "CVLL_nutaunumumutau", "CVLR_numunuemutau")
MUON = ("CVLL_numunueemu",)
QUARKS = tuple(f"{name}_{q}utaunu{nu}" for q in "ds" for name in ("CVL", "CVR", "CSL", "CSR") for nu in ("tau", "mu"))

if __name__ == "__main__":
    flavio.config["renormalization scale"]["taudecays"] = SCALE
    par, rng = flavio.default_parameters.get_central_all(), np.random.default_rng(17)
    fermi, V = 4 * par["GF"] / np.sqrt(2), ckm.get_ckm(par)
    scalars = {name: par[name] for name in ("m_tau", "m_mu", "m_e", "m_pi+", "m_K+")} | {
        "G_F": par["GF"],
        "m_u(2 GeV)": running.get_mu(par, SCALE),
        "m_d(2 GeV)": running.get_md(par, SCALE),
    }
    standard_model = [float(flavio.sm_prediction(name)) for name in OBSERVABLES]
    points = []
    for names in (LEPTONS, MUON, QUARKS, (*LEPTONS, *MUON), *((name,) for name in (*LEPTONS, *MUON))):
        sizes = {name: 0.02 if name.startswith("CS") else 0.1 for name in names}
        relative = {name: complex(*rng.normal(0.0, size, 2)) for name, size in sizes.items()}
        unit = {name: fermi if name in (*LEPTONS, *MUON) else 1.0 for name in names}
        values = {name: value * unit[name] for name, value in relative.items()}
        point = wilson.Wilson(values, SCALE, "WET-4", "flavio")
        found = [
            float(flavio.np_prediction(name, point)) / s for name, s in zip(OBSERVABLES, standard_model, strict=True)
        ]
        written = {name: [value.real, value.imag] for name, value in relative.items()}
        points.append({"coefficients": written, "values": found})
    content = {
        "peer": f"flavio {flavio.__version__}, wilson {wilson.__version__}",
        "scalars": {name: float(value) for name, value in scalars.items()},
        "m_s(2 GeV)": float(running.get_ms(par, SCALE)),
        "observables": OBSERVABLES,
        "standard_model": standard_model,
        "V_ud, V_us": [[V[0, i].real, V[0, i].imag] for i in (0, 1)],
        "points": points,
    }
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
