"""Write frozen/flavio_semileptonic.json: B -> M l l in flavio, and its inputs by our names.

In B_s -> phi flavio multiplies q/p with the amplitude of B_s and the conjugate of that of its antiparticle, which is
not invariant under a change of phases; here q/p is complex conjugated, so that it is.

python tests/validation/freeze_semileptonic.py
"""

import json
import warnings
from pathlib import Path

import flavio
import numpy as np
from flavio.classes import Implementation
from flavio.physics.bdecays.wilsoncoefficients import wctot_dict
from flavio.physics.mesonmixing import observables as mixing
from flavio.physics.running import running
from flavio_peer import _fit, inputs
from freeze_leptonic import inputs as leptonic_inputs
from semileptonic_points import (
    OF_RATIOS,
    POINTS,
    RATIOS,
    TAUS,
    TWO_FLAVOURS,
    leptons,
    of_ratios,
    of_taus,
    of_two_flavours,
)

FILE = Path(__file__).parent / "frozen" / "flavio_semileptonic.json"
PARAMETERS = flavio.default_parameters.get_central_all()
SCALE = flavio.config["renormalization scale"]["bvll"]


q_over_p = mixing.q_over_p
mixing.q_over_p = lambda *arguments: q_over_p(*arguments).conjugate()


def scalars():
    """In powers of GeV; without the strange mass, which flavio leaves out of scalar currents."""
    p, sm = PARAMETERS, wctot_dict(flavio.WilsonCoefficients(), "bstautau", SCALE, PARAMETERS)
    found = leptonic_inputs()["B"] | {f"C_{i}_SM": sm[f"C{i}_bs"] for i in range(1, 7)}
    found |= {"C_7eff_SM": sm["C7eff_bs"], "C_8eff_SM": sm["C8eff_bs"], "C_9_SM": sm["C9_bstautau"]}
    found |= {"alpha_em(mu_b)": found["alpha_em"], "m_b(pole)": running.get_mb_pole(p)}
    found |= {"m_c(pole)": running.get_mc_pole(p), "m_c(dipole)": p["m_c BVgamma"], "m_s": 0.0}
    found |= {"f_B+": p["f_B+"], "f_K+": p["f_K+"], "f_K*+": p["f_K*0"], "f_perp_K*": p["f_perp_K*0"]}
    found |= {
        f"a{n}_{axis}_K*": p[f"a{n}_{name}_K*0"] for n in "12" for axis, name in (("perp", "perp"), ("par", "para"))
    }
    found |= {"lambda_B": 2 / 3 * (p["m_B0"] - running.get_mb_pole(p))}
    found |= {name: p[name] for name in ("m_B+", "m_K+", "m_K0", "m_K*+", "m_K*0", "m_phi", "tau_B+")}
    return {name: float(np.real(x)) for name, x in found.items()} | {"alpha_s": float(p["alpha_s"])}


def form_factors():
    """Those of b -> s nu nubar, and B_s -> phi."""
    poles = {"m_0-": "m0", "m_1-": "m1-", "m_1+": "m1+"}
    phi = _fit(PARAMETERS, "Bs->phi", "phi", poles, ("V", "A_0", "A_1", "A_12", "T_1", "T_2", "T_23"))
    phi["constants"]["m_B"] = float(PARAMETERS["m_Bs"])
    return inputs()["form_factors"] | {"Bs->phi": phi}


def at(references, points, number):
    """Predictions of references at points."""
    found = []
    for i in range(number):
        wilson = flavio.WilsonCoefficients()
        wilson.set_initial({name: complex(x[i]) for name, x in points.items()}, SCALE, eft="WET", basis="flavio")
        found.append([float(flavio.np_prediction(name, wilson, *where)) for name, *where in references])
    return found


def frozen():
    """Standard Model and new physics."""
    pairs = {name: leptons(name) for (name,) in TWO_FLAVOURS}
    return {
        "standard_model": [float(flavio.sm_prediction(*reference)) for reference in (*TAUS, *RATIOS)],
        "taus": at(TAUS, of_taus(), POINTS),
        "two_flavours": {
            name: [x for (x,) in at([(name,)], {k: v for pair in of for k, v in of_two_flavours(pair).items()}, POINTS)]
            for name, of in pairs.items()
        },
        "ratios": at(RATIOS, of_ratios(), OF_RATIOS),
        "ratios_without_spectators": without_spectators(),
    }


def without_spectators():
    """Ratios of B -> K* with what the spectator does to it switched off."""
    quantity = "B0->K*0ll spectator scattering"
    usual, name = flavio.config["implementation"][quantity], "none"
    Implementation(
        name=name,
        quantity=quantity,
        function=lambda wc_obj, par_dict, q2, cp_conjugate: {(helicity, "V"): 0.0 for helicity in ("0", "pl", "mi")},
    ).set_description("nothing")
    flavio.config["implementation"][quantity] = name
    found = at([reference for reference in RATIOS if "K*" in reference[0]], of_ratios(), OF_RATIOS)
    flavio.config["implementation"][quantity] = usual
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    C7p = complex(wctot_dict(flavio.WilsonCoefficients(), "bstautau", SCALE, PARAMETERS)["C7p_bs"]).real
    content = {
        "peer": f"flavio {flavio.__version__}",
        "inputs": {"scalars": scalars(), "form_factors": form_factors(), "C7p_bs": C7p},
        **frozen(),
    }
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
