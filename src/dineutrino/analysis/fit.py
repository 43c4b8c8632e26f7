"""A fit in stages: maximum, profiles, contours, posterior. After each one there is a result that can be written."""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import jax

from dineutrino.analysis.analysis import Analysis
from dineutrino.analysis.schema import PosteriorRecord, ProfileRecord
from dineutrino.analysis.unfinished import Begun, Found, StageFiles
from dineutrino.errors import NotConverged
from dineutrino.inference import (
    Caution,
    Checkpoint,
    Diagnostics,
    Maxima,
    Profile,
    Profile2D,
    Toys,
    diagnose,
    maximum,
    posterior,
    profile,
    toys,
)
from dineutrino.inference.intervals import ONE_AND_TWO_SIGMA
from dineutrino.inputs import InputRow, input_rows
from dineutrino.io.compiled import not_kept
from dineutrino.report import FitResult, confidence

if TYPE_CHECKING:
    import xarray

ALL_PAIRS_UP_TO = 3
"""Parameters up to which all pairs get a contour without being named in the analysis."""
MOST_KEPT = 100
"""Parameters and nuisances up to which a compiled sampler is kept; XLA may crash while it writes larger ones."""
FIGURES = "figures"
"""What is missing when all stages are there."""


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
        checkpoint: where the sampler keeps how far it got, and goes on from.

    Attributes:
        likelihood: of the analysis.
        interrupted: whether the sampling was interrupted, so that the posterior has fewer draws.

    Raises:
        DineutrinoError: the likelihood cannot be built, see `Analysis.likelihood`.
    """

    def __init__(
        self,
        analysis: Analysis,
        seed: int | None = None,
        progress: bool = False,
        checkpoint: Checkpoint | None = None,
    ):
        self.analysis = analysis
        self.likelihood = analysis.likelihood()
        self.seed = analysis.seed if seed is None else seed
        self.progress, self.checkpoint = progress, checkpoint
        self.interrupted = False
        self._keys = jax.random.split(jax.random.key(self.seed), 3)
        self._found: dict[str, Found] = {}
        self._posterior: "xarray.DataTree | None" = None
        self._diagnostics: Diagnostics | None = None
        self._last: FitResult | None = None
        self._inputs: tuple[InputRow, ...] | None = None

    def stages(self) -> Iterator[Stage]:
        """The stages in their order.

        Computing one raises NotConverged if nothing can follow it. Reservations about what it found are part of the
        result, and not emitted as warnings.
        """
        yield self._stage("maximum", self._maximise)
        settings = self.analysis.profile
        if settings is not None:
            for name in self.names:
                yield self._stage(_of(name), partial(self._profile, name, settings))
            for pair in self.pairs(settings):
                yield self._stage(_of(pair), partial(self._contour, pair, settings))
        if self.analysis.toys:
            yield self._stage("toys", self._draw_toys)._replace(own_progress=self.progress)
        sampling = self.analysis.posterior
        if sampling is not None:
            yield self._stage("posterior", partial(self._sample, sampling))._replace(own_progress=self.progress)

    def _stage(self, title: str, find: Callable[[], Found]) -> Stage:
        def compute() -> str:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Caution)
                self._found[title] = find()
            return self._found[title].sentence

        return Stage(title, compute)

    def keep(self, title: str, files: StageFiles) -> None:
        """Keep what a stage found, unless it is the sampling: its checkpoint has all the draws."""
        if self._posterior is None or title != "posterior":
            files.save(title, self._found[title])

    def read_back(self, title: str, files: StageFiles) -> str | None:
        """Take what a stage found from its file, and say it; None if it has none."""
        found = files.read(title)
        if found is not None:
            self._found[title] = found
        return None if found is None else found.sentence

    @property
    def begun(self) -> Begun:
        """What this fit begins with."""
        return Begun.of(self.analysis, self.likelihood, self.seed)

    @property
    def untrusted(self) -> list[str]:
        """One sentence for each part of the result that must not be trusted."""
        return [sentence for found in self._found.values() for sentence in found.untrusted]

    def result(self, figures: bool = False) -> FitResult | None:
        """What has been found so far; None before the maximum.

        Args:
            figures: whether the figures are drawn, too; else they are among what is missing.
        """
        if "maximum" not in self._found:
            return None
        analysis = self.analysis
        if self._inputs is None:
            rows = input_rows(
                analysis.inputs,
                form_factors=analysis.form_factors,
                overrides=analysis.overrides,
                choices=analysis.choices,
            )
            self._inputs = tuple(rows)
        missing = [stage.title for stage in self.stages() if stage.title not in self._found]
        if self.interrupted:
            missing.append("the rest of the posterior")
        found = self._found
        profiles = {name: found[_of(name)].result for name in self.names if _of(name) in found}
        pairs = [] if analysis.profile is None else self.pairs(analysis.profile)
        contours = {pair: found[_of(pair)].result for pair in pairs if _of(pair) in found}
        drawn = found["toys"].result if "toys" in found else None
        self._last = FitResult(
            likelihood=self.likelihood,
            maxima=self.maxima,
            profiles={name: one for name, one in profiles.items() if isinstance(one, Profile)},
            contours={pair: one for pair, one in contours.items() if isinstance(one, Profile2D)},
            posterior=self._posterior,
            diagnostics=self._diagnostics,
            seed=self.seed,
            analysis=analysis.name,
            description=analysis.description,
            inputs=self._inputs,
            toys=drawn if isinstance(drawn, Toys) else None,
            untrusted=tuple(self.untrusted),
            missing=tuple(missing) if figures else (*missing, FIGURES),
        ).knowing(self._last)
        return self._last

    @property
    def maxima(self) -> Maxima:
        """All maxima; the first stage finds them."""
        found = self._found["maximum"].result
        assert isinstance(found, Maxima)
        return found

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

    def _maximise(self) -> Found:
        untrusted: tuple[str, ...] = ()
        try:
            maxima = maximum(self.likelihood, self._keys[0])
        except NotConverged as error:
            if not isinstance(error.result, Maxima):
                raise
            maxima, untrusted = error.result, (str(error),)
        untrusted += tuple(f"maximum: {sentence}" for sentence in maxima.doubts)
        best = ", ".join(f"{name} = {maxima.best[name]:.4g}" for name in self.names)
        count = "1 maximum" if len(maxima) == 1 else f"{len(maxima)} maxima"
        return Found(maxima, f"{count}; chi2 = {-2 * maxima.best.log_prob:.4g} at {best}", untrusted)

    def _profile(self, name: str, settings: ProfileRecord) -> Found:
        untrusted: tuple[str, ...] = ()
        try:
            found = profile(
                self.likelihood, name, self.maxima, points=settings.points, confidence_levels=_levels(settings)
            )
        except NotConverged as error:
            if not isinstance(error.result, Profile):
                return _not_converged(error)
            found, untrusted = error.result, (str(error),)
        level = found.confidence_levels[0]
        said = f"{100 * level:.3g}%: {confidence.intervals(found, level)}"
        return Found(found, said, (*untrusted, *found.unverified))

    def _contour(self, pair: tuple[str, str], settings: ProfileRecord) -> Found:
        untrusted: tuple[str, ...] = ()
        try:
            found = profile(
                self.likelihood, pair, self.maxima, points=settings.contour_points, confidence_levels=_levels(settings)
            )
        except NotConverged as error:
            if not isinstance(error.result, Profile2D):
                return _not_converged(error)
            found, untrusted = error.result, (str(error),)
        said = "; ".join(f"{100 * c.confidence_level:.3g}%: {confidence.region(c)}" for c in found.contours)
        return Found(found, said, (*untrusted, *found.unverified))

    def _draw_toys(self) -> Found:
        number = self.analysis.toys
        found = toys(self.likelihood, self._keys[2], self.maxima.best, number=number, progress=self.progress)
        lost = f"goodness of fit: {found.lost} of {number} fits of toys did not converge."
        said = f"p = {found.p_value:.3g} +- {found.p_value_error:.1g}, {number} toys"
        return Found(found, said, (lost,) if found.lost > number / 100 else ())

    def _sample(self, settings: PosteriorRecord) -> Found:
        so_far = self.result()
        assert so_far is not None
        provenance = {key: str(value) for key, value in asdict(so_far.provenance()).items()}
        try:
            with not_kept(large=len(self.likelihood.names) > MOST_KEPT):
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
                    checkpoint=self.checkpoint,
                )
        except NotConverged as error:
            return _not_converged(error)
        self._posterior, self._diagnostics = found, diagnose(found)
        self.interrupted = bool(found.attrs["interrupted"])
        failed = [verdict for verdict in self._diagnostics.verdicts if not verdict.passed]
        untrusted = tuple(f"posterior, {verdict.check}: {verdict.sentence}" for verdict in failed)
        verdict = f"{len(failed)} of {len(self._diagnostics.verdicts)} checks failed" if failed else "all checks passed"
        said = f"{found.attrs['method']}, {self._diagnostics.effective_samples:.0f} effective samples, {verdict}"
        return Found(None, said, untrusted)


def _of(what: str | tuple[str, str]) -> str:
    """Title of the stage of a parameter, or of a pair."""
    return f"profile of {what}" if isinstance(what, str) else f"contour of {what[0]} and {what[1]}"


def _not_converged(error: NotConverged) -> Found:
    return Found(None, "not converged", (str(error),))


def _levels(settings: ProfileRecord) -> tuple[float, ...]:
    return ONE_AND_TWO_SIGMA if settings.confidence_levels is None else tuple(settings.confidence_levels)
