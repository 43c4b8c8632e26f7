"""Renormalisation group of the twenty four-fermion classes: left-left, right-right, left-right."""

import jax.numpy as jnp

from dineutrino.running.smeft_algebra import both_orders, crossed_unit, outer
from dineutrino.running.smeft_parts import (
    Y_D,
    Y_E,
    Y_L,
    Y_Q,
    Y_U,
    Parts,
    Penguins,
    Real,
    Yukawas,
    photon,
    wave_functions,
)
from dineutrino.running.vector_classes import Four, Two, VectorClasses, crossed


def _YY(Y: Two, c: Four) -> Four:
    return jnp.einsum("pv,rw,stvw->prst", Y, Y.conj(), c)


def left_left(c: VectorClasses, y: Yukawas, p: Penguins, g1: Real, g2: Real, g3: Real) -> Parts:
    """ll, qq1, qq3, lq1, lq3."""
    one = jnp.eye(3, dtype=complex)
    up_down, both = y.Au - y.Ad, y.Au + y.Ad
    mixed = sum(jnp.einsum("pv,tw,srvw->prst", Y, Y.conj(), octet) for Y, octet in ((y.u, c.qu8), (y.d, c.qd8)))
    ll = (
        2 / 3 * g1 * Y_L * outer(p.l, one)
        - 1 / 3 * g2 * outer(p.Q_l, one)
        + 2 / 3 * g2 * crossed_unit(p.Q_l)
        - outer(y.Ae, c.Hl1 - c.Hl3) / 2
        - jnp.einsum("pt,sr->prst", y.Ae, c.Hl3)
        - _YY(y.e, c.le) / 2
        + wave_functions("ll", c, y)
    )
    qq1 = (
        2 / 3 * g1 * Y_Q * outer(p.q, one)
        + 1 / 3 * g3 * (crossed_unit(p.G_q) / 4 - outer(p.G_q, one) / 6)
        + outer(up_down, c.Hq1) / 2
        - _YY(y.u, c.qu1 - c.qu8 / 6) / 2
        - _YY(y.d, c.qd1 - c.qd8 / 6) / 2
        - mixed / 8
        + wave_functions("qq1", c, y)
    )
    qq3 = (
        1 / 3 * g2 * outer(p.Q_q, one)
        + 1 / 12 * g3 * crossed_unit(p.G_q)
        - outer(both, c.Hq3) / 2
        - mixed / 8
        + wave_functions("qq3", c, y)
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
        - jnp.einsum("sv,tw,prvw->prst", y.u, y.u.conj(), c.lu)
        - jnp.einsum("sv,tw,prvw->prst", y.d, y.d.conj(), c.ld)
        - _YY(y.e, c.qe)
        + wave_functions("lq1", c, y),
        "lq3": 2 / 3 * g2 * (outer(p.Q_l, one) + outer(one, p.Q_q))
        + 3 * g2 * c.lq1
        - (6 * g2 + g1) * c.lq3
        - outer(y.Ae, c.Hq3)
        - outer(c.Hl3, both)
        + wave_functions("lq3", c, y),
    }


def _Z(Y: Two, c: Four) -> Four:
    return jnp.einsum("wr,vp,vwst->prst", Y, Y.conj(), c)


def _Z2(Y: Two, c: Four) -> Four:
    return jnp.einsum("vs,wt,vwpr->prst", Y.conj(), Y, c)


def right_right(c: VectorClasses, y: Yukawas, p: Penguins, g1: Real, g3: Real) -> Parts:
    """ee, uu, dd, eu, ed, ud1, ud8."""
    one = jnp.eye(3, dtype=complex)

    def same(name: str, P: Two, charge: float, G: Two, Y: Two, singlet: Four, octet: Four, higgs: Four) -> Four:
        """uu and dd."""
        return both_orders(
            2 / 3 * g1 * charge * outer(one, P)
            + 1 / 3 * g3 * (crossed_unit(G) / 2 - outer(one, G) / 6)
            + higgs
            - _Z(Y, singlet - octet / 6)
            - jnp.einsum("wr,vs,vwpt->prst", Y, Y.conj(), octet) / 2
            + wave_functions(name, c, y)
        )

    ee = both_orders(
        2 / 3 * g1 * Y_E * outer(one, p.e) + outer(y.Be, c.He) - _Z(y.e, c.le) + wave_functions("ee", c, y)
    )
    return {
        "ee": (ee + crossed(ee)) / 2 + 12 * g1 * c.ee,
        "uu": same("uu", p.u, Y_U, p.G_u, y.u, c.qu1, c.qu8, -outer(y.Bu, c.Hu))
        + (16 / 3 * g1 - 2 * g3) * c.uu
        + 6 * g3 * crossed(c.uu),
        "dd": same("dd", p.d, Y_D, p.G_d, y.d, c.qd1, c.qd8, outer(y.Bd, c.Hd))
        + (4 / 3 * g1 - 2 * g3) * c.dd
        + 6 * g3 * crossed(c.dd),
        "eu": photon(p.e, Y_E, p.u, Y_U, g1)
        - 8 * g1 * c.eu
        + 2 * outer(y.Be, c.Hu)
        - 2 * outer(c.He, y.Bu)
        - 2 * _Z(y.e, c.lu)
        - 2 * _Z2(y.u, c.qe)
        + wave_functions("eu", c, y),
        "ed": photon(p.e, Y_E, p.d, Y_D, g1)
        + 4 * g1 * c.ed
        + 2 * outer(y.Be, c.Hd)
        + 2 * outer(c.He, y.Bd)
        - 2 * _Z(y.e, c.ld)
        - 2 * _Z2(y.d, c.qe)
        + wave_functions("ed", c, y),
        "ud1": photon(p.u, Y_U, p.d, Y_D, g1)
        - 8 / 3 * g1 * c.ud1
        + 8 / 3 * g3 * c.ud8
        - 2 * outer(y.Bu, c.Hd)
        + 2 * outer(c.Hu, y.Bd)
        - 2 * _Z(y.u, c.qd1)
        - 2 * _Z2(y.d, c.qu1)
        + wave_functions("ud1", c, y),
        "ud8": 2 / 3 * g3 * (outer(p.G_u, one) + outer(one, p.G_d))
        - (8 / 3 * g1 + 4 * g3) * c.ud8
        + 12 * g3 * c.ud1
        - 2 * _Z(y.u, c.qd8)
        - 2 * _Z2(y.d, c.qu8)
        + wave_functions("ud8", c, y),
    }


def _xi(Y: Two, c: Four) -> Four:
    X = jnp.einsum("prst,rs->pt", c, Y)
    return jnp.einsum("rs,pt->prst", Y.conj(), X) + jnp.einsum("pt,rs->prst", Y, X.conj())


def _X1(Y: Two, c: Four) -> Four:
    return jnp.einsum("pw,vs,vrwt->prst", Y, Y.conj(), c) + jnp.einsum("vt,rw,pvsw->prst", Y, Y.conj(), c)


def _W(Y: Two, c: Four) -> Four:
    return jnp.einsum("vs,wt,prvw->prst", Y.conj(), Y, c)


def _Wc(Y: Two, c: Four) -> Four:
    return jnp.einsum("vt,ws,pvwr->prst", Y, Y.conj(), c)


def _R1(Y: Two, c: Four) -> Four:
    return jnp.einsum("pv,rw,vtsw->prst", Y, Y.conj(), c)


def _R2(Y: Two, c: Four) -> Four:
    return jnp.einsum("pv,rw,vwst->prst", Y, Y.conj(), c)


def left_right(c: VectorClasses, y: Yukawas, p: Penguins, g1: Real, g3: Real) -> Parts:
    """le, lu, ld, qe, qu1, qu8, qd1, qd8."""
    one, up_down = jnp.eye(3, dtype=complex), y.Au - y.Ad
    quarks: Parts = {}
    for x, Y, sign, charge, P, G, B, higgs, equal, mixed in (
        ("u", y.u, -1, Y_U, p.u, p.G_u, y.Bu, c.Hu, c.uu, (-_YY(y.d, c.ud1), -_YY(y.d, c.ud8))),
        ("d", y.d, +1, Y_D, p.d, p.G_d, y.Bd, c.Hd, c.dd, (-_R2(y.u, c.ud1), -_R2(y.u, c.ud8))),
    ):
        singlet, octet = getattr(c, f"q{x}1"), getattr(c, f"q{x}8")
        colour = _xi(Y, 2 * singlet + 8 / 3 * octet)
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
            + wave_functions(f"q{x}1", c, y)
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
            + wave_functions(f"q{x}8", c, y)
        )
    return quarks | {
        "le": photon(p.l, Y_L, p.e, Y_E, g1)
        - 6 * g1 * c.le
        + 2 * _xi(y.e, c.le)
        + _X1(y.e, c.le)
        - outer(y.Ae, c.He)
        + 2 * outer(c.Hl1, y.Be)
        - 4 * _R1(y.e, c.ee)
        - 2 * jnp.einsum("wt,vs,pwvr->prst", y.e, y.e.conj(), c.ll)
        - 4 * _W(y.e, c.ll)
        + wave_functions("le", c, y),
        "lu": photon(p.l, Y_L, p.u, Y_U, g1)
        + 4 * g1 * c.lu
        - outer(y.Ae, c.Hu)
        - 2 * outer(c.Hl1, y.Bu)
        - 2 * _W(y.u, c.lq1)
        - _R2(y.e, c.eu)
        + wave_functions("lu", c, y),
        "ld": photon(p.l, Y_L, p.d, Y_D, g1)
        - 2 * g1 * c.ld
        - outer(y.Ae, c.Hd)
        + 2 * outer(c.Hl1, y.Bd)
        - 2 * _W(y.d, c.lq1)
        - _R2(y.e, c.ed)
        + wave_functions("ld", c, y),
        "qe": photon(p.q, Y_Q, p.e, Y_E, g1)
        + 2 * g1 * c.qe
        + outer(up_down, c.He)
        + 2 * outer(c.Hq1, y.Be)
        - 2 * _Z2(y.e, c.lq1)
        - _YY(y.d, c.ed)
        - _YY(y.u, c.eu)
        + wave_functions("qe", c, y),
    }
