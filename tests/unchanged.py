"""Slow tests are run where something that they depend on has changed since they passed, and skipped elsewhere.

A test file depends on its own text, on the modules of `dineutrino` that it and its neighbours in `tests` import, on all
that these import, on the data beside them, and on the versions of the libraries that do the numerics. A digest of that
is kept in `passed.json` for each file whose slow tests have passed: `--record` writes it. `--slow` runs them all.
"""

import ast
import hashlib
import json
import platform
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

import grimp

import dineutrino

TESTS = Path(__file__).parent
RECORD = TESTS / "passed.json"
PACKAGE = "dineutrino"
NUMERICS = ("jax", "jaxlib", "equinox", "optimistix", "optax", "numpyro", "blackjax", "numpy", "scipy", "xarray")
COMMAND = ("subprocess", "typer")
"""Who imports one of these starts the command, which depends on everything."""


def passed() -> dict[str, str]:
    """Test file -> digest of what its slow tests depended on when they passed."""
    return json.loads(RECORD.read_text())


def record(files: Iterable[str]) -> None:
    """Keep the digests of files whose slow tests have passed; files that are no more are forgotten."""
    found = {**passed(), **{file: digest(file) for file in files}}
    kept = {file: found[file] for file in sorted(found) if (TESTS / file).exists()}
    RECORD.write_text(json.dumps(kept, indent=1) + "\n")


@cache
def digest(file: str) -> str:
    """Of all that a test file, given relative to `tests`, depends on."""
    own = _neighbours(TESTS / file)
    found = hashlib.sha256()
    paths = {*own, *_data_beside(own), TESTS / "conftest.py", *_sources(_modules(own))}
    for content in sorted(map(_content, paths)):  # in an order that is the same wherever the package is installed
        found.update(content)
    for name in NUMERICS:
        found.update(f"{name} {version(name)}".encode())
    found.update(f"{sys.version_info[:2]} {platform.machine()}".encode())
    return found.hexdigest()


def _content(path: Path) -> bytes:
    return path.name.encode() + hashlib.sha256(path.read_bytes()).digest()


def _neighbours(file: Path) -> set[Path]:
    """The file, the conftests above it, and all modules of `tests` that these import."""
    conftests = {folder / "conftest.py" for folder in file.parents if TESTS in folder.parents}
    found, waiting = set(), {file, *(path for path in conftests if path.exists())}
    while waiting:
        path = waiting.pop()
        found.add(path)
        for name in _imported(path):
            waiting |= {place for place in _places(name, path.parent) if place.exists()} - found
    return found


def _places(name: str, beside: Path) -> Iterator[Path]:
    """Where a module may be, or the one that it is imported from."""
    parts = name.split(".")
    for folder in (beside, TESTS, TESTS.parent):
        for n in range(1, len(parts) + 1):
            yield folder.joinpath(*parts[:n]).with_suffix(".py")


def _data_beside(files: set[Path]) -> set[Path]:
    """Reference numbers whose names appear in the files."""
    texts = [file.read_text() for file in files]
    folders = {file.parent for file in files} | {TESTS}
    data = {path for folder in folders for path in folder.iterdir() if path.suffix in (".json", ".npz", ".yaml")}
    return {path for path in data - {RECORD} if any(path.name in text for text in texts)}


@cache
def _imported(file: Path) -> frozenset[str]:
    """What a file imports, "dineutrino.likelihood.Likelihood"."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def _modules(files: set[Path]) -> set[str]:
    """Modules of the package that the files import: all, if they import the package itself or start the command."""
    names = {name for file in files for name in _imported(file)}
    if any(name.split(".")[0] in COMMAND for name in names):
        return set(_graph().modules)
    found = {_module(name) for name in names if name.split(".")[0] == PACKAGE}
    return found if all(found) else set(_graph().modules)


def _module(name: str) -> str:
    """The module below the package that something is imported from; empty if it is the package."""
    while name not in _graph().modules:
        name = name.rpartition(".")[0]
    return "" if name == PACKAGE else name


def _sources(modules: set[str]) -> set[Path]:
    """Files of the modules, of all that they import, and the data of the packages that these are in."""
    needed = {above for module in modules for above in _graph().find_upstream_modules(module)} | modules
    root = Path(dineutrino.__file__).parent
    files = {root / "__init__.py"}
    for module in needed:
        place = root.joinpath(*module.split(".")[1:])
        files.add(place / "__init__.py" if place.is_dir() else place.with_suffix(".py"))
        for folder in (place, *place.parents[: len(place.relative_to(root).parts)]):
            files |= {path for path in (folder / "data").rglob("*") if path.is_file()}
    return files


@cache
def _graph() -> grimp.ImportGraph:
    """Who imports whom below the package, which itself imports what users call and is asked for its version."""
    graph = grimp.build_graph(PACKAGE, cache_dir=None)
    for imported in graph.find_modules_directly_imported_by(PACKAGE):
        graph.remove_import(importer=PACKAGE, imported=imported)
    return graph
