"""Coordinates in which a sampler sees a posterior: without bounds, and round around its maxima.

An entry that fills its interval is a normal coordinate's quantile of it. An entry that is narrow is linear, and comes
back as its mirror image where it runs across a bound. In the order of the frame every entry follows those before it as
they are, not their coordinates: so a straight band stays straight, however narrow, and where it meets a bound the
coordinates run back along the band, not across it. That matters, and is done, for entries that are near a bound and
correlated with others; the mirror image of any other entry leaves the rest alone.
"""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import ndtr, ndtri
from jaxtyping import Array, Bool, Float, Int

from dineutrino.inference.coordinates import Box, Numbers, library, mirrored
from dineutrino.inference.optimum import Optimum
from dineutrino.inference.target import Target, log_prob

UNIFORM = 0.3
"""Standard deviation of a uniform density, in units of the interval."""
FILLS = 0.15
"""Standard deviation, in units of the interval, from which on an entry fills it."""
DRAWS_PER_ENTRY = 10
"""Draws that tell a covariance, per entry of the vector."""
LEAST_CHANGE = 2.0
"""Lengths that differ by less than this factor from those of the draws are left alone."""
MOST_CHANGE = 1000.0
"""Largest correction of a length that draws may make."""
NEAR, CORRELATED = 4.0, 0.1
"""Standard deviations from a bound, and the coefficient of correlation, from which on the others follow an entry."""
BEYOND = 3.0
"""Standard deviations outside its bounds to which a band is followed: the mirror image is twice as far away from it."""


class Frame(eqx.Module):
    """From round, unbounded coordinates u to the entries of the vector.

    Entry by entry, in the order of the frame: x = interval quantile of u for an entry that fills its interval, else
    y = centre + root @ w mirrored into the interval, where w is u for the entry itself, and for the first `n_followed`
    entries, where they come before it, what makes this relation, without mirror, true of them.

    Attributes:
        box: the bounds.
        lower, upper: the interval of each entry, in the order of the frame: its bounds, or what the bounds of the
            entries after it leave, see `narrowed`.
        edges: the outermost part of an interval that is narrower than the bounds, where no draw may be.
        fills: entries that fill their interval.
        n_followed: number of entries whose image the others follow; they come first in the order.
        order: place in the vector of each entry in the order of the frame.
        centre, root, inverse_root: the linear map, in that order; the root is lower triangular.
    """

    box: Box
    lower: Float[Array | np.ndarray, " n"]
    upper: Float[Array | np.ndarray, " n"]
    edges: Float[Array | np.ndarray, " n"]
    fills: Bool[Array | np.ndarray, " n"]
    n_followed: int = eqx.field(static=True)
    order: Int[Array | np.ndarray, " n"]
    centre: Float[Array | np.ndarray, " n"]
    root: Float[Array | np.ndarray, "n n"]
    inverse_root: Float[Array | np.ndarray, "n n"]

    def unfolded(self, u: Float[Array, " n"]) -> tuple[Float[Array, " n"], Float[Array, " n"]]:
        """The vector, and the coordinates within the intervals that belong to it."""
        root, centre, order = jnp.asarray(self.root), jnp.asarray(self.centre), jnp.asarray(self.order)
        lower, upper = jnp.asarray(self.lower), jnp.asarray(self.upper)
        start, width = jnp.where(self.fills, lower, 0.0), jnp.where(self.fills, upper - lower, 0.0)
        w, within = u, u
        for i in range(self.n_followed):
            mean = centre[i] + root[i, :i] @ w[:i]
            image = mirrored(mean + root[i, i] * u[i], lower[i], upper[i])
            x = jnp.where(self.fills[i], start[i] + width[i] * ndtr(u[i]), image)
            w = w.at[i].set((x - mean) / root[i, i])
            within = within.at[i].set(jnp.where(self.fills[i], u[i], w[i]))
        x = mirrored(centre + root @ w, lower, upper)
        return jnp.zeros_like(x).at[order].set(x), within

    def vector(self, u: Float[Array, " n"]) -> Float[Array, " n"]:
        """The vector."""
        return self.unfolded(u)[0]

    def log_volume(self, u: Float[Array, " n"]) -> Float[Array, ""]:
        """log |d vector / d u|, up to a constant."""
        return -0.5 * jnp.sum(jnp.where(self.fills, u**2, 0.0))

    def log_density(self, target: Target, u: Float[Array, " n"]) -> Float[Array, ""]:
        """Log of the posterior density of u, up to a constant."""
        return log_prob(target, self.vector(u)) + self.log_volume(u)

    def folded_back(
        self, u: Float[Array, " n"], gradient: Float[Array, " n"]
    ) -> tuple[Float[Array, " n"], Float[Array, " n"], Float[Array, " n"]]:
        """The vector, its coordinates within the intervals, and a gradient at u turned into one there."""
        vector, within = self.unfolded(u)
        m = self.n_followed
        if m:
            turn = jax.jacfwd(lambda head: self.unfolded(u.at[:m].set(head))[1][:m])(u[:m])
            turned = jax.scipy.linalg.solve_triangular(turn, gradient[:m], trans=1, lower=True)
            gradient = gradient.at[:m].set(turned)
        return vector, within, gradient

    def to_round(self, vector: Float[Numbers, "*batch n"]) -> Float[Numbers, "*batch n"]:
        """u within the intervals at a vector."""
        xp = library(vector)
        x = vector[..., xp.asarray(self.order)]
        lower, upper = xp.where(self.fills, self.lower, 0.0), xp.where(self.fills, self.upper, 1.0)
        inner = xp.clip((x - lower) / (upper - lower), 1e-15, 1 - 1e-15)
        quantile = xp.asarray(ndtri(xp.where(self.fills, inner, 0.5)))
        return xp.where(self.fills, quantile, self.linear(vector))

    def linear(self, vector: Float[Numbers, "*batch n"]) -> Float[Numbers, "*batch n"]:
        """The coordinates w of a vector."""
        return (vector[..., library(vector).asarray(self.order)] - self.centre) @ self.inverse_root.T

    def contains(self, vector: Float[Array, " n"]) -> Bool[Array, ""]:
        """Whether a vector is within the intervals."""
        x = vector[jnp.asarray(self.order)]
        return jnp.all((x > self.lower) & (x < self.upper))

    def at_edge(self, vectors: Float[np.ndarray, "*batch n"]) -> int:
        """Number of vectors at the edge of an interval that is narrower than the bounds: there must be none."""
        x = vectors[..., np.asarray(self.order)]
        lower, upper = (np.asarray(values)[self.order] for values in (self.box.lower, self.box.upper))
        cut_below, cut_above = self.lower > lower, self.upper < upper
        edge = (cut_below & (x < self.lower + self.edges)) | (cut_above & (x > self.upper - self.edges))
        return int(np.sum(np.any(edge, axis=-1)))

    def narrowed(self, draws: Float[np.ndarray, "draw n"]) -> "Frame":
        """The frame whose intervals end where the band leaves the bounds of another entry.

        Where a narrow band leaves the box through the bound of one entry, the others do not reach theirs: the density
        falls steeply as soon as the band is outside. A long step lands far out there, on a slope that is too steep for
        it. So the interval of an entry ends `BEYOND` standard deviations of the entries after it outside their bounds,
        and is mirrored there, but never short of any of the draws, which are of a sampler without a frame.
        """
        covariance = np.asarray(self.root) @ np.asarray(self.root).T
        lower, upper, edges = np.array(self.lower), np.array(self.upper), np.array(self.edges)
        reached = draws[:, np.asarray(self.order)]
        for i in np.flatnonzero(np.isfinite(upper - lower)) if len(draws) else ():
            for j in range(i + 1, self.n_followed):
                slope = covariance[j, i] / covariance[i, i]
                width = np.sqrt(covariance[j, j] - slope**2 * covariance[i, i])
                ends = np.array([self.lower[j] - BEYOND * width, self.upper[j] + BEYOND * width]) - self.centre[j]
                if slope == 0 or not np.isfinite(ends).all():
                    continue
                low, high = np.sort(self.centre[i] + ends / slope)
                margin = BEYOND * width / abs(slope)
                low, high = min(low, reached[:, i].min() - margin), max(high, reached[:, i].max() + margin)
                if low > lower[i] or high < upper[i]:
                    lower[i], upper[i] = max(lower[i], low), min(upper[i], high)
                    edges[i] = max(edges[i], margin / 4)
        return eqx.tree_at(lambda f: (f.lower, f.upper, f.edges), self, (lower, upper, edges))

    def fitted(self, draws: Float[np.ndarray, "draw n"]) -> "Frame":
        """The frame in which these draws are round, and the same centre.

        Only lengths along principal axes that differ by much are changed, and none if the draws are too few to tell.
        """
        n = len(self.centre)
        if len(draws) < DRAWS_PER_ENTRY * n:
            return self
        values, axes = np.linalg.eigh(np.cov(self.linear(draws), rowvar=False).reshape(n, n))
        lengths = np.sqrt(np.clip(values, MOST_CHANGE**-2, MOST_CHANGE**2))
        lengths = np.where(np.abs(np.log(lengths)) > np.log(LEAST_CHANGE), lengths, 1.0)
        root = np.asarray(self.root) @ (axes * lengths)
        covariance = np.empty((n, n))
        covariance[np.ix_(self.order, self.order)] = root @ root.T
        centre = np.empty(n)
        centre[self.order] = self.centre
        return frame_at(self.box, centre, covariance)


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
        """The mode with the smallest distance in its own metric; 0 if no mode is known."""
        if self.count == 0:
            return jnp.asarray(0)
        differences = vector / self.scale - self.means
        return jnp.argmin(jnp.sum(jnp.einsum("kij,kj->ki", self.inverse_roots, differences) ** 2, axis=1))


def modes_of(box: Box, optima: tuple[Optimum, ...]) -> Modes:
    """Normal approximations at given maxima."""
    scale = np.asarray(box.scale)
    n, k = len(scale), len(optima)
    means = np.array([np.asarray(optimum.vector) / scale for optimum in optima]).reshape(k, n)
    roots = np.array([optimum.root for optimum in optima]).reshape(k, n, n)
    volumes = np.linalg.slogdet(roots)[1]
    weights = np.array([optimum.log_prob for optimum in optima]) + volumes
    weights -= np.logaddexp.reduce(weights)
    return Modes(scale, means, roots, np.linalg.inv(roots), volumes, weights)


def frame_of(box: Box, modes: Modes) -> Frame:
    """The frame centred at the first mode, in which the average Hessian of the modes is round.

    The average of the Hessians, not of the covariances: the narrowest mode says how long a step may be. Along flat
    directions the length is that of the bounds. Without modes, the scales and the bounds say it all.
    """
    scale, lower, upper = (np.asarray(values) for values in (box.scale, box.lower, box.upper))
    precision = np.diag((scale / (UNIFORM * (upper - lower))) ** 2)
    if modes.count:
        weights = np.exp(np.asarray(modes.log_weights))
        precision += np.einsum("k,kij,kjl->il", weights, modes.inverse_roots, modes.inverse_roots)
        centre = np.clip(scale * np.asarray(modes.means[0]), lower, upper)
    else:
        precision += np.eye(len(scale))
        centre = np.clip(np.zeros_like(scale), lower, upper)
    return frame_at(box, centre, np.linalg.inv(precision) * np.outer(scale, scale))


def frame_at(box: Box, centre: Float[np.ndarray, " n"], covariance: Float[np.ndarray, "n n"]) -> Frame:
    """The frame with this centre in which this covariance is round.

    Entries that the others follow come first, and of them the one first that fills its interval most: it is the one
    that ends a band.
    """
    errors = np.sqrt(np.diag(covariance))
    lower, upper = np.asarray(box.lower), np.asarray(box.upper)
    distance = np.maximum(np.minimum(np.abs(centre - lower), np.abs(upper - centre)), 0.0)
    filled = errors / np.where(np.isfinite(upper - lower), upper - lower, distance + errors)
    correlation = np.max(np.abs(covariance / np.outer(errors, errors) - np.eye(len(errors))), axis=1)
    followed = (distance < NEAR * errors) & (correlation > CORRELATED) | (errors > FILLS * (upper - lower))
    order = np.argsort(np.where(followed, -filled, np.inf), kind="stable")
    root = np.linalg.cholesky(covariance[np.ix_(order, order)])
    intervals = lower[order], upper[order], np.zeros(len(order))
    fills = np.diag(root) > FILLS * (upper - lower)[order]
    return Frame(box, *intervals, fills, int(followed.sum()), order, centre[order], root, np.linalg.inv(root))
