"""Operators of LEFT that violate baryon number: what they are, and their running, which mixes them with no others.

A photon or a gluon is exchanged between two of the four fields. In Landau gauge that diverges only if both have the
same chirality, and then like -4 q_i q_j (P_ij - 1/2), where P_ij exchanges the spins: 6 q_i q_j in a scalar, -2 q_i q_j
in a tensor. Three quarks in a colour singlet have -4 g3^2 whatever their chiralities. Source: arXiv:1711.05270; derived
from Feynman diagrams in tests/running.
"""

from collections.abc import Mapping

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.inputs import Inputs
from dineutrino.running.jms import FIVE, Stretch, beta_0, stretches
from dineutrino.running.jms_classes import CHARGE, SIZE, Four

Real = Float[Array, ""]


class ViolatingLeft(eqx.Module):
    """Coefficients of the operators that change baryon and lepton number by one, GeV^-2.

    With C the matrix of charge conjugation and eps in colour, `SduuLR` is that of
    eps (d_p^T C P_L u_r)(u_s^T C P_R e_t): three quarks and a lepton in the order of the name, with one chirality for
    the first two fields and one for the others. Each comes with its Hermitian conjugate. Two quarks of one kind in
    front are antisymmetric in their flavours.
    Source: arXiv:1709.04486, table of the operators with Delta B = Delta L = 1.
    """

    SuddLL: Four
    SduuLL: Four
    SuudLR: Four
    SduuLR: Four
    SuudRL: Four
    SduuRL: Four
    SdudRL: Four
    SdduRL: Four
    SduuRR: Four

    @classmethod
    def zero(cls) -> "ViolatingLeft":
        """Baryon number is conserved."""
        return cls(**{name: jnp.zeros(shape(name), complex) for name in FIELDS})


FIELDS: Mapping[str, str] = {
    "SuddLL": "uddn",
    "SduuLL": "duue",
    "SuudLR": "uude",
    "SduuLR": "duue",
    "SuudRL": "uude",
    "SduuRL": "duue",
    "SdudRL": "dudn",
    "SdduRL": "ddun",
    "SduuRR": "duue",
}
"""Class -> field of each flavour index, n for neutrinos."""
LIGHT = {5: {"u": 2, "d": 3, "e": 3, "n": 3}, 4: {"u": 2, "d": 2, "e": 3, "n": 3}, 3: {"u": 1, "d": 2, "e": 2, "n": 3}}
"""Flavours of quarks -> field -> flavours that the theory has."""


def shape(name: str) -> tuple[int, ...]:
    """Of the array of a class."""
    return tuple(SIZE[field] for field in FIELDS[name])


def charges(name: str) -> tuple[float, float]:
    """What 16 pi^2 dC/dln(mu) has of e^2 C_prst, and of e^2 C_psrt."""
    first, second, third, fourth = (CHARGE[field] for field in FIELDS[name])
    scalars = 6 * (first * second + third * fourth)
    if name[-2] != name[-1]:
        return scalars, 0.0
    crossed = first * third + second * fourth - first * fourth - second * third
    return scalars - 2 * crossed, 4 * crossed


def violating_left_slope(c: ViolatingLeft, g3: Real | float, e: Real | float) -> ViolatingLeft:
    """dC/dln(mu), one loop."""

    def one(name: str) -> Four:
        array, (own, exchange) = getattr(c, name), charges(name)
        found = (-4 * g3**2 + own * e**2) * array
        if exchange:
            found = found + exchange * e**2 * array.transpose(0, 2, 1, 3)
        return found / (16 * jnp.pi**2)

    return ViolatingLeft(**{name: one(name) for name in FIELDS})


def run_violating_left(coefficients: ViolatingLeft, stretch: Stretch, alpha_em: Real | float) -> ViolatingLeft:
    """Coefficients at the lower end from those at the upper end, in closed form; linear in them.

    As `run_jms` for the others: alpha_s has one loop in between, alpha_em does not run, and coefficients with a field
    that the theory does not have are zero at the lower end.
    """
    b, light = beta_0(stretch.flavours), LIGHT[stretch.flavours]
    strong = (stretch.alpha_s_low / stretch.alpha_s_high) ** (2 / b)
    log_mu = 2 * jnp.pi / b * (1 / stretch.alpha_s_low - 1 / stretch.alpha_s_high)
    length = alpha_em / (4 * jnp.pi) * log_mu

    def one(name: str) -> Four:
        array, (own, exchange) = getattr(coefficients, name), charges(name)
        found = jnp.cosh(length * exchange) * array
        if exchange:
            found = found + jnp.sinh(length * exchange) * array.transpose(0, 2, 1, 3)
        for place, field in enumerate(FIELDS[name]):
            here = np.arange(SIZE[field]) < light[field]
            found = found * here.reshape([-1 if i == place else 1 for i in range(4)])
        return strong * jnp.exp(length * own) * found

    return ViolatingLeft(**{name: one(name) for name in FIELDS})


def run_violating_left_from_m_z(
    coefficients: ViolatingLeft, mu: Real | float, inputs: Inputs, flavours: int = FIVE
) -> ViolatingLeft:
    """Coefficients at mu, GeV, in the theory with that many flavours, from those at m_Z; see `run_jms_from_m_z`.

    Raises:
        DineutrinoError: other flavours than 3, 4 or 5.
    """
    for stretch in stretches(mu, inputs, flavours):
        coefficients = run_violating_left(coefficients, stretch, inputs["alpha_em"])
    return coefficients
