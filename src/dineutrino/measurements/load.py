"""Measurements by name: the ones that come with the package, sets of them, and files of the user."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs.entry import text
from dineutrino.inputs.packaged import read_mapping
from dineutrino.io import Tree, mapping, parse_yaml
from dineutrino.measurements.measurement import Measurement
from dineutrino.measurements.published import BELLE2_2025
from dineutrino.measurements.reading import ASYMMETRIC, UPPER_LIMITS, convention, read_measurement
from dineutrino.observables import label
from dineutrino.observables import names as observable_names

_FILES = (
    *("belle2.yaml", "belle.yaml", "babar.yaml", "averages.yaml"),
    *("inclusive.yaml", "kaons.yaml", "down.yaml", "charged.yaml", "tau.yaml", "leptonic.yaml", "semileptonic.yaml"),
    *("mixing.yaml", "z_pole.yaml", "ditau.yaml", "marzocca2024.yaml", "prospects.yaml"),
)


def measurement_names() -> tuple[str, ...]:
    """Names of all measurements that come with the package, except published likelihoods, which need files."""
    return tuple(_entries())


def measurement_sets() -> dict[str, str]:
    """Name and description of every set of measurements that comes with the package."""
    return {name: text(record.get("description"), name) for name, record in _sets().items()}


def load_measurements(
    names_or_set: str | Sequence[str] = "default",
    *,
    upper_limits: str | None = None,
    asymmetric_errors: str | None = None,
    data: str | Path | None = None,
) -> tuple[Measurement, ...]:
    """Measurements, ready to enter a likelihood.

    Args:
        names_or_set: name of a set or of one measurement, or several such names.
        upper_limits: convention to use for every upper limit instead of the one in its data file:
            "gaussian_around_sm", "half_gaussian_at_zero" or "truncated".
        asymmetric_errors: likewise for asymmetric errors: "two_piece" or "variable_width".
        data: folder of the published files that "belle2_2025_BpKnunu" needs; see `belle2_2025.data_directory`.

    Raises:
        DineutrinoError: an unknown set, measurement or convention; a measurement asked for twice; two measurements
            that use the same data; published files that are missing or broken.
    """
    _conventions(upper_limits, asymmetric_errors)
    asked = (names_or_set,) if isinstance(names_or_set, str) else names_or_set
    measurements = tuple(
        _published(data) if name == BELLE2_2025 else _measurement(name, upper_limits, asymmetric_errors)
        for one in asked
        for name in _members(one)
    )
    check_independent(measurements)
    return measurements


def load_measurement_file(
    path: str | Path, *, upper_limits: str | None = None, asymmetric_errors: str | None = None
) -> tuple[Measurement, ...]:
    """All measurements in a YAML file of the user, in the format of the files of the package.

    One entry per measurement, by name: `kind` (gaussian, asymmetric_gaussian, correlated_gaussian, counts,
    projected_counts or upper_limit) with its numbers, `observable` (a name, or a list of name and arguments),
    `experiment`, `source`, and optionally `description` and `contains` (names of measurements, of this file or of the
    package, whose data are included).
    `upper_limits` and `asymmetric_errors` are those of `load_measurements`.

    Raises:
        DineutrinoError: no such file, a name twice or taken by the package, or an entry that is refused.
    """
    _conventions(upper_limits, asymmetric_errors)
    path = Path(path)
    records = read_mapping(path)
    for name in records:
        if name in _entries() or name in _sets():
            raise DineutrinoError(f"{path.name}: '{name}' is already the name of a measurement or set of the package.")
    contained = _closure({**{name: record for name, (_, record) in _entries().items()}, **records})
    measurements = tuple(
        _with_closure(
            read_measurement(record, str(name), path.name, upper_limits, asymmetric_errors), contained, path.name
        )
        for name, record in records.items()
    )
    try:
        check_observables(measurements, observable_names())
    except DineutrinoError as error:
        raise DineutrinoError(f"{path.name}: {error}") from None
    return measurements


def measurement_rows(measurements: Iterable[Measurement] | None = None) -> list[dict[str, str]]:
    """One row per measurement for a table: name, observable, value, experiment, source. All of them by default."""
    if measurements is None:
        measurements = tuple(_measurement(name) for name in measurement_names())
    return [
        {
            "name": measurement.name,
            "observable": ", ".join(map(label, measurement.observables)),
            "value": measurement.term.summary(),
            "experiment": measurement.experiment,
            "source": measurement.source,
        }
        for measurement in measurements
    ]


def check_independent(measurements: Sequence[Measurement]) -> None:
    """Refuse to count data twice.

    Raises:
        DineutrinoError: a measurement that occurs twice, or two measurements that contain the same data.
    """
    for i, first in enumerate(measurements):
        for second in measurements[i + 1 :]:
            if first.name == second.name:
                raise DineutrinoError(f"the measurement '{first.name}' is used twice; keep it once.")
            common = {first.name, *first.contains} & {second.name, *second.contains}
            if common:
                raise DineutrinoError(
                    f"the measurements '{first.name}' and '{second.name}' use the same data "
                    f"({', '.join(sorted(common))}); keep one of them."
                )


def check_observables(measurements: Iterable[Measurement], names: Iterable[str]) -> None:
    """Refuse observables that nothing can predict.

    Raises:
        DineutrinoError: naming the measurement, the observable and the nearest name.
    """
    known = frozenset(names)
    for measurement in measurements:
        for name, *_ in measurement.observables:
            if name not in known:
                raise DineutrinoError(f"'{measurement.name}': {unknown('observable', name, known)}")


def _conventions(upper_limits: str | None, asymmetric_errors: str | None) -> None:
    if upper_limits is not None:
        convention("upper limits", upper_limits, UPPER_LIMITS)
    if asymmetric_errors is not None:
        convention("asymmetric errors", asymmetric_errors, ASYMMETRIC)


@cache
def _data(file: str) -> Mapping[str, Tree]:
    content = parse_yaml(files("dineutrino.measurements").joinpath("data", file).read_text(encoding="utf-8"), file)
    return mapping(content, file)


@cache
def _entries() -> Mapping[str, tuple[str, Tree]]:
    """Name -> (file, record) of every measurement of the package."""
    entries: dict[str, tuple[str, Tree]] = {}
    for file in _FILES:
        for name, record in _data(file).items():
            if name in entries:
                raise DineutrinoError(f"{file}: the name '{name}' is already used in {entries[name][0]}.")
            entries[name] = (file, record)
    return entries


def _members(name: str) -> tuple[str, ...]:
    """The measurements of a set, which may be made of other sets; of a measurement, itself."""
    if name in (*_entries(), BELLE2_2025):
        return (name,)
    if name not in _sets():
        raise unknown("measurement or set of measurements", name, (*_sets(), *_entries(), BELLE2_2025))
    record = _sets()[name]
    listed = (record.get(key, []) for key in ("sets", "measurements"))
    return tuple(m for names in listed if isinstance(names, list) for one in names for m in _members(text(one, name)))


def _sets() -> dict[str, dict[str, Tree]]:
    return {name: mapping(record, f"sets.yaml: '{name}'") for name, record in _data("sets.yaml").items()}


@cache
def _package_closure() -> Mapping[str, tuple[str, ...]]:
    return _closure({name: record for name, (_, record) in _entries().items()})


@cache
def _measurement(name: str, upper_limits: str | None = None, asymmetric_errors: str | None = None) -> Measurement:
    if name not in _entries():
        raise unknown("measurement", name, (*_entries(), BELLE2_2025))
    file, record = _entries()[name]
    measurement = read_measurement(record, name, file, upper_limits, asymmetric_errors)
    measurement = _with_closure(measurement, _package_closure(), file)
    check_observables((measurement,), observable_names())
    return measurement


def _published(data: str | Path | None) -> Measurement:
    from dineutrino.measurements.published.belle2_2025 import BelleII2025Likelihood, data_directory

    return BelleII2025Likelihood(data_directory(data))


def _closure(records: Mapping[str, Tree]) -> dict[str, tuple[str, ...]]:
    """For each name, everything it contains, and what that contains. Names that do not exist are kept as they are."""
    direct: dict[str, list[str]] = {}
    for name, record in records.items():
        written = record.get("contains") if isinstance(record, Mapping) else None
        direct[name] = [child for child in written if isinstance(child, str)] if isinstance(written, list) else []

    def below(name: str, seen: frozenset[str]) -> frozenset[str]:
        for child in direct.get(name, []):
            if child not in seen:
                seen = below(child, seen | {child})
        return seen

    return {name: tuple(sorted(below(name, frozenset()))) for name in direct}


def _with_closure(measurement: Measurement, contained: Mapping[str, tuple[str, ...]], file: str) -> Measurement:
    for name in measurement.contains:
        if name not in contained:
            raise DineutrinoError(f"{file}: '{measurement.name}': {unknown('measurement', name, contained)}")
    return replace(measurement, contains=contained[measurement.name])
