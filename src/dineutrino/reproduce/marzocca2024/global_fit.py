"""Figure 8: all observables together for S_1 and R_2~ of 2 TeV, profiled over their coupling."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.inference.profile_grid import Chi2, GridProfile, Predictions, profile_grid, threshold
from dineutrino.inference.random_scan import random_scan
from dineutrino.reproduce.figure import Band, Figure, Line, Panel, fewer
from dineutrino.reproduce.marzocca2024.angles import PHI, THETA, Plane
from dineutrino.reproduce.marzocca2024.classes import LEPTOQUARKS, PAPER, SOURCE, interval, leptoquark
from dineutrino.reproduce.marzocca2024.left import SIGMAS
from dineutrino.reproduce.marzocca2024.lepton_number import standard_model as standard_model_rates
from dineutrino.reproduce.marzocca2024.mediators import NAMES

SCAN = jnp.geomspace(0.05, 6.0, 13)
"""Values of lambda. Between them predictions are interpolated, which a profile checks."""
RANGES = {1.0: (1.3, 1.85), -1.0: (4.44, 4.99)}
"""Sign of C -> phi of the figure."""
ANGLES = (0.01, 0.6)
"""theta of the figure."""
DRAWN, DRAWS, SEED = (0.3, 3.0), 200_001, 8
"""lambda of the random scan, which holds that of the region of one standard deviation; points; seed."""
K_RATE, R_K = "BR(K+->pinunu)", "R(B+->Knunu)"
RATIOS = (("Belle and Belle II", "marzocca2024_RKplus", "C5"), ("50/ab", "belle2_50ab_RKplus", "C1"))
KAONS = (("final", "na62_final_Kppinunu", "-."), ("HIKE", "hike_Kppinunu", ":"))
"""What is measured and expected for R_K, and expected for K+ -> pi+ nu nubar: label, measurement, colour or style."""
COLOR = {1: "C2", 2: "C8", 3: "0.6"}


class Fit(NamedTuple):
    """A plane, and the profile on it."""

    plane: Plane
    profile: GridProfile


class Drawn(NamedTuple):
    """Points of a random scan: directions, rad, couplings, and the total chi2."""

    theta: Float[np.ndarray, " point"]
    phi: Float[np.ndarray, " point"]
    coupling: Float[np.ndarray, " point"]
    chi2: Float[np.ndarray, " point"]


def profiled(name: str, theta: Float[np.ndarray, " point"], phi: Float[np.ndarray, " point"]) -> GridProfile:
    """chi2 of all classes over lambda at many directions."""
    predictions, chi2 = _formulas(name)
    return profile_grid(predictions, chi2, jnp.stack([jnp.asarray(theta), jnp.asarray(phi)], axis=1), SCAN)


@cache
def _formulas(name: str) -> tuple[Predictions, Chi2]:
    """Predictions of a leptoquark, and their chi2: the same functions each time, so that they are compiled once."""
    classes, strength = leptoquark(name), LEPTOQUARKS[name][0]

    def predictions(coupling: Float[Array, ""], at: Float[Array, "2"]) -> Float[Array, " n"]:
        return classes.predictions({strength: coupling, "theta": at[0], "phi": at[1]})

    return predictions, classes.total


@cache
def fit(name: str, fast: bool) -> Fit:
    """The profile in the plane of figure 8."""
    plane = Plane.of(RANGES[LEPTOQUARKS[name][2]], ANGLES, 61, fast)
    phi, theta = plane.points
    return Fit(plane, profiled(name, theta, phi))


def scanned(name: str, fast: bool = False, seed: int = SEED) -> Drawn:
    """Points drawn at random, evenly in phi and the logarithms of theta and lambda, where the total chi2 is low.

    Low is within one standard deviation of two parameters from the least of the profile: then the directions are those
    of the region of figure 8. Phases are zero, as there.
    """
    edges = np.array([np.log(ANGLES), RANGES[LEPTOQUARKS[name][2]], np.log(DRAWN)])
    lower, upper = edges[:, 0].tolist(), edges[:, 1].tolist()
    scan = random_scan(_of_logarithms(name), lower, upper, jax.random.key(seed), fewer(DRAWS, fast))
    inside = np.asarray(scan.inside(threshold(1), float(jnp.min(fit(name, fast).profile.chi2))))
    theta, phi, coupling = np.asarray(scan.points)[inside].T
    return Drawn(np.exp(theta), phi, np.exp(coupling), np.asarray(scan.chi2)[inside])


@cache
def _of_logarithms(name: str) -> Callable[[Float[Array, "3"]], Float[Array, ""]]:
    """chi2 of a leptoquark by log theta, phi and log lambda."""
    predictions, chi2 = _formulas(name)
    return lambda x: chi2(predictions(jnp.exp(x[2]), jnp.stack([jnp.exp(x[0]), x[1]])))


def standard_model(name: str) -> float:
    """chi2 without new physics."""
    found = leptoquark(name).on(**{LEPTOQUARKS[name][0]: 0.0, "theta": 0.1, "phi": 1.5})
    return float(sum(values[0] for values in found.values()))


def _regions(name: str, fast: bool) -> Panel:
    plane, profile = fit(name, fast)
    above = np.asarray(profile.above)
    lines = [plane.line(f"{n} sigma", above, threshold(n), COLOR[n]) for n in SIGMAS]
    best = np.asarray(profile.best)
    lines += [plane.line(rf"$|\lambda|={level:g}$", best, level, "C0", "--") for level in (0.6, 0.8, 1.0, 1.4, 2.0)]
    phi, theta = plane.points
    found = leptoquark(name).predicted(**{LEPTOQUARKS[name][0]: best}, theta=theta, phi=phi)[R_K]
    ratio = interval("marzocca2024_RKplus")
    lines += [plane.line(label, found, edge, "C3", "-.") for label, edge in (("$R_K$", ratio.lower), ("", ratio.upper))]
    return Panel(f"${NAMES[name]}$", PHI, THETA, lines)


def _rates(name: str, fast: bool) -> Panel:
    """Both rates in the region of one standard deviation; that of the B meson is R_K times 4.44e-6, as in the paper."""
    drawn = scanned(name, fast)
    found = leptoquark(name).predicted(**{LEPTOQUARKS[name][0]: drawn.coupling}, theta=drawn.theta, phi=drawn.phi)
    rate, up, across = standard_model_rates()[0], np.array([0.0, 3e-10]), np.array([0.0, 3e-5])
    now = interval("marzocca2024_Kppinunu")
    lines: list[Line | Band] = [Band("NA62", across, np.full(2, now.lower), np.full(2, now.upper), "C7")]
    for label, measurement, color in RATIOS:
        at = [np.full(2, rate * edge) for edge in interval(measurement).ends]
        lines += [Line(label, at[0], up, color, "--"), Line("", at[1], up, color, "--")]
    for label, measurement, style in KAONS:
        at = [np.full(2, edge) for edge in interval(measurement).ends]
        lines += [Line(label, across, at[0], "C6", style), Line("", across, at[1], "C6", style)]
    lines.append(Line("1 sigma", rate * found[R_K], found[K_RATE], "C2", "."))
    return Panel(f"${NAMES[name]}$", r"$\mathcal{B}(B^+\to K^+\nu\nu)$", r"$\mathcal{B}(K^+\to\pi^+\nu\nu)$", lines,
                 x_range=(0, 3e-5), y_range=(0, 3e-10))  # fmt: skip


def figure_8(fast: bool = False) -> Figure:
    """Regions of directions, and the rates in the region of one standard deviation."""
    panels = [draw(name, fast) for draw in (_regions, _rates) for name in ("S1", "R2t")]
    caption = (
        "Regions of two parameters. Points are drawn at random: directions and couplings inside one standard deviation."
    )
    return Figure(f"{PAPER} figure 8", SOURCE, caption, panels)
