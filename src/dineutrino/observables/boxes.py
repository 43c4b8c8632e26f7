"""Box diagrams with two W bosons: what the Standard Model has in meson mixing, without its QCD corrections.

Source: Inami and Lim, Prog. Theor. Phys. 65 (1981) 297; arXiv:hep-ph/9806471, eqs. (XVIII.4), (XVIII.5).
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

Real = Float[Array, ""]


def same(x: Real) -> Real:
    """S_0(x): both quarks in the loop are the same, x = m^2/m_W^2; the up quark, massless, is subtracted."""
    y = 1 - x
    return x / 4 * ((4 - 11 * x + x**2) / y**2 - 6 * x**2 * jnp.log(x) / y**3)


def different(x: Real, y: Real) -> Real:
    """S_0(x, y): two quarks of different masses in the loop; neither is as heavy as the W."""

    def part(a: Real, b: Real) -> Real:
        return (1 / 4 + 3 / (2 * (1 - a)) - 3 / (4 * (1 - a) ** 2)) * jnp.log(a) / (a - b)

    return x * y * (part(x, y) + part(y, x) - 3 / (4 * (1 - x) * (1 - y)))
