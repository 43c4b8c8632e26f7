"""Freezes R(Lambda_c) of EOS with its form factors of DKMR2017: `python tests/validation/freeze_lambda_c.py`.

Its muon has no new physics; scalars and tensors are at m_b(m_b), where EOS evaluates the masses of the quarks.
"""

import json
from pathlib import Path

import eos
import numpy as np

FILE = Path(__file__).parent / "frozen" / "eos_lambda_c.json"
OPERATORS = ("cVL", "cVR", "cSL", "cSR", "cT")
MASSES = {
    "m_Lambda_b": "mass::Lambda_b",
    "m_Lambda_c": "mass::Lambda_c",
    "m_tau": "mass::tau",
    "m_mu": "mass::mu",
    "m_e": "mass::mu",
    "m_b": "mass::b(MSbar)",
}

if __name__ == "__main__":
    parameters, rng = eos.Parameters(), np.random.default_rng(13)
    masses = {ours: parameters[theirs].evaluate() for ours, theirs in MASSES.items()}
    parameters["cbtaunutau::mu"].set(masses["m_b"])
    end = (masses["m_Lambda_b"] - masses["m_Lambda_c"]) ** 2 - 1e-9
    kinematics = eos.Kinematics(q2_mu_min=masses["m_mu"] ** 2, q2_mu_max=end, q2_tau_min=masses["m_tau"] ** 2,
                                q2_tau_max=end)  # fmt: skip
    options = eos.Options(**{"model": "WET", "form-factors": "DKMR2017"})
    observable = eos.Observable.make("Lambda_b->Lambda_clnu::R(Lambda_c)", parameters, kinematics, options)
    points = []
    for operators in ((), *((name,) for name in OPERATORS), *(OPERATORS for _ in range(4))):
        values = {name: complex(*rng.normal(0.0, 0.25, 2)) for name in operators}
        for name in OPERATORS:
            value = values.get(name, 0.0) + (name == "cVL")
            parameters[f"cbtaunutau::Re{{{name}}}"].set(value.real)
            parameters[f"cbtaunutau::Im{{{name}}}"].set(value.imag)
        written = {name: [value.real, value.imag] for name, value in values.items()}
        points.append({"coefficients": written, "value": observable.evaluate()})
    content = {"peer": f"EOS {eos.__version__}", "scalars": masses, "points": points}
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
