"""Numbers of the dark-matter side of the model, from its YAML file."""

from functools import cache
from importlib.resources import files

from dineutrino.inputs.entry import number
from dineutrino.io import mapping, parse_yaml


@cache
def constants() -> dict[str, float]:
    """Name -> value, GeV where there is a unit."""
    text = files("dineutrino.models.vector_like_quark").joinpath("data", "constants.yaml").read_text(encoding="utf-8")
    records = mapping(parse_yaml(text, "constants.yaml"), "constants.yaml")
    return {
        name: number(mapping(record, name)["value"], f"constants.yaml: '{name}': value")
        for name, record in records.items()
    }
