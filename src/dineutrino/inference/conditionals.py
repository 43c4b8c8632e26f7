"""Conditional densities: that of one entry or of two with all other entries as in a draw."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from dineutrino.inference.cells import Cells
from dineutrino.inference.evaluation import in_chunks
from dineutrino.inference.target import Target

RESOLVED = 0.4
"""Relative roughness (see `Cells`) up to which a density can be integrated: that of a Gaussian one cell wide."""
TILE, LANES = 128, 16
"""Points of a grid side by side, for so many draws one after the other, in one call of the compiled program."""
UNKNOWN_COST = 1e5
"""Floating-point operations of an evaluation where the compiler does not count them."""


class Conditionals:
    """Conditional densities of a target. One program is compiled for all entries, or pairs of them.

    Args:
        target: see `Target`.
        entries: those whose conditionals are asked for are among so many first ones; parts of a point that do not
            change with these are calculated once per draw.

    Attributes:
        cost: floating-point operations of one evaluation of the log-probability, as the compiler counts them.
    """

    def __init__(self, target: Target, entries: int):
        n = len(target.names)
        shapes = (np.zeros(2, int), np.zeros((LANES, n)), np.zeros((LANES, TILE, 2)))
        self._fixed = (target, _moving(target, entries))
        self._program = _on_tiles.lower(*self._fixed, *shapes).compile()  # type: ignore[attr-defined]  # made by filter_jit
        self.cost = _operations(self._program.compiled) / TILE

    def probabilities(
        self,
        places: Int[np.ndarray, " d"],
        vectors: Float[np.ndarray, "draw n"],
        cells: Cells,
        own: Int[np.ndarray, " draw"],
    ) -> tuple[Float[np.ndarray, "draw cell"], Float[np.ndarray, " draw"]]:
        """Probabilities of the cells with all other entries as drawn, and their relative roughness.

        Where this is more than `RESOLVED`, all probability is in the cell of the draw.

        Args:
            places: of the entries in the vector.
            vectors: the draws.
            cells: of a grid of these entries.
            own: the cell of each draw.
        """
        draws, count = len(vectors), cells.count
        padded = np.minimum(np.arange(-(-count // TILE) * TILE), count - 1).reshape(-1, TILE)
        tiles = np.broadcast_to(cells.values[padded], (draws, *padded.shape, len(places))).reshape(
            -1, TILE, len(places)
        )
        tiles = np.broadcast_to(tiles, (*tiles.shape[:2], 2))
        rows, pair = np.repeat(vectors, len(padded), axis=0), np.resize(places, 2)
        (log_densities,) = in_chunks(lambda chunk: (self._program(*self._fixed, pair, *chunk),), LANES, rows, tiles)
        log_density = log_densities.reshape(draws, -1)[:, :count]
        log_density = np.where(np.isnan(log_density), -np.inf, log_density)  # impossible, as for a search
        peak = log_density.max(axis=1, keepdims=True)
        density = np.exp(log_density - np.where(np.isfinite(peak), peak, 0.0))
        total = density.sum(axis=1)
        roughness = np.where(total > 0, cells.roughness(density) / np.where(total > 0, total, 1.0), np.inf)
        density /= np.where(total > 0, total, 1.0)[:, None]
        lost = roughness > RESOLVED
        density[lost] = 0.0
        density[lost, own[lost]] = 1.0
        return density, roughness


@eqx.filter_jit
def _on_tiles(
    target: Target,
    moving: tuple[bool, ...],
    places: Int[Array | np.ndarray, " 2"],
    vectors: Float[Array | np.ndarray, "lane n"],
    values: Float[Array | np.ndarray, "lane tile 2"],
) -> Float[Array, "lane tile"]:
    """Log-probability of draws in which two entries (or twice the same) have other values."""

    def one(row: tuple[Array, Array]) -> Float[Array, " tile"]:
        vector, tile = row
        drawn, structure = jax.tree.flatten(target.to_point(vector))

        def at(value: Float[Array, " 2"]) -> Float[Array, ""]:
            moved = jax.tree.leaves(target.to_point(vector.at[jnp.asarray(places)].set(value)))
            leaves = [new if moves else old for moves, new, old in zip(moving, moved, drawn, strict=True)]
            return target.log_prob(jax.tree.unflatten(structure, leaves))

        return jax.vmap(at)(tile)

    return jax.lax.map(one, (jnp.asarray(vectors), jnp.asarray(values)))


def _moving(target: Target, entries: int) -> tuple[bool, ...]:
    """Which parts of a point change with the first entries of the vector."""
    vector = np.zeros(len(target.names))
    before = jax.tree.leaves(target.to_point(jnp.asarray(vector)))
    vector[:entries] = 1.0
    after = jax.tree.leaves(target.to_point(jnp.asarray(vector)))
    return tuple(not np.array_equal(old, new) for old, new in zip(before, after, strict=True))


def _operations(compiled: jax.stages.Compiled) -> float:
    """Floating-point operations of a compiled program, in which a loop counts once."""
    counted = compiled.cost_analysis() or {}
    counted = counted[0] if isinstance(counted, list) else counted
    operations = float(counted.get("flops", 0.0))
    return operations if operations > 0 else UNKNOWN_COST * TILE
