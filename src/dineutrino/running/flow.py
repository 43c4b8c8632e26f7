"""One-loop running of coefficients that do not act back on the couplings they run with."""

from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
from jax.custom_derivatives import SymbolicZero
from jaxtyping import Array, Float

from dineutrino.numerics.ode import rk4
from dineutrino.running.couplings import Couplings, slope

STEPS = 4
"""Runge-Kutta steps in ln(mu): 1e-7 of the input from 1 TeV to m_Z, 2e-6 from 10 TeV (tests/running)."""

Coefficients = TypeVar("Coefficients")
Tree = TypeVar("Tree")


class Point(eqx.Module, Generic[Coefficients]):
    """Coefficients and couplings at the same scale, in the same flavour basis."""

    coefficients: Coefficients
    couplings: Couplings


def run(
    slope_of: Callable[[Coefficients, Couplings], Coefficients],
    start: Point[Coefficients],
    mu_start: Float[Array, ""] | float,
    mu: Float[Array, ""] | float,
    steps: int,
) -> Point[Coefficients]:
    """Both at mu, GeV, from both at mu_start; linear in the coefficients, the flavour basis stays.

    Args:
        slope_of: dC/dln(mu), linear over the real numbers in the coefficients.
        start: at mu_start.
        mu_start: GeV.
        mu: GeV.
        steps: static.
    """

    def slopes(_: Float[Array, "..."], point: Point[Coefficients]) -> Point[Coefficients]:
        return Point(slope_of(point.coefficients, point.couplings), slope(point.couplings))

    return rk4(slopes, start, jnp.log(mu_start), jnp.log(mu), steps, rolled=True)


def to_m_z(
    slope_of: Callable[[Coefficients, Couplings], Coefficients],
    start: Point[Coefficients],
    mu_uv: Float[Array, ""] | float,
    at_m_z: Couplings,
    m_z: Float[Array, ""] | float,
    steps: int,
) -> Coefficients:
    """Coefficients at m_Z from those at mu_uv, both in GeV; derivatives by mu_uv cost no derivatives by couplings.

    Args:
        slope_of: dC/dln(mu), linear over the real numbers in the coefficients.
        start: at mu_uv, a point on the way of the couplings from `at_m_z`.
        mu_uv: GeV.
        at_m_z: couplings at m_Z.
        m_z: GeV.
        steps: static.
    """
    return _run_down(slope_of, start, at_m_z, jnp.log(jnp.asarray(mu_uv)), jnp.log(jnp.asarray(m_z)), steps)


Arguments = tuple[Point[Coefficients], Couplings, Float[Array, ""], Float[Array, ""]]
"""What `_run_down` is differentiated by: start, couplings at m_Z, ln(mu_uv), ln(m_Z). In their tangents any leaf may be
a `SymbolicZero`."""


@partial(jax.custom_jvp, nondiff_argnums=(0, 5))
def _run_down(
    slope_of: Callable[[Coefficients, Couplings], Coefficients],
    start: Point[Coefficients],
    at_m_z: Couplings,
    log_mu_uv: Float[Array, ""],
    log_m_z: Float[Array, ""],
    steps: int,
) -> Coefficients:
    """Coefficients at m_Z; `start` is a point on the way of the couplings from `at_m_z`."""
    return run(slope_of, start, jnp.exp(log_mu_uv), jnp.exp(log_m_z), steps).coefficients


@partial(_run_down.defjvp, symbolic_zeros=True)
def _run_down_slope(
    slope_of: Callable[[Coefficients, Couplings], Coefficients],
    steps: int,
    primals: Arguments[Coefficients],
    tangents: tuple[object, ...],
) -> tuple[Coefficients, Coefficients]:
    """A way that starts higher is the same way, with a start that is moved down by the slope there.

    So the couplings along the way do not change with mu_uv, and a gradient by mu_uv and the coefficients needs no
    derivatives by couplings. Those are taken only if the couplings at m_Z change.
    """
    start, _, log_mu_uv, log_m_z = primals
    fixed = all(isinstance(leaf, SymbolicZero) for leaf in jax.tree.leaves((tangents[1], tangents[3]), is_leaf=_zero))
    d_start, _, d_log_mu_uv, d_log_m_z = jax.tree.map(_value, tangents, is_leaf=_zero)
    c, sm = start.coefficients, start.couplings

    def moved(tangent: Tree, slope: Tree) -> Tree:
        return jax.tree.map(lambda d, change: d - d_log_mu_uv * change, tangent, slope)

    def plain(c: Coefficients, sm: Couplings, log_m_z: Float[Array, ""]) -> Coefficients:
        return run(slope_of, Point(c, sm), jnp.exp(log_mu_uv), jnp.exp(log_m_z), steps).coefficients

    d_c = moved(d_start.coefficients, slope_of(c, sm))
    if fixed:
        return jax.jvp(lambda c: plain(c, sm, log_m_z), (c,), (d_c,))
    d_sm = moved(d_start.couplings, slope(sm))
    return jax.jvp(plain, (c, sm, log_m_z), (d_c, d_sm, d_log_m_z))


def _zero(leaf: object) -> bool:
    return isinstance(leaf, SymbolicZero)


def _value(leaf: Array | SymbolicZero) -> Array:
    return jnp.zeros(leaf.shape, leaf.dtype) if isinstance(leaf, SymbolicZero) else leaf
