"""The numbers of a measurement as something that can be drawn: a point with error bars, or an upper limit."""

from dataclasses import dataclass

from dineutrino.measurements import AsymmetricGaussian, CorrelatedGaussian, Gaussian, Measurement, UpperLimit
from dineutrino.observables import ObservableRef


@dataclass(frozen=True)
class Datum:
    """One observable of one measurement, in the units of the observable.

    Attributes:
        measurement: its name.
        experiment: who measured.
        source: where it was published.
        observable: what was measured.
        value: central value, or the limit itself.
        plus, minus: upward and downward error; zero for a limit.
        confidence_level: of an upper limit; None for a value with errors.
    """

    measurement: str
    experiment: str
    source: str
    observable: ObservableRef
    value: float
    plus: float
    minus: float
    confidence_level: float | None = None

    @property
    def is_limit(self) -> bool:
        """Whether this is an upper limit."""
        return self.confidence_level is not None


def data(measurement: Measurement) -> list[Datum]:
    """One datum per observable; empty for a kind of term that has no such picture."""
    term = measurement.term
    levels: tuple[float | None, ...] = (None,) * len(measurement.observables)
    match term:
        case Gaussian() | CorrelatedGaussian():
            columns = (term.value, term.sigma, term.sigma)
        case AsymmetricGaussian():
            columns = (term.value, term.sigma_plus, term.sigma_minus)
        case UpperLimit():
            columns, levels = (term.limit, 0 * term.limit, 0 * term.limit), term.confidence_level
        case _:
            return []
    common = (measurement.name, measurement.experiment, measurement.source)
    rows = zip(term.observables, *(column.tolist() for column in columns), levels, strict=True)
    return [Datum(*common, *row) for row in rows]
