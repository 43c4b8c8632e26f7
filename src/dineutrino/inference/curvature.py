"""What the second derivatives at an optimum say: its kind, errors, flat directions, bounds."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from dineutrino.inference.coordinates import Box, fold
from dineutrino.inference.search import Expansion, spectrum

AT_BOUND = 1e-9
"""An entry closer to its bound than this, in units of its scale, is at the bound."""
FLAT = 1e-8
"""A direction whose error would exceed 1e4 scales, i.e. whose curvature is below this, is flat."""
TOUCHED = 1e-6
"""An entry is touched by a flat direction if the squared component of the direction along it is above this."""


@dataclass(frozen=True)
class Curvature:
    """Second-order description of minus the log-probability at an optimum.

    Attributes:
        slope: norm of the gradient in standard deviations: the distance to the exact optimum along curved directions,
            and the change per scale along flat ones.
        saddle: whether the log-probability rises to second order in some direction.
        covariance: inverse Hessian; entries at a bound are held there (their rows are nan), entries touched by a flat
            direction have infinite variance (and nan covariances).
        flat: entries touched by a flat direction.
        at_bound: entries at a bound.
    """

    slope: float
    saddle: bool
    covariance: Float[np.ndarray, "n n"]
    flat: Bool[np.ndarray, " n"]
    at_bound: Bool[np.ndarray, " n"]


def describe(box: Box, point: Float[np.ndarray, " n"], expansion: Expansion) -> Curvature:
    """Read the curvature off an expansion around a point of the coordinates of `fold`."""
    scale, lower, upper = np.asarray(box.scale), box.lower, box.upper
    slope, smallest = slope_of(scale, expansion)
    at_bound = np.minimum(expansion.vector - lower, upper - expansion.vector) < AT_BOUND * scale
    free = np.flatnonzero(~at_bound)
    unit = scale[free] / np.asarray(_stretch(box, point))[free]
    covariance = np.full((len(scale), len(scale)), np.nan)
    flat = np.zeros(len(scale), bool)
    if free.size and expansion.finite:
        # entries that are free, in units of their scales
        values_free, vectors_free = np.linalg.eigh(unit[:, None] * expansion.hessian[np.ix_(free, free)] * unit)
        is_flat = values_free < _floor(values_free)
        touched = np.sum(vectors_free[:, is_flat] ** 2, axis=1) > TOUCHED
        flat[free[touched]] = True
        inverse = (vectors_free[:, ~is_flat] / values_free[~is_flat]) @ vectors_free[:, ~is_flat].T
        inverse[touched] = inverse[:, touched] = np.nan
        inverse[touched, touched] = np.inf
        covariance[np.ix_(free, free)] = inverse * np.outer(scale[free], scale[free])
    return Curvature(slope, smallest < 0, covariance, flat, at_bound)


def local_root(
    box: Box, point: Float[np.ndarray, " n"], hessian: Float[np.ndarray, "n n"], at_bound: Bool[np.ndarray, " n"]
) -> Float[np.ndarray, "n n"]:
    """Symmetric root R of the covariance at an optimum, in units of the scales: vector = optimum + scale * (R @ w).

    Along entries at a bound the log-probability falls linearly; their length is that over which it falls by one.

    Args:
        box: bounds and scales.
        point: the optimum in the coordinates of `fold`.
        hessian: of minus the log-probability in these coordinates.
        at_bound: entries at a bound.
    """
    scale = np.asarray(box.scale)
    unit = scale / np.where(at_bound, 1.0, _stretch(box, point))
    curvature = unit[:, None] * hessian * unit
    # next to a bound x = bound -+ t^2 / (2 width), so that the slope in x is width times the second derivative in t
    width = np.where(np.isfinite(box.upper - box.lower), (box.upper - box.lower) / 2, scale)
    slope = np.maximum(np.diag(hessian), 0.0) * width * scale
    curvature[at_bound] = curvature[:, at_bound] = 0.0
    curvature[at_bound, at_bound] = slope[at_bound] ** 2
    return root_of_inverse(np.ones(len(scale)), curvature)


@jax.jit
def _stretch(box: Box, point: Float[Array | np.ndarray, " n"]) -> Float[Array, " n"]:
    """dx/dt of `fold`: 1 far from the bounds, 0 at them."""
    return jax.jvp(lambda t: fold(box, t), (point,), (jnp.ones_like(point),))[1]


def slope_of(scale: Float[np.ndarray, " n"], expansion: Expansion) -> tuple[float, float]:
    """Norm of the gradient in standard deviations, and the smallest curvature (0 if it is not told from zero)."""
    if not expansion.finite:
        return np.inf, 0.0
    values, vectors = expansion.spectrum
    floor = _floor(values)
    along = vectors.T @ (expansion.gradient * scale)
    curved = values > floor
    slope = float(np.sqrt(np.sum(along[curved] ** 2 / values[curved]) + np.sum(along[~curved] ** 2)))
    return slope, float(values[0]) if abs(values[0]) > floor else 0.0


def newton_step(scale: Float[np.ndarray, " n"], expansion: Expansion) -> Float[np.ndarray, " n"]:
    """Newton step downhill along the curved directions; none along flat ones."""
    if not expansion.finite:
        return np.zeros(len(scale))
    values, vectors = expansion.spectrum
    along = vectors.T @ (expansion.gradient * scale)
    curved = np.abs(values) > _floor(values)
    return -scale * (vectors[:, curved] @ (along[curved] / np.abs(values[curved])))


def root_of_inverse(
    scale: Float[np.ndarray, " n"], hessian: Float[np.ndarray, "n n"], longest: float = 10.0
) -> Float[np.ndarray, "n n"]:
    """Symmetric root R of the inverse of a Hessian in units of the scales: covariance = (scale R)(scale R)^T.

    Directions that are flat, or not curved downwards, get a length of at most `longest` scales.
    """
    values, vectors = spectrum(scale, hessian)
    lengths = 1 / np.sqrt(np.maximum(values, longest**-2))
    return (vectors * lengths) @ vectors.T


def _floor(values: Float[np.ndarray, " m"]) -> float:
    """Smallest curvature that is told from zero: FLAT, or rounding of the largest."""
    return max(FLAT, 1e-13 * float(np.max(np.abs(values), initial=0.0)))
