"""The numbers that the figures of a paper compare with, from its YAML file."""

from dataclasses import dataclass
from importlib.resources import files

from dineutrino.inputs.entry import number
from dineutrino.io import Tree, mapping, parse_yaml


@dataclass(frozen=True)
class Published:
    """Limits on observables, and bands for BR(B+->Knunu), by name.

    Attributes:
        limits: upper limits, by observable.
        bands: lower and upper ends, by name.
        record: the whole file.
        file: its name.
    """

    limits: dict[str, float]
    bands: dict[str, tuple[float, float]]
    record: Tree
    file: str

    def number(self, *keys: str) -> float:
        """A number of the file, by the keys that lead to it from the outermost mapping inwards."""
        place, entry = self.file, self.record
        for key in keys:
            entry, place = mapping(entry, place)[key], f"{place}: {key}"
        return number(entry, place)


def published(paper: str) -> Published:
    """The numbers that one paper prints, by name."""
    file = f"{paper}.yaml"
    text = files("dineutrino.reproduce").joinpath("data", file).read_text(encoding="utf-8")
    record = parse_yaml(text, file)
    bare = Published({}, {}, record, file)
    content = mapping(record, file)
    limits = {name: bare.number("limits", name, "value") for name in mapping(content["limits"], f"{file}: limits")}
    bands = {}
    for name in mapping(content["bands"], f"{file}: bands"):
        value, error = bare.number("bands", name, "value"), bare.number("bands", name, "uncertainty")
        bands[name] = (value - error, value + error)
    return Published(limits, bands, record, file)
