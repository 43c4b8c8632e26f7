"""Renormalisation group of the twenty four-fermion classes: left-left, right-right, left-right."""

import jax.numpy as jnp

from dineutrino.running.smeft_algebra import both_orders, crossed_unit, from_pairs, outer, to_pairs
from dineutrino.running.smeft_parts import (
    Y_D,
    Y_E,
    Y_L,
    Y_Q,
    Y_U,
    Kernel,
    Parts,
    Penguins,
    Real,
    Yukawas,
    photon,
)
from dineutrino.running.vector_classes import Four, Two, VectorClasses, crossed, exchanged


def _YY(Y: Kernel, c: Four) -> Four:
    """Y_pv Y*_rw c_stvw."""
    return from_pairs(Y.left @ to_pairs(c).T)


def _yy(Y: Kernel, c: Four) -> Four:
    """Y_pv Y*_tw c_srvw."""
    return crossed(_YY(Y, c))


def _V(Y: Kernel, c: Four) -> Four:
    """Y_sv Y*_tw c_prvw."""
    return from_pairs(to_pairs(c) @ Y.left.T)


def left_left(c: VectorClasses, y: Yukawas, wave: Parts, p: Penguins, g1: Real, g2: Real, g3: Real) -> Parts:
    """Slopes of ll, qq1, qq3, lq1, lq3: two currents of doublets."""
    one = jnp.eye(3, dtype=complex)
    up_down, both = y.Au - y.Ad, y.Au + y.Ad
    u, d, e = (y.kernel[name] for name in "ude")
    mixed = _yy(u, c.qu8) + _yy(d, c.qd8)
    ll = (
        2 / 3 * g1 * Y_L * outer(p.l, one)
        - 1 / 3 * g2 * outer(p.Q_l, one)
        + 2 / 3 * g2 * crossed_unit(p.Q_l)
        - outer(y.Ae, c.Hl1 - c.Hl3) / 2
        - crossed(outer(y.Ae, c.Hl3))
        - _YY(e, c.le) / 2
        + wave["ll"]
    )
    qq1 = (
        2 / 3 * g1 * Y_Q * outer(p.q, one)
        + 1 / 3 * g3 * (crossed_unit(p.G_q) / 4 - outer(p.G_q, one) / 6)
        + outer(up_down, c.Hq1) / 2
        - _YY(u, c.qu1 - c.qu8 / 6) / 2
        - _YY(d, c.qd1 - c.qd8 / 6) / 2
        - mixed / 8
        + wave["qq1"]
    )
    qq3 = (
        1 / 3 * g2 * outer(p.Q_q, one)
        + 1 / 12 * g3 * crossed_unit(p.G_q)
        - outer(both, c.Hq3) / 2
        - mixed / 8
        + wave["qq3"]
    )
    return {
        "ll": both_orders(ll) + 6 * g2 * crossed(c.ll) + 3 * (g1 - g2) * c.ll,
        "qq1": both_orders(qq1) + 9 * g2 * c.qq3 + (g1 / 3 - 2 * g3) * c.qq1 + 3 * g3 * crossed(c.qq1 + 3 * c.qq3),
        "qq3": both_orders(qq3) + 3 * g3 * crossed(c.qq1 - c.qq3) + (g1 / 3 - 6 * g2 - 2 * g3) * c.qq3 + 3 * g2 * c.qq1,
        "lq1": photon(p.l, Y_L, p.q, Y_Q, g1)
        - g1 * c.lq1
        + 9 * g2 * c.lq3
        - outer(y.Ae, c.Hq1)
        + outer(c.Hl1, up_down)
        - _V(u, c.lu)
        - _V(d, c.ld)
        - _YY(e, c.qe)
        + wave["lq1"],
        "lq3": 2 / 3 * g2 * (outer(p.Q_l, one) + outer(one, p.Q_q))
        + 3 * g2 * c.lq1
        - (6 * g2 + g1) * c.lq3
        - outer(y.Ae, c.Hq3)
        - outer(c.Hl3, both)
        + wave["lq3"],
    }


def _Z(Y: Kernel, c: Four) -> Four:
    """Y_wr Y*_vp c_vwst."""
    return from_pairs(Y.right @ to_pairs(c))


def _Z2(Y: Kernel, c: Four) -> Four:
    """Y*_vs Y_wt c_vwpr."""
    return exchanged(_Z(Y, c))


def right_right(c: VectorClasses, y: Yukawas, wave: Parts, p: Penguins, g1: Real, g3: Real) -> Parts:
    """Slopes of ee, uu, dd, eu, ed, ud1, ud8: two currents of singlets."""
    u, d, e = (y.kernel[name] for name in "ude")
    one = jnp.eye(3, dtype=complex)

    def same(name: str, P: Two, charge: float, G: Two, Y: Kernel, singlet: Four, octet: Four, higgs: Four) -> Four:
        """Of uu and dd, two currents of the same quarks."""
        return both_orders(
            2 / 3 * g1 * charge * outer(one, P)
            + 1 / 3 * g3 * (crossed_unit(G) / 2 - outer(one, G) / 6)
            + higgs
            - _Z(Y, singlet - octet / 6)
            - crossed(exchanged(_Z(Y, octet))) / 2
            + wave[name]
        )

    ee = both_orders(2 / 3 * g1 * Y_E * outer(one, p.e) + outer(y.Be, c.He) - _Z(e, c.le) + wave["ee"])
    return {
        "ee": (ee + crossed(ee)) / 2 + 12 * g1 * c.ee,
        "uu": same("uu", p.u, Y_U, p.G_u, u, c.qu1, c.qu8, -outer(y.Bu, c.Hu))
        + (16 / 3 * g1 - 2 * g3) * c.uu
        + 6 * g3 * crossed(c.uu),
        "dd": same("dd", p.d, Y_D, p.G_d, d, c.qd1, c.qd8, outer(y.Bd, c.Hd))
        + (4 / 3 * g1 - 2 * g3) * c.dd
        + 6 * g3 * crossed(c.dd),
        "eu": photon(p.e, Y_E, p.u, Y_U, g1)
        - 8 * g1 * c.eu
        + 2 * outer(y.Be, c.Hu)
        - 2 * outer(c.He, y.Bu)
        - 2 * _Z(e, c.lu)
        - 2 * _Z2(u, c.qe)
        + wave["eu"],
        "ed": photon(p.e, Y_E, p.d, Y_D, g1)
        + 4 * g1 * c.ed
        + 2 * outer(y.Be, c.Hd)
        + 2 * outer(c.He, y.Bd)
        - 2 * _Z(e, c.ld)
        - 2 * _Z2(d, c.qe)
        + wave["ed"],
        "ud1": photon(p.u, Y_U, p.d, Y_D, g1)
        - 8 / 3 * g1 * c.ud1
        + 8 / 3 * g3 * c.ud8
        - 2 * outer(y.Bu, c.Hd)
        + 2 * outer(c.Hu, y.Bd)
        - 2 * _Z(u, c.qd1)
        - 2 * _Z2(d, c.qu1)
        + wave["ud1"],
        "ud8": 2 / 3 * g3 * (outer(p.G_u, one) + outer(one, p.G_d))
        - (8 / 3 * g1 + 4 * g3) * c.ud8
        + 12 * g3 * c.ud1
        - 2 * _Z(u, c.qd8)
        - 2 * _Z2(d, c.qu8)
        + wave["ud8"],
    }


def _xi(Y: Two, c: Four) -> Four:
    X = jnp.einsum("prst,rs->pt", c, Y)
    return crossed(outer(X, Y.conj().T) + outer(Y, X.conj().T))


def _X1(Y: Kernel, c: Four) -> Four:
    """Y_pw Y*_vs c_vrwt + Y_vt Y*_rw c_pvsw."""
    first = from_pairs(Y.mixed @ to_pairs(c.transpose(2, 0, 1, 3))).transpose(0, 2, 1, 3)
    second = from_pairs(to_pairs(c.transpose(0, 2, 1, 3)) @ Y.mixed).transpose(0, 3, 1, 2)
    return first + second


def _W(Y: Kernel, c: Four) -> Four:
    """Y*_vs Y_wt c_prvw."""
    return from_pairs(to_pairs(c) @ Y.right.T)


def _Wc(Y: Kernel, c: Four) -> Four:
    """Y_vt Y*_ws c_pvwr."""
    return _W(Y, crossed(c))


def _R1(Y: Kernel, c: Four) -> Four:
    """Y_pv Y*_rw c_vtsw."""
    return _R2(Y, crossed(c))


def _R2(Y: Kernel, c: Four) -> Four:
    """Y_pv Y*_rw c_vwst."""
    return from_pairs(Y.left @ to_pairs(c))


def left_right(c: VectorClasses, y: Yukawas, wave: Parts, p: Penguins, g1: Real, g3: Real) -> Parts:
    """Slopes of le, lu, ld, qe, qu1, qu8, qd1, qd8: one current of doublets, one of singlets."""
    one, up_down = jnp.eye(3, dtype=complex), y.Au - y.Ad
    u, d, e = (y.kernel[name] for name in "ude")
    quarks: Parts = {}
    for x, sign, charge, P, G, B, higgs, equal, mixed in (
        ("u", -1, Y_U, p.u, p.G_u, y.Bu, c.Hu, c.uu, (-_YY(d, c.ud1), -_YY(d, c.ud8))),
        ("d", +1, Y_D, p.d, p.G_d, y.Bd, c.Hd, c.dd, (-_R2(u, c.ud1), -_R2(u, c.ud8))),
    ):
        singlet, octet = getattr(c, f"q{x}1"), getattr(c, f"q{x}8")
        Y = y.kernel[x]
        colour = _xi(getattr(y, x), 2 * singlet + 8 / 3 * octet)
        quarks[f"q{x}1"] = (
            photon(p.q, Y_Q, P, charge, g1)
            - 12 * Y_Q * charge * g1 * singlet
            - 8 / 3 * g3 * octet
            + 1 / 3 * colour
            + 1 / 3 * _X1(Y, singlet + 4 / 3 * octet)
            + outer(up_down, higgs)
            + 2 * sign * outer(c.Hq1, B)
            - 2 / 3 * _Wc(Y, c.qq1 + 3 * c.qq3)
            - 4 * _W(Y, c.qq1)
            - 2 / 3 * _R1(Y, equal)
            - 2 * _R2(Y, equal)
            + mixed[0]
            + wave[f"q{x}1"]
        )
        quarks[f"q{x}8"] = (
            2 / 3 * g3 * (outer(p.G_q, one) + outer(one, G))
            - (12 * Y_Q * charge * g1 + 14 * g3) * octet
            - 12 * g3 * singlet
            + 2 * colour
            + 2 * _X1(Y, singlet - octet / 6)
            - 4 * _Wc(Y, c.qq1 + 3 * c.qq3)
            - 4 * _R1(Y, equal)
            + mixed[1]
            + wave[f"q{x}8"]
        )
    return quarks | {
        "le": photon(p.l, Y_L, p.e, Y_E, g1)
        - 6 * g1 * c.le
        + 2 * _xi(y.e, c.le)
        + _X1(e, c.le)
        - outer(y.Ae, c.He)
        + 2 * outer(c.Hl1, y.Be)
        - 4 * _R1(e, c.ee)
        - 2 * _Wc(e, c.ll)
        - 4 * _W(e, c.ll)
        + wave["le"],
        "lu": photon(p.l, Y_L, p.u, Y_U, g1)
        + 4 * g1 * c.lu
        - outer(y.Ae, c.Hu)
        - 2 * outer(c.Hl1, y.Bu)
        - 2 * _W(u, c.lq1)
        - _R2(e, c.eu)
        + wave["lu"],
        "ld": photon(p.l, Y_L, p.d, Y_D, g1)
        - 2 * g1 * c.ld
        - outer(y.Ae, c.Hd)
        + 2 * outer(c.Hl1, y.Bd)
        - 2 * _W(d, c.lq1)
        - _R2(e, c.ed)
        + wave["ld"],
        "qe": photon(p.q, Y_Q, p.e, Y_E, g1)
        + 2 * g1 * c.qe
        + outer(up_down, c.He)
        + 2 * outer(c.Hq1, y.Be)
        - 2 * _Z2(e, c.lq1)
        - _YY(d, c.ed)
        - _YY(u, c.eu)
        + wave["qe"],
    }
