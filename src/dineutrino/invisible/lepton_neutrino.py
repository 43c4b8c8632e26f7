"""A charged lepton with a neutrino of one chirality and any mass: spectral functions of five chiral currents."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.invisible.fermion_pair import Couplings, fermion_pair
from dineutrino.invisible.spectrum import Currents, SpinOne, SpinZero
from dineutrino.numerics import sqrt_or_zero

Five = Float[Array, "*any 5"] | Complex[Array, "*any 5"]
"""Coefficients of VL, VR, SL, SR and T, in the order of `dineutrino.eft.charged.LeptonNeutrino`."""
MASSLESS = 0.0
"""Of the neutrinos of the Standard Model, GeV."""
MIRROR = (1, 0, 3, 2, 4)
"""Where each of VL, VR, SL, SR and T goes when left and right are exchanged."""


def mirrored(x: Five) -> Five:
    """The coefficients of the mirror image: a right-handed neutrino has the rates of a left-handed one with these.

    In its five currents every P_L and P_R is exchanged, between the quarks too; rates do not know left from right,
    but helicities change their sign.
    """
    return x[..., MIRROR]


def lepton_neutrino(
    q2: Float[Array, "..."], mass: Float[Array, ""], x: Five, neutrino: Float[Array, ""] | float = MASSLESS
) -> Currents:
    """The spectral functions of a left-handed neutrino, spins summed; zero below the threshold.

    Products of chiral currents are sums over parities: P_L = (1 - gamma_5)/2 on either side, and sigma P_L x sigma P_L
    is (sigma x sigma - sigma x sigma gamma_5)/2.

    Args:
        q2: GeV^2.
        mass: of the charged lepton, GeV.
        x: the coefficients, GeV^-2.
        neutrino: mass of the neutrino, GeV.
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
    return fermion_pair(q2, mass, jnp.asarray(neutrino, float), couplings)


def negative_helicity(
    q2: Float[Array, "..."], mass: Float[Array, ""], summed: Currents, neutrino: Float[Array, ""] | float = MASSLESS
) -> Currents:
    """The part with a lepton of helicity -1/2 in the rest frame of the pair, with a left-handed neutrino.

    Lepton and neutrino have energies E, e and one momentum p there. A chiral field has the amplitude sqrt(E + p) for
    the helicity of its chirality and sqrt(E - p) for the other; vectors make a lepton of the chirality of the neutrino,
    scalars and tensors one of the other. A pair of total helicity one counts twice of one with zero. A massless
    neutrino has only one helicity, and then currents of spin zero make leptons of helicity +1/2 only.
    """
    threshold = jnp.square(mass + neutrino)
    safe = jnp.where(q2 > threshold, q2, threshold + 1.0)
    root = jnp.sqrt(safe)
    E, e = (safe + mass**2 - neutrino**2) / (2 * root), (safe + neutrino**2 - mass**2) / (2 * root)
    p = sqrt_or_zero((safe - (mass + neutrino) ** 2) * (safe - (mass - neutrino) ** 2)) / (2 * root)
    more, less = E + p, mass**2 / (E + p)
    same, other = e + p, neutrino**2 / (e + p)
    one, one_rest = 2 * same + other, 2 * other + same
    vector_one = more * one / (more * one + less * one_rest)
    tensor_one = less * one / (less * one + more * one_rest)
    vector_zero = more * other / (more * other + less * same)
    scalar_zero = less * other / (less * other + more * same)

    def spin_one(spin: SpinOne | None) -> SpinOne | None:
        return spin and jax.tree.map(jnp.multiply, spin, SpinOne(vector_one, tensor_one, one / (one + one_rest)))

    def spin_zero(spin: SpinZero | None) -> SpinZero | None:
        return spin and jax.tree.map(jnp.multiply, spin, SpinZero(vector_zero, scalar_zero, other / (same + other)))

    return Currents(
        vector=spin_one(summed.vector),
        axial=spin_one(summed.axial),
        scalar=spin_zero(summed.scalar),
        pseudoscalar=spin_zero(summed.pseudoscalar),
    )
