"""Write frozen/wet.json: coefficients of the WET in the JMS basis and what wilson translates them to.

python tests/validation/freeze_wet.py
"""

import json

import ckmutil.ckm
import numpy as np
import wilson
from peers import FROZEN
from wilson.translate.wet import get_parameters

JMS = {
    "VnudLL_3323": 3e-9 - 1e-9j, "VnudLL_1232": 2e-9 + 5e-9j, "VnudLR_1323": -4e-9j, "VnudLR_2213": 7e-9,
    "VnudLL_1321": 1e-10 + 2e-10j, "VedLL_1123": 5e-9 + 1e-9j, "VedLL_1223": 6e-9j, "VedLL_2332": -2e-9 + 3e-9j,
    "VdeLR_2311": -1e-9 + 2e-9j, "VdeLR_2321": 8e-9, "VedLR_3313": 4e-9 + 4e-9j, "VedRR_2212": 9e-10,
    "VedRR_1331": 3e-9 + 2e-9j, "VnueduLL_3332": 1e-8 - 3e-8j, "VnueduLL_1232": 5e-9, "VnueduLL_2121": 2e-9 + 7e-9j,
    "VddLL_2323": 1e-11 + 2e-11j, "VddRR_1313": -3e-11, "V1ddLR_2323": 4e-11j, "V8ddLR_2323": 5e-11 - 1e-11j,
    "V8ddLR_1212": 6e-13 + 1e-13j,
    "SedRR_2223": 1e-9 + 2e-9j, "SedRL_1223": 3e-9j, "SedRL_1232": 4e-9, "SedRR_3113": 5e-10 - 1e-9j,
    "SedRR_2212": 2e-12, "SedRL_1121": 1e-12 - 3e-12j, "SedRL_3322": 6e-9j, "SedRR_1211": 7e-9, "TedRR_3333": 8e-9j,
    "TedRR_3122": 2e-9 + 1e-9j, "SnueduRL_3332": 3e-9 - 1e-9j, "SnueduRR_2331": 4e-9j, "SnueduRR_1122": 5e-9,
    "TnueduRR_3332": 1e-9 + 6e-9j,
}  # fmt: skip
SMEFT = {"lq1_3323": 1e-8, "ld_1223": 2e-9j, "phiq1_23": 1e-9}


def pairs(values):
    return {name: [complex(value).real, complex(value).imag] for name, value in values.items()}


def translated():
    """wilson's flavio basis; zeros left out."""
    point = wilson.wcxf.WC("WET", "JMS", 4.8, wilson.wcxf.WC.dict2values(JMS)).translate("flavio")
    return {name: value for name, value in point.dict.items() if value != 0}


def normalisation():
    """CKM matrix, G_F, alpha_em, m_b and m_s of wilson."""
    p = get_parameters(4.8)
    return ckmutil.ckm.ckm_tree(p["Vus"], p["Vub"], p["Vcb"], p["gamma"]), p["GF"], p["alpha_e"], p["m_b"], p["m_s"]


def written_by_wilson():
    """A file of wilson, from SMEFT at 1 TeV: what is larger than 1e-11 GeV^-2, all sectors."""
    point = wilson.Wilson(SMEFT, 1000.0, "SMEFT", "Warsaw").match_run(4.8, "WET", "JMS")
    large = {name: value for name, value in point.dict.items() if abs(value) > 1e-11}
    return json.loads(wilson.wcxf.WC("WET", "JMS", 4.8, wilson.wcxf.WC.dict2values(large)).dump(fmt="json"))


if __name__ == "__main__":
    ckm, G_F, alpha_em, m_b, m_s = normalisation()
    content = {
        "peer": f"wilson {wilson.__version__}",
        "ckm": np.stack([ckm.real, ckm.imag], axis=-1).tolist(),
        "G_F": G_F,
        "alpha_em": alpha_em,
        "m_b": m_b,
        "m_s": m_s,
        "JMS": pairs(JMS),
        "flavio": pairs(translated()),
        "file": written_by_wilson(),
    }
    (FROZEN / "wet.json").write_text(json.dumps(content, indent=1) + "\n")
