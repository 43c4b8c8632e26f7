"""From coefficients of SMEFT at a high scale to those at m_Z, each in the flavour basis that is common there."""

from collections.abc import Callable
from typing import TypeVar

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.errors import DineutrinoError
from dineutrino.running.couplings import Couplings, run_couplings
from dineutrino.running.flow import STEPS, Point, to_m_z
from dineutrino.running.vector_classes import Two

Coefficients = TypeVar("Coefficients")
HIGHEST = 1e8
"""GeV: couplings of the Standard Model run further, but one loop and four steps of it say less and less."""


def at_m_z(
    slope_of: Callable[[Coefficients, Couplings], Coefficients],
    rotated: Callable[[Coefficients, dict[str, Two]], Coefficients],
    coefficients: Coefficients,
    mu_uv: Float[Array, ""] | float,
    couplings: Couplings,
    m_z: Float[Array, ""] | float,
    steps: int = STEPS,
) -> Coefficients:
    """Coefficients at m_Z in the down-aligned basis there, from those at mu_uv in the down-aligned basis there.

    The down-quark Yukawa matrix that is diagonal at m_Z is not diagonal at mu_uv: the input is rotated first.
    Differentiable in the coefficients, mu_uv, the couplings and m_z.

    Args:
        slope_of: dC/dln(mu), linear over the real numbers in the coefficients.
        rotated: coefficients in another flavour basis, see `mass_basis`.
        coefficients: at mu_uv, with the symmetries of the operators.
        mu_uv: GeV.
        couplings: at m_Z, with diagonal Yd and Ye, and Yu = V^dagger diag(y_u, y_c, y_t).
        m_z: GeV.
        steps: of the integration.

    Raises:
        DineutrinoError: a scale below m_Z or above 1e8 GeV (nan if it is traced).
    """
    mu_uv = high_scale(mu_uv, m_z)
    high = run_couplings(couplings, m_z, mu_uv)
    start = Point(rotated(coefficients, mass_basis(high)), high)
    return to_m_z(slope_of, start, mu_uv, couplings, m_z, steps)


def high_scale(mu_uv: Float[Array, ""] | float, m_z: Float[Array, ""] | float) -> Float[Array, ""]:
    """A scale in GeV from which SMEFT runs; within a compiled function another one becomes nan.

    Raises:
        DineutrinoError: below m_Z or above `HIGHEST`.
    """
    mu_uv, m_z = jnp.asarray(mu_uv, dtype=float), jnp.asarray(m_z)
    within = (mu_uv >= m_z) & (mu_uv <= HIGHEST)
    if isinstance(within, jax.core.Tracer):
        return jnp.where(within, mu_uv, jnp.nan)
    if not within:
        raise DineutrinoError(
            f"SMEFT runs from scales above m_Z, up to {HIGHEST:g} GeV, not from {float(mu_uv):g} GeV."
        )
    return mu_uv


def mass_basis(couplings: Couplings) -> dict[str, Two]:
    """Rotations q, u, d from the local down-aligned mass basis into the basis that the couplings are written in.

    Eigenvectors of Yd Yd^dagger, Yd^dagger Yd and Yu^dagger Yu in the order of generations, with positive diagonals.
    Leptons stay, Ye being diagonal at all scales. Source: arXiv:2005.12283.
    """
    Yu, Yd = couplings.Yu, couplings.Yd
    squares = {"q": Yd @ Yd.conj().T, "d": Yd.conj().T @ Yd, "u": Yu.conj().T @ Yu}
    return {field: _eigenvectors(square) for field, square in squares.items()}


def _eigenvectors(hermitian: Two) -> Two:
    vectors = jnp.linalg.eigh(hermitian)[1]
    diagonal = jnp.diagonal(vectors)
    return vectors * (jnp.abs(diagonal) / diagonal)
