"""QCD running of the four-quark coefficients of meson mixing, at leading and next-to-leading order."""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.errors import DineutrinoError, unknown

SECTORS = {"VLL": ("VLL",), "LR": ("VLR", "SLR"), "SLL": ("SLL", "TLL")}
"""Coefficients that mix with each other; right-handed ones (VRR, SRR, TRR) run like their mirror images."""
_LEADING = {
    "VLL": np.array([[4.0]]),
    "LR": np.array([[2.0, 12.0], [0.0, -16.0]]),
    "SLL": np.array([[-10.0, 1 / 6], [-40.0, 34 / 3]]),
}


def _next(sector: str, f: int) -> Float[np.ndarray, "n n"]:
    """Two-loop anomalous dimension, MSbar with naive gamma_5 and Greek projections of evanescent operators."""
    if sector == "VLL":
        return np.array([[-7 + 4 * f / 9]])
    if sector == "LR":
        return np.array([[71 / 3 - 22 * f / 9, 198 - 44 * f / 3], [225 / 4 - 2 * f, -1343 / 6 + 68 * f / 9]])
    return np.array([[-1459 / 9 + 74 * f / 9, -35 / 36 - f / 54], [-6332 / 9 + 584 * f / 9, 2065 / 9 - 394 * f / 27]])


def mixing_evolution(
    sector: str,
    alpha_s_high: Float[Array, ""] | float,
    alpha_s_low: Float[Array, ""] | float,
    flavours: int,
    order: str = "NLO",
) -> Float[Array, "n n"]:
    """U of C(low) = U C(high) with a fixed number of flavours, coefficients in the order of `SECTORS`.

    Operators of the BMU basis: VLL (sbar gamma P_L b)^2, VLR (sbar gamma P_L b)(sbar gamma P_R b),
    SLR (sbar P_L b)(sbar P_R b), SLL (sbar P_L b)^2, TLL (sbar sigma P_L b)^2 with sigma = [gamma, gamma]/2. Chain the
    matrices over thresholds, which change nothing at this order. Of the product of the corrections at both ends the
    terms of second order in alpha_s are dropped; where both are infinite, for LR and three flavours, their sum is not.

    Args:
        sector: "VLL", "LR" or "SLL".
        alpha_s_high: at the scale where C is given.
        alpha_s_low: where it is wanted; at NLO both with two loops or more.
        flavours: of the theory.
        order: "LO", or "NLO" for the scheme of lattice bag parameters in that basis.

    Raises:
        DineutrinoError: unknown sector or order.

    Source: arXiv:hep-ph/0005183.
    """
    if sector not in SECTORS:
        raise unknown("sector of meson mixing", sector, SECTORS)
    if order not in ("LO", "NLO"):
        raise DineutrinoError(f"meson mixing runs at LO or NLO, not '{order}'.")
    beta_0, beta_1 = 11 - 2 * flavours / 3, 102 - 38 * flavours / 3
    gamma, V = np.linalg.eig(_LEADING[sector].T)
    inverse = np.linalg.inv(V)
    log = jnp.log(jnp.asarray(alpha_s_high) / alpha_s_low)
    leading = jnp.exp(log * gamma / (2 * beta_0))
    if order == "LO":
        return jnp.asarray(V) @ jnp.diag(leading) @ inverse
    power = 1 + (gamma[:, None] - gamma) / (2 * beta_0)
    is_zero = np.isclose(power, 0)
    filled = np.where(is_zero, 1.0, power)
    growth = jnp.where(is_zero, log, jnp.expm1(filled * log) / filled)  # the integral of both ends' corrections
    mixed = inverse @ _next(sector, flavours).T @ V / (2 * beta_0) * growth
    own = np.diag(gamma) * beta_1 / (2 * beta_0**2) * jnp.expm1(log)
    following = alpha_s_low / (4 * jnp.pi) * (mixed - own) * leading
    return jnp.asarray(V) @ (jnp.diag(leading) + following) @ inverse
