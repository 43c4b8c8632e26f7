"""Fits of a complex coefficient of b -> s for one heavy field: figures B2 to B4."""

from functools import cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Complex

from dineutrino.reproduce.figure import Figure, Panel, fewer
from dineutrino.reproduce.level_lines import level_line
from dineutrino.reproduce.marzocca2024.classes import COLOR, HEAVY, PAPER, SOURCE, TAU_MODEL, TEX, Classes, interval
from dineutrino.reproduce.marzocca2024.left import EXCLUDED, RATIOS, measured_lines, ratio_lines, regions

THETA = np.pi / 4
"""n_s n_b = 1/2."""
MEMBERS = {"neutrinos": ("marzocca2024",), "muons": ("marzocca2024_Bsmumu",), "mixing": ("marzocca2024_C_Bs",)}
B_S = "BR(Bs->mumu)"


class Field(NamedTuple):
    """A heavy field whose coefficient of two neutrinos is C n_s n_b.

    Attributes:
        title: in TeX.
        model: its name.
        flavour: ansatz.
        quarks: its coupling to quarks.
        leptons: that to leptons, which then equals the one to quarks; empty for a field with one coupling.
        per_coupling2: C m^2 over the product of its couplings.
        fits: classes that are fitted.
    """

    title: str
    model: str
    flavour: str
    quarks: str
    leptons: str
    per_coupling2: float
    fits: tuple[str, ...]


QUARKS = (
    Field("$D$", "VLQ_D", "rank_one", "lambda_D", "", -1 / 2, ("neutrinos", "muons")),
    Field("$T_1$", "VLQ_T1", "rank_one", "lambda_T1", "", -1 / 8, ("neutrinos", "muons")),
    Field("$T_2$", "VLQ_T2", "rank_one", "lambda_T2", "", 1 / 4, ("neutrinos", "muons")),
    Field("$Q_1$", "VLQ_Q1", "rank_one", "lambda_Q1d", "", 1 / 2, ("neutrinos", "muons")),
    Field("$Q_5$", "VLQ_Q5", "rank_one", "lambda_Q5", "", -1 / 2, ("neutrinos", "muons")),
)
VECTORS = (
    Field("$Z'_L$, LFU", "ZprimeL", "rank_one_universal", "gLq", "gLl", -1.0, ("neutrinos", "muons")),
    Field("$V'$, LFU", "Vprime", "rank_one_universal", "g3q", "g3l", 1 / 4, ("neutrinos", "muons")),
)
LEPTOQUARKS = (
    Field(r"$\tilde R_2$, $V_2$", "R2t", "rank_one", "y2Lt", "", -1 / 2, ("neutrinos", "mixing")),
    Field("$S_1$", "S1", "rank_one", "y1L", "", 1 / 2, ("neutrinos", "mixing")),
    Field("$S_3$", "S3", "rank_one", "y3L", "", 1 / 2, ("neutrinos", "mixing")),
    Field("$U_3$", "U3", "rank_one", "x3L", "", -2.0, ("neutrinos", "mixing")),
)


@cache
def _classes(field: Field) -> Classes:
    strengths = (field.quarks, field.leptons) if field.leptons else (field.quarks,)
    options = {**TAU_MODEL, "mass": HEAVY, "flavour": field.flavour}
    return Classes(field.model, options, (*strengths, "theta", "phi", "alpha_sb"), MEMBERS, (*RATIOS, B_S))


def values(field: Field, c: Complex[np.ndarray, " n"]) -> dict[str, np.ndarray | float]:
    """Couplings and angles that make a complex coefficient of b -> s, TeV^-2."""
    product = 2 * np.abs(c) * HEAVY**2 / field.per_coupling2
    phi = np.pi / 2
    found: dict[str, np.ndarray | float] = {field.quarks: np.sqrt(np.abs(product))}
    if field.leptons:
        found = {field.quarks: np.sign(product) * found[field.quarks], field.leptons: np.sqrt(np.abs(product))}
    elif field.per_coupling2 < 0:
        phi = 3 * np.pi / 2
    return found | {"theta": THETA, "phi": phi, "alpha_sb": np.angle(c)}


def panel(field: Field, largest: float, fast: bool) -> Panel:
    """Regions of the coefficient by its phase and size, and what each observable says."""
    phase, size = np.linspace(-np.pi, np.pi, fewer(81, fast)), np.linspace(1e-4, largest, fewer(81, fast))
    alpha, r = np.meshgrid(phase, size)
    given = values(field, (r * np.exp(1j * alpha)).ravel())
    chi2 = {name: x.reshape(r.shape) for name, x in _classes(field).on(**given).items()}
    found = {name: x.reshape(r.shape) for name, x in _classes(field).predicted(**given).items()}
    lines = regions(phase, size, np.sum([chi2[name] for name in field.fits], axis=0))
    lines += ratio_lines(phase, size, found)
    if "muons" in field.fits:
        label, measured = r"$B_s\to\mu\mu$", interval("marzocca2024_Bsmumu")
        lines += measured_lines(label, measured, phase, size, found[B_S], "C3")
    if not field.leptons:  # else it depends on |g_q/g_l|, which is free
        mixing = chi2["mixing"] - chi2["mixing"].min()
        lines.append(level_line(f"{TEX['mixing']} 95%", phase, size, mixing, EXCLUDED, COLOR["mixing"], "-."))
    return Panel(field.title, r"arg $C^{sb}$", r"$|C^{sb}|$ [TeV$^{-2}$]", lines)


def figure_b2(fast: bool = False) -> Figure:
    """Vector-like quarks, whose couplings to the Z make B_s -> mu mu as well."""
    caption = (
        "C_Hq1 + C_Hq3, or C_Hd, of quarks with 2 TeV. "
        "Mixing is linear in the coefficient: what two of these couplings to the Z make is not in it."
    )
    return Figure(f"{PAPER} figure B2", SOURCE, caption, [panel(field, 0.012, fast) for field in QUARKS])


def figure_b3(fast: bool = False) -> Figure:
    """Colourless vectors that couple to all leptons alike: B_s -> mu mu leaves room for Z'_L with a phase alone."""
    caption = "Coefficient of b -> s nu nubar. Mixing, which depends on |g_q/g_l|, is not in the fit."
    return Figure(f"{PAPER} figure B3", SOURCE, caption, [panel(field, 0.02, fast) for field in VECTORS])


def figure_b4(fast: bool = False) -> Figure:
    """Leptoquarks of 2 TeV, with the mixing of B_s."""
    caption = (
        "Coefficient of b -> s nu nubar of leptoquarks of 2 TeV; mixing of B_s is fitted, for U_3 an estimate. With "
        "its C as table 2 prints it, a quarter of ours, mixing by U_3 would be 16 times as large at the same C."
    )
    return Figure(f"{PAPER} figure B4", SOURCE, caption, [panel(field, 0.05, fast) for field in LEPTOQUARKS])
