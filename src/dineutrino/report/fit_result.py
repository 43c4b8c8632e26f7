"""Everything that a fit found, in one object."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import jax
import numpy as np
from jaxtyping import Float

from dineutrino import __version__
from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inference import Density, Diagnostics, Maxima, Optimum, Profile, Profile2D, Toys, marginal_densities
from dineutrino.inference.profile_function import ProfileFunction
from dineutrino.inference.smoothing import Marginal
from dineutrino.inputs import InputRow, input_rows, input_sets
from dineutrino.likelihood import Likelihood, Point
from dineutrino.observables import Predictor
from dineutrino.report import samples
from dineutrino.report.evaluation import Evaluation, evaluator
from dineutrino.report.goodness import Goodness, goodness
from dineutrino.report.postfit import PostfitChannel, postfit
from dineutrino.report.predictions import Prediction, predictions, standard_model

if TYPE_CHECKING:
    import xarray

AT_MAXIMA = (
    "standard_model_values",
    "standard_model_marks",
    "standard_model_point",
    "evaluate",
    "at_best",
    "at_standard_model",
    "goodness",
    "predictor",
    "postfit",
    "_in_standard_model",
)
"""What a `FitResult` calculates from likelihood and maxima alone."""
OF_POSTERIOR = ("predictions", "densities")
"""What it calculates from these and the posterior."""


@dataclass(frozen=True)
class Provenance:
    """What the numbers of a fit depend on, as it is written beside them."""

    analysis: str
    description: str
    package: str
    version: str
    jax_version: str
    input_set: str
    choices: dict[str, str]
    form_factors: dict[str, str]
    tails: str | None
    nuisances: dict[str, list[str]]
    measurements: dict[str, str]
    seed: int
    created: str


@dataclass(frozen=True)
class FitResult:
    """A finished fit, ready to be written with `dineutrino.report.write`.

    Attributes:
        likelihood: what was fitted.
        maxima: all maxima of its log-probability.
        profiles: by name of the parameter.
        contours: two-dimensional profiles, by the pair of names.
        posterior: from `dineutrino.inference.posterior`, or None.
        diagnostics: of the posterior, or None.
        seed: of all random numbers.
        analysis: name of the analysis, for titles.
        description: of the analysis, one line.
        inputs: the rows of `dineutrino.inputs.input_rows`, for the sources; looked up by the name of the input set
            where they are not given.
        toys: fits of toy experiments at the best fit, or None.
        untrusted: one sentence for each part that must not be trusted, or that could not be computed at all.
        missing: titles of the stages that are still to come.
        created: when, UTC.
    """

    likelihood: Likelihood
    maxima: Maxima
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    contours: Mapping[tuple[str, str], Profile2D] = field(default_factory=dict)
    posterior: "xarray.DataTree | None" = None
    diagnostics: Diagnostics | None = None
    seed: int = 0
    analysis: str = "analysis"
    description: str = ""
    inputs: tuple[InputRow, ...] | None = None
    toys: Toys | None = None
    untrusted: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    def knowing(self, earlier: "FitResult | None") -> "FitResult":
        """This result, with what an earlier one of the same maxima and posterior has calculated already."""
        if earlier is not None and earlier.maxima is self.maxima and earlier.likelihood is self.likelihood:
            names = AT_MAXIMA if earlier.posterior is not self.posterior else (*AT_MAXIMA, *OF_POSTERIOR)
            self.__dict__.update({name: earlier.__dict__[name] for name in names if name in earlier.__dict__})
        return self

    @property
    def best(self) -> Optimum:
        """The highest maximum."""
        return self.maxima.best

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the free parameters."""
        return tuple(parameter.name for parameter in self.likelihood.parameters)

    def marginal(self, name: str) -> Marginal | None:
        """The posterior of a free parameter; None without posterior."""
        return samples.parameter(self.posterior, self.likelihood.parameters[self.parameters.index(name)])

    def density(self, *names: str) -> Density | None:
        """The posterior density of a free parameter, or of two; None without posterior."""
        if names in self.densities or names[::-1] not in self.densities:
            return self.densities.get(names)
        return self.densities[names[::-1]].swapped

    @cached_property
    def densities(self) -> dict[tuple[str, ...], Density]:
        """The posterior densities of all parameters, and of all pairs in their order; empty without posterior."""
        if self.posterior is None:
            return {}
        return marginal_densities(
            self.likelihood, self.posterior, self.parameters, tuple(combinations(self.parameters, 2))
        )

    @property
    def comparable(self) -> tuple[Optimum, ...]:
        """The maxima that the data hardly distinguish from the best: within delta chi2 = 1."""
        return self.maxima.within(0.5)

    @cached_property
    def standard_model_values(self) -> dict[str, float] | None:
        """Values of the parameters at the Standard Model, next to zero; None if the model or the bounds exclude it."""
        values = {p.name: float(np.clip(0.0, p.lower, p.upper)) for p in self.likelihood.parameters}
        return values if self._is_standard_model(values) else None

    @cached_property
    def standard_model_marks(self) -> dict[str, float]:
        """Those of them that make it the Standard Model; a mass may have any value where its coupling vanishes."""
        marks, values = {}, self.standard_model_values or {}
        for p in self.likelihood.parameters if values else ():
            step = p.scale if values[p.name] + p.scale <= p.upper else -p.scale
            elsewhere = float(np.clip(values[p.name] + step, p.lower, p.upper))
            if not self._is_standard_model(values | {p.name: elsewhere}):
                marks[p.name] = values[p.name]
        return marks

    def _is_standard_model(self, values: Mapping[str, float]) -> bool:
        """Whether the predictions are those of the Standard Model."""
        given = {name: jax.numpy.asarray(value) for name, value in values.items()}
        theory = self.likelihood.theory(given, self.predictor.inputs)
        standard_model = self.predictor(NeutrinoCoefficients.zero())
        return np.allclose(self.predictor(theory), standard_model, rtol=1e-9, atol=0.0)

    @cached_property
    def standard_model_point(self) -> Point | None:
        """The Standard Model with the nuisances that describe the data best; None where it is not part of the model."""
        if self.standard_model_values is None:
            return None
        fixed = tuple(range(self.likelihood.n_parameters))
        function = ProfileFunction(self.likelihood, self.maxima, fixed)
        values = np.array(list(self.standard_model_values.values()))
        near = np.asarray(self.likelihood.to_vector(self.likelihood.origin(self.standard_model_values)))
        profiled = function(values[None], near[None, None])
        return self.likelihood.to_point(jax.numpy.asarray(profiled.vectors[0]))

    @cached_property
    def evaluate(self) -> Callable[[Point], Evaluation]:
        """Predictions, pulls and log-likelihoods at a point."""
        return evaluator(self.likelihood)

    @cached_property
    def at_best(self) -> Evaluation:
        """Predictions, pulls and log-likelihoods at the best fit."""
        return self.evaluate(self.best.point)

    @cached_property
    def at_standard_model(self) -> Evaluation | None:
        """The same at `standard_model_point`; None where that is None."""
        return None if self.standard_model_point is None else self.evaluate(self.standard_model_point)

    @cached_property
    def goodness(self) -> Goodness:
        """Chi2, degrees of freedom and p-values."""
        return goodness(self.likelihood, self.best, self.at_standard_model)

    @cached_property
    def predictor(self) -> Predictor:
        """The observables of the likelihood at the central inputs."""
        return Predictor(self.likelihood.shown, self.likelihood.prior.central)

    @cached_property
    def predictions(self) -> tuple[Prediction, ...]:
        """Every observable of the likelihood: Standard Model, best fit, posterior."""
        return predictions(self.likelihood, self._in_standard_model, self.at_best.predictions, self.posterior)

    @cached_property
    def _in_standard_model(self) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
        """Values and uncertainties of the observables in the Standard Model."""
        return standard_model(self.likelihood)

    @cached_property
    def postfit(self) -> tuple[PostfitChannel, ...]:
        """The channels of a detector at the best fit, of measurements that have such."""
        return postfit(self.likelihood, self.best)

    @cached_property
    def input_sources(self) -> tuple[InputRow, ...]:
        """The inputs with their sources; empty if the input set is not one of the package and they were not given."""
        if self.inputs is not None:
            return tuple(self.inputs)
        central = self.likelihood.prior.central
        fits = {transition: fit.name for transition, fit in central.form_factors.items()}
        if central.name not in input_sets():
            return ()
        return tuple(input_rows(central.name, form_factors=fits, choices=central.choices))

    @property
    def cautions(self) -> tuple[str, ...]:
        """All reservations that are not in `untrusted`, one sentence each."""
        parts: list[Maxima | Profile | Profile2D] = [self.maxima, *self.profiles.values(), *self.contours.values()]
        listed = [caution for part in parts for caution in part.cautions]
        if self.diagnostics is not None:
            listed += [f"posterior, {v.check}: {v.sentence}" for v in self.diagnostics.verdicts if not v.passed]
        return tuple(caution for caution in dict.fromkeys(listed) if caution not in self.untrusted)

    def provenance(self) -> Provenance:
        """What the numbers depend on: versions, inputs, measurements, seed, time."""
        central = self.likelihood.prior.central
        return Provenance(
            analysis=self.analysis,
            description=self.description,
            package="dineutrino",
            version=__version__,
            jax_version=jax.__version__,
            input_set=central.name,
            choices=dict(central.choices),
            form_factors={transition: fit.name for transition, fit in central.form_factors.items()},
            tails=None if central.tails is None else central.tails.what,
            nuisances={block.name: list(block.labels) for block in self.likelihood.blocks},
            measurements={m.name: m.source for m in self.likelihood.measurements},
            seed=self.seed,
            created=self.created.astimezone(UTC).isoformat(timespec="seconds"),
        )
