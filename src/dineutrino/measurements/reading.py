"""One entry of a YAML file of measurements, checked and made into a `Measurement`."""

import math
from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import correlation
from dineutrino.inputs.entry import number, text
from dineutrino.io import Tree
from dineutrino.measurements.measurement import Measurement
from dineutrino.measurements.terms.asymmetric_gaussian import (
    AsymmetricGaussian,
    TwoPieceGaussian,
    VariableWidthGaussian,
)
from dineutrino.measurements.terms.correlated_gaussian import CorrelatedGaussian
from dineutrino.measurements.terms.counts import CONVENTIONS as COUNTS
from dineutrino.measurements.terms.gaussian import Gaussian
from dineutrino.measurements.terms.term import Term
from dineutrino.measurements.terms.upper_limit import CONVENTIONS as UPPER_LIMITS
from dineutrino.observables import ObservableRef

Kind = TypeVar("Kind", bound=Term)
ASYMMETRIC: dict[str, type[AsymmetricGaussian]] = {
    "variable_width": VariableWidthGaussian,
    "two_piece": TwoPieceGaussian,
}


def read_measurement(
    record: Tree, name: str, file: str, upper_limits: str | None = None, asymmetric_errors: str | None = None
) -> Measurement:
    """Check one entry of a measurement file and make it a `Measurement`.

    Args:
        record: the mapping below the name of the measurement.
        name: of the measurement.
        file: for error messages.
        upper_limits: convention that replaces the entry's own, if it is an upper limit.
        asymmetric_errors: convention that replaces the entry's own, if it has asymmetric errors.

    Raises:
        DineutrinoError: a field unknown or missing, an unknown kind or convention, or numbers that are no measurement.
    """
    place = f"{file}: '{name}'"
    if not isinstance(record, Mapping):
        raise DineutrinoError(f"{place} must be a mapping with observable, kind, numbers and source.")
    kind = record.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise DineutrinoError(f"{place}: {unknown('kind of likelihood term', kind, KINDS)}")
    required, optional, read = KINDS[kind]
    allowed = (*_COMMON, *required, *optional)
    for field in record:
        if field not in allowed:
            raise DineutrinoError(f"{place}: {unknown('field', field, allowed)}")
    for field in ("source", "experiment", *required):
        if record.get(field) is None:
            raise DineutrinoError(f"{place}: '{field}' is missing; a {kind} needs {', '.join(required)}.")
    chosen = {"upper_limit": upper_limits, "asymmetric_gaussian": asymmetric_errors}.get(kind)
    if chosen is not None:
        record = {**record, "convention": chosen}
    return Measurement(
        name=name,
        experiment=text(record["experiment"], f"{place}: experiment"),
        source=text(record["source"], f"{place}: source"),
        description=" ".join(str(record.get("description", "")).split()),
        contains=_contains(record.get("contains", []), place),
        term=_located(read, record, place),
    )


def convention(what: str, name: Tree, allowed: Mapping[str, type[Kind]]) -> type[Kind]:
    """The kind of term that a convention stands for.

    Raises:
        DineutrinoError: an unknown one, with the allowed ones and the nearest.
    """
    if not isinstance(name, str) or name not in allowed:
        raise unknown(f"convention for {what}", name, allowed)
    return allowed[name]


def _located(read: Callable[[Mapping[str, Tree]], Term], record: Mapping[str, Tree], place: str) -> Term:
    """Build the term; its errors say where the entry stands."""
    try:
        return read(record)
    except DineutrinoError as error:
        raise DineutrinoError(f"{place}: {error}") from None


def _gaussian(record: Mapping[str, Tree]) -> Term:
    return Gaussian(
        (_observable(record["observable"]),),
        [number(record["value"], "'value'")],
        [_uncertainty(record["uncertainty"], "uncertainty")],
    )


def _asymmetric_gaussian(record: Mapping[str, Tree]) -> Term:
    return convention("asymmetric errors", record["convention"], ASYMMETRIC)(
        (_observable(record["observable"]),),
        [number(record["value"], "'value'")],
        [_uncertainty(record["uncertainty_plus"], "uncertainty_plus")],
        [_uncertainty(record["uncertainty_minus"], "uncertainty_minus")],
    )


def _correlated_gaussian(record: Mapping[str, Tree]) -> Term:
    observables = _observables(record["observables"])
    values = _numbers(record["values"], "values", len(observables))
    if ("covariance" in record) == ("correlation" in record) or ("correlation" in record) != (
        "uncertainties" in record
    ):
        raise DineutrinoError("a correlated_gaussian needs either 'covariance', or 'uncertainties' and 'correlation'.")
    if "covariance" in record:
        return CorrelatedGaussian(
            observables, values, correlation.matrix(record["covariance"], len(observables), "'covariance'")
        )
    listed = record["uncertainties"]
    if not isinstance(listed, list) or len(listed) != len(observables):
        raise DineutrinoError(f"'uncertainties' must be a list of {len(observables)} uncertainties, got {listed!r}.")
    sigma = np.array([_uncertainty(entry, "uncertainties") for entry in listed])
    rho = correlation.matrix(record["correlation"], len(observables), "'correlation'")
    if not np.allclose(np.diag(rho), 1, rtol=0, atol=1e-9):
        raise DineutrinoError("the diagonal of 'correlation' must be 1.")
    return CorrelatedGaussian(observables, values, rho * np.outer(sigma, sigma))


def _upper_limit(record: Mapping[str, Tree]) -> Term:
    return convention("upper limits", record["convention"], UPPER_LIMITS)(
        (_observable(record["observable"]),),
        [number(record["limit"], "'limit'")],
        [number(record["confidence_level"], "'confidence_level'")],
    )


def _counts(record: Mapping[str, Tree]) -> Term:
    observables = _observables(record["observables"])
    n = len(observables)
    return convention("numbers of events", record["convention"], COUNTS)(
        observables,
        _numbers(record["observed"], "observed", n),
        _numbers(record["background"], "background", n),
        _numbers(record["uncertainties"], "uncertainties", n),
    )


def _projected_counts(record: Mapping[str, Tree]) -> Term:
    """Events as they are expected without new physics, errors growing with the root of the luminosity."""
    observables = _observables(record["observables"])
    n, ratio = len(observables), number(record["luminosity_ratio"], "'luminosity_ratio'")
    if ratio <= 0:
        raise DineutrinoError(f"'luminosity_ratio' must be positive, got {ratio:g}.")
    background = ratio * np.array(_numbers(record["background"], "background", n))
    uncertainties = math.sqrt(ratio) * np.array(_numbers(record["uncertainties"], "uncertainties", n))
    return convention("numbers of events", record["convention"], COUNTS)(
        observables, background, background, uncertainties, ratio
    )


_COMMON = ("kind", "experiment", "source", "description", "contains")
# kind: (required fields, optional fields, reader)
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...], Callable[[Mapping[str, Tree]], Term]]] = {
    "gaussian": (("observable", "value", "uncertainty"), (), _gaussian),
    "asymmetric_gaussian": (
        ("observable", "value", "uncertainty_plus", "uncertainty_minus", "convention"),
        (),
        _asymmetric_gaussian,
    ),
    "correlated_gaussian": (
        ("observables", "values"),
        ("covariance", "uncertainties", "correlation"),
        _correlated_gaussian,
    ),
    "counts": (("observables", "observed", "background", "uncertainties", "convention"), (), _counts),
    "projected_counts": (
        ("observables", "background", "uncertainties", "luminosity_ratio", "convention"),
        (),
        _projected_counts,
    ),
    "upper_limit": (("observable", "limit", "confidence_level", "convention"), (), _upper_limit),
}


def _observables(written: Tree) -> tuple[ObservableRef, ...]:
    if not isinstance(written, list):
        raise DineutrinoError(f"'observables' must be a list, got {written!r}.")
    return tuple(map(_observable, written))


def _observable(written: Tree) -> ObservableRef:
    """A name, or a list [name, argument, ...]."""
    if isinstance(written, str):
        return (written,)
    if isinstance(written, list) and written and isinstance(written[0], str):
        return (written[0], *(number(argument, f"argument of '{written[0]}'") for argument in written[1:]))
    raise DineutrinoError(f"an observable must be a name or a list [name, arguments], got {written!r}.")


def _uncertainty(written: Tree, field: str) -> float:
    """A positive number, or a mapping of named positive parts that are added in quadrature."""
    parts = list(written.values()) if isinstance(written, Mapping) else [written]
    errors = [number(part, f"'{field}'") for part in parts]
    if not errors or min(errors) <= 0:
        raise DineutrinoError(f"'{field}' must be positive, got {written!r}.")
    return math.hypot(*errors)


def _numbers(written: Tree, field: str, n: int) -> list[float]:
    if not isinstance(written, list) or len(written) != n:
        raise DineutrinoError(f"'{field}' must be a list of {n} numbers, one per observable, got {written!r}.")
    return [number(entry, f"'{field}'") for entry in written]


def _contains(written: Tree, place: str) -> tuple[str, ...]:
    names = [name for name in written if isinstance(name, str)] if isinstance(written, list) else []
    if not isinstance(written, list) or len(names) < len(written):
        raise DineutrinoError(f"{place}: 'contains' must be a list of names of measurements, got {written!r}.")
    return tuple(names)
