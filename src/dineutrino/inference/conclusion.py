"""What is said of the maxima once all searches have ended: whether they can be trusted, and what may be missing."""

import jax.numpy as jnp
import numpy as np

from dineutrino.errors import NotConverged
from dineutrino.inference.coordinates import Box, unfold
from dineutrino.inference.curvature import folded, local_root
from dineutrino.inference.optimum import Maxima, Optimum
from dineutrino.inference.polish import nearest_bound
from dineutrino.inference.starts import EXPECTED, expected_in_smaller
from dineutrino.inference.stationary import RELEVANT, Stationary
from dineutrino.inference.target import Target

LOST = 0.5
"""Where a larger fraction of the searches led to no maximum, others may have been missed."""


def concluded(target: Target, box: Box, places: Stationary, n_starts: int, tolerance: float) -> Maxima:
    """The maxima, if they can be trusted, with what is to be said about them."""
    optima = [_optimum(target, box, group, places) for group in places.distinct]
    optima.sort(key=lambda o: (-round(o.log_prob, 6), float(np.sum((np.asarray(o.vector) / box.scale) ** 2))))
    n_lost = n_starts - sum(o.n_starts for o in optima)
    maxima = None
    if optima:
        doubts = _doubts(places, int(target.n_parameters), n_starts, n_lost)
        maxima = Maxima(tuple(optima), n_starts, n_lost, doubts, (*_cautions(optima), *doubts))
    _refuse_unconverged(maxima, places, tolerance)
    assert maxima is not None
    return maxima


def _optimum(target: Target, box: Box, group: list[int], places: Stationary) -> Optimum:
    """The maximum that places stand for: the best polished one, or of a valley that nearest to the origin."""
    if any(places.curvatures[i].n_flat for i in group):
        chosen = min(group, key=lambda i: float(np.sum((places.expansions[i].vector / box.scale) ** 2)))
    else:
        chosen = min(group, key=lambda i: places.curvatures[i].slope)
    expansion, curvature = places.expansions[chosen], places.curvatures[chosen]
    vector = np.where(curvature.at_bound, nearest_bound(box, expansion.vector), expansion.vector)
    names = tuple(target.names)
    root = local_root(box, expansion, curvature.at_bound)
    point = unfold(box, vector)
    members = np.concatenate([places.groups[i] for i in group])
    return Optimum(
        names=names,
        vector=jnp.asarray(vector),
        point=target.to_point(jnp.asarray(vector)),
        log_prob=-expansion.value,
        gradient_norm=curvature.slope,
        covariance=jnp.asarray(curvature.covariance),
        errors=jnp.asarray(np.sqrt(np.diag(curvature.covariance))),
        converged=True,
        n_starts=places.reached(group),
        at_bound=tuple(name for name, yes in zip(names, curvature.at_bound, strict=True) if yes),
        flat=tuple(name for name, yes in zip(names, curvature.flat, strict=True) if yes),
        n_flat=curvature.n_flat,
        valley=np.concatenate([vector[None], places.ends.vectors[members][: len(members) if curvature.n_flat else 0]]),
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


def _doubts(places: Stationary, n_parameters: int, n_starts: int, n_lost: int) -> tuple[str, ...]:
    """Why there may be other maxima."""
    doubts = []
    if not places.shown(n_parameters):
        expected = expected_in_smaller(places.fewest, n_parameters)
        doubts.append(
            f"that there are no other maxima is not shown: {places.fewest} of {n_starts} starting points reached the "
            f"rarest; one half as wide in each of {n_parameters} parameters would be reached by {expected:.2g}, "
            f"and it takes {EXPECTED:g} to find it for sure. Raise `starts`."
        )
    if n_lost > LOST * n_starts:
        doubts.append(f"{n_lost} of {n_starts} starting points led to no maximum: there may be others.")
    return tuple(doubts)


def _refuse_unconverged(maxima: Maxima | None, places: Stationary, tolerance: float) -> None:
    highest = max([-expansion.value for expansion in places.expansions], default=-np.inf)
    if maxima is None:
        least = min(curvature.slope for curvature in places.curvatures)
        raise NotConverged(
            f"no search for the maximum converged: the smallest gradient norm is {least:.3g} standard deviations, "
            f"above the tolerance {tolerance:g}; the highest log-probability seen is {highest:.6g}."
        )
    if highest > maxima.best.log_prob + 1e-3:
        good = set(places.good)
        stray = min(
            (i for i in range(len(places.expansions)) if i not in good), key=lambda i: places.expansions[i].value
        )
        raise NotConverged(
            f"a search that did not converge (gradient norm {places.curvatures[stray].slope:.3g} standard deviations) "
            f"reached {highest - maxima.best.log_prob:.3g} above the highest maximum that did, log-probability "
            f"{maxima.best.log_prob:.6g}; the maximum is not known.",
            result=maxima,
        )


def _listed(names: list[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return ", ".join(quoted) if len(quoted) <= 6 else ", ".join(quoted[:6]) + f" and {len(quoted) - 6} more"
