"""Coordinates in which a sampler sees a posterior: without bounds, and round around its maxima."""

from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from dineutrino.inference.coordinates import Box, inside, log_slope, squeeze, unsqueeze
from dineutrino.inference.maxima import Maxima, Optimum
from dineutrino.inference.target import log_prob

NEAR = 5.0
"""A maximum closer to a bound than so many standard deviations has a posterior that may reach it."""
LONGEST = 2.0
"""Largest standard deviation of a squeezed entry that the maxima may suggest; that of a uniform density is 1.8."""
ENOUGH, WIDEST = 100, 10.0
"""Draws that tell the widths of a posterior, and the largest correction of a width that they may make."""


class Frame(eqx.Module):
    """vector = mirror(squeeze(centre + root @ u)): from round, unbounded coordinates u to the entries of the vector.

    Where a posterior reaches a bound, the entry runs on into a mirror image beyond it, instead of an endless tail.

    Attributes:
        box: the bounds.
        wide: the same with the images; `squeeze` is into these.
        mirror: the bound that an entry is mirrored at, nan for none.
        centre, root, inverse_root: the linear map.
    """

    box: Box
    wide: Box
    mirror: Float[Array | np.ndarray, " n"]
    centre: Float[Array | np.ndarray, " n"]
    root: Float[Array | np.ndarray, "n n"]
    inverse_root: Float[Array | np.ndarray, "n n"]

    def squeezed(self, u: Float[Array, " n"]) -> Float[Array, " n"]:
        """The coordinates t of `squeeze`."""
        return jnp.asarray(self.centre) + self.root @ u

    def vector(self, u: Float[Array, " n"]) -> Float[Array, " n"]:
        """The vector."""
        y = squeeze(self.wide, self.squeezed(u))
        at = jnp.where(jnp.isnan(self.mirror), y, self.mirror)
        beyond = (y < self.box.lower) | (y > self.box.upper)
        return jnp.where(beyond & ~jnp.isnan(self.mirror), 2 * at - y, y)

    def log_volume(self, u: Float[Array, " n"]) -> Float[Array, ""]:
        """log |d vector / d u|, up to a constant."""
        return jnp.sum(log_slope(self.wide, self.squeezed(u)))

    def log_density(self, target: Any, u: Float[Array, " n"]) -> Float[Array, ""]:
        """Log of the posterior density of u, up to a constant."""
        return log_prob(target, self.vector(u)) + self.log_volume(u)

    def to_round(self, vector: Any, xp: Any = np) -> Any:
        """u at a vector (..., n) strictly within the bounds, with numpy or with `xp=jax.numpy`; not at its image."""
        return (unsqueeze(self.wide, vector, xp) - self.centre) @ self.inverse_root.T

    def fitted(self, draws: Float[np.ndarray, "draw n"]) -> "Frame":
        """The frame in which each round coordinate of these draws has unit variance, and the same centre.

        With too few draws to tell, the frame as it is.
        """
        if len(draws) < ENOUGH:
            return self
        widths = np.clip(np.std(self.to_round(draws), axis=0), 1 / WIDEST, WIDEST)
        root = np.asarray(self.root) * widths
        return eqx.tree_at(lambda f: (f.root, f.inverse_root), self, (root, np.linalg.inv(root)))


class Modes(eqx.Module):
    """Normal approximations at the maxima, in units of the scales: vector = scale * (mean + root @ w), w ~ N(0, 1).

    The roots are symmetric. `log_weights` are Laplace's estimates of the probabilities of the modes.
    """

    scale: Float[Array | np.ndarray, " n"]
    means: Float[Array | np.ndarray, "k n"]
    roots: Float[Array | np.ndarray, "k n n"]
    inverse_roots: Float[Array | np.ndarray, "k n n"]
    log_volumes: Float[Array | np.ndarray, " k"]
    log_weights: Float[Array | np.ndarray, " k"]

    @property
    def count(self) -> int:
        """Number of modes."""
        return len(self.means)

    def nearest(self, vector: Float[Array, " n"]) -> Int[Array, ""]:
        """The mode with the smallest distance in its own metric."""
        differences = vector / self.scale - self.means
        return jnp.argmin(jnp.sum(jnp.einsum("kij,kj->ki", self.inverse_roots, differences) ** 2, axis=1))


def modes_of(box: Box, optima: tuple[Optimum, ...]) -> Modes:
    """Normal approximations at given maxima."""
    scale = np.asarray(box.scale)
    means = np.stack([np.asarray(optimum.vector) / scale for optimum in optima])
    roots = [optimum.root for optimum in optima]
    volumes = np.array([np.linalg.slogdet(root)[1] for root in roots])
    weights = np.array([optimum.log_prob for optimum in optima]) + volumes
    weights -= np.logaddexp.reduce(weights)
    inverse = np.stack([np.linalg.inv(root) for root in roots])
    return Modes(scale, means, np.stack(roots), inverse, volumes, weights)


def frame_of(box: Box, maxima: Maxima, modes: Modes, mirrored: bool = False) -> Frame:
    """The frame centred at the best maximum, in which the average Hessian of the modes is round.

    The average of the Hessians, not of the covariances: the narrowest mode says how long a step may be.

    Args:
        box: bounds and scales.
        maxima: their best one is the centre.
        modes: normal approximations at the maxima.
        mirrored: whether entries that come near a bound are mirrored at it.
    """
    scale = np.asarray(box.scale)
    weights = np.exp(np.asarray(modes.log_weights))
    covariance = np.linalg.inv(np.einsum("k,kij,kjl->il", weights, modes.inverse_roots, modes.inverse_roots))
    best = np.asarray(maxima.best.vector)
    reach = NEAR * scale * np.sqrt(np.einsum("k,kij,kij->i", weights, modes.roots, modes.roots))
    lower, upper = np.asarray(box.lower), np.asarray(box.upper)
    mirror = np.where(best - lower < reach, lower, np.where(upper - best < reach, upper, np.nan))
    mirror = mirror if mirrored else np.full(len(scale), np.nan)
    wide = Box(
        np.where(mirror == lower, 2 * lower - upper, lower), np.where(mirror == upper, 2 * upper - lower, upper), scale
    )
    centre = unsqueeze(wide, inside(box, best, 1e-2))
    # dt/dx of `squeeze`, entry by entry
    slope = scale * np.exp(-np.asarray(log_slope(wide, centre)))
    root = slope[:, None] * np.linalg.cholesky(covariance)
    bounded = np.isfinite(wide.lower) | np.isfinite(wide.upper)
    lengths = np.sqrt(np.sum(root**2, axis=1))
    root = np.where(bounded, np.minimum(1.0, LONGEST / lengths), 1.0)[:, None] * root
    return Frame(box, wide, mirror, centre, root, np.linalg.inv(root))
