"""How often confidence intervals hold the truth: toys of the default analysis, fitted and profiled like real data."""

import math
import warnings
from dataclasses import dataclass

import jax
import numpy as np
from jaxtyping import Array, Float
from scipy.stats import chi2

from benchmarks.replica import Replica, simulated, with_toys
from benchmarks.report import Target
from benchmarks.study import Study
from dineutrino.analysis import load_analysis
from dineutrino.errors import NotConverged
from dineutrino.inference import Caution, maximum
from dineutrino.inference.intervals import ONE_AND_TWO_SIGMA
from dineutrino.inference.profile_function import ProfileFunction
from dineutrino.inference.progress import Progress
from dineutrino.likelihood import Likelihood

TOYS, FEW = 1000, 10
"""At each point."""
STARTS = 16
"""Of each fit."""
SIGMAS = 4.0
"""Binomial standard errors by which a coverage may be below its level."""
CL, CR = "Re CL_bsnutaunutau", "Re CR_bsnutaunutau"
NOTES = (
    "An interval holds the truth where delta chi2 of the profile there is below the threshold of Wilks' theorem.",
    "Far from bounds and other solutions the coverage is the level. With the truth on a bound, delta chi2 is 0 in half",
    "of the toys: (1 + level)/2, 84.1% and 97.7%, are expected of a parabola. Where two solutions meet, rates are at",
    "their minimum, chi2 is of fourth order, and toys that fluctuate below it are best described there: the same.",
    "Two rates with errors of a third to a half leave this within reach of every point, the best fit included.",
)


@dataclass(frozen=True)
class Truth:
    """A point at which toys are drawn.

    Attributes:
        name: of the point.
        values: of the parameters; the nuisances are at their central values.
        bounds: of the parameters, where they differ from those of the analysis.
    """

    name: str
    values: dict[str, float]
    bounds: dict[str, tuple[float, float]]


def truths(likelihood: Likelihood) -> list[Truth]:
    """The four points. The bounds of the third leave one of each pair of sign-degenerate solutions."""
    best, middle = maximum(likelihood, jax.random.key(0)).best, meeting_point(likelihood)
    standard_model = {CL: 0.0, CR: 0.0}
    return [
        Truth("best fit", {CL: best[CL], CR: best[CR]}, {}),
        Truth("Standard Model", standard_model, {}),
        Truth("Standard Model, C_R at its bound 0", standard_model, {CL: (-40.0, middle), CR: (0.0, 40.0)}),
        Truth("between degenerate solutions", {CL: middle, CR: 0.0}, {}),
    ]


def meeting_point(likelihood: Likelihood) -> float:
    """C_L at which tau neutrinos are not produced: the minimum of a branching ratio, a parabola in C_L."""
    rate = [float(likelihood.predict(likelihood.origin({CL: value}))["BR(B+->Knunu)"]) for value in (-10.0, 0.0, 10.0)]
    return 10.0 * (rate[0] - rate[2]) / (2 * (rate[0] - 2 * rate[1] + rate[2]))


def run(quick: bool, seed: int, number: int | None) -> Study:
    """Fractions of toys whose intervals hold the truth, at each point, of each parameter, at each level."""
    toys = number or (FEW if quick else TOYS)
    likelihood = with_toys(load_analysis())
    points = truths(likelihood)
    title = "coverage of the profile intervals of the default analysis"
    study = Study(title, ("truth", "parameter", "toys", "level", "coverage"), seed)
    found: dict[str, list[Float[np.ndarray, " parameter"]]] = {point.name: [] for point in points}
    lost = 0
    with study.interruptible(), Progress("toys", toys * len(points), True) as bar, warnings.catch_warnings():
        warnings.simplefilter("ignore", Caution)
        for i in range(toys):
            for j, point in enumerate(points):
                key = jax.random.fold_in(jax.random.fold_in(jax.random.key(seed), i), j)
                try:
                    found[point.name].append(excess(likelihood, point, key))
                except NotConverged as error:
                    lost += 1
                    study.notes.append(f"toy {i} at '{point.name}' has no result: {error}")
                bar.update(i * len(points) + j + 1, f"{lost} lost")
    for point in points:
        _tabulate(study, point, np.array(found[point.name]))
    study.notes += NOTES
    return study


def _tabulate(study: Study, point: Truth, delta_chi2: Float[np.ndarray, "toy parameter"]) -> None:
    for k, name in enumerate((CL, CR) if len(delta_chi2) else ()):
        for level in ONE_AND_TWO_SIGMA:
            coverage, toys = float(np.mean(delta_chi2[:, k] <= chi2.ppf(level, 1))), len(delta_chi2)
            error = math.sqrt(level * (1 - level) / toys)
            study.rows.append((point.name, name, str(toys), f"{level:.1%}", f"{coverage:.1%} ± {error:.1%}"))
            what = f"{point.name}, {name}, {level:.1%}: standard errors below the level"
            study.targets.append(Target(what, (level - coverage) / error, SIGMAS, False))


def excess(likelihood: Likelihood, point: Truth, key: Array) -> Float[np.ndarray, " parameter"]:
    """Delta chi2 of the profile of each parameter at its true value, for toy data drawn at the truth."""
    key_data, key_maximum = jax.random.split(key)
    truth = np.asarray(likelihood.to_vector(likelihood.origin(point.values)))
    lower, upper = np.array(likelihood.lower), np.array(likelihood.upper)
    for name, bounds in point.bounds.items():
        place = likelihood.names.index(name)
        lower[place], upper[place] = bounds
    target = Replica(likelihood, simulated(likelihood, truth, key_data), lower, upper)
    maxima = maximum(target, key_maximum, starts=STARTS)
    excesses = []
    for name in (CL, CR):
        place = likelihood.names.index(name)
        profiled = ProfileFunction(target, maxima, (place,))(truth[None, [place]], truth[None, None])
        if not profiled.converged[0]:
            raise NotConverged(f"the profile of '{name}' at the truth", result=profiled)
        excesses.append(profiled.delta_chi2[0])
    return np.array(excesses)
