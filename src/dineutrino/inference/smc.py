"""Tempered sequential Monte Carlo, with the moves of BlackJAX: independent of any maximum that was or was not found.

Particles start from a broad reference density that covers the bounds (or scales) and move to the posterior through the
family reference^(1-beta) * posterior^beta, with beta growing as fast as the effective number of particles allows; at
each beta they are resampled and moved by Hamiltonian Monte Carlo. The weights of the modes come from resampling, while
the modes still overlap. See N. Chopin and O. Papaspiliopoulos, An Introduction to Sequential Monte Carlo (Springer,
2020), chapter 17.

Each run returns, beside its particles, the initial particle that each descends from. Descendants of one ancestor are
not independent; `dineutrino.inference.diagnose` turns that into an effective sample size.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, PRNGKeyArray
from scipy.special import ndtr, ndtri

from dineutrino.errors import NotConverged
from dineutrino.inference.checkpoint import Checkpoint, mark_of
from dineutrino.inference.coordinates import Box, Numbers, library
from dineutrino.inference.draws import Draws, follow
from dineutrino.inference.frame import Frame, Modes
from dineutrino.inference.progress import Progress
from dineutrino.inference.target import Target, log_prob

MAX_TEMPERATURES = 200
LEAPFROGS = 8
MOVES = 4
"""Hamiltonian moves at each temperature, of so many leapfrog steps."""
LAST_STAGES = 3
"""Further rounds of moves at the posterior itself."""
ACCEPTANCE = 0.8
"""Acceptance of the moves that the step size is tuned to."""
EFFECTIVE = 0.6
"""Fraction of particles that stays effective from one temperature to the next."""
SCALES = 3.0
"""Width of the reference of entries without bounds where no maximum is known, in units of the scales."""


class Reference(eqx.Module):
    """The density that the particles start from: uniform in some entries, else normal and cut off at the bounds."""

    box: Box
    uniform: Bool[np.ndarray, " n"]
    centre: Float[Array | np.ndarray, " n"]
    width: Float[Array | np.ndarray, " n"]

    def log_density(self, vector: Float[Numbers, "*batch n"]) -> Float[Numbers, "*batch"]:
        """Of vectors within the bounds, up to a constant."""
        xp = library(vector)
        return xp.sum(xp.where(self.uniform, 0.0, -0.5 * ((vector - self.centre) / self.width) ** 2), axis=-1)

    def vectors(self, random: Float[np.ndarray, "*batch n"]) -> Float[np.ndarray, "*batch n"]:
        """Independent draws, from random numbers between 0 and 1."""
        lower, upper = np.asarray(self.box.lower), np.asarray(self.box.upper)
        low, high = ndtr((lower - self.centre) / self.width), ndtr((upper - self.centre) / self.width)
        normal = self.centre + self.width * ndtri(low + (high - low) * random)
        with np.errstate(invalid="ignore"):
            between = lower + (upper - lower) * random
        return np.clip(np.where(self.uniform, between, normal), lower, upper)


def reference_of(box: Box, modes: Modes, n_parameters: int) -> Reference:
    """A reference that covers the maxima: twice as wide as the widest of scale, error and spread of the maxima.

    Nuisances and other entries whose scale is their error under the prior alone are then covered generously. Without
    maxima the scales alone say how wide it is. Parameters between two bounds are uniform; beyond a single bound they
    follow half a normal density, centred at the bound. Nuisances are normal whatever their bounds, which only say where
    a prediction would lose its meaning.
    """
    lower, upper, scale = np.asarray(box.lower), np.asarray(box.upper), np.asarray(box.scale)
    is_parameter = np.arange(len(scale)) < n_parameters
    below, above = np.isfinite(lower), np.isfinite(upper)
    half = (below != above) & is_parameter
    bound = np.where(below, lower, upper)
    if modes.count:
        places = scale * np.asarray(modes.means)
        errors = scale * np.sqrt(np.max(np.sum(np.asarray(modes.roots) ** 2, axis=2), axis=0))
        centre = np.where(half, bound, places.mean(axis=0))
        spread = np.sqrt(np.mean((places - centre) ** 2, axis=0))
        width = np.sqrt(np.maximum(scale, errors) ** 2 + (2 * spread) ** 2)
    else:
        centre, width = np.where(half, bound, 0.0), SCALES * scale
    return Reference(box, below & above & is_parameter, centre, width)


class _Cloud(NamedTuple):
    """Particles of one run: round coordinates, first ancestors, inverse temperature, step size of their moves."""

    u: Float[Array, "particle n"]
    ancestor: Int[Array, " particle"]
    beta: Float[Array, ""]
    step_size: Float[Array, ""]
    acceptance: Float[Array, ""]


def _begin(frame: Frame, reference: Reference, key: PRNGKeyArray, particles: int) -> _Cloud:
    random = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    u = jnp.asarray(frame.to_round(reference.vectors(random.uniform(size=(particles, len(frame.centre))))))
    return _Cloud(u, jnp.arange(particles), jnp.asarray(0.0), jnp.asarray(0.5), jnp.asarray(1.0))


@eqx.filter_jit
def _stage(target: Target, frame: Frame, reference: Reference, key: PRNGKeyArray, cloud: _Cloud) -> _Cloud:
    """Lower the temperature as far as the effective number of particles allows, resample, move."""
    import blackjax
    from blackjax.mcmc.hmc import HMCState
    from blackjax.smc.resampling import systematic

    def log_reference(u: Float[Array, " n"]) -> Float[Array, ""]:
        return reference.log_density(frame.vector(u)) + frame.log_volume(u)

    def log_ratio(u: Float[Array, " n"]) -> Float[Array, ""]:
        return frame.log_density(target, u) - log_reference(u)

    count, n = cloud.u.shape
    key_resample, key_move = jax.random.split(key)
    ratios = jax.vmap(log_ratio)(cloud.u)
    ratios = jnp.where(jnp.isnan(ratios), -jnp.inf, ratios)
    gain = largest_gain(ratios, 1 - cloud.beta)
    chosen = systematic(key_resample, jax.nn.softmax(gain * ratios), count)
    beta = jnp.where(gain >= 1 - cloud.beta, 1.0, cloud.beta + gain)

    def log_density(u: Float[Array, " n"]) -> Float[Array, ""]:
        return log_reference(u) + beta * log_ratio(u)

    kernel = blackjax.hmc.build_kernel()

    def move(key: PRNGKeyArray, state: HMCState, step_size: Float[Array, ""]) -> tuple[HMCState, Float[Array, ""]]:
        key_step, key_kernel = jax.random.split(key)
        length = step_size * jax.random.uniform(key_step, minval=0.6, maxval=1.2)
        state, information = kernel(key_kernel, state, log_density, length, jnp.ones(n), LEAPFROGS)
        return state, information.acceptance_rate

    def move_all(carry: tuple[HMCState, Array], key: PRNGKeyArray) -> tuple[tuple[HMCState, Array], Float[Array, ""]]:
        states, step_size = carry
        states, rates = jax.vmap(move, (0, 0, None))(jax.random.split(key, count), states, step_size)
        rate = jnp.mean(jnp.where(jnp.isnan(rates), 0.0, rates))
        return (states, step_size * jnp.exp(rate - ACCEPTANCE)), rate

    states = jax.vmap(lambda u: blackjax.hmc.init(u, log_density))(cloud.u[chosen])
    (states, step_size), rates = jax.lax.scan(move_all, (states, cloud.step_size), jax.random.split(key_move, MOVES))
    return _Cloud(states.position, cloud.ancestor[chosen], beta, step_size, rates[-1])


@jax.jit
def largest_gain(ratios: Float[Array | np.ndarray, " particle"], most: Float[Array, ""] | float) -> Float[Array, ""]:
    """The step in beta, at most `most`, after which a fraction EFFECTIVE of the particles is effective."""

    def effective(gain: Float[Array, ""] | float) -> Float[Array, ""]:
        weights = jax.nn.softmax(gain * ratios)
        return 1 / (jnp.sum(weights**2) * len(ratios))

    def halve(_: object, bracket: tuple[Array, Array]) -> tuple[Array, Array]:
        low, high = bracket
        middle = (low + high) / 2
        enough = effective(jnp.exp(middle)) > EFFECTIVE
        return jnp.where(enough, middle, low), jnp.where(enough, high, middle)

    low, _ = jax.lax.fori_loop(0, 50, halve, (jnp.log(most) - 40.0, jnp.log(most)))
    return jnp.where(effective(most) > EFFECTIVE, most, jnp.exp(low))


@eqx.filter_jit
def _results(target: Target, frame: Frame, modes: Modes, u: Float[Array, "particle n"]) -> tuple[Array, Array, Array]:
    vectors = jax.vmap(frame.vector)(u)
    return vectors, jax.vmap(lambda x: log_prob(target, x))(vectors), jax.vmap(modes.nearest)(vectors)


class _Run(NamedTuple):
    """A run so far: its particles, the acceptance of its tempering steps, and further rounds at the posterior."""

    cloud: _Cloud
    rates: Float[np.ndarray, " step"]
    extra: Int[np.ndarray, ""]

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return int(self.extra) == LAST_STAGES


def sample(
    target: Target,
    key: PRNGKeyArray,
    frame: Frame,
    modes: Modes,
    runs: int,
    particles: int,
    progress: bool,
    checkpoint: Checkpoint | None = None,
) -> tuple[Draws, bool]:
    """Independent runs, side by side in threads; a run is what a chain is to a Markov chain sampler.

    Returns:
        The particles, and whether the calculation was interrupted (KeyboardInterrupt); it then holds the runs that were
        complete, at least two.

    Raises:
        DineutrinoError: the checkpoint is damaged, or that of other runs.
        NotConverged: a run did not reach the posterior.
        KeyboardInterrupt: interrupted before two runs were complete.
    """
    checkpoint = checkpoint or Checkpoint()
    reference = reference_of(frame.box, modes, target.n_parameters)
    stop = threading.Event()
    keys = [jax.random.split(k) for k in jax.random.split(key, runs)]
    begun = [_Run(_begin(frame, reference, begin, particles), np.zeros(0), np.asarray(0)) for _, begin in keys]
    mark = mark_of(key, frame, modes, reference, runs, particles)
    states: list[_Run] = checkpoint.load("runs", mark, begun) or begun

    def run(number: int) -> None:
        key, _ = keys[number]
        while (now := states[number]).cloud.beta < 1.0 or not now.finished:
            if stop.is_set():
                return
            tempered = now.cloud.beta >= 1.0
            stage = MAX_TEMPERATURES + int(now.extra) if tempered else len(now.rates)
            if not tempered and stage == MAX_TEMPERATURES:
                raise NotConverged(
                    f"a run of sequential Monte Carlo got only to inverse temperature {float(now.cloud.beta):.3g} in "
                    f"{MAX_TEMPERATURES} steps."
                )
            cloud = _stage(target, frame, reference, jax.random.fold_in(key, stage), now.cloud)
            rates = now.rates if tempered else np.append(now.rates, float(cloud.acceptance))
            states[number] = _Run(cloud, rates, now.extra + int(tempered))

    def show() -> None:
        bar.update(sum(float(one.cloud.beta) for one in states))
        if checkpoint.due():
            checkpoint.save("runs", mark, states)
        checkpoint.poll()

    _stage(target, frame, reference, key, begun[0].cloud)  # compile once, before the threads start
    interrupted = False
    workers = min(runs, os.cpu_count() or 1)
    with Progress("tempering", float(runs), progress) as bar, ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(run, number) for number in range(runs)]
        try:
            follow(futures, show)
        except BaseException as reason:
            stop.set()
            wait(futures)
            checkpoint.save("runs", mark, states)
            if not isinstance(reason, KeyboardInterrupt) or sum(one.finished for one in states) < 2:
                raise
            interrupted = True
        else:
            checkpoint.save("runs", mark, states)
    kept = [one for one in states if one.finished]
    results = [_results(target, frame, modes, one.cloud.u) for one in kept]
    vectors, log_probs, labels = (np.stack([np.asarray(result[i]) for result in results]) for i in range(3))
    statistics = {
        "ancestor": np.stack([np.asarray(one.cloud.ancestor) for one in kept]),
        "acceptance_rate": np.stack([np.full(particles, float(one.cloud.acceptance)) for one in kept]),
        "n_temperatures": np.stack([np.full(particles, len(one.rates)) for one in kept]),
    }
    return Draws(vectors, log_probs, labels, statistics), interrupted
