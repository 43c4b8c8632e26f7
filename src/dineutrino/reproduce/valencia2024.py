"""G. Valencia, Corfu 2024 (arXiv:2403.12485): a real dark scalar in b -> s, its relic density, direct detection.

The plots of the slides have no numbers; here 1 is b -> s, 2 the relic density, 3 direct detection. L has 1/2 C phi^2,
so that two identical scalars have half the rate that the same C gives two distinct ones.
"""

import jax
import jax.numpy as jnp
import numpy as np

from dineutrino.inputs import load_inputs
from dineutrino.models import DarkScalar
from dineutrino.models.vector_like_quark import cross_sections, nucleon_cross_section, required_coefficient
from dineutrino.observables import Predictor
from dineutrino.reproduce.figure import Band, Figure, Line, Panel, fewer
from dineutrino.reproduce.he2024 import BAND, COLOR, MODES, STYLE, TEX
from dineutrino.reproduce.published import published
from dineutrino.reproduce.rates import per_coupling2, root

PAPER, SOURCE = "valencia2024", "arXiv:2403.12485"
UNIT = 1e5
"""1e-5/TeV: DarkScalar has C in 1/TeV for a scale of 1 TeV."""
M_PHI = r"$m_\phi$ [GeV]"


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


FIGURES = {1: figure_1, 2: figure_2, 3: figure_3}
