"""EOS as a peer: its inputs under our names, and its predictions."""

from collections.abc import Iterable, Mapping
from typing import Any

import eos

_HBAR = "QM::hbar"  # GeV s
_SCALARS = {
    "G_F": "WET::G_Fermi",
    "alpha_em": "QED::alpha_e(m_b)",
    "m_B+": "mass::B_u",
    "m_B0": "mass::B_d",
    "m_K+": "mass::K_u",
    "m_K0": "mass::K_d",
    "m_K*+": "mass::K_u^*",
    "m_K*0": "mass::K_d^*",
}
_FORM_FACTORS = {"f_plus": "f+", "f_0": "f0", "f_T": "fT"} | {
    name: name.replace("_", "") for name in ("V", "A_0", "A_1", "A_12", "T_1", "T_2", "T_23")
}
_CONSTRAINED = ("f_0", "A_12", "T_2")
_OBSERVABLES = {"<BR>": "BR", "dBR/dq2": "dBR/dq2", "FL": "F_L(q2)", "<FL>": "F_L"}
_MODES = {"B+->K": ("B->K", "u"), "B+->K*": ("B->K^*", "u"), "B0->K*": ("B->K^*", "d")}
TEST_POINTS = {
    "test of B -> P nunu": {
        "CKM::abs(V_tb)": 1.0,
        "CKM::abs(V_ts)": 0.04,
        "B->K::alpha^f+_0@BSZ2015": 0.32909,
        "B->K::alpha^f+_1@BSZ2015": -0.86695,
        "B->K::alpha^f+_2@BSZ2015": 0.0060957,
        "mass::B_u": 5.2796,
        "mass::K_u": 0.49368,
    },
    "test of B -> V nunu": {
        "CKM::abs(V_tb)": 1.0,
        "CKM::abs(V_ts)": 0.04,
        "B->K^*::alpha^A0_0@BSZ2015": 0.33357,
        "B->K^*::alpha^A12_1@BSZ2015": 0.50415,
        "B->K^*::alpha^A12_2@BSZ2015": 0.52375,
        "B->K^*::alpha^A1_0@BSZ2015": 0.28900,
        "B->K^*::alpha^A1_1@BSZ2015": 0.45661,
        "B->K^*::alpha^A1_2@BSZ2015": 1.1830,
        "B->K^*::alpha^V_0@BSZ2015": 0.36417,
        "B->K^*::alpha^V_1@BSZ2015": -1.0925,
        "B->K^*::alpha^V_2@BSZ2015": 2.5955,
        "mass::B_d": 5.2793,
        "mass::K_d^*": 0.89555,
    },
}
"""The points at which EOS tests its two implementations of these decays."""


def version() -> str:
    """For the record."""
    return f"EOS {eos.__version__}"


def parameters(changed: Mapping[str, float] | None = None) -> Any:
    """EOS's default parameters with some changed."""
    found = eos.Parameters.Defaults()
    for name, value in (changed or {}).items():
        found[name].set(value)
    return found


def inputs(par: Any) -> dict[str, Any]:
    """Values that enter b -> s nu nubar, GeV units, in the form that `peers.matched` reads.

    EOS has the three flavours at one coefficient cVL = 6.613 + new physics, which is minus our C_L.
    """
    scalars = {ours: par[theirs].evaluate() for ours, theirs in _SCALARS.items()}
    scalars |= {f"tau_B{q}": par[f"life_time::B_{d}"].evaluate() / par[_HBAR].evaluate() for q, d in ("+u", "0d")}
    scalars["|V_tb V_ts*|"] = par["CKM::abs(V_tb)"].evaluate() * par["CKM::abs(V_ts)"].evaluate()
    scalars["C_L_SM"] = -eos.Parameters.Defaults()["sbnunu::Re{cVL}"].evaluate()
    pseudoscalar = _fit(par, "B->K", "K_d", {"m_1-": "B_s^*", "m_0+": "B_s,0"}, ("f_plus", "f_0", "f_T"))
    vector = _fit(
        par,
        "B->K^*",
        "K_d^*",
        {"m_0-": "B_s", "m_1-": "B_s^*", "m_1+": "B_s,1"},
        ("V", "A_0", "A_1", "A_12", "T_1", "T_2", "T_23"),
    )
    return {"scalars": scalars, "form_factors": {"B->K": pseudoscalar, "B->K*": vector}}


def _fit(
    par: Any, transition: str, meson: str, poles: Mapping[str, str], names: Iterable[str]
) -> dict[str, dict[str, Any]]:
    masses = {"m_B": "B_d", "m_M": meson, **poles}
    return {
        "constants": {ours: par[f"mass::{theirs}@BSZ2015"].evaluate() for ours, theirs in masses.items()},
        "coefficients": {
            name: [
                par[f"{transition}::alpha^{_FORM_FACTORS[name]}_{order}@BSZ2015"].evaluate()
                for order in range(name in _CONSTRAINED, 3)
            ]
            for name in names
        },
    }


def set_coefficients(par: Any, C_L: complex, C_R: complex) -> None:
    """The same new C_L and C_R, in our convention, for all three neutrino flavours."""
    standard_model = eos.Parameters.Defaults()["sbnunu::Re{cVL}"].evaluate()
    values = {"cVL": standard_model - C_L, "cVR": -C_R}
    for name, value in values.items():
        par[f"sbnunu::Re{{{name}}}"].set(complex(value).real)
        par[f"sbnunu::Im{{{name}}}"].set(complex(value).imag)


def observable(par: Any, reference: tuple[Any, ...]) -> Any:
    """EOS's observable for one of our references, in its model-independent model."""
    name, *arguments = reference
    prefix, mode = name.removesuffix("nunu)").split("(")
    decay, spectator = _MODES[mode]
    keys = ("q2",) if len(arguments) == 1 else ("q2_min", "q2_max")
    options = {"form-factors": "BSZ2015", "model": "WET"} | ({"q": spectator} if mode.endswith("*") else {})
    return eos.Observable.make(
        f"{decay}nunu::{_OBSERVABLES[prefix]}",
        par,
        eos.Kinematics(**dict(zip(keys, arguments, strict=True))),
        eos.Options(**options),
    )


def predict(par: Any, references: Iterable[tuple[Any, ...]]) -> list[float]:
    """EOS's predictions."""
    return [observable(par, reference).evaluate() for reference in references]
