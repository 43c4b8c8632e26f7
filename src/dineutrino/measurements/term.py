"""What every kind of likelihood term can do."""

from abc import abstractmethod

import equinox as eqx
from jaxtyping import Array, Float

from dineutrino.observables import ObservableRef


class Term(eqx.Module):
    """The likelihood of n observables, given their measurement.

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
    def pull(self, prediction: Float[Array, " n"], sm: Float[Array, " n"]) -> Float[Array, " n"]:
        """(prediction - preferred value) / width for each observable: positive where theory lies above the data."""

    @property
    @abstractmethod
    def measured(self) -> Float[Array, " n"]:
        """What was measured, one number per observable: the central values, or the limits."""

    @abstractmethod
    def summary(self) -> str:
        """The measured numbers in one line, for tables."""

    def check(self, sm: Float[Array, " n"]) -> None:
        """Refuse a Standard-Model prediction with which this term has no meaning (most accept any). Not traceable.

        Raises:
            DineutrinoError: if the term cannot be used with this prediction.
        """
