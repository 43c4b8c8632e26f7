"""A pair of fermions x1 x2bar of any masses, with every current."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.invisible.spectrum import Currents, SpinOne, SpinZero
from dineutrino.numerics import sqrt_or_zero

Coupling = Complex[Array, ""] | Float[Array, ""]


class Couplings(eqx.Module):
    """Coefficients g_XY of (sbar X b)(x1bar Y x2), GeV^-2: quark structure X, fermion structure Y.

    V vector, A axial vector, S scalar, P pseudoscalar (gamma_5), T sigma_{mu nu} on both sides, T5 with
    sigma_{mu nu} gamma_5 on the fermion side.
    """

    VV: Coupling | float = 0.0
    VA: Coupling | float = 0.0
    AV: Coupling | float = 0.0
    AA: Coupling | float = 0.0
    SS: Coupling | float = 0.0
    SP: Coupling | float = 0.0
    PS: Coupling | float = 0.0
    PP: Coupling | float = 0.0
    TT: Coupling | float = 0.0
    TT5: Coupling | float = 0.0


def fermion_pair(q2: Float[Array, "..."], m_1: Float[Array, ""], m_2: Float[Array, ""], g: Couplings) -> Currents:
    """Spectral functions of a distinguishable pair, spins summed, angles averaged, phase space included.

    Args:
        q2: invariant mass squared of the pair, GeV^2; at and below the threshold (m_1 + m_2)^2 the result is zero.
        m_1: mass of x1, GeV.
        m_2: mass of x2, GeV.
        g: couplings, GeV^-2.

    Returns:
        Currents with entries of shape (...), GeV^-4. A Majorana pair takes 1/(1 + delta_12) times this.
    """
    total, difference = m_1 + m_2, m_1 - m_2
    is_open = (q2 > total**2) | ((q2 == 0) & (total == 0))
    safe = jnp.where(q2 > total**2, q2, total**2 + 1.0)
    mass = jnp.sqrt(safe)
    p = total / mass
    m = difference / mass
    above, below = 1 - p**2, 1 - m**2
    root = jnp.where(is_open, sqrt_or_zero(above) * sqrt_or_zero(below), 0.0)
    # transverse parts of the vector and axial currents, electric and magnetic parts of the tensor, and the rest
    vector, axial = 2 / 3 * below * (2 + p**2), 2 / 3 * above * (2 + m**2)
    electric, magnetic = 8 / 3 * below * (1 + 2 * p**2), 8 / 3 * above * (1 + 2 * m**2)
    massive, split = 4 * p * below, 4 * m * above

    def square(a: Coupling | float) -> Float[Array, ""]:
        return jnp.real(jnp.conj(a) * a)

    def cross(a: Coupling | float, b: Coupling | float) -> Float[Array, ""]:
        return jnp.real(a * jnp.conj(b))

    def spin_one(v: Coupling | float, a: Coupling | float, e: Coupling | float, b: Coupling | float) -> SpinOne:
        return SpinOne(
            vector=root * (square(v) * vector + square(a) * axial),
            tensor=root * (square(e) * electric + square(b) * magnetic),
            interference=root * (cross(v, e) * massive + cross(a, b) * split),
        )

    def spin_zero(v: Coupling | float, a: Coupling | float, s: Coupling | float, p_: Coupling | float) -> SpinZero:
        return SpinZero(
            vector=root * 2 * (square(v) * m**2 * above + square(a) * p**2 * below),
            scalar=root * 2 * (square(s) * above + square(p_) * below),
            interference=root * 2 * (cross(v, s) * m * above + cross(a, p_) * p * below),
        )

    return Currents(
        vector=spin_one(g.VV, g.VA, g.TT, g.TT5),
        axial=spin_one(g.AV, g.AA, g.TT5, g.TT),
        scalar=spin_zero(g.VV, g.VA, g.SS, g.SP),
        pseudoscalar=spin_zero(g.AV, g.AA, g.PS, g.PP),
    )
