"""What a measurement says about parameters: where they start, bounds, whether they are fixed, auxiliary data."""

from collections.abc import Mapping
from dataclasses import dataclass

from dineutrino.errors import DineutrinoError
from dineutrino.io import Tree
from dineutrino.measurements.histfactory.checks import entries, mapping, name_of, numbers, positive, shown, unique


@dataclass(frozen=True)
class Settings:
    """What a measurement says about one parameter; None where it says nothing.

    Attributes:
        inits: where it starts, for each entry.
        bounds: lower and upper one, for each entry.
        fixed: whether it is.
        auxdata: what the auxiliary measurement found, for each entry.
        sigmas: errors of that, for each entry.
    """

    inits: tuple[float, ...] | None = None
    bounds: tuple[tuple[float, float], ...] | None = None
    fixed: bool | None = None
    auxdata: tuple[float, ...] | None = None
    sigmas: tuple[float, ...] | None = None


def parse_settings(content: Tree, place: str) -> dict[str, Settings]:
    """Parameter -> its settings; whether they fit the parameter is for `parameters` to see.

    Raises:
        DineutrinoError: an unknown setting, a value of the wrong type, or two settings of one parameter.
    """
    keys = ("inits", "bounds", "fixed", "auxdata", "sigmas")
    records = [
        mapping(record, f"{place}: the settings of a parameter", ("name",), keys)
        for record in entries(content, f"{place}: parameters", "mappings")
    ]
    names = [name_of(record, f"{place}: the settings of a parameter") for record in records]
    unique(names, f"{place}: settings of the parameter")
    return {name: _settings(record, name, place) for name, record in zip(names, records, strict=True)}


def _settings(record: Mapping[str, Tree], name: str, place: str) -> Settings:
    def where(key: str) -> str:
        return f"{place}: {key} of parameter '{name}'"

    def listed(key: str) -> tuple[float, ...] | None:
        return numbers(record[key], where(key)) if key in record else None

    sigmas = listed("sigmas")
    return Settings(
        inits=listed("inits"),
        bounds=_bounds(record["bounds"], where("bounds")) if "bounds" in record else None,
        fixed=_yes_or_no(record["fixed"], where("fixed")) if "fixed" in record else None,
        auxdata=listed("auxdata"),
        sigmas=None if sigmas is None else positive(sigmas, where("sigmas")),
    )


def _yes_or_no(given: Tree, place: str) -> bool:
    if not isinstance(given, bool):
        raise DineutrinoError(f"{place} must be true or false, not {shown(given)}.")
    return given


def _bounds(given: Tree, place: str) -> tuple[tuple[float, float], ...]:
    return tuple(_pair(pair, place) for pair in entries(given, place, "pairs [lower, upper]"))


def _pair(given: Tree, place: str) -> tuple[float, float]:
    if not isinstance(given, list) or len(given) != 2:
        raise DineutrinoError(
            f"{place} must be a list of pairs [lower, upper], but has {shown(given)} that is not one."
        )
    lower, upper = numbers(given, place)
    if lower > upper:
        raise DineutrinoError(f"{place} must have lower <= upper, not [{lower:g}, {upper:g}].")
    return lower, upper
