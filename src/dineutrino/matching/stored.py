"""Evolutions as files, to make them once and share them: with the inputs and the version that made them."""

import hashlib
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import Inputs
from dineutrino.io.stored import read_back, store
from dineutrino.matching.evolution import Evolution, EvolutionTable, Live, Out, unravelled


@dataclass(frozen=True)
class EvolutionFile:
    """What a file holds.

    Attributes:
        version: of the package.
        inputs: by name, in powers of GeV.
        rows: what the rows are put into, as text.
        columns: names of the parameters.
        live: names of the inputs that the evolution follows.
        ends: of the range of scales, GeV, if it is a table.
        values: the matrix, or the polynomials.
        slopes: its derivatives by the live inputs.
        checksum: of everything else.
    """

    version: str
    inputs: dict[str, float]
    rows: str
    columns: tuple[str, ...]
    live: tuple[str, ...]
    ends: tuple[float, float] | None
    values: np.ndarray
    slopes: np.ndarray
    checksum: str = ""

    def sum(self) -> str:
        """The checksum that belongs to the content."""
        words = (self.version, sorted(self.inputs.items()), self.rows, self.columns, self.live, self.ends)
        found = hashlib.sha256(repr(words).encode())
        for array in (self.values, self.slopes):
            found.update(repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
        return found.hexdigest()


def save_evolution(path: str | Path, evolution: Evolution[Out] | EvolutionTable[Out], inputs: Inputs) -> Path:
    """Write an evolution, complete or not at all.

    Args:
        path: of the file, an npz.
        evolution: at one scale, or a table.
        inputs: those that it was made with; form factors and choices do not enter.
    """
    if isinstance(evolution, EvolutionTable):
        ends, values = (evolution.lower, evolution.upper), evolution.polynomials
    else:
        ends, values = None, evolution.matrix
    content = EvolutionFile(
        version=version("dineutrino"),
        inputs=_values(inputs),
        rows=_rows(_image(evolution)),
        columns=evolution.columns,
        live=evolution.live.names,
        ends=ends,
        values=np.asarray(values),
        slopes=np.asarray(evolution.slopes),
    )
    return store(replace(content, checksum=content.sum()), Path(path))


def load_evolution(path: str | Path, inputs: Inputs, like: Out) -> Evolution[Out] | EvolutionTable[Out]:
    """Read what `save_evolution` wrote.

    Args:
        path: of the file.
        inputs: those that the evolution must have been made with; live ones may differ, it follows them.
        like: a pytree of the kind that its rows are put into, such as `Warsaw.zero()`.

    Raises:
        DineutrinoError: no such file, a damaged one, one of another version, of other inputs, or of other rows.
    """
    path = Path(path)
    if not path.exists():
        raise DineutrinoError(f"there is no file '{path}'.")
    content = read_back(path)
    if not isinstance(content, EvolutionFile) or content.checksum != content.sum():
        raise DineutrinoError(f"the file '{path}' is damaged, or holds no evolution; make it again.")
    _check(content, path, inputs, like)
    live = Live(jnp.asarray([content.inputs[name] for name in content.live]), content.live)
    values, slopes, unravel = jnp.asarray(content.values), jnp.asarray(content.slopes), unravelled(like)
    if content.ends is None:
        return Evolution(values, slopes, live, content.columns, unravel)
    return EvolutionTable(values, slopes, live, *content.ends, content.columns, unravel)


def _check(content: EvolutionFile, path: Path, inputs: Inputs, like: Out) -> None:
    """Refuse what the caller does not mean."""
    if content.version != version("dineutrino"):
        raise DineutrinoError(
            f"the file '{path}' is of dineutrino {content.version}, this is {version('dineutrino')}; make it again."
        )
    here = _values(inputs)
    for name in sorted(here.keys() | content.inputs.keys()):
        if name not in content.live and here.get(name) != content.inputs.get(name):
            raise DineutrinoError(
                f"the file '{path}' was made with {name} = {content.inputs.get(name)}, not {here.get(name)}; "
                "give those inputs, or make it again."
            )
    if _rows(like) != content.rows:
        raise DineutrinoError(f"the rows of the file '{path}' are {content.rows}, not {_rows(like)}.")


def _image(evolution: Evolution[Out] | EvolutionTable[Out]) -> Out:
    nothing = jnp.zeros(len(evolution.columns))
    return evolution(nothing) if isinstance(evolution, Evolution) else evolution(nothing, evolution.lower)


def _values(inputs: Inputs) -> dict[str, float]:
    return {name: float(value) for name, value in inputs.values.items()}


def _rows(tree: Out) -> str:
    """Where each number is, of which kind: the same text for the same pytree."""
    leaves = jax.tree_util.tree_leaves_with_path(tree)
    kinds = (f"{jax.tree_util.keystr(place)} {np.shape(leaf)} {jnp.result_type(leaf)}" for place, leaf in leaves)
    return "; ".join(kinds)
