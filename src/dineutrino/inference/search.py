"""Many minimisations at once: one compiled program, reused by `maximum` and `profile`.

A search moves in the coordinates of `fold`, along the columns of a matrix: t = t_start + root @ w, starting from w = 0.
The matrix sets the metric (the root of a covariance makes the problem round, so that a handful of steps suffice) and
a row of zeros holds an entry fixed. So a fit, a profile and a contour are the same program with other arguments.

Measured on 2 cores with 34 entries, 64 searches side by side: BFGS of optimistix 3.4 s to compile and 35 ms to run,
L-BFGS of optax 9.8 s and 72 ms, a damped Newton method 10.4 s and 510 ms.
"""

from collections.abc import Callable
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optimistix
from jaxtyping import Array, Bool, Float, Int, PyTree

from dineutrino.inference.coordinates import Box, fold
from dineutrino.inference.driven import driven
from dineutrino.inference.evaluation import LANES, MANY, in_chunks
from dineutrino.inference.target import Target, log_prob

MAX_STEPS = 400
SOME, FEWER_LANES, MORE_STEPS = 60, 16, 2000
"""With more entries than this the matrices of 64 searches do not fit the cache of a processor side by side, and each
bend of a valley takes more steps to learn."""
LEG = 50
"""After so many steps the searches that have ended make room for others."""
ROUND = 1e-5
"""A search ends where the gradient along w is below this: the distance from the optimum in standard deviations."""
LONGER = 4.0
"""Times as far goes the next step where the slope grows."""
REACHED = 1e-3
"""A search has converged where the gradient along w is below this: log-probability right to about 1e-6 / 2."""


class Found(NamedTuple):
    """Where searches ended. `slope` is the largest gradient along the columns of their matrix."""

    vectors: Float[np.ndarray, "batch n"]
    log_prob: Float[np.ndarray, " batch"]
    slope: Float[np.ndarray, " batch"]

    @property
    def converged(self) -> Bool[np.ndarray, " batch"]:
        """Whether each search ended at an optimum."""
        return np.isfinite(self.log_prob) & (self.slope < REACHED)


class _BFGS(optimistix.BFGS):
    """BFGS that also ends where the gradient vanishes: at the optimum steps get lost in rounding.

    Where the slope grows along a step, its change is no curvature of a minimum, and BFGS would keep the one it had: in
    tiny steps if it has seen a steep slope before, or on a plateau. There the next step goes further.
    """

    def update_hessian(self, y, y_eval, f_info, f_eval_info, hessian_update_state):
        updated, state = super().update_hessian(y, y_eval, f_info, f_eval_info, hessian_update_state)
        step, inverse = y_eval - y, updated.hessian_inv
        growing = jnp.vdot(f_eval_info.grad - f_info.grad, step) < 0
        newton = -inverse.mv(f_info.grad)
        fraction = jnp.vdot(newton, step) / jnp.where(growing, jnp.vdot(newton, newton), 1.0)
        metric = jnp.where(growing, -fraction * jnp.vdot(f_info.grad, step), 1.0)
        longer = jnp.where(growing, LONGER - 1, 0.0) / metric * jnp.outer(step, step)
        return eqx.tree_at(lambda known: known.hessian_inv.pytree, updated, inverse.pytree + longer), state

    def terminate(self, fn, y, args, options, state, tags):
        done, result = super().terminate(fn, y, args, options, state, tags)
        return done | (~state.first_step & (jnp.max(jnp.abs(state.f_info.grad)) < ROUND)), result


_METHOD = _BFGS(rtol=1e-12, atol=1e-9)  # type: ignore[call-arg]  # equinox writes the constructor


class Way(eqx.Module):
    """How far a search has got.

    Attributes:
        w: where it is.
        state: of the method, its arrays alone.
        steps: so far.
        done: whether it has ended.
    """

    w: Float[Array, " n"]
    state: PyTree
    steps: Int[Array, ""]
    done: Bool[Array, ""]

    @classmethod
    def begin(cls, n: int) -> "Way":
        """A search at w = 0."""
        w = jnp.zeros(n)
        return cls(w, eqx.filter(_begin(w), eqx.is_array), jnp.asarray(0), jnp.asarray(False))

    def further(self, objective: Callable[[Float[Array, " n"]], Float[Array, ""]], steps: int) -> "Way":
        """After more steps, as many as that, or fewer if it ends."""
        rest = eqx.filter(_begin(self.w), eqx.is_array, inverse=True)

        def function(w: Float[Array, " n"], _: None) -> tuple[Float[Array, ""], None]:
            return objective(w), None

        def step(way: Way) -> Way:
            before = eqx.combine(way.state, rest)
            w, state, _ = _METHOD.step(function, way.w, None, {}, before, frozenset())
            ended, result = _METHOD.terminate(function, w, None, {}, state, frozenset())
            ended |= (result != optimistix.RESULTS.successful) | ~jnp.all(jnp.isfinite(w))
            ended |= way.steps + 1 >= (MAX_STEPS if len(way.w) <= SOME else MORE_STEPS)
            return Way(w, eqx.filter(state, eqx.is_array), way.steps + 1, ended)

        until = self.steps + steps
        return jax.lax.while_loop(lambda way: ~way.done & (way.steps < until), step, self)

    @property
    def end(self) -> tuple[Float[Array, " n"], Float[Array, ""], Float[Array, ""]]:
        """Where it is, the value there, and its largest slope."""
        information = self.state.f_info
        return self.w, information.f, jnp.max(jnp.abs(information.grad))


def _begin(w: Float[Array, " n"]) -> PyTree:
    """The state of the method before its first step."""
    value = jax.ShapeDtypeStruct((), w.dtype)
    return _METHOD.init(lambda w, _: (jnp.sum(w), None), w, None, {}, value, None, frozenset())


def minimise(
    objective: Callable[[Float[Array, " n"]], Float[Array, ""]], n: int
) -> tuple[Float[Array, " n"], Float[Array, ""], Float[Array, ""]]:
    """One search from w = 0: where it ends, the value there, and its largest slope."""
    return Way.begin(n).further(objective, MORE_STEPS).end


@eqx.filter_jit
def _search(
    target: Target,
    box: Box,
    starts: Float[Array | np.ndarray, "lane n"],
    roots: Float[Array | np.ndarray, "lane n n"],
    ways: Way,
) -> tuple[Way, Float[Array, "lane n"], Float[Array, " lane"], Float[Array, " lane"]]:
    """A leg of searches side by side."""

    def one(
        start: Float[Array, " n"], root: Float[Array, "n n"], way: Way
    ) -> tuple[Way, Float[Array, " n"], Float[Array, ""], Float[Array, ""]]:
        way = way.further(lambda w: -log_prob(target, fold(box, start + root @ w)), LEG)
        w, value, slope = way.end
        return way, fold(box, start + root @ w), -value, slope

    return jax.vmap(one)(jnp.asarray(starts), jnp.asarray(roots), ways)


def search(
    target: Target,
    starts: Float[np.ndarray, "batch n"],
    roots: Float[np.ndarray, "k n n"],
    which: Int[np.ndarray, " batch"],
) -> Found:
    """Maximise the log-probability from many starts, in the coordinates of `fold`.

    Args:
        target: see `dineutrino.inference.Target`.
        starts: starting points in those coordinates.
        roots: matrices whose columns are the directions of the search; zero rows hold entries fixed.
        which: the matrix that each start uses.
    """
    box = Box.of(target)
    batch, n = starts.shape
    if n > MANY:
        return Found(*driven(target, starts, roots, which, ROUND))
    lanes = LANES if n <= SOME else FEWER_LANES
    first, tree = jax.tree.flatten(Way.begin(n))
    ways = [np.repeat(np.asarray(leaf)[None], batch, axis=0) for leaf in first]
    found = Found(np.array(starts, float), np.full(batch, -np.inf), np.full(batch, np.inf))

    def run(chunk: tuple[np.ndarray, ...]) -> tuple[Array, ...]:
        start, root, *leaves = chunk
        way, *end = _search(target, box, start, roots[root], jax.tree.unflatten(tree, map(jnp.asarray, leaves)))
        return way.done, *end, *jax.tree.leaves(way)

    left = np.arange(batch)
    while left.size:
        begin = (np.asarray(starts, float)[left], np.asarray(which, np.int64)[left])
        done, vectors, values, slopes, *leaves = in_chunks(run, lanes, *begin, *(leaf[left] for leaf in ways))
        for kept, new in zip((*found, *ways), (vectors, values, slopes, *leaves), strict=True):
            kept[left] = new
        left = left[~done]
    return Found(
        found.vectors,
        np.where(np.isnan(found.log_prob), -np.inf, found.log_prob),
        np.where(np.isnan(found.slope), np.inf, found.slope),
    )
