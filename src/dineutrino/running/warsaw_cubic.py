"""Renormalisation group of Yukawa couplings with two more Higgs fields: uH, dH, eH in one formula."""

import jax.numpy as jnp
import numpy as np

from dineutrino.running.warsaw_bosonic import triplet_loop
from dineutrino.running.warsaw_classes import Unknown, Warsaw
from dineutrino.running.warsaw_parts import (
    COLOURS,
    QUARK,
    Y_LEFT,
    Y_RIGHT,
    Y_SUM,
    DipoleStacks,
    Duals,
    Flavours,
    Stack,
    T,
    dagger,
    each,
    partner,
    traces,
)

HYPERCHARGE_SELF = np.array([35 / 12, 23 / 12, 21 / 4])
"""g1^2 of a class on itself, for u, d, e."""


def cubic_slope(c: Warsaw, cubic: Stack, dipoles: DipoleStacks, dual: Duals, loops: Stack, f: Flavours) -> Stack:
    """16 pi^2 d/dln(mu) of uH, dH, eH.

    Args:
        c: all coefficients.
        cubic: uH, dH, eH.
        dipoles: by gauge boson.
        dual: of field strengths.
        loops: closed pairs of fermions of four-fermion operators, X[lambda Y - 2 Y Y^dagger Y].
        f: Yukawa matrices and couplings.

    Sources: arXiv:1308.2627, arXiv:1310.4838, arXiv:1312.2014.
    """
    return (
        _self(cubic, f)
        + _bosons(c, dual, f) * f.Y
        + _box(c) * f.A @ f.Y
        + _dipoles(dipoles, f)
        + _currents(c, f)
        + loops
    )


def _self(C: Stack, f: Flavours) -> Stack:
    g1, g2, g3 = f.sm.g1**2, f.sm.g2**2, f.sm.g3**2
    number = 12 * f.sm.lambda_ - 27 / 4 * g2 - each(HYPERCHARGE_SELF) * g1 - 8 * g3 * each(QUARK) + 3 * f.G_H
    u, d, e = COLOURS * traces(C, f.Y)
    down = d + e + u.conj()
    other_Y = partner(f.Y)
    return (
        number * C
        + (11 / 2 * f.A - 3 / 2 * f.other) @ C
        + 5 * C @ f.B
        + 2 * each(jnp.stack([down.conj(), down, down])) * f.Y
        - (partner(C) @ dagger(other_Y) + 2 * other_Y @ dagger(partner(C))) @ f.Y
    )


def _bosons(c: Warsaw, dual: Duals, f: Flavours) -> Unknown:
    """Times Y: bosonic operators, and fermion loops that turn into them."""
    g1, g2, g3, lambda_ = f.sm.g1, f.sm.g2, f.sm.g3, f.sm.lambda_
    v = c.vectors
    common = (
        (10 / 3 * g2**2 - 2 * lambda_) * v.HBox
        + (3 / 2 * (g1**2 - g2**2) + lambda_) * v.HD
        + 9 * g2**2 * dual.W
        + triplet_loop(c, f)
        + 12 * jnp.trace(c.Hud @ f.down_to_up).real
    )
    return (
        common
        + 32 * g3**2 * each(QUARK) * dual.G
        + 12 * g1**2 * each(Y_LEFT**2 + Y_RIGHT**2) * dual.B
        - 6 * g1 * g2 * each(T * Y_LEFT) * dual.WB
    )


def _box(c: Warsaw) -> Unknown:
    return c.vectors.HD - 6 * c.vectors.HBox


def _dipoles(d: DipoleStacks, f: Flavours) -> Stack:
    g1, g2, g3 = f.sm.g1, f.sm.g2, f.sm.g3
    Y_sum = each(Y_SUM)
    return (
        -16 * g3 * (f.A @ d.G + d.G @ f.B)
        + (6 * each(T * Y_SUM) * g1**2 * g2 - 9 * g2**3) * d.W
        + g2 * (3 * f.A @ d.W - 3 * d.W @ f.B - 12 * f.other @ d.W - 6 * partner(d.W) @ dagger(partner(f.Y)) @ f.Y)
        + (3 * each(T) * g1 * g2**2 - 6 * Y_sum * g1**3) * d.B
        - 6 * Y_sum * g1 * (f.A @ d.B + d.B @ f.B)
    )


def _currents(c: Warsaw, f: Flavours) -> Stack:
    """Currents of fermions times that of the Higgs field, H1, H3 and HR of left- and right-handed ones."""
    g1, g2, lambda_ = f.sm.g1**2, f.sm.g2**2, f.sm.lambda_
    v, t = c.vectors, each(T)
    H1 = jnp.stack([v.Hq1, v.Hq1, v.Hl1])
    H3 = jnp.stack([v.Hq3, v.Hq3, v.Hl3])
    HR = jnp.stack([v.Hu, v.Hd, v.He])
    higgs = lambda_ * f.Y + f.A @ f.Y
    left, right = 6 * each(Y_RIGHT) * g1, 6 * each(Y_LEFT) * g1
    from_charged = 3 * g2 * f.Y - 2 * higgs
    return (
        H1 @ (left * f.Y - 2 * t * higgs)
        + H3 @ ((6 * lambda_ - t * left) * f.Y + 6 * f.other @ f.Y)
        + ((right - 3 * t * g2) * f.Y + 2 * t * higgs) @ HR
        + jnp.stack([from_charged[1] @ dagger(c.Hud), from_charged[0] @ c.Hud, jnp.zeros_like(c.Hud)])
    )
