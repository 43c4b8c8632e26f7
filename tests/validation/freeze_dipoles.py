"""Write frozen/dipoles.json: dipoles of the JMS basis and what wilson translates them to, and back.

python tests/validation/freeze_dipoles.py
"""

import json
from itertools import product

import ckmutil.ckm
import numpy as np
import wilson
from peers import FROZEN
from wilson.translate.wet import get_parameters

PAIRS = ("12", "21", "13", "31", "23", "32")
JMS = {
    f"{cls}_{pair}": complex(k + 1, (-1) ** k * 0.3 * k) * 1e-7
    for k, (cls, pair) in enumerate(product(("dgamma", "dG"), PAIRS))
}


def pairs(values):
    return {name: [complex(value).real, complex(value).imag] for name, value in values.items()}


if __name__ == "__main__":
    point = wilson.wcxf.WC("WET", "JMS", 4.8, wilson.wcxf.WC.dict2values(JMS)).translate("flavio")
    p = get_parameters(4.8)
    V = ckmutil.ckm.ckm_tree(p["Vus"], p["Vub"], p["Vcb"], p["gamma"])
    content = {
        "peer": f"wilson {wilson.__version__}",
        "ckm": np.stack([V.real, V.imag], axis=-1).tolist(),
        "G_F": p["GF"],
        **{name: p[name] for name in ("alpha_e", "alpha_s", "m_b", "m_s")},
        "JMS": pairs(JMS),
        "flavio": pairs({name: value for name, value in point.dict.items() if name.startswith(("C7", "C8"))}),
    }
    (FROZEN / "dipoles.json").write_text(json.dumps(content, indent=1) + "\n")
