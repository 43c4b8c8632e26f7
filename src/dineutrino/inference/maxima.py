"""All maxima of a log-probability."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, PRNGKeyArray

from dineutrino.errors import DineutrinoError, NotConverged, unknown
from dineutrino.inference.caution import warn
from dineutrino.inference.coordinates import Box, inside, unfold
from dineutrino.inference.curvature import Curvature, describe, folded, local_root
from dineutrino.inference.ends import Ends, ends_of, merged
from dineutrino.inference.expansion import Expansion, prepare
from dineutrino.inference.polish import nearest_bound, polish
from dineutrino.inference.screening import candidates
from dineutrino.inference.search import Found, log_probs, search
from dineutrino.inference.starts import EXPECTED, MOST, expected_in_smaller, first_starts, starting_points
from dineutrino.inference.target import Point, Target, as_vector, check, refuse_nan
from dineutrino.inference.valleys import valleys

TOLERANCE = 1e-6
"""An optimum has converged if its gradient, in standard deviations, is below this."""
SAME = 0.05
"""Two optima closer than this, in standard deviations, are one."""
SAME_RIDGE = 0.5
"""Two points of a flat maximum closer than this across the flat directions belong together."""
RELEVANT = 8.0
"""Maxima that are lower, or have less probability around them, by more than this in the logarithm do not matter."""
KICK = 0.1
"""How far searches start from a saddle, in units of the length over which it bends."""
ESCAPES = 4
"""Rounds of searches away from saddles."""
GAIN = 1e-7
"""A saddle is one from which the log-probability rises by more than this."""
MOST_POLISHED = 256
"""Ends that are looked at closely, the highest ones."""
LOST = 0.5
"""Where a larger fraction of the searches led to no maximum, others may have been missed."""


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
        n_flat: number of directions in which the log-probability is flat.
        valley: points of the valley that the maximum is part of, itself the first of them; just one for a lone maximum.
        log_mass: Laplace's estimate of the log of the integral around the maximum, in units of the scales.
        root: symmetric root of the covariance in units of the scales, see `dineutrino.inference.curvature.local_root`.
        search_point, search_hessian: the maximum in the coordinates of `fold`, and the Hessian of -log_prob there.
    """

    names: tuple[str, ...]
    vector: Float[Array, " n"]
    point: Point
    log_prob: float
    gradient_norm: float
    covariance: Float[Array, "n n"]
    errors: Float[Array, " n"]
    converged: bool
    n_starts: int
    at_bound: tuple[str, ...]
    flat: tuple[str, ...]
    n_flat: int
    valley: Float[np.ndarray, "point n"]
    log_mass: float
    root: Float[np.ndarray, "n n"]
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
        n_lost: starting points that ended at no maximum.
        doubts: why there may be other maxima, one sentence each: one was reached so rarely that another half as wide
            could have been missed, or many searches were lost.
        cautions: all reservations, one sentence each.
    """

    optima: tuple[Optimum, ...]
    n_starts: int
    n_lost: int
    doubts: tuple[str, ...]
    cautions: tuple[str, ...]

    @property
    def best(self) -> Optimum:
        """The highest maximum."""
        return self.optima[0]

    @property
    def complete(self) -> bool:
        """Whether the searches show that there are no other maxima."""
        return not self.doubts

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
    target: Target,
    key: PRNGKeyArray,
    *,
    starts: int | None = None,
    extra_starts: tuple[Float[Array | np.ndarray, " n"] | Point, ...] = (),
    tolerance: float = TOLERANCE,
) -> Maxima:
    """Find all maxima of a log-probability within its bounds.

    Quasi-Newton searches (BFGS) run side by side from points spread over the bounds and scales, the origin among them.
    Ends that coincide, or lie in one level valley, count as one; each is polished by Newton's method with exact
    gradients, and from a saddle the searches go on. Unless the number of starts is given, points around the maxima are
    looked at for narrow ones upon their slopes, and starts are added until a maximum half as wide as any of those found
    would be reached as well.

    Args:
        target: see `Target`.
        key: random key of the starting points; the same key gives the same result.
        starts: number of starting points spread over the bounds; by default as many as it takes, up to 16384.
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
    if starts is not None and starts < 1:
        raise DineutrinoError(f"`starts` must be at least 1, not {starts}.")
    box = Box.of(target)
    n_parameters = int(target.n_parameters)
    number = first_starts(n_parameters) if starts is None else starts
    begin = starting_points(target, box, key, number)
    if extra_starts:
        begin = np.concatenate([begin, np.stack([np.asarray(as_vector(target, start)) for start in extra_starts])])
    n_starts = len(begin)
    found = _Found.at(target, box, _searched(target, box, begin), tolerance)
    around = _around(target, box, jax.random.fold_in(key, 0), found) if starts is None else begin[:0]
    if len(around):  # these show nothing about how much the starts have seen, and do not count
        ends = _searched(target, box, around)
        uncounted = Ends(ends.vectors, ends.log_prob, np.zeros_like(ends.counts))
        found = _Found.at(target, box, merged(box, found.ends, uncounted), tolerance)
    while starts is None and not found.shown(n_parameters):
        wanted = int(1.25 * n_starts * EXPECTED / max(expected_in_smaller(found.fewest, n_parameters), 1e-9))
        if n_starts >= MOST or wanted > MOST * max(1, found.fewest):
            break
        more = min(max(wanted - n_starts, n_starts), MOST - n_starts)
        begin = starting_points(target, box, jax.random.fold_in(key, n_starts), more)
        n_starts += more
        found = _Found.at(target, box, merged(box, found.ends, _searched(target, box, begin)), tolerance)
    maxima = _concluded(target, box, found, n_starts, tolerance)
    warn(maxima.cautions)
    return maxima


def maxima_from(target: Target, begin: Float[np.ndarray, "batch n"]) -> Maxima:
    """The maxima that searches from these vectors lead to, in silence: for vectors that are known to be close to them.

    Raises:
        DineutrinoError, NotConverged: as `maximum`.
    """
    box = Box.of(target)
    return _concluded(
        target, box, _Found.at(target, box, _searched(target, box, begin), TOLERANCE), len(begin), TOLERANCE
    )


def _searched(target: Target, box: Box, begin: Float[np.ndarray, "batch n"]) -> Ends:
    """The distinct ends of searches from these points.

    Raises:
        DineutrinoError: the log-probability is nan at some of them, or minus infinity at all.
        NotConverged: no search stayed where it is finite.
    """
    values = log_probs(target, begin)
    refuse_nan(target, begin, values)
    possible = np.isfinite(values)
    if not possible.any():
        raise DineutrinoError(
            f"the log-probability is -inf at all {len(begin)} starting points; check the bounds and scales."
        )
    points = unfold(box, inside(box, begin[possible], 1e-3))
    with ThreadPoolExecutor(1) as pool:
        compiled = pool.submit(prepare, target, begin[possible][0])  # for `polish`, while the search compiles
        found = search(target, points, np.diag(box.scale)[None], np.zeros(len(points), int))
        compiled.result()
    ends = merged(box, ends_of(found, np.ones(len(points), int)))
    if not len(ends):
        raise NotConverged(f"none of {len(begin)} searches for the maximum stayed where the log-probability is finite.")
    return ends


@dataclass(frozen=True)
class _Found:
    """The ends so far, and which of them are maxima.

    Attributes:
        ends: distinct ends, highest first.
        groups: the places among them that belong to each place that was looked at: one, or a valley.
        expansions, curvatures: of the polished places.
        tolerance: see `maximum`.
    """

    ends: Ends
    groups: list[Int[np.ndarray, " _"]]
    expansions: list[Expansion]
    curvatures: list[Curvature]
    tolerance: float

    @classmethod
    def at(cls, target: Target, box: Box, ends: Ends, tolerance: float) -> "_Found":
        """Sort ends into valleys, polish one point of each, and search on from saddles."""
        for _ in range(ESCAPES):
            groups = valleys(target, box, ends)[:MOST_POLISHED]
            scaled2 = np.sum((ends.vectors / np.asarray(box.scale)) ** 2, axis=1)
            first = [group[np.argmin(scaled2[group])] if len(group) > 1 else group[0] for group in groups]
            expansions = polish(target, box, ends.vectors[first])
            curvatures = [describe(box, expansion) for expansion in expansions]
            highest = max(-e.value for e in expansions)
            saddles = [
                i
                for i, (e, c) in enumerate(zip(expansions, curvatures, strict=True))
                if c.rising is not None and -e.value > highest - 2 * RELEVANT
            ]
            if not saddles:
                break
            away, gains = _away(target, box, [expansions[i] for i in saddles], [curvatures[i] for i in saddles])
            for i, gain in zip(saddles, gains, strict=True):
                if gain < GAIN:  # as high as it gets along the direction that seemed to rise
                    curvatures[i] = replace(curvatures[i], rising=None)
            left_behind = [i for i, gain in zip(saddles, gains, strict=True) if gain >= GAIN]
            if not left_behind:
                break
            left = np.setdiff1d(np.arange(len(ends)), np.concatenate([groups[i] for i in left_behind]))
            reached = [
                _risen(pair, -expansions[i].value, int(ends.counts[groups[i]].sum()))
                for i, pair in zip(saddles, away, strict=True)
            ]
            ends = merged(box, ends.chosen(left), *reached)
        return cls(ends, groups, expansions, curvatures, tolerance)

    @property
    def good(self) -> list[int]:
        """Places that are maxima."""
        return [i for i, c in enumerate(self.curvatures) if c.slope < self.tolerance and c.rising is None]

    @property
    def distinct(self) -> list[list[int]]:
        """Maxima that are the same in the metric of their Hessians, together."""
        together: list[list[int]] = []
        for i in sorted(self.good, key=lambda i: self.expansions[i].value):
            joined = [group for group in together if any(self._same(i, j) for j in group)]
            together = [group for group in together if group not in joined]
            together.append(sorted([i, *(j for group in joined for j in group)]))
        return together

    def _same(self, i: int, j: int) -> bool:
        first, second = self.expansions[i], self.expansions[j]
        if abs(first.value - second.value) > 1e-5:
            return False
        difference = first.vector - second.vector
        distance2 = max(difference @ e.hessian @ difference for e in (first, second))
        ridge = self.curvatures[i].n_flat > 0 and self.curvatures[j].n_flat > 0
        return bool(distance2 < (SAME_RIDGE if ridge else SAME) ** 2)

    def reached(self, places: list[int]) -> int:
        """How many searches ended at these places."""
        return int(sum(self.ends.counts[self.groups[i]].sum() for i in places))

    @property
    def fewest(self) -> int:
        """How many searches the relevant maximum was reached by that the fewest reached."""
        values = [min(self.expansions[i].value for i in group) for group in self.distinct]
        counts = [self.reached(group) for group in self.distinct]
        return min((c for c, v in zip(counts, values, strict=True) if v < min(values) + RELEVANT), default=0)

    def shown(self, n_parameters: int) -> bool:
        """Whether a maximum half as wide as those found would have been reached."""
        return expected_in_smaller(self.fewest, n_parameters) >= EXPECTED


def _away(
    target: Target, box: Box, saddles: list[Expansion], curvatures: list[Curvature]
) -> tuple[list[Found], Float[np.ndarray, " saddle"]]:
    """Searches from both sides of saddles: where they ended, and how much higher than the saddle the better one is."""
    scale = np.asarray(box.scale)
    starts = []
    for saddle, curvature in zip(saddles, curvatures, strict=True):
        rising = curvature.rising
        assert rising is not None
        bend = abs(float(rising @ (scale[:, None] * saddle.hessian * scale) @ rising))
        step = KICK * scale * rising / np.sqrt(max(bend, 1e-2))
        starts += [saddle.vector + step, saddle.vector - step]
    begin = unfold(box, inside(box, np.clip(np.stack(starts), box.lower, box.upper), 1e-6))
    found = search(target, begin, np.diag(scale)[None], np.zeros(len(begin), int))
    pairs = [Found(*(values[i : i + 2] for values in found)) for i in range(0, len(begin), 2)]
    gains = np.array([np.max(pair.log_prob) + saddle.value for pair, saddle in zip(pairs, saddles, strict=True)])
    return pairs, gains


def _risen(pair: Found, saddle: float, number: int) -> Ends:
    """Ends of two searches from a saddle that are higher than it: the other one has come back to it.

    The starts that had ended at the saddle count for the higher of the two.
    """
    ends = ends_of(pair, np.where(np.arange(2) == np.argmax(pair.log_prob), number, 0))
    return ends.chosen(np.flatnonzero(ends.log_prob >= saddle + GAIN))


def _around(target: Target, box: Box, key: PRNGKeyArray, found: _Found) -> Float[np.ndarray, "batch n"]:
    """Starting points around the maxima where there may be narrower ones."""
    best = [found.expansions[min(group, key=lambda i: found.expansions[i].value)] for group in found.distinct]
    if not best:
        return np.zeros((0, len(box.scale)))
    roots = np.stack([local_root(box, e, describe(box, e).at_bound) for e in best])
    return candidates(target, box, key, np.stack([e.vector for e in best]), roots)


def _concluded(target: Target, box: Box, found: _Found, n_starts: int, tolerance: float) -> Maxima:
    """The maxima, if they can be trusted, with what is to be said about them."""
    optima = [_optimum(target, box, group, found) for group in found.distinct]
    optima.sort(key=lambda o: (-round(o.log_prob, 6), float(np.sum((np.asarray(o.vector) / box.scale) ** 2))))
    n_lost = n_starts - sum(o.n_starts for o in optima)
    maxima = None
    if optima:
        doubts = _doubts(found, int(target.n_parameters), n_starts, n_lost)
        maxima = Maxima(tuple(optima), n_starts, n_lost, doubts, (*_cautions(optima), *doubts))
    _refuse_unconverged(maxima, found, tolerance)
    assert maxima is not None
    return maxima


def _optimum(target: Target, box: Box, group: list[int], found: _Found) -> Optimum:
    """The maximum that places stand for: the best polished one, or of a valley that nearest to the origin."""
    if any(found.curvatures[i].n_flat for i in group):
        chosen = min(group, key=lambda i: float(np.sum((found.expansions[i].vector / box.scale) ** 2)))
    else:
        chosen = min(group, key=lambda i: found.curvatures[i].slope)
    expansion, curvature = found.expansions[chosen], found.curvatures[chosen]
    vector = np.where(curvature.at_bound, nearest_bound(box, expansion.vector), expansion.vector)
    names = tuple(target.names)
    root = local_root(box, expansion, curvature.at_bound)
    point = unfold(box, vector)
    places = np.concatenate([found.groups[i] for i in group])
    return Optimum(
        names=names,
        vector=jnp.asarray(vector),
        point=target.to_point(jnp.asarray(vector)),
        log_prob=-expansion.value,
        gradient_norm=curvature.slope,
        covariance=jnp.asarray(curvature.covariance),
        errors=jnp.asarray(np.sqrt(np.diag(curvature.covariance))),
        converged=True,
        n_starts=found.reached(group),
        at_bound=tuple(name for name, yes in zip(names, curvature.at_bound, strict=True) if yes),
        flat=tuple(name for name, yes in zip(names, curvature.flat, strict=True) if yes),
        n_flat=curvature.n_flat,
        valley=np.concatenate([vector[None], found.ends.vectors[places][: len(places) if curvature.n_flat else 0]]),
        log_mass=-expansion.value + float(np.linalg.slogdet(root)[1]),
        root=root,
        search_point=point,
        search_hessian=folded(box, point, expansion),
    )


def _cautions(optima: list[Optimum]) -> tuple[str, ...]:
    """What to say about maxima that are right as far as is known."""
    cautions = []
    relevant = [o for o in optima if o.log_prob > optima[0].log_prob - RELEVANT]
    flat = sorted({name for o in relevant for name in o.flat})
    if flat:
        cautions.append(f"the log-probability is flat at its maximum along {_listed(flat)}: no finite error there.")
    bound = sorted({name for o in relevant for name in o.at_bound})
    if bound:
        cautions.append(f"at the maximum {_listed(bound)} is at its bound: no Hessian error there.")
    return tuple(cautions)


def _doubts(found: _Found, n_parameters: int, n_starts: int, n_lost: int) -> tuple[str, ...]:
    """Why there may be other maxima."""
    doubts = []
    if not found.shown(n_parameters):
        expected = expected_in_smaller(found.fewest, n_parameters)
        doubts.append(
            f"that there are no other maxima is not shown: {found.fewest} of {n_starts} starting points reached the "
            f"rarest; one half as wide in each of {n_parameters} parameters would be reached by {expected:.2g}, "
            f"and it takes {EXPECTED:g} to find it for sure. Raise `starts`."
        )
    if n_lost > LOST * n_starts:
        doubts.append(f"{n_lost} of {n_starts} starting points led to no maximum: there may be others.")
    return tuple(doubts)


def _refuse_unconverged(maxima: Maxima | None, found: _Found, tolerance: float) -> None:
    highest = max([-expansion.value for expansion in found.expansions], default=-np.inf)
    if maxima is None:
        least = min(curvature.slope for curvature in found.curvatures)
        raise NotConverged(
            f"no search for the maximum converged: the smallest gradient norm is {least:.3g} standard deviations, "
            f"above the tolerance {tolerance:g}; the highest log-probability seen is {highest:.6g}."
        )
    if highest > maxima.best.log_prob + 1e-3:
        good = set(found.good)
        places = range(len(found.expansions))
        stray = min((i for i in places if i not in good), key=lambda i: found.expansions[i].value)
        raise NotConverged(
            f"a search that did not converge (gradient norm {found.curvatures[stray].slope:.3g} standard deviations) "
            f"reached {highest - maxima.best.log_prob:.3g} above the highest maximum that did, log-probability "
            f"{maxima.best.log_prob:.6g}; the maximum is not known.",
            result=maxima,
        )


def _listed(names: list[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return ", ".join(quoted) if len(quoted) <= 6 else ", ".join(quoted[:6]) + f" and {len(quoted) - 6} more"
