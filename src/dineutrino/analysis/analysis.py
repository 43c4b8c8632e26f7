"""An analysis as data: what is free, what was measured, with which inputs, and what to compute."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jax.numpy as jnp

from dineutrino.analysis.plausibility import too_heavy
from dineutrino.analysis.schema import PosteriorRecord, ProfileRecord
from dineutrino.analysis.strength import too_strong_for
from dineutrino.analysis.tails import idle_tails
from dineutrino.inputs import Prior
from dineutrino.io import Tree
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import Measurement
from dineutrino.models import Model
from dineutrino.observables import ObservableRef


@dataclass(frozen=True)
class Analysis:
    """A checked analysis file.

    Attributes:
        name: for titles and provenance.
        description: one line.
        model: from the parameters to final states.
        parameters: free parameters with their bounds.
        measurements: the terms of the likelihood.
        inputs: name of the input set, or path of a file.
        form_factors: transition -> fit, where it is not the one of the input set.
        choices: choices that differ from those of the input set.
        overrides: inputs that differ from those of the input set.
        nuisances: "all" uncertain inputs that matter, "none", or labels and names of blocks.
        prior: of the inputs that are nuisances; the others stay at their central values. Yields of tails are in it.
        predictions: observables to predict besides the measured ones.
        profile: settings, None for no profiles.
        posterior: settings, None for no posterior.
        toys: number of toy experiments for the goodness of fit, 0 for none.
        seed: of all random numbers.
        text: the file itself.
        file: its name.
        folder: where relative paths in it start.
        data: folder of published files that was given beside it, or None.
    """

    name: str
    description: str
    model: Model
    parameters: tuple[Parameter, ...]
    measurements: tuple[Measurement, ...]
    inputs: str | Path
    form_factors: Mapping[str, str | Path]
    choices: Mapping[str, str]
    overrides: Mapping[str, Mapping[str, Tree]]
    nuisances: str | tuple[str, ...]
    prior: Prior
    predictions: tuple[ObservableRef, ...]
    profile: ProfileRecord | None
    posterior: PosteriorRecord | None
    toys: int
    seed: int
    text: str
    file: str
    folder: Path
    data: Path | None

    def cautions(self) -> list[str]:
        """One sentence for each range that goes where nothing measured depends on it, or the effective theory ends,
        and for yields of tails that nothing needs.
        """
        inputs = self.prior.central
        theory = self.model({parameter.name: jnp.asarray(parameter.upper) for parameter in self.parameters}, inputs)
        measured = tuple(reference for measurement in self.measurements for reference in measurement.term.shown)
        heavy = too_heavy(measured, theory, inputs)
        blind = [sentence for sentence, closed in heavy if len(closed) == len(measured)]
        strongest = {each.name: max(each.lower, each.upper, key=abs) for each in self.parameters}
        return (
            [f"with every parameter at its max, {sentence}" for sentence in blind]
            + [f"at the end of its range, {sentence}" for sentence in too_strong_for(self.model, strongest)]
            + idle_tails((*measured, *self.predictions), inputs)
        )

    def likelihood(self) -> Likelihood:
        """The likelihood of the analysis.

        Raises:
            DineutrinoError: x64 is disabled, or a measurement that the Standard Model prediction makes meaningless.
        """
        return Likelihood(self.parameters, self.measurements, self.prior, self.model, self.predictions)
