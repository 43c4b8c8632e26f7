"""A. de Giorgi and G. Piazza, A lesson from R_tautau and R_nunu at Belle II (2022): taus and neutrinos behind R(D).

Left-handed new physics with C_lq1 = kappa C_lq3, matched at tree level and not run. The paper takes |V_tb V_ts*| for
V_tb V_ts*, which is negative: what it prints for b -> s has the wrong sign. Both are here, its sign and that of nature.
"""

from collections.abc import Mapping
from functools import cache
from itertools import product
from math import sqrt
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from dineutrino.eft.leptons import leptons_from_lagrangian
from dineutrino.inputs import SB, Inputs, ckm_matrix, load_inputs, normalisation
from dineutrino.inputs.leptons import MU, TAU
from dineutrino.inputs.quarks import B, S
from dineutrino.inputs.units import PER_TEV2, TEV
from dineutrino.models import MasslessNeutrinos, load_model
from dineutrino.models.mediators import MEDIATORS, Kappa, Mediator
from dineutrino.observables import Predictor
from dineutrino.reproduce.comparison import Comparison, Comparisons
from dineutrino.reproduce.figure import Band, Figure, Line, Panel, fewer
from dineutrino.reproduce.published import Published, published
from dineutrino.reproduce.rates import new_physics, standard_model

PAPER = "degiorgi2022"
SOURCE = "A. de Giorgi and G. Piazza, A lesson from R_tautau and R_nunu at Belle II (2022)"
TAUS = ("BR(B+->Ktautau)", "BR(B0->K*tautau)")
NEUTRINOS = ("R(B+->Knunu)", "R(B0->K*nunu)")
HADRONS = ("K", "K*")
KAPPAS = {"U1": 1.0, "VB": 0.0, "S3": 3.0, "U3": -3.0, "X+1/2": 0.5, "X-1/2": -0.5, "X3/2": 1.5}
"""Models of figure 1: those of table I that explain R(D), and three of two fields."""
COLORS = ("C0", "C1", "C2", "C3", "C4", "C5", "k")
SIGNS = {"as printed": -1.0, "of nature": 1.0}
"""Convention -> sign of new physics in b -> s relative to that of nature."""
FIELDS = {
    "Vprime": ("VB", {"Re g3q_23": 0.1, "Re g3l_33": 1.0}, "0"),
    "U1": ("U_1", {"Re x1L_23": 0.1, "Re x1L_33": 1.0}, "1"),
    "U3": ("U_3", {"Re x3L_23": 0.1, "Re x3L_33": 1.0}, "-3"),
    "S3": ("S_3", {"Re y3L_23": 0.1, "Re y3L_33": 1.0}, "3"),
    "ZprimeL": ("Z'", {"Re gLq_23": 0.1, "Re gLl_33": 1.0}, "-"),
    "S1": ("S_1", {"Re y1L_23": 0.1, "Re y1L_33": 1.0}, "-1"),
}
"""Field -> its name in table I, couplings that make b -> s, and kappa as it is printed."""

Points = Float[np.ndarray, " point"]


class Measured(NamedTuple):
    """A number with its standard deviation."""

    value: float
    error: float


class Ratios(NamedTuple):
    """Branching ratios over those of the Standard Model, for K and K*."""

    taus: tuple[Points, Points]
    neutrinos: tuple[Points, Points]


@cache
def _inputs() -> Inputs:
    return load_inputs(PAPER)


@cache
def _predictor() -> Predictor:
    return Predictor([*TAUS, *NEUTRINOS], _inputs())


def ratios(values: Mapping[str, Points]) -> Ratios:
    """At many values of "Re C9_bstautau", "Re CL_bsnutaunutau" and so on."""
    known = standard_model(_predictor())
    found = (new_physics(_predictor(), MasslessNeutrinos(), values) + known).T
    taus = found[:2] / known[:2, None]
    return Ratios((taus[0], taus[1]), (found[2], found[3]))


def polynomial(hadron: int) -> dict[str, float]:
    """R_tautau = 1 + the sum of these, with x = C9 - C10 and y = C9 + C10 of new physics: eqs. (A.1) and (A.2).

    A quadratic form is known from its values at five points.
    """
    x, y = np.array([1.0, -1.0, 0.0, 0.0, 1.0]), np.array([0.0, 0.0, 1.0, -1.0, 1.0])
    one_x, less_x, one_y, less_y, both = (
        ratios({"Re C9_bstautau": (y + x) / 2, "Re C10_bstautau": (y - x) / 2}).taus[hadron] - 1
    )
    xx, yy = (one_x + less_x) / 2, (one_y + less_y) / 2
    return {"x^2": xx, "x": (one_x - less_x) / 2, "xy": both - one_x - one_y, "y^2": yy, "y": (one_y - less_y) / 2}


def of_charged(hadron: str, data: Published) -> Measured:
    """sqrt(R/R_SM) - 1 of D or D*, eq. (4.1)."""
    measured, predicted = (data.number(kind, hadron, "value") for kind in ("charged", "standard_model"))
    statistical, systematic = (data.number("charged", hadron, kind) for kind in ("statistical", "systematic"))
    error2 = (statistical**2 + systematic**2) / measured**2
    error2 += (data.number("standard_model", hadron, "uncertainty") / predicted) ** 2
    root = sqrt(measured / predicted)
    return Measured(root - 1, root * sqrt(error2) / 2)


def left_handed_current() -> Measured:
    """C_VL of b -> c tau nu, eq. (4.2): both modes weighted with their errors, without their correlation."""
    both = [of_charged(hadron, published(PAPER)) for hadron in ("D", "D*")]
    weights = [1 / each.error**2 for each in both]
    mean = sum(w * each.value for w, each in zip(weights, both, strict=True)) / sum(weights)
    return Measured(mean, 1 / sqrt(sum(weights)))


def triplet(current: float) -> float:
    """C_lq3 of two taus, s and b, over Lambda^2, TeV^-2, that makes a C_VL: eqs. (2.15) and (4.3)."""
    V_cb = float(jnp.abs(ckm_matrix(_inputs())[1, 2]))
    return -current * V_cb * sqrt(2) * float(_inputs()["G_F"]) / PER_TEV2


class Shifts(NamedTuple):
    """Coefficients of taus that new physics makes at tree level."""

    C9: float
    C_L: float


def shifts(field: Mediator, mass: float) -> Shifts:
    """C9 = -C10 and C_L of taus, with the sign of nature: eqs. (2.8) and (2.11).

    Args:
        field: with its couplings.
        mass: TeV.
    """
    c = field.match(jnp.asarray(TEV * mass)).vectors
    lq1, lq3, N = c.lq1[TAU, TAU, S, B], c.lq3[TAU, TAU, S, B], normalisation(_inputs())
    return Shifts(float(((lq1 + lq3) / N).real), float(((lq1 - lq3) / N).real))


def shifts_of_kappa(kappa: float, current: float) -> Shifts:
    """Those behind a C_VL of b -> c tau nu: eqs. (4.4) and (4.5)."""
    C3 = jnp.zeros((3, 3), complex).at[S, B].set(triplet(current)).at[B, S].set(triplet(current))
    return shifts(Kappa(jnp.asarray(kappa + 0j), C3), 1.0)


def curve(kappa: float, currents: Points, sign: float) -> Ratios:
    """R_tautau and R_nunu of one model, for values of C_VL.

    Muons have the C9 of the global fit, which has its own sign, and electrons nothing.
    """
    one = shifts_of_kappa(kappa, 1.0)
    muons = published(PAPER).number("muons", "C9", "value") * (kappa - 1) / (kappa + 1)
    C9, C_L = sign * one.C9 * currents, sign * one.C_L * currents
    muon = np.full_like(currents, muons)
    return ratios({"Re C9_bstautau": C9, "Re C10_bstautau": -C9, "Re CL_bsnutaunutau": C_L, "Re CL_bsnumunumu": muon})


def figure_1(fast: bool = False) -> Figure:
    """R_nunu against R_tautau for all models, with either sign."""
    return Figure(
        f"{PAPER} figure 1",
        SOURCE,
        "Solid: R(D) and R(D*) within one standard deviation, dashed: two. Above as printed, below the sign of nature.",
        [_panel(i, convention, fewer(81, fast)) for convention, i in product(SIGNS, range(2))],
    )


def _panel(hadron: int, convention: str, points: int) -> Panel:
    current, data, mode = left_handed_current(), published(PAPER), NEUTRINOS[hadron]
    ends = np.array([0.05, 3000.0])
    lines: list[Line | Band] = [
        Band("excluded, 90% CL", ends, np.full(2, data.limits[mode]), np.full(2, 300.0), "0.6"),
        *(
            Band(f"Belle II, {size}", ends, np.full(2, lower), np.full(2, upper), color)
            for size, color in (("1/ab", "pink"), ("50/ab", "orange"))
            for lower, upper in (data.bands[f"{mode}, {size}"],)
        ),
    ]
    for i, (name, kappa) in enumerate(KAPPAS.items()):
        for label, reach, style in (("", 2.0, "--"), (name, 1.0, "-")):
            currents = current.value + current.error * np.linspace(-reach, reach, points)
            found = curve(kappa, currents, SIGNS[convention])
            lines.append(Line(label, found.taus[hadron], found.neutrinos[hadron], COLORS[i], style))
    kind = rf"^{{{HADRONS[hadron]}}}"
    return Panel(
        f"{HADRONS[hadron]}, sign {convention}", rf"$R{kind}_{{\tau\tau}}$", rf"$R{kind}_{{\nu\nu}}$", lines,
        "log", "log", (0.05, 3000.0), (0.3, 300.0),
    )  # fmt: skip


FIGURES = {1: figure_1}
PRINTED = (
    {"x^2": "1.48e-2", "x": "2.42e-1", "xy": "-1.15e-2", "y^2": "1.48e-2", "y": "-9.93e-2"},
    {"x^2": "1.73e-2", "x": "2.61e-1", "xy": "1.86e-2", "y^2": "1.73e-2", "y": "1.26e-1"},
)
"""Coefficients of eqs. (A.1) and (A.2); a minus is lost where x and y are multiplied in the text of (A.2)."""


def numbers(fast: bool = False) -> Comparisons:
    """Table I and the equations; none of them takes long."""
    return Comparisons(PAPER, SOURCE, [*_table(), *_equations(), *_enhancements(), *_polynomials(), *_running()])


def _table() -> list[Comparison]:
    found = []
    for name, (printed, couplings, kappa) in FIELDS.items():
        field = MEDIATORS[name].read({key: jnp.asarray(value) for key, value in couplings.items()})
        c = field.match(jnp.asarray(TEV)).vectors
        lq1, lq3 = (complex(each[TAU, TAU, S, B]) for each in (c.lq1, c.lq3))
        if lq3 == 0:
            found.append(Comparison("table I", f"kappa of {printed}", kappa, "none", difference="There is no C_lq3."))
        else:
            found.append(Comparison("table I", f"kappa of {printed}", kappa, float((lq1 / lq3).real)))
    return found


def _equations() -> list[Comparison]:
    data, current, charm = published(PAPER), left_handed_current(), Predictor(
        ["Rtaul(B->Dlnu)", "Rtaul(B->D*lnu)"], _inputs()
    )  # fmt: skip
    C3, error = triplet(current.value), triplet(current.error)
    central = shifts_of_kappa(0.0, current.value)
    wrong = "In nature the sign is the other one: V_tb V_ts* is negative, where the paper has |V_tb V_ts*|."
    rows = [
        Comparison(
            "eq. (1.6)",
            "R(D) of the Standard Model",
            "0.298(4)",
            float(standard_model(charm)[0]),
            difference="Form factors of arXiv:1811.00983 here, an average of many there.",
        ),
        Comparison("eq. (1.7)", "R(D*) of the Standard Model", "0.254(5)", float(standard_model(charm)[1])),
    ]
    for hadron, printed in (("D", "0.096(43)"), ("D*", "0.059(26)")):
        rows.append(Comparison("eq. (4.1)", f"C_V - C_A from R({hadron})", printed, of_charged(hadron, data).value))
    return [
        *rows,
        Comparison("eq. (4.2)", "average", "0.069(22)", current.value),
        Comparison("eq. (4.2)", "its error", "0.022", current.error),
        Comparison("eq. (4.3)", "C_lq3/Lambda^2", "-0.045(15)", C3, "TeV^-2", "|V_cb| is that of exclusive decays."),
        Comparison("eq. (4.3)", "its error", "0.015", abs(error), "TeV^-2"),
        Comparison("below (4.3)", "Lambda", "4.7", abs(C3) ** -0.5, "TeV"),
        Comparison("eq. (4.4)", "C9 = -C10 of taus over kappa + 1", "-28(9)", -central.C9, difference=wrong),
        Comparison("eq. (4.5)", "C_L over kappa - 1", "-28(9)", central.C_L, difference=wrong),
    ]


def _enhancements() -> list[Comparison]:
    current = left_handed_current()
    two_sigma = current.value + np.array([-2.0, 2.0]) * current.error
    rows = []
    for name, sign in SIGNS.items():
        found = curve(1.0, two_sigma, sign)
        rounded = "The paper takes 28 +- 9 for C9, rounded, and its own coefficients of (A.1) and (A.2)."
        remark = rounded if sign < 0 else "What the paper would find with the sign of V_tb V_ts*."
        for end, pick, index in (("lowest", min, 0), ("highest", max, 1)):
            rows.append(
                Comparison(
                    "eq. (4.6)", f"{end} R_tautau of U_1 at 95% CL, K or K*, sign {name}", ("15", "540")[index],
                    float(pick(found.taus[0][index], found.taus[1][index])), difference=remark,
                )
            )  # fmt: skip
    many = current.value + current.error * np.linspace(-2, 2, 401)
    lowest = curve(-0.5, many, SIGNS["as printed"]), curve(0.5, many, SIGNS["as printed"])
    return [
        *rows,
        Comparison(
            "sec. V", "lowest R_tautau of two fields, K", "O(0.1)", float(lowest[0].taus[0].min()), difference="X-1/2."
        ),
        Comparison(
            "sec. V",
            "lowest R_nunu of two fields, K",
            "O(0.6)",
            float(lowest[1].neutrinos[0].min()),
            difference="X+1/2.",
        ),
    ]


def _polynomials() -> list[Comparison]:
    rows = [
        Comparison(
            f"eq. (A.{i + 1})", f"R_tautau of {HADRONS[i]}: coefficient of {term}, x = C9 - C10, y = C9 + C10", printed,
            found, difference=_of_form_factors(found, printed),
        )
        for i in range(2)
        for (term, printed), found in zip(PRINTED[i].items(), polynomial(i).values(), strict=True)
    ]  # fmt: skip
    more, less = ratios({"Re CL_bsnutaunutau": np.array([1.0, -1.0])}).neutrinos[0] - 1
    return [
        *rows,
        Comparison("eq. (A.3)", "R_nunu: coefficient of C_L of each neutrino", "-0.1", float(more - less) / 2),
        Comparison("eq. (A.3)", "R_nunu: coefficient of its square", "8.1e-3", float(more + less) / 2),
    ]


def _of_form_factors(found: float, printed: str) -> str:
    if abs(found / float(printed) - 1) < 5e-3:
        return ""
    return "Form factors and loops of charm are those of flavio at that time, which are not printed."


def _running() -> list[Comparison]:
    """What the paper neglects: U1 between its mass and m_b, with the sign of nature."""
    current = left_handed_current()
    model, values = load_model("Kappa", _inputs()), {"m_Kappa": 4.7, "kappa": 1.0}
    C3 = triplet(current.value) * values["m_Kappa"] ** 2
    theory = model({name: jnp.asarray(value) for name, value in (values | {"Re C3_23": C3}).items()}, _inputs())
    found = leptons_from_lagrangian(theory.leptons(SB), _inputs()).C9
    R_nunu = _predictor()(theory)[2]
    tree = 2 * shifts_of_kappa(0.0, current.value).C9
    return [
        Comparison(
            "below (4.5)", "C9 of muons from loops over kappa + 1", "-0.20(6)", float(found[MU, MU].real) / 2,
            difference="From 4.7 TeV to mu_b, with the sign of nature; to m_W, where the paper stops, is 0.6 of it.",
        ),
        Comparison(
            "sec. IV", "C9 of taus of U_1 with running over that without", "1", float(found[TAU, TAU].real) / tree,
            difference="The paper neglects running.",
        ),
        Comparison(
            "sec. IV", "R_nunu of U_1 with running", "1", float(R_nunu),
            difference="The paper neglects running, which makes C_lq1 and C_lq3 differ.",
        ),
    ]  # fmt: skip
