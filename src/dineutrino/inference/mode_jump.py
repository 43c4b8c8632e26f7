"""Jumps between the modes of a posterior, for Markov chains that cannot cross the valleys between them.

At x in the neighbourhood of mode i another mode k is drawn, and the affine map that takes the normal approximation of i
to that of k is applied,

    y = m_k + R_k S R_i^-1 (x - m_i),

where m and R are means and symmetric roots of covariances, and S is, with equal chances, the identity or the
reflection along m_k - m_i (the image of a mode under a sign degeneracy is its mirror image). The map from k to i undoes
it, and both are proposed with the same probability as long as y is in the neighbourhood of k. So accepting with
probability

    min(1, pi(y) |det R_k| / (pi(x) |det R_i|))

and refusing otherwise leaves the posterior pi invariant, whatever its shape: the weights of the modes come out right,
and the normal approximations only decide how often jumps succeed. H. Tjelmeland and B. K. Hegstad, Scand. J. Statist.
28 (2001) 205, describe mode jumping in general; the deterministic map is that of P. J. Green, Biometrika 82 (1995) 711.
"""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int, PRNGKeyArray

from dineutrino.inference.frame import Frame, Modes

Potential = Callable[[Float[Array, " n"]], Float[Array, ""]]


@runtime_checkable
class KernelState(Protocol):
    """What is read of the state of NumPyro's NUTS kernel, a named tuple.

    Attributes:
        z: the place, in round coordinates.
        potential_energy: minus the log-density of z.
        z_grad: its gradient.
        rng_key: of the next step.
        diverging, num_steps, accept_prob, energy: of the last trajectory.
    """

    z: Float[Array, " n"]
    potential_energy: Float[Array, ""]
    z_grad: Float[Array, " n"]
    rng_key: PRNGKeyArray
    diverging: Bool[Array, ""]
    num_steps: Int[Array, ""]
    accept_prob: Float[Array, ""]
    energy: Float[Array, ""]

    @property
    def adapt_state(self) -> "Adaptation":
        """What the warm-up has tuned."""
        ...

    def _replace(self, **numbers: Array) -> "KernelState":
        """The state with these numbers in place of its own."""
        ...


@runtime_checkable
class Adaptation(Protocol):
    """The part of that state that the warm-up tunes."""

    step_size: Float[Array, ""]


def transport(
    modes: Modes, vector: Float[Array, " n"], i: Int[Array, ""], k: Int[Array, ""], mirrored: Bool[Array, ""]
) -> tuple[Float[Array, " n"], Float[Array, ""]]:
    """The image of a vector near mode i at mode k, and log |det| of the map."""
    means, roots, inverse_roots = map(jnp.asarray, (modes.means, modes.roots, modes.inverse_roots))
    log_volumes, scale = jnp.asarray(modes.log_volumes), jnp.asarray(modes.scale)
    along = means[k] - means[i]
    along = along / jnp.linalg.norm(along)
    w = inverse_roots[i] @ (vector / scale - means[i])
    w = jnp.where(mirrored, w - 2 * along * (along @ w), w)
    return scale * (means[k] + roots[k] @ w), log_volumes[k] - log_volumes[i]


def jump(
    key: PRNGKeyArray, state: KernelState, frame: Frame, modes: Modes, potential: Potential
) -> tuple[KernelState, Bool[Array, ""]]:
    """Try to move the state of a NumPyro kernel to another mode; also tells whether it moved."""
    key_mode, key_mirror, key_accept = jax.random.split(key, 3)
    vector = frame.vector(state.z)
    i = modes.nearest(vector)
    k = (i + jax.random.randint(key_mode, (), 1, modes.count)) % modes.count
    image, log_determinant = transport(modes, vector, i, k, jax.random.bernoulli(key_mirror))
    allowed = frame.contains(image) & (modes.nearest(image) == k)
    u = frame.to_round(jnp.where(allowed, image, vector))
    energy, slope = jax.value_and_grad(potential)(u)
    # the potential is that of u; the volume factors turn its density into that of the vector
    gain = (state.potential_energy + frame.log_volume(state.z)) - (energy + frame.log_volume(u))
    accepted = allowed & (jnp.log(jax.random.uniform(key_accept)) < gain + log_determinant)
    jumped = state._replace(
        z=jnp.where(accepted, u, state.z),
        potential_energy=jnp.where(accepted, energy, state.potential_energy),
        z_grad=jnp.where(accepted, slope, state.z_grad),
    )
    return jumped, accepted
