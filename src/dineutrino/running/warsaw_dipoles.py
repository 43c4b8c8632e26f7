"""Renormalisation group of dipoles: of up quarks, down quarks and charged leptons in one formula."""

import jax.numpy as jnp

from dineutrino.running.vector_classes import Four
from dineutrino.running.warsaw_classes import Chiral
from dineutrino.running.warsaw_parts import (
    QUARK,
    Y_LEFT,
    Y_RIGHT,
    Y_SUM,
    DipoleStacks,
    Duals,
    Flavours,
    Stack,
    T,
    Three,
    dagger,
    each,
    partner,
)

COMMON = -3 * Y_LEFT**2 + 8 * Y_LEFT * Y_RIGHT - 3 * Y_RIGHT**2
"""g1^2 of dipoles with gluons and W bosons on themselves."""
BEYOND = 3 * Y_LEFT**2 + 4 * Y_LEFT * Y_RIGHT + 3 * Y_RIGHT**2 + 41 / 6
"""g1^2 of dipoles with hypercharge bosons on themselves, with the running of g1 taken out of the field."""
SINGLET = 3 * Y_LEFT - Y_RIGHT


def dipole_slope(d: DipoleStacks, chiral: Chiral, dual: Duals, f: Flavours) -> DipoleStacks:
    """16 pi^2 d/dln(mu) of all dipoles.

    Sources: arXiv:1312.2014, arXiv:1310.4838.
    """
    g1, g2, g3 = f.sm.g1, f.sm.g2, f.sm.g3
    t, Y_sum, quark, singlet = each(T), each(Y_SUM), each(QUARK), each(SINGLET)
    tensor_1, tensor_8 = _quark_loops(chiral, f)
    lepton = _lepton_loops(chiral, f)
    G = (
        (-17 / 3 * g3**2 - 9 / 4 * g2**2 + each(COMMON) * g1**2) * d.G
        + quark * (6 * g2 * g3 * d.W + 4 * Y_sum * g1 * g3 * d.B)
        + quark * (9 * g3**2 * dual.GGG - 4 * g3 * dual.G) * f.Y
        + _yukawa(d.G, 5 / 2, -3 / 2, f)
        + g3 * (tensor_8 / 6 - tensor_1)
    )
    W = (
        (8 / 3 * g3**2 * quark - 11 / 12 * g2**2 + each(COMMON) * g1**2) * d.W
        + 8 / 3 * g2 * g3 * d.G
        + singlet * g1 * g2 * d.B
        + (t * Y_sum * g1 * dual.WB - g2 * dual.W) * f.Y
        + _yukawa(d.W, 1 / 2, 5 / 2, f)
        + g2 * (tensor_1 / 4 + tensor_8 / 3 - 2 * lepton)
    )
    B = (
        (8 / 3 * g3**2 * quark - 9 / 4 * g2**2 + each(BEYOND) * g1**2) * d.B
        + 16 / 3 * Y_sum * g1 * g3 * d.G
        + 3 * singlet * g1 * g2 * d.W
        + (3 / 2 * t * g2 * dual.WB - 2 * Y_sum * g1 * dual.B) * f.Y
        + _yukawa(d.B, 5 / 2, -3 / 2, f)
        + g1 * (-2 * each(_other(Y_SUM)) * (tensor_1 / 4 + tensor_8 / 3) + 4 * each(Y_SUM[[2, 1, 0]]) * lepton)
    )
    return DipoleStacks(G, W, B)


def _other(numbers: Three) -> Three:
    """Contributions of dipoles of the other quark of the doublet."""
    return numbers[[1, 0, 2]]


def _yukawa(D: Stack, own: float, other: float, f: Flavours) -> Stack:
    """Terms with two Yukawa matrices."""
    return (own * f.A + other * f.other) @ D + 2 * D @ f.B + f.G_H * D - partner(D) @ dagger(partner(f.Y)) @ f.Y


def _quark_loops(chiral: Chiral, f: Flavours) -> tuple[Stack, Stack]:
    """The other quark of (qbar u)(qbar d) closed with its Yukawa coupling after a Fierz transformation; 1 and 8."""
    Yu, Yd, _ = f.Y

    def closed(array: Four) -> Stack:
        up, down = jnp.einsum("vrpw,vw->pr", array, Yd.conj()), jnp.einsum("pvwr,wv->pr", array, Yu.conj())
        return jnp.stack([up, down, jnp.zeros_like(up)])

    return closed(chiral.quqd1), closed(chiral.quqd8)


def _lepton_loops(chiral: Chiral, f: Flavours) -> Stack:
    """Leptons, and three colours of up quarks, of the tensor operator closed with their Yukawa couplings."""
    Yu, _, Ye = f.Y
    up = jnp.einsum("vwpr,vw->pr", chiral.lequ3, Ye.conj())
    lepton = 3 * jnp.einsum("prvw,vw->pr", chiral.lequ3, Yu.conj())
    return jnp.stack([up, jnp.zeros_like(up), lepton])
