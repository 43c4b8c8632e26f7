"""Scalar and tensor coefficients of LEFT in the normalisation of WCxf's flavio basis, and back."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.flavio.vectors import Arrays, Matrix, per_left, quarks
from dineutrino.running.left_classes import LeftScalars

Number = Float[Array, ""] | float


class ScalarCurrents(eqx.Module):
    """Coefficients of one transition, GeV^-1, index (alpha, beta) of (lbar_alpha ... l_beta).

    H = -(4 G_F/sqrt2) lambda_t alpha/(4 pi) m_b sum C O, O_S = (sbar P_R b)(lbar l), O_P = (sbar P_R b)(lbar gamma_5
    l); primed ones with P_L. m_b is the mass of the heavier quark. The basis has no tensors with this change of quarks.
    """

    C_S: Matrix
    C_P: Matrix
    C_S_prime: Matrix
    C_P_prime: Matrix


def scalar_currents(
    c: LeftScalars, V: Complex[Array, "3 3"], G_F: Number, alpha_em: Number, mass: Number, transition: str = "bs"
) -> ScalarCurrents:
    """C_S to C_P' of a transition.

    Args:
        c: LEFT coefficients, GeV^-2.
        V: CKM matrix; lambda_t = V_tj V_ti* is the normalisation.
        G_F: GeV^-2.
        alpha_em: of the normalisation.
        mass: GeV, of the heavier quark, MSbar at the scale of the coefficients.
        transition: "bs", "bd" or "sd".

    Raises:
        DineutrinoError: unknown transition.

    Source: WCxf WET flavio basis (arXiv:1712.05298).
    """
    i, j = quarks(transition)
    factor = per_left(V, G_F, alpha_em, i, j) / mass
    right, left = c.SedRR[:, :, i, j], c.SedRL[:, :, j, i].conj().T
    right_prime, left_prime = c.SedRL[:, :, i, j], c.SedRR[:, :, j, i].conj().T
    return ScalarCurrents(
        C_S=factor * (right + left),
        C_P=factor * (right - left),
        C_S_prime=factor * (right_prime + left_prime),
        C_P_prime=factor * (right_prime - left_prime),
    )


def from_scalar_currents(
    c: ScalarCurrents, V: Complex[Array, "3 3"], G_F: Number, alpha_em: Number, mass: Number, transition: str = "bs"
) -> Arrays:
    """The inverse of `scalar_currents`: classes of `LeftScalars` that one transition fills. Arguments as there."""
    i, j = quarks(transition)
    factor = 2 * per_left(V, G_F, alpha_em, i, j) / mass
    right, left = (c.C_S + c.C_P) / factor, (c.C_S - c.C_P) / factor
    right_prime, left_prime = (c.C_S_prime + c.C_P_prime) / factor, (c.C_S_prime - c.C_P_prime) / factor
    zero = jnp.zeros((3, 3, 3, 3), complex)
    return {
        "SedRR": zero.at[:, :, i, j].set(right).at[:, :, j, i].set(left_prime.conj().T),
        "SedRL": zero.at[:, :, i, j].set(right_prime).at[:, :, j, i].set(left.conj().T),
    }


def one_quark(c: Complex[Array, "3 3 3 3"], G_F: Number) -> Complex[Array, "3 3 3"]:
    """Entries abii of a class, index (a, b, i): over 4 G_F/sqrt2 if a = b, in GeV^-2 otherwise.

    Source: WCxf WET flavio basis (arXiv:1712.05298).
    """
    return jnp.diagonal(c, axis1=2, axis2=3) / _unit(G_F)


def from_one_quark(C: Complex[Array, "3 3 3"], G_F: Number) -> Complex[Array, "3 3 3 3"]:
    """The inverse of `one_quark`, zero elsewhere."""
    return (C * _unit(G_F))[..., None] * jnp.eye(3)


def _unit(G_F: Number) -> Float[Array, "3 3 1"]:
    return jnp.where(jnp.eye(3) == 1, 2 * jnp.sqrt(2.0) * G_F, 1.0)[..., None]
