"""Appendix C: scalar and tensor currents that violate lepton number, in B -> K nu nu and B -> K* nu nu (figure C5)."""

from functools import cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import load_inputs
from dineutrino.observables import Predictor
from dineutrino.reproduce.figure import Figure, Line, Panel, fewer
from dineutrino.reproduce.level_lines import level_line
from dineutrino.reproduce.marzocca2024.classes import PAPER, SOURCE, interval
from dineutrino.reproduce.marzocca2024.left import MEASURED, chi2_of
from dineutrino.reproduce.published import published

Numbers = Float[np.ndarray, " n"]
RATES = ("BR(B+->Knunu)", "BR(B0->K*nunu)")
LEVELS = {2.279: "-", 5.991: "--", 9.210: ":"}
"""chi2 of two parameters at 68%, 95% and 99%."""
COLOR = {"scalar": "C3", "tensor": "C0"}


class Fit(NamedTuple):
    """The coefficient that fits best, and where chi2 is larger by one, GeV^-2; the lower end is at least zero."""

    best: float
    lower: float
    upper: float


def standard_model() -> Float[np.ndarray, "2"]:
    """The rates of the Standard Model, with the CKM factor of those that the paper prints."""
    return np.asarray(Predictor(RATES, load_inputs("marzocca2024_rates"))(NeutrinoCoefficients.zero()))


@cache
def per_square(current: str) -> tuple[float, float]:
    """What a squared coefficient of two tau neutrinos, GeV^-4, adds to R_K and R_K*: eq. (C34), whose unit is GeV^4."""
    data, (first, second) = published(PAPER), standard_model()
    numbers = [data.number("lepton number", f"{rate}, {current}", "value") for rate in RATES]
    return numbers[0] / float(first), numbers[1] / float(second)


def ratios(current: str, coefficient: Numbers) -> tuple[Numbers, Numbers]:
    """R_K and R_K* with one coefficient, GeV^-2; nothing interferes with the Standard Model."""
    first, second = per_square(current)
    return 1 + first * coefficient**2, 1 + second * coefficient**2


def fit(current: str) -> Fit:
    """Of a scalar or a tensor current: chi2 is a parabola in the square of the coefficient."""
    slopes, measured = per_square(current), [interval(name) for name in MEASURED]
    errors = [m.upper - m.centre for m in measured]
    curvature = sum((a / e) ** 2 for a, e in zip(slopes, errors, strict=True))
    pull = sum(a * (m.centre - 1) / e**2 for a, m, e in zip(slopes, measured, errors, strict=True))
    best, error = max(pull / curvature, 0.0), curvature**-0.5
    return Fit(best**0.5, max(best - error, 0.0) ** 0.5, (best + error) ** 0.5)


def scale(coefficient: float, running: float) -> float:
    """|C|^(-1/3) of the operator of dimension seven, TeV: eq. (C32), with one of its two equal terms, as in the paper.

    Args:
        coefficient: L_S at m_b, GeV^-2.
        running: L_S at m_b over that at m_Z.
    """
    vev = float((np.sqrt(2) * load_inputs(PAPER)["G_F"]) ** -0.5)
    return float((coefficient / running * 8 / (np.sqrt(2) * vev)) ** (-1 / 3)) / 1e3


def _curve(label: str, current: str, c: Numbers, color: str, style: str = "-") -> Line:
    first, second = ratios(current, c)
    return Line(label, first, second, color, style)


def figure_c5(fast: bool = False) -> Figure:
    """R_K and R_K* with a scalar or a tensor."""
    lines = []
    c = np.linspace(0, 3e-8, fewer(121, fast))
    for current, color in COLOR.items():
        lines.append(_curve(current, current, c, color))
        lines.append(_curve(f"{current}, best", current, np.array([fit(current).best]), color, "o"))
    x, y = np.linspace(0, 8, fewer(121, fast)), np.linspace(-2.5, 6, fewer(121, fast))
    heights = chi2_of((x[None], y[:, None]))
    lines += [level_line(f"{level:g}", x, y, heights, level, "0.5", style) for level, style in LEVELS.items()]
    lines.append(Line("Standard Model", np.ones(1), np.ones(1), "m", "o"))
    panel = Panel("", r"$R_K$", r"$R_{K^*}$", lines, x_range=(0, 8), y_range=(0, 6))
    caption = "Rates per squared coefficient are those of eq. (C34), in GeV^4; 68, 95 and 99% of two parameters."
    return Figure(f"{PAPER} figure C5", SOURCE, caption, [panel])
