"""Rank-one flavour violation: new physics couples to one direction in the space of quark families alone.

Functions in front of a mediator: they make its coupling matrices from a strength, a direction and the leptons.

    n = direction(theta, phi)
    S1(leptoquark(strength, n, ONLY_TAU).conj(), no_coupling)
    ZprimeL(quark_current(g_q, n), lepton_current(g_l, universal=True))

The S1, S3 and V2 of arXiv:2404.06533 couple to the conjugate direction: see their docstrings.

Source: arXiv:1903.10954; arXiv:2404.06533, eqs. (5) to (7).
"""

from typing import TypeAlias

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

Real: TypeAlias = Float[Array, ""] | float
Direction = Complex[Array, "3"]
Leptons = Float[np.ndarray, "3"]
ONLY_TAU: Leptons = np.array([0.0, 0.0, 1.0])
"""A leptoquark that couples to one lepton makes no transitions between leptons."""


def direction(theta: Real, phi: Real, alpha_db: Real = 0.0, alpha_sb: Real = 0.0) -> Direction:
    """The unit vector n, components of d, s and b: theta = 0 is the third family, phi = 0 leaves s out.

    Args:
        theta: angle to the third family, from 0 to pi/2.
        phi: angle between the first and the second family, from 0 to 2 pi.
        alpha_db: phase of d relative to b, from -pi/2 to pi/2.
        alpha_sb: phase of s relative to b, likewise.
    """
    sine = jnp.sin(theta)
    d = jnp.exp(1j * jnp.asarray(alpha_db)) * sine * jnp.cos(phi)
    s = jnp.exp(1j * jnp.asarray(alpha_sb)) * sine * jnp.sin(phi)
    return jnp.stack([d, s, jnp.cos(theta) + 0j])


def leptoquark(strength: Real, n: Direction, leptons: Leptons = ONLY_TAU) -> Complex[Array, "3 3"]:
    """lambda n_i w_j, the coupling of a leptoquark to quark i and lepton j."""
    return jnp.asarray(strength) * jnp.outer(n, jnp.asarray(leptons))


def quark_current(strength: Real, n: Direction) -> Complex[Array, "3 3"]:
    """C n_i n_j^*, Hermitian: a coupling of a colourless vector, or a coefficient."""
    return jnp.asarray(strength) * jnp.outer(n, n.conj())


def lepton_current(strength: Real, universal: bool) -> Complex[Array, "3 3"]:
    """The coupling of a colourless vector to all leptons alike, or to the third family alone."""
    families = np.ones(3) if universal else ONLY_TAU
    return jnp.asarray(strength) * jnp.diag(jnp.asarray(families, dtype=complex))
