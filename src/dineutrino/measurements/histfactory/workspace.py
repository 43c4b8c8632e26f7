"""A HistFactory workspace, pyhf JSON of version 1.0.0, as checked data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.io import Tree, read_json
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
from dineutrino.measurements.histfactory.settings import Settings, parse_settings

VERSION = "1.0.0"
MODIFIERS = ("histosys", "lumi", "normfactor", "normsys", "shapefactor", "shapesys", "staterror")


@dataclass(frozen=True)
class Modifier:
    """One effect on one sample.

    Attributes:
        name: of the parameter that drives it.
        kind: one of `MODIFIERS`.
        up, down: where the parameter is 1 and -1, the yields in the bins (histosys) or one factor (normsys).
        errors: of the yields in the bins (staterror, shapesys).
    """

    name: str
    kind: str
    up: tuple[float, ...] = ()
    down: tuple[float, ...] = ()
    errors: tuple[float, ...] = ()


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
        settings: of parameters, by name.
        place: where it was read, for messages.
    """

    channels: tuple[Channel, ...]
    parameter_of_interest: str
    settings: dict[str, Settings]
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


def parse_workspace(content: Tree, measurement: str | None = None, place: str = "workspace") -> Workspace:
    """Check a workspace. Nothing in it is executed. What pyhf's schema forbids is refused.

    Args:
        content: of the JSON file.
        measurement: whose parameter settings hold; by default the first one.
        place: for messages.

    Raises:
        DineutrinoError: missing, unknown, repeated or unsupported parts, by name; histograms that do not fit; numbers
            that are not finite; observed numbers and errors that are negative.
    """
    parts = mapping(content, place, ("channels", "observations", "measurements", "version"))
    if text(parts["version"], f"{place}: version") != VERSION:
        raise DineutrinoError(f"{place}: version {shown(parts['version'])} is not supported; {VERSION} is.")
    observed = _observations(parts["observations"], place)
    records = entries(parts["channels"], f"{place}: channels", "mappings")
    channels = sorted((_channel(record, observed, place) for record in records), key=lambda channel: channel.name)
    if not channels:
        raise DineutrinoError(f"{place}: there are no channels.")
    names = [channel.name for channel in channels]
    unique(names, f"{place}: channel")
    for name in observed:
        if name not in names:
            raise DineutrinoError(f"{place}: an observation has an {unknown('channel', name, names)}")
    poi, settings = _measurement(parts["measurements"], measurement, place)
    return Workspace(tuple(channels), poi, settings, place)


def _observations(records: Tree, place: str) -> dict[str, tuple[float, ...]]:
    """Channel -> observed numbers."""
    found = []
    for record in entries(records, f"{place}: observations", "mappings"):
        observation = mapping(record, f"{place}: observation", ("name", "data"))
        name = name_of(observation, f"{place}: observation")
        where = f"{place}: observation '{name}'"
        found.append((name, not_negative(numbers(observation["data"], where), where)))
    unique((name for name, _ in found), f"{place}: observation")
    return dict(found)


def _channel(given: Tree, observed: Mapping[str, tuple[float, ...]], place: str) -> Channel:
    record = mapping(given, f"{place}: channel", ("name", "samples"))
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


def _sample(given: Tree, bins: int, place: str) -> Sample:
    record = mapping(given, f"{place}: sample", ("name", "data", "modifiers"))
    name = name_of(record, f"{place}: sample")
    where = f"{place}, sample '{name}'"
    records = entries(record["modifiers"], f"{where}: modifiers", "mappings")
    modifiers = tuple(_modifier(modifier, bins, where) for modifier in records)
    for kind in MODIFIERS:
        unique((modifier.name for modifier in modifiers if modifier.kind == kind), f"{where}: {kind}")
    return Sample(name, numbers(record["data"], f"{where}: data", bins), modifiers)


def _modifier(given: Tree, bins: int, place: str) -> Modifier:
    record = mapping(given, f"{place}: modifier", ("name", "type", "data"))
    name = name_of(record, f"{place}: modifier")
    kind = text(record["type"], f"{place}: the type of modifier '{name}'")
    if kind not in MODIFIERS:
        raise DineutrinoError(f"{place}: {unknown('kind of modifier', kind, MODIFIERS)}")
    if kind == "lumi" and name != "lumi":
        raise DineutrinoError(f"{place}: a modifier of the kind lumi must have the name 'lumi', not '{name}'.")
    data, where = record["data"], f"{place}, {kind} '{name}'"
    match kind:
        case "histosys":
            sides = mapping(data, where, ("hi_data", "lo_data"), others=True)
            high, low = (numbers(sides[key], f"{where}: {key}", bins) for key in ("hi_data", "lo_data"))
            return Modifier(name, kind, high, low)
        case "normsys":
            sides = mapping(data, where, ("hi", "lo"), others=True)
            factors = (number(sides[key], f"{where}: {key}") for key in ("hi", "lo"))
            up, down = positive(factors, f"{where}: 'hi' and 'lo'")
            return Modifier(name, kind, (up,), (down,))
        case "staterror" | "shapesys":
            return Modifier(name, kind, errors=not_negative(numbers(data, where, bins), f"{where}: errors"))
    if data is not None:
        raise DineutrinoError(f"{where} takes no data; they must be null, not {shown(data)}.")
    return Modifier(name, kind)


def _measurement(records: Tree, chosen: str | None, place: str) -> tuple[str, dict[str, Settings]]:
    """Parameter of interest and settings of a measurement, after a look at all of them."""
    found = []
    for record in entries(records, f"{place}: measurements", "mappings"):
        given = mapping(record, f"{place}: measurement", ("name", "config"))
        name = name_of(given, f"{place}: measurement")
        found.append((name, _configuration(given["config"], f"{place}: measurement '{name}'")))
    if not found:
        raise DineutrinoError(f"{place}: there is no measurement.")
    unique((name for name, _ in found), f"{place}: measurement")
    by_name = dict(found)
    if chosen is not None and chosen not in by_name:
        raise DineutrinoError(f"{place}: {unknown('measurement', chosen, by_name)}")
    return found[0][1] if chosen is None else by_name[chosen]


def _configuration(given: Tree, place: str) -> tuple[str, dict[str, Settings]]:
    config = mapping(given, f"{place}: config", ("poi", "parameters"))
    given_poi = config["poi"]
    none = isinstance(given_poi, str) and not given_poi  # as pyhf reads it
    poi = "" if none else text(given_poi, f"{place}: the parameter of interest")
    return poi, parse_settings(config["parameters"], place)
