"""What every kind of likelihood term can do."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import equinox as eqx
from jaxtyping import Array, Float, PRNGKeyArray

from dineutrino.errors import DineutrinoError
from dineutrino.observables import ObservableRef, label


@dataclass(frozen=True)
class Nuisances:
    """Uncertain numbers of a measurement itself, whitened: each is N(0, 1), within bounds.

    Attributes:
        name: of all of them together, unique in a likelihood.
        labels: one for each.
        lower, upper: bounds, may be infinite.
    """

    name: str
    labels: tuple[str, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]


class Term(eqx.Module):
    """The likelihood of observables, given their measurement.

    Every term is a pytree: its numbers are leaves, its observables are static. Predictions enter as an array in the
    order of `observables`. `sm` holds the Standard-Model predictions of the same observables; most kinds of term
    ignore it. `log_prob` and `pull` are jit-, vmap- and grad-able.

    Attributes:
        observables: n references to observables, each (name, *arguments), arguments in GeV^2.
    """

    observables: eqx.AbstractVar[tuple[ObservableRef, ...]]

    @abstractmethod
    def log_prob(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, ""]:
        """-chi2/2: zero at best agreement, no other normalisation constant."""

    @abstractmethod
    def pull(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, " m"]:
        """(prediction - preferred value) / width for each label: positive where theory lies above the data."""

    @property
    @abstractmethod
    def measured(self) -> Float[Array, " m"]:
        """What was measured, one number per label: the central values, or the limits."""

    @abstractmethod
    def summary(self) -> str:
        """The measured numbers in one line, for tables."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the measured numbers; by default one for each observable."""
        return tuple(map(label, self.observables))

    @property
    def shown(self) -> tuple[ObservableRef, ...]:
        """The observables that stand for this measurement in tables of predictions; by default all."""
        return self.observables

    @property
    def nuisances(self) -> Nuisances | None:
        """The uncertain numbers of the measurement itself, if it has any."""
        return None

    def at(self, nuisances: Mapping[str, Float[Array, " _"]]) -> "Term":
        """The term at given values of its own nuisances, one vector by their common name; itself if it has none."""
        return self

    def simulate(self, prediction: Float[Array, " n"], key: PRNGKeyArray) -> "Term":
        """The term with data drawn at random for given predictions, as a measurement might find them.

        Raises:
            DineutrinoError: for a kind of term whose data are not known well enough; says why.
        """
        raise DineutrinoError(f"no toy data can be drawn for {', '.join(self.labels)}: {self.why_no_toys}.")

    @property
    def why_no_toys(self) -> str:
        """The reason, for the sentence above."""
        return f"{type(self).__name__} does not say how its data are distributed"

    def histograms(self, prediction: Float[Array, " n"]) -> dict[str, dict[str, Float[Array, " bin"]]]:
        """Expected numbers of events by channel and sample, for terms that have such."""
        return {}

    def check(self, sm: Float[Array, " n"]) -> None:
        """Refuse a Standard-Model prediction with which this term has no meaning (most accept any). Not traceable.

        Raises:
            DineutrinoError: if the term cannot be used with this prediction.
        """
