"""arXiv:2309.12741: light dark matter in B -> K(*) + invisible, figures 4 to 6.

Complex scalars and vectors, Dirac fermions, Lambda_eff of eq. (21). Below a limit line a scale is excluded.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from dineutrino.inputs import load_inputs
from dineutrino.models import DarkFermion, DarkScalar, DarkVector
from dineutrino.models.dark_pairs import DarkPair
from dineutrino.observables import Predictor
from dineutrino.reproduce.figure import Band, Figure, Line, Panel
from dineutrino.reproduce.published import published
from dineutrino.reproduce.rates import per_coupling2

PAPER, SOURCE = "he2024", "arXiv:2309.12741"
MODES = ("BR(B+->Knunu)", "BR(B0->Knunu)", "BR(B+->K*nunu)", "BR(B0->K*nunu)")
TEX = dict(zip(MODES, (r"$K^+$", r"$B^0\to K^0$", r"$B^+\to K^{*+}$", r"$B^0\to K^{*0}$"), strict=True))
COLOR = dict(zip(MODES, ("k", "C0", "C2", "C1"), strict=True))
STYLE = dict(zip(MODES, ("-", "--", "--", "-"), strict=True))
BAND = {"new average": "C3", "Belle II": "C5"}
POINTS = 121


def _scales(model: DarkPair, operators: Sequence[str], number: int, particle: str) -> Figure:
    predictor, data = Predictor(MODES, load_inputs(PAPER)), published(PAPER)
    masses = np.linspace(0.02, 2.38, POINTS)
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


def figure_4() -> Figure:
    """Complex scalars."""
    return _scales(DarkScalar(), ("S", "V"), 4, r"\phi")


def figure_5() -> Figure:
    """Dirac fermions."""
    return _scales(DarkFermion(), ("S1", "S2", "V1", "V2", "T1", "T2"), 5, r"\chi")


def figure_6() -> Figure:
    """Complex vectors."""
    return _scales(DarkVector(), ("S", "T1", "T2", "V2", "V3", "V4", "V5", "V6"), 6, "X")


FIGURES = {4: figure_4, 5: figure_5, 6: figure_6}
