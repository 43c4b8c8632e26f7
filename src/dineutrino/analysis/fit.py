"""A fit in stages: maximum, profiles, contours, posterior. After each one there is a result that can be written."""

import warnings
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from typing import Any, NamedTuple

import jax

from dineutrino.analysis.analysis import Analysis
from dineutrino.analysis.schema import PosteriorRecord, ProfileRecord
from dineutrino.errors import NotConverged
from dineutrino.inference import Caution, Maxima, Profile, Profile2D, Toys, diagnose, maximum, posterior, profile, toys
from dineutrino.inputs import input_rows
from dineutrino.report import FitResult

ALL_PAIRS_UP_TO = 3
"""Parameters up to which all pairs get a contour without being named in the analysis."""


class Stage(NamedTuple):
    """A part of a fit.

    Attributes:
        title: in a word or two.
        compute: computes it, and says in a few words what came out.
        own_progress: whether it shows a progress bar of its own.
    """

    title: str
    compute: Callable[[], str]
    own_progress: bool = False


class Fit:
    """The stages of a fit, and what they have found so far.

    Args:
        analysis: what to fit.
        seed: instead of the seed of the analysis.
        progress: show a progress bar while sampling.

    Attributes:
        likelihood: of the analysis.
        untrusted: one sentence for each part of the result that must not be trusted.
        interrupted: whether the sampling was interrupted, so that the posterior has fewer draws.

    Raises:
        DineutrinoError: the likelihood cannot be built, see `Analysis.likelihood`.
    """

    def __init__(self, analysis: Analysis, seed: int | None = None, progress: bool = False):
        self.analysis = analysis
        self.likelihood = analysis.likelihood()
        self.seed = analysis.seed if seed is None else seed
        self.progress = progress
        self.untrusted: list[str] = []
        self.interrupted = False
        self._keys = jax.random.split(jax.random.key(self.seed), 3)
        self._maxima: Maxima | None = None
        self._profiles: dict[str, Profile] = {}
        self._contours: dict[tuple[str, str], Profile2D] = {}
        self._posterior: Any = None
        self._diagnostics: Any = None
        self._toys: Toys | None = None

    def stages(self) -> Iterator[Stage]:
        """The stages in their order.

        Computing one raises NotConverged if nothing can follow it. Reservations about what it found are part of the
        result, and not emitted as warnings.
        """
        yield Stage("maximum", partial(_quietly, self._maximise))
        settings = self.analysis.profile
        if settings is not None:
            for name in self.names:
                yield Stage(f"profile of {name}", partial(_quietly, self._profile, name, settings))
            for pair in self.pairs(settings):
                title = f"contour of {pair[0]} and {pair[1]}"
                yield Stage(title, partial(_quietly, self._contour, pair, settings))
        if self.analysis.toys:
            yield Stage("toys", partial(_quietly, self._draw_toys), own_progress=self.progress)
        sampling = self.analysis.posterior
        if sampling is not None:
            yield Stage("posterior", partial(_quietly, self._sample, sampling), own_progress=self.progress)

    def result(self) -> FitResult | None:
        """What has been found so far; None before the maximum."""
        if self._maxima is None:
            return None
        analysis = self.analysis
        rows = input_rows(
            analysis.inputs, form_factors=analysis.form_factors, overrides=analysis.overrides, choices=analysis.choices
        )
        return FitResult(
            likelihood=self.likelihood,
            maxima=self._maxima,
            profiles=self._profiles,
            contours=self._contours,
            posterior=self._posterior,
            diagnostics=self._diagnostics,
            seed=self.seed,
            analysis=analysis.name,
            description=analysis.description,
            inputs=tuple(rows),
            toys=self._toys,
            untrusted=tuple(self.untrusted),
        )

    @property
    def maxima(self) -> Maxima:
        """All maxima; the first stage finds them."""
        assert self._maxima is not None
        return self._maxima

    @property
    def names(self) -> list[str]:
        """Names of the free parameters."""
        return [parameter.name for parameter in self.likelihood.parameters]

    def pairs(self, settings: ProfileRecord) -> list[tuple[str, str]]:
        """The pairs of parameters that get a contour."""
        if settings.pairs is not None:
            return [(first, second) for first, second in settings.pairs]
        return list(combinations(self.names, 2)) if len(self.names) <= ALL_PAIRS_UP_TO else []

    # -- the stages -------------------------------------------------------------------------------------------------

    def _maximise(self) -> str:
        try:
            maxima = maximum(self.likelihood, self._keys[0])
        except NotConverged as error:
            if not isinstance(error.result, Maxima):
                raise
            maxima = self._salvaged(error, Maxima)
        self._maxima = maxima
        self.untrusted += [f"maximum: {sentence}" for sentence in maxima.doubts]
        best = ", ".join(f"{name} = {maxima.best[name]:.4g}" for name in self.names)
        found = "1 maximum" if len(maxima) == 1 else f"{len(maxima)} maxima"
        return f"{found}; chi2 = {-2 * maxima.best.log_prob:.4g} at {best}"

    def _profile(self, name: str, settings: ProfileRecord) -> str:
        try:
            found = profile(self.likelihood, name, self.maxima, points=settings.points, **_levels(settings))
        except NotConverged as error:
            found = self._salvaged(error, Profile)
        if found is None:
            return "not converged"
        self._profiles[name] = found
        stretches = " and ".join(f"[{i.lower:.4g}, {i.upper:.4g}]" for i in found.intervals[0])
        return f"{100 * found.confidence_levels[0]:.3g}%: {stretches}"

    def _contour(self, pair: tuple[str, str], settings: ProfileRecord) -> str:
        try:
            found = profile(self.likelihood, pair, self.maxima, points=settings.contour_points, **_levels(settings))
        except NotConverged as error:
            found = self._salvaged(error, Profile2D)
        if found is None:
            return "not converged"
        self._contours[pair] = found
        lines = sum(len(contour.lines) for contour in found.contours)
        return f"{lines} line" if lines == 1 else f"{lines} lines"

    def _draw_toys(self) -> str:
        number = self.analysis.toys
        found = toys(self.likelihood, self._keys[2], self.maxima.best, number=number, progress=self.progress)
        self._toys = found
        if found.lost > number / 100:
            self.untrusted.append(f"goodness of fit: {found.lost} of {number} fits of toys did not converge.")
        return f"p = {found.p_value:.3g} +- {found.p_value_error:.1g}, {number} toys"

    def _sample(self, settings: PosteriorRecord) -> str:
        so_far = self.result()
        assert so_far is not None
        provenance = {key: str(value) for key, value in so_far.provenance().items()}
        try:
            found = posterior(
                self.likelihood,
                self._keys[1],
                maxima=self.maxima,
                chains=settings.chains,
                warmup=settings.warmup,
                draws=settings.draws,
                method=settings.method,
                progress=self.progress,
                attributes=provenance,
            )
        except NotConverged as error:
            self.untrusted.append(str(error))
            return "not converged"
        self._posterior, self._diagnostics = found, diagnose(found)
        self.interrupted = bool(found.attrs["interrupted"])
        failed = [verdict for verdict in self._diagnostics.verdicts if not verdict.passed]
        self.untrusted += [f"posterior, {verdict.check}: {verdict.sentence}" for verdict in failed]
        verdict = f"{len(failed)} of {len(self._diagnostics.verdicts)} checks failed" if failed else "all checks passed"
        return f"{found.attrs['method']}, {self._diagnostics.effective_samples:.0f} effective samples, {verdict}"

    def _salvaged(self, error: NotConverged, kind: type) -> Any:
        """Note what went wrong, and keep what there is: None if there is nothing."""
        self.untrusted.append(str(error))
        return error.result if isinstance(error.result, kind) else None


def _quietly(compute: Callable[..., str], *arguments: Any) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Caution)
        warnings.filterwarnings("ignore", category=RuntimeWarning, module="arviz")  # its checks judge what comes out
        return compute(*arguments)


def _levels(settings: ProfileRecord) -> dict[str, Any]:
    return {} if settings.confidence_levels is None else {"confidence_levels": tuple(settings.confidence_levels)}
