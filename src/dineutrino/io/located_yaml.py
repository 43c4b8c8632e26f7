"""YAML that remembers where its entries stand, so that an error can name the file, the line and the key."""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from dineutrino.errors import DineutrinoError
from dineutrino.io.tree import Tree
from dineutrino.io.yaml import Loader, refuse_deep, refuse_growth

Place = tuple[str | int, ...]
"""Keys and list indices from the top of a document to an entry: ("parameters", "Re CL_bsnutaunutau", "min")."""


@dataclass(frozen=True)
class LocatedYaml:
    """The content of a YAML document.

    Attributes:
        file: its name, for errors.
        content: nested dicts, lists and scalars.
        lines: line, from 1, of every entry.
        repeated: places of the keys that appear twice in one mapping; `content` holds the last value.
    """

    file: str
    content: Tree
    lines: Mapping[Place, int]
    repeated: tuple[Place, ...]

    def where(self, place: Place) -> str:
        """Where an entry stands, or would: "tau.yaml, line 5, parameters.Re CL_bsnutaunutau.min"."""
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        head = f"{self.file}, line {self.lines.get(known, 1)}"
        # a list index that the document does not have belongs to a single value given instead of a list
        shown = place if known == place or isinstance(place[-1], str) else known
        return f"{head}, {_written(shown)}" if shown else head

    def line(self, place: Place) -> int:
        """Line of an entry, or of what would contain it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_located(text: str, file: str) -> LocatedYaml:
    """Parse a YAML document; a number such as 1e-5 is a number.

    Raises:
        DineutrinoError: not YAML, or an entry that contains itself; names file and line.
    """
    lines: dict[Place, int] = {}
    repeated: list[Place] = []
    loader = None
    try:
        refuse_deep(text, file)
        loader = Loader(text)
        node = loader.get_single_node()
        if node is None:
            return LocatedYaml(file, None, lines, ())
        refuse_growth(node, file)
        _walk(node, (), lines, repeated)
        return LocatedYaml(file, loader.construct_document(node), lines, tuple(repeated))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        said = " ".join(filter(None, (error.context, error.problem)))
        raise DineutrinoError(f"{file}{line}: not readable as YAML: {said}.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, DineutrinoError):
            raise
        raise DineutrinoError(f"{file}: not readable as YAML: {' '.join(str(error).split())}.") from None
    finally:
        if loader is not None:
            loader.dispose()


def _walk(node: yaml.Node, place: Place, lines: dict[Place, int], repeated: list[Place]) -> None:
    """Note the line of every entry below a node; the line of a key, where there is one."""
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            child = (*place, str(key.value) if isinstance(key, yaml.ScalarNode) else "?")
            if child in lines:
                repeated.append(child)
            lines[child] = key.start_mark.line + 1
            _walk(value, child, lines, repeated)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            lines[(*place, i)] = value.start_mark.line + 1
            _walk(value, (*place, i), lines, repeated)


def _written(place: Place) -> str:
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
