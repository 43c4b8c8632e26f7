"""arXiv:2309.02940: sterile neutrinos in B -> K(*) + invisible and B_s -> invisible, figures 1 to 5.

Coefficients in TeV^-2 at 1 TeV. Limits and bands are those of the paper; the Standard Model, with the long-distance
part in charged modes, is ours with its inputs.
"""

from functools import cache

import numpy as np
from jaxtyping import Float

from dineutrino.inputs import load_inputs
from dineutrino.models import SterileNeutrino
from dineutrino.models.sterile_completions import heaviest
from dineutrino.observables import Predictor
from dineutrino.reproduce.comparison import Comparison, Comparisons
from dineutrino.reproduce.figure import Band, Figure, Line, Panel, Ring, fewer
from dineutrino.reproduce.published import published
from dineutrino.reproduce.rates import new_physics, per_coupling2, root, standard_model

PAPER, SOURCE = "felkl2023", "arXiv:2309.02940"
SIGNAL, NEUTRAL, NEUTRAL_STAR, CHARGED_STAR = "BR(B+->Knunu)", "BR(B0->Knunu)", "BR(B0->K*nunu)", "BR(B+->K*nunu)"
MODES = (SIGNAL, NEUTRAL, NEUTRAL_STAR, CHARGED_STAR, "BR(Bs->nunu)")
TEX = {
    SIGNAL: r"$B^+\to K^+$",
    NEUTRAL: r"$B^0\to K^0$",
    NEUTRAL_STAR: r"$B^0\to K^{*0}$",
    CHARGED_STAR: r"$B^+\to K^{*+}$",
    "BR(Bs->nunu)": r"$B_s\to\mathrm{inv}$",
}
COLOR = {SIGNAL: "C0", NEUTRAL: "C2", NEUTRAL_STAR: "C1", CHARGED_STAR: "C4", "BR(Bs->nunu)": "k"}
VECTOR, RIGHT_VECTOR, SCALAR, TENSOR = "Re QN_2311", "Re dN_2311", "Re LNQd_2123", "Re LNQdT_2123"
NAME = {VECTOR: "QN", RIGHT_VECTOR: "dN", SCALAR: "LNQd", TENSOR: "LNQdT"}
HEAVY = 1.5
"""GeV, the benchmark mass of the paper."""
HATCH = {"average": "", "Belle II": "///"}


def _axis(operator: str) -> str:
    return rf"$C^{{{NAME[operator]}}}$ [TeV$^{{-2}}$]"


@cache
def _predictor() -> Predictor:
    return Predictor(MODES, load_inputs(PAPER))


def _model(predictor: Predictor) -> SterileNeutrino:
    return SterileNeutrino.from_inputs(predictor.inputs)


def figure_1(fast: bool = False) -> Figure:
    """dBR/dq2 of B+ -> K+, short distance only."""
    inputs = load_inputs(PAPER, long_distance="excluded")
    end = float(inputs["m_B+"] - inputs["m_K+"]) ** 2
    q2 = np.linspace(0.0, end, fewer(231, fast))
    predictor = Predictor([("dBR/dq2(B+->Knunu)", float(x)) for x in q2], inputs)
    model, background = _model(predictor), standard_model(predictor)
    curves = [Line("Standard Model", q2, background, "0.5")]
    for operator, color in ((VECTOR, "C0"), (SCALAR, "C1"), (TENSOR, "k")):
        for mass, style in ((0.0, "-"), (HEAVY, "--")):
            added = new_physics(predictor, model, {"mass": np.array([mass]), operator: np.array([0.01])})[0]
            curves.append(Line(rf"{NAME[operator]}, $m_1={mass:g}$ GeV", q2, background + added, color, style))
    panel = Panel("", r"$q^2$ [GeV$^2$]", r"$d\mathcal{B}(B^+\to K^+\nu\nu)/dq^2$ [GeV$^{-2}$]", curves)
    return Figure(f"{PAPER} figure 1", SOURCE, "C = 0.01 TeV^-2 at 1 TeV, with the Standard Model.", [panel])


def figure_2(fast: bool = False) -> Figure:
    """The coefficient that makes a branching ratio, against the mass of the sterile neutrino."""
    predictor = _predictor()
    model, background, data = _model(predictor), standard_model(predictor), published(PAPER)
    panels = []
    for operator, end in ((VECTOR, 2.35), (SCALAR, 4.7), (TENSOR, 4.7)):
        masses = np.linspace(0.0, end, fewer(201, fast))
        k = per_coupling2(predictor, model, operator, masses)
        curves: list[Line | Band] = []
        for name, (lower, upper) in data.bands.items():
            edges = [root(edge - background[0], k[:, 0]) for edge in (lower, upper)]
            curves.append(Band(rf"{TEX[SIGNAL]}: {name}", masses, edges[0], edges[1], "C5", HATCH[name]))
        for mode in (NEUTRAL_STAR, NEUTRAL):
            i = MODES.index(mode)
            curves.append(
                Line(f"limit {TEX[mode]}", masses, root(data.limits[mode] - background[i], k[:, i]), COLOR[mode])
            )
        panels.append(Panel(NAME[operator], r"$m_1$ [GeV]", _axis(operator), curves, y_scale="log", y_range=(3e-3, 1)))
    caption = "One sterile neutrino of mass m_1; above the lines excluded at 90% CL."
    return Figure(f"{PAPER} figure 2", SOURCE, caption, panels)


def figure_3(fast: bool = False) -> Figure:
    """BR(B+ -> K+) against one coefficient, at two masses."""
    predictor = _predictor()
    model, background, data = _model(predictor), standard_model(predictor), published(PAPER)
    c = np.linspace(0.0, 0.06, fewer(121, fast))
    panels = []
    for operator in (VECTOR, SCALAR):
        k = per_coupling2(predictor, model, operator, np.array([0.0, HEAVY]))
        for mass, row in zip((0.0, HEAVY), k, strict=True):
            curves: list[Line | Band] = [
                Band(name, c, np.full_like(c, lower), np.full_like(c, upper), "C5", HATCH[name])
                for name, (lower, upper) in data.bands.items()
            ]
            curves.append(Line(TEX[SIGNAL], c, background[0] + row[0] * c**2, COLOR[SIGNAL]))
            for mode in (NEUTRAL_STAR, NEUTRAL):
                i = MODES.index(mode)
                bound = root(data.limits[mode] - background[i], row[i : i + 1])
                curves.append(Line(f"limit {TEX[mode]}", np.repeat(bound, 2), np.array([0.0, 5e-5]), COLOR[mode]))
            title = rf"{NAME[operator]}, $m_1={mass:g}$ GeV"
            panels.append(
                Panel(title, _axis(operator), r"$\mathcal{B}(B^+\to K^++\mathrm{inv})$", curves, y_range=(0.0, 5e-5))
            )
    return Figure(f"{PAPER} figure 3", SOURCE, "To the right of a vertical line excluded at 90% CL.", panels)


def figure_4(fast: bool = False) -> Figure:
    """Branching ratios of all modes against one coefficient, at the benchmark mass."""
    predictor = _predictor()
    model, background, data = _model(predictor), standard_model(predictor), published(PAPER)
    c = np.geomspace(1e-3, 0.1, fewer(101, fast))
    panels = []
    for operator in (SCALAR, VECTOR):
        [k] = per_coupling2(predictor, model, operator, np.array([HEAVY]))
        curves: list[Line | Band] = [
            Band(name, c, np.full_like(c, lower), np.full_like(c, upper), "C5", HATCH[name])
            for name, (lower, upper) in data.bands.items()
        ]
        for i, mode in enumerate(MODES):
            curves.append(Line(TEX[mode], c, background[i] + k[i] * c**2, COLOR[mode]))
            if mode in data.limits:
                limit = np.full_like(c, data.limits[mode])
                curves.append(Line(f"limit {TEX[mode]}", c, limit, COLOR[mode], "--"))
        title = rf"{NAME[operator]}, $m_1={HEAVY:g}$ GeV"
        panels.append(Panel(title, _axis(operator), "branching ratio", curves, "log", "log", (1e-3, 0.1), (1e-8, 1e-3)))
    caption = "B_s -> invisible in its physical normalisation, twice that of the paper."
    return Figure(f"{PAPER} figure 4", SOURCE, caption, panels)


def figure_5(fast: bool = False) -> Figure:
    """Two coefficients at once: every branching ratio is a quadratic form, so every contour an ellipse."""
    predictor = _predictor()
    panels = []
    for other in (RIGHT_VECTOR, SCALAR):
        for mass in (0.0, HEAVY):
            panels.append(_plane(predictor, VECTOR, other, mass, fast))
    return Figure(f"{PAPER} figure 5", SOURCE, "Outside of the lines excluded at 90% CL.", panels)


def _plane(predictor: Predictor, first: str, second: str, mass: float, fast: bool) -> Panel:
    model, background, data = _model(predictor), standard_model(predictor), published(PAPER)
    angle = np.linspace(0.0, 2 * np.pi, fewer(361, fast))
    direction = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    point = {"mass": np.full_like(angle, mass), first: direction[:, 0], second: direction[:, 1]}
    k = np.maximum(new_physics(predictor, model, point), 0.0)

    def contour(mode: str, value: float) -> Float[np.ndarray, "n 2"]:
        i = MODES.index(mode)
        radius = root(value - background[i], np.maximum(k[:, i], 1e-9))  # finite where the two cancel
        return radius[:, None] * direction

    curves: list[Line | Ring] = [
        Ring(f"{TEX[SIGNAL]}: {name}", contour(SIGNAL, upper), contour(SIGNAL, lower), "C5", HATCH[name])
        for name, (lower, upper) in data.bands.items()
    ]
    for mode in (NEUTRAL_STAR, NEUTRAL):
        x, y = contour(mode, data.limits[mode]).T
        curves.append(Line(f"limit {TEX[mode]}", x, y, COLOR[mode]))
    edge = (-0.08, 0.08)
    return Panel(rf"$m_1={mass:g}$ GeV", _axis(first), _axis(second), curves, x_range=edge, y_range=edge)


def numbers(fast: bool = False) -> Comparisons:
    """Running, the limit that the text quotes, and the heavy scalars of section 5."""
    return Comparisons(PAPER, SOURCE, [*_running(), *_limits(), *_completions()])


def _running() -> list[Comparison]:
    model = _model(_predictor())
    return [
        Comparison("section 2", "C of LNQd at 4.8 GeV over that at 1 TeV", "1.608", float(model.scalar_running)),
        Comparison("section 2", "the same of LNQdT", "0.853", float(model.tensor_running)),
    ]


def _limits() -> list[Comparison]:
    """Where B0 -> K*0 stops the vector operators."""
    predictor, data = _predictor(), published(PAPER)
    model, background = _model(predictor), standard_model(predictor)
    k, i = per_coupling2(predictor, model, VECTOR, np.array([HEAVY])), MODES.index(NEUTRAL_STAR)
    found = float(root(data.limits[NEUTRAL_STAR] - background[i], k[:, i])[0])
    remark = "alpha_em and |V_tb V_ts*| of the paper are not printed."
    return [Comparison("section 4", f"largest QN at {HEAVY:g} GeV, K*0", "0.037", found, "TeV^-2", remark)]


def _completions() -> list[Comparison]:
    """Masses with couplings of one; see `dineutrino.models.sterile_completions`."""
    half = "The Fierz transformation gives C = y^2/(2 m^2); the number of the paper comes out with y^2/m^2, 5.8 TeV."
    scalar, vectors = (published(PAPER).number("completions", name, "value") for name in ("LNQd", "vectors"))
    quarks = "C_qd8 = - y_d_23 y_d_32*/m^2: the coupling behind LNQd alone makes no B_s mixing at tree level."
    lighter = float(heaviest(vectors, 0.5))
    return [
        Comparison("section 5", f"mass of eta, LNQd = {scalar:g}/TeV^2", "O(7)", float(heaviest(scalar)), "TeV"),
        *(
            Comparison("section 5", f"mass of {what} = {vectors:g}/TeV^2", "O(6)", lighter, "TeV", half)
            for what in ("S_1, dN", "R_2~, QN")
        ),
        Comparison("section 5", "B_s mixing by eta", "at tree level", "if y_d_23 and y_d_32", difference=quarks),
    ]


FIGURES = {1: figure_1, 2: figure_2, 3: figure_3, 4: figure_4, 5: figure_5}
