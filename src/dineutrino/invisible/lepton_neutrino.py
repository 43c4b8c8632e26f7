"""A charged lepton with a left-handed massless neutrino: spectral functions of five chiral currents."""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.invisible.fermion_pair import Couplings, fermion_pair
from dineutrino.invisible.spectrum import Currents, SpinOne

Five = Float[Array, "5"]
"""Coefficients of VL, VR, SL, SR and T, in the order of `dineutrino.eft.charged.LeptonNeutrino`."""


def lepton_neutrino(q2: Float[Array, "..."], mass: Float[Array, ""], x: Five) -> Currents:
    """The spectral functions, spins summed, for real coefficients x; zero below the mass of the lepton.

    Products of chiral currents are sums over parities: P_L = (1 - gamma_5)/2 on either side, and sigma P_L x sigma P_L
    is (sigma x sigma - sigma x sigma gamma_5)/2.
    """
    left, right, minus, plus, tensor = x
    couplings = Couplings(
        VV=(left + right) / 4,
        VA=-(left + right) / 4,
        AV=(right - left) / 4,
        AA=(left - right) / 4,
        SS=(minus + plus) / 4,
        SP=-(minus + plus) / 4,
        PS=(plus - minus) / 4,
        PP=(minus - plus) / 4,
        TT=tensor / 2,
        TT5=-tensor / 2,
    )
    return fermion_pair(q2, mass, jnp.zeros(()), couplings)


def negative_helicity(q2: Float[Array, "..."], mass: Float[Array, ""], summed: Currents) -> Currents:
    """The part with a lepton of helicity -1/2 in the rest frame of the pair.

    With r = m/sqrt(q2) the two helicities have amplitudes V + 2 r T and (r V + 2 T)/sqrt2 of vectors and tensors, T
    normalised accordingly; currents of spin zero make leptons of helicity +1/2 only.
    """
    r2 = mass**2 / jnp.maximum(q2, mass**2)

    def part(spin: SpinOne | None) -> SpinOne | None:
        if spin is None:
            return None
        vector, tensor, both = 1 / (1 + r2 / 2), 2 * r2 / (1 + 2 * r2), 2 / 3
        return SpinOne(
            *(
                jax.tree.map(lambda e, f=f: e * f, entry)
                for entry, f in zip((spin.vector, spin.tensor, spin.interference), (vector, tensor, both), strict=True)
            )
        )

    return eqx.tree_at(
        lambda c: (c.vector, c.axial, c.scalar, c.pseudoscalar),
        summed,
        (part(summed.vector), part(summed.axial), None, None),
        is_leaf=lambda x: x is None,
    )
