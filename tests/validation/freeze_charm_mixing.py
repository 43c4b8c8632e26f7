"""Freezes x12 of the D0 of flavio without its Standard Model: `python tests/validation/freeze_charm_mixing.py`."""

import json
from pathlib import Path

import flavio
import numpy as np
import wilson
from flavio.physics.running import running

FILE = Path(__file__).parent / "frozen" / "flavio_charm_mixing.json"
OPERATORS = ("CVLL", "CVRR", "CVLR", "CSLL", "CSRR", "CSLR", "CTLL", "CTRR")
SCALE = 3.0

if __name__ == "__main__":
    flavio.config["renormalization scale"]["D0 mixing"] = SCALE
    par, rng = flavio.default_parameters.get_central_all(), np.random.default_rng(19)
    par |= {f"{kind}12_D a_{quarks}": 0.0 for kind in ("M", "Gamma") for quarks in ("bb", "bs", "ss")}
    points = []
    for operators in (*((operator,) for operator in OPERATORS), OPERATORS, OPERATORS):
        values = {f"{name}_ucuc": complex(*rng.normal(0.0, 1e-13, 2)) for name in operators}
        point = wilson.Wilson(values, SCALE, "WET-4", "flavio")
        value = flavio.Observable["x12_D"].prediction_par(par, point)
        points.append({"coefficients": {n: [v.real, v.imag] for n, v in values.items()}, "value": float(value)})
    content = {
        "peer": f"flavio {flavio.__version__}, wilson {wilson.__version__}",
        "m_D0": par["m_D0"],
        "tau_D0": par["tau_D0"],
        "decay_constant": par["f_D0"],
        "bag": [par[f"bag_D0_{n}"] for n in (1, 2, 3, 4, 5)],
        "quark_masses": [float(running.get_mq(quark, par, SCALE)) for quark in ("u", "c")],
        "points": points,
    }
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
