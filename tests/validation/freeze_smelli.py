"""Freezes smelli at random points of SMEFT at 1 TeV: `python tests/validation/freeze_smelli.py`, with smelli installed.

There are its log-likelihoods of the Z and W pole and of `fast_likelihood_quarks_fixckm`, and the predictions of flavio
and wilson, as smelli calls them, of the observables that both have. The CKM matrix does not move with the coefficients.
"""

import json
import warnings
from pathlib import Path

import flavio
import numpy as np
import smelli
import wilson
from flavio_peer import ckm

FILE = Path(__file__).parent / "frozen" / "smelli.json"
PARTS = {"pole": "likelihood_ewpt.yaml", "quarks": "fast_likelihood_quarks_fixckm.yaml"}
SCALE, POINTS, SEED = 1000.0, 20, 5
POLE = (
    "GammaZ", "sigma_had", "R_e", "R_mu", "R_tau", "AFB(Z->ee)", "AFB(Z->mumu)", "AFB(Z->tautau)", "A(Z->ee)",
    "A(Z->mumu)", "A(Z->tautau)", "R_b", "R_c", "AFB(Z->bb)", "AFB(Z->cc)", "A(Z->bb)", "A(Z->cc)", "A(Z->ss)", "m_W",
    "GammaW", "BR(W->enu)", "BR(W->munu)", "BR(W->taunu)", "R(W->cX)", "Rmue(W->lnu)", "Rtaumu(W->lnu)",
    "Rtaue(W->lnu)", "R_uc",
)  # fmt: skip
OTHER_DATA = ("m_W ATLAS 2017", "m_W Tevatron", "PDG W width", "PDG Rc", "D0 W->taunu 1999")
"""Measurements of the pole that only smelli has."""
QUARKS = (
    "BR(Bs->mumu)", "BR(B0->mumu)", "BR(Bs->ee)", "BR(B0->ee)", "BR(KS->mumu)", "BR(B->Xsgamma)", "BR(K+->pinunu)",
    "BR(KL->pinunu)", "BR(B+->taunu)", "DeltaM_s", "DeltaM_d", "S_psiK", "S_psiphi", "eps_K",
)  # fmt: skip
"""All that both have of the 308 observables of smelli; the others are of muons and light hadrons for the most part."""
REAL = dict.fromkeys(("phiD", "phiWB", "ll_1221"), 3e-9) | {
    f"{name}_{i}{i}": 1e-8 for name in ("phil1", "phil3", "phie", "phiq1", "phiq3", "phiu", "phid") for i in (1, 2, 3)
}
COMPLEX = {
    "lq1_2223": 2e-10, "lq3_3323": 1e-9, "qe_2322": 2e-10, "lq1_3312": 2e-11, "dB_23": 2e-12, "dW_32": 2e-12,
    "qd1_2323": 1e-13, "qq1_2323": 2e-13, "qd1_1313": 1e-14, "qd1_1212": 2e-18, "phid_23": 5e-11, "ledq_2232": 5e-12,
    "ledq_1132": 2e-13, "lq1_1113": 1e-10, "ledq_2221": 2e-11, "ledq_3333": 2e-8,
}  # fmt: skip
"""Standard deviations of real coefficients, and of both parts of complex ones, GeV^-2."""


def points():
    """Coefficients by name."""
    rng = np.random.default_rng(SEED)
    return [
        {name: complex(rng.normal(0, size)) for name, size in REAL.items()}
        | {name: complex(*rng.normal(0, size, 2)) for name, size in COMPLEX.items()}
        for _ in range(POINTS)
    ]


def alone():
    """Coefficients of mixing, decays and currents one by one: with both parts, so that phases change, too."""
    return {name: {name: complex(size, size / 2)} for name, size in COMPLEX.items()}


def predictions(par, there):
    """Of flavio, in the order of POLE and QUARKS."""
    return [float(np.real(flavio.Observable[name].prediction_par(par, there))) for name in POLE + QUARKS]


def other_data(values):
    """The logarithm of the likelihood of what only smelli has."""
    predicted = dict(zip(POLE + QUARKS, values, strict=True))
    return sum(
        float(log)
        for name in OTHER_DATA
        for measurement in [flavio.Measurement[name]]
        for log in measurement.get_logprobability_all({o: predicted[o] for o in measurement.all_parameters}).values()
    )


def peer(chosen, chosen_alone):
    """smelli at these points, and its quarks with these coefficients alone."""
    wilson.Wilson.set_default_option(
        "smeft_accuracy", "integrate"
    )  # importing smelli made it "leadinglog" for everyone
    whole = smelli.GlobalLikelihood(include_likelihoods=list(PARTS.values()), fix_ckm=True)
    par, rows = whole.par_dict_sm, []
    standard_model = predictions(par, flavio.WilsonCoefficients())
    for coefficients in chosen:
        there = whole.parameter_point(coefficients, scale=SCALE)
        found, values = there.log_likelihood_dict(), predictions(par, there.w)
        parts = {part: float(found[name]) for part, name in PARTS.items()}
        parts["other data of the pole"] = other_data(values) - other_data(standard_model)
        rows.append(
            {
                "coefficients": {name: [value.real, value.imag] for name, value in coefficients.items()},
                "values": values,
                "log_likelihoods": parts,
            }
        )
    singly = {
        name: {"coefficient": [c[name].real, c[name].imag],
               "values": predictions(par, whole.parameter_point(c, scale=SCALE).w)[len(POLE):]}
        for name, c in chosen_alone.items()
    }  # fmt: skip
    return {
        "peer": f"smelli {smelli.__version__}, flavio {flavio.__version__}, wilson {wilson.__version__}",
        "scale": SCALE,
        "ckm": {name: float(value) for name, value in ckm(par).items()},
        "pole": list(POLE),
        "quarks": list(QUARKS),
        "observables of smelli": {
            "pole": len(whole.likelihoods[PARTS["pole"]].observables),
            "quarks": len(whole.fast_likelihoods[PARTS["quarks"]].observables),
        },
        "standard model": standard_model,
        "points": rows,
        "alone": singly,
    }


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    FILE.write_text(json.dumps(peer(points(), alone()), indent=1) + "\n", encoding="utf-8")
