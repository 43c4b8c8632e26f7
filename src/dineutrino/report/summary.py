"""summary.md: what a fit found, for a physicist."""

from collections.abc import Iterable

from dineutrino.inference import Optimum, Profile2D
from dineutrino.report import confidence, numbers, references, samples, tables
from dineutrino.report.fit_result import FitResult
from dineutrino.report.results import HOW_DOF_ARE_COUNTED

MOST_MAXIMA = 12
"""Maxima that are listed."""


def summary(fit: FitResult, figures: tuple[str, ...] = (), not_drawn: tuple[str, ...] = ()) -> str:
    """The summary as Markdown.

    Args:
        fit: the fit.
        figures: names of PNG files beside it, to be shown.
        not_drawn: one sentence for each figure that could not be drawn.
    """
    sections = [
        _head(fit),
        _warnings(fit),
        _best_fit(fit),
        _intervals(fit),
        _goodness(fit),
        _posterior(fit),
        "## Predictions\n\n" + _prediction_note(fit) + "\n\n" + tables.markdown(fit.predictions),
        _pulls(fit),
        _figures(figures, not_drawn),
        _provenance(fit),
        "## To cite\n\n" + references.text(fit),
    ]
    return "\n".join(section for section in sections if section)


def _head(fit: FitResult) -> str:
    lines = [f"# {fit.analysis}", ""]
    if fit.description:
        lines += [fit.description, ""]
    return "\n".join(lines)


def _warnings(fit: FitResult) -> str:
    lines = []
    if fit.missing:
        lines += ["## Unfinished", "", f"This fit has not finished. Still missing: {', '.join(fit.missing)}.", ""]
    if fit.untrusted:
        lines += ["## Not to be trusted", "", *(f"- **{sentence}**" for sentence in fit.untrusted), ""]
    if fit.cautions:
        lines += ["## Reservations", "", *(f"- {sentence}" for sentence in fit.cautions), ""]
    return "\n".join(lines)


def _best_fit(fit: FitResult) -> str:
    """All maxima; where there are very many, the best."""
    count = len(fit.maxima)
    lines = ["## Best fit", ""]
    if count > 1:
        close = len(fit.comparable)
        lines += [f"{count} maxima, {close} of them within Δχ² = 1 of the best. Errors are from the Hessian.", ""]
    else:
        lines += ["One maximum. Errors are from the Hessian.", ""]
    lines += _table(
        ["", *fit.parameters, "χ²", "Δχ²", "distance to the exact maximum (σ)", "converged"],
        [_maximum(fit, i, optimum) for i, optimum in enumerate(fit.maxima.optima[:MOST_MAXIMA], start=1)],
    )
    if count > MOST_MAXIMA:
        lines += ["", f"{count - MOST_MAXIMA} more are in results.json."]
    return "\n".join([*lines, ""])


def _maximum(fit: FitResult, number: int, optimum: Optimum) -> list[str]:
    return [
        str(number),
        *(_with_error(optimum, name) for name in fit.parameters),
        numbers.fixed(-2 * optimum.log_prob, 3),
        numbers.fixed(2 * (fit.best.log_prob - optimum.log_prob), 3),
        f"{optimum.gradient_norm:.1e}",
        "yes" if optimum.converged else "**no**",
    ]


def _with_error(optimum: Optimum, name: str) -> str:
    if name in optimum.at_bound:
        return f"{numbers.general(optimum[name])} (at its bound)"
    if name in optimum.flat:
        return f"{numbers.general(round(optimum[name], 9))} (not constrained)"
    return numbers.symmetric(optimum[name], optimum.error(name))


def _intervals(fit: FitResult) -> str:
    """Confidence intervals and regions of the profiles."""
    if not fit.profiles and not fit.contours:
        return ""
    lines = ["## Confidence intervals", ""]
    lines += ["Profile likelihood: all other parameters and the nuisances at their best, ends by Wilks' theorem."]
    if any(s.lower_open or s.upper_open for p in fit.profiles.values() for i in p.intervals for s in i):
        lines[-1] += f" {confidence.OPEN}"
    if fit.profiles:
        levels = _each(level for profile in fit.profiles.values() for level in profile.confidence_levels)
        content = [
            [name, *(confidence.intervals(profile, level) for level in levels)]
            for name, profile in fit.profiles.items()
        ]
        lines += ["", *_table(["parameter", *(f"{100 * level:.4g}% CL" for level in levels)], content)]
    if fit.contours:
        levels = _each(one.confidence_level for profile in fit.contours.values() for one in profile.contours)
        content = [
            [" and ".join(pair), *(", ".join(_region(profile, level)) or "-" for level in levels)]
            for pair, profile in fit.contours.items()
        ]
        lines += ["", *_table(["contour of", *(f"{100 * level:.4g}% CL" for level in levels)], content)]
    return "\n".join([*lines, ""])


def _region(profile: Profile2D, level: float) -> list[str]:
    return [confidence.region(one) for one in profile.contours if one.confidence_level == level]


def _each(levels: Iterable[float]) -> list[float]:
    return list(dict.fromkeys(levels))


def _goodness(fit: FitResult) -> str:
    goodness = fit.goodness
    content = [["best fit", f"{goodness.chi2:.3f}", str(goodness.degrees_of_freedom), _probability(goodness.p_value)]]
    lines = ["## Goodness of fit", ""]
    if goodness.standard_model_chi2 is not None:
        content.append(
            [
                "Standard Model",
                f"{goodness.standard_model_chi2:.3f}",
                str(goodness.n_measured),
                _probability(goodness.standard_model_p_value),
            ]
        )
    lines += _table(["", "χ²", "degrees of freedom", "p-value"], content)
    lines += ["", f"Degrees of freedom are {HOW_DOF_ARE_COUNTED}."]
    if goodness.significance is not None and goodness.delta_chi2 is not None:
        lines.append(
            f"The best fit is preferred to the Standard Model by Δχ² = {goodness.delta_chi2:.3f}, "
            f"{goodness.significance:.2f} standard deviations for {_counted(goodness.n_parameters, 'parameter')}."
        )
    return "\n".join([*lines, ""])


def _posterior(fit: FitResult) -> str:
    if fit.posterior is None:
        return ""
    content = []
    for name in fit.parameters:
        marginal, density = fit.marginal(name), fit.density(name)
        if marginal is None or density is None:
            continue
        regions = density.highest(samples.CENTRAL)
        mean_and_sd = numbers.symmetric(float(marginal.draws.mean()), float(marginal.draws.std(ddof=1)))
        content.append([name, mean_and_sd, " ∪ ".join(confidence.bracketed(*region) for region in regions)])
    sizes = fit.posterior.posterior.sizes
    method = fit.posterior.attrs.get("method", "")
    lines = ["## Posterior", ""]
    lines += [
        f"{sizes['chain']} chains of {sizes['draw']} draws{f', {method}' if method else ''}; flat prior in the bounds."
    ]
    lines += ["", *_table(["parameter", "mean ± standard deviation", "68.27% highest density"], content), ""]
    lines += [*_estimates(fit), ""]
    if fit.diagnostics is not None:
        if len(fit.diagnostics.mode_weights) > 1:
            weights = ", ".join(numbers.symmetric(weight, error) for weight, error in fit.diagnostics.mode_weights)
            lines += [f"Weights of the maxima, in the order of the table above: {weights}.", ""]
        lines += _table(
            ["check", "", ""],
            [[v.check, "passed" if v.passed else "**failed**", v.sentence] for v in fit.diagnostics.verdicts],
        )
    return "\n".join([*lines, ""])


def _estimates(fit: FitResult) -> list[str]:
    """How the densities were estimated, and how well: the parameters with the same estimate in one line."""
    densities = {name: fit.density(name) for name in fit.parameters}
    errors: dict[str, dict[str, float]] = {}
    for name, density in densities.items():
        if density is not None:
            errors.setdefault(density.method, {})[name] = density.error
    return [
        f"Density of {', '.join(found)}: {method}; about {max(found.values()):.1%} of the probability is misplaced."
        for method, found in errors.items()
    ]


def _prediction_note(fit: FitResult) -> str:
    uncertainties = "the inputs, propagated linearly" if fit.likelihood.prior.blocks else "none: the inputs are fixed"
    return f"Uncertainties of the Standard Model: {uncertainties}."


def _pulls(fit: FitResult) -> str:
    points = [fit.at_best] if fit.at_standard_model is None else [fit.at_best, fit.at_standard_model]
    content = []
    for measurement in fit.likelihood.measurements:
        for name in measurement.labels:
            values = [numbers.fixed(point.pulls[measurement.name][name], 2) for point in points]
            content.append([measurement.name, f"`{name}`", measurement.term.summary(), *values])
    heading = ["measurement", "observable", "value", *["pull, best fit", "pull, SM"][: len(points)]]
    note = "Pulls are (prediction - data)/error; for upper limits, see the convention of the term."
    return "\n".join(["## Measurements", "", note, "", *_table(heading, content), ""])


def _figures(figures: tuple[str, ...], not_drawn: tuple[str, ...]) -> str:
    shown = [f"![{name.rsplit('.', 1)[0]}]({name})\n" for name in figures]
    lost = [f"- {sentence}" for sentence in not_drawn]
    return "\n".join(["## Figures", "", *shown, *lost, ""]) if shown or lost else ""


def _provenance(fit: FitResult) -> str:
    facts = fit.provenance()
    choices = ", ".join(f"{name}: {value}" for name, value in facts.choices.items())
    fits = ", ".join(f"{transition}: {name}" for transition, name in facts.form_factors.items())
    lines = [
        "## Provenance",
        "",
        f"- {facts.package} {facts.version}, JAX {facts.jax_version}",
        f"- {facts.created}, seed {facts.seed}",
        f"- input set '{facts.input_set}' ({choices})",
        f"- form factors {fits}",
        *([] if facts.tails is None else [f"- tails: {facts.tails}"]),
        f"- {_counted(sum(len(b.labels) for b in fit.likelihood.blocks), 'nuisance')}",
    ]
    return "\n".join([*lines, ""])


def _table(heading: list[str], content: list[list[str]]) -> list[str]:
    """A Markdown table, line by line."""
    lines = [heading, ["---"] * len(heading), *content]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in lines]


def _probability(p_value: float | None) -> str:
    return "not defined" if p_value is None else numbers.general(p_value)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
