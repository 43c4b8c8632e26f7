"""One-loop running of LEFT in QCD and QED between m_Z and the scale of the b quark, with five flavours."""

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.inputs import Inputs
from dineutrino.numerics.ode import rk4
from dineutrino.running.alpha_s import alpha_s
from dineutrino.running.left_classes import LeftVectors
from dineutrino.running.vector_classes import crossed, exchanged

Q_E, Q_D, Q_U = -1.0, -1 / 3, 2 / 3
"""Electric charges of charged leptons, down and up quarks."""
FLAVOURS = 5
BETA_0 = 11 - 2 * FLAVOURS / 3
STEPS = 8
Real = Float[Array, ""]
Two = Complex[Array, "k k"]
Four = Complex[Array, "m m n n"]


def run_left(
    coefficients: LeftVectors,
    alpha_s_high: Float[Array, ""] | float,
    alpha_s_low: Float[Array, ""] | float,
    alpha_em: Float[Array, ""] | float,
    steps: int = STEPS,
) -> LeftVectors:
    """From the scale of alpha_s_high to that of alpha_s_low, five flavours, leading logarithms.

    The integration variable is ln(alpha_s) with the one-loop beta function in between; give alpha_s at both ends with
    as many loops as wanted. alpha_em does not run; zero switches QED off.

    Source: arXiv:1711.05270.
    """
    e2 = 4 * jnp.pi * jnp.asarray(alpha_em)

    def slope(log: Real, c: LeftVectors) -> LeftVectors:
        a = jnp.exp(log)
        by_log_mu = left_slope(c, 4 * jnp.pi * a, e2)
        return _scaled(by_log_mu, -2 * jnp.pi / (BETA_0 * a))

    return rk4(slope, coefficients, jnp.log(alpha_s_high), jnp.log(alpha_s_low), steps, rolled=True)


def run_left_from_m_z(coefficients: LeftVectors, mu: Float[Array, ""] | float, inputs: Inputs) -> LeftVectors:
    """From m_Z to mu, GeV, of the size of m_b, with alpha_s of four loops and alpha_em at m_Z."""
    return run_left(coefficients, inputs["alpha_s"], alpha_s(mu, inputs, FLAVOURS), inputs["alpha_em"])


def left_slope(c: LeftVectors, g2: Real, e2: Real) -> LeftVectors:
    """dC/dln(mu); g2 = g_s^2, e2 = e^2."""
    P_L, P_R, G_L, G_R = _penguins(c)
    photon = 4 / 3 * e2
    gluon = 2 / 3 * g2
    lepton, down, up = 12 * Q_E * Q_D * e2, 12 * Q_D**2 * e2, 12 * Q_U * Q_D * e2

    def octet(singlet: Four, octet: Four, charge: Real) -> Four:
        """Slope of a colour octet of two currents of opposite chirality."""
        return -charge * octet - g2 * (12 * singlet + 14 * octet)

    def identical(V: Four, P: Two, G: Two) -> Four:
        penguin = 2 / 3 * e2 * Q_D * _second(P, 3) + 1 / 3 * g2 * (_crossed_unit(G) / 2 - _second(G, 3) / 6)
        return penguin + exchanged(penguin) + (down - 2 * g2) * V + 6 * g2 * crossed(V)

    slopes = {
        "VnudLL": 0 * c.VnudLL,
        "VnudLR": 0 * c.VnudLR,
        "VnueduLL": -4 * e2 * c.VnueduLL,
        "VedLL": lepton * c.VedLL + photon * Q_E * _second(P_L, 3),
        "VdeLR": -lepton * c.VdeLR + photon * Q_E * _first(P_L, 3),
        "VedLR": -lepton * c.VedLR + photon * Q_E * _second(P_R, 3),
        "VedRR": lepton * c.VedRR + photon * Q_E * _second(P_R, 3),
        "VddLL": identical(c.VddLL, P_L, G_L),
        "VddRR": identical(c.VddRR, P_R, G_R),
        "V1ddLR": -down * c.V1ddLR - 8 / 3 * g2 * c.V8ddLR + photon * Q_D * (_first(P_L, 3) + _second(P_R, 3)),
        "V8ddLR": octet(c.V1ddLR, c.V8ddLR, down) + gluon * (_first(G_L, 3) + _second(G_R, 3)),
        "V1udLR": -up * c.V1udLR - 8 / 3 * g2 * c.V8udLR + photon * Q_U * _second(P_R, 2),
        "V8udLR": octet(c.V1udLR, c.V8udLR, up) + gluon * _second(G_R, 2),
        "V1duLR": -up * c.V1duLR - 8 / 3 * g2 * c.V8duLR + photon * Q_U * _first(P_L, 2),
        "V8duLR": octet(c.V1duLR, c.V8duLR, up) + gluon * _first(G_L, 2),
    }
    for name, P, G in (("LL", P_L, G_L), ("RR", P_R, G_R)):
        one, eight = getattr(c, f"V1ud{name}"), getattr(c, f"V8ud{name}")
        slopes[f"V1ud{name}"] = up * one + 8 / 3 * g2 * eight + photon * Q_U * _second(P, 2)
        slopes[f"V8ud{name}"] = up * eight + g2 * (12 * one - 4 * eight) + gluon * _second(G, 2)
    return _scaled(LeftVectors(**slopes), 1 / (16 * jnp.pi**2))


def _penguins(c: LeftVectors) -> tuple[Two, Two, Two, Two]:
    """What the photon (P) and the gluon (G) see of left- and right-handed down-quark currents."""

    def t12(V: Four) -> Two:
        return jnp.einsum("prww->pr", V)

    def t21(V: Four) -> Two:
        return jnp.einsum("wwst->st", V)

    def tx(V: Four) -> Two:
        return jnp.einsum("pwwr->pr", V)

    P_L = (
        3 * Q_U * (t21(c.V1udLL) + t12(c.V1duLR))
        + Q_D * (6 * t12(c.VddLL) + 2 * tx(c.VddLL) + 3 * t12(c.V1ddLR))
        + Q_E * (t21(c.VedLL) + t12(c.VdeLR))
    )
    P_R = (
        3 * Q_U * (t21(c.V1udRR) + t21(c.V1udLR))
        + Q_D * (6 * t12(c.VddRR) + 2 * tx(c.VddRR) + 3 * t21(c.V1ddLR))
        + Q_E * (t21(c.VedLR) + t21(c.VedRR))
    )
    G_L = t21(c.V8udLL) + 4 * tx(c.VddLL) + t12(c.V8ddLR) + t12(c.V8duLR)
    G_R = t21(c.V8udRR) + 4 * tx(c.VddRR) + t21(c.V8ddLR) + t21(c.V8udLR)
    return P_L, P_R, G_L, G_R


def _first(M: Two, n: int) -> Four:
    """M_pr 1_st: a penguin on the first current, any flavour of the second."""
    return jnp.einsum("pr,st->prst", M, jnp.eye(n))


def _second(M: Two, n: int) -> Four:
    """1_pr M_st: a penguin on the second current, any flavour of the first."""
    return jnp.einsum("pr,st->prst", jnp.eye(n), M)


def _crossed_unit(M: Two) -> Four:
    return jnp.einsum("sr,pt->prst", M, jnp.eye(3))


def _scaled(c: LeftVectors, by: Real | float) -> LeftVectors:
    return LeftVectors(**{name: by * value for name, value in vars(c).items()})
