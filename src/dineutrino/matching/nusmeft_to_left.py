"""Tree-level matching at the electroweak scale: from the Standard Model with sterile neutrinos to LEFT."""

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.charged import Charged, LeptonNeutrino
from dineutrino.eft.massive_neutrinos import MassiveNeutrinos
from dineutrino.eft.nusmeft import NuSMEFT
from dineutrino.inputs.quarks import SB, B, Quarks

ACTIVE = 3


def match_nusmeft(coefficients: NuSMEFT, masses: Float[Array, " n"], quarks: Quarks = SB) -> MassiveNeutrinos:
    """The coefficients of e, mu, tau neutrinos and n steriles in one transition, at the scale of `coefficients`.

    nu_a = N_{a-3}^c for a > 3. Matching is at tree level and commutes with the running in QCD.

    Args:
        coefficients: GeV^-2; down-type quarks diagonal.
        masses: of the sterile neutrinos, GeV; the active ones are massless.
        quarks: of the transition, which takes the place of b -> s in the names of the result.

    Source: arXiv:2309.02940 eqs. (8) to (10).
    """
    n, (final, initial) = ACTIVE + len(masses), (quarks.final, quarks.initial)
    zero = jnp.zeros((n, n), complex)

    def steriles(matrix: Complex[Array, "n n"]) -> Complex[Array, "m m"]:
        """VLL_ab = -QN_sb(b-3)(a-3)."""
        return zero.at[ACTIVE:, ACTIVE:].set(-matrix.T)

    def mixed(matrix: Complex[Array, "3 n"], sign: int) -> Complex[Array, "m m"]:
        """SLL_ab = LNQd*_b(a-3)/2 for a > 3 >= b, (anti)symmetric."""
        half = matrix.conj() / 2
        return zero.at[ACTIVE:, :ACTIVE].set(half.T).at[:ACTIVE, ACTIVE:].set(sign * half)

    return MassiveNeutrinos(
        masses=jnp.concatenate([jnp.zeros(ACTIVE), jnp.asarray(masses, dtype=float)]),
        VLL=steriles(coefficients.QN[final, initial]),
        VLR=steriles(coefficients.dN[final, initial]),
        SLL_sb=mixed(coefficients.LNQd[:, :, initial, final], 1),
        SLL_bs=mixed(coefficients.LNQd[:, :, final, initial], 1),
        SLR_sb=zero,
        SLR_bs=zero,
        TLL_sb=mixed(coefficients.LNQdT[:, :, initial, final], -1),
        TLL_bs=mixed(coefficients.LNQdT[:, :, final, initial], -1),
    )


def match_charged(coefficients: NuSMEFT, V: Complex[Array, "3 3"]) -> Charged:
    """Charged currents of the b quark with right-handed N: the other half of the doublets in LNQd and LNQdT.

    The up quark in the doublet with the down quark i is sum_m V_mi^* u_m, and eps_21 = -1.

    Args:
        coefficients: GeV^-2; down-type quarks diagonal.
        V: the CKM matrix.

    Source: arXiv:2309.02940 eq. (10), whose operators are the Hermitian conjugates.
    """

    def of_up_quark(up: int) -> LeptonNeutrino:
        scalar, tensor = (
            -jnp.einsum("i,lai->la", V[up], array[..., B]) for array in (coefficients.LNQd, coefficients.LNQdT)
        )
        none = jnp.zeros_like(scalar)
        return LeptonNeutrino(VL=none, VR=none, SL=none, SR=scalar, T=tensor)

    return Charged(cb=of_up_quark(1), ub=of_up_quark(0))
