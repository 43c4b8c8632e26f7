"""Random likelihoods of the form of branching ratios, sums of |a + M x|^2, and their profiles on dense grids."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from scipy.optimize import minimize


class Forms(eqx.Module):
    """Rates sum_m |a_km + M_kmi x_i|^2 measured with Gaussian errors; all numbers are leaves, so it compiles once."""

    offsets: np.ndarray
    couplings: np.ndarray
    measured: np.ndarray
    errors: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    scale: np.ndarray

    @property
    def names(self):
        return tuple(f"x{i}" for i in range(len(self.scale)))

    @property
    def n_parameters(self):
        return len(self.scale)

    def to_point(self, vector):
        return vector

    def to_vector(self, point):
        return point

    def log_prob(self, x):
        inside = jnp.all((x >= self.lower) & (x <= self.upper))
        return jnp.where(inside, -0.5 * self.chi2(x, jnp), -jnp.inf)

    def chi2(self, x, xp=np):
        """At points (..., n)."""
        amplitudes = xp.asarray(self.offsets) + xp.einsum("kmi,...i->...km", xp.asarray(self.couplings), x)
        rates = xp.sum(amplitudes.real**2 + amplitudes.imag**2, axis=-1)
        return xp.sum(((rates - self.measured) / self.errors) ** 2, axis=-1)


def random_forms(seed, n):
    """Complex couplings; every third entry is the imaginary part of the one before, or couples off the diagonal.

    So the likelihood is even in it, and zero is a symmetric point. Bounds cut into the region that is preferred.
    """
    random = np.random.default_rng(seed)
    k, m = n, 2
    offsets = random.normal(size=(k, m)) + 0.3j * random.normal(size=(k, m))
    couplings = random.normal(size=(k, m, n)) + 0j
    kind = seed % 3
    if kind == 0:  # an imaginary part, with real offsets
        offsets = offsets.real + 0j
        couplings[:, :, 1] = 1j * couplings[:, :, 0]
    elif kind == 1:  # off the diagonal: it adds to the rates and does not interfere
        couplings[:, 0, 1] = offsets[:, 1] = 0.0
        couplings[:, 1, [0, *range(2, n)]] = 0.0
    measured = random.uniform(0.5, 3.0, k) * np.sum(np.abs(offsets) ** 2, axis=1)
    lower, upper = np.full(n, -4.0), np.full(n, 4.0)
    cut = random.integers(n)
    if seed % 2:
        (lower if random.random() < 0.5 else upper)[cut] = random.uniform(-0.7, 0.7)
    errors = random.uniform(0.15, 0.5, k) * measured
    return Forms(offsets, couplings, measured, errors, lower, upper, np.ones(n))


def minimum(target, held, values, points=61, polished=True):
    """Lowest chi2 at values (batch, k) of k held entries: the best points of a dense grid of the others, polished.

    Without polishing the points are moved to the best of ever finer grids around them.
    """
    n = len(target.scale)
    free = [i for i in range(n) if i not in held]
    axes = [np.linspace(target.lower[i], target.upper[i], points if len(free) > 1 else 501) for i in free]
    nodes = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(free))

    def chi2(free_values, held_values):
        x = np.empty((*free_values.shape[:-1], n))
        x[..., held], x[..., free] = held_values, free_values
        return target.chi2(x)

    values = np.asarray(values, float)
    heights = chi2(np.broadcast_to(nodes, (len(values), *nodes.shape)), values[:, None])
    chosen = np.argsort(heights, axis=1)[:, :6]
    centres, best = nodes[chosen], np.take_along_axis(heights, chosen, axis=1)
    step = np.array([axis[1] - axis[0] for axis in axes])
    offsets = np.stack(np.meshgrid(*[np.linspace(-1, 1, 5)] * len(free), indexing="ij"), -1).reshape(-1, len(free))
    for _ in range(12):
        around = np.clip(centres[:, :, None] + step * offsets, target.lower[free], target.upper[free])
        heights = chi2(around, values[:, None, None])
        best = np.min(heights, axis=2)
        centres = np.take_along_axis(around, np.argmin(heights, axis=2)[..., None, None], axis=2)[:, :, 0]
        step = 0.6 * step
    if polished:
        bounds = list(zip(target.lower[free], target.upper[free], strict=True))
        for i, j in np.ndindex(len(values), 2):
            start = centres[i, np.argsort(best[i])[j * 3]]
            end = minimize(lambda z, i=i: chi2(z, values[i]), start, method="L-BFGS-B", bounds=bounds, tol=1e-12)
            best[i, 0] = min(best[i, 0], end.fun)
    return best.min(axis=1)
