"""How a systematic effect goes from its down to its up variation: the interpolation codes of HistFactory.

Source: CERN-OPEN-2012-016; codes 4 and 4p with a polynomial between -1 and 1, straight or exponential outside.
"""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.errors import unknown

HISTOSYS_CODES, NORMSYS_CODES = ("code0", "code4p"), ("code1", "code4")


def odd_and_even(alpha: Float[Array, " n"], code: str) -> tuple[Float[Array, " n"], Float[Array, " n"]]:
    """Weights of the mean slope S = (up - down)/2 and of the curvature A = (up + down - 2 nominal)/16 of a histogram.

    The change of the histogram is alpha S + f(alpha) A with f = 8 |alpha| outside of [-1, 1].

    Raises:
        DineutrinoError: unknown code.
    """
    if code not in HISTOSYS_CODES:
        raise unknown("interpolation code of histosys", code, HISTOSYS_CODES)
    outside = 8 * jnp.abs(alpha)
    if code == "code0":
        return alpha, outside
    square = alpha**2
    return alpha, jnp.where(jnp.abs(alpha) > 1, outside, square * (15 + square * (3 * square - 10)))


def normalisation(
    alpha: Float[Array, " n"], up: Float[np.ndarray, "n rows"], down: Float[np.ndarray, "n rows"], code: str
) -> Float[Array, "n rows"]:
    """Factors on the normalisation: `up` at alpha = 1, `down` at -1, both positive.

    Raises:
        DineutrinoError: unknown code.
    """
    if code not in NORMSYS_CODES:
        raise unknown("interpolation code of normsys", code, NORMSYS_CODES)
    alpha = alpha[:, None]
    outside = jnp.exp(jnp.where(alpha >= 0, alpha * np.log(up), -alpha * np.log(down)))
    if code == "code1":
        return outside
    inside = jnp.abs(alpha) < 1
    small = jnp.where(inside, alpha, 0.0)
    polynomial = jnp.ones_like(small)
    for power, coefficient in enumerate(_polynomial(up, down), start=1):
        polynomial = polynomial + coefficient * small**power
    return jnp.where(inside, polynomial, outside)


def _polynomial(up: Float[np.ndarray, "n rows"], down: Float[np.ndarray, "n rows"]) -> Float[np.ndarray, "6 n rows"]:
    """Coefficients of alpha, ..., alpha^6 that join the exponentials at -1 and 1 with two derivatives."""
    powers = np.arange(1, 7)
    conditions = []
    for end in (1.0, -1.0):
        conditions += [end**powers, powers * end ** (powers - 1), powers * (powers - 1) * end ** (powers - 2.0)]
    log_up, log_down = np.log(up), np.log(down)
    values = np.stack([up - 1, up * log_up, up * log_up**2, down - 1, -down * log_down, down * log_down**2])
    return np.tensordot(np.linalg.inv(np.array(conditions)), values, 1)
