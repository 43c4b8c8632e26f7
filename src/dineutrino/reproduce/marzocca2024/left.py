"""Below m_W: fits of b -> s nu nubar (table 1, figures 1 and A1), and what else they then move (figure 3)."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from dineutrino.inference.profile_grid import profile_grid, threshold
from dineutrino.io import Tree
from dineutrino.reproduce.figure import Figure, Line, Panel, fewer
from dineutrino.reproduce.level_lines import level_line
from dineutrino.reproduce.marzocca2024.angles import PHI, THETA, Plane
from dineutrino.reproduce.marzocca2024.classes import (
    COLOR,
    PAPER,
    SIGMAS_95,
    SOURCE,
    TEX,
    Classes,
    Interval,
    interval,
)
from dineutrino.reproduce.published import published

RATIOS = ("R(B+->Knunu)", "R(B0->K*nunu)")
MEASURED = ("marzocca2024_RKplus", "marzocca2024_RKstar")
PARAMETERS = ("C", "theta", "phi", "alpha_sb")
DIRECTION: dict[str, Float[np.ndarray, " n"] | float] = {"theta": np.pi / 4, "phi": np.pi / 2}
"""n = (0, 1, 1)/sqrt2: the coefficient of b -> s is C/2."""
EXCLUDED = threshold(SIGMAS_95, parameters=1)
"""By how much chi2 of a class of observables rises where it excludes at 95%."""
SIGMAS = {1: "-", 2: "--", 3: ":"}


class Case(NamedTuple):
    """Which neutrinos, and which quarks.

    Attributes:
        quarks: "left", "right" or "vector".
        universal: whether all neutrinos have the coupling.
    """

    quarks: str
    universal: bool

    @property
    def title(self) -> str:
        """As in table 1."""
        side = {"left": "LH", "right": "RH", "vector": "V"}[self.quarks]
        return f"{side}, {'LFU' if self.universal else 'tau only'}"


CASES = tuple(Case(quarks, universal) for quarks in ("right", "left", "vector") for universal in (True, False))
"""All cases of table 1, row by row."""


@cache
def _classes(case: Case) -> Classes:
    options: dict[str, Tree] = {"quarks": case.quarks, "universal": case.universal}
    return Classes("RankOneNeutrinos", options, PARAMETERS, {"neutrinos": ("marzocca2024",)}, RATIOS)


@cache
def _others(case: Case) -> Classes:
    """Kaons and B -> pi, rho."""
    options: dict[str, Tree] = {"quarks": case.quarks, "universal": case.universal}
    members = {name: (f"marzocca2024_{name}",) for name in ("kaons", "down")}
    return Classes("RankOneNeutrinos", options, PARAMETERS[:3], members)


def best_fit(case: Case) -> float:
    """The real, positive coefficient of b -> s that fits best, TeV^-2."""
    classes = _classes(case)
    point = {name: jnp.asarray(value) for name, value in DIRECTION.items()} | {"alpha_sb": jnp.asarray(0.0)}
    found = profile_grid(
        lambda C, _: classes.predictions({**point, "C": C}), classes.total, jnp.zeros((1, 0)), jnp.linspace(0, 0.1, 21)
    )
    return float(found.best[0]) / 2


def scale(coefficient: float) -> float:
    """|coefficient|^(-1/2), TeV."""
    return abs(coefficient) ** -0.5


def figure_1(fast: bool = False) -> Figure:
    """R_K and R_K* along each direction of couplings, and the data; below, real coefficients of both chiralities."""
    sides = {"right": "C3", "left": "C0", "vector": "C2"}
    panels = []
    for universal, title in ((True, "LFU"), (False, "tau only")):
        lines = []
        for side, color in sides.items():
            c = np.linspace(-0.03, 0.04, fewer(141, fast))
            case = Case(side, universal)
            found = _classes(case).predicted(C=2 * c, alpha_sb=0.0, **DIRECTION)
            lines.append(Line(case.title, found[RATIOS[0]], found[RATIOS[1]], color))
        r = np.linspace(0, 8, fewer(161, fast)), np.linspace(-2.5, 5, fewer(161, fast))
        lines += regions(*r, chi2_of((r[0][None], r[1][:, None])))
        lines.append(Line("Standard Model", np.ones(1), np.ones(1), "m", "o"))
        panels.append(Panel(title, r"$R_K$", r"$R_{K^*}$", lines, x_range=(0, 8), y_range=(0, 5)))
    panels += [_coefficients(universal, fast) for universal in (True, False)]
    caption = "Lines of one, two and three standard deviations of two parameters. R_KS is left out, as in table 1."
    return Figure(f"{PAPER} figure 1", SOURCE, caption, panels)


def chi2_of(ratios: Sequence[Float[np.ndarray, "..."]]) -> Float[np.ndarray, "..."]:
    """Of R_K and R_K*."""
    pulls = [(r - m.centre) / (m.upper - m.centre) for r, m in zip(ratios, map(interval, MEASURED), strict=True)]
    return np.sum(np.square(np.broadcast_arrays(*pulls)), axis=0)


def regions(x: Float[np.ndarray, " n"], y: Float[np.ndarray, " m"], chi2: Float[np.ndarray, "m n"]) -> list[Line]:
    """Lines of one, two and three standard deviations of two parameters."""
    above = chi2 - chi2.min()
    return [level_line(f"{n} sigma", x, y, above, threshold(n), "0.5", style) for n, style in SIGMAS.items()]


def _coefficients(universal: bool, fast: bool) -> Panel:
    """chi2 in the plane of real L_L and L_R.

    R_K and R_K* are polynomials of the second degree in both: known from those along the axes and the diagonal.
    """
    n = fewer(121, fast)
    reach = 0.03 if universal else 0.06
    grid = np.linspace(-reach, reach, n)
    left, right = np.meshgrid(grid, grid)
    values = {side: _quadratic(Case(side, universal)) for side in ("left", "right", "vector")}
    predicted = []
    for i in range(len(RATIOS)):
        (l1, l2), (r1, r2) = values["left"][i], values["right"][i]
        # the vector case has half of its coefficient in either: L^2 (l2 + r2 + mixed)/4
        mixed = 4 * values["vector"][i][1] - l2 - r2
        predicted.append(1 + l1 * left + l2 * left**2 + r1 * right + r2 * right**2 + mixed * left * right)
    lines = regions(grid, grid, chi2_of(predicted))
    lines.append(Line("Standard Model", np.zeros(1), np.zeros(1), "m", "o"))
    title = "LFU" if universal else "tau only"
    return Panel(title, r"$L_L$ [TeV$^{-2}$]", r"$L_R$ [TeV$^{-2}$]", lines)


def _quadratic(case: Case) -> list[tuple[float, float]]:
    """Coefficients of L and L^2 in R_K and R_K*."""
    c = np.array([0.02, -0.02])
    found = _classes(case).predicted(C=2 * c, alpha_sb=0.0, **DIRECTION)
    return [(float(p - m) / 0.04, float(p + m - 2) / (2 * 0.02**2)) for p, m in (found[name] for name in RATIOS)]


def figure_a1(fast: bool = False) -> Figure:
    """Regions of a complex coefficient, by its phase and size."""
    panels = []
    for case in CASES:
        phase = np.linspace(-np.pi, np.pi, fewer(121, fast))
        size = np.linspace(1e-4, 0.03 if case.universal else 0.06, fewer(121, fast))
        alpha, c = np.meshgrid(phase, size)
        values: dict[str, Float[np.ndarray, " n"] | float]
        values = {"C": 2 * c.ravel(), "alpha_sb": alpha.ravel(), **DIRECTION}
        chi2 = _classes(case).on(**values)["neutrinos"].reshape(c.shape)
        found = {name: x.reshape(c.shape) for name, x in _classes(case).predicted(**values).items()}
        lines = regions(phase, size, chi2)
        lines += ratio_lines(phase, size, found)
        panels.append(Panel(case.title, r"arg $L^{sb}$", r"$|L^{sb}|$ [TeV$^{-2}$]", lines))
    caption = "R_K at its central value and one standard deviation (blue), the limit on R_K* at 95% (purple)."
    return Figure(f"{PAPER} figure A1", SOURCE, caption, panels)


def ratio_lines(
    x: Float[np.ndarray, " n"], y: Float[np.ndarray, " m"], found: Mapping[str, Float[np.ndarray, "m n"]]
) -> list[Line]:
    """R_K at its centre and one standard deviation from it, R_K* at its 95%."""
    star = level_line(r"$R_{K^*}$ 95%", x, y, found[RATIOS[1]], interval(MEASURED[1]).limit, "C4", "--")
    return [*measured_lines(r"$R_K$", interval(MEASURED[0]), x, y, found[RATIOS[0]], "C0"), star]


def measured_lines(
    label: str,
    measured: Interval,
    x: Float[np.ndarray, " n"],
    y: Float[np.ndarray, " m"],
    values: Float[np.ndarray, "m n"],
    color: str,
) -> list[Line]:
    """Where a prediction is at the centre of a measurement, and one standard deviation from it."""
    ends = [level_line("", x, y, values, end, color, "--") for end in (measured.lower, measured.upper)]
    return [level_line(label, x, y, values, measured.centre, color), *ends]


def printed_scale(case: Case) -> float:
    """The scale of table 1, TeV."""
    return published(PAPER).number("table 1", case.title, "value")


def figure_3(fast: bool = False) -> Figure:
    """Directions that kaons and B -> pi, rho exclude, with the coefficient of b -> s as in table 1."""
    panels = []
    for case in CASES[:4]:
        plane = Plane.of((1e-3, 2 * np.pi - 1e-3), (1e-3, 1.56), 241, fast)
        phi, theta = plane.points
        C = printed_scale(case) ** -2 / plane.turning
        found = _others(case).on(C=C, theta=theta, phi=phi)
        # somewhere in the plane the rates are those that suit the data best
        lines = [plane.line(TEX[name], chi2 - chi2.min(), EXCLUDED, COLOR[name]) for name, chi2 in found.items()]
        lines += [*scales(plane, C), plane.third_family()]
        panels.append(Panel(case.title, PHI, THETA, lines, y_scale="log"))
    caption = "Edges of what each class excludes at 95%; dashed: |C|^(-1/2) in TeV."
    return Figure(f"{PAPER} figure 3", SOURCE, caption, panels)


def scales(plane: Plane, C: Float[np.ndarray, " point"]) -> list[Line]:
    """Lines of |C|^(-1/2)."""
    sizes = np.abs(C) ** -0.5
    return [plane.line(f"{level:g} TeV", sizes, level, "C0", "--") for level in (0.5, 1, 2, 4)]
