"""Couplings of the Standard Model above the electroweak scale and their one-loop running."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.numerics import abs2
from dineutrino.numerics.ode import rk4

STEPS = 8
"""Runge-Kutta steps from m_Z to 10 TeV: 1e-9."""
Matrix = Complex[Array, "3 3"]


class Couplings(eqx.Module):
    """Unbroken Standard Model at one scale.

    L contains -(qbar Yu u Htilde + qbar Yd d H + lbar Ye e H + h.c.) and -(lambda/2)(H^dagger H)^2: m_h^2 = lambda v^2
    with v = 246 GeV. Gauge couplings g1 (hypercharge, not normalised for unification), g2, g3.
    """

    g1: Float[Array, ""]
    g2: Float[Array, ""]
    g3: Float[Array, ""]
    lambda_: Float[Array, ""]
    Yu: Matrix
    Yd: Matrix
    Ye: Matrix


def slope(c: Couplings) -> Couplings:
    """dc/dln(mu), one loop. Source: arXiv:1310.4838 section 2 and references there, with lambda as above."""
    Au, Ad, Ae = (Y @ Y.conj().T for Y in (c.Yu, c.Yd, c.Ye))
    G_H = higgs_wave_function(c)
    g1, g2, g3 = c.g1**2, c.g2**2, c.g3**2
    fourth = jnp.trace(3 * Ad @ Ad + 3 * Au @ Au + Ae @ Ae).real
    loop = 1 / (16 * jnp.pi**2)
    return Couplings(
        g1=loop * 41 / 6 * g1 * c.g1,
        g2=-loop * 19 / 6 * g2 * c.g2,
        g3=-loop * 7 * g3 * c.g3,
        lambda_=loop
        * (
            12 * c.lambda_**2
            + 3 / 4 * g1**2
            + 3 / 2 * g1 * g2
            + 9 / 4 * g2**2
            - 3 * (g1 + 3 * g2) * c.lambda_
            + 4 * c.lambda_ * G_H
            - 4 * fourth
        ),
        Yu=loop * (3 / 2 * (Au - Ad) @ c.Yu + (G_H - 9 / 4 * g2 - 17 / 12 * g1 - 8 * g3) * c.Yu),
        Yd=loop * (3 / 2 * (Ad - Au) @ c.Yd + (G_H - 9 / 4 * g2 - 5 / 12 * g1 - 8 * g3) * c.Yd),
        Ye=loop * (3 / 2 * Ae @ c.Ye + (G_H - 9 / 4 * g2 - 15 / 4 * g1) * c.Ye),
    )


def higgs_wave_function(c: Couplings) -> Float[Array, ""]:
    """G_H = Tr(3 Yu Yu^dagger + 3 Yd Yd^dagger + Ye Ye^dagger)."""
    return 3 * jnp.sum(abs2(c.Yu)) + 3 * jnp.sum(abs2(c.Yd)) + jnp.sum(abs2(c.Ye))


def run_couplings(
    start: Couplings, mu_start: Float[Array, ""] | float, mu: Float[Array, ""] | float, steps: int = STEPS
) -> Couplings:
    """The couplings at mu from those at mu_start, both in GeV, in the flavour basis of the start."""
    return rk4(lambda _, c: slope(c), start, jnp.log(mu_start), jnp.log(mu), steps)
