"""arXiv:2507.12393: the published Belle II likelihood, for what may be invisible in B+ -> K+ besides neutrinos.

Chi2 of the Standard Model and a pair of one kind with one operator, nuisances at their best, minus that of the Standard
Model alone. Sterile neutrinos at 1 TeV^-2, dark pairs at Lambda = 10 TeV, for couplings of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from jaxtyping import Float

from dineutrino.inference.coordinates import Box, unfold
from dineutrino.inference.search import search
from dineutrino.inputs import load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import Measurement, load_measurements
from dineutrino.models import load_model
from dineutrino.observables import Predictor
from dineutrino.reproduce import rates
from dineutrino.reproduce.figure import Figure, Line, Panel, fewer

SOURCE = "arXiv:2507.12393"
FORM_FACTORS = "B->K HPQCD2022"
RATE = "BR(B+->Knunu)"
EXCESS = 1.5e-5
"""New branching ratio from which fits start."""
HEAVIEST = 2.3
"""GeV; above, no pair fits into the decay."""
BENCHMARK_MASS = 0.7
"""GeV, of the comparison with the branching ratio."""
COLORS = 7
"""How many colours the curves of a figure have before they begin anew."""
PUBLISHED, SCALAR = "belle2_2025_BpKnunu", "belle2_2023_BpKnunu_combination"
"""The measurement as a likelihood, and as one branching ratio."""


@dataclass(frozen=True)
class Kind:
    """A kind of pair: the model, its scale in TeV if it has one, and the coefficients that B -> K sees."""

    title: str
    model: str
    scale: float | None
    coefficients: tuple[str, ...]
    lightest: float = 0.0


KINDS = (
    Kind("sterile neutrinos", "SterileNeutrino", None, ("QN_2311", "LNQd_3123", "LNQdT_3123")),
    Kind("dark scalars", "DarkScalar", 10.0, ("S", "V")),
    Kind("dark fermions", "DarkFermion", 10.0, ("S1", "S2", "V1", "V2", "T1", "T2")),
    Kind("dark vectors", "DarkVector", 10.0, ("S", "T1", "T2", "V2", "V3", "V4", "V5", "V6"), 0.1),
)


class Scan:
    """The likelihood of one kind of pair, at many masses and couplings.

    Args:
        kind: of pair.
        measurements: the terms.
    """

    def __init__(self, kind: Kind, measurements: Sequence[Measurement]):
        prior = load_prior("default").restrict([FORM_FACTORS])
        names = ["mass", *(f"Re {name}" for name in kind.coefficients)]
        self.model = load_model(kind.model, prior.central, {} if kind.scale is None else {"scale": kind.scale})
        self.kind = kind
        self.likelihood = Likelihood([Parameter(name) for name in names], measurements, prior, self.model)
        self.predictor = Predictor([RATE], prior.central)

    def vectors(
        self, coefficient: str, masses: Float[np.ndarray, " point"], couplings: Float[np.ndarray, " point"]
    ) -> Float[np.ndarray, "point n"]:
        """Vectors of the likelihood with one operator, nuisances at zero."""
        found = np.zeros((len(masses), len(self.likelihood.names)))
        found[:, 0] = masses
        found[:, 1 + self.kind.coefficients.index(coefficient)] = couplings
        return found

    def coupling(
        self, coefficient: str, masses: Float[np.ndarray, " point"], rate: float
    ) -> Float[np.ndarray, " point"]:
        """Couplings that add a branching ratio; nan where an operator does not contribute."""
        return rates.root(rate, rates.per_coupling2(self.predictor, self.model, f"Re {coefficient}", masses)[:, 0])

    @cached_property
    def standard_model(self) -> float:
        """Chi2 of the Standard Model, without a pair."""
        pair = self.vectors(self.kind.coefficients[0], np.ones(2), np.zeros(2))  # the program of the other points
        return float(self.chi2(pair)[0])

    def chi2(
        self, vectors: Float[np.ndarray, "point n"], coefficient: str | None = None
    ) -> Float[np.ndarray, " point"]:
        """With the nuisances at their best, and the coupling of an operator too if it is named; nan without an end."""
        box = Box.of(self.likelihood)
        free = np.ones(vectors.shape[1])
        free[: self.likelihood.n_parameters] = 0.0
        roots = np.tile(np.diag(free), (len(vectors), 1, 1)) if coefficient else np.diag(free)[None]
        which = np.arange(len(vectors)) if coefficient else np.zeros(len(vectors), int)
        if coefficient:
            place = 1 + self.kind.coefficients.index(coefficient)
            roots[:, place, place] = 0.2 * vectors[:, place]
        found = search(self.likelihood, unfold(box, vectors), roots, which)
        return np.where(found.converged, -2 * found.log_prob, np.nan)


@cache
def _scan(kind: Kind, measurement: str, data: Path | None) -> Scan:
    """Compiled once for all figures."""
    return Scan(kind, load_measurements(measurement, data=data))


def improvement(kind: Kind, data: Path | None, points: int) -> Panel:
    """How much each operator improves the fit by the mass, with the coupling at its best."""
    scan = _scan(kind, PUBLISHED, data)
    masses = np.linspace(kind.lightest, HEAVIEST, points)
    curves = []
    for i, name in enumerate(kind.coefficients):
        couplings = scan.coupling(name, masses, EXCESS)
        seen = np.isfinite(couplings)
        chi2 = np.full(points, np.nan)
        chi2[seen] = scan.chi2(scan.vectors(name, masses[seen], couplings[seen]), name) - scan.standard_model
        curves.append(Line(name, masses, chi2, *_look(i)))
    return Panel(kind.title, "mass [GeV]", r"$\Delta\chi^2$", curves)


def comparison(kind: Kind, data: Path | None, points: int) -> Panel:
    """The likelihood of the spectrum beside that of one branching ratio, by the branching ratio."""
    full, single = _scan(kind, PUBLISHED, data), _scan(kind, SCALAR, None)
    added, masses = np.linspace(0.0, 6e-5, points), np.full(points, BENCHMARK_MASS)
    total = 1e6 * (rates.standard_model(full.predictor)[0] + added)

    def curve(scan: Scan, name: str) -> np.ndarray:
        couplings = full.coupling(name, masses[:1], 1.0) * np.sqrt(added)
        return scan.chi2(scan.vectors(name, masses, couplings)) - scan.standard_model

    alone = Line("branching ratio alone", total, curve(single, kind.coefficients[0]), "k", "--")
    lines = [Line(name, total, curve(full, name), *_look(i)) for i, name in enumerate(kind.coefficients)]
    return Panel(kind.title, r"$10^6\,\mathcal{B}$", r"$\Delta\chi^2$", [alone, *lines])


def _look(i: int) -> tuple[str, str]:
    """Colour and line style of a curve."""
    return (f"C{i}", "-") if i < COLORS else (f"C{i - COLORS}", ":")


def figure_1(data: Path | None = None, fast: bool = False) -> Figure:
    """Which operators, and which masses, the measured spectrum prefers."""
    panels = [improvement(kind, data, fewer(24, fast)) for kind in KINDS]
    return Figure("belle2_2025 figure 1", SOURCE, "Chi2 minus that of the Standard Model, best coupling.", panels)


def figure_2(data: Path | None = None, fast: bool = False) -> Figure:
    """What is lost where only the branching ratio is used."""
    caption = f"Pairs of {BENCHMARK_MASS} GeV; chi2 minus that of the Standard Model."
    return Figure("belle2_2025 figure 2", SOURCE, caption, [comparison(kind, data, fewer(13, fast)) for kind in KINDS])


FIGURES = {1: figure_1, 2: figure_2}
