"""One heavy field with the best fit of b -> s: directions that other observables exclude; figures 4 to 7."""

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from dineutrino.inference.profile_grid import profile_grid
from dineutrino.models.mediators import MEDIATORS
from dineutrino.models.mediators.resonance import Made
from dineutrino.models.mediators.unitarity import heaviest
from dineutrino.reproduce.figure import Figure, Line, Panel, fewer
from dineutrino.reproduce.marzocca2024.angles import PHI, THETA, Plane
from dineutrino.reproduce.marzocca2024.classes import (
    CLASSES,
    COLOR,
    HEAVY,
    LEPTOQUARKS,
    PAPER,
    SOURCE,
    TAU_MODEL,
    TEX,
    Classes,
    leptoquark,
)
from dineutrino.reproduce.marzocca2024.left import EXCLUDED, scales
from dineutrino.reproduce.marzocca2024.resonances import luminosities, missing, over_limit
from dineutrino.reproduce.published import published

VECTORS = {"Vprime": ("g3q", "g3l", 0.25), "ZprimeL": ("gLq", "gLl", -1.0), "ZprimeR": ("gRd", "gRl", -1.0)}
"""Colourless vector -> its couplings, and C M^2/(g_q g_l): eqs. (14), (20)."""
MASS = 1.0
"""Mass of colourless vectors, TeV: coefficients depend on g_q/M and g_l/M alone."""
NAMES = {"Vprime": "V'", "ZprimeL": "Z'_L", "ZprimeR": "Z'_R", "S1": "S_1", "R2t": r"\tilde R_2", "V2": "V_2"}
RATIOS = {0.1: "-", 0.05: "--", 0.01: "-."}
"""|g_q/g_l| of figures 4 and 6, and how lines are drawn."""
VIABLE = 0.05
"""The largest ratio that the paper finds viable."""
HALF_PLANES = {1.0: (1e-3, np.pi - 1e-3), -1.0: (np.pi + 1e-3, 2 * np.pi - 1e-3)}
"""Sign of C -> phi for a positive coefficient of b -> s."""
TURNED = {"theta": 0.2, "phi": np.pi / 2}
"""A direction with d left out; fits of b -> s hardly depend on theta."""

Grid = Float[np.ndarray, " point"]


@cache
def vector(name: str) -> Classes:
    """A colourless vector that couples to taus, with all classes."""
    quarks, leptons, _ = VECTORS[name]
    return Classes(name, {**TAU_MODEL, "mass": MASS}, (quarks, leptons, "theta", "phi"))


def couplings(name: str, C: Grid, ratio: float | Grid) -> dict[str, Grid]:
    """g_q and g_l of a colourless vector from C, TeV^-2, and |g_q/g_l|; g_q has the sign."""
    quarks, leptons, per_product = VECTORS[name]
    product = C * MASS**2 / per_product
    return {quarks: np.sign(product) * np.sqrt(np.abs(product) * ratio), leptons: np.sqrt(np.abs(product) / ratio)}


def coupling(name: str, C: Grid) -> dict[str, Grid]:
    """lambda of a leptoquark from C, TeV^-2: table 2."""
    parameter, per_square, _ = LEPTOQUARKS[name]
    return {parameter: HEAVY * np.sqrt(per_square * np.abs(C))}


def printed_scale(name: str) -> float:
    """|C|^(-1/2) of b -> s at the best fit that the paper prints, TeV."""
    return published(PAPER).number("best fits", name, "value")


@cache
def best_fit(name: str) -> float:
    """|C|^(-1/2) of b -> s, TeV, that suits R_K and R_K* best, with the mixing of B_s for leptoquarks."""
    parameter, per_square, sign = LEPTOQUARKS[name]
    members = {"neutrinos": ("marzocca2024",), "mixing": ("marzocca2024_C_Bs",)}
    classes = Classes(name, {**TAU_MODEL, "mass": HEAVY}, (parameter, "theta", "phi"), members)
    point = {"theta": jnp.asarray(TURNED["theta"]), "phi": jnp.asarray(sign * TURNED["phi"])}
    turning = np.sin(TURNED["theta"]) * np.cos(TURNED["theta"])
    found = profile_grid(
        lambda strength, _: classes.predictions({**point, parameter: strength}),
        classes.total,
        jnp.zeros((1, 0)),
        jnp.linspace(0.01, 3, 21),
    )
    C = float(found.best[0]) ** 2 / (per_square * HEAVY**2)
    return float((C * turning) ** -0.5)


def above_least(name: str, plane: Plane, ratio: float = VIABLE) -> dict[str, Grid]:
    """chi2 of each class at the best fit of b -> s, less the least that any C has in the same direction.

    A leptoquark has one sign of C, a colourless vector both, at a fixed |g_q/g_l|.
    """
    phi, theta = plane.points
    C = printed_scale(name) ** -2 / plane.turning
    rows = [_chi2(name, factor * C, theta, phi, ratio) for factor in (1.0, *_factors(name))]
    return {key: rows[0][key] - np.min([row[key] for row in rows], axis=0) for key in rows[0]}


def _factors(name: str) -> Grid:
    """Values of C over that of the best fit, among which the least chi2 of a direction is looked for."""
    sizes = np.concatenate([np.zeros(1), np.geomspace(0.01, 10.0, 19)])
    return sizes if name in LEPTOQUARKS else np.concatenate([-sizes[1:], sizes])


def _chi2(name: str, C: Grid, theta: Grid, phi: Grid, ratio: float) -> dict[str, Grid]:
    """By class, at many directions."""
    if name in LEPTOQUARKS:
        return leptoquark(name).on(**coupling(name, C), theta=theta, phi=phi)
    return vector(name).on(**couplings(name, C, ratio), theta=theta, phi=phi)


def _excluded(plane: Plane, above: dict[str, Grid], style: str = "-") -> list[Line]:
    """Edges of what classes of observables exclude; those that exclude nothing have none."""
    return [plane.line(TEX[name], chi2, EXCLUDED, COLOR[name], style) for name, chi2 in above.items()]


def of_vector(name: str, fast: bool) -> Panel:
    """Directions that are excluded for a colourless vector, for three ratios of its couplings."""
    plane = Plane.of((1e-3, 2 * np.pi - 1e-3), (3e-3, 1.56), 161, fast)
    lines: list[Line] = []
    for ratio, style in RATIOS.items():
        found = above_least(name, plane, ratio)
        if ratio == VIABLE:
            kept = {key: chi2 for key, chi2 in found.items() if key not in ("neutrinos", "mixing", "charged")}
            lines = _excluded(plane, kept) + lines
        label = rf"{TEX['mixing']}, $|g_q/g_\ell|={ratio:g}$"
        lines.append(plane.line(label, found["mixing"], EXCLUDED, COLOR["mixing"], style))
    lines += [*scales(plane, printed_scale(name) ** -2 / plane.turning), plane.third_family()]
    return Panel(f"${NAMES[name]}$", PHI, THETA, lines, y_scale="log")


def figure_4(fast: bool = False) -> Figure:
    """V'."""
    caption = (
        "Edges of what each class excludes at 95%; dashed: |C|^(-1/2) in TeV. Classes but mixing: |g_q/g_l| = 0.05."
    )
    return Figure(f"{PAPER} figure 4", SOURCE, caption, [of_vector("Vprime", fast)])


def figure_6(fast: bool = False) -> Figure:
    """Z'_L and Z'_R."""
    caption = (
        "Edges of what each class excludes at 95%; dashed: |C|^(-1/2) in TeV. Classes but mixing: |g_q/g_l| = 0.05."
    )
    panels = [of_vector(name, fast) for name in ("ZprimeL", "ZprimeR")]
    return Figure(f"{PAPER} figure 6", SOURCE, caption, panels)


def largest_ratio(name: str, plane: Plane, fast: bool) -> Grid:
    """|g_q/g_l| at which mixing begins to exclude, at each direction; nan where the largest one scanned is allowed."""
    phi, theta = plane.points
    C = printed_scale(name) ** -2 / plane.turning
    ratios = np.geomspace(1e-4, 3.0, fewer(65, fast))
    chi2 = np.stack([vector(name).on(**couplings(name, C, ratio), theta=theta, phi=phi)["mixing"] for ratio in ratios])
    above = chi2 - chi2.min(axis=0) - EXCLUDED
    last = len(ratios) - 1 - np.argmax(above[::-1] <= 0, axis=0)  # the largest that is allowed
    ends = np.minimum(last, len(ratios) - 2) + np.arange(2)[:, None]
    lower, upper = np.take_along_axis(above, ends, axis=0)
    between = last < len(ratios) - 1
    share = lower / np.where(between, lower - upper, 1.0)
    found = np.log(ratios[ends[0]]) + share * np.log(ratios[1] / ratios[0])
    return np.where(between, np.exp(np.where(between, found, 0.0)), np.nan)


def largest_mass(name: str, plane: Plane, fast: bool) -> Grid:
    """The mass of a colourless vector, GeV, with the largest ratio of couplings and the largest g_l: eq. (17)."""
    strongest = published(PAPER).number("unitarity", name, "value")
    number = abs(VECTORS[name][2])
    ratio = jnp.asarray(largest_ratio(name, plane, fast))
    scale, turning = 1e3 * printed_scale(name), jnp.asarray(np.abs(plane.turning))
    return np.asarray(jax.vmap(lambda r, t: heaviest(strongest, scale, r, t, number))(ratio, turning))


def of_resonances(name: str, plane: Plane, mass: Grid) -> list[Line]:
    """Where the search for resonances stops to exclude a vector of the largest mass, for both limits of ATLAS."""
    phi, theta = plane.points
    C = printed_scale(name) ** -2 / plane.turning
    strongest, number = published(PAPER).number("unitarity", name, "value"), VECTORS[name][2]
    limits: tuple[tuple[Made, str], ...] = (("gluons", "-"), ("b quarks", ":"))
    return [
        plane.line(
            f"ATLAS, limit for {made}", over_limit(name, C, mass, theta, phi, strongest, number, made), 1.0, "k", style
        )
        for made, style in limits
    ]


def figure_5(fast: bool = False) -> Figure:
    """Largest masses around phi = pi/2."""
    panels = []
    for name in VECTORS:
        plane = Plane.of((1.3, 1.84), (0.02, 0.6), 61, fast)
        mass = largest_mass(name, plane, fast)
        lines = [
            plane.line(f"{level} GeV", mass, level, f"C{i}") for i, level in enumerate((300, 400, 500, 600, 800, 1000))
        ]
        found = above_least(name, plane)
        lines += _excluded(plane, {key: found[key] for key in ("kaons", "down", "electroweak")}, "--")
        lines += of_resonances(name, plane, mass) if luminosities() is not None else []
        panels.append(Panel(f"${NAMES[name]}$", PHI, THETA, lines))
    caption = (
        "Largest masses that unitarity and mixing leave; dashed: edges of what kaons, B -> pi, rho and "
        "electroweak data exclude at 95%. "
    )
    caption += (
        "Black: below, ATLAS excludes these masses by pp -> X -> tau tau, with its limit for gluons or for b quarks."
        if luminosities() is not None
        else f"The search for resonances is not drawn: {missing()}"
    )
    return Figure(f"{PAPER} figure 5", SOURCE, caption, panels)


def figure_7(fast: bool = False) -> Figure:
    """S_1, R_2~ and V_2 of 2 TeV."""
    panels = []
    for name in ("S1", "R2t", "V2"):
        _, _, sign = LEPTOQUARKS[name]
        plane = Plane.of(HALF_PLANES[sign], (3e-3, 1.56), 161, fast)
        found = above_least(name, plane)
        shown = {key: found[key] for key in CLASSES if key not in ("neutrinos", "charged")}
        [values] = coupling(name, printed_scale(name) ** -2 / plane.turning).values()
        lines = _excluded(plane, shown)
        lines += [plane.line(rf"$|\lambda|={level:g}$", values, level, "C0", "--") for level in (0.5, 1.0, 1.5, 2.0)]
        lines += [
            plane.line("unitarity", values, published(PAPER).number("unitarity", name, "value"), "0.3", "-."),
            plane.third_family(),
        ]
        panels.append(Panel(f"${NAMES[name]}$", PHI, THETA, lines, y_scale="log"))
    caption = "Edges of what each class excludes at 95%, with the coefficient of b -> s at its best fit; mass 2 TeV."
    return Figure(f"{PAPER} figure 7", SOURCE, caption, panels)


def unitarity(name: str) -> float:
    """The coupling of the third family at which a partial wave is 1/2; nan where the partial waves are not known."""
    kind = MEDIATORS[name]
    last = {**VECTORS, **LEPTOQUARKS}[name]
    strength = last[1] if name in VECTORS else last[0]
    field = kind.read({f"Re {strength}_33": jnp.asarray(1.0)})
    wave = field.partial_wave()
    return float("nan") if wave is None else float((0.5 / wave) ** 0.5)
