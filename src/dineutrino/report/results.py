"""The content of results.json."""

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from dineutrino.inference import Contour, Density, Optimum, Profile, Profile2D, Toys
from dineutrino.inference.convergence import r_hat
from dineutrino.inference.intervals import ONE_AND_TWO_SIGMA
from dineutrino.io.strict_json import Writable
from dineutrino.report import labels
from dineutrino.report.fit_result import FitResult
from dineutrino.report.impacts import impacts

if TYPE_CHECKING:
    import xarray

HOW_DOF_ARE_COUNTED = (
    "measured numbers (upper limits included) minus free parameters, of which only those combinations count that the "
    "data see at the best fit; nuisances do not count, since each comes with one Gaussian constraint, and the "
    "constraints are part of chi2"
)


def results(fit: FitResult) -> dict[str, Writable]:
    """All numbers of a fit, as nested dictionaries and lists; to be written with `strict_json.dumps`.

    Coefficients are dimensionless, in the normalisation of the WCxf flavio basis; observables are in the units that
    stand beside them. chi2 = -2 log L includes the constraints of the nuisances.
    """
    return {
        "analysis": fit.analysis,
        "description": fit.description,
        "parameters": [
            {"name": p.name, "tex": labels.parameter(p), "lower": p.lower, "upper": p.upper}
            for p in fit.likelihood.parameters
        ],
        "best_fits": [_optimum(fit, optimum) for optimum in fit.maxima],
        "maximisation": {
            "starting_points": fit.maxima.n_starts,
            "lost": fit.maxima.n_lost,
            "complete": fit.maxima.complete,
        },
        "goodness_of_fit": _goodness(fit),
        "standard_model": _standard_model(fit),
        "intervals": {name: _intervals(profile) for name, profile in fit.profiles.items()},
        "contours": [_contours(profile) for profile in fit.contours.values()],
        "posterior": None if fit.posterior is None else _posterior(fit, fit.posterior),
        "predictions": [
            {
                "observable": p.label,
                "name": p.reference[0],
                "arguments": list(p.reference[1:]),
                "unit": p.unit,
                "standard_model": {"value": p.standard_model, "uncertainty": p.uncertainty},
                "best_fit": p.best_fit,
                "posterior": None
                if p.median is None
                else {"median": p.median, "lower_68": p.lower, "upper_68": p.upper},
            }
            for p in fit.predictions
        ],
        "impacts": {
            name: [asdict(one) for one in impacts(fit.best, name, fit.likelihood.n_parameters)]
            for name in fit.parameters
        },
        "postfit": [asdict(channel) for channel in fit.postfit],
        "missing": list(fit.missing),
        "untrusted": list(fit.untrusted),
        "cautions": list(fit.cautions),
        "provenance": asdict(fit.provenance()),
    }


def _optimum(fit: FitResult, optimum: Optimum) -> dict[str, Writable]:
    def entry(name: str) -> dict[str, Writable]:
        flags = {"at_bound": name in optimum.at_bound, "unconstrained": name in optimum.flat}
        return {"value": optimum[name], "error": optimum.error(name), **flags}

    at_optimum = fit.evaluate(optimum.point)
    return {
        "parameters": {name: entry(name) for name in fit.parameters},
        "log_prob": optimum.log_prob,
        "chi2": -2 * optimum.log_prob,
        "delta_chi2": 2 * (fit.best.log_prob - optimum.log_prob),
        "gradient_norm": optimum.gradient_norm,
        "converged": optimum.converged,
        "starting_points": optimum.n_starts,
        "pulls": at_optimum.pulls,
        "log_likelihoods": at_optimum.log_likelihoods,
        "predictions": at_optimum.predictions,
        "nuisances": {name: entry(name) for name in optimum.names[fit.likelihood.n_parameters :]},
    }


def _goodness(fit: FitResult) -> dict[str, Writable]:
    goodness = fit.goodness
    return {
        "chi2": goodness.chi2,
        "degrees_of_freedom": goodness.degrees_of_freedom,
        "measured_numbers": goodness.n_measured,
        "free_parameters": fit.likelihood.n_parameters,
        "constrained_parameters": goodness.n_parameters,
        "p_value": goodness.p_value,
        "degrees_of_freedom_are": HOW_DOF_ARE_COUNTED,
        "toys": None if fit.toys is None else _toys(fit.toys),
    }


def _toys(toys: Toys) -> dict[str, Writable]:
    return {
        "number": len(toys.chi2),
        "lost": toys.lost,
        "p_value": toys.p_value,
        "p_value_error": toys.p_value_error,
    }


def _standard_model(fit: FitResult) -> dict[str, Writable] | None:
    """None where the Standard Model is not a point of the model."""
    if fit.at_standard_model is None:
        return None
    goodness = fit.goodness
    return {
        "chi2": goodness.standard_model_chi2,
        "degrees_of_freedom": goodness.n_measured,
        "p_value": goodness.standard_model_p_value,
        "delta_chi2": goodness.delta_chi2,
        "significance": goodness.significance,
        "pulls": fit.at_standard_model.pulls,
        "nuisances": "at their best values",
    }


def _intervals(profile: Profile) -> list[dict[str, Writable]]:
    return [
        {
            "confidence_level": level,
            "delta_chi2": threshold,
            "intervals": [asdict(stretch) for stretch in stretches],
        }
        for level, threshold, stretches in zip(
            profile.confidence_levels, profile.thresholds, profile.intervals, strict=True
        )
    ]


def _contours(profile: Profile2D) -> dict[str, Writable]:
    def contour(one: Contour) -> dict[str, Writable]:
        return {
            "confidence_level": one.confidence_level,
            "delta_chi2": one.threshold,
            "touches_edge": one.touches_edge,
            "lines": [
                {"closed": closed, "verified": verified, "vertices": line}
                for line, closed, verified in zip(one.lines, one.closed, one.verified, strict=True)
            ],
        }

    return {"parameters": list(profile.names), "contours": [contour(one) for one in profile.contours]}


def _posterior(fit: FitResult, posterior: "xarray.DataTree") -> dict[str, Writable]:
    diagnostics = fit.diagnostics
    parameters = {}
    for name in fit.parameters:
        marginal, density = fit.marginal(name), fit.density(name)
        assert marginal is not None
        assert density is not None
        draws = marginal.draws
        parameters[name] = {
            "mean": draws.mean(),
            "sd": draws.std(ddof=1),
            "median": np.median(draws),
            **_highest(density),
            "r_hat": r_hat(draws),
            "density": _density(density),
        }
    found: dict[str, Writable] = {
        "chains": posterior.posterior.sizes["chain"],
        "draws": posterior.posterior.sizes["draw"],
        "method": posterior.attrs.get("method"),
        "parameters": parameters,
        "densities": [_density(density) for pair in fit.contours if (density := fit.density(*pair)) is not None],
    }
    if diagnostics is not None:
        found["diagnostics"] = {
            "passed": diagnostics.passed,
            "checks": [{"check": v.check, "passed": v.passed, "sentence": v.sentence} for v in diagnostics.verdicts],
            "worst_r_hat": diagnostics.r_hat,
            "fewest_effective_samples": diagnostics.effective_samples,
            "effective_samples": dict(diagnostics.sizes),
            "divergences": diagnostics.divergences,
            "mode_weights": [{"weight": weight, "error": error} for weight, error in diagnostics.mode_weights],
        }
    return found


def _highest(density: Density) -> dict[str, Writable]:
    """Intervals of highest density, and Monte Carlo errors of their ends."""
    found: dict[str, Writable] = {}
    for content in ONE_AND_TWO_SIGMA:
        key = f"highest_density_{round(100 * content)}"
        found |= {key: density.highest(content), f"{key}_errors": density.errors_of_highest(content)}
    return found


def _density(density: Density) -> dict[str, Writable]:
    """On the grid that it was calculated on, to five digits."""
    digits = 5 - math.floor(math.log10(float(density.height.max())))
    return {
        "parameters": list(density.names),
        "estimate": density.method,
        "misplaced_probability": density.error,
        "centres": list(density.centres),
        "density": np.round(density.height, digits),
    }
