"""Minus the log-probability to second order around a point, also where the point lies on a bound."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from dineutrino.inference.coordinates import Box
from dineutrino.inference.evaluation import slopes
from dineutrino.inference.target import Target

STEP = 1e-3
"""Of the difference quotients of the gradient, in units of the scales, or of the narrowest error if that is smaller."""
FIRST_STEP = 1e-6
"""Of the quotients that tell this narrowest error."""
CENTRAL = np.array([1.0, -8.0, 0.0, 8.0, -1.0]) / 12
FORWARD = np.array([-25.0, 48.0, -36.0, 16.0, -3.0]) / 12
"""Weights of the derivative at the point from five equidistant points, around it or on one side of it."""


class Expansion(NamedTuple):
    """Value, gradient and Hessian of minus the log-probability at a vector.

    `asymmetry` is the antisymmetric part of the matrix of difference quotients, which an exact one would not have: it
    tells how large the numerical errors of the Hessian are.
    """

    vector: Float[np.ndarray, " n"]
    value: float
    gradient: Float[np.ndarray, " n"]
    hessian: Float[np.ndarray, "n n"]
    asymmetry: Float[np.ndarray, "n n"]

    @property
    def finite(self) -> bool:
        """Whether everything is a number."""
        return bool(np.isfinite(self.value) and np.isfinite(self.gradient).all() and np.isfinite(self.hessian).all())


def expansions(target: Target, vectors: Float[np.ndarray, "batch n"]) -> list[Expansion]:
    """Expansions around many vectors within the bounds.

    The Hessian is the fourth-order difference quotient of the exact gradient, right to about 1e-10 of its size, and
    one-sided next to a bound: the second derivative by autodiff takes ten times as long to compile (28 s against 3 s
    for the default fit).
    """
    box = Box.of(target)
    vectors = np.asarray(vectors, float)
    batch, n = vectors.shape
    steps = _steps(target, box, vectors)
    offsets, weights = np.zeros((batch, n, 5)), np.zeros((batch, n, 5))
    below, above = vectors - box.lower < 2 * steps, box.upper - vectors < 2 * steps
    offsets[:], weights[:] = np.arange(-2, 3), CENTRAL
    offsets[below], weights[below] = np.arange(5), FORWARD
    offsets[above], weights[above] = -np.arange(5), -FORWARD
    moves = np.einsum("bip,bi,ij->bipj", offsets, steps, np.eye(n))
    stencil = np.clip(vectors[:, None, None] + moves, box.lower, box.upper)
    # the middle of a central stencil and the first of the others are the point itself: computed once
    elsewhere = offsets != 0
    values, gradients = slopes(target, np.concatenate([vectors, stencil[elsewhere]]))
    around = np.broadcast_to(gradients[:batch, None, None], (batch, n, 5, n)).copy()
    around[elsewhere] = gradients[batch:]
    quotients = np.einsum("bip,bipj,bi->bij", weights, around, 1 / steps)
    parabolas = []
    for vector, value, gradient, quotient in zip(vectors, values[:batch], gradients[:batch], quotients, strict=True):
        symmetric, asymmetry = (quotient + quotient.T) / 2, (quotient - quotient.T) / 2
        parabolas.append(Expansion(vector, float(value), gradient, symmetric, asymmetry))
    return parabolas


def _steps(target: Target, box: Box, vectors: Float[np.ndarray, "batch n"]) -> Float[np.ndarray, "batch n"]:
    """Steps in which the log-probability is nearly a parabola: small beside the scales and the narrowest error.

    Scales are guesses: a parameter whose errors are a thousandth of its scale would otherwise be seen as through fog.
    """
    batch, n = vectors.shape
    widths = np.minimum(np.asarray(box.scale), box.upper - box.lower)
    free = np.arange(target.n_parameters)
    short = FIRST_STEP * widths[free]
    short = np.where(vectors[:, free] + short > box.upper[free], -short, short)
    trials = vectors[:, None] + np.einsum("bk,kj->bkj", short, np.eye(n)[free])
    _, gradients = slopes(target, np.concatenate([vectors, trials.reshape(-1, n)]))
    change = gradients[batch:].reshape(batch, len(free), n)[:, np.arange(len(free)), free] - gradients[:batch, free]
    with np.errstate(invalid="ignore", divide="ignore"):
        narrow = 1 / np.sqrt(np.abs(change / short)) / widths[free]
    narrowest = np.min(np.where(np.isfinite(narrow), narrow, 1.0), axis=1, initial=1.0)
    return STEP * narrowest[:, None] * widths


def prepare(target: Target, vector: Float[np.ndarray, " n"]) -> None:
    """Compile what `expansions` and `moved` need."""
    slopes(target, np.asarray(vector, float)[None])


def moved(target: Target, vectors: Float[np.ndarray, "batch n"], near: list[Expansion]) -> list[Expansion]:
    """Expansions a short way off, where the Hessians are still the same: only values and gradients are computed."""
    values, gradients = slopes(target, vectors)
    return [
        expansion._replace(vector=vector, value=float(value), gradient=gradient)
        for vector, value, gradient, expansion in zip(vectors, values, gradients, near, strict=True)
    ]
