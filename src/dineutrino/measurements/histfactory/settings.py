"""What a measurement says about parameters: where they start, bounds, whether they are fixed, auxiliary data."""

from typing import Any

from dineutrino.errors import DineutrinoError
from dineutrino.measurements.histfactory.checks import entries, mapping, name_of, numbers, positive, shown, unique

SETTINGS = ("inits", "bounds", "fixed", "auxdata", "sigmas")


def parse_settings(records: Any, place: str) -> dict[str, dict[str, Any]]:
    """Parameter -> its settings by name; whether they fit the parameter is for `parameters` to see.

    Raises:
        DineutrinoError: an unknown setting, a value of the wrong type, or two settings of one parameter.
    """
    records = entries(records, f"{place}: parameters", "mappings")
    given = [mapping(record, f"{place}: the settings of a parameter", ("name",), SETTINGS) for record in records]
    names = [name_of(record, f"{place}: the settings of a parameter") for record in given]
    unique(names, f"{place}: settings of the parameter")
    return {
        name: {key: _value(key, value, f"{place}: {key} of parameter '{name}'") for key, value in record.items()
               if key != "name"}
        for name, record in zip(names, given, strict=True)
    }  # fmt: skip


def _value(key: str, given: Any, place: str) -> Any:
    match key:
        case "fixed":
            if not isinstance(given, bool):
                raise DineutrinoError(f"{place} must be true or false, not {shown(given)}.")
            return given
        case "bounds":
            return tuple(_pair(pair, place) for pair in entries(given, place, "pairs [lower, upper]"))
        case "sigmas":
            return positive(numbers(given, place), place)
    return numbers(given, place)


def _pair(given: Any, place: str) -> tuple[float, float]:
    if not isinstance(given, list) or len(given) != 2:
        raise DineutrinoError(
            f"{place} must be a list of pairs [lower, upper], but has {shown(given)} that is not one."
        )
    lower, upper = numbers(given, place)
    if lower > upper:
        raise DineutrinoError(f"{place} must have lower <= upper, not [{lower:g}, {upper:g}].")
    return lower, upper
