"""One-loop running of scalar and tensor currents below m_Z, in QCD and QED.

A photon between the two currents of (psibar_1 P_R psi_2)(psibar_3 P_R psi_4) turns scalars into tensors with tau of
`tensor` times e^2/(16 pi^2). Where all four fields are of the same kind or quarks, the tensor is a combination of
scalars by Fierz, sigma x sigma = -4 (scalars) - 8 (scalars with psi_2 and psi_4 exchanged).

Source: arXiv:1711.05270 section 4.
"""

from collections.abc import Mapping

from jaxtyping import Array, Float

from dineutrino.running.jms_classes import CHARGE, LEPTON_SCALARS, QUARK_SCALARS, Four, crossed, legs

Real = Float[Array, ""]
CROSSED = {"uu": "uu", "dd": "dd", "ud": "uddu", "uddu": "ud"}
"""Quarks in the currents of a class -> those after the second and the fourth are exchanged."""


def scalar(name: str) -> float:
    """Photons inside both currents."""
    q = [CHARGE[field] for field in legs(name)]
    return -6 * (q[0] * q[1] + q[2] * q[3])


def tensor(name: str) -> float:
    """Photons between both currents, which turn scalars into tensors."""
    q = [CHARGE[field] for field in legs(name)]
    return -(q[0] + q[1]) * (q[2] + q[3]) / 2


def scalar_slope(c: Mapping[str, Four], e2: Real, g2: Real) -> dict[str, Four]:
    """16 pi^2 dC/dln(mu) of all scalar and tensor currents by name, from the same and e^2, g_s^2."""
    leptons = {name: with_leptons(name, c, e2, g2) for name in LEPTON_SCALARS}
    return leptons | {name: _quarks(name, c, e2, g2) for name in QUARK_SCALARS}


def with_leptons(name: str, c: Mapping[str, Four], e2: Real, g2: Real) -> Four:
    """The slope of one class with leptons, from that and the tensors of the same fields, or their scalars."""
    if name == "SeeRR":
        own, tau = scalar(name), tensor(name)
        return e2 * ((own - 4 * tau) * c[name] - 8 * tau * crossed(c[name]))
    if name.startswith("T"):
        q = [CHARGE[field] for field in legs(name)]
        own = 2 * (q[0] * q[1] + q[2] * q[3]) - 4 * (q[0] - q[1]) ** 2
        return (e2 * own + 8 / 3 * g2) * c[name] + e2 * tensor(name) * c["S" + name[1:]]
    slope = (e2 * scalar(name) - 8 * g2) * c[name]
    return slope + 48 * e2 * tensor(name) * c["T" + name[1:]] if name.endswith("RR") else slope


def _quarks(name: str, c: Mapping[str, Four], e2: Real, g2: Real) -> Four:
    quarks = name[2:-2]
    partner = f"S1{CROSSED[quarks]}RR"
    one, eight = c[f"S1{quarks}RR"], c[f"S8{quarks}RR"]
    x_one, x_eight = crossed(c[partner]), crossed(c[partner.replace("S1", "S8")])
    own, tau = scalar(name) - 4 * tensor(name), tensor(partner)
    if name.startswith("S1"):
        gluons = -16 * one + 16 / 9 * eight + 64 / 9 * x_one + 112 / 27 * x_eight
        return g2 * gluons + e2 * (own * one - tau * (8 / 3 * x_one + 32 / 9 * x_eight))
    gluons = 8 * one + 16 / 3 * eight - 16 / 3 * x_one + 44 / 9 * x_eight
    return g2 * gluons + e2 * (own * eight - tau * (16 * x_one - 8 / 3 * x_eight))
