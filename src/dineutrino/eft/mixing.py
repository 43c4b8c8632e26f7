"""Mixing of neutral mesons: eight four-quark operators that change the flavour of quarks by two units."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex

from dineutrino.inputs import Quarks
from dineutrino.running.jms_classes import JMS

Coefficient = Complex[Array, ""]


class DeltaF2(eqx.Module):
    """Coefficients of L for one transition, say b -> s, GeV^-2; names as in the basis of flavio (WCxf), "CVLL_bsbs".

    VLL is (sbar gamma_mu P_L b)(sbar gamma^mu P_L b), VLR has P_R in the second current; SLL is (sbar P_L b)(sbar P_L
    b), SLR has P_R in the second; TLL is (sbar sigma_mn P_L b)(sbar sigma^mn P_L b) with sigma = i/2 [gamma, gamma].
    Each operator has its Hermitian conjugate beside it in L; the colours of each current are contracted.
    """

    CVLL: Coefficient
    CVRR: Coefficient
    CVLR: Coefficient
    CSLL: Coefficient
    CSRR: Coefficient
    CSLR: Coefficient
    CTLL: Coefficient
    CTRR: Coefficient

    @classmethod
    def zero(cls) -> "DeltaF2":
        """No new physics."""
        return cls(*[jnp.zeros((), complex)] * 8)

    @classmethod
    def from_jms(cls, c: JMS, quarks: Quarks) -> "DeltaF2":
        """The coefficients of one transition in all of LEFT; colour octets are brought to this basis by Fierz.

        With T^A_ij T^A_kl = (delta_il delta_kj - delta_ij delta_kl/3)/2 an octet of scalars is
        -5/12 SRR - 1/16 TRR, and one of vectors of both chiralities -1/6 VLR - SLR.
        """
        f, i = quarks.final, quarks.initial
        here, conjugate = (f, i, f, i), (i, f, i, f)
        one, eight = c.quark_scalars.S1ddRR, c.quark_scalars.S8ddRR
        octet = c.left_right.V8ddLR[here]
        return cls(
            CVLL=c.left_left.VddLL[here],
            CVRR=c.right_right.VddRR[here],
            CVLR=c.left_right.V1ddLR[here] - octet / 6,
            CSLL=(one[conjugate] - 5 / 12 * eight[conjugate]).conj(),
            CSRR=one[here] - 5 / 12 * eight[here],
            CSLR=-octet,
            CTLL=-eight[conjugate].conj() / 16,
            CTRR=-eight[here] / 16,
        )


def mixing_names(quarks: Quarks) -> tuple[str, ...]:
    """Names in WCxf, basis flavio, in the order of the fields: "CVLL_bsbs" of the transition b -> s."""
    return tuple(f"{operator}_{2 * quarks.name[::-1]}" for operator in DeltaF2.__annotations__)


def charm_mixing_names() -> tuple[str, ...]:
    """The same of c -> u, of operators (ubar ... c)(ubar ... c): "CVLL_ucuc"."""
    return tuple(f"{operator}_ucuc" for operator in DeltaF2.__annotations__)
