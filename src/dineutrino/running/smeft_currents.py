"""Renormalisation group of the classes with Higgs fields: three bosonic ones, seven currents."""

import jax.numpy as jnp

from dineutrino.running.smeft_algebra import in_first, in_second, in_x, in_y
from dineutrino.running.smeft_parts import Y_D, Y_E, Y_L, Y_Q, Y_U, Parts, Penguins, Real, Yukawas
from dineutrino.running.vector_classes import Two, VectorClasses


def bosonic(c: VectorClasses, y: Yukawas, p: Penguins, g1: Real, g2: Real, lambda_: Real) -> Parts:
    """HBox, HD, HWB; what other classes do to HWB, 5e-4 of it, is left out."""
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


def higgs_currents(c: VectorClasses, y: Yukawas, p: Penguins, g1: Real, g2: Real) -> Parts:
    """The seven classes of (Higgs current)(fermion current)."""
    one, HS = jnp.eye(3, dtype=complex), c.HBox + c.HD
    first, second = in_first, in_second

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
        - 2 * in_x(c.ll, y.Ae)
        + 6 * second(c.lq1, up_down)
        - 6 * second(c.lu, y.Bu)
        + 6 * second(c.ld, y.Bd),
        "Hl3": 2 / 3 * g2 * (p.Q_l + p.Q_H * one)
        - 6 * g2 * c.Hl3
        - c.HBox * y.Ae / 2
        + 1 / 2 * anti(y.Ae, 3 * c.Hl1 + c.Hl3)
        - 2 * in_x(c.ll, y.Ae)
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
        + 2 * in_y(c.qq1 + 3 * c.qq3, up_down)
        - 6 * second(c.qu1, y.Bu)
        + 6 * second(c.qd1, y.Bd),
        "Hq3": 2 / 3 * g2 * (p.Q_q + p.Q_H * one)
        - 6 * g2 * c.Hq3
        - c.HBox * both / 2
        - 3 / 2 * anti(up_down, c.Hq1)
        + 1 / 2 * anti(both, c.Hq3)
        - 12 * second(c.qq3, both)
        - 2 * in_x(c.qq1 - c.qq3, both)
        - 2 * first(c.lq3, y.Ae),
        "Hu": hypercharge(p.u, Y_U)
        - HS * y.Bu
        - 2 * dagger(y.u) @ c.Hq1 @ y.u
        + 3 * anti(y.Bu, c.Hu)
        - 12 * second(c.uu, y.Bu)
        - 4 * in_x(c.uu, y.Bu)
        + 2 * first(c.eu, y.Be)
        - 2 * first(c.lu, y.Ae)
        + 6 * second(c.ud1, y.Bd)
        + 6 * first(c.qu1, up_down),
        "Hd": hypercharge(p.d, Y_D)
        + HS * y.Bd
        - 2 * dagger(y.d) @ c.Hq1 @ y.d
        + 3 * anti(y.Bd, c.Hd)
        + 12 * second(c.dd, y.Bd)
        + 4 * in_x(c.dd, y.Bd)
        + 2 * first(c.ed, y.Be)
        - 2 * first(c.ld, y.Ae)
        - 6 * first(c.ud1, y.Bu)
        + 6 * first(c.qd1, up_down),
    }
    return {
        name: part + 2 * y.G_H * getattr(c, name) + anti(y.wave[name[1]], getattr(c, name))
        for name, part in parts.items()
    }
