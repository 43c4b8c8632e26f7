"""Coordinates without bounds, for searches and for sampling.

A search must be able to end at a bound, so `fold` folds the line onto the interval and reaches its ends at finite
distance, with zero slope (the sine map of Minuit, F. James and M. Roos, Comput. Phys. Commun. 10 (1975) 343). A sampler
must keep the density, so `mirrored` lays mirror images of the interval side by side: its slope is 1 or -1.

Arrays of numpy and of JAX go through the same formulas, each computed by its own library.
"""

from types import ModuleType
from typing import TypeVar

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.inference.target import Target

Numbers = TypeVar("Numbers", Array, np.ndarray)
"""Arrays of either library: what comes in is what goes out."""


class Box(eqx.Module):
    """Bounds and typical sizes of the entries of a vector."""

    lower: Float[Array | np.ndarray, " n"]
    upper: Float[Array | np.ndarray, " n"]
    scale: Float[Array | np.ndarray, " n"]

    @classmethod
    def of(cls, target: Target) -> "Box":
        """The bounds and scales of a target, on the host."""
        return cls(*(np.asarray(values, float) for values in (target.lower, target.upper, target.scale)))


def library(numbers: Numbers) -> ModuleType:
    """The library that an array belongs to, numpy or jax.numpy: the Python array API standard."""
    return numbers.__array_namespace__()


def _kinds(box: Box, xp: ModuleType) -> tuple[Array | np.ndarray, ...]:
    """Which entries have both bounds, only a lower one, only an upper one."""
    below, above = xp.isfinite(box.lower), xp.isfinite(box.upper)
    return below & above, below & ~above, above & ~below


def _finite(box: Box, xp: ModuleType) -> tuple[Array | np.ndarray, ...]:
    """Bounds with 0 and 1 instead of those that are missing: safe to compute with."""
    return xp.where(xp.isfinite(box.lower), box.lower, 0.0), xp.where(xp.isfinite(box.upper), box.upper, 1.0)


def fold(box: Box, t: Float[Numbers, "*batch n"]) -> Float[Numbers, "*batch n"]:
    """The vector at search coordinates t: a sine between two bounds, a hyperbola above or below one.

    Far from the bounds dx/dt = 1, so sizes and curvatures keep their meaning.
    """
    xp = library(t)
    both, only_lower, only_upper = _kinds(box, xp)
    lower, upper = _finite(box, xp)
    middle, half = (lower + upper) / 2, xp.where(both, (upper - lower) / 2, 1.0)
    between = middle + half * xp.sin((t - middle) / half)
    above = lower + box.scale * (xp.sqrt(((t - lower) / box.scale) ** 2 + 1) - 1)
    below = upper - box.scale * (xp.sqrt(((t - upper) / box.scale) ** 2 + 1) - 1)
    return xp.clip(xp.select([both, only_lower, only_upper], [between, above, below], t), box.lower, box.upper)


def stretch(box: Box, t: Float[np.ndarray, "*batch n"]) -> Float[np.ndarray, "*batch n"]:
    """dx/dt of `fold`, on the host: 1 far from the bounds, 0 at them."""
    both, only_lower, only_upper = _kinds(box, np)
    lower, upper = _finite(box, np)
    middle, half = (lower + upper) / 2, np.where(both, (upper - lower) / 2, 1.0)
    above, below = (t - lower) / box.scale, (upper - t) / box.scale
    slopes = [np.cos((t - middle) / half), above / np.sqrt(above**2 + 1), below / np.sqrt(below**2 + 1)]
    return np.select([both, only_lower, only_upper], slopes, np.ones_like(t))


def unfold(box: Box, x: Float[np.ndarray, "*batch n"]) -> Float[np.ndarray, "*batch n"]:
    """The search coordinates of a vector within the bounds: inverse of `fold` on its first branch."""
    both, only_lower, only_upper = _kinds(box, np)
    lower, upper = _finite(box, np)
    middle, half = (lower + upper) / 2, np.where(both, (upper - lower) / 2, 1.0)
    between = middle + half * np.arcsin(np.clip((x - middle) / half, -1.0, 1.0))
    above = lower + box.scale * np.sqrt((np.maximum(x - lower, 0.0) / box.scale + 1) ** 2 - 1)
    below = upper - box.scale * np.sqrt((np.maximum(upper - x, 0.0) / box.scale + 1) ** 2 - 1)
    return np.select([both, only_lower, only_upper], [between, above, below], x)


def inside(box: Box, x: Float[np.ndarray, "*batch n"], margin: float) -> Float[np.ndarray, "*batch n"]:
    """Move a vector off its bounds, by `margin` scales or that fraction of the interval if this is less."""
    step = margin * np.minimum(box.scale, box.upper - box.lower)
    return np.clip(x, box.lower + step, box.upper - step)


def mirrored(
    y: Float[Array, "*shape"], lower: Float[Array | np.ndarray, "*shape"], upper: Float[Array | np.ndarray, "*shape"]
) -> Float[Array, "*shape"]:
    """Entries within their bounds that y are images of: a triangle wave, or an edge at a single bound."""
    below, above = jnp.isfinite(lower), jnp.isfinite(upper)
    low, high = jnp.where(below, lower, 0.0), jnp.where(above, upper, 1.0)
    width = jnp.where(below & above, upper - lower, 1.0)
    phase = jnp.mod(y - low, 2 * width)
    between = jnp.where(phase > width, low + 2 * width - phase, low + phase)
    return jnp.select([below & above, below, above], [between, low + jnp.abs(y - low), high - jnp.abs(high - y)], y)
