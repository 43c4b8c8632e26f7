"""A HistFactory workspace, pyhf JSON of version 1.0.0, as checked data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.io import read_json
from dineutrino.measurements.histfactory.checks import (
    entries,
    mapping,
    name_of,
    not_negative,
    number,
    numbers,
    positive,
    shown,
    text,
    unique,
)
from dineutrino.measurements.histfactory.settings import parse_settings

VERSION = "1.0.0"
MODIFIERS = ("histosys", "lumi", "normfactor", "normsys", "shapefactor", "shapesys", "staterror")


@dataclass(frozen=True)
class Modifier:
    """One effect on one sample; `data` depends on the kind."""

    name: str
    kind: str
    data: Any


@dataclass(frozen=True)
class Sample:
    """Expected yields in the bins of a channel, and what changes them."""

    name: str
    yields: tuple[float, ...]
    modifiers: tuple[Modifier, ...]


@dataclass(frozen=True)
class Channel:
    """A histogram: samples and observed numbers."""

    name: str
    samples: tuple[Sample, ...]
    observed: tuple[float, ...]


@dataclass(frozen=True)
class Workspace:
    """All channels, and the settings of parameters by name.

    Attributes:
        channels: sorted by name, their samples too.
        parameter_of_interest: of the measurement, may be empty.
        settings: parameter -> "inits", "bounds", "fixed", "auxdata", "sigmas".
        place: where it was read, for messages.
    """

    channels: tuple[Channel, ...]
    parameter_of_interest: str
    settings: dict[str, dict[str, Any]]
    place: str = "workspace"

    def without(self, names: Collection[str]) -> "Workspace":
        """The workspace without some modifiers, and without the settings of their parameters.

        Raises:
            DineutrinoError: a name that no modifier has.
        """
        known = {m.name for channel in self.channels for sample in channel.samples for m in sample.modifiers}
        for name in names:
            if name not in known:
                raise unknown("modifier", name, known)

        def kept(sample: Sample) -> Sample:
            return replace(sample, modifiers=tuple(m for m in sample.modifiers if m.name not in names))

        channels = tuple(replace(c, samples=tuple(map(kept, c.samples))) for c in self.channels)
        poi = "" if self.parameter_of_interest in names else self.parameter_of_interest
        settings = {name: given for name, given in self.settings.items() if name not in names}
        return replace(self, channels=channels, parameter_of_interest=poi, settings=settings)


def read_workspace(path: str | Path, measurement: str | None = None) -> Workspace:
    """Read a file; see `parse_workspace`.

    Raises:
        DineutrinoError: no such file, not JSON, or not a workspace.
    """
    return parse_workspace(read_json(path), measurement, str(path))


def parse_workspace(content: Any, measurement: str | None = None, place: str = "workspace") -> Workspace:
    """Check a workspace. Nothing in it is executed. What pyhf's schema forbids is refused.

    Args:
        content: of the JSON file.
        measurement: whose parameter settings hold; by default the first one.
        place: for messages.

    Raises:
        DineutrinoError: missing, unknown, repeated or unsupported parts, by name; histograms that do not fit; numbers
            that are not finite; observed numbers and errors that are negative.
    """
    content = mapping(content, place, ("channels", "observations", "measurements", "version"))
    if text(content["version"], f"{place}: version") != VERSION:
        raise DineutrinoError(f"{place}: version {shown(content['version'])} is not supported; {VERSION} is.")
    observed = _observations(content["observations"], place)
    records = entries(content["channels"], f"{place}: channels", "mappings")
    channels = sorted((_channel(record, observed, place) for record in records), key=lambda channel: channel.name)
    if not channels:
        raise DineutrinoError(f"{place}: there are no channels.")
    names = [channel.name for channel in channels]
    unique(names, f"{place}: channel")
    for name in observed:
        if name not in names:
            raise DineutrinoError(f"{place}: an observation has an {unknown('channel', name, names)}")
    poi, settings = _measurement(content["measurements"], measurement, place)
    return Workspace(tuple(channels), poi, settings, place)


def _observations(records: Any, place: str) -> dict[str, tuple[float, ...]]:
    """Channel -> observed numbers."""
    found = []
    for record in entries(records, f"{place}: observations", "mappings"):
        record = mapping(record, f"{place}: observation", ("name", "data"))
        name = name_of(record, f"{place}: observation")
        where = f"{place}: observation '{name}'"
        found.append((name, not_negative(numbers(record["data"], where), where)))
    unique((name for name, _ in found), f"{place}: observation")
    return dict(found)


def _channel(record: Any, observed: Mapping[str, tuple[float, ...]], place: str) -> Channel:
    record = mapping(record, f"{place}: channel", ("name", "samples"))
    name = name_of(record, f"{place}: channel")
    where = f"{place}: channel '{name}'"
    if name not in observed:
        raise DineutrinoError(f"{where} has no observation.")
    records = entries(record["samples"], f"{where}: samples", "mappings")
    samples = sorted((_sample(s, len(observed[name]), where) for s in records), key=lambda sample: sample.name)
    if not samples:
        raise DineutrinoError(f"{where} has no samples.")
    unique((sample.name for sample in samples), f"{where}: sample")
    return Channel(name, tuple(samples), observed[name])


def _sample(record: Any, bins: int, place: str) -> Sample:
    record = mapping(record, f"{place}: sample", ("name", "data", "modifiers"))
    name = name_of(record, f"{place}: sample")
    where = f"{place}, sample '{name}'"
    records = entries(record["modifiers"], f"{where}: modifiers", "mappings")
    modifiers = tuple(_modifier(given, bins, where) for given in records)
    for kind in MODIFIERS:
        unique((modifier.name for modifier in modifiers if modifier.kind == kind), f"{where}: {kind}")
    return Sample(name, numbers(record["data"], f"{where}: data", bins), modifiers)


def _modifier(record: Any, bins: int, place: str) -> Modifier:
    record = mapping(record, f"{place}: modifier", ("name", "type", "data"))
    name = name_of(record, f"{place}: modifier")
    kind = text(record["type"], f"{place}: the type of modifier '{name}'")
    if kind not in MODIFIERS:
        raise DineutrinoError(f"{place}: {unknown('kind of modifier', kind, MODIFIERS)}")
    if kind == "lumi" and name != "lumi":
        raise DineutrinoError(f"{place}: a modifier of the kind lumi must have the name 'lumi', not '{name}'.")
    return Modifier(name, kind, _modifier_data(kind, record["data"], bins, f"{place}, {kind} '{name}'"))


def _modifier_data(kind: str, data: Any, bins: int, place: str) -> Any:
    match kind:
        case "histosys":
            data = mapping(data, place, ("hi_data", "lo_data"), others=True)
            return tuple(numbers(data[key], f"{place}: {key}", bins) for key in ("hi_data", "lo_data"))
        case "normsys":
            data = mapping(data, place, ("hi", "lo"), others=True)
            up, down = (number(data[key], f"{place}: {key}") for key in ("hi", "lo"))
            return positive((up, down), f"{place}: 'hi' and 'lo'")
        case "staterror" | "shapesys":
            return not_negative(numbers(data, place, bins), f"{place}: errors")
    if data is not None:
        raise DineutrinoError(f"{place} takes no data; they must be null, not {shown(data)}.")
    return None


def _measurement(records: Any, chosen: str | None, place: str) -> tuple[str, dict[str, dict[str, Any]]]:
    """Parameter of interest and settings of a measurement, after a look at all of them."""
    found = []
    for record in entries(records, f"{place}: measurements", "mappings"):
        record = mapping(record, f"{place}: measurement", ("name", "config"))
        name = name_of(record, f"{place}: measurement")
        found.append((name, _configuration(record["config"], f"{place}: measurement '{name}'")))
    if not found:
        raise DineutrinoError(f"{place}: there is no measurement.")
    unique((name for name, _ in found), f"{place}: measurement")
    by_name = dict(found)
    if chosen is not None and chosen not in by_name:
        raise DineutrinoError(f"{place}: {unknown('measurement', chosen, by_name)}")
    return found[0][1] if chosen is None else by_name[chosen]


def _configuration(given: Any, place: str) -> tuple[str, dict[str, dict[str, Any]]]:
    config = mapping(given, f"{place}: config", ("poi", "parameters"))
    given_poi = config["poi"]
    none = isinstance(given_poi, str) and not given_poi  # as pyhf reads it
    poi = "" if none else text(given_poi, f"{place}: the parameter of interest")
    return poi, parse_settings(config["parameters"], place)
