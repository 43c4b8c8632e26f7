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

    def of_majorana_fields_seen_by_k_long(self) -> "Couplings":
        """The part that turns K_L into pi0 nu_1 nu_2 of Majorana fields, (g + eta zeta g^*)/2 of each g.

        The quark current has eta = 1 (scalar) or -1 (vector, tensor) under charge conjugation. The Hermitian conjugate
        of nubar_1 Y nu_2 is zeta times itself, with zeta = 1 for Y = 1, gamma_mu gamma_5 and sigma_{mu nu} gamma_5 and
        -1 for gamma_5, gamma_mu and sigma_{mu nu}.
        """
        return Couplings(
            **{name: jnp.real(getattr(self, name)) + 0j for name in ("SS", "VV", "TT")},
            **{name: 1j * jnp.imag(getattr(self, name)) for name in ("SP", "VA", "TT5")},
        )


class SpectralFunctions(eqx.Module):
    """Squares of the currents of a pair x1 x2bar, spins summed, angles averaged; dimensionless.

    Attributes:
        phase_space: what multiplies all of them; zero at and below the threshold.
        vector, axial: of the transverse vector and axial-vector currents.
        electric, magnetic: of the tensor current, sigma^{0i} and sigma^{ij}.
        vector_electric, axial_magnetic: interferences of the two.
        divergence, scalar, divergence_scalar: the vector current along q, the scalar one, and their interference.
        axial_divergence, pseudoscalar, divergence_pseudoscalar: the same with gamma_5.
    """

    phase_space: Float[Array, "..."]
    vector: Float[Array, "..."]
    axial: Float[Array, "..."]
    electric: Float[Array, "..."]
    magnetic: Float[Array, "..."]
    vector_electric: Float[Array, "..."]
    axial_magnetic: Float[Array, "..."]
    divergence: Float[Array, "..."]
    scalar: Float[Array, "..."]
    divergence_scalar: Float[Array, "..."]
    axial_divergence: Float[Array, "..."]
    pseudoscalar: Float[Array, "..."]
    divergence_pseudoscalar: Float[Array, "..."]


def spectral_functions(q2: Float[Array, "..."], m_1: Float[Array, ""], m_2: Float[Array, ""]) -> SpectralFunctions:
    """Those of a distinguishable pair of masses m_1 and m_2, GeV, whose threshold is (m_1 + m_2)^2."""
    total, difference = m_1 + m_2, m_1 - m_2
    is_open = (q2 > total**2) | ((q2 == 0) & (total == 0))
    safe = jnp.where(q2 > total**2, q2, total**2 + 1.0)
    mass = jnp.sqrt(safe)
    p = total / mass
    m = difference / mass
    above, below = 1 - p**2, 1 - m**2
    root = jnp.where(is_open, sqrt_or_zero(above) * sqrt_or_zero(below), 0.0)
    return SpectralFunctions(
        phase_space=root,
        vector=2 / 3 * below * (2 + p**2),
        axial=2 / 3 * above * (2 + m**2),
        electric=8 / 3 * below * (1 + 2 * p**2),
        magnetic=8 / 3 * above * (1 + 2 * m**2),
        vector_electric=4 * p * below,
        axial_magnetic=4 * m * above,
        divergence=2 * m**2 * above,
        scalar=2 * above,
        divergence_scalar=2 * m * above,
        axial_divergence=2 * p**2 * below,
        pseudoscalar=2 * below,
        divergence_pseudoscalar=2 * p * below,
    )


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
    f = spectral_functions(q2, m_1, m_2)

    def square(a: Coupling | float) -> Float[Array, ""]:
        return jnp.real(jnp.conj(a) * a)

    def cross(a: Coupling | float, b: Coupling | float) -> Float[Array, ""]:
        return jnp.real(a * jnp.conj(b))

    def spin_one(v: Coupling | float, a: Coupling | float, e: Coupling | float, b: Coupling | float) -> SpinOne:
        return SpinOne(
            vector=f.phase_space * (square(v) * f.vector + square(a) * f.axial),
            tensor=f.phase_space * (square(e) * f.electric + square(b) * f.magnetic),
            interference=f.phase_space * (cross(v, e) * f.vector_electric + cross(a, b) * f.axial_magnetic),
        )

    def spin_zero(v: Coupling | float, a: Coupling | float, s: Coupling | float, p_: Coupling | float) -> SpinZero:
        return SpinZero(
            vector=f.phase_space * (square(v) * f.divergence + square(a) * f.axial_divergence),
            scalar=f.phase_space * (square(s) * f.scalar + square(p_) * f.pseudoscalar),
            interference=f.phase_space * (cross(v, s) * f.divergence_scalar + cross(a, p_) * f.divergence_pseudoscalar),
        )

    return Currents(
        vector=spin_one(g.VV, g.VA, g.TT, g.TT5),
        axial=spin_one(g.AV, g.AA, g.TT5, g.TT),
        scalar=spin_zero(g.VV, g.VA, g.SS, g.SP),
        pseudoscalar=spin_zero(g.AV, g.AA, g.PS, g.PP),
    )
