"""Renormalisation group of scalar and tensor four-fermion operators."""

import jax.numpy as jnp

from dineutrino.running.smeft_algebra import from_pairs, on_pair, outer, to_pairs
from dineutrino.running.vector_classes import Four
from dineutrino.running.warsaw_classes import CHIRAL, LEGS, Chiral, Warsaw
from dineutrino.running.warsaw_parts import DipoleStacks, Flavours, Stack


def chiral_slope(c: Warsaw, dipoles: DipoleStacks, loops: Stack, f: Flavours) -> Chiral:
    """16 pi^2 d/dln(mu) of ledq, lequ1, lequ3, quqd1, quqd8.

    Args:
        c: all coefficients.
        dipoles: by gauge boson.
        loops: pairs of fermions of four-fermion operators closed to a Higgs field, X[Y].
        f: Yukawa matrices and couplings.

    Sources: arXiv:1310.4838, arXiv:1312.2014.
    """
    waves = _wave_functions(c.chiral, f)
    leptonic = _lequ(c, dipoles, loops, f)
    singlet, octet = _quqd(c, dipoles, loops, f)
    return Chiral(
        ledq=_ledq(c, loops, f) + waves["ledq"],
        lequ1=leptonic[0] + waves["lequ1"],
        lequ3=leptonic[1] + waves["lequ3"],
        quqd1=singlet + waves["quqd1"],
        quqd8=octet + waves["quqd8"],
    )


def _wave_functions(c: Chiral, f: Flavours) -> dict[str, Four]:
    """Of all four legs: matrices on pairs of indices."""
    (Au, Ad, Ae), (Bu, Bd, Be) = f.A, f.B
    W = {"q": (Au + Ad) / 2, "l": Ae / 2, "u": Bu, "d": Bd, "e": Be}
    pairs = {legs: on_pair(W[legs[0]], W[legs[1]]) for legs in ("le", "dq", "qu", "qd")}
    found = {}
    for name in CHIRAL:
        M = to_pairs(getattr(c, name))
        first, second = pairs[LEGS[name][:2]], pairs[LEGS[name][2:]]
        found[name] = from_pairs(first @ M + M @ second.T)
    return found


def _ledq(c: Warsaw, loops: Stack, f: Flavours) -> Four:
    v, (Yu, Yd, Ye), (_, X_d, X_e) = c.vectors, f.Y, loops
    Yd_c = Yd.conj()
    doublets = jnp.einsum("pvwt,vr,ws->prst", v.lq1 + 3 * v.lq3, Ye, Yd_c)
    singlets = jnp.einsum("vrsw,pv,tw->prst", v.ed, Ye, Yd_c)
    mixed = jnp.einsum("pvsw,vr,tw->prst", v.ld, Ye, Yd_c) + jnp.einsum("vtwr,pw,vs->prst", v.qe, Ye, Yd_c)
    return (
        -(8 * f.sm.g3**2 + 8 / 3 * f.sm.g1**2) * c.chiral.ledq
        + outer(Ye, X_d.conj().T)
        + outer(X_e, Yd_c.T)
        + 2 * (doublets + singlets - mixed)
        + 2 * jnp.einsum("prvw,tw,vs->prst", c.chiral.lequ1, Yu.conj(), Yd_c)
    )


def _lequ(c: Warsaw, dipoles: DipoleStacks, loops: Stack, f: Flavours) -> tuple[Four, Four]:
    g1, g2, g3 = f.sm.g1, f.sm.g2, f.sm.g3
    v, (Yu, Yd, Ye), (X_u, _, X_e) = c.vectors, f.Y, loops
    scalar, tensor = c.chiral.lequ1, c.chiral.lequ3
    same = jnp.einsum("pvsw,vr,wt->prst", v.lq1 - 3 * v.lq3, Ye, Yu) + jnp.einsum("vrwt,pv,sw->prst", v.eu, Ye, Yu)
    mixed = jnp.einsum("pvwt,vr,sw->prst", v.lu, Ye, Yu) + jnp.einsum("svwr,pw,vt->prst", v.qe, Ye, Yu)
    up_dipole = -3 / 2 * (g2 * dipoles.W[0] + g1 * dipoles.B[0])
    lepton_dipole = -3 / 2 * g2 * dipoles.W[2] + 5 / 6 * g1 * dipoles.B[2]
    lequ1 = (
        -(8 * g3**2 + 11 / 3 * g1**2) * scalar
        + (18 * g2**2 + 30 * g1**2) * tensor
        - outer(Ye, X_u)
        - outer(X_e, Yu)
        + 2 * (same - mixed)
        + 2 * jnp.einsum("prvw,wt,sv->prst", c.chiral.ledq, Yu, Yd)
    )
    lequ3 = (
        (8 / 3 * g3**2 - 3 * g2**2 + 2 / 9 * g1**2) * tensor
        + (3 / 8 * g2**2 + 5 / 8 * g1**2) * scalar
        + outer(Ye, up_dipole)
        + outer(lepton_dipole, Yu)
        - (same + mixed) / 2
    )
    return lequ1, lequ3


def quarks_crossed(c: Four) -> Four:
    """C_srpt of (qbar_p u_r)(qbar_s d_t): the doublets exchanged."""
    return c.transpose(2, 1, 0, 3)


def fierz(singlet: Four, octet: Four) -> tuple[Four, Four]:
    """Colour connected the other way, in terms of singlets and octets; applied twice it changes nothing."""
    return singlet / 3 + 4 / 9 * octet, 2 * singlet - octet / 3


def _quqd(c: Warsaw, dipoles: DipoleStacks, loops: Stack, f: Flavours) -> tuple[Four, Four]:
    """The Yukawa and dipole terms come as they are, and crossed in flavour and colour."""
    g1, g2, g3 = f.sm.g1, f.sm.g2, f.sm.g3
    v, (Yu, Yd, _), (X_u, X_d, _) = c.vectors, f.Y, loops
    quqd1, quqd8 = c.chiral.quqd1, c.chiral.quqd8
    doublets = 2 * jnp.einsum("pvsw,vr,wt->prst", v.qq1 - 3 * v.qq3, Yu, Yd)

    def singlets(ud: Four) -> Four:
        return jnp.einsum("vrwt,pv,sw->prst", ud, Yu, Yd)

    def mixed(qu: Four, qd: Four) -> Four:
        return jnp.einsum("pvwr,sw,vt->prst", qu, Yu, Yd) + jnp.einsum("svwt,vr,pw->prst", qd, Yu, Yd)

    same_1, same_8 = singlets(v.ud1) + doublets, singlets(v.ud8)
    crossed_1, crossed_8 = fierz(
        4 * quarks_crossed(same_1) + 4 * mixed(v.qu1, v.qd1), 4 * quarks_crossed(same_8) + 4 * mixed(v.qu8, v.qd8)
    )
    up, down = -6 * g2 * dipoles.W[0] - 2 / 3 * g1 * dipoles.B[0], -6 * g2 * dipoles.W[1] + 10 / 3 * g1 * dipoles.B[1]
    dipole_1 = outer(up, Yd) + outer(Yu, down)
    dipole_8 = 8 * g3 * (outer(dipoles.G[0], Yd) + outer(Yu, dipoles.G[1]))
    gauge_1, gauge_8 = fierz(
        (3 * g2**2 + 5 / 9 * g1**2) * quqd1 - 2 * dipole_1, (3 * g2**2 + 5 / 9 * g1**2) * quqd8 - 2 * dipole_8
    )
    electroweak = -3 / 2 * g2**2 - 11 / 18 * g1**2
    strong_1, strong_8 = -16 * quqd1 + 16 / 9 * quqd8, 8 * quqd1 + 16 / 3 * quqd8
    exchanged_1, exchanged_8 = -64 / 9 * quqd1 - 112 / 27 * quqd8, 16 / 3 * quqd1 - 44 / 9 * quqd8
    return (
        electroweak * quqd1
        + g3**2 * (strong_1 + quarks_crossed(exchanged_1))
        + quarks_crossed(gauge_1)
        + dipole_1
        + outer(X_u, Yd)
        + outer(Yu, X_d)
        - 4 * same_1
        + crossed_1,
        electroweak * quqd8
        + g3**2 * (strong_8 + quarks_crossed(exchanged_8))
        + quarks_crossed(gauge_8)
        + dipole_8
        - 4 * same_8
        + crossed_8,
    )
