"""Freezes predictions of flavio for the Z and W pole in SMEFT at m_Z: `python tests/validation/freeze_z_pole.py`.

The CKM matrix is 1 there, since flavio takes the coefficients of the down-aligned basis for couplings of up quarks.
A shift of the W coupling that is the same for all flavours is given to pairs of one generation only: flavio adds it to
the others as well, where it would change flavour.
"""

import json
from contextlib import contextmanager
from pathlib import Path

import flavio
import numpy as np
import wilson
from flavio.physics.zdecays import smeftew

FILE = Path(__file__).parent / "frozen" / "flavio_z_pole.json"
SCALE = flavio.config["renormalization scale"]["zdecays"]
FERMIONS = ("e", "mu", "tau", "u", "c", "d", "s", "b")
OBSERVABLES = (
    "GammaZ", "sigma_had", "R_l", "R_uc", "Gamma(Z->nunu)", *[f"R_{f}" for f in FERMIONS],
    *[f"{what}(Z->{2 * f})" for what in ("Gamma", "A", "AFB") for f in FERMIONS], "BR(Z->emu)", "BR(Z->etau)",
    "BR(Z->mutau)", "m_W", "GammaW", "BR(W->enu)", "BR(W->munu)", "BR(W->taunu)", "Rmue(W->lnu)", "Rtaue(W->lnu)",
    "Rtaumu(W->lnu)", "R(W->cX)",
)  # fmt: skip
CURRENTS = ("phil1", "phil3", "phie", "phiq1", "phiq3", "phiu", "phid")
GENERATION = {f: i for fermions in ("e mu tau", "u c", "d s b") for i, f in enumerate(fermions.split())}
POINTS, SIZE = 20, 0.5e-6
"""Number of points, and GeV^-2."""


def only_direct(shift, name):
    """A shift of a coupling of the W, where flavour changes that by an operator of this flavour alone."""

    def of(f1, f2, par, C):
        i, j = sorted((GENERATION[f1] + 1, GENERATION[f2] + 1))
        if i == j:
            return shift(f1, f2, par, C)
        return C[f"{name}_{i}{j}"] / (2 * np.sqrt(2) * par["GF"])

    return of


@contextmanager
def corrected():
    """flavio with couplings of the W that keep flavour where they should."""
    theirs = smeftew.d_gWl, smeftew.d_gWq
    smeftew.d_gWl, smeftew.d_gWq = only_direct(theirs[0], "phil3"), only_direct(theirs[1], "phiq3")
    try:
        yield
    finally:
        smeftew.d_gWl, smeftew.d_gWq = theirs


def point(rng):
    found = {name: complex(rng.normal(0, SIZE)) for name in ("phiD", "phiWB", "ll_1221")}
    for current in CURRENTS:
        for i in (1, 2, 3):
            found[f"{current}_{i}{i}"] = complex(rng.normal(0, SIZE))
            for j in range(i + 1, 4):
                found[f"{current}_{i}{j}"] = complex(*rng.normal(0, SIZE / 2, 2))
    return found


def predict(par, coefficients):
    there = wilson.Wilson(coefficients, SCALE, "SMEFT", "Warsaw")
    return [float(np.real(flavio.Observable[name].prediction_par(par, there))) for name in OBSERVABLES]


def peer(number, seed):
    """Inputs and predictions at so many random points."""
    par = flavio.default_parameters.get_central_all() | dict.fromkeys(("Vus", "Vcb", "Vub"), 1e-10)
    rng = np.random.default_rng(seed)
    with corrected():
        points = [
            {
                "coefficients": {name: [value.real, value.imag] for name, value in coefficients.items()},
                "values": predict(par, coefficients),
            }
            for coefficients in (point(rng) for _ in range(number))
        ]
        standard_model = predict(par, {})
    return {
        "peer": f"flavio {flavio.__version__}, wilson {wilson.__version__}",
        "scalars": {
            "G_F": par["GF"], "alpha_em": par["alpha_e"], "alpha_s": par["alpha_s"], "m_Z": par["m_Z"],
            "m_h": par["m_h"], "m_t": par["m_t"],
        },
        "s2_eff": par["s2w"] * 1.0010,
        "m_W of the widths": par["m_W"],
        "tau_Z": par["tau_Z"],
        "GammaW_lep": par["GammaW_lep"],
        "GammaW_had": par["GammaW_had"],
        "observables": list(OBSERVABLES),
        "standard model": standard_model,
        "points": points,
    }  # fmt: skip


if __name__ == "__main__":
    FILE.write_text(json.dumps(peer(POINTS, seed=7), indent=1) + "\n", encoding="utf-8")
