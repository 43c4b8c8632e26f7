"""G. Valencia, Corfu 2024 (arXiv:2403.12485): a real dark scalar in b -> s, its relic density, direct detection.

The plots of the slides have no numbers; here 1 is b -> s, 2 the relic density, 3 direct detection. L has 1/2 C phi^2,
so that two identical scalars have half the rate that the same C gives two distinct ones.
"""

from math import sqrt

import jax
import jax.numpy as jnp
import numpy as np

from dineutrino.inputs import load_inputs
from dineutrino.inputs.quarks import D, S
from dineutrino.inputs.units import TEV
from dineutrino.models import DarkScalar
from dineutrino.models.vector_like_quark import (
    Couplings,
    b_to_s_gamma,
    cross_sections,
    down_quarks,
    eta,
    higgs_to_gluons,
    isospin,
    nucleon_cross_section,
    required_coefficient,
)
from dineutrino.observables import Predictor
from dineutrino.reproduce.comparison import Comparison, Comparisons
from dineutrino.reproduce.figure import Band, Figure, Line, Panel, fewer
from dineutrino.reproduce.he2024 import BAND, COLOR, MODES, STYLE, TEX
from dineutrino.reproduce.published import published
from dineutrino.reproduce.rates import per_coupling2, root

PAPER, SOURCE = "valencia2024", "arXiv:2403.12485"
UNIT = 1e5
"""1e-5/TeV: DarkScalar has C in 1/TeV for a scale of 1 TeV."""
M_PHI = r"$m_\phi$ [GeV]"
LARGE, SMALL = 3.0, 0.2
"""Mass of the vector-like quarks of the benchmark, TeV, and its couplings to d over those to s."""


def figure_1(fast: bool = False) -> Figure:
    """C_S and C_P of b -> s that make the excess, and their limits."""
    predictor, data = Predictor(MODES, load_inputs("he2024")), published(PAPER)
    masses = np.linspace(0.0, 2.38, fewer(121, fast))
    panels = []
    for operator, title in (("S", r"$C^{S,sb}_{d\phi}$"), ("P", r"$C^{P,sb}_{d\phi}$")):
        k = per_coupling2(predictor, DarkScalar(self_conjugate=True), f"Re {operator}", masses, 1e-4) / 4  # (C/2)^2
        curves: list[Line | Band] = []
        for name, (lower, upper) in data.bands.items():
            if np.any(k[:, 0] > 0):
                edges = [UNIT * root(edge, k[:, 0]) for edge in (lower, upper)]
                curves.append(Band(name, masses, edges[0], edges[1], BAND[name]))
        for i, mode in enumerate(MODES):
            if mode in data.limits and np.any(k[:, i] > 0):
                limit = UNIT * root(data.limits[mode], k[:, i])
                curves.append(Line(f"limit {TEX[mode]}", masses, limit, COLOR[mode], STYLE[mode]))
        panels.append(Panel(title, M_PHI, r"$|C|$ [$10^{-5}$ TeV$^{-1}$]", curves, y_scale="log", y_range=(1, 200)))
    return Figure(f"{PAPER} figure 1", SOURCE, "Real scalar; above a line excluded at 90% CL.", panels)


def figure_2(fast: bool = False) -> Figure:
    """C_ss for the observed relic density, and which mesons phi annihilates into."""
    x = published(PAPER).number("freeze_out", "value")
    masses = np.linspace(0.5, 2.5, fewer(161, fast))
    needed, shares = [], []
    for i, R in enumerate((0.0, 0.04, -0.04)):
        found = jax.jit(jax.vmap(lambda m, R=R: required_coefficient(m, x, R)))(jnp.asarray(masses))
        needed.append(Line(rf"$R_{{d/s}}={R:g}$", masses, 1e3 * np.asarray(found), f"C{i}"))
    channels = jax.jit(jax.vmap(lambda m: cross_sections(m, x, 1.0, 0.04)))(jnp.asarray(masses))
    total = np.sum([np.asarray(values) for values in channels.values()], axis=0)
    tex = {"K+": r"$K^+K^-$", "K0": r"$K^0\bar K^0$", "eta": r"$\eta\eta$", "pi": r"$\pi\pi$"}
    for i, (name, values) in enumerate(channels.items()):
        shares.append(Line(tex[name], masses, np.asarray(values) / total, f"C{i}"))
    panels = [
        Panel("", M_PHI, r"$|C^{S,ss}_{d\phi}|$ [TeV$^{-1}$]", needed, y_scale="log"),
        Panel(r"$R_{d/s}=0.04$", M_PHI, r"share of $\langle\sigma v\rangle$", shares),
    ]
    return Figure(f"{PAPER} figure 2", SOURCE, f"Relic density at m/T = {x:g}.", panels)


def figure_3(fast: bool = False) -> Figure:
    """Cross section per nucleon of a scalar with the observed relic density."""
    data = published(PAPER)
    x = data.number("freeze_out", "value")
    protons, nucleons = data.number("target", "protons"), data.number("target", "nucleons")
    masses = np.linspace(0.5, 2.5, fewer(161, fast))
    curves = []
    for i, R in enumerate((0.0, 0.04, -0.04)):

        def sigma(m: jax.Array, R: float = R) -> jax.Array:
            C_ss = required_coefficient(m, x, R)
            return nucleon_cross_section(m, C_ss, R, protons, nucleons)

        found = np.asarray(jax.jit(jax.vmap(sigma))(jnp.asarray(masses)))
        curves.append(Line(rf"$R_{{d/s}}={R:g}$", masses, found, f"C{i}"))
    panel = Panel("xenon", M_PHI, r"$\sigma_{\phi N}$ [cm$^2$]", curves, y_scale="log")
    return Figure(f"{PAPER} figure 3", SOURCE, "C_ss fixed by the relic density.", [panel])


def numbers(fast: bool = False) -> Comparisons:
    """What the slides print, with the checks by Higgs decays, b -> s gamma, mixing and direct detection."""
    rows = [*_excess(), *_relic_density(), *_direct_detection(), *_higgs(), *_flavour()]
    return Comparisons(PAPER, SOURCE, rows)


def excess(m: float) -> tuple[float, float]:
    """The smallest and the largest |C_S| of b -> s that one of the bands of the excess has, 1/TeV, at a mass in GeV."""
    k = per_coupling2(
        Predictor(MODES[:1], load_inputs("he2024")), DarkScalar(self_conjugate=True), "Re S", np.array([m]), 1e-4
    )[0, 0]
    edges = [sqrt(edge / (k / 4)) for band in published(PAPER).bands.values() for edge in band]
    return min(edges), max(edges)


def _excess() -> list[Comparison]:
    remark = "Two identical scalars; that of the slides comes out without their factor 1/2 in the rate."
    ends = zip(("smallest", "largest"), ("3e-5", "8e-5"), excess(1.0), strict=True)
    return [
        Comparison("b -> s", f"{which} C_S for the excess at 1 GeV", printed, c, "1/TeV", remark)
        for which, printed, c in ends
    ]


def _relic_density() -> list[Comparison]:
    x = published(PAPER).number("freeze_out", "value")
    rows = [
        Comparison("relic density", f"eta(x, z) at z = {z:g}", printed, float(eta(x, z)), difference=f"m/T = {x:g}.")
        for z, printed in ((0.0, "up to 1.7"), (1.0, "from 0.5"))
    ]
    return rows + [
        Comparison("relic density", f"C_ss that is needed at {m:g} GeV", "~0.1", 1e3 * float(needed), "1/TeV")
        for m in (0.55, 1.0)
        for needed in [required_coefficient(m, x)]
    ]


def _direct_detection() -> list[Comparison]:
    """Numbers of the formula; those of the benchmark follow from couplings of d a fifth of those of s."""
    c = benchmark()
    C_S, _ = down_quarks(c, jnp.zeros(3), 1.0)
    x, data = published(PAPER).number("freeze_out", "value"), published(PAPER)
    target = (data.number("target", "protons"), data.number("target", "nucleons"))
    none, some = (float(nucleon_cross_section(1.0, required_coefficient(1.0, x, R), R, *target)) for R in (0.0, -0.04))
    words = "No number is printed: the slides say that R = 0 is ruled out by PandaX-4T and draw |R| = 0.04."
    return [
        Comparison("direct detection", "m_s/m_d f_Td/f_Ts of the proton", "16.84", isospin("p")),
        Comparison("direct detection", "m_s/m_d f_Td/f_Ts of the neutron", "24.82", isospin("n")),
        Comparison("direct detection", "C_dd/C_ds of the benchmark", "0.2", float((C_S[D, D] / C_S[D, S]).real)),
        Comparison("direct detection", "C_dd/C_ss of the benchmark", "0.04", float((C_S[D, D] / C_S[S, S]).real)),
        Comparison("direct detection", "cross section on xenon, 1 GeV, R = 0", "ruled out", none, "cm^2", words),
        Comparison("direct detection", "the same at R = -0.04", "viable", some, "cm^2", words),
    ]


def benchmark() -> Couplings:
    """Vector-like quarks of 3 TeV, all couplings one but those to d."""
    y, mass = jnp.array([SMALL, 1.0, 1.0], dtype=complex), jnp.asarray(LARGE * TEV)
    return Couplings(y, y, jnp.asarray(1.0 + 0.0j), mass, mass)


def _higgs() -> list[Comparison]:
    c, v = benchmark(), float((jnp.sqrt(2.0) * load_inputs("he2024")["G_F"]) ** -0.5)
    remark = "No rate is printed: 1 - 2 times the number above."
    rate = float(higgs_to_gluons(c.y_1, c.y_1, c.m_Q, c.m_D, v))
    return [
        Comparison("h -> gg", f"v^2/(m_Q m_D) at {LARGE:g} TeV", "~0.007", float(v**2 / (c.m_Q * c.m_D))),
        Comparison("h -> gg", "Gamma over that of the Standard Model, y_1 y_2* = 1", "0.986", rate, difference=remark),
    ]


def _flavour() -> list[Comparison]:
    smallest, largest = (float(b_to_s_gamma(c / TEV)) for c in excess(1.0))
    order = "An estimate of its order: the dipole has the size of C_S."
    words = "No formula: operators of dimension eight, which need a small C_S of d and s."
    return [
        Comparison("b -> s gamma", "smallest C_S over what it allows", "3/260", smallest, difference=order),
        Comparison("b -> s gamma", "largest C_S over what it allows", "8/260", largest, difference=order),
        Comparison("mixing", "of B and K mesons", "allowed", "not calculated", difference=words),
    ]


FIGURES = {1: figure_1, 2: figure_2, 3: figure_3}
