"""The tables and equations of the paper, each number beside ours."""

from math import pi

import jax.numpy as jnp
import numpy as np

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import load_inputs
from dineutrino.models.mediators import MEDIATORS
from dineutrino.models.mediators.resonance import Made
from dineutrino.models.mediators.unitarity import heaviest
from dineutrino.observables import Predictor
from dineutrino.reproduce.comparison import Comparison, Comparisons
from dineutrino.reproduce.marzocca2024 import left, lepton_number
from dineutrino.reproduce.marzocca2024.classes import LEPTOQUARKS, PAPER, SOURCE, TAU_MODEL, Classes
from dineutrino.reproduce.marzocca2024.mediators import (
    MASS,
    NAMES,
    VECTORS,
    VIABLE,
    best_fit,
    couplings,
    printed_scale,
    unitarity,
)
from dineutrino.reproduce.marzocca2024.resonances import luminosities, missing, smallest_angle
from dineutrino.reproduce.published import published

TABLE_2 = {
    "S1": ("y1L", "0.5", "lq"), "S3": ("y3L", "0.5", "lq"), "U3": ("x3L", "-0.5", "lq"), "R2t": ("y2Lt", "-0.5", "ld"),
    "V2": ("x2L", "1", "ld"),
}  # fmt: skip
"""Leptoquark -> its coupling, C m^2/|lambda|^2 as printed, and the operators."""
MIXING = {
    "S1": ("y1L", "qq1", "-1/256", "(A26)"), "S3": ("y3L", "qq1", "-9/256", "(A27)"),
    "R2t": ("y2Lt", "dd", "-1/64", "(A27)"), "U3": ("x3L", "qq1", "-9/64", "(A28)"),
    "V2": ("x2L", "dd", "-1/16", "(A28)"),
}  # fmt: skip
"""Leptoquark -> its coupling, the operator, its coefficient times pi^2 m^2/lambda^4 as printed, and the equation."""
RUNNING = {"1.137": 1.137, "1.371": 1.371}
"""L_S at m_b over that at m_Z: as printed, and what the running of quark masses and that of the tensor say."""


def numbers(fast: bool = False) -> Comparisons:
    """All of them; fits of leptoquarks are compiled for a minute."""
    rows = [
        *_rates(), *_table_1(), *_table_2(), *_mixing(), *_best_fits(), *_charged(), *_masses(), *_resonances(),
        *_unitarity(), *_violating(),
    ]  # fmt: skip
    return Comparisons(PAPER, SOURCE, rows)


def _rates() -> list[Comparison]:
    """The Standard Model, and how far it is from the data."""
    printed = {"BR(B+->Knunu)": "4.44(30)e-6", "BR(B+->K*nunu)": "9.8(1.4)e-6", "BR(B0->KSnunu)": "2.05(14)e-6"}
    found = Predictor(list(printed), load_inputs("marzocca2024_rates"))(NeutrinoCoefficients.zero())
    rows = [
        Comparison("below (A1)", f"{name}, Standard Model", value, float(x), difference="With its own |V_tb V_ts*|.")
        for (name, value), x in zip(printed.items(), found, strict=True)
    ]
    kaons = {"BR(K+->pinunu)": "8.64e-11", "BR(KL->pinunu)": "3.4e-11"}
    found = Predictor(list(kaons), load_inputs(PAPER))(NeutrinoCoefficients.zero())
    of_kappa = "kappa of K_l3 decays is chosen for it; with that of arXiv:0705.2025 it is 8 to 20% lower."
    return rows + [
        Comparison("(A6)", f"{name}, Standard Model", value, float(x), difference=of_kappa)
        for (name, value), x in zip(kaons.items(), found, strict=True)
    ]


def _table_1() -> list[Comparison]:
    rows = []
    for case in left.CASES:
        printed = left.printed_scale(case)
        found = left.scale(left.best_fit(case))
        remark = "L_V = L_R + L_L with both equal." if case.quarks == "vector" else ""
        rows.append(Comparison("table 1", f"{case.title}: |L|^(-1/2)", f"{printed:g}", found, "TeV", remark))
    return rows


def _table_2() -> list[Comparison]:
    """C m^2/|lambda|^2 of two neutrinos."""
    rows = []
    for name, (coupling, printed, operators) in TABLE_2.items():
        c = MEDIATORS[name].read({f"Re {coupling}_33": jnp.asarray(1.0)}).match(jnp.asarray(1.0)).vectors
        found = float((c.lq1 - c.lq3 if operators == "lq" else c.ld)[2, 2, 2, 2].real)
        remark = (
            "The printed one belongs to currents with sigma_a/2, the coupling is printed with sigma_a."
            if name == "U3"
            else ""
        )
        rows.append(Comparison("table 2", f"C m^2/|lambda|^2 of {name}", printed, found, difference=remark))
    return rows


def _mixing() -> list[Comparison]:
    rows = []
    for name, (coupling, operator, printed, where) in MIXING.items():
        c = MEDIATORS[name].read({f"Re {coupling}_33": jnp.asarray(1.0)}).mixing(jnp.asarray(1.0)).vectors
        found = float(getattr(c, operator)[2, 2, 2, 2].real) * pi**2
        rows.append(Comparison(f"eq. {where}", f"C_{operator} pi^2 m^2/lambda^4 of {name}", printed, found))
    return rows


def _best_fits() -> list[Comparison]:
    of_left, of_right = (left.scale(left.best_fit(left.Case(side, False))) for side in ("left", "right"))
    same = "That of table 1, where C does not run; with running of C_lq3 it is 5% higher."
    rows = [
        Comparison(where, f"{name}: |C|^(-1/2) of b -> s", f"{printed_scale(name):g}", value, "TeV", remark)
        for where, name, value, remark in (
            ("eq. (16)", "Vprime", of_left, same),
            ("eq. (21)", "ZprimeL", of_left, ""),
            ("eq. (21)", "ZprimeR", of_right, ""),
        )
    ]
    remark = (
        "C does not run, C_Bs = 1.10(6) was chosen for it: the paper takes UTfit of summer 2023 without its numbers."
    )
    return rows + [
        Comparison(
            "eq. (22)", f"{name}: |C|^(-1/2) of b -> s", f"{printed_scale(name):g}", best_fit(name), "TeV", remark
        )
        for name in LEPTOQUARKS
        if name in NAMES
    ]


def _masses() -> list[Comparison]:
    """Eq. (17), and the masses in the conclusions."""
    strongest = published(PAPER).number("unitarity", "Vprime", "value")
    found = float(heaviest(strongest, 1e3 * printed_scale("Vprime"), VIABLE, 1.0, 0.25))
    remark = "The formula with the printed numbers; 1391 follows from no combination of them."
    rows = [
        Comparison("eq. (17)", "largest mass of V' at sin theta cos theta sin phi = 1", "1391", found, "GeV", remark),
        Comparison("eq. (17)", "the same at theta = 0.3", "762", found * 0.3**0.5, "GeV", remark),
    ]  # fmt: skip
    of_bound = "Where C_Bs leaves its 95%; C_Bs as in eq. (22)."
    return rows + [
        Comparison("conclusions", f"largest mass of {name}", printed, mass_of_mixing(name), "GeV", of_bound)
        for name, printed in (("ZprimeL", "~900"), ("ZprimeR", "~600"))
    ]


def mass_of_mixing(name: str) -> float:
    """The largest mass of a colourless vector, GeV, that B_s mixing leaves; the same for all theta and phi."""
    quarks, leptons, product = VECTORS[name]
    members = {"mixing": ("marzocca2024_C_Bs",)}
    classes = Classes(name, {**TAU_MODEL, "mass": MASS}, (quarks, leptons, "theta", "phi"), members)
    theta, phi = 0.2, pi / 2
    turning = float(np.sin(theta) * np.cos(theta))
    ratios = np.linspace(1e-3, 0.2, 400)
    C = np.full_like(ratios, printed_scale(name) ** -2 / turning)
    [chi2] = classes.on(**couplings(name, C, ratios), theta=theta, phi=phi).values()
    above = chi2 - left.EXCLUDED
    last = int(np.flatnonzero(above <= 0)[-1])
    ratio = np.interp(0.0, above[last : last + 2], ratios[last : last + 2])
    strongest = published(PAPER).number("unitarity", name, "value")
    return float(heaviest(strongest, 1e3 * printed_scale(name), float(ratio), turning, abs(product)))


def _charged() -> list[Comparison]:
    """How much V' adds to R(D) and R(D*) at its best fit."""
    remark = "More at smaller angles, 5% at 0.1."
    return [
        Comparison("section 4.1", f"R(D)/R_SM - 1 of V' at theta = {theta:g}", "0.04", charged(theta), "1", remark)
        for theta in (0.2, 0.3)
    ]


def charged(theta: float) -> float:
    """R(D)/R(D)_SM - 1 of V' at its best fit, phi = pi/2, in the region that is allowed."""
    quarks, leptons, _ = VECTORS["Vprime"]
    options, given = {**TAU_MODEL, "mass": MASS}, (quarks, leptons, "theta", "phi")
    members = {"charged": ("marzocca2024_charged",)}
    classes = Classes("Vprime", options, given, members, ("Rtaul(B->Dlnu)",))
    C = np.array([printed_scale("Vprime") ** -2 / (np.sin(theta) * np.cos(theta))])
    C = np.concatenate([C, np.zeros(1)])
    found = classes.predicted(**couplings("Vprime", C, VIABLE), theta=theta, phi=pi / 2)["Rtaul(B->Dlnu)"]
    return float(found[0] / found[1] - 1)


def _resonances() -> list[Comparison]:
    """Angles below which the search for resonances excludes the best fit at phi = pi/2."""
    rows = []
    for name, where, printed, mass in (
        ("Vprime", "section 4.1", "0.22", mass_of_mixing("Vprime")),
        ("ZprimeL", "section 4.2", "0.13", mass_of_mixing("ZprimeL")),
        ("ZprimeR", "section 4.2", "0.10", mass_of_mixing("ZprimeR")),
    ):
        strongest, number = published(PAPER).number("unitarity", name, "value"), VECTORS[name][2]
        limits: tuple[Made, ...] = ("gluons", "b quarks")
        for made in limits:
            what = f"smallest theta of {name}, limit of ATLAS for {made}"
            if luminosities() is None:
                rows.append(Comparison(where, what, printed, "not calculated", difference=missing()))
                continue
            found = smallest_angle(name, printed_scale(name), mass, strongest, number, made)
            remark = f"At {mass:.0f} GeV, where C_Bs leaves its 95%; the paper does not say which limit it took."
            rows.append(Comparison(where, what, printed, found, difference=remark))
    return rows


def _unitarity() -> list[Comparison]:
    where = {"Vprime": "below (16)", "ZprimeL": "section 4.2", "S1": "eq. (23)", "R2t": "eq. (23)"}
    remark = {"Vprime": "At s = 100 M^2, which the paper does not print.", "ZprimeL": "At s = 100 M^2, likewise."}
    rows = [
        Comparison(
            place, f"largest coupling of {name}", f"{published(PAPER).number('unitarity', name, 'value'):g}",
            unitarity(name), difference=remark.get(name, ""),
        )
        for name, place in where.items()
    ]  # fmt: skip
    own = "Depends on what gives V_2 its mass: that of the paper is taken as it is."
    return [*rows, Comparison("eq. (23)", "largest coupling of V2", "0.8", "not derived", difference=own)]


def _violating() -> list[Comparison]:
    found = lepton_number.fit("scalar")
    centre = "The error is the same. Neither R_KS nor the rates of the Standard Model move the centre so far."
    rows = [
        Comparison("appendix C", "L_S at m_b that fits best", "1.22(34)e-8", found.best, "GeV^-2", centre),
        Comparison("appendix C", "its error", "0.34e-8", (found.upper - found.lower) / 2, "GeV^-2"),
    ]
    printed = published(PAPER).number("lepton number", "L_S", "value")
    for written, running in RUNNING.items():
        remark = "" if written == "1.137" else "1.137 is a misprint: S runs as T^-3, and 0.900^-3 = 1.371."
        what = f"|C|^(-1/3) of dimension seven from 1.22e-8, with running by {written}"
        rows.append(Comparison("appendix C", what, "1.6", lepton_number.scale(printed, running), "TeV", remark))
    return rows
