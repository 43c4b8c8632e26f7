"""A pair of Majorana neutrinos of any masses, standard or sterile."""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from dineutrino.eft.massive_neutrinos import MassiveNeutrinos, ParityBasis
from dineutrino.errors import DineutrinoError
from dineutrino.invisible.fermion_pair import Couplings, fermion_pair
from dineutrino.invisible.operators import allowed_mass
from dineutrino.invisible.spectrum import Currents

Index = Int[Array, ""] | int

VANISHING = ("VV", "AV", "TT", "TT5")
"""nubar gamma_mu nu and nubar sigma_{mu nu} nu are zero for one Majorana field."""


def unordered_pairs(n: int) -> tuple[tuple[int, int], ...]:
    """(a, b) with a <= b among n species: every final state once."""
    return tuple((a, b) for a in range(n) for b in range(a, n))


def couplings(basis: ParityBasis, a: Index, b: Index) -> Couplings:
    """Couplings of the pair nu_a nu_b, GeV^-2: the quarks sbar_L and sbar_R of the basis split into parity.

    Source: arXiv:2309.02940 appendix A.2; the operators there are those of a Dirac pair times 1/2, which the two
    orders of a and b, or the two contractions for a = b, make up for.
    """

    def even(name: str) -> Array:
        return (getattr(basis, name) + getattr(basis, name + "_prime"))[a, b] / 2

    def odd(name: str) -> Array:
        return (getattr(basis, name) - getattr(basis, name + "_prime"))[a, b] / 2

    return Couplings(
        VV=even("V"),
        VA=even("A"),
        AV=-odd("V"),
        AA=-odd("A"),
        SS=even("S"),
        SP=even("P"),
        PS=odd("S"),
        PP=odd("P"),
        TT=even("T"),
        TT5=odd("T"),
    )


def majorana_pair(
    q2: Float[Array, "..."],
    m_1: Float[Array, ""] | float,
    m_2: Float[Array, ""] | float,
    g: Couplings,
    identical: bool = False,
) -> Currents:
    """Spectral functions of two Majorana fermions, 1/(1 + delta_12) of those of a Dirac pair.

    Args:
        q2: GeV^2, any shape; at and below the threshold (m_1 + m_2)^2 the result is zero.
        m_1: mass, GeV.
        m_2: mass, GeV.
        g: couplings that multiply the amplitude, as `couplings` gives them, GeV^-2. An operator C (nubar Gamma nu) of
            one field has the amplitude 2 C.
        identical: both are the same particle.

    Returns:
        Currents with entries of shape (...), GeV^-4. NaN for a traced mass that is negative.

    Raises:
        DineutrinoError: for a mass that is negative or not finite; for identical particles with different masses, or
            with a coupling that vanishes for them (a traced one is dropped).
    """
    m_1, m_2 = allowed_mass(m_1, "a neutrino"), allowed_mass(m_2, "a neutrino")
    if not identical:
        return jax.tree.map(lambda entry: entry + 0 * (m_1 + m_2), fermion_pair(q2, m_1, m_2, g))
    for name in VANISHING:
        value = getattr(g, name)
        if not isinstance(value, jax.core.Tracer) and np.any(value != 0):
            raise DineutrinoError(f"coupling {name} vanishes for two identical Majorana fermions; leave it out.")
    known = not isinstance(m_1, jax.core.Tracer) and not isinstance(m_2, jax.core.Tracer)
    if known and m_1 != m_2:
        raise DineutrinoError(f"identical particles have one mass, not {m_1} and {m_2} GeV.")
    left = Couplings(**{name: value for name, value in vars(g).items() if name not in VANISHING})
    return jax.tree.map(lambda entry: entry / 2 + 0 * (m_1 + m_2), fermion_pair(q2, m_1, m_2, left))


def neutrino_pair(q2: Float[Array, "..."], neutrinos: MassiveNeutrinos, a: Index, b: Index) -> Currents:
    """Spectral functions of nu_a nu_b, one unordered pair; vmap over a and b for all of `unordered_pairs`.

    Every pair has its own threshold (m_a + m_b)^2, where an integral over q2 has to start to converge well.

    Args:
        q2: GeV^2, any shape.
        neutrinos: masses and coefficients.
        a: index of a species, from 0.
        b: index of a species, from 0.
    """
    pair = fermion_pair(q2, neutrinos.masses[a], neutrinos.masses[b], couplings(neutrinos.parity_basis(), a, b))
    return jax.tree.map(lambda entry: entry * jnp.where(jnp.equal(a, b), 0.5, 1.0), pair)
