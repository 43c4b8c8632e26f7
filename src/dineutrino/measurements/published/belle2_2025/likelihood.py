"""The published likelihood of B+ -> K+ nu nubar as a measurement: from a spectrum in q2 to bins of the detector."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import gammaln
from jaxtyping import Array, Float, PRNGKeyArray

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.measurements.histfactory import HistFactory, Workspace, read_workspace
from dineutrino.measurements.histfactory.parameters import NORMAL
from dineutrino.measurements.measurement import Measurement
from dineutrino.measurements.published import BELLE2_2025
from dineutrino.measurements.published.belle2_2025.densities import existing, q2_gen_edges, read_number_densities
from dineutrino.measurements.published.belle2_2025.manifest import published
from dineutrino.measurements.reweighting import Reweighting, bins
from dineutrino.measurements.terms.term import Nuisances, Term
from dineutrino.observables import ObservableRef
from dineutrino.observables.predictor import Predictor

NUISANCES = "Belle II 2025"
"""Common name of its nuisance parameters."""
SOURCE = "arXiv:2507.12393; HEPData 10.17182/hepdata.166082"
REPLACED = ("mu", "corr_ff_c1", "corr_ff_c2", "corr_ff_c3")
"""Modifiers of the workspace whose part the prediction plays: signal strength and form factors of the simulation."""
OBSERVABLE = "B+->Knunu"
CONTAINED = (
    "belle2_2021_BpKnunu_inclusive",
    "belle2_2023_BpKnunu_combination",
    "belle2_2023_BpKnunu_hadronic",
    "belle2_2023_BpKnunu_inclusive",
)
"""Measurements of the same data."""
SIMULATION = "belle2_2025_simulation"
"""Input set of the null."""


class Reinterpretation(Term):
    """A HistFactory likelihood whose signal follows the predicted spectrum.

    -chi2/2 is the Poisson log-likelihood minus that of the saturated model; the Gaussian constraints of the nuisances
    belong to the prior. Expectations that are not positive are impossible: -inf.

    Attributes:
        observables: branching ratios in the bins of generated q2.
        model: without the modifiers in `REPLACED`.
        reweighting: yields of all signal cells, one after the other.
        nominal: their yields in the null; 1 where there are none.
        signal: places of the signal cells among all cells.
        z: nuisances, whitened.
        observed: numbers of events in the bins, channel after channel.

    Source: arXiv:2507.12393.
    """

    observables: tuple[ObservableRef, ...] = eqx.field(static=True)
    model: HistFactory = eqx.field(static=True)
    reweighting: Reweighting
    nominal: Float[Array | np.ndarray, " signal"]
    signal: tuple[int, ...] = eqx.field(static=True)
    z: Float[Array | np.ndarray, " nuisance"]
    observed: Float[Array | np.ndarray, " bin"]

    def expected(self, prediction: Float[Array, " n"]) -> Float[Array, " bin"]:
        """Expected numbers of events, channel after channel in alphabetical order."""
        return self.model.rescaled(self.parameters, self._factors(prediction))

    def _factors(self, prediction: Float[Array, " n"]) -> Float[Array, " cell"]:
        strength = self.reweighting(prediction) / self.nominal
        return jnp.ones(self.model.n_cells).at[np.array(self.signal)].set(strength, unique_indices=True)

    @property
    def parameters(self) -> Float[Array, " parameter"]:
        """The parameters of the workspace: auxiliary measurement plus z standard deviations, or fixed."""
        return self.model.displaced(jnp.asarray(self.z))

    def log_prob(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, ""]:
        """Minus half the deviance of the expectations from the observed numbers."""
        expected = self.expected(prediction)
        possible = jnp.all(expected > 0)
        observed = jnp.asarray(self.observed)
        ratio = jnp.where(expected > 0, expected, 1.0) / jnp.where(observed > 0, observed, 1.0)
        found = jnp.sum(jnp.where(observed > 0, observed * jnp.log(ratio), 0.0) - expected + observed)
        return jnp.where(possible, found, -jnp.inf)

    def pull(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, " m"]:
        """(expected - observed) / sqrt(expected) in each bin."""
        expected = self.expected(prediction)
        return (expected - self.observed) / jnp.sqrt(expected)

    def simulate(self, prediction: Float[Array, " n"], key: PRNGKeyArray) -> "Reinterpretation":
        """Numbers of events drawn for the expectations."""
        counts = jax.random.poisson(key, self.expected(prediction)).astype(float)
        return eqx.tree_at(lambda term: term.observed, self, counts)

    def histograms(self, prediction: Float[Array, " n"]) -> dict[str, dict[str, Float[Array, " bin"]]]:
        """Expected events by channel and sample."""
        cells = self.model.cell_yields(self.parameters, self._factors(prediction))
        found: dict[str, dict[str, Float[Array, " bin"]]] = {}
        for (channel, sample), part in self.model.rows.items():
            found.setdefault(short(channel), {})[sample] = cells[part]
        return found

    @property
    def measured(self) -> Float[Array, " m"]:
        """The observed numbers of events."""
        return jnp.asarray(self.observed)

    @property
    def labels(self) -> tuple[str, ...]:
        """Channel and bin, from 1: "A 1", ..."""
        return tuple(
            f"{short(channel)} {i + 1}"
            for channel, part in self.model.channels.items()
            for i in range(part.stop - part.start)
        )

    @property
    def shown(self) -> tuple[ObservableRef, ...]:
        """The whole branching ratio."""
        return ((f"BR({OBSERVABLE})",),)

    @property
    def nuisances(self) -> Nuisances:
        """All parameters of the workspace that are left and not fixed, with its bounds."""
        return _nuisances(self.model)

    def at(self, nuisances: Mapping[str, Float[Array, " _"]]) -> "Reinterpretation":
        """The term at given values of its nuisances."""
        return eqx.tree_at(lambda term: term.z, self, nuisances[NUISANCES])

    @property
    def constant(self) -> float:
        """What turns log_prob - z.z/2 into the log of pyhf's density of the data: it is that much higher."""
        n = self.model.observed
        saturated = np.sum(np.where(n > 0, n * np.log(np.where(n > 0, n, 1.0)), 0.0) - n - np.asarray(gammaln(n + 1.0)))
        centre = self.model.point(self.model.displaced(jnp.zeros(len(self.model.central))))
        return float(saturated + self.model.log_constraints(centre))

    def summary(self) -> str:
        """How many events in how many bins."""
        return f"{np.sum(self.observed):.0f} events in {len(self.observed)} bins"


def BelleII2025Likelihood(directory: str | Path) -> Measurement:
    """The published likelihood, ready to enter a `Likelihood`: 30 bins, 228 nuisance parameters.

    The signal of each channel is reweighted from the spectrum of the simulation (input set `SIMULATION`) to the
    predicted one, whatever is invisible in it. The modifiers for the signal strength and for the form factors of the
    simulation are dropped: their part is played by the prediction and its own form factors.

    Args:
        directory: holds the files of HEPData 10.17182/hepdata.166082; `dineutrino data fetch belle2_2025` gets them.

    Raises:
        DineutrinoError: a file that is missing or does not fit; see `read_number_densities` and `read_workspace`.

    Source: arXiv:2507.12393.
    """
    manifest = published()
    directory = Path(directory)
    densities = read_number_densities(directory, manifest)
    workspace = read_workspace(existing(directory / manifest.workspace.name)).without(REPLACED)
    homes = {file.key: (file.channel, file.sample) for file in manifest.densities}
    return reinterpretation(workspace, densities, homes, q2_gen_edges(manifest))


def reinterpretation(
    workspace: Workspace,
    densities: Mapping[str, Float[np.ndarray, "_ columns"]],
    homes: Mapping[str, tuple[str, str]],
    edges: Float[np.ndarray, " edges"],
) -> Measurement:
    """A measurement from a workspace and number densities.

    Args:
        workspace: all of whose parameters have Gaussian constraints or are fixed; these stay at their initial value.
        densities: by key; the first column is outside of all bins.
        homes: key -> channel and sample.
        edges: of the bins of generated q2, GeV^2.

    Raises:
        DineutrinoError: a parameter without a Gaussian constraint, or shapes that do not fit.
    """
    model = HistFactory(workspace)
    for name, parameter in model.parameters.items():
        if parameter.constraint != NORMAL and not all(parameter.fixed):
            raise DineutrinoError(f"parameter '{name}' of the workspace has no Gaussian constraint, and is not fixed.")
    references = bins(f"<BR>({OBSERVABLE})", edges.tolist())
    null = null_rates(references)
    tables = np.concatenate([densities[key] for key in homes])
    nominal = np.where(np.any(tables > 0, axis=1), tables.sum(axis=1), 1.0)
    reweighting = Reweighting.of(tables[:, 1:], null, tables[:, 0])
    places = [model.cells(channel, sample) for channel, sample in homes.values()]
    for (key, (channel, _)), part in zip(homes.items(), places, strict=True):
        if len(densities[key]) != (count := part.stop - part.start):
            raise DineutrinoError(
                f"number density '{key}' has {len(densities[key])} rows for the {count} bins of channel '{channel}'."
            )
    signal = [i for part in places for i in range(part.start, part.stop)]
    term = Reinterpretation(
        references, model, reweighting, nominal, tuple(signal), np.zeros(len(model.central)), model.observed
    )
    return Measurement(
        name=BELLE2_2025,
        experiment="Belle II",
        source=SOURCE,
        description="published likelihood of both tags, with the predicted spectrum of signal events",
        contains=CONTAINED,
        term=term,
    )


def row() -> dict[str, str]:
    """The measurement in one line of a table; see `measurement_rows`."""
    return {
        "name": BELLE2_2025,
        "observable": f"<BR>({OBSERVABLE}) in bins of generated q2",
        "value": "published likelihood; needs its files, see 'dineutrino data'",
        "experiment": "Belle II",
        "source": SOURCE,
    }


@cache
def null_rates(references: tuple[ObservableRef, ...]) -> Float[np.ndarray, " bin"]:
    """Branching ratios of the null in the bins."""
    with jax.ensure_compile_time_eval():
        return np.asarray(Predictor(references, load_inputs(SIMULATION))(NeutrinoCoefficients.zero()))


def short(channel: str) -> str:
    """The name of a channel up to its first underscores: "A" of "A__Bsig_...", or all of it."""
    return channel.partition("__")[0]


@cache
def _nuisances(model: HistFactory) -> Nuisances:
    labels, lower, upper = [], [], []
    for name, parameter in model.parameters.items():
        for i, fixed in enumerate(parameter.fixed):
            if not fixed:
                centre, sigma = parameter.auxdata[i], parameter.sigmas[i]
                labels.append(name if parameter.size == 1 else f"{name} {i + 1}")
                lower.append((parameter.bounds[i][0] - centre) / sigma)
                upper.append((parameter.bounds[i][1] - centre) / sigma)
    return Nuisances(NUISANCES, tuple(labels), tuple(lower), tuple(upper))
