"""Vector-like quarks Q (doublet) and D (singlet) that couple quarks to a real scalar phi, integrated out at tree level.

L = y_q^i phi (qbar_L^i Q_R) + y_d^i phi (Dbar_L d_R^i) - y_1 (Qbar_L D_R) H + ..., which leaves
L = (1/2) C_S^ij (dbar_i d_j) phi^2 + (1/2) C_P^ij (dbar_i i gamma_5 d_j) phi^2 and the same for up quarks.
"""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.errors import unknown

SIGNS = {"derived": -1.0, "slides": 1.0}
"""Of the term with y_1 for L as above; alone it cannot be observed, as y_1 -> -y_1 turns it."""


class Couplings(eqx.Module):
    """Of the vector-like quarks.

    Attributes:
        y_q: of the doublets q^i, dimensionless; down-type quarks have diagonal masses.
        y_d: of the singlets d^i.
        y_1: of Qbar_L D_R H.
        m_Q, m_D: GeV.
    """

    y_q: Complex[Array, "3"]
    y_d: Complex[Array, "3"]
    y_1: Complex[Array, ""]
    m_Q: Float[Array, ""]
    m_D: Float[Array, ""]


def down_quarks(
    couplings: Couplings, masses: Float[Array, "3"], v: Float[Array, ""] | float, sign: str = "derived"
) -> tuple[Complex[Array, "3 3"], Complex[Array, "3 3"]]:
    """C_S and C_P of down-type quarks, GeV^-1, indices (i, j).

    Args:
        couplings: of the vector-like quarks.
        masses: of d, s, b, GeV.
        v: vacuum expectation value, 246 GeV.
        sign: "derived", or that of the "slides".

    Raises:
        DineutrinoError: unknown sign.

    Source: valencia2024 (arXiv:2403.12485), derived anew.
    """
    if sign not in SIGNS:
        raise unknown("sign", sign, SIGNS)
    c = couplings
    product = jnp.outer(c.y_q, c.y_d) * c.y_1
    chiral = SIGNS[sign] * v / (jnp.sqrt(2.0) * c.m_Q * c.m_D)
    doublet = jnp.outer(c.y_q, c.y_q.conj()) / (2 * c.m_Q**2)
    singlet = jnp.outer(c.y_d.conj(), c.y_d) / (2 * c.m_D**2)
    sums, differences = masses[:, None] + masses, masses[:, None] - masses
    C_S = chiral * (product + product.conj().T) + (doublet + singlet) * sums
    iC_P = chiral * (product - product.conj().T) - (doublet - singlet) * differences
    return C_S, -1j * iC_P


def up_quarks(
    couplings: Couplings, masses: Float[Array, "3"], ckm: Complex[Array, "3 3"]
) -> tuple[Complex[Array, "3 3"], Complex[Array, "3 3"]]:
    """C_S and C_P of up-type quarks, GeV^-1, with masses of u, c, t in GeV. Source: as `down_quarks`."""
    y = ckm @ couplings.y_q
    doublet = jnp.outer(y, y.conj()) / (2 * couplings.m_Q**2)
    sums, differences = masses[:, None] + masses, masses[:, None] - masses
    return doublet * sums, 1j * doublet * differences


def higgs_to_gluons(y_1: Complex[Array, ""], y_2: Complex[Array, ""], m_Q: Float[Array, ""], m_D: Float[Array, ""],
                    v: Float[Array, ""] | float) -> Float[Array, ""]:  # fmt: skip
    """Gamma(h -> gg) over that of the Standard Model, for heavy quarks; y_2 is the coupling of Qbar_R D_L H.

    From det M = m_Q m_D - y_1 y_2^* v^2/2 and the low-energy theorem; the phase of det M gives h G Gtilde, of which
    alpha_s/(8 pi) stands against alpha_s/(12 pi) of h G G. Source: valencia2024.
    """
    epsilon = y_1 * jnp.conj(y_2) * v**2 / (m_Q * m_D)
    return (1 - jnp.real(epsilon)) ** 2 + 9 / 4 * jnp.imag(epsilon) ** 2
