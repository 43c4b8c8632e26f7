"""QCD with three, four, five and six flavours: one coupling each, tied together at the thresholds."""

from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import Inputs
from dineutrino.numerics.ode import rk4
from dineutrino.running.beta_function import MAX_LOOPS, beta_coefficients, mass_coefficients
from dineutrino.running.decoupling import coupling_factor, log_mass_factor

Real = Float[Array, "..."]
FLAVOURS = (3, 4, 5, 6)
STEPS = 8
"""Runge-Kutta steps per stretch: 1e-8 of alpha_s and of masses down to 4 GeV, 1e-6 at 1 GeV."""
LOWEST = 1.0
"""GeV, below which QCD is too strong for a perturbative beta function."""
_ITERATIONS = 8


class Thresholds(eqx.Module):
    """Scales, GeV, at which charm, bottom and top leave the theory; usually of the size of their masses."""

    charm: Float[Array, ""] | float
    bottom: Float[Array, ""] | float
    top: Float[Array, ""] | float


class Coupling(eqx.Module):
    """What runs: the strong coupling, and the masses of light quarks, all by the same factor.

    Attributes:
        alpha_s: MSbar.
        log_mass: ln m_q(mu) - ln m_q(m_Z, five flavours).
        log_leading: of ln(alpha_s)/(2 beta_0), beta_0 = 11 - 2 n_f/3, the sum of the changes since m_Z. A coefficient
            with dC/dln(mu) = gamma alpha_s/(4 pi) C goes like exp(-gamma log_leading).
    """

    alpha_s: Float[Array, "*batch"]
    log_mass: Float[Array, "*batch"]
    log_leading: Float[Array, "*batch"]


class Theories(eqx.Module):
    """For n_f = 3, 4, 5, 6: a scale and what runs from there. Made by `theories`."""

    scale: tuple[Float[Array, ""], ...]
    start: tuple[Coupling, ...]
    thresholds: Thresholds
    loops: int = eqx.field(static=True)

    def at(self, mu: Float[Array, "*batch"] | float, flavours: int | None = None) -> Coupling:
        """At mu, GeV, in the theory with that many flavours; without a number those lighter than mu."""
        mu = jnp.asarray(mu, dtype=float)
        if flavours is not None:
            i = FLAVOURS.index(checked_flavours(flavours))
            return run(self.start[i], self.scale[i], mu, flavours, self.loops)
        n_f = self.active(mu)
        start, scale = jax.tree.map(
            lambda *values: jnp.stack(values)[n_f - FLAVOURS[0]], *zip(self.start, self.scale, strict=True)
        )
        return run(start, scale, mu, n_f, self.loops)

    def active(self, mu: Float[Array, "*batch"]) -> Int[Array, "*batch"]:
        """How many flavours have their threshold below mu."""
        limits = (self.thresholds.charm, self.thresholds.bottom, self.thresholds.top)
        return sum(((mu > limit).astype(int) for limit in limits), start=jnp.full(mu.shape, FLAVOURS[0]))


def theories(inputs: Inputs, loops: int = 4, thresholds: Thresholds | None = None) -> Theories:
    """The four theories that agree with alpha_s at m_Z in the theory with five flavours.

    Args:
        inputs: alpha_s, m_Z, m_c(m_c), m_b(m_b), m_t(m_t).
        loops: of the running, 1 to 5; the decoupling has one less.
        thresholds: scales of the decoupling; without them m_c(m_c), m_b(m_b), m_t(m_t).

    Raises:
        DineutrinoError: loops outside 1 to 5.
    """
    if loops not in range(1, MAX_LOOPS + 1):
        raise DineutrinoError(f"alpha_s runs with 1 to {MAX_LOOPS} loops, not {loops}.")
    masses = [inputs[name] for name in ("m_c(m_c)", "m_b(m_b)", "m_t(m_t)")]
    if thresholds is None:
        thresholds = Thresholds(*masses)
    charm, bottom, top = map(jnp.asarray, (thresholds.charm, thresholds.bottom, thresholds.top))
    logs = [2 * jnp.log(mu / mass) for mu, mass in zip((charm, bottom, top), masses, strict=True)]
    five = Coupling(inputs["alpha_s"], jnp.zeros(()), jnp.zeros(()))
    six = _upwards(run(five, inputs["m_Z"], top, 5, loops), logs[2], 5, loops - 1)
    four = _downwards(run(five, inputs["m_Z"], bottom, 5, loops), logs[1], 4, loops - 1)
    three = _downwards(run(four, bottom, charm, 4, loops), logs[0], 3, loops - 1)
    return Theories((charm, bottom, inputs["m_Z"], top), (three, four, five, six), thresholds, loops)


@partial(jax.jit, static_argnames="loops")
def run(
    start: Coupling,
    mu_start: Float[Array, "..."] | float,
    mu: Float[Array, "..."] | float,
    flavours: int | Int[Array, "..."],
    loops: int,
) -> Coupling:
    """From mu_start to mu, GeV, with a fixed number of flavours. Compiled, so that plain calls are quick too."""
    b, g = jnp.unstack(beta_coefficients(flavours, loops)), jnp.unstack(mass_coefficients(flavours, loops))

    def slope(_: Real, state: tuple[Real, Real]) -> tuple[Real, Real]:
        """d(1/a), d(ln m) by d(ln mu^2); 1/a is nearly a straight line."""
        a = 1 / state[0]
        of_coupling, of_mass = b[-1], g[-1]
        for x, y in zip(b[-2::-1], g[-2::-1], strict=True):
            of_coupling, of_mass = x + a * of_coupling, y + a * of_mass
        return of_coupling, -a * of_mass

    length = 2 * jnp.log(jnp.asarray(mu) / mu_start)
    shape = jnp.broadcast_shapes(length.shape, start.alpha_s.shape)
    state = (jnp.broadcast_to(jnp.pi / start.alpha_s, shape), jnp.broadcast_to(start.log_mass, shape))
    inverse, log_mass = rk4(slope, state, 0.0, length, STEPS)
    alpha_s = jnp.pi / inverse
    return Coupling(alpha_s, log_mass, start.log_leading + jnp.log(alpha_s / start.alpha_s) / (8 * b[0]))


def perturbative(mu: Float[Array, "*batch"] | float) -> Float[Array, "*batch"]:
    """A scale in GeV at which QCD is perturbative; within a compiled function one that is too low becomes nan.

    Raises:
        DineutrinoError: a scale that is too low.
    """
    if isinstance(mu, jax.core.Tracer):
        return jnp.where(mu >= LOWEST, mu, jnp.nan)
    lowest = float(np.asarray(mu).min())
    if lowest < LOWEST:
        raise DineutrinoError(
            f"QCD is too strong at {lowest:g} GeV: alpha_s and quark masses run down to {LOWEST:g} GeV."
        )
    return jnp.asarray(mu, dtype=float)


def checked_flavours(flavours: int) -> int:
    """3, 4, 5 or 6.

    Raises:
        DineutrinoError: another number.
    """
    if flavours not in FLAVOURS:
        raise DineutrinoError(f"QCD is known here with 3, 4, 5 or 6 flavours, not {flavours}.")
    return flavours


def _downwards(heavy: Coupling, log: Real, light_flavours: int, order: int) -> Coupling:
    a = heavy.alpha_s / jnp.pi
    return Coupling(
        heavy.alpha_s * coupling_factor(a, log, light_flavours, order),
        heavy.log_mass + log_mass_factor(a, log, light_flavours, order),
        heavy.log_leading,
    )


def _upwards(light: Coupling, log: Real, light_flavours: int, order: int) -> Coupling:
    """The inverse of `_downwards`, by iteration; each gains two powers of a."""
    target = light.alpha_s / jnp.pi
    a = target
    for _ in range(_ITERATIONS):
        a = target / coupling_factor(a, log, light_flavours, order)
    log_mass = light.log_mass - log_mass_factor(a, log, light_flavours, order)
    return Coupling(a * jnp.pi, log_mass, light.log_leading)
