"""The one-loop renormalisation group of the thirty vector classes of SMEFT, in penguin form.

Sources: arXiv:1308.2627 (lambda), arXiv:1310.4838 (Yukawa couplings), arXiv:1312.2014 (gauge couplings); the Yukawa
matrices of those papers are the Hermitian conjugates of ours, their lambda is half of ours.
"""

from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.running.couplings import Couplings, higgs_wave_function
from dineutrino.running.vector_classes import FIELDS, Four, Two, VectorClasses, crossed, exchanged

Y_L, Y_Q, Y_E, Y_U, Y_D = -1 / 2, 1 / 6, -1.0, 2 / 3, -1 / 3
"""Hypercharges."""


def _outer(M: Two, N: Two) -> Four:
    return jnp.einsum("pr,st->prst", M, N)


def _second_trace(c: Four) -> Two:
    """[12]: C_prww."""
    return jnp.einsum("prww->pr", c)


def _first_trace(c: Four) -> Two:
    """[21]: C_wwst."""
    return jnp.einsum("wwst->st", c)


def _crossed_trace(c: Four) -> Two:
    """[x]: C_pwwr."""
    return jnp.einsum("pwwr->pr", c)


def _crossed_unit(M: Two) -> Four:
    """M_sr 1_pt."""
    return jnp.einsum("sr,pt->prst", M, jnp.eye(3))


def _both(c: Four) -> Four:
    """S[c]: the sum over both orders of two equal currents."""
    return c + exchanged(c)


def _in_second(c: Four, A: Two) -> Two:
    return jnp.einsum("rspt,tp->rs", c, A)


def _in_first(c: Four, A: Two) -> Two:
    return jnp.einsum("ptrs,tp->rs", c, A)


def _in_x(c: Four, A: Two) -> Two:
    return jnp.einsum("rtps,tp->rs", c, A)


def _in_y(c: Four, A: Two) -> Two:
    return jnp.einsum("psrt,tp->rs", c, A)


@dataclass(frozen=True)
class Penguins:
    """Closed loops: what a gauge boson sees of the coefficients. P couples to B, Q to W, G to gluons."""

    l: Two  # noqa: E741
    e: Two
    q: Two
    u: Two
    d: Two
    H: Complex[Array, ""]
    Q_l: Two
    Q_q: Two
    Q_H: Complex[Array, ""]
    G_q: Two
    G_u: Two
    G_d: Two
    T1: Complex[Array, ""]
    T3: Complex[Array, ""]


def _penguins(c: VectorClasses) -> Penguins:
    tr, t12, t21, tx = jnp.trace, _second_trace, _first_trace, _crossed_trace
    T1 = 2 * Y_L * tr(c.Hl1) + 6 * Y_Q * tr(c.Hq1) + Y_E * tr(c.He) + 3 * Y_U * tr(c.Hu) + 3 * Y_D * tr(c.Hd)
    T3 = tr(c.Hl3) + 3 * tr(c.Hq3)
    return Penguins(
        l=c.Hl1 / 2
        + Y_L * (4 * t12(c.ll) + 2 * tx(c.ll))
        + 6 * Y_Q * t12(c.lq1)
        + 3 * Y_U * t12(c.lu)
        + 3 * Y_D * t12(c.ld)
        + Y_E * t12(c.le),
        e=c.He / 2
        + 4 * Y_E * t12(c.ee)
        + 2 * Y_L * t21(c.le)
        + 6 * Y_Q * t21(c.qe)
        + 3 * Y_U * t12(c.eu)
        + 3 * Y_D * t12(c.ed),
        q=c.Hq1 / 2
        + Y_Q * (12 * t12(c.qq1) + 2 * tx(c.qq1) + 6 * tx(c.qq3))
        + 2 * Y_L * t21(c.lq1)
        + 3 * Y_U * t12(c.qu1)
        + 3 * Y_D * t12(c.qd1)
        + Y_E * t12(c.qe),
        u=c.Hu / 2
        + Y_U * (6 * t12(c.uu) + 2 * tx(c.uu))
        + 2 * Y_L * t21(c.lu)
        + Y_E * t21(c.eu)
        + 6 * Y_Q * t21(c.qu1)
        + 3 * Y_D * t12(c.ud1),
        d=c.Hd / 2
        + Y_D * (6 * t12(c.dd) + 2 * tx(c.dd))
        + 2 * Y_L * t21(c.ld)
        + Y_E * t21(c.ed)
        + 6 * Y_Q * t21(c.qd1)
        + 3 * Y_U * t21(c.ud1),
        H=(c.HBox + c.HD) / 4 + T1,
        Q_l=c.Hl3 / 2 + tx(c.ll) + 3 * t12(c.lq3),
        Q_q=c.Hq3 / 2 + t21(c.lq3) + tx(c.qq1) + 6 * t12(c.qq3) - tx(c.qq3),
        Q_H=c.HBox / 4 + T3,
        G_q=4 * (tx(c.qq1) + 3 * tx(c.qq3)) + t12(c.qu8) + t12(c.qd8),
        G_u=2 * t21(c.qu8) + t12(c.ud8) + 4 * tx(c.uu),
        G_d=2 * t21(c.qd8) + t21(c.ud8) + 4 * tx(c.dd),
        T1=T1,
        T3=T3,
    )


@dataclass(frozen=True)
class Yukawas:
    """Yukawa matrices and their squares: A acts on doublets, B on singlets."""

    u: Two
    d: Two
    e: Two
    Au: Two
    Ad: Two
    Ae: Two
    Bu: Two
    Bd: Two
    Be: Two
    wave: dict[str, Two]
    G_H: Float[Array, ""]


def _yukawas(sm: Couplings) -> Yukawas:
    Au, Ad, Ae = (Y @ Y.conj().T for Y in (sm.Yu, sm.Yd, sm.Ye))
    Bu, Bd, Be = (Y.conj().T @ Y for Y in (sm.Yu, sm.Yd, sm.Ye))
    wave = {"q": (Au + Ad) / 2, "l": Ae / 2, "u": Bu, "d": Bd, "e": Be}
    return Yukawas(sm.Yu, sm.Yd, sm.Ye, Au, Ad, Ae, Bu, Bd, Be, wave, higgs_wave_function(sm))


def smeft_slope(c: VectorClasses, sm: Couplings) -> VectorClasses:
    """dC/dln(mu), linear in the coefficients; classes other than these thirty are taken to be zero."""
    y, loops = _yukawas(sm), _penguins(c)
    g1, g2, g3, lambda_ = sm.g1**2, sm.g2**2, sm.g3**2, sm.lambda_
    parts = (
        _bosonic(c, y, loops, g1, g2, lambda_)
        | _higgs_currents(c, y, loops, g1, g2)
        | _left_left(c, y, loops, g1, g2, g3)
        | _right_right(c, y, loops, g1, g3)
        | _left_right(c, y, loops, g1, g3)
    )
    return VectorClasses(**{name: part / (16 * jnp.pi**2) for name, part in parts.items()})


Real = Float[Array, ""]
Parts = dict[str, Complex[Array, "..."]]


def _bosonic(c: VectorClasses, y: Yukawas, p: Penguins, g1: Real, g2: Real, lambda_: Real) -> Parts:
    tr = jnp.trace
    eta3 = tr(
        (3 * c.Hq1 + 9 * c.Hq3) @ y.Ad
        + (9 * c.Hq3 - 3 * c.Hq1) @ y.Au
        + 3 * c.Hu @ y.Bu
        - 3 * c.Hd @ y.Bd
        + (c.Hl1 + 3 * c.Hl3) @ y.Ae
        - c.He @ y.Be
    )
    eta4 = tr(12 * c.Hq1 @ (y.Ad - y.Au) + 12 * c.Hu @ y.Bu - 12 * c.Hd @ y.Bd + 4 * c.Hl1 @ y.Ae - 4 * c.He @ y.Be)
    return {
        "HBox": -(4 * g2 + 4 / 3 * g1) * c.HBox
        + 5 / 3 * g1 * c.HD
        + 2 * g2 * p.T3
        + 2 / 3 * g1 * p.T1
        + 12 * lambda_ * c.HBox
        - 2 * eta3
        + 4 * y.G_H * c.HBox,
        "HD": 20 / 3 * g1 * c.HBox
        + (9 / 2 * g2 - 5 / 6 * g1) * c.HD
        + 8 / 3 * g1 * p.T1
        + 6 * lambda_ * c.HD
        - 2 * eta4
        + 4 * y.G_H * c.HD,
        "HWB": (19 / 3 * g1 + 4 / 3 * g2 + 2 * lambda_ + 2 * y.G_H) * c.HWB,
    }


def _higgs_currents(c: VectorClasses, y: Yukawas, p: Penguins, g1: Real, g2: Real) -> Parts:
    one, HS = jnp.eye(3, dtype=complex), c.HBox + c.HD
    first, second = _in_first, _in_second

    def anti(A: Two, M: Two) -> Two:
        return A @ M + M @ A

    def dagger(Y: Two) -> Two:
        return Y.conj().T

    up_down = y.Au - y.Ad
    both = y.Au + y.Ad

    def hypercharge(P: Two, Y: float) -> Two:
        return 4 / 3 * g1 * (P / 2 + Y * p.H * one)

    parts = {
        "Hl1": hypercharge(p.l, Y_L)
        - HS * y.Ae / 2
        - y.e @ c.He @ dagger(y.e)
        + 3 / 2 * anti(y.Ae, c.Hl1 + 3 * c.Hl3)
        + 2 * second(c.le, y.Be)
        - 4 * second(c.ll, y.Ae)
        - 2 * _in_x(c.ll, y.Ae)
        + 6 * second(c.lq1, up_down)
        - 6 * second(c.lu, y.Bu)
        + 6 * second(c.ld, y.Bd),
        "Hl3": 2 / 3 * g2 * (p.Q_l + p.Q_H * one)
        - 6 * g2 * c.Hl3
        - c.HBox * y.Ae / 2
        + 1 / 2 * anti(y.Ae, 3 * c.Hl1 + c.Hl3)
        - 2 * _in_x(c.ll, y.Ae)
        - 6 * second(c.lq3, both),
        "He": hypercharge(p.e, Y_E)
        + HS * y.Be
        - 2 * dagger(y.e) @ c.Hl1 @ y.e
        + 3 * anti(y.Be, c.He)
        - 2 * first(c.le, y.Ae)
        + 8 * second(c.ee, y.Be)
        - 6 * second(c.eu, y.Bu)
        + 6 * second(c.ed, y.Bd)
        + 6 * first(c.qe, up_down),
        "Hq1": hypercharge(p.q, Y_Q)
        + HS * up_down / 2
        - y.u @ c.Hu @ dagger(y.u)
        - y.d @ c.Hd @ dagger(y.d)
        + 2 * second(c.qe, y.Be)
        - 2 * first(c.lq1, y.Ae)
        + 3 / 2 * anti(both, c.Hq1)
        - 9 / 2 * anti(up_down, c.Hq3)
        + 12 * first(c.qq1, up_down)
        + 2 * _in_y(c.qq1 + 3 * c.qq3, up_down)
        - 6 * second(c.qu1, y.Bu)
        + 6 * second(c.qd1, y.Bd),
        "Hq3": 2 / 3 * g2 * (p.Q_q + p.Q_H * one)
        - 6 * g2 * c.Hq3
        - c.HBox * both / 2
        - 3 / 2 * anti(up_down, c.Hq1)
        + 1 / 2 * anti(both, c.Hq3)
        - 12 * second(c.qq3, both)
        - 2 * _in_x(c.qq1 - c.qq3, both)
        - 2 * first(c.lq3, y.Ae),
        "Hu": hypercharge(p.u, Y_U)
        - HS * y.Bu
        - 2 * dagger(y.u) @ c.Hq1 @ y.u
        + 3 * anti(y.Bu, c.Hu)
        - 12 * second(c.uu, y.Bu)
        - 4 * _in_x(c.uu, y.Bu)
        + 2 * first(c.eu, y.Be)
        - 2 * first(c.lu, y.Ae)
        + 6 * second(c.ud1, y.Bd)
        + 6 * first(c.qu1, up_down),
        "Hd": hypercharge(p.d, Y_D)
        + HS * y.Bd
        - 2 * dagger(y.d) @ c.Hq1 @ y.d
        + 3 * anti(y.Bd, c.Hd)
        + 12 * second(c.dd, y.Bd)
        + 4 * _in_x(c.dd, y.Bd)
        + 2 * first(c.ed, y.Be)
        - 2 * first(c.ld, y.Ae)
        - 6 * first(c.ud1, y.Bu)
        + 6 * first(c.qd1, up_down),
    }
    return {
        name: part + 2 * y.G_H * getattr(c, name) + anti(y.wave[name[1]], getattr(c, name))
        for name, part in parts.items()
    }


def _wave(name: str, c: VectorClasses, y: Yukawas) -> Four:
    """Wave functions of all four legs; of the first two only where both currents are equal, `_both` adds the others."""
    array, fields = getattr(c, name), FIELDS[name]
    W = y.wave[fields[0]]
    found = jnp.einsum("pv,vrst->prst", W, array) + jnp.einsum("pvst,vr->prst", array, W)
    if fields[0] == fields[1]:
        return found
    W = y.wave[fields[1]]
    return found + jnp.einsum("sv,prvt->prst", W, array) + jnp.einsum("prsv,vt->prst", array, W)


def _YY(Y: Two, c: Four) -> Four:
    return jnp.einsum("pv,rw,stvw->prst", Y, Y.conj(), c)


def _left_left(c: VectorClasses, y: Yukawas, p: Penguins, g1: Real, g2: Real, g3: Real) -> Parts:
    one = jnp.eye(3, dtype=complex)
    up_down, both = y.Au - y.Ad, y.Au + y.Ad
    mixed = sum(jnp.einsum("pv,tw,srvw->prst", Y, Y.conj(), octet) for Y, octet in ((y.u, c.qu8), (y.d, c.qd8)))
    ll = (
        2 / 3 * g1 * Y_L * _outer(p.l, one)
        - 1 / 3 * g2 * _outer(p.Q_l, one)
        + 2 / 3 * g2 * _crossed_unit(p.Q_l)
        - _outer(y.Ae, c.Hl1 - c.Hl3) / 2
        - jnp.einsum("pt,sr->prst", y.Ae, c.Hl3)
        - _YY(y.e, c.le) / 2
        + _wave("ll", c, y)
    )
    qq1 = (
        2 / 3 * g1 * Y_Q * _outer(p.q, one)
        + 1 / 3 * g3 * (_crossed_unit(p.G_q) / 4 - _outer(p.G_q, one) / 6)
        + _outer(up_down, c.Hq1) / 2
        - _YY(y.u, c.qu1 - c.qu8 / 6) / 2
        - _YY(y.d, c.qd1 - c.qd8 / 6) / 2
        - mixed / 8
        + _wave("qq1", c, y)
    )
    qq3 = (
        1 / 3 * g2 * _outer(p.Q_q, one)
        + 1 / 12 * g3 * _crossed_unit(p.G_q)
        - _outer(both, c.Hq3) / 2
        - mixed / 8
        + _wave("qq3", c, y)
    )
    return {
        "ll": _both(ll) + 6 * g2 * crossed(c.ll) + 3 * (g1 - g2) * c.ll,
        "qq1": _both(qq1) + 9 * g2 * c.qq3 + (g1 / 3 - 2 * g3) * c.qq1 + 3 * g3 * crossed(c.qq1 + 3 * c.qq3),
        "qq3": _both(qq3) + 3 * g3 * crossed(c.qq1 - c.qq3) + (g1 / 3 - 6 * g2 - 2 * g3) * c.qq3 + 3 * g2 * c.qq1,
        "lq1": _photon(p.l, Y_L, p.q, Y_Q, g1)
        - g1 * c.lq1
        + 9 * g2 * c.lq3
        - _outer(y.Ae, c.Hq1)
        + _outer(c.Hl1, up_down)
        - jnp.einsum("sv,tw,prvw->prst", y.u, y.u.conj(), c.lu)
        - jnp.einsum("sv,tw,prvw->prst", y.d, y.d.conj(), c.ld)
        - _YY(y.e, c.qe)
        + _wave("lq1", c, y),
        "lq3": 2 / 3 * g2 * (_outer(p.Q_l, one) + _outer(one, p.Q_q))
        + 3 * g2 * c.lq1
        - (6 * g2 + g1) * c.lq3
        - _outer(y.Ae, c.Hq3)
        - _outer(c.Hl3, both)
        + _wave("lq3", c, y),
    }


def _photon(P_a: Two, Y_a: float, P_b: Two, Y_b: float, g1: Real) -> Four:
    """pen(a, b): exchange of a hypercharge boson."""
    one = jnp.eye(3, dtype=complex)
    return 4 / 3 * g1 * (Y_b * _outer(P_a, one) + Y_a * _outer(one, P_b))


def _Z(Y: Two, c: Four) -> Four:
    return jnp.einsum("wr,vp,vwst->prst", Y, Y.conj(), c)


def _Z2(Y: Two, c: Four) -> Four:
    return jnp.einsum("vs,wt,vwpr->prst", Y.conj(), Y, c)


def _right_right(c: VectorClasses, y: Yukawas, p: Penguins, g1: Real, g3: Real) -> Parts:
    one = jnp.eye(3, dtype=complex)

    def same(name: str, P: Two, charge: float, G: Two, Y: Two, singlet: Four, octet: Four, higgs: Four) -> Four:
        """uu and dd."""
        return _both(
            2 / 3 * g1 * charge * _outer(one, P)
            + 1 / 3 * g3 * (_crossed_unit(G) / 2 - _outer(one, G) / 6)
            + higgs
            - _Z(Y, singlet - octet / 6)
            - jnp.einsum("wr,vs,vwpt->prst", Y, Y.conj(), octet) / 2
            + _wave(name, c, y)
        )

    ee = _both(2 / 3 * g1 * Y_E * _outer(one, p.e) + _outer(y.Be, c.He) - _Z(y.e, c.le) + _wave("ee", c, y))
    return {
        "ee": (ee + crossed(ee)) / 2 + 12 * g1 * c.ee,
        "uu": same("uu", p.u, Y_U, p.G_u, y.u, c.qu1, c.qu8, -_outer(y.Bu, c.Hu))
        + (16 / 3 * g1 - 2 * g3) * c.uu
        + 6 * g3 * crossed(c.uu),
        "dd": same("dd", p.d, Y_D, p.G_d, y.d, c.qd1, c.qd8, _outer(y.Bd, c.Hd))
        + (4 / 3 * g1 - 2 * g3) * c.dd
        + 6 * g3 * crossed(c.dd),
        "eu": _photon(p.e, Y_E, p.u, Y_U, g1)
        - 8 * g1 * c.eu
        + 2 * _outer(y.Be, c.Hu)
        - 2 * _outer(c.He, y.Bu)
        - 2 * _Z(y.e, c.lu)
        - 2 * _Z2(y.u, c.qe)
        + _wave("eu", c, y),
        "ed": _photon(p.e, Y_E, p.d, Y_D, g1)
        + 4 * g1 * c.ed
        + 2 * _outer(y.Be, c.Hd)
        + 2 * _outer(c.He, y.Bd)
        - 2 * _Z(y.e, c.ld)
        - 2 * _Z2(y.d, c.qe)
        + _wave("ed", c, y),
        "ud1": _photon(p.u, Y_U, p.d, Y_D, g1)
        - 8 / 3 * g1 * c.ud1
        + 8 / 3 * g3 * c.ud8
        - 2 * _outer(y.Bu, c.Hd)
        + 2 * _outer(c.Hu, y.Bd)
        - 2 * _Z(y.u, c.qd1)
        - 2 * _Z2(y.d, c.qu1)
        + _wave("ud1", c, y),
        "ud8": 2 / 3 * g3 * (_outer(p.G_u, one) + _outer(one, p.G_d))
        - (8 / 3 * g1 + 4 * g3) * c.ud8
        + 12 * g3 * c.ud1
        - 2 * _Z(y.u, c.qd8)
        - 2 * _Z2(y.d, c.qu8)
        + _wave("ud8", c, y),
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


def _left_right(c: VectorClasses, y: Yukawas, p: Penguins, g1: Real, g3: Real) -> Parts:
    one, up_down = jnp.eye(3, dtype=complex), y.Au - y.Ad
    quarks: Parts = {}
    for x, Y, sign, charge, P, G, B, higgs, equal, mixed in (
        ("u", y.u, -1, Y_U, p.u, p.G_u, y.Bu, c.Hu, c.uu, (-_YY(y.d, c.ud1), -_YY(y.d, c.ud8))),
        ("d", y.d, +1, Y_D, p.d, p.G_d, y.Bd, c.Hd, c.dd, (-_R2(y.u, c.ud1), -_R2(y.u, c.ud8))),
    ):
        singlet, octet = getattr(c, f"q{x}1"), getattr(c, f"q{x}8")
        colour = _xi(Y, 2 * singlet + 8 / 3 * octet)
        quarks[f"q{x}1"] = (
            _photon(p.q, Y_Q, P, charge, g1)
            - 12 * Y_Q * charge * g1 * singlet
            - 8 / 3 * g3 * octet
            + 1 / 3 * colour
            + 1 / 3 * _X1(Y, singlet + 4 / 3 * octet)
            + _outer(up_down, higgs)
            + 2 * sign * _outer(c.Hq1, B)
            - 2 / 3 * _Wc(Y, c.qq1 + 3 * c.qq3)
            - 4 * _W(Y, c.qq1)
            - 2 / 3 * _R1(Y, equal)
            - 2 * _R2(Y, equal)
            + mixed[0]
            + _wave(f"q{x}1", c, y)
        )
        quarks[f"q{x}8"] = (
            2 / 3 * g3 * (_outer(p.G_q, one) + _outer(one, G))
            - (12 * Y_Q * charge * g1 + 14 * g3) * octet
            - 12 * g3 * singlet
            + 2 * colour
            + 2 * _X1(Y, singlet - octet / 6)
            - 4 * _Wc(Y, c.qq1 + 3 * c.qq3)
            - 4 * _R1(Y, equal)
            + mixed[1]
            + _wave(f"q{x}8", c, y)
        )
    return quarks | {
        "le": _photon(p.l, Y_L, p.e, Y_E, g1)
        - 6 * g1 * c.le
        + 2 * _xi(y.e, c.le)
        + _X1(y.e, c.le)
        - _outer(y.Ae, c.He)
        + 2 * _outer(c.Hl1, y.Be)
        - 4 * _R1(y.e, c.ee)
        - 2 * jnp.einsum("wt,vs,pwvr->prst", y.e, y.e.conj(), c.ll)
        - 4 * _W(y.e, c.ll)
        + _wave("le", c, y),
        "lu": _photon(p.l, Y_L, p.u, Y_U, g1)
        + 4 * g1 * c.lu
        - _outer(y.Ae, c.Hu)
        - 2 * _outer(c.Hl1, y.Bu)
        - 2 * _W(y.u, c.lq1)
        - _R2(y.e, c.eu)
        + _wave("lu", c, y),
        "ld": _photon(p.l, Y_L, p.d, Y_D, g1)
        - 2 * g1 * c.ld
        - _outer(y.Ae, c.Hd)
        + 2 * _outer(c.Hl1, y.Bd)
        - 2 * _W(y.d, c.lq1)
        - _R2(y.e, c.ed)
        + _wave("ld", c, y),
        "qe": _photon(p.q, Y_Q, p.e, Y_E, g1)
        + 2 * g1 * c.qe
        + _outer(up_down, c.He)
        + 2 * _outer(c.Hq1, y.Be)
        - 2 * _Z2(y.e, c.lq1)
        - _YY(y.d, c.ed)
        - _YY(y.u, c.eu)
        + _wave("qe", c, y),
    }
