"""What many terms of the renormalisation group share: Yukawa matrices, wave functions, closed loops."""

from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.running.couplings import Couplings, higgs_wave_function
from dineutrino.running.smeft_algebra import (
    Pairs,
    crossed_trace,
    first_trace,
    from_pairs,
    on_pair,
    outer,
    second_trace,
    to_pairs,
)
from dineutrino.running.vector_classes import FIELDS, FOUR_FERMION, Four, Two, VectorClasses

Y_L, Y_Q, Y_E, Y_U, Y_D = -1 / 2, 1 / 6, -1.0, 2 / 3, -1 / 3
"""Hypercharges of the fields."""
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
    """All closed loops of fermions that end in a gauge boson."""
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
class Kernel:
    """Products of a Yukawa matrix with its complex conjugate, which act on pairs of flavour indices."""

    left: Pairs
    """Y_pv Y*_rw at [pr, vw]: on the indices of doublets."""
    right: Pairs
    """Y*_vp Y_wr at [pr, vw]: on those of singlets."""
    mixed: Pairs
    """Y_pw Y*_vs at [ps, wv]: on one of each."""


def _kernel(Y: Two) -> Kernel:
    def pairs(formula: str) -> Pairs:
        return jnp.einsum(formula, Y, Y.conj()).reshape(9, 9)

    return Kernel(pairs("pv,rw->prvw"), pairs("wr,vp->prvw"), pairs("pw,vs->pswv"))


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
    kernel: dict[str, Kernel]


def yukawas(sm: Couplings) -> Yukawas:
    """Matrices, squares and kernels; `wave` by field."""
    Au, Ad, Ae = (Y @ Y.conj().T for Y in (sm.Yu, sm.Yd, sm.Ye))
    Bu, Bd, Be = (Y.conj().T @ Y for Y in (sm.Yu, sm.Yd, sm.Ye))
    wave = {"q": (Au + Ad) / 2, "l": Ae / 2, "u": Bu, "d": Bd, "e": Be}
    kernel = {"u": _kernel(sm.Yu), "d": _kernel(sm.Yd), "e": _kernel(sm.Ye)}
    return Yukawas(sm.Yu, sm.Yd, sm.Ye, Au, Ad, Ae, Bu, Bd, Be, wave, higgs_wave_function(sm), kernel)


def wave_functions(c: VectorClasses, y: Yukawas) -> Parts:
    """Wave functions of all legs; of the first two only where both currents are equal, `both_orders` adds the others.

    W_pv C_vrst + C_pvst W_vr of one current acts on its pair of indices: one product per field.
    """
    found: Parts = {}
    for field, W in y.wave.items():
        first = [name for name in FOUR_FERMION if FIELDS[name][0] == field]
        second = [name for name in FOUR_FERMION if FIELDS[name][1] == field and FIELDS[name][0] != field]
        parts = [to_pairs(getattr(c, name)) for name in first] + [to_pairs(getattr(c, name)).T for name in second]
        products = jnp.split(on_pair(W, W) @ jnp.concatenate(parts, axis=1), len(parts), axis=1)
        for name, product in zip((*first, *second), products, strict=True):
            part = from_pairs(product if name in first else product.T)
            found[name] = found[name] + part if name in found else part
    return found


def photon(P_a: Two, Y_a: float, P_b: Two, Y_b: float, g1: Real) -> Four:
    """pen(a, b): exchange of a hypercharge boson."""
    one = jnp.eye(3, dtype=complex)
    return 4 / 3 * g1 * (Y_b * outer(P_a, one) + Y_a * outer(one, P_b))
