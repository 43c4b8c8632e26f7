"""One measurement: a likelihood term and where it comes from."""

import equinox as eqx

from dineutrino.errors import DineutrinoError
from dineutrino.measurements.terms.term import Term
from dineutrino.observables import ObservableRef

PROBABILITIES = ("BR(", "<BR>(")
"""How the names of branching ratios begin, total ones and those of a bin."""


class Measurement(eqx.Module):
    """A published result, or a user's own, as a likelihood term.

    Attributes:
        name: unique, e.g. "belle2_2023_BpKnunu_combination".
        experiment: who measured, e.g. "Belle II".
        source: arXiv number and place in the paper.
        description: what was measured and how its numbers enter here.
        contains: names of measurements whose data this one includes, so that they are not used together.
        term: the likelihood.

    Raises:
        DineutrinoError: a measured branching ratio above 1, or one that has fluctuated below -1.
    """

    name: str = eqx.field(static=True)
    experiment: str = eqx.field(static=True)
    source: str = eqx.field(static=True)
    description: str = eqx.field(static=True)
    contains: tuple[str, ...] = eqx.field(static=True)
    term: Term

    def __check_init__(self) -> None:
        measured = zip(self.labels, self.term.measured, strict=True)
        impossible = [(name, x) for name, x in measured if name.startswith(PROBABILITIES) and abs(x) > 1]
        for name, value in impossible:
            raise DineutrinoError(
                f"'{self.name}': {name} is a probability, at most 1, not {value:g}; write 2.3e-5, not 23."
            )

    @property
    def observables(self) -> tuple[ObservableRef, ...]:
        """The observables of the term."""
        return self.term.observables

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the measured numbers."""
        return self.term.labels
