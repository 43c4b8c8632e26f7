"""One-loop running of the vector classes of SMEFT between any two scales above the electroweak one."""

from functools import partial
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jax.custom_derivatives import SymbolicZero
from jaxtyping import Array, Float

from dineutrino.numerics.ode import rk4
from dineutrino.running.couplings import Couplings, run_couplings, slope
from dineutrino.running.smeft_slope import smeft_slope
from dineutrino.running.vector_classes import Two, VectorClasses, rotated

STEPS = 4
"""Runge-Kutta steps in ln(mu): 1e-7 of the input from 1 TeV to m_Z, 2e-6 from 10 TeV (tests/running)."""


class Point(eqx.Module):
    """Coefficients and couplings at the same scale, in the same flavour basis."""

    coefficients: VectorClasses
    couplings: Couplings


def run_smeft(
    start: Point, mu_start: Float[Array, ""] | float, mu: Float[Array, ""] | float, steps: int = STEPS
) -> Point:
    """Both at mu, GeV, from both at mu_start; linear in the coefficients, the flavour basis stays.

    Coefficients do not act back on the couplings, an effect of dimension eight on observables.
    """

    def slopes(_: Float[Array, "..."], point: Point) -> Point:
        return Point(smeft_slope(point.coefficients, point.couplings), slope(point.couplings))

    return rk4(slopes, start, jnp.log(mu_start), jnp.log(mu), steps, rolled=True)


def mass_basis(couplings: Couplings) -> dict[str, Two]:
    """Rotations q, u, d from the local down-aligned mass basis into the basis that the couplings are written in.

    Eigenvectors of Yd Yd^dagger, Yd^dagger Yd and Yu^dagger Yu in the order of generations, with positive diagonals.
    Leptons stay, Ye being diagonal at all scales. Source: arXiv:2005.12283.
    """
    Yu, Yd = couplings.Yu, couplings.Yd
    return {"q": _eigenvectors(Yd @ Yd.conj().T), "d": _eigenvectors(Yd.conj().T @ Yd), "u": _up(Yu)}


def _up(Yu: Two) -> Two:
    return _eigenvectors(Yu.conj().T @ Yu)


def _eigenvectors(hermitian: Two) -> Two:
    vectors = jnp.linalg.eigh(hermitian)[1]
    diagonal = jnp.diagonal(vectors)
    return vectors * (jnp.abs(diagonal) / diagonal)


def smeft_at_m_z(
    coefficients: VectorClasses,
    mu_uv: Float[Array, ""] | float,
    couplings: Couplings,
    m_z: Float[Array, ""] | float,
    steps: int = STEPS,
) -> VectorClasses:
    """Coefficients at m_Z in the down-aligned basis there, from those at mu_uv in the down-aligned basis there.

    The down-quark Yukawa matrix that is diagonal at m_Z is not diagonal at mu_uv: the input is rotated first.

    Args:
        coefficients: at mu_uv.
        mu_uv: GeV.
        couplings: at m_Z, with diagonal Yd and Ye, and Yu = V^dagger diag(y_u, y_c, y_t).
        m_z: GeV.
        steps: of the integration.
    """
    high = run_couplings(couplings, m_z, mu_uv)
    start = Point(rotated(coefficients, mass_basis(high)), high)
    return _down(start, couplings, jnp.log(jnp.asarray(mu_uv)), jnp.log(jnp.asarray(m_z)), steps)


@partial(jax.custom_jvp, nondiff_argnums=(4,))
def _down(
    start: Point, at_m_z: Couplings, log_mu_uv: Float[Array, ""], log_m_z: Float[Array, ""], steps: int
) -> VectorClasses:
    """Coefficients at m_Z; `start` is a point on the way of the couplings from `at_m_z`."""
    return run_smeft(start, jnp.exp(log_mu_uv), jnp.exp(log_m_z), steps).coefficients


@partial(_down.defjvp, symbolic_zeros=True)
def _down_slope(steps: int, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """A way that starts higher is the same way, with a start that is moved down by the slope there.

    So the couplings along the way do not change with mu_uv, and a gradient by mu_uv and the coefficients needs no
    derivatives by couplings. Those are taken only if the couplings at m_Z change.
    """
    start, _, log_mu_uv, log_m_z = primals
    fixed = all(isinstance(leaf, SymbolicZero) for leaf in jax.tree.leaves((tangents[1], tangents[3]), is_leaf=_zero))
    d_start, _, d_log_mu_uv, d_log_m_z = jax.tree.map(_value, tangents, is_leaf=_zero)
    c, sm = start.coefficients, start.couplings

    def moved(tangent: Any, slope: Any) -> Any:
        return jax.tree.map(lambda d, change: d - d_log_mu_uv * change, tangent, slope)

    def plain(c: VectorClasses, sm: Couplings, log_m_z: Float[Array, ""]) -> VectorClasses:
        return run_smeft(Point(c, sm), jnp.exp(log_mu_uv), jnp.exp(log_m_z), steps).coefficients

    d_c = moved(d_start.coefficients, smeft_slope(c, sm))
    if fixed:
        return jax.jvp(lambda c: plain(c, sm, log_m_z), (c,), (d_c,))
    d_sm = moved(d_start.couplings, slope(sm))
    return jax.jvp(plain, (c, sm, log_m_z), (d_c, d_sm, d_log_m_z))


def _zero(leaf: Any) -> bool:
    return isinstance(leaf, SymbolicZero)


def _value(leaf: Any) -> Any:
    return jnp.zeros(leaf.shape, leaf.dtype) if _zero(leaf) else leaf
