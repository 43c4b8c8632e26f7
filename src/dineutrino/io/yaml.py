"""YAML: a repeated key is refused, a number such as 1e-5 is a number, and nothing grows while it is read."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from dineutrino.errors import DineutrinoError, repeated
from dineutrino.io.text import read_text
from dineutrino.io.tree import Tree

LARGEST = 16
"""MiB that are read at most; larger files are for JSON, which is read faster."""
DEEPEST = 100
"""Levels of mappings and lists; an analysis has 5."""
MOST = 1_000_000
"""Entries at most, those that an alias repeats included."""
_OPENING = re.compile(r"[\[{]")
_CLOSING = re.compile(r"[\]}]")
_FLOAT = re.compile(r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$|^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$")


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # a base class that libyaml decides on
    """The safe loader, with the usual notation for floats."""


# 1:30 is text, not the 90 that YAML 1.1 makes of it
_NUMBERS = {"tag:yaml.org,2002:int": re.compile(r"^[-+]?(0|[1-9][0-9]*)$"), "tag:yaml.org,2002:float": _FLOAT}
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _NUMBERS]
    for first, resolvers in Loader.yaml_implicit_resolvers.items()
}
for _tag, _pattern in _NUMBERS.items():
    Loader.add_implicit_resolver(_tag, _pattern, list("-+0123456789."))


def read_yaml(path: str | Path) -> Tree:
    """The content of a YAML file.

    Raises:
        DineutrinoError: see `read_text` and `parse_yaml`.
    """
    return parse_yaml(read_text(path, LARGEST), Path(path).name)


def parse_yaml(text: str, name: str) -> Tree:
    """The content of a YAML document; `name` begins the errors.

    Raises:
        DineutrinoError: not YAML, a key that appears twice in one mapping, nested too deeply, or aliases that would
            make it grow beyond a million entries.
    """
    refuse_deep(text, name)
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        refuse_growth(node, name)
        _refuse_repeated(node, name, set())
        return loader.construct_document(node)
    except DineutrinoError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DineutrinoError(f"{name}: not readable as YAML: {' '.join(str(error).split())}.") from None
    finally:
        loader.dispose()


def refuse_deep(text: str, name: str) -> None:
    """Refuse text that is nested too deeply, before a parser descends into it.

    Counts brackets that are opened and not closed, and the dashes that begin a line; text in quotes counts as well, but
    no honest document has so many brackets there.
    """
    if sum(map(text.count, ",:\n")) > 2 * MOST:  # what separates entries: spares the parser those of no honest document
        raise _too_many(name)
    depth = 0
    for line in text.splitlines():
        depth = max(0, depth + len(_OPENING.findall(line)) - len(_CLOSING.findall(line)))
        dashes = len(re.match(r"[-?:\s]*", line)[0].split())  # type: ignore[index]  # matches anything
        if depth + dashes > DEEPEST:
            raise DineutrinoError(f"{name}: not readable as YAML: it is nested too deeply, more than {DEEPEST} levels.")


def refuse_growth(node: yaml.Node, name: str) -> None:
    """Refuse a document that contains itself, or that grows beyond bounds when its aliases are resolved.

    Raises:
        DineutrinoError: says so, with the line of an entry that contains itself.
    """
    if _size(node, name, {}, ()) > MOST:
        raise _too_many(name)


def _too_many(name: str) -> DineutrinoError:
    return DineutrinoError(f"{name}: not readable as YAML: it has more than {MOST} entries, repeated ones included.")


def _size(node: yaml.Node, name: str, known: dict[int, int], above: tuple[int, ...]) -> int:
    """Entries of a node with all aliases resolved."""
    if id(node) in above:
        raise DineutrinoError(f"{name}, line {node.start_mark.line + 1}: an entry contains itself.")
    if id(node) not in known:
        inside = (*above, id(node))
        known[id(node)] = 1 + sum(_size(child, name, known, inside) for child in _children(node))
    return known[id(node)]


def _refuse_repeated(node: yaml.Node, name: str, seen: set[int]) -> None:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        twice = repeated(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        if twice is not None:
            raise DineutrinoError(f"{name}: the name '{twice}' appears twice.")
    for child in _children(node):
        _refuse_repeated(child, name, seen)


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from (key, value)
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value
