"""arXiv:2309.12741: light dark matter in B -> K(*) + invisible, figures 4 to 8.

Complex scalars and vectors, Dirac fermions, Lambda_eff of eq. (21). Below a limit line a scale is excluded.
"""

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from dineutrino.inputs import load_inputs
from dineutrino.measurements.selection import load_efficiency, mixture
from dineutrino.models import DarkFermion, DarkScalar, DarkVector
from dineutrino.models.dark_pairs import DarkPair
from dineutrino.observables import Predictor
from dineutrino.reproduce.figure import Band, Figure, Line, Panel, fewer
from dineutrino.reproduce.published import published
from dineutrino.reproduce.rates import new_physics, per_coupling2, standard_model

PAPER, SOURCE = "he2024", "arXiv:2309.12741"
MODES = ("BR(B+->Knunu)", "BR(B0->Knunu)", "BR(B+->K*nunu)", "BR(B0->K*nunu)")
TEX = dict(zip(MODES, (r"$K^+$", r"$B^0\to K^0$", r"$B^+\to K^{*+}$", r"$B^0\to K^{*0}$"), strict=True))
COLOR = dict(zip(MODES, ("k", "C0", "C2", "C1"), strict=True))
STYLE = dict(zip(MODES, ("-", "--", "--", "-"), strict=True))
BAND = {"new average": "C3", "Belle II": "C5"}
POINTS = 121
Q2 = r"$q^2$ [GeV$^2$]"


def _scales(model: DarkPair, operators: Sequence[str], number: int, particle: str, fast: bool) -> Figure:
    predictor, data = Predictor(MODES, load_inputs(PAPER)), published(PAPER)
    masses = np.linspace(0.02, 2.38, fewer(POINTS, fast))
    panels = []
    for operator in operators:
        k = per_coupling2(predictor, model, f"Re {operator}", masses)
        n = model.powers[operator][1]

        def scale(
            value: float, column: int, k: Float[np.ndarray, "points n"] = k, n: int = n
        ) -> Float[np.ndarray, " points"]:
            """Lambda in GeV that makes the branching ratio: BR = k (1 TeV/Lambda)^(2n)."""
            with np.errstate(divide="ignore"):
                found = 1e3 * (k[:, column] / value) ** (1 / (2 * n))
            return np.where(k[:, column] > 0, found, np.nan)

        curves: list[Line | Band] = []
        for name, (lower, upper) in data.bands.items():
            curves.append(Band(name, masses, scale(upper, 0), scale(lower, 0), BAND[name]))
        for i, mode in enumerate(MODES):
            if mode in data.limits and np.any(k[:, i] > 0):
                limit = scale(data.limits[mode], i)
                curves.append(Line(f"limit {TEX[mode]}", masses, limit, COLOR[mode], STYLE[mode]))
        label = rf"$m_{{{particle}}}$ [GeV]"
        panels.append(Panel(operator, label, r"$\Lambda_{\mathrm{eff}}$ [GeV]", curves, y_scale="log"))
    caption = "Scales that make the excess, and lower limits from the other modes."
    return Figure(f"{PAPER} figure {number}", SOURCE, caption, panels)


def figure_4(fast: bool = False) -> Figure:
    """Figure 4: scales for a pair of complex scalars."""
    return _scales(DarkScalar(), ("S", "V"), 4, r"\phi", fast)


def figure_5(fast: bool = False) -> Figure:
    """Figure 5: scales for a pair of Dirac fermions."""
    return _scales(DarkFermion(), ("S1", "S2", "V1", "V2", "T1", "T2"), 5, r"\chi", fast)


def figure_6(fast: bool = False) -> Figure:
    """Figure 6: scales for a pair of complex vectors."""
    return _scales(DarkVector(), ("S", "T1", "T2", "V2", "V3", "V4", "V5", "V6"), 6, "X", fast)


SPECTRA: dict[str, tuple[DarkPair, list[tuple[str, float]]]] = {
    "scalars": (DarkScalar(), [("S", 0.3), ("S", 0.7), ("V", 0.3), ("V", 0.7)]),
    "fermions": (DarkFermion(), [("S1", 0.7), ("S2", 0.7), ("V1", 0.7), ("V2", 0.7), ("T1", 0.7), ("T2", 0.7)]),
    "vectors": (DarkVector(), [(operator, 0.7) for operator in ("S", "T1", "T2", "V2", "V3", "V4", "V5", "V6")]),
}
"""Panel -> particle, and the operators with the masses, GeV, that it shows."""


def _shapes(kind: str, q2: Float[np.ndarray, " n"]) -> dict[str, Float[np.ndarray, " n"]]:
    """Normalised spectra of the Standard Model, and of it and one operator with the ratio R."""
    references = [*(("dBR/dq2(B+->Knunu)", float(x)) for x in q2), ("BR(B+->Knunu)",)]
    predictor = Predictor(references, load_inputs(PAPER))
    background, ratio = jnp.asarray(standard_model(predictor)), published(PAPER).number("ratio", "R", "value")
    found = {"Standard Model": np.asarray(background[:-1] / background[-1])}
    model, cases = SPECTRA[kind]
    for operator, mass in cases:
        point = {"mass": np.array([mass]), f"Re {operator}": np.array([1.0])}
        added = jnp.asarray(new_physics(predictor, model, point)[0])
        together = mixture(background[:-1], added[:-1], (background[-1], added[-1]), ratio)
        found[f"{operator}, {mass:g} GeV"] = np.asarray(together)
    return found


def figure_7(fast: bool = False) -> Figure:
    """Normalised spectra of the Standard Model and one operator together."""
    q2 = np.linspace(0.0, 22.86, fewer(128, fast))
    panels = []
    for kind in SPECTRA:
        shapes = _shapes(kind, q2).items()
        curves = [Line(name, q2, y, "k" if i == 0 else f"C{(i - 1) % 6}") for i, (name, y) in enumerate(shapes)]
        panels.append(Panel(kind, Q2, r"$d\tilde\Gamma/dq^2$ [GeV$^{-2}$]", curves))
    caption = "B+ -> K+, eq. (22) with R = 5.3 (not stated in the paper for this figure)."
    return Figure(f"{PAPER} figure 7", SOURCE, caption, panels)


def figure_8(fast: bool = False) -> Figure:
    """The same after the selection of the inclusive tag, normalised again: bin centres times efficiencies."""
    efficiency = load_efficiency("ITA")
    edges = np.asarray(efficiency.edges)
    panels = []
    for kind in ("scalars", "fermions"):
        curves = []
        for i, (name, y) in enumerate(_shapes(kind, np.asarray(efficiency.centres)).items()):
            seen = np.asarray(efficiency.selected(jnp.asarray(y) * efficiency.widths))
            color = "k" if i == 0 else f"C{(i - 1) % 6}"
            curves.append(Line(name, np.repeat(edges, 2)[1:-1], np.repeat(seen, 2), color))
        panels.append(Panel(kind, Q2, r"selected, normalised [GeV$^{-2}$]", curves))
    caption = f"Efficiencies per bin from {efficiency.source}, in place of those that the paper reads off a plot."
    return Figure(f"{PAPER} figure 8", SOURCE, caption, panels)


FIGURES = {4: figure_4, 5: figure_5, 6: figure_6, 7: figure_7, 8: figure_8}
