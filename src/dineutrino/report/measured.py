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
    match term:
        case Gaussian() | CorrelatedGaussian():
            numbers = [(v, s, s, None) for v, s in zip(term.value, term.sigma, strict=True)]
        case AsymmetricGaussian():
            numbers = [(v, p, m, None) for v, p, m in zip(term.value, term.sigma_plus, term.sigma_minus, strict=True)]
        case UpperLimit():
            numbers = [(limit, 0.0, 0.0, level) for limit, level in zip(term.limit, term.confidence_level, strict=True)]
        case _:
            return []
    common = (measurement.name, measurement.experiment, measurement.source)
    return [
        Datum(*common, reference, float(v), float(p), float(m), None if level is None else float(level))
        for reference, (v, p, m, level) in zip(term.observables, numbers, strict=True)
    ]
