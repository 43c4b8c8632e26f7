"""One-loop running of vector currents below m_Z, in QCD and QED."""

from collections.abc import Mapping

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.running.jms_classes import CHARGE, Four, legs
from dineutrino.running.jms_pairs import (
    CHARGES,
    DIAGONAL,
    OCTETS,
    QUARKS,
    SAME,
    SAME_LEPTONS,
    SIGN,
    Currents,
    Matrix,
    crossed_pairs,
)

Real = Float[Array, ""]
COLOURS = 1 + 2 * QUARKS
PHOTONS = 12 * SIGN * CHARGES[:, None] * CHARGES
"""Strength of photons that are exchanged between two currents, by their chiralities."""
SAME_QUARKS = SAME & ~SAME_LEPTONS
OWN_OCTETS = OCTETS * (-9 + 5 * SIGN)
"""Gluons between two octets: -4 for the same chirality, -14 for opposite ones."""


def neutral_slope(c: Currents, e2: Real, g2: Real) -> Currents:
    """16 pi^2 dC/dln(mu) of products of two neutral currents.

    Photons and gluons between the two currents, and penguins: a current closed to a loop that a photon or a gluon
    leaves. Where both currents are of the same field, the loop can also be closed from one to the other, and the gluon
    has a current of two colours, which Fierz transformations bring back.

    Source: arXiv:1711.05270 section 4.
    """
    across = crossed_pairs(c.singlets)
    photon = c.singlets @ (COLOURS * CHARGES * DIAGONAL) + across @ (CHARGES * DIAGONAL)
    gluon = (c.octets @ DIAGONAL + 2 * across @ DIAGONAL) * QUARKS
    from_photon = 4 / 3 * e2 * _both(photon, CHARGES * DIAGONAL)
    from_photon = jnp.where(SAME_LEPTONS, (from_photon + crossed_pairs(from_photon)) / 2, from_photon)
    from_gluon = g2 * _both(gluon, QUARKS * DIAGONAL)
    same_quarks = g2 * (6 * across - 2 * c.singlets) + (crossed_pairs(from_gluon) - from_gluon / 3) / 3
    return Currents(
        singlets=e2 * PHOTONS * c.singlets + from_photon + SAME_QUARKS * same_quarks + 8 / 3 * g2 * SIGN * c.octets,
        octets=e2 * PHOTONS * c.octets
        + g2 * (12 * SIGN * OCTETS * c.singlets + OWN_OCTETS * c.octets)
        + 2 / 3 * OCTETS * from_gluon,
    )


def charged_slope(c: Mapping[str, Four], e2: Real, g2: Real) -> dict[str, Four]:
    """16 pi^2 dC/dln(mu) of charged currents by name, from the same and e^2, g_s^2.

    Source: arXiv:1711.05270 section 4.
    """
    one, eight = c["V1udduLR"], c["V8udduLR"]
    gluons = {"V1udduLR": -8 / 3 * eight, "V8udduLR": -12 * one - 14 * eight}
    return {name: e2 * _photons(name) * value + g2 * gluons.get(name, 0.0) for name, value in c.items()}


def _photons(name: str) -> float:
    """Photons between all pairs of the four fields of a charged-current operator."""
    q = [CHARGE[field] for field in legs(name)]
    sign = 1 if name.endswith("LL") else -1
    return 3 * sign * (q[0] + q[1]) * (q[2] + q[3]) - 3 * (q[0] - q[1]) ** 2


def _both(penguin: Complex[Array, "53"], sees: Float[np.ndarray, "53"]) -> Matrix:
    """A penguin that ends on either of the two currents."""
    one = penguin[:, None] * sees
    return one + one.T
