"""Numbers of the dark-matter side of the model, from its YAML file."""

from functools import cache
from importlib.resources import files

from dineutrino.io import parse_yaml


@cache
def constants() -> dict[str, float]:
    """Name -> value, GeV where there is a unit."""
    text = files("dineutrino.models.vector_like_quark").joinpath("data", "constants.yaml").read_text(encoding="utf-8")
    return {name: float(record["value"]) for name, record in parse_yaml(text, "constants.yaml").items()}
