"""The numbers that the figures of a paper compare with, from its YAML file."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from dineutrino.io import parse_yaml


@dataclass(frozen=True)
class Published:
    """Limits on observables, and bands for BR(B+->Knunu), by name."""

    limits: dict[str, float]
    bands: dict[str, tuple[float, float]]
    others: dict[str, Any]


def published(paper: str) -> Published:
    """The numbers that one paper prints, by name."""
    text = files("dineutrino.reproduce").joinpath("data", f"{paper}.yaml").read_text(encoding="utf-8")
    content = parse_yaml(text, f"{paper}.yaml")
    limits = {name: record["value"] for name, record in content.pop("limits").items()}
    bands = {
        name: (record["value"] - record["uncertainty"], record["value"] + record["uncertainty"])
        for name, record in content.pop("bands").items()
    }
    return Published(limits, bands, content)
