"""Posteriors of known weights: is the answer right, or at least flagged?

    python -m benchmarks.modes [seeds] [names]

Every case is a family of mixtures of normal densities or a product of double wells, one member per seed. An answer is
right if the mean responsibility of every component is its weight within `PULL` standard deviations of Monte Carlo. An
answer that is wrong and passes all checks is silently wrong; there must be none. An answer that is right and flagged
costs confidence only, so that is counted too.
"""

import sys
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.inference import maximum, posterior
from dineutrino.inference.convergence import effective_samples

COMPONENTS = 9
"""Components of a mixture, at most; absent ones have no weight."""
PULL = 4.0
"""Standard deviations of Monte Carlo that a right answer may be off by."""
SMALLEST = 0.002
"""Error of a weight that is never counted as smaller, in absolute terms: as of a quarter million draws."""


class Flat(eqx.Module):
    """What makes a target of a density of a flat vector."""

    scale: Float[Array, " n"]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the entries."""
        return tuple(f"x{i}" for i in range(len(self.scale)))

    @property
    def n_parameters(self) -> int:
        """All of them."""
        return len(self.scale)

    @property
    def lower(self) -> Float[Array, " n"]:
        """No bound."""
        return jnp.full_like(self.scale, -jnp.inf)

    @property
    def upper(self) -> Float[Array, " n"]:
        """No bound."""
        return jnp.full_like(self.scale, jnp.inf)

    def to_point(self, vector: Float[Array, " n"]) -> Float[Array, " n"]:
        """The vector itself."""
        return vector

    def to_vector(self, point: Float[Array, " n"]) -> Float[Array, " n"]:
        """The point itself."""
        return point

    def predict(self, point: Float[Array, " n"]) -> Mapping[str, Float[Array, ""]]:
        """The first entry."""
        return {"x0": point[0]}

    def log_prob(self, point: Float[Array, " n"]) -> Float[Array, ""]:
        """Of all components together."""
        return jax.scipy.special.logsumexp(self.parts(point))

    def log_likelihoods(self, point: Float[Array, " n"]) -> Mapping[str, Float[Array, ""]]:
        """The whole."""
        return {"whole": self.log_prob(point)}

    def parts(self, point: Float[Array, " n"]) -> Float[Array, " k"]:
        """Log-densities of the components, times their weights."""
        raise NotImplementedError


class Mixture(Flat):
    """Normal densities with independent entries."""

    weights: Float[Array, " k"]
    means: Float[Array, "k n"]
    widths: Float[Array, "k n"]

    def parts(self, point: Float[Array, " n"]) -> Float[Array, " k"]:
        """Log-densities of the components, times their weights."""
        logs = -0.5 * ((point - self.means) / self.widths) ** 2 - jnp.log(self.widths)
        return jnp.log(self.weights) + jnp.sum(logs, axis=1)


class Wells(Flat):
    """A product of double wells: every entry is normal around +4 or -4, of unequal weight and width."""

    up: Float[Array, " n"]
    widths: Float[Array, "2 n"]

    def log_prob(self, point: Float[Array, " n"]) -> Float[Array, ""]:
        """The product of the wells."""
        return jnp.sum(jax.scipy.special.logsumexp(self.wells(point), axis=0))

    def wells(self, point: Float[Array, " n"]) -> Float[Array, "2 n"]:
        """Both sides of every well."""
        places, weights = jnp.array([[4.0], [-4.0]]), jnp.stack([self.up, 1 - self.up])
        return jnp.log(weights / self.widths) - 0.5 * ((point - places) / self.widths) ** 2


@dataclass(frozen=True)
class Case:
    """A family of targets, and the number of starts of the search for maxima; None for as many as it takes."""

    make: Callable[[np.random.Generator], Flat]
    starts: int | None = None


def _mixture(n: int, narrowest: float) -> Callable[[np.random.Generator], Mixture]:
    def make(random: np.random.Generator) -> Mixture:
        k = random.integers(3, COMPONENTS + 1)
        weights = np.zeros(COMPONENTS)
        weights[:k] = random.dirichlet(np.full(k, 3.0))
        means = random.uniform(-8, 8, (COMPONENTS, n))
        widths = np.exp(random.uniform(np.log(narrowest), 0, (COMPONENTS, 1))) * random.uniform(
            0.8, 1.25, (COMPONENTS, n)
        )
        return Mixture(*map(jnp.asarray, (np.full(n, 4.0), weights, means, widths)))

    return make


def _wells(n: int) -> Callable[[np.random.Generator], Wells]:
    def make(random: np.random.Generator) -> Wells:
        return Wells(*map(jnp.asarray, (np.ones(n), random.uniform(0.15, 0.85, n), random.uniform(0.5, 1.5, (2, n)))))

    return make


def _pair(n: int, weight: float, width: float, distance: float) -> Callable[[np.random.Generator], Mixture]:
    """A standard normal density, and another one in a random direction."""

    def make(random: np.random.Generator) -> Mixture:
        direction = random.normal(size=n)
        weights, means, widths = np.zeros(COMPONENTS), np.zeros((COMPONENTS, n)), np.ones((COMPONENTS, n))
        weights[:2], means[1], widths[1] = (1 - weight, weight), distance * direction / np.linalg.norm(direction), width
        return Mixture(*map(jnp.asarray, (np.ones(n), weights, means, widths)))

    return make


CASES = {
    "mixture, n = 5": Case(_mixture(5, 0.5)),
    "mixture, n = 5, 8 starts": Case(_mixture(5, 0.5), 8),
    "mixture, n = 10": Case(_mixture(10, 0.5)),
    "mixture, n = 10, 8 starts": Case(_mixture(10, 0.5), 8),
    "mixture, n = 20": Case(_mixture(20, 0.5)),
    "mixture, n = 20, 8 starts": Case(_mixture(20, 0.5), 8),
    "2^5 signs": Case(_wells(5)),
    "2^5 signs, 8 starts": Case(_wells(5), 8),
    "2^6 signs": Case(_wells(6)),
    "2^6 signs, 8 starts": Case(_wells(6), 8),
    "spike of 30%, n = 5": Case(_pair(5, 0.3, 0.1, 5.0)),
    "spike of 30%, n = 5, 8 starts": Case(_pair(5, 0.3, 0.1, 5.0), 8),
    "60% at 300 scales, n = 5": Case(_pair(5, 0.6, 1.0, 300.0)),
    "60% at 300 scales, n = 5, 8 starts": Case(_pair(5, 0.6, 1.0, 300.0), 8),
}


@dataclass(frozen=True)
class Outcome:
    """Whether the answer of one seed was right, and whether it was flagged; what the checks say."""

    right: bool
    flagged: bool
    said: str

    @property
    def silent(self) -> bool:
        """Wrong without a word."""
        return not self.right and not self.flagged


def outcome(case: Case, seed: int, draws: int = 1000) -> Outcome:
    """Sample one member of a family, and compare with its known weights."""
    target = case.make(np.random.default_rng(seed))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        key = jax.random.key(seed)
        if case.starts is None:
            maxima = maximum(target, key)
        else:  # without the doubts that so few starts raise, to see what the audit says by itself
            maxima = replace(maximum(target, key, starts=case.starts), doubts=())
        idata = posterior(target, key, maxima=maxima, warmup=300, draws=draws, progress=False)
    entries = np.stack([idata.posterior[name].values for name in target.names], axis=-1)
    expected, shares = _shares(target, entries)
    pulls = []
    for weight, share in zip(expected, shares, strict=True):
        error = share.std() / np.sqrt(max(effective_samples(share), 1.0))
        pulls.append(abs(share.mean() - weight) / max(error, SMALLEST))
    return Outcome(max(pulls) < PULL, not idata.attrs["diagnostics_passed"], str(idata.attrs["diagnostics"]))


@eqx.filter_jit
def _responsibilities(target: Flat, vectors: Float[Array, "draw n"]) -> Float[Array, "draw k"]:
    if isinstance(target, Wells):
        return jax.vmap(lambda x: jax.nn.softmax(target.wells(x), axis=0)[0])(vectors)
    return jax.vmap(lambda x: jax.nn.softmax(target.parts(x)))(vectors)


def _shares(target: Any, entries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Known weights, and for each of them the responsibilities of all draws (chain, draw), whose mean it is."""
    chains, draws, n = entries.shape
    shares = np.asarray(_responsibilities(target, jnp.asarray(entries.reshape(-1, n)))).reshape(chains, draws, -1)
    expected = np.asarray(target.up if isinstance(target, Wells) else target.weights)
    return expected, np.moveaxis(shares, 2, 0)


def main() -> None:
    """Print the counts of every case."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    chosen = sys.argv[2:] or list(CASES)
    print(f"{'':36}{'right':>8}{'passed':>8}{'flagged':>8}{'wrong, passed':>15}{'s':>8}")
    for name in chosen:
        begin = time.perf_counter()
        results = [outcome(CASES[name], seed) for seed in range(seeds)]
        passed = sum(r.right and not r.flagged for r in results)
        right, flagged = sum(r.right for r in results), sum(r.flagged for r in results)
        silent = [seed for seed, r in enumerate(results) if r.silent]
        seconds = time.perf_counter() - begin
        print(f"{name:36}{right:8}{passed:8}{flagged:8}{len(silent):15}{seconds:8.0f}  {silent or ''}", flush=True)


if __name__ == "__main__":
    main()
