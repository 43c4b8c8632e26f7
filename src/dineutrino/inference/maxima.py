"""All maxima of a log-probability."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray
from scipy.special import ndtri

from dineutrino.errors import DineutrinoError, NotConverged, unknown
from dineutrino.inference.caution import warn
from dineutrino.inference.coordinates import Box, inside, unfold
from dineutrino.inference.curvature import AT_BOUND, Curvature, describe, newton_step, slope_of
from dineutrino.inference.search import Expansion, Found, expansions, log_probs, moved, prepare, search, spectrum
from dineutrino.inference.target import as_vector, check, refuse_nan

TOLERANCE = 1e-6
"""An optimum has converged if its gradient, in standard deviations, is below this."""
ENOUGH = 1e-9
"""Polishing ends where the gradient, in standard deviations, is below this."""
CLOSE = 1e-4
"""Steps shorter than this, in standard deviations, do not change the Hessian."""
SOFT = 1e-2
"""Curvatures below this, in units of the scales, may be those of a flat direction."""
NEAR = 1e-2
"""An entry closer to its bound than this, in units of its scale, may belong onto it."""
SAME_VALUE = 1e-9
"""Log-probabilities that differ by less are the same."""
ALIKE = 1e-3
"""Ends of searches that differ by less than this, in units of the scales, are polished as one."""
SAME = 0.05
"""Two optima closer than this, in standard deviations, are one."""
SAME_RIDGE = 0.5
"""Two points of a flat maximum closer than this across the flat directions belong together."""


@dataclass(frozen=True)
class Optimum:
    """A local maximum of the log-probability.

    Attributes:
        names: one per entry of the vector.
        vector: where it is.
        point: the same as a point of the target.
        log_prob: the maximum.
        gradient_norm: in standard deviations, i.e. the distance to the exact maximum (see `Curvature.slope`).
        covariance: inverse Hessian of -log_prob. Entries at a bound are held there and have no error (nan); entries
            that the data do not constrain (flat direction) have infinite variance.
        errors: square roots of its diagonal.
        converged: whether gradient_norm is below the tolerance.
        n_starts: number of starting points that led here.
        at_bound: names of the entries at a bound.
        flat: names of the entries that change along a direction in which the log-probability is flat.
        search_point, search_hessian: the maximum in the coordinates of `fold`, and the Hessian of -log_prob there.
    """

    names: tuple[str, ...]
    vector: Float[Array, " n"]
    point: Any
    log_prob: float
    gradient_norm: float
    covariance: Float[Array, "n n"]
    errors: Float[Array, " n"]
    converged: bool
    n_starts: int
    at_bound: tuple[str, ...]
    flat: tuple[str, ...]
    search_point: Float[np.ndarray, " n"]
    search_hessian: Float[np.ndarray, "n n"]

    def __getitem__(self, name: str) -> float:
        """The value of a named entry."""
        return float(self.vector[self._place(name)])

    def error(self, name: str) -> float:
        """The Hessian error of a named entry."""
        return float(self.errors[self._place(name)])

    def _place(self, name: str) -> int:
        if name not in self.names:
            raise unknown("parameter", name, self.names)
        return self.names.index(name)


@dataclass(frozen=True)
class Maxima:
    """All maxima found, best first.

    Attributes:
        optima: distinct maxima.
        n_starts: number of starting points.
        n_lost: starting points that ended at no maximum (not converged, or at a saddle).
        cautions: reservations, one sentence each.
    """

    optima: tuple[Optimum, ...]
    n_starts: int
    n_lost: int
    cautions: tuple[str, ...]

    @property
    def best(self) -> Optimum:
        """The highest maximum."""
        return self.optima[0]

    def within(self, delta_log_prob: float) -> tuple[Optimum, ...]:
        """The maxima at most this far below the best."""
        return tuple(o for o in self.optima if o.log_prob >= self.best.log_prob - delta_log_prob)

    def __iter__(self) -> Iterator[Optimum]:
        return iter(self.optima)

    def __len__(self) -> int:
        return len(self.optima)

    def __getitem__(self, index: int) -> Optimum:
        return self.optima[index]


def maximum(
    target: Any,
    key: PRNGKeyArray,
    *,
    starts: int = 32,
    extra_starts: tuple[Any, ...] = (),
    tolerance: float = TOLERANCE,
) -> Maxima:
    """Find all maxima of a log-probability within its bounds.

    Quasi-Newton searches (BFGS) run side by side from points spread over the bounds and scales, the origin among them;
    each is polished by Newton's method with exact second derivatives, and ends that coincide are counted as one.

    Args:
        target: see `Target`.
        key: random key of the starting points; the same key gives the same result.
        starts: number of starting points.
        extra_starts: further starting points, vectors or points of the target.
        tolerance: largest gradient norm, in standard deviations, of a converged maximum.

    Returns:
        The distinct maxima, best first; of equally good ones the nearest to the origin first. Reservations are emitted
        as `Caution` warnings and listed.

    Raises:
        DineutrinoError: a target that cannot be used, a log-probability that is nan or nowhere finite.
        NotConverged: no search converged, or one that did not reached higher than all that did. `result` holds the
            maxima that did converge (None if none).
    """
    check(target)
    if starts < 1:
        raise DineutrinoError(f"`starts` must be at least 1, not {starts}.")
    box = Box.of(target)
    begin = starting_points(target, box, key, starts)
    if extra_starts:
        begin = np.concatenate([begin, np.stack([np.asarray(as_vector(target, start)) for start in extra_starts])])
    values = log_probs(target, begin)
    refuse_nan(target, begin, values)
    possible = np.isfinite(values)
    if not possible.any():
        raise DineutrinoError(
            f"the log-probability is -inf at all {len(begin)} starting points; check the bounds and scales."
        )
    begin_search = unfold(box, inside(box, begin[possible], 1e-3))
    with ThreadPoolExecutor(1) as pool:
        compiled = pool.submit(prepare, target, begin_search[0])  # for `polish`, while the search compiles
        found = search(target, begin_search, np.diag(box.scale)[None], np.zeros(possible.sum(), int))
        compiled.result()
    ends = [i for i in range(len(found.vectors)) if np.isfinite(found.log_prob[i])]
    if not ends:
        raise NotConverged(f"none of {len(begin)} searches for the maximum stayed where the log-probability is finite.")
    chosen, n_alike = _alike(box, found, ends)
    points, finals = polish(target, box, unfold(box, _snapped(target, box, found.vectors[chosen])))
    curvatures = [describe(box, t, final) for t, final in zip(points, finals, strict=True)]
    good = [i for i, c in enumerate(curvatures) if c.slope < tolerance and not c.saddle]
    groups = _distinct(good, points, finals, curvatures)
    optima = [_optimum(target, box, group, points, finals, curvatures, n_alike) for group in groups]
    optima.sort(key=lambda o: (-round(o.log_prob, 6), float(np.sum((np.asarray(o.vector) / box.scale) ** 2))))
    n_lost = len(begin) - sum(n_alike[i] for i in good)
    maxima = Maxima(tuple(optima), len(begin), n_lost, _cautions(optima, len(begin), n_lost)) if optima else None
    _refuse_unconverged(maxima, good, finals, curvatures, found, tolerance)
    assert maxima is not None
    warn(maxima.cautions)
    return maxima


def starting_points(target: Any, box: Box, key: PRNGKeyArray, starts: int) -> Float[np.ndarray, "starts n"]:
    """The origin, and points spread evenly entry by entry (Latin hypercube).

    Parameters between bounds: every other point uniform between them, the others like unbounded parameters, which
    follow a heavy-tailed distribution (Student's t with two degrees of freedom, 3 scales wide, reaching beyond 20
    scales) around zero or their bound. Nuisances: one scale around zero, normally distributed.
    """
    n = len(target.names)
    random = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    orders = np.stack([random.permutation(starts) for _ in range(n)], axis=1)
    u = (orders + random.uniform(0.05, 0.95, (starts, n))) / starts
    below, above = np.isfinite(box.lower), np.isfinite(box.upper)
    heavy = 3 * box.scale * (2 * u - 1) / np.sqrt(2 * u * (1 - u))
    heavy = np.where(below & ~above, box.lower + np.abs(heavy), heavy)
    heavy = np.where(above & ~below, box.upper - np.abs(heavy), heavy)
    every_other = (np.arange(starts) % 2 == 0)[:, None]
    with np.errstate(invalid="ignore"):
        spread = np.where(below & above & every_other, box.lower + (box.upper - box.lower) * u, heavy)
    nuisance = np.arange(n) >= target.n_parameters
    spread = np.where(nuisance, box.scale * ndtri(u), spread)
    spread[0] = 0.0
    return inside(box, spread, 1e-3)


def polish(
    target: Any, box: Box, points: Float[np.ndarray, "batch n"], rounds: int = 8
) -> tuple[Float[np.ndarray, "batch n"], list[Expansion]]:
    """Newton's method from many points of the coordinates of `fold`, until the gradients are lost in rounding."""
    scale = np.asarray(box.scale)
    kept = expansions(target, points)
    slopes = np.array([slope_of(scale, e)[0] for e in kept])
    shorter = np.ones(len(points))
    stale = False
    for _ in range(rounds):
        steps = np.stack([newton_step(scale, e) for e in kept])
        trials = points + shorter[:, None] * steps
        close = np.all((slopes < CLOSE) | (slopes == np.inf))
        trial_expansions = moved(target, trials, kept) if close else expansions(target, trials)
        stale = bool(close)
        trial_slopes = np.array([slope_of(scale, e)[0] for e in trial_expansions])
        better = np.array([new.value <= old.value + 1e-9 for new, old in zip(trial_expansions, kept, strict=True)])
        better &= trial_slopes < slopes
        shorter = np.where(better, 1.0, shorter / 4)
        points = np.where(better[:, None], trials, points)
        kept = [new if use else old for use, new, old in zip(better, trial_expansions, kept, strict=True)]
        slopes = np.where(better, trial_slopes, slopes)
        if np.all((slopes < ENOUGH) | (shorter < 0.01)):
            break
    if stale and any(_soft(box, e) for e in kept):
        kept = expansions(target, points)  # next to a flat direction the Hessian must belong to the very point
    first_branch = unfold(box, np.stack([e.vector for e in kept]))
    if np.any(np.abs(first_branch - points) > 1e-6 * scale):
        return first_branch, expansions(target, first_branch)
    return points, kept


def _soft(box: Box, expansion: Expansion) -> bool:
    """Whether there may be a flat direction off the bounds."""
    free = np.minimum(expansion.vector - box.lower, box.upper - expansion.vector) >= AT_BOUND * np.asarray(box.scale)
    if not (expansion.finite and free.any()):
        return False
    values, _ = spectrum(np.asarray(box.scale)[free], expansion.hessian[np.ix_(free, free)])
    return bool(np.min(np.abs(values)) < SOFT)


def _alike(box: Box, found: Found, ends: list[int]) -> tuple[list[int], list[int]]:
    """Of each cluster of ends that all but coincide the one with the smallest slope, and how many it stands for."""
    chosen: list[int] = []
    counts: list[int] = []
    for i in sorted(ends, key=lambda i: found.slope[i]):
        distances = [np.max(np.abs(found.vectors[i] - found.vectors[j]) / box.scale) for j in chosen]
        if distances and min(distances) < ALIKE:
            counts[int(np.argmin(distances))] += 1
        else:
            chosen.append(i)
            counts.append(1)
    return chosen, counts


def _snapped(target: Any, box: Box, vectors: Float[np.ndarray, "batch n"]) -> Float[np.ndarray, "batch n"]:
    """Put entries next to a bound onto it, where this is no worse: a search gets there slowly if the slope is zero."""
    bound = _nearest_bound(box, vectors)
    near = np.abs(vectors - bound) < NEAR * np.asarray(box.scale)
    if not near.any():
        return vectors
    rows, columns = np.nonzero(near)
    trials = vectors[rows]
    trials[np.arange(len(rows)), columns] = bound[rows, columns]
    as_good = log_probs(target, trials) >= log_probs(target, vectors)[rows] - SAME_VALUE
    snapped = vectors.copy()
    snapped[rows[as_good], columns[as_good]] = bound[rows[as_good], columns[as_good]]
    return snapped


def _distinct(
    good: list[int], points: Float[np.ndarray, "batch n"], finals: list[Expansion], curvatures: list[Curvature]
) -> list[list[int]]:
    """Group ends that are the same maximum: chains of neighbours in the metric of the Hessian (single linkage)."""
    groups: list[list[int]] = []
    for i in sorted(good, key=lambda i: finals[i].value):
        joined = [group for group in groups if any(_same(i, j, points, finals, curvatures) for j in group)]
        groups = [group for group in groups if group not in joined]
        groups.append(sorted([i, *(j for group in joined for j in group)]))
    return groups


def _same(
    i: int, j: int, points: Float[np.ndarray, "batch n"], finals: list[Expansion], curvatures: list[Curvature]
) -> bool:
    ridge = curvatures[i].flat.any() and curvatures[j].flat.any()
    difference = points[i] - points[j]
    distance2 = max(difference @ finals[k].hessian @ difference for k in (i, j))
    return abs(finals[i].value - finals[j].value) < 1e-5 and bool(distance2 < (SAME_RIDGE if ridge else SAME) ** 2)


def _optimum(
    target: Any,
    box: Box,
    group: list[int],
    points: Float[np.ndarray, "batch n"],
    finals: list[Expansion],
    curvatures: list[Curvature],
    n_alike: list[int],
) -> Optimum:
    """The maximum that a group stands for: its best polished member, or on a ridge the one nearest to the origin."""
    if any(curvatures[i].flat.any() for i in group):
        chosen = min(group, key=lambda i: float(np.sum((finals[i].vector / box.scale) ** 2)))
    else:
        chosen = min(group, key=lambda i: curvatures[i].slope)
    final, curvature = finals[chosen], curvatures[chosen]
    vector = np.where(curvature.at_bound, _nearest_bound(box, final.vector), final.vector)
    names = tuple(target.names)
    return Optimum(
        names=names,
        vector=jnp.asarray(vector),
        point=target.to_point(jnp.asarray(vector)),
        log_prob=-final.value,
        gradient_norm=curvature.slope,
        covariance=jnp.asarray(curvature.covariance),
        errors=jnp.asarray(np.sqrt(np.diag(curvature.covariance))),
        converged=True,
        n_starts=sum(n_alike[i] for i in group),
        at_bound=tuple(name for name, yes in zip(names, curvature.at_bound, strict=True) if yes),
        flat=tuple(name for name, yes in zip(names, curvature.flat, strict=True) if yes),
        search_point=points[chosen],
        search_hessian=final.hessian,
    )


def _nearest_bound(box: Box, vector: Float[np.ndarray, "*batch n"]) -> Float[np.ndarray, "*batch n"]:
    return np.where(vector - box.lower < box.upper - vector, box.lower, box.upper)


def _cautions(optima: list[Optimum], n_starts: int, n_lost: int) -> tuple[str, ...]:
    """What to say about maxima that are right as far as is known."""
    cautions = []
    relevant = [o for o in optima if o.log_prob > optima[0].log_prob - 8]
    flat = sorted({name for o in relevant for name in o.flat})
    if flat:
        cautions.append(f"the log-probability is flat at its maximum along {_listed(flat)}: no finite error there.")
    bound = sorted({name for o in relevant for name in o.at_bound})
    if bound:
        cautions.append(f"at the maximum {_listed(bound)} is at its bound: no Hessian error there.")
    once = sum(o.n_starts == 1 for o in relevant)
    if once and n_starts > 1:
        cautions.append(
            f"{once} of {len(relevant)} maxima were reached from one starting point only; "
            f"there may be more: raise `starts` above {n_starts}."
        )
    if n_lost > n_starts / 2:
        cautions.append(f"{n_lost} of {n_starts} starting points led to no maximum.")
    return tuple(cautions)


def _refuse_unconverged(
    maxima: Maxima | None,
    good: list[int],
    finals: list[Expansion],
    curvatures: list[Curvature],
    found: Found,
    tolerance: float,
) -> None:
    highest = max([-final.value for final in finals], default=-np.inf)
    if maxima is None:
        least = min(curvature.slope for curvature in curvatures)
        raise NotConverged(
            f"no search for the maximum converged: the smallest gradient norm is {least:.3g} standard deviations, "
            f"above the tolerance {tolerance:g}; the highest log-probability seen is {highest:.6g}."
        )
    if highest > maxima.best.log_prob + 1e-3:
        stray = min((i for i in range(len(finals)) if i not in good), key=lambda i: finals[i].value)
        raise NotConverged(
            f"a search that did not converge (gradient norm {curvatures[stray].slope:.3g} standard deviations) reached "
            f"{highest - maxima.best.log_prob:.3g} above the highest maximum that did, log-probability "
            f"{maxima.best.log_prob:.6g}; the maximum is not known.",
            result=maxima,
        )


def _listed(names: list[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return ", ".join(quoted) if len(quoted) <= 6 else ", ".join(quoted[:6]) + f" and {len(quoted) - 6} more"
