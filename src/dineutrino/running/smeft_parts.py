"""What many terms of the renormalisation group share: Yukawa matrices, wave functions, closed loops."""

from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.running.couplings import Couplings, higgs_wave_function
from dineutrino.running.smeft_algebra import crossed_trace, first_trace, outer, second_trace
from dineutrino.running.vector_classes import FIELDS, Four, Two, VectorClasses

Y_L, Y_Q, Y_E, Y_U, Y_D = -1 / 2, 1 / 6, -1.0, 2 / 3, -1 / 3
"""Hypercharges."""
Real = Float[Array, ""]
Parts = dict[str, Complex[Array, "..."]]
"""16 pi^2 dC/dln(mu) by class."""


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


def penguins(c: VectorClasses) -> Penguins:
    """All closed loops."""
    tr, t12, t21, tx = jnp.trace, second_trace, first_trace, crossed_trace
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


def yukawas(sm: Couplings) -> Yukawas:
    """Matrices and squares; `wave` by field."""
    Au, Ad, Ae = (Y @ Y.conj().T for Y in (sm.Yu, sm.Yd, sm.Ye))
    Bu, Bd, Be = (Y.conj().T @ Y for Y in (sm.Yu, sm.Yd, sm.Ye))
    wave = {"q": (Au + Ad) / 2, "l": Ae / 2, "u": Bu, "d": Bd, "e": Be}
    return Yukawas(sm.Yu, sm.Yd, sm.Ye, Au, Ad, Ae, Bu, Bd, Be, wave, higgs_wave_function(sm))


def wave_functions(name: str, c: VectorClasses, y: Yukawas) -> Four:
    """Wave functions of all four legs; of the first two only where both currents are equal, `_both` adds the others."""
    array, fields = getattr(c, name), FIELDS[name]
    W = y.wave[fields[0]]
    found = jnp.einsum("pv,vrst->prst", W, array) + jnp.einsum("pvst,vr->prst", array, W)
    if fields[0] == fields[1]:
        return found
    W = y.wave[fields[1]]
    return found + jnp.einsum("sv,prvt->prst", W, array) + jnp.einsum("prsv,vt->prst", array, W)


def photon(P_a: Two, Y_a: float, P_b: Two, Y_b: float, g1: Real) -> Four:
    """pen(a, b): exchange of a hypercharge boson."""
    one = jnp.eye(3, dtype=complex)
    return 4 / 3 * g1 * (Y_b * outer(P_a, one) + Y_a * outer(one, P_b))
