"""arXiv:2309.12741, section II: couplings of neutrinos, figures 1 to 3 and leptoquarks, with exact regions.

The paper scans coefficients at random. Rates are quadratic forms, so the edges of what it scans are known: with a =
C_L + C_L^SM and b = C_R of each pair of neutrinos R_K is a sum of |a + b|^2, R_K* one of that and of |a - b|^2.
"""

from collections.abc import Sequence
from functools import cache
from math import pi, sqrt
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import Inputs, ckm_matrix, load_inputs, load_prior, normalisation
from dineutrino.inputs.quarks import B, S
from dineutrino.inputs.standard_model import c_l_sm
from dineutrino.inputs.units import TEV
from dineutrino.models import MasslessNeutrinos
from dineutrino.models.mediators import MEDIATORS
from dineutrino.observables import Predictor
from dineutrino.reproduce.comparison import Comparison, Comparisons
from dineutrino.reproduce.figure import Band, Figure, Line, Panel, Ring, fewer
from dineutrino.reproduce.quadratic import Points, Quadratic, crescents
from dineutrino.reproduce.rates import new_physics, standard_model

PAPER, SOURCE = "he2024", "arXiv:2309.12741"
RATIOS = ("R(B+->Knunu)", "R(B0->K*nunu)")
VIOLATING = ("BR(B+->Kmutau)", "BR(Bs->mutau)")
CONSERVING = ("BR(B+->Ktautau)", "BR(Bs->tautau)")
MUON, TAU, BOTH = "Re CR_bsnumunumu", "Re CR_bsnutaunutau", ("Re CR_bsnumunutau", "Re CR_bsnutaunumu")
WINDOWS = {"Belle II": (3.6, 7.0), "average": (2.0, 4.0)}
"""R_K, eqs. (4a) and (4b), within one standard deviation."""
LIMITS = {2.7: "C0", 1.9: "C3"}
"""On R_K*, eq. (5), with the colours of the paper."""
LEFT, RIGHT = "S1", ("R2t", "V2")
"""S_0 of the paper, which makes C_L, and its S~_1/2 and V_1/2, which make C_R."""
R_K, R_K_STAR = r"$R_K^{\nu\nu}$", r"$R_{K^*}^{\nu\nu}$"

Numbers = Float[np.ndarray, " n"]


@cache
def _inputs() -> Inputs:
    return load_inputs(PAPER)


@cache
def _predictor() -> Predictor:
    return Predictor([*RATIOS, *VIOLATING, *CONSERVING], _inputs())


def rates(values: dict[str, Numbers]) -> Float[np.ndarray, "n 6"]:
    """R_K, R_K*, then the branching ratios into charged leptons, at many values of the coefficients."""
    return new_physics(_predictor(), MasslessNeutrinos(), values) + standard_model(_predictor())


@cache
def planes(off_diagonal: bool) -> tuple[Quadratic, Quadratic]:
    """R_K and R_K* by C_R of two taus and of two muons, or of a muon and a tau in either order."""

    def ratios(x: Points) -> Float[np.ndarray, "n 2"]:
        others = dict.fromkeys(BOTH, x[:, 0]) if off_diagonal else {MUON: x[:, 0]}
        return rates(others | {TAU: x[:, 1]})[:, :2]

    first, second = Quadratic.all_of(ratios)
    return first, second


@cache
def eta() -> float:
    """What tells right-handed from left-handed quarks in K*, eq. (11), from the slopes of both ratios."""
    kaon, vector = planes(False)
    return -float(vector.gradient[1] / kaon.gradient[1])


class Edges(NamedTuple):
    """Smallest and largest R_K* at each R_K; nan where there is no such R_K."""

    lower: Numbers
    upper: Numbers


def all_unprimed(ratio: Numbers) -> Edges:
    """With any C_L and C_R: |a + b|^2 alone at the lower end, and no upper one."""
    return Edges((1 - eta()) / 2 * ratio, np.full_like(ratio, np.inf))


def all_primed(ratio: Numbers) -> Edges:
    """With right-handed neutrinos, which add to the Standard Model."""
    lower = 1 + (1 - eta()) / 2 * (ratio - 1)
    return Edges(np.where(ratio >= 1, lower, np.nan), np.full_like(ratio, np.inf))


def right_handed(ratio: Numbers, neutrinos: int) -> Edges:
    """With C_R alone, diagonal in some neutrinos, and any of two flavours.

    In units of C_L^SM, R_K = 1 + (2 s + Q)/3 and R_K* = 1 + (-2 eta s + Q)/3 with the sum s of the diagonal ones and
    the sum Q of all squares, at least s^2 over their number n. So R_K* = R_K - 2 (1 + eta) s/3, with s between the
    roots of s^2/n + 2 s + 3 = 3 R_K.
    """
    n = neutrinos
    with np.errstate(invalid="ignore"):
        root = np.sqrt(n**2 + 3 * n * (ratio - 1))
    return Edges(*(ratio - 2 * (1 + eta()) / 3 * (-n + sign * root) for sign in (1, -1)))


def figure_1(fast: bool = False) -> Figure:
    """R_K* against R_K: all coefficients, and right-handed quarks alone."""
    ratio = np.linspace(0.0, 12.0, fewer(241, fast))
    sm = _standard_model(3.0, fewer(121, fast))
    all_of: list[Band | Ring] = [
        Band("left-handed neutrinos", ratio, all_unprimed(ratio).lower, np.full_like(ratio, 12.0), "0.85"),
        Band("right-handed neutrinos", ratio, all_primed(ratio).lower, np.full_like(ratio, 12.0), "0.6"),
        Ring(r"Standard Model, $3\sigma$", sm, np.ones_like(sm), "C2"),
    ]
    return Figure(
        f"{PAPER} figure 1",
        SOURCE,
        "Exact regions in place of a scan; vertical: the windows of R_K, horizontal: the limits on R_K*.",
        [_ratios("all coefficients", all_of), _ratios("right-handed quarks", _right_handed(ratio, 3))],
    )


def _ratios(title: str, curves: Sequence[Band | Ring]) -> Panel:
    ends = np.array([0.0, 12.0])
    lines = [Line(r"$R_{K^*}=R_K$", ends, ends, "k")]
    lines += [Line(f"limit {limit:g}", ends, np.full(2, limit), "C3", "--") for limit in LIMITS]
    for (name, window), style in zip(WINDOWS.items(), ("-", "--"), strict=True):
        lines += [Line(name if i == 0 else "", np.full(2, end), ends, "k", style) for i, end in enumerate(window)]
    return Panel(title, R_K, R_K_STAR, [*curves, *lines], x_range=(0.0, 12.0), y_range=(0.0, 12.0))


def _right_handed(ratio: Numbers, neutrinos: int) -> list[Band]:
    edges = right_handed(ratio, neutrinos)
    found = [Band("right-handed quarks", ratio, edges.lower, edges.upper, "0.85")]
    for limit, color in LIMITS.items():
        inside = np.linspace(*WINDOWS["Belle II"], len(ratio))
        inside = inside[right_handed(inside, neutrinos).lower <= limit]
        edges = right_handed(inside, neutrinos)
        upper = np.minimum(edges.upper, limit)
        found.append(Band(rf"$R_{{K^*}}\leq {limit}$", inside, edges.lower, upper, color))
    return found


def _standard_model(deviations: float, points: int) -> Points:
    """Where both ratios may be by the uncertainties of the inputs: of two correlated numbers that many deviations."""
    predictor = Predictor(["BR(B+->Knunu)", "BR(B0->K*nunu)"], _inputs())
    zero = NeutrinoCoefficients.zero()
    values = np.asarray(predictor(zero))
    covariance = np.asarray(predictor.covariance(zero, load_prior(PAPER))) / np.outer(values, values)
    angle = np.linspace(0.0, 2 * np.pi, points)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return 1 + deviations * circle @ np.linalg.cholesky(covariance).T


def region(off_diagonal: bool, window: str, limit: float, points: int) -> Sequence[tuple[Points, Points]]:
    """Pieces of the plane of C_R (other, tau tau) with R_K in a window and R_K* below a limit, edge by edge."""
    kaon, vector = planes(off_diagonal)
    return crescents(kaon, WINDOWS[window], vector, limit, points)


def figure_2(fast: bool = False) -> Figure:
    """Which C_R do it: the ratios with taus alone on the diagonal, and two planes of coefficients."""
    points = fewer(721, fast)
    left = _ratios("only taus diagonal", _right_handed(np.linspace(0.0, 12.0, fewer(241, fast)), 1))
    centre = _plane("diagonal", r"$C_R^{\mu\mu}$", False, ("Belle II",), points)
    right = _plane("one pair of flavours", r"$C_R^{\mu\tau}=C_R^{\tau\mu}$", True, tuple(WINDOWS), points)
    caption = "Exact regions; all other coefficients vanish in the planes. Hatched: with the average of R_K."
    return Figure(f"{PAPER} figure 2", SOURCE, caption, [left, centre, right])


def _plane(title: str, label: str, off_diagonal: bool, windows: Sequence[str], points: int) -> Panel:
    curves = []
    for window in windows:
        for limit, color in LIMITS.items():
            for i, (outer, inner) in enumerate(region(off_diagonal, window, limit, points)):
                named = rf"{window}, $R_{{K^*}}\leq {limit}$" if i == 0 else ""
                curves.append(Ring(named, outer, inner, color, "" if window == "Belle II" else "//"))
    return Panel(title, label, r"$C_R^{\tau\tau}$", curves, x_range=(-22.0, 22.0), y_range=(-25.0, 12.0))


class Reach(NamedTuple):
    """What a region allows.

    Attributes:
        off_diagonal: largest C_R of a muon and a tau.
        taus: smallest and largest C_R of two taus.
    """

    off_diagonal: float
    taus: tuple[float, float]


def reach(limit: float, points: int = 721) -> Reach:
    """Of the region of the right panel of figure 2, with the window of Belle II."""
    edge = np.concatenate([points for piece in region(True, "Belle II", limit, points) for points in piece])
    return Reach(float(edge[:, 0].max()), (float(edge[:, 1].min()), float(edge[:, 1].max())))


def violating(coefficient: Numbers, strength: float = 1.0) -> Float[np.ndarray, "n 2"]:
    """Branching ratios of K mu tau and B_s -> mu tau with C9' = -C10' = strength C_R of a muon and a tau."""
    c = strength * coefficient
    return rates(
        {f"Re {name}_bs{pair}": sign * c for pair in ("mutau", "taumu") for name, sign in (("C9p", 1), ("C10p", -1))}
    )[:, 2:4]


def conserving(coefficient: Numbers, strength: float = 1.0) -> Float[np.ndarray, "n 2"]:
    """The same of K tau tau and B_s -> tau tau with C_R of two taus."""
    c = strength * coefficient
    return rates({"Re C9p_bstautau": c, "Re C10p_bstautau": -c})[:, 4:]


def figure_3(fast: bool = False) -> Figure:
    """Charged leptons that the coefficients of figure 2 make, by SU(2) with C9' = -C10' = C_R."""
    points = fewer(121, fast)
    two, one = [], []
    for limit, color in LIMITS.items():
        found = reach(limit)
        label = rf"$R_{{K^*}}\leq {limit}$"
        for strength, style in ((1.0, "-"), (2.0, ":")):
            named = label if strength == 1 else f"{label}, $C_9'=2C_R$"
            x, y = violating(np.linspace(0.0, found.off_diagonal, points), strength).T
            two.append(Line(named, x, y, color, style))
            x, y = conserving(np.linspace(*found.taus, points), strength).T
            one.append(Line(named, x, y, color, style))
    known = standard_model(_predictor())[4]
    one.append(Line("Standard Model", np.full(2, known), np.array([0.0, 8e-5]), "k"))
    return Figure(
        f"{PAPER} figure 3",
        SOURCE,
        "The numbers in the text of the paper are those of C9' = 2 C_R (dotted); its eq. (16) has C9' = C_R.",
        [
            Panel(
                "two flavours",
                r"$\mathcal{B}(B^+\to K^+\mu^-\tau^+)$",
                r"$\mathcal{B}(B_s\to\mu^-\tau^+)$",
                two,
            ),
            Panel("pairs of taus", r"$\mathcal{B}(B^+\to K^+\tau^+\tau^-)$", r"$\mathcal{B}(B_s\to\tau^+\tau^-)$", one),
        ],
    )


FIGURES = {1: figure_1, 2: figure_2, 3: figure_3}


def numbers(fast: bool = False) -> Comparisons:
    """Equations and statements of section II."""
    return Comparisons(PAPER, SOURCE, [*_forms(), *_bounds(), *_leptoquarks(), *_charged_leptons()])


def _forms() -> list[Comparison]:
    known = float(Predictor(["BR(B+->Knunu)"], _inputs())(NeutrinoCoefficients.zero())[0])
    kaon, _ = planes(False)
    return [
        Comparison(
            "eq. (2)", "BR(B+ -> K+ nu nubar) of the Standard Model", "4.43(31)e-6", known,
            difference="Form factors of HPQCD 2022.",
        ),
        Comparison("eq. (9)", "C_L of the Standard Model", "-6.352", float(c_l_sm(_inputs()))),
        Comparison("below (11)", "eta", "0.63(9)", eta(), difference="Form factors of arXiv:1811.00983 as published."),
        Comparison("eq. (10a)", "R_K: coefficient of each C_L and C_R", "-0.105(1)", float(kaon.gradient[1])),
        Comparison("eq. (10a)", "R_K: coefficient of each square", "0.0083(2)", float(kaon.hessian[1, 1])),
    ]  # fmt: skip


def _bounds() -> list[Comparison]:
    start = np.array([WINDOWS["Belle II"][0]])
    alone = float(right_handed(start, 1).lower[0])
    _, vector = planes(False)
    root = sqrt(1 + 3 * (start[0] - 1)) - 1
    printed = float(vector(np.array([[0.0, -13.2]]))[0])
    coarse = "The exact minimum at the lower end of the window; the scan of the paper has few points there."
    return [
        Comparison(
            "sec. II", "lowest R_K* for R_K > 3.6, right-handed neutrinos", "1.47", float(all_primed(start).lower[0])
        ),
        Comparison("sec. II", "lowest R_K* for R_K > 3.6, C_R diagonal in taus", "1.5", alone, difference=coarse),
        Comparison("sec. II", "C_R of two taus there", "-13.2", root * float(c_l_sm(_inputs())), difference=coarse),
        Comparison("sec. II", "R_K* at C_R = -13.2 of two taus", "1.5", printed, difference="R_K is 3.8 there."),
        Comparison(
            "sec. II", "R_K* over R_K with C_R of two flavours alone, far from one", "1",
            float(planes(True)[1].hessian[0, 0] / planes(True)[0].hessian[0, 0]),
        ),
    ]  # fmt: skip


class Ties(NamedTuple):
    """Coefficients over that of neutrinos, at tree level: C9 over C_L, or C9' over C_R."""

    left: float
    right: float


def ties(field: str, coupling: str) -> Ties:
    """Of a leptoquark that couples taus to s and b."""
    heavy = MEDIATORS[field].read({f"Re {coupling}_{i}3": jnp.asarray(1.0) for i in (2, 3)})
    c = heavy.match(jnp.asarray(TEV)).vectors
    lq1, lq3, ld = (float(each[2, 2, S, B].real) for each in (c.lq1, c.lq3, c.ld))
    with np.errstate(invalid="ignore"):
        return Ties(float(np.divide(lq1 + lq3, lq1 - lq3)), float(np.divide(ld, ld)))


def charged_current(C_L: float) -> float:
    """R(D) over the Standard Model, that of S_0 with a real C_L of two taus; C_VL is a multiple of it.

    C_lq3 = -C_lq1, so that C_VL = alpha/(2 pi) V_tb V_ts* V_cs/V_cb C_L, which is about -alpha/(2 pi) C_L.
    """
    V, inputs = np.asarray(ckm_matrix(_inputs())), _inputs()
    lq3 = -float(normalisation(inputs).real) * C_L / 2
    return abs(1 - lq3 / (sqrt(2) * float(inputs["G_F"])) * V[1, 1] / V[1, 2]) ** 2


def _leptoquarks() -> list[Comparison]:
    anomalies = []
    for name, field, coupling, printed, tie in (("S_1", "S3", "y3L", "1.1", "2"), ("V_1", "U3", "x3L", "1.5", "1/2")):
        left = ties(field, coupling).left
        point = {f"Re CL_bsnu{i}nu{i}": np.array([-1 / left]) for i in ("e", "mu")}
        anomalies += [
            Comparison("eq. (15)", f"C9/C_L of {name}", tie, left),
            Comparison("sec. II", f"R_K = R_K* of {name} with C9 = -1 of e and mu", printed, float(rates(point)[0, 0])),
        ]
    anomalies += [
        Comparison("eq. (16)", f"C9'/C_R of {name}", "1", ties(field, coupling).right)
        for name, field, coupling in (("S~_1/2", "R2t", "y2Lt"), ("V_1/2", "V2", "x2L"))
    ]
    return [*anomalies, *_charged_currents()]


def _charged_currents() -> list[Comparison]:
    gradient, hessian = (float(x) for x in (planes(False)[0].gradient[1], planes(False)[0].hessian[1, 1]))

    def ratio(C_L: float) -> float:
        return 1 + gradient * C_L + hessian * C_L**2

    def coefficient(value: float, sign: int) -> float:
        return (-gradient + sign * sqrt(gradient**2 + 4 * hessian * (value - 1))) / (2 * hessian)

    per_unit = float(_inputs()["alpha_em"]) / (2 * pi)
    wanted = sqrt(1.12) - 1
    of_nature = wanted / (1 - sqrt(charged_current(1.0)))
    sign = (
        "In nature C_L < 0 raises both ratios; the paper needs C_L > 0, and has 1 for |V_tb V_ts*| V_cs/V_cb = "
        f"{(1 - sqrt(charged_current(1.0))) / per_unit:.3f}."
    )
    return [
        Comparison("sec. II", "R(D)/R(D)_SM of S_0 with R_K = 2.7, sign of the paper", "1.06",
                   (1 + per_unit * coefficient(2.7, 1)) ** 2),
        Comparison("sec. II", "the same in nature", "1.06", charged_current(coefficient(2.7, -1)), difference=sign),
        Comparison("sec. II", "R_K of S_0 with R(D)/R(D)_SM = 1.12, sign of the paper", "14", ratio(wanted / per_unit)),
        Comparison("sec. II", "the same in nature", "14", ratio(-of_nature), difference=sign),
    ]  # fmt: skip


def _charged_leptons() -> list[Comparison]:
    found = reach(2.7)
    edges = np.array(found.taus)
    twice = "The text of the paper follows with C9' = 2 C_R, which its eq. (16) does not have: four times as much."
    rows = []
    for i, (mode, printed) in enumerate((("B+ -> K+ mu- tau+", "1e-5"), ("B_s -> mu- tau+", "1e-5"))):
        values = [violating(np.array([found.off_diagonal]), strength)[0, i] for strength in (1.0, 2.0)]
        rows.append(Comparison("figure 3", f"largest BR({mode})", printed, float(values[0]), difference=twice))
        rows.append(Comparison("figure 3", f"the same with C9' = 2 C_R, {mode}", printed, float(values[1])))
    for i, (mode, printed) in enumerate((("B+ -> K+ tau tau", "few 1e-5"), ("B_s -> tau tau", "few 1e-5"))):
        values = [conserving(edges, strength)[:, i].max() for strength in (1.0, 2.0)]
        rows.append(Comparison("figure 3", f"largest BR({mode})", printed, float(values[0]), difference=twice))
        rows.append(Comparison("figure 3", f"the same with C9' = 2 C_R, {mode}", printed, float(values[1])))
    return rows
