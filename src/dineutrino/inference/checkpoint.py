"""How far a sampler got, kept in a file, so that it can go on after a kill and end with the very same draws."""

import hashlib
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias, TypeGuard, TypeVar

import jax
import numpy as np
from jaxtyping import Array, PyTree

from dineutrino.errors import DineutrinoError
from dineutrino.io.atomic import replacing

SECONDS = 3.0
"""Least time between two checkpoints of one sampler."""
SHARE = 50.0
"""A checkpoint that takes long is followed by a pause of so many times its own duration: it costs at most 2%."""
MARK = "mark"


Leaf: TypeAlias = Array | np.ndarray | np.generic
State = TypeVar("State")


class Checkpoint:
    """Files that a sampler writes its state to and goes on from; without a folder it keeps nothing.

    A state is a pytree of arrays and random keys. Files are npz, read without pickle.

    Args:
        folder: where the files are.
        poll: called several times a second while a sampler waits for its threads; what it raises, such as
            KeyboardInterrupt, ends the sampling.
        seconds: least time between two checkpoints.
    """

    def __init__(self, folder: Path | None = None, poll: Callable[[], None] = lambda: None, seconds: float = SECONDS):
        self.folder, self.poll, self.seconds = folder, poll, seconds
        self._next = time.monotonic() + seconds

    def load(self, name: str, mark: str, like: State) -> State | None:
        """The state saved under a name; None if there is none.

        Args:
            name: of the state.
            mark: see `mark_of`.
            like: a pytree with the structure and the types of the state; leading axes may differ in length.

        Raises:
            DineutrinoError: the file is damaged, or belongs to a run that began differently.
        """
        if self.folder is None or not (self.folder / f"{name}.npz").is_file():
            return None
        path = self.folder / f"{name}.npz"
        try:
            with np.load(path, allow_pickle=False) as file:
                saved = {key: file[key] for key in file.files}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
            raise DineutrinoError(f"the checkpoint '{path}' is damaged ({error}); remove it to begin anew.") from None
        if str(saved.pop(MARK, "")) != mark:
            raise DineutrinoError(f"the checkpoint '{path}' belongs to other chains; remove it to begin anew.")
        leaves, structure = jax.tree.flatten(like)
        pairs = [(saved.get(str(i)), leaf) for i, leaf in enumerate(leaves)]
        restored = [_restored(array, leaf) for array, leaf in pairs if array is not None and _alike(array, leaf)]
        if not len(saved) == len(leaves) == len(restored):
            raise DineutrinoError(f"the checkpoint '{path}' is damaged: arrays are missing; remove it to begin anew.")
        return jax.tree.unflatten(structure, restored)

    def due(self) -> bool:
        """Whether it is time to save."""
        return self.folder is not None and time.monotonic() >= self._next

    def save(self, name: str, mark: str, state: PyTree) -> None:
        """Save a state under a name, atomically."""
        if self.folder is None:
            return
        begin = time.monotonic()
        arrays = {str(i): _plain(leaf) for i, leaf in enumerate(jax.tree.leaves(state))}
        with replacing(self.folder / f"{name}.npz") as temporary:
            np.savez(temporary, **arrays, **{MARK: np.asarray(mark)})  # type: ignore[arg-type]  # names of arrays, no options
        end = time.monotonic()
        self._next = end + max(self.seconds, SHARE * (end - begin))


def mark_of(*parts: PyTree) -> str:
    """A fingerprint of everything that decides on the draws: pytrees of arrays, keys, numbers and strings."""
    digest = hashlib.sha256()
    for leaf in jax.tree.leaves(parts):
        if isinstance(leaf, np.ndarray | jax.Array):
            array = _plain(leaf)
            digest.update(f"{array.dtype}{array.shape}".encode() + array.tobytes())
        else:
            plain = isinstance(leaf, bool | int | float | complex | str)
            digest.update((repr(leaf) if plain else type(leaf).__name__).encode())
    return digest.hexdigest()


def _is_key(leaf: object) -> TypeGuard[Array]:
    return isinstance(leaf, jax.Array) and jax.dtypes.issubdtype(leaf.dtype, jax.dtypes.prng_key)


def _plain(leaf: Leaf) -> np.ndarray:
    return np.asarray(jax.random.key_data(leaf) if _is_key(leaf) else leaf)


def _alike(array: np.ndarray, leaf: Leaf) -> bool:
    expected = _plain(leaf)
    return array.dtype == expected.dtype and array.shape[1:] == expected.shape[1:]


def _restored(array: np.ndarray, leaf: Leaf) -> Array | np.ndarray:
    if _is_key(leaf):
        return jax.random.wrap_key_data(jax.numpy.asarray(array), impl=jax.random.key_impl(leaf))
    return jax.numpy.asarray(array) if isinstance(leaf, jax.Array) else array
