"""Families of targets that share one compiled program: only their numbers differ."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np


class Family(eqx.Module):
    """A target whose point is its vector, all of whose entries are parameters."""

    lower: jax.Array
    upper: jax.Array
    scale: jax.Array

    @property
    def names(self):
        return tuple(f"x{i}" for i in range(len(self.lower)))

    @property
    def n_parameters(self):
        return len(self.lower)

    def to_point(self, vector):
        return vector

    def to_vector(self, point):
        return point

    def predict(self, point):
        return {"first": point[0]}

    def log_likelihoods(self, point):
        return {"whole": self.log_prob(point)}


class Normal(Family):
    """A normal density."""

    mean: jax.Array
    precision: jax.Array

    def log_prob(self, v):
        return -0.5 * (v - self.mean) @ self.precision @ (v - self.mean)


class Mixture(Family):
    """A sum of round normal densities."""

    means: jax.Array
    widths: jax.Array
    weights: jax.Array

    def log_prob(self, v):
        distance2 = jnp.sum((v - self.means) ** 2, axis=1) / self.widths**2
        return jax.nn.logsumexp(jnp.log(self.weights) - len(v) * jnp.log(self.widths) - 0.5 * distance2)


class Rates(Family):
    """Rates sum_i |sm_i + (M x)_i|^2, each measured; `M` has the shape (rate, amplitude, n), complex."""

    sm: jax.Array
    matrix: jax.Array
    measured: jax.Array
    error: jax.Array

    def rates(self, v):
        return jnp.sum(jnp.abs(self.sm + self.matrix @ v) ** 2, axis=1)

    def log_prob(self, v):
        return -0.5 * jnp.sum(((self.rates(v) - self.measured) / self.error) ** 2)


def bounds(n, lower=-np.inf, upper=np.inf, scale=1.0):
    """Bounds and scales, the same or different for each entry."""
    return {
        name: jnp.asarray(np.broadcast_to(np.asarray(value, float), (n,)))
        for name, value in (("lower", lower), ("upper", upper), ("scale", scale))
    }


def mixture(n, components, seed, reach=10.0, widths=(0.5, 1.5)):
    """Components of unequal weight and width, spread over a cube."""
    random = np.random.default_rng(seed)
    return Mixture(
        **bounds(n, -20, 20, 4.0),
        means=jnp.asarray(random.uniform(-reach, reach, (components, n))),
        widths=jnp.asarray(random.uniform(*widths, components)),
        weights=jnp.asarray(random.dirichlet(np.full(components, 2.0))),
    )
