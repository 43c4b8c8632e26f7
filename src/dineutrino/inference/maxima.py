"""The search for all maxima of a log-probability."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import jax
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from dineutrino.errors import DineutrinoError, NotConverged
from dineutrino.inference.caution import warn
from dineutrino.inference.conclusion import concluded
from dineutrino.inference.coordinates import Box, inside, unfold
from dineutrino.inference.curvature import describe, local_root
from dineutrino.inference.ends import Ends, ends_of, merged
from dineutrino.inference.evaluation import log_probs
from dineutrino.inference.expansion import prepare
from dineutrino.inference.optimum import Maxima
from dineutrino.inference.screening import candidates
from dineutrino.inference.search import search
from dineutrino.inference.starts import EXPECTED, expected_in_smaller, first_starts, most_starts, starting_points
from dineutrino.inference.stationary import Stationary
from dineutrino.inference.target import Point, Target, as_vector, check, refuse_nan

TOLERANCE = 1e-6
"""An optimum has converged if its gradient, in standard deviations, is below this."""
MORE = 4
"""Times as many starts, where none has reached a maximum that is known."""


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
        starts: number of starting points spread over the bounds; by default as many as it takes, up to 16384, or to 64
            with more than 100 entries.
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
    n_parameters, most = int(target.n_parameters), most_starts(len(box.scale))
    number = first_starts(n_parameters, len(box.scale)) if starts is None else starts
    begin = starting_points(target, box, key, number)
    if extra_starts:
        begin = np.concatenate([begin, np.stack([np.asarray(as_vector(target, start)) for start in extra_starts])])
    n_starts = len(begin)
    places = Stationary.at(target, box, _searched(target, box, begin), tolerance)
    around = _around(target, box, jax.random.fold_in(key, 0), places) if starts is None else begin[:0]
    if len(around):  # these show nothing about how much the starts have seen, and do not count
        ends = _searched(target, box, around)
        uncounted = replace(ends, counts=np.zeros_like(ends.counts))
        places = Stationary.at(target, box, merged(box, places.ends, uncounted), tolerance)
    while starts is None and not places.shown(n_parameters):
        if places.fewest:
            wanted = int(1.25 * n_starts * EXPECTED / expected_in_smaller(places.fewest, n_parameters))
        else:  # found around another one, or from a saddle: nothing tells yet how rare it is
            wanted = MORE * n_starts
        if n_starts >= most or wanted > most * max(1, places.fewest):
            break
        more = min(max(wanted - n_starts, n_starts), most - n_starts)
        begin = starting_points(target, box, jax.random.fold_in(key, n_starts), more)
        n_starts += more
        places = Stationary.at(target, box, merged(box, places.ends, _searched(target, box, begin)), tolerance)
    maxima = concluded(target, box, places, n_starts, tolerance)
    warn(maxima.cautions)
    return maxima


def maxima_from(target: Target, begin: Float[np.ndarray, "batch n"]) -> Maxima:
    """The maxima that searches from these vectors lead to, in silence: for vectors that are known to be close to them.

    Raises:
        DineutrinoError, NotConverged: as `maximum`.
    """
    box = Box.of(target)
    places = Stationary.at(target, box, _searched(target, box, begin), TOLERANCE)
    return concluded(target, box, places, len(begin), TOLERANCE)


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
        reached = search(target, points, np.diag(box.scale)[None], np.zeros(len(points), int))
        compiled.result()
    ends = merged(box, ends_of(reached, np.ones(len(points), int)))
    if not len(ends):
        raise NotConverged(f"none of {len(begin)} searches for the maximum stayed where the log-probability is finite.")
    return ends


def _around(target: Target, box: Box, key: PRNGKeyArray, places: Stationary) -> Float[np.ndarray, "batch n"]:
    """Starting points around the maxima where there may be narrower ones."""
    best = [places.expansions[min(group, key=lambda i: places.expansions[i].value)] for group in places.distinct]
    if not best:
        return np.zeros((0, len(box.scale)))
    roots = np.stack([local_root(box, e, describe(box, e).at_bound) for e in best])
    return candidates(target, box, key, np.stack([e.vector for e in best]), roots)
