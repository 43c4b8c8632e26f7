"""Targets whose maxima, profiles and posteriors are known in closed form or by quadrature."""

from collections.abc import Callable
from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np


@dataclass(frozen=True, eq=False)
class Toy:
    """A target made of a log-density of the vector. The first `n_parameters` entries are parameters."""

    density: Callable
    names: tuple
    n_parameters: int
    lower: np.ndarray
    upper: np.ndarray
    scale: np.ndarray
    observed_data: dict = field(default_factory=dict)
    provenance: dict = field(default_factory=dict)

    def to_point(self, vector):
        free = {name: vector[i] for i, name in enumerate(self.names[: self.n_parameters])}
        return free | {"nuisances": {"block": vector[self.n_parameters :]}}

    def to_vector(self, point):
        free = [jnp.atleast_1d(point[name]) for name in self.names[: self.n_parameters]]
        return jnp.concatenate([*free, point["nuisances"]["block"]])

    def log_prob(self, point):
        return self.density(self.to_vector(point))

    def predict(self, point):
        vector = self.to_vector(point)
        return {"BR(second)": vector[0] ** 2, "BR(first)": vector[0]}

    def log_likelihoods(self, point):
        return {"whole": self.log_prob(point)}


def toy(density, n_parameters, n, *, lower=None, upper=None, scale=None, **more):
    """A toy with parameters x0, x1, ... and nuisances "block: z0", ..."""
    names = tuple(f"x{i}" for i in range(n_parameters)) + tuple(f"block: z{i}" for i in range(n - n_parameters))
    unbounded = np.full(n, np.inf)
    lower = -unbounded if lower is None else np.asarray(lower, float)
    upper = unbounded if upper is None else np.asarray(upper, float)
    return Toy(density, names, n_parameters, lower, upper, np.ones(n) if scale is None else np.asarray(scale), **more)


def covariance(n, seed=3):
    """A correlated covariance matrix with sizes between 0.3 and 3."""
    random = np.random.default_rng(seed)
    a = random.normal(size=(n, n))
    correlation = a @ a.T + n * np.eye(n) / 3
    d = np.geomspace(0.3, 3, n) / np.sqrt(np.diag(correlation))
    return correlation * np.outer(d, d)


def gaussian(mean, cov, n_parameters=2, **more):
    """A normal density."""
    mean, precision = jnp.asarray(mean), jnp.asarray(np.linalg.inv(cov))
    return toy(lambda v: -0.5 * (v - mean) @ precision @ (v - mean), n_parameters, len(mean), **more)


# ---- sign degeneracy: chi2 = ((|1 + x|^2 (1 + a.z) - R)/s)^2 + ((x - prior_mean)/prior_width)^2 + z.z

RATE, WIDTH, SLOPES = 4.0, 0.6, np.array([0.06, 0.04, 0.03])
PRIOR_MEAN, PRIOR_WIDTH = 0.6, 2.5


def sign_degenerate():
    """|1 + x|^2 measured as RATE +- WIDTH with nuisances in its normalisation; a weak prior prefers x > -1."""

    def density(v):
        x, z = v[0], v[1:]
        prediction = (1 + x) ** 2 * (1 + jnp.asarray(SLOPES) @ z)
        return -0.5 * (((prediction - RATE) / WIDTH) ** 2 + ((x - PRIOR_MEAN) / PRIOR_WIDTH) ** 2 + z @ z)

    return toy(density, 1, 4, scale=[2.0, 1, 1, 1], lower=[-20, *[-np.inf] * 3], upper=[20, *[np.inf] * 3])


def sign_degenerate_chi2(x, z0=None):
    """The profile in closed form: the other nuisances only widen the measurement."""
    a2 = (1 + x) ** 2
    slopes, shift, penalty = SLOPES, 0.0, 0.0
    if z0 is not None:
        slopes, shift, penalty = SLOPES[1:], SLOPES[0] * z0, z0**2
    variance = WIDTH**2 + a2**2 * np.sum(slopes**2)
    return (a2 * (1 + shift) - RATE) ** 2 / variance + ((x - PRIOR_MEAN) / PRIOR_WIDTH) ** 2 + penalty


def sign_degenerate_weight():
    """Probability of x > -1: the nuisances integrated in closed form, x by quadrature."""
    x = np.linspace(-12, 12, 200_001)
    variance = WIDTH**2 + (1 + x) ** 4 * np.sum(SLOPES**2)
    p = np.exp(-0.5 * sign_degenerate_chi2(x)) / np.sqrt(variance)
    return float(p[x > -1].sum() / p.sum())


# ---- two normal densities with known weights

MIXTURE_WEIGHT = 0.3


def mixture(n=10):
    """0.3 N(-4, A) + 0.7 N(+4, B) in n dimensions, A and B differing in size and correlations."""
    covs = [0.5 * covariance(n, 1) / 2, 1.5 * covariance(n, 2) / 2]
    means = [np.full(n, -4.0), np.full(n, 4.0)]
    precisions = [jnp.asarray(np.linalg.inv(c)) for c in covs]
    log_weights = [
        np.log(w) - 0.5 * np.linalg.slogdet(c)[1]
        for w, c in zip((MIXTURE_WEIGHT, 1 - MIXTURE_WEIGHT), covs, strict=True)
    ]

    def density(v):
        parts = [lw - 0.5 * (v - m) @ p @ (v - m) for lw, m, p in zip(log_weights, means, precisions, strict=True)]
        return jnp.logaddexp(*parts)

    return toy(density, n, n, scale=np.full(n, 4.0))


# ---- others

BANANA = 0.8


def banana():
    """x0 ~ N(0, 2), x1 ~ N(BANANA x0^2, 0.5)."""
    return toy(lambda v: -0.5 * ((v[0] / 2) ** 2 + ((v[1] - BANANA * v[0] ** 2) / 0.5) ** 2), 2, 2)


def at_bound():
    """A correlated normal density whose centre (3, 1) lies beyond the bound x0 <= 2."""
    cov = np.array([[1.0, 0.6], [0.6, 2.0]])
    return gaussian([3.0, 1.0], cov, 1, lower=[-6, -np.inf], upper=[2, np.inf]), cov


def ring():
    """|1 + z|^2 measured, z complex: maxima on a circle around -1."""
    return toy(lambda v: -0.5 * (((1 + v[0]) ** 2 + v[1] ** 2 - 4) / 0.5) ** 2 - 0.5 * v[2] ** 2, 2, 3)


def unused():
    """The sign-degenerate measurement with a second parameter that nothing depends on."""
    return toy(lambda v: -0.5 * (((1 + v[0]) ** 2 - 4) / 0.5) ** 2 - 0.5 * v[2] ** 2, 2, 3)


def runaway():
    """Rises for ever."""
    return toy(lambda v: jnp.sum(jnp.arcsinh(v)), 1, 2)


def not_a_number():
    """Undefined for negative x0."""
    return toy(lambda v: -0.5 * jnp.sum(v**2) + jnp.log(v[0]), 1, 2)


def halves():
    """Normal in x0 > 0 (half-normal) and uniform in 0 < x1 < 1."""
    return toy(lambda v: -0.5 * v[0] ** 2 - 0.5 * v[2] ** 2, 2, 3, lower=[0, 0, -np.inf], upper=[np.inf, 1, np.inf])


key = jax.random.key


def plateau():
    """A coupling, a mixing angle and a phase: where one of the first two vanishes nothing depends on the others."""
    return toy(
        lambda v: -0.5 * ((v[0] ** 2 * jnp.sin(v[1]) * jnp.cos(v[2]) - 0.3) / 0.1) ** 2,
        3, 3, lower=[0, 0, -1.5], upper=[3, 1.5, 1.5], scale=[0.75, 0.4, 0.75],
    )  # fmt: skip
