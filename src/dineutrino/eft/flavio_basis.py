"""From LEFT Lagrangian coefficients to the normalisation that observables use (WCxf: WET, basis flavio)."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.errors import unknown
from dineutrino.running.left_classes import LeftVectors

Matrix = Complex[Array, "3 3"]
TRANSITIONS = {"bs": (1, 2), "bd": (0, 2), "sd": (0, 1)}
"""Name -> (flavour of the barred quark, flavour of the other one), counted from zero: "bs" is sbar ... b."""


class Semileptonic(eqx.Module):
    """Coefficients of one transition, dimensionless, index (alpha, beta) of (lbar_alpha ... l_beta), new physics only.

    H = -(4 G_F/sqrt2) lambda_t alpha/(4 pi) sum C O, O_9 = (sbar gamma P_L b)(lbar gamma l), O_10 with gamma gamma_5,
    O_L = (sbar gamma P_L b)(nubar gamma (1 - gamma_5) nu); primed and O_R with right-handed quarks.
    """

    C_9: Matrix
    C_10: Matrix
    C_9_prime: Matrix
    C_10_prime: Matrix
    C_L: Matrix
    C_R: Matrix


class DeltaF2(eqx.Module):
    """Coefficients of meson mixing, GeV^-2.

    H = -sum C O with O_VLL = (sbar gamma P_L b)^2, O_VLR = (sbar gamma P_L b)(sbar gamma P_R b), O_SLR with scalars.
    """

    VLL: Complex[Array, ""]
    VRR: Complex[Array, ""]
    VLR: Complex[Array, ""]
    SLR: Complex[Array, ""]


def semileptonic(
    c: LeftVectors,
    V: Complex[Array, "3 3"],
    G_F: Float[Array, ""] | float,
    alpha_em: Float[Array, ""] | float,
    transition: str = "bs",
) -> Semileptonic:
    """C_9 to C_R of a transition.

    Args:
        c: LEFT coefficients, GeV^-2.
        V: CKM matrix; lambda_t = V_tj V_ti* is the normalisation.
        G_F: GeV^-2.
        alpha_em: of the normalisation.
        transition: "bs", "bd" or "sd".

    Raises:
        DineutrinoError: unknown transition.

    Source: WCxf WET flavio basis (arXiv:1712.05298).
    """
    i, j = _quarks(transition)
    lambda_t = V[2, j] * V[2, i].conj()
    # dimensionless per GeV^-2, for a current (1 - gamma_5)/2 or (1 + gamma_5)/2 of leptons
    factor = jnp.pi / (jnp.sqrt(2.0) * G_F * alpha_em * lambda_t)
    left_left, left_right = c.VedLL[:, :, i, j], c.VdeLR[i, j]
    right_left, right_right = c.VedLR[:, :, i, j], c.VedRR[:, :, i, j]
    return Semileptonic(
        C_9=factor * (left_right + left_left),
        C_10=factor * (left_right - left_left),
        C_9_prime=factor * (right_right + right_left),
        C_10_prime=factor * (right_right - right_left),
        C_L=factor * c.VnudLL[:, :, i, j],
        C_R=factor * c.VnudLR[:, :, i, j],
    )


def charged_current(
    c: LeftVectors, V: Complex[Array, "3 3"], G_F: Float[Array, ""] | float
) -> Complex[Array, "2 3 3 3"]:
    """C_VL relative to the W exchange of the Standard Model, index (u or c, down quark, neutrino, charged lepton).

    H = (4 G_F/sqrt2) V_ud C_VL (ubar gamma P_L d)(lbar gamma P_L nu), new physics only.
    Source: WCxf WET flavio basis (arXiv:1712.05298).
    """
    return -c.VnueduLL.conj().transpose(3, 2, 0, 1) / (2 * jnp.sqrt(2.0) * G_F * V[:2, :, None, None])


def delta_f2(c: LeftVectors, transition: str = "bs") -> DeltaF2:
    """Mixing of B_s ("bs"), B_d ("bd") or K ("sd").

    Raises:
        DineutrinoError: unknown transition.

    Source: WCxf WET flavio basis (arXiv:1712.05298); colour octets by a Fierz identity.
    """
    i, j = _quarks(transition)
    octet = c.V8ddLR[i, j, i, j]
    return DeltaF2(c.VddLL[i, j, i, j], c.VddRR[i, j, i, j], c.V1ddLR[i, j, i, j] - octet / 6, -octet)


def _quarks(transition: str) -> tuple[int, int]:
    if transition not in TRANSITIONS:
        raise unknown("transition", transition, TRANSITIONS)
    return TRANSITIONS[transition]
