"""Many sets of coefficients, or many functions of them, run at once: numbers, without derivatives and compilation."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import PyTree

from dineutrino.inputs import Inputs
from dineutrino.numerics.interpreted import by_numpy
from dineutrino.numerics.ode import rk4_of_numbers
from dineutrino.running.couplings import STEPS as STEPS_OF_COUPLINGS
from dineutrino.running.couplings import Couplings, slope
from dineutrino.running.flow import STEPS, Point
from dineutrino.running.standard_model import couplings_at_m_z

C = TypeVar("C", bound=PyTree)
"""Coefficients, by class."""
Given = TypeVar("Given", bound=PyTree)
SlopeOf = Callable[[C, Couplings], C]
"""dC/dln(mu), linear over the real numbers in the coefficients; written at the top of a module."""
FEWEST = 16
"""Sets that are run together, at least; otherwise a power of two, so that few programs are traced."""


def run_many(slope_of: SlopeOf[C], many: Point[C], mu_start: float, mu: float, steps: int = STEPS) -> Point[C]:
    """`run` for several sets of coefficients, which the first axis of each array counts; scales in GeV."""
    return _run(_slopes_of_many(slope_of), many, mu_start, mu, steps)


def run_rows(slope_of: SlopeOf[C], rows: Point[C], mu_start: float, mu: float, steps: int = STEPS) -> Point[C]:
    """Linear functions of the coefficients at mu_start as linear functions of the coefficients at mu.

    With dC/dt = Gamma C, a function rho^T C of coefficients at one scale is that of coefficients at another scale if
    d rho/dt = -Gamma^T rho. So a few functions of all coefficients cost a few runs, not one per coefficient, and a run
    from m_Z up passes all scales on its way.

    Args:
        slope_of: dC/dln(mu).
        rows: derivatives by the coefficients, as `jax.vjp` takes and gives them, the first axis of each array counting
            the functions; and couplings; at mu_start.
        mu_start: GeV.
        mu: GeV.
        steps: of the integration.
    """
    return _run(_slopes_of_rows(slope_of), rows, mu_start, mu, steps)


def run_many_to_m_z(
    slope_of: SlopeOf[C],
    written: Callable[[Given, Couplings], C],
    given: Given,
    mu_uv: float,
    inputs: Inputs,
) -> C:
    """Sets of coefficients at m_Z, in the down-aligned basis there, from what is given at mu_uv.

    Args:
        slope_of: dC/dln(mu).
        written: coefficients in the flavour basis that the couplings are written in, from what is given and the
            couplings at mu_uv; at the top of a module.
        given: at mu_uv.
        mu_uv: GeV.
        inputs: Standard Model parameters.
    """
    m_z, at_m_z = float(inputs["m_Z"]), couplings_of(inputs)
    high = _integrated(slope, at_m_z, m_z, mu_uv, STEPS_OF_COUPLINGS)
    return run_many(slope_of, Point(by_numpy(written, given, high), high), mu_uv, m_z).coefficients


def couplings_of(inputs: Inputs) -> Couplings:
    """`couplings_at_m_z` in numbers."""
    return by_numpy(couplings_at_m_z, inputs)


@lru_cache
def _slopes_of_many(slope_of: SlopeOf[C]) -> Callable[[Point[C]], Point[C]]:
    def slopes(many: Point[C]) -> Point[C]:
        sm = many.couplings
        return Point(jax.vmap(lambda c: slope_of(c, sm))(many.coefficients), slope(sm))

    return slopes


@lru_cache
def _slopes_of_rows(slope_of: SlopeOf[C]) -> Callable[[Point[C]], Point[C]]:
    def slopes(rows: Point[C]) -> Point[C]:
        sm = rows.couplings

        def transposed(row: C) -> C:
            (gradient,) = jax.linear_transpose(lambda c: slope_of(c, sm), row)(row)
            return jax.tree.map(jnp.negative, gradient)

        return Point(jax.vmap(transposed)(rows.coefficients), slope(sm))

    return slopes


def _run(slopes: Callable[[Point[C]], Point[C]], start: Point[C], mu_start: float, mu: float, steps: int) -> Point[C]:
    count = len(jax.tree.leaves(start.coefficients)[0])
    together = max(FEWEST, 1 << (count - 1).bit_length())

    def filled(leaf: np.ndarray) -> np.ndarray:
        return np.concatenate([leaf, np.zeros((together - count, *leaf.shape[1:]), leaf.dtype)])

    sets = jax.tree.map(lambda leaf: filled(np.asarray(leaf)), start.coefficients)
    end = _integrated(slopes, Point(sets, start.couplings), mu_start, mu, steps)
    return Point(jax.tree.map(lambda leaf: leaf[:count], end.coefficients), end.couplings)


def _integrated(slopes: Callable[[C], C], start: C, mu_start: float, mu: float, steps: int) -> C:
    numbers = jax.tree.map(np.asarray, start)
    return rk4_of_numbers(lambda here: by_numpy(slopes, here), numbers, np.log(mu_start), np.log(mu), steps)
