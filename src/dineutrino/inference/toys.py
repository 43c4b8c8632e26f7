"""Toy experiments: data drawn at a point, and the fit of each of them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Key, PRNGKeyArray

from dineutrino.errors import DineutrinoError
from dineutrino.inference.coordinates import Box, fold, inside, unfold
from dineutrino.inference.evaluation import THREADS
from dineutrino.inference.optimum import Optimum
from dineutrino.inference.progress import Progress
from dineutrino.inference.search import REACHED, minimise
from dineutrino.inference.target import Simulating

PIECE = 32
"""Fits in one call of the compiled program, one after the other: side by side all would wait for the slowest."""


@dataclass(frozen=True)
class Toys:
    """Fits of toy experiments.

    Attributes:
        names: of the entries of a vector.
        truth: where the data were drawn.
        vectors: best fit of each toy.
        chi2: -2 log-probability there; with terms that are zero at best agreement it tests the goodness of fit.
        converged: whether each fit ended at an optimum.
        observed_chi2: of the real data.
    """

    names: tuple[str, ...]
    truth: Float[np.ndarray, " n"]
    vectors: Float[np.ndarray, "toy n"]
    chi2: Float[np.ndarray, " toy"]
    converged: Bool[np.ndarray, " toy"]
    observed_chi2: float

    @property
    def p_value(self) -> float:
        """Fraction of the converged toys that fit as badly as the data, or worse."""
        return float(np.mean(self.chi2[self.converged] >= self.observed_chi2))

    @property
    def p_value_error(self) -> float:
        """Its statistical error; that of one toy where none, or all of them, fit worse."""
        n = int(self.converged.sum())
        p = min(max(self.p_value, 1 / n), 1 - 1 / n)
        return float(np.sqrt(p * (1 - p) / n))

    @property
    def lost(self) -> int:
        """Fits that did not converge."""
        return int(np.sum(~self.converged))


def toys(
    target: Simulating, key: PRNGKeyArray, optimum: Optimum, *, number: int = 1000, progress: bool = False
) -> Toys:
    """Draw toy data at a maximum and fit each of them from there.

    Each fit stays in the basin of this maximum: of several that are degenerate it finds the one that it starts from.

    Args:
        target: a target that draws data, such as a `Likelihood`; see `Simulating`.
        key: random key; the same key gives the same toys.
        optimum: a maximum of the target.
        number: of toys.
        progress: whether to show a progress bar.

    Raises:
        DineutrinoError: no toys asked for, or data that cannot be drawn.
    """
    if number < 1:
        raise DineutrinoError(f"`number` of toys must be at least 1, not {number}.")
    box = Box.of(target)
    scale, vector = np.asarray(box.scale), np.asarray(optimum.vector)
    root = scale[:, None] * optimum.root
    start = unfold(box, inside(box, vector, 0.1))
    keys = jax.random.split(key, -(-number // PIECE) * PIECE).reshape(-1, PIECE)
    parts = []
    with Progress("toys", number, progress) as bar:
        for done, part in enumerate(_run(target, box, root, start, vector, keys), start=1):
            parts.append(part)
            bar.update(min(done * PIECE, number))
    vectors, values, slopes = (np.concatenate(several)[:number] for several in zip(*parts, strict=True))
    return Toys(
        names=tuple(target.names),
        truth=vector,
        vectors=vectors,
        chi2=2 * values,
        converged=np.isfinite(values) & (slopes < REACHED),
        observed_chi2=-2 * optimum.log_prob,
    )


def _run(
    target: Simulating,
    box: Box,
    root: Float[np.ndarray, "n n"],
    start: Float[np.ndarray, " n"],
    truth: Float[np.ndarray, " n"],
    keys: Key[Array, "..."],
) -> Iterator[tuple[np.ndarray, ...]]:
    def run(lanes: Key[Array, "..."]) -> tuple[np.ndarray, ...]:
        return jax.device_get(_fit(target, box, root, start, truth, lanes))

    yield run(keys[0])  # compiles
    with ThreadPoolExecutor(THREADS) as pool:
        yield from pool.map(run, keys[1:])


@eqx.filter_jit
def _fit(
    target: Simulating,
    box: Box,
    root: Float[np.ndarray | Array, "n n"],
    start: Float[np.ndarray | Array, " n"],
    truth: Float[np.ndarray | Array, " n"],
    keys: Key[Array, "..."],
) -> tuple[Float[Array, "toy n"], Float[Array, " toy"], Float[Array, " toy"]]:
    point = target.to_point(jnp.asarray(truth))

    def one(key: PRNGKeyArray) -> tuple[Array, Array, Array]:
        data = target.simulate(key, point)

        def vector(w: Float[Array, " n"]) -> Float[Array, " n"]:
            return fold(box, jnp.asarray(start) + jnp.asarray(root) @ w)

        def objective(w: Float[Array, " n"]) -> Float[Array, ""]:
            return -target.log_prob_of(target.to_point(vector(w)), data)

        w, value, slope = minimise(objective, len(start))
        return vector(w), value, slope

    return jax.lax.map(one, keys)
