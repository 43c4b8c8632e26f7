"""One-loop running of scalar and tensor coefficients of LEFT with a quark and a lepton current, QCD and QED."""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.errors import unknown
from dineutrino.numerics.ode import rk4
from dineutrino.running.left import BETA_0
from dineutrino.running.left_classes import LeftScalars

STEPS = 8
QCD = np.diag([-8.0, 8 / 3])
QED = {
    "d d l l": np.array([[-20 / 3, -32.0], [-2 / 3, 20 / 9]]),
    "u d l nu": np.array([[4 / 3, 8.0], [1 / 6, -40 / 9]]),
    "d d nu N": np.array([[-2 / 3, 0.0], [0.0, 2 / 9]]),
}
"""Currents -> anomalous dimensions of (S, T): dC/dln(mu) = (alpha_s/4pi QCD + alpha_em/4pi QED) C."""


def run_left_scalars(
    coefficients: LeftScalars,
    alpha_s_high: Float[Array, ""] | float,
    alpha_s_low: Float[Array, ""] | float,
    alpha_em: Float[Array, ""] | float,
) -> LeftScalars:
    """From the scale of alpha_s_high to that of alpha_s_low: arguments and source as for `run_scalar_tensor`."""
    c, couplings = coefficients, (alpha_s_high, alpha_s_low, alpha_em)
    SedRR, TedRR = run_scalar_tensor(c.SedRR, c.TedRR, "d d l l", *couplings)
    SnueduRR, TnueduRR = run_scalar_tensor(c.SnueduRR, c.TnueduRR, "u d l nu", *couplings)
    return LeftScalars(
        SedRL=run_scalar(c.SedRL, "d d l l", *couplings),
        SedRR=SedRR,
        TedRR=TedRR,
        SnueduRL=run_scalar(c.SnueduRL, "u d l nu", *couplings),
        SnueduRR=SnueduRR,
        TnueduRR=TnueduRR,
    )


def run_scalar(
    scalar: Complex[Array, "..."],
    currents: str,
    alpha_s_high: Float[Array, ""] | float,
    alpha_s_low: Float[Array, ""] | float,
    alpha_em: Float[Array, ""] | float,
) -> Complex[Array, "..."]:
    """S of (qbar P q')(lbar P' l') with opposite projectors, which has no tensor partner.

    Arguments, errors and source as for `run_scalar_tensor`, of which it solves the first equation with T = 0.
    """
    strong = QCD[0, 0] * jnp.log(jnp.asarray(alpha_s_low) / alpha_s_high)
    electric = _qed(currents)[0, 0] * alpha_em * (1 / jnp.asarray(alpha_s_high) - 1 / jnp.asarray(alpha_s_low))
    return scalar * jnp.exp(-(strong + electric) / (2 * BETA_0))


def run_scalar_tensor(
    scalar: Complex[Array, "..."],
    tensor: Complex[Array, "..."],
    currents: str,
    alpha_s_high: Float[Array, ""] | float,
    alpha_s_low: Float[Array, ""] | float,
    alpha_em: Float[Array, ""] | float,
) -> tuple[Complex[Array, "..."], Complex[Array, "..."]]:
    """S and T at the scale of alpha_s_low from those at that of alpha_s_high, five flavours.

    S of (qbar P q')(lbar P l') and T of (qbar sigma P q')(lbar sigma P l') with the same projector on both sides; for
    opposite ones see `run_scalar`. The integration variable is ln(alpha_s) with the one-loop beta function, as in
    `run_left`; alpha_em = 0 leaves QCD alone.

    Args:
        scalar: S, GeV^-2.
        tensor: T, GeV^-2, of the same shape.
        currents: "d d l l", "u d l nu", or "d d nu N" for two neutral leptons.
        alpha_s_high: where the coefficients are given.
        alpha_s_low: where they are wanted.
        alpha_em: fixed.

    Raises:
        DineutrinoError: unknown currents.

    Source: arXiv:1711.05270.
    """
    qed = _qed(currents)

    def slope(log: Float[Array, ""], state: Complex[Array, "2 ..."]) -> Complex[Array, "2 ..."]:
        gamma = QCD + alpha_em * jnp.exp(-log) * qed
        return -jnp.tensordot(gamma, state, 1) / (2 * BETA_0)

    state = jnp.stack([scalar, tensor])
    found = rk4(slope, state, jnp.log(alpha_s_high), jnp.log(alpha_s_low), STEPS)
    return found[0], found[1]


def _qed(currents: str) -> Float[np.ndarray, "2 2"]:
    if currents not in QED:
        raise unknown("pair of currents", currents, QED)
    return QED[currents]
