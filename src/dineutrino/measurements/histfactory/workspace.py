"""A HistFactory workspace, pyhf JSON of version 1.0.0, as checked data."""

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dineutrino.errors import DineutrinoError, unknown

VERSION = "1.0.0"
MODIFIERS = ("histosys", "lumi", "normfactor", "normsys", "shapefactor", "shapesys", "staterror")
SETTINGS = ("name", "inits", "bounds", "fixed", "auxdata", "sigmas")


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
    """

    channels: tuple[Channel, ...]
    parameter_of_interest: str
    settings: dict[str, dict[str, Any]]

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
        return Workspace(channels, poi, {name: s for name, s in self.settings.items() if name not in names})


def read_workspace(path: str | Path, measurement: str | None = None) -> Workspace:
    """Read a file; see `parse_workspace`.

    Raises:
        DineutrinoError: no such file, not JSON, or not a workspace.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DineutrinoError(f"there is no file '{path}'.") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DineutrinoError(f"the file '{path}' cannot be read as JSON: {error}.") from None
    return parse_workspace(content, measurement, str(path))


def parse_workspace(content: Any, measurement: str | None = None, place: str = "workspace") -> Workspace:
    """Check a workspace. Nothing in it is executed.

    Args:
        content: of the JSON file.
        measurement: whose parameter settings hold; by default the first one.
        place: for messages.

    Raises:
        DineutrinoError: missing or unsupported parts, by name; histograms that do not fit; numbers that are not finite.
    """
    content = _mapping(content, place, ("channels", "observations", "measurements", "version"))
    if content["version"] != VERSION:
        raise DineutrinoError(f"{place}: version {content['version']!r} is not supported; {VERSION} is.")
    observed = {
        entry["name"]: _numbers(entry["data"], f"{place}: observation '{entry['name']}'")
        for entry in (_mapping(o, f"{place}: observation", ("name", "data")) for o in content["observations"])
    }
    channels = sorted((_channel(c, observed, place) for c in content["channels"]), key=lambda channel: channel.name)
    if not channels:
        raise DineutrinoError(f"{place}: there are no channels.")
    chosen = _measurement(content["measurements"], measurement, place)
    return Workspace(tuple(channels), chosen.get("poi", ""), _settings(chosen.get("parameters", []), place))


def _channel(record: Any, observed: Mapping[str, tuple[float, ...]], place: str) -> Channel:
    record = _mapping(record, f"{place}: channel", ("name", "samples"))
    name = record["name"]
    where = f"{place}: channel '{name}'"
    if name not in observed:
        raise DineutrinoError(f"{where} has no observation.")
    samples = sorted((_sample(s, len(observed[name]), where) for s in record["samples"]), key=lambda s: s.name)
    if not samples:
        raise DineutrinoError(f"{where} has no samples.")
    return Channel(name, tuple(samples), observed[name])


def _sample(record: Any, bins: int, place: str) -> Sample:
    record = _mapping(record, f"{place}: sample", ("name", "data", "modifiers"))
    where = f"{place}, sample '{record['name']}'"
    modifiers = []
    for given in record["modifiers"]:
        given = _mapping(given, f"{where}: modifier", ("name", "type", "data"))
        kind = given["type"]
        if kind not in MODIFIERS:
            raise DineutrinoError(f"{where}: " + str(unknown("kind of modifier", kind, MODIFIERS)))
        modifiers.append(Modifier(given["name"], kind, _modifier_data(kind, given, bins, where)))
    return Sample(record["name"], _numbers(record["data"], where, bins), tuple(modifiers))


def _modifier_data(kind: str, given: Mapping[str, Any], bins: int, place: str) -> Any:
    where = f"{place}, {kind} '{given['name']}'"
    data = given["data"]
    if kind == "histosys":
        data = _mapping(data, where, ("hi_data", "lo_data"))
        return _numbers(data["hi_data"], where, bins), _numbers(data["lo_data"], where, bins)
    if kind == "normsys":
        data = _mapping(data, where, ("hi", "lo"))
        up, down = _numbers([data["hi"], data["lo"]], where)
        if up <= 0 or down <= 0:
            raise DineutrinoError(f"{where}: 'hi' and 'lo' must be positive, not {up} and {down}.")
        return up, down
    return _numbers(data, where, bins) if kind in ("staterror", "shapesys") else None


def _measurement(records: Any, name: str | None, place: str) -> Mapping[str, Any]:
    found = {record["name"]: record["config"] for record in records}
    if not found:
        raise DineutrinoError(f"{place}: there is no measurement.")
    if name is not None and name not in found:
        raise DineutrinoError(f"{place}: " + str(unknown("measurement", name, found)))
    return next(iter(found.values())) if name is None else found[name]


def _settings(records: Any, place: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for record in records:
        for key in record:
            if key not in SETTINGS:
                raise DineutrinoError(f"{place}: " + str(unknown("setting of a parameter", key, SETTINGS)))
        found[record["name"]] = {key: value for key, value in record.items() if key != "name"}
    return found


def _mapping(given: Any, place: str, keys: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise DineutrinoError(f"{place} must be a mapping with the keys {', '.join(keys)}.")
    for key in keys:
        if key not in given:
            raise DineutrinoError(f"{place}: the key '{key}' is missing.")
    return given


def _numbers(given: Any, place: str, count: int | None = None) -> tuple[float, ...]:
    if not isinstance(given, list) or not all(isinstance(x, int | float) and not isinstance(x, bool) for x in given):
        raise DineutrinoError(f"{place}: must be a list of numbers.")
    if not all(math.isfinite(x) for x in given):
        raise DineutrinoError(f"{place}: has a number that is not finite.")
    if count is not None and len(given) != count:
        raise DineutrinoError(f"{place}: has {len(given)} numbers for {count} bins.")
    return tuple(map(float, given))
