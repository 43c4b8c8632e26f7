"""flavio as a peer: its inputs under our names, and its predictions."""

from collections.abc import Iterable, Mapping
from typing import Any

import flavio
import numpy as np
import wilson

MODES = ("B+->K", "B0->K", "B+->K*", "B0->K*")
SCALE = 4.8
"""Renormalisation scale of the decays in flavio, GeV; also that of the coefficients given to it, so that none runs."""
_SCALARS = {
    "G_F": "GF",
    "m_B+": "m_B+",
    "m_B0": "m_B0",
    "m_K+": "m_K+",
    "m_K0": "m_K0",
    "m_K*+": "m_K*+",
    "m_K*0": "m_K*0",
    "tau_B+": "tau_B+",
    "tau_B0": "tau_B0",
}
_FORM_FACTORS = {"f_plus": "f+", "f_0": "f0", "f_T": "fT"} | {
    name: name.replace("_", "") for name in ("V", "A_0", "A_1", "A_12", "T_1", "T_2", "T_23")
}
_CONSTRAINED = ("f_0", "A_12", "T_2")


def version() -> str:
    """For the record."""
    return f"flavio {flavio.__version__}, wilson {wilson.__version__}"


def inputs() -> dict[str, Any]:
    """Central values that enter b -> s nu nubar, GeV units, in the form that `peers.matched` reads.

    flavio takes alpha_em at the scale of the decay, and the Standard Model coefficient -X_t/s2_w times
    alpha_em(m_Z)/alpha_em(4.8 GeV), so that the product of the two is the one at m_Z. New coefficients come with
    alpha_em(4.8 GeV).
    """
    par = flavio.default_parameters.get_central_all()
    scalars = {ours: float(par[theirs]) for ours, theirs in _SCALARS.items()}
    scalars["alpha_em"] = float(flavio.physics.running.running.get_alpha(par, SCALE)["alpha_e"])
    scalars["|V_tb V_ts*|"] = float(abs(flavio.physics.ckm.xi("t", "bs")(par)))
    scalars["C_L_SM"] = float(flavio.physics.bdecays.wilsoncoefficients.CL_SM(par, SCALE))
    return {
        "scalars": scalars,
        "form_factors": {
            "B->K": _fit(par, "B->K", "K0", {"m_1-": "m+", "m_0+": "m0"}, ("f_plus", "f_0", "f_T")),
            "B->K*": _fit(
                par,
                "B->K*",
                "K*0",
                {"m_0-": "m0", "m_1-": "m1-", "m_1+": "m1+"},
                ("V", "A_0", "A_1", "A_12", "T_1", "T_2", "T_23"),
            ),
        },
    }


def ckm(par):
    """Wolfenstein parameters under our names, for parameters of flavio."""
    V = flavio.physics.ckm.get_ckm(par)
    s13 = abs(V[0, 2])
    lambda_ = abs(V[0, 1]) / np.sqrt(1 - s13**2)
    apex = -V[0, 0] * V[0, 2].conj() / (V[1, 0] * V[1, 2].conj())
    A = abs(V[1, 2]) / np.sqrt(1 - s13**2) / lambda_**2
    return {"ckm_lambda": lambda_, "ckm_A": A, "ckm_rhobar": apex.real, "ckm_etabar": apex.imag}


def _fit(
    par: Mapping[str, float], transition: str, meson: str, poles: Mapping[str, str], names: Iterable[str]
) -> dict[str, dict[str, Any]]:
    constants = {"m_B": float(par["m_B0"]), "m_M": float(par[f"m_{meson}"])}
    constants |= {ours: float(par[f"{transition} BCL {theirs}"]) for ours, theirs in poles.items()}
    coefficients = {
        name: [
            float(par[f"{transition} BSZ a{order}_{_FORM_FACTORS[name]}"]) for order in range(name in _CONSTRAINED, 3)
        ]
        for name in names
    }
    return {"constants": constants, "coefficients": coefficients}


def predict(coefficients: Mapping[str, complex], references: Iterable[tuple[Any, ...]]) -> list[float]:
    """flavio's predictions with coefficients in WCxf's flavio basis at 4.8 GeV."""
    point = wilson.Wilson(dict(coefficients), SCALE, "WET", "flavio") if coefficients else None
    if point is None:
        return [float(flavio.sm_prediction(name, *arguments)) for name, *arguments in references]
    return [float(flavio.np_prediction(name, point, *arguments)) for name, *arguments in references]
