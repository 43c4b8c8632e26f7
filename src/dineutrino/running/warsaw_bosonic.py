"""Renormalisation group of operators without fermions."""

import jax.numpy as jnp

from dineutrino.running.warsaw_classes import Unknown, Warsaw
from dineutrino.running.warsaw_parts import COLOURS, Y_SUM, DipoleStacks, Duals, Flavours, Stack, T, traces


def field_strengths(c: Warsaw, dipoles: DipoleStacks, dual: Duals, f: Flavours) -> dict[str, Unknown]:
    """G, W and (Higgs)(Higgs)(field strengths): a coefficient and its dual together, X + i Xtilde.

    HWB is what the classes other than itself add to it. Sources: arXiv:1312.2014, arXiv:1310.4838 for Yukawa couplings.
    """
    g1, g2, g3, lambda_ = f.sm.g1, f.sm.g2, f.sm.g3, f.sm.lambda_
    loops_G, loops_W, loops_B = (COLOURS * traces(D, f.Y) for D in (dipoles.G, dipoles.W, dipoles.B))
    wave = 2 * f.G_H
    GGG = 15 * g3**2 * dual.GGG
    WWW = 29 / 2 * g2**2 * dual.WWW
    G = (-14 * g3**2 - 9 / 2 * g2**2 - 3 / 2 * g1**2 + 6 * lambda_ + wave) * dual.G - 4 / 3 * g3 * jnp.sum(loops_G)
    B = (
        (-9 / 2 * g2**2 + 85 / 6 * g1**2 + 6 * lambda_ + wave) * dual.B
        + 3 * g1 * g2 * dual.WB
        - 4 * g1 * jnp.sum(Y_SUM * loops_B)
    )
    W = (
        (-53 / 6 * g2**2 - 3 / 2 * g1**2 + 6 * lambda_ + wave) * dual.W
        + g1 * g2 * dual.WB
        - 15 * g2**3 * dual.WWW
        - 2 * g2 * jnp.sum(loops_W)
    )
    into_WB = (
        2 * g1 * g2 * (dual.B + dual.W)
        + 3 * g1 * g2**2 * dual.WWW
        + 4 * g1 * jnp.sum(T * Y_SUM * loops_W)
        + 2 * g2 * jnp.sum(T * loops_B)
    )
    own_WB = 4 / 3 * g2**2 + 19 / 3 * g1**2 + 2 * lambda_ + wave
    parts = {"G": GGG.real, "Gtilde": GGG.imag, "W": WWW.real, "Wtilde": WWW.imag}
    parts |= {"HG": G.real, "HGtilde": G.imag, "HB": B.real, "HBtilde": B.imag, "HW": W.real, "HWtilde": W.imag}
    parts |= {"HWB": into_WB.real, "HWtildeB": own_WB * c.bosons.HWtildeB.real + into_WB.imag}
    return {name: part.astype(complex) for name, part in parts.items()}


def potential(c: Warsaw, cubic: Stack, dual: Duals, f: Flavours) -> Unknown:
    """(H^dagger H)^3. Sources: arXiv:1308.2627, arXiv:1310.4838, arXiv:1312.2014."""
    g1, g2, lambda_ = f.sm.g1**2, f.sm.g2**2, f.sm.lambda_
    v = c.vectors
    from_cubic = 4 * jnp.sum(COLOURS * traces(cubic, f.Y3).real)
    triplets = triplet_loop(c, f)
    charged = jnp.trace(c.Hud @ f.down_to_up).real
    return (
        (54 * lambda_ - 27 / 2 * g2 - 9 / 2 * g1 + 6 * f.G_H) * c.bosons.H
        + (20 / 3 * g2 * lambda_ - 40 * lambda_**2) * v.HBox
        + (12 * lambda_**2 + 3 * (g1 - g2) * lambda_ - 3 / 4 * (g1 + g2) ** 2) * v.HD
        + (6 * lambda_ - 3 * (g1 + g2)) * g1 * dual.B.real
        + (18 * lambda_ - 9 * g2 - 3 * g1) * g2 * dual.W.real
        + (6 * lambda_ - 3 * (g1 + g2)) * f.sm.g1 * f.sm.g2 * dual.WB.real
        + from_cubic
        + 2 * lambda_ * (triplets + 12 * charged)
    )


def triplet_loop(c: Warsaw, f: Flavours) -> Unknown:
    """Fermions of weak triplet currents closed with the W boson or with two Yukawa couplings."""
    v = c.vectors
    Au, Ad, Ae = f.A
    return 4 / 3 * f.sm.g2**2 * (jnp.trace(v.Hl3) + 3 * jnp.trace(v.Hq3)) - 4 * (
        jnp.trace(v.Hl3 @ Ae) + 3 * jnp.trace(v.Hq3 @ (Au + Ad))
    )
