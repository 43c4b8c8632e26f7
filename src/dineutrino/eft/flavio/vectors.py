"""From LEFT Lagrangian coefficients to the normalisation that observables use (WCxf: WET, basis flavio)."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.errors import unknown
from dineutrino.running.left_classes import LeftVectors

Matrix = Complex[Array, "3 3"]
Arrays = dict[str, Complex[Array, "..."]]
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
    i, j = quarks(transition)
    factor = per_left(V, G_F, alpha_em, i, j)
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


def from_semileptonic(
    c: Semileptonic,
    V: Complex[Array, "3 3"],
    G_F: Float[Array, ""] | float,
    alpha_em: Float[Array, ""] | float,
    transition: str = "bs",
) -> Arrays:
    """The inverse of `semileptonic`: classes of `LeftVectors` that one transition fills. Arguments as there."""
    i, j = quarks(transition)
    factor = per_left(V, G_F, alpha_em, i, j)
    lepton_first = {
        "VnudLL": c.C_L,
        "VnudLR": c.C_R,
        "VedLL": (c.C_9 - c.C_10) / 2,
        "VedLR": (c.C_9_prime - c.C_10_prime) / 2,
        "VedRR": (c.C_9_prime + c.C_10_prime) / 2,
    }
    zero = jnp.zeros((3, 3, 3, 3), complex)
    found = {name: hermitian(zero.at[:, :, i, j].set(value / factor)) for name, value in lepton_first.items()}
    return found | {"VdeLR": hermitian(zero.at[i, j].set((c.C_9 + c.C_10) / (2 * factor)))}


def charged_current(
    c: LeftVectors, V: Complex[Array, "3 3"], G_F: Float[Array, ""] | float
) -> Complex[Array, "2 3 3 3"]:
    """C_VL relative to the W exchange of the Standard Model, index (u or c, down quark, neutrino, charged lepton).

    H = (4 G_F/sqrt2) V_ud C_VL (ubar gamma P_L d)(lbar gamma P_L nu), new physics only.
    Source: WCxf WET flavio basis (arXiv:1712.05298).
    """
    return relative_to_w(c.VnueduLL, V, G_F)


def relative_to_w(
    c: Complex[Array, "3 3 3 2"], V: Complex[Array, "3 3"], G_F: Float[Array, ""] | float
) -> Complex[Array, "2 3 3 3"]:
    """Any class of (nubar e)(dbar u) operators, conjugated and relative to the W exchange, as in `charged_current`."""
    return -c.conj().transpose(3, 2, 0, 1) / (2 * jnp.sqrt(2.0) * G_F * V[:2, :, None, None])


def from_relative_to_w(
    C: Complex[Array, "2 3 3 3"], V: Complex[Array, "3 3"], G_F: Float[Array, ""] | float
) -> Complex[Array, "3 3 3 2"]:
    """The inverse of `relative_to_w`, arguments as there."""
    return (-2 * jnp.sqrt(2.0) * G_F * V[:2, :, None, None] * C).conj().transpose(2, 3, 1, 0)


def delta_f2(c: LeftVectors, transition: str = "bs") -> DeltaF2:
    """Mixing of B_s ("bs"), B_d ("bd") or K ("sd").

    Raises:
        DineutrinoError: unknown transition.

    Source: WCxf WET flavio basis (arXiv:1712.05298); colour octets by a Fierz identity.
    """
    i, j = quarks(transition)
    octet = c.V8ddLR[i, j, i, j]
    return DeltaF2(c.VddLL[i, j, i, j], c.VddRR[i, j, i, j], c.V1ddLR[i, j, i, j] - octet / 6, -octet)


def from_delta_f2(c: DeltaF2, transition: str = "bs") -> Arrays:
    """The inverse of `delta_f2`, arguments as there."""
    i, j = quarks(transition)
    values = {"VddLL": c.VLL, "VddRR": c.VRR, "V1ddLR": c.VLR - c.SLR / 6, "V8ddLR": -c.SLR}
    zero = jnp.zeros((3, 3, 3, 3), complex)
    return {name: hermitian(zero.at[i, j, i, j].set(value)) for name, value in values.items()}


def hermitian(half: Complex[Array, "3 3 3 3"]) -> Complex[Array, "3 3 3 3"]:
    """An array with C_prst = C_rpts*, from one of each pair."""
    return half + half.conj().transpose(1, 0, 3, 2)


def per_left(
    V: Complex[Array, "3 3"], G_F: Float[Array, ""] | float, alpha_em: Float[Array, ""] | float, i: int, j: int
) -> Complex[Array, ""]:
    """Dimensionless per GeV^-2, for a current (1 - gamma_5)/2 or (1 + gamma_5)/2 of leptons."""
    lambda_t = V[2, j] * V[2, i].conj()
    return jnp.pi / (jnp.sqrt(2.0) * G_F * alpha_em * lambda_t)


def quarks(transition: str) -> tuple[int, int]:
    """Flavours of a transition, counted from zero.

    Raises:
        DineutrinoError: unknown transition.
    """
    if transition not in TRANSITIONS:
        raise unknown("transition", transition, TRANSITIONS)
    return TRANSITIONS[transition]
