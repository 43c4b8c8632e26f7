"""Yields per coefficient where a leptoquark is exchanged with its propagator.

A leptoquark that couples to a quark and an antilepton is exchanged in the t channel, between the quark and tau^-, the
others in the u channel. Its contact interaction C becomes C M^2/(M^2 - t) or C M^2/(M^2 - u). With y = -t/s or -u/s in
that channel, and in units of the s |C|^2/(144 pi) of vectors,

    sigma = integral of w(y) (1 + y s/M^2)^-2 dy from 0 to 1,

with one power of the propagator where it interferes with photon and Z. Vectors have w = 3 y^2 or 3 (1 - y)^2: quarks
and taus of the same chirality make u^2, those of opposite ones t^2. Scalars of down quarks have w = 3/4. Those of up
quarks come with the tensor of the same leptoquark, C_T = -C_S/4 of S_1 and C_S/4 of R_2: together 3 y^2 |C_S|^2. Widths
do not matter, t and u being negative.

Where events of a partonic energy are found is taken from the kernels of contact interactions, whatever the angle. Those
of leptoquarks of 1, 2 and 3 TeV that come with arXiv:2207.10756 would know it, but contradict them: of b quarks they
find 1.2 to 1.6 times the fraction even at energies far below a mass of 3 TeV, as if without the veto of b jets,
all but those of 2 TeV in the t channel. With these, squares of b quarks are as here within 10%; fractions of d and s
quarks in the t channel differ by 5% from 2 TeV on, and by 11% at 1 TeV, which is the lowest mass here.

Source: arXiv:2207.10714, section 2 (amplitudes, cross sections).
"""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs.tail_yields import TailYields
from dineutrino.inputs.units import TEV
from dineutrino.observables.ditau.partons import Amplitude2, Collisions, Energy, vector_class
from dineutrino.observables.ditau.yields import BINS, CHIRALITIES, QUARKS, Table, yields_of

LOWEST = 1.0
"""TeV, of a mass."""
CHANNEL = {"U1": "t", "U3": "t", "R2": "t", "R2t": "t", "S1": "u", "S3": "u", "S1t": "u", "V2": "u", "V2t": "u"}
"""In which leptoquarks are exchanged."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(128)
"""Of angles."""
Weight = Callable[[Energy], Energy]
"""w(y) of the distribution of angles."""


def own(y: Energy) -> Energy:
    """Vanishes with the momentum that is exchanged."""
    return 3 * y**2


def other(y: Energy) -> Energy:
    """The same in the other channel."""
    return 3 * (1 - y) ** 2


def flat(y: Energy) -> Energy:
    """Of scalars without a tensor."""
    return 3 / 4 * np.ones_like(y)


def exchanged_yields(leptoquark: str, mass: float, folder: Path, cut: float) -> TailYields:
    """Yields of one leptoquark, for its coefficients at the scale of its mass.

    Args:
        leptoquark: one of `CHANNEL`.
        mass: TeV.
        folder: with `kernels` and `parton_luminosities_PDF4LHC15`.
        cut: highest partonic energy, GeV.

    Raises:
        DineutrinoError: another field, a mass below `LOWEST`, or files that are missing or broken.
    """
    if leptoquark not in CHANNEL:
        raise unknown("leptoquark", leptoquark, CHANNEL)
    if not LOWEST <= mass < math.inf:
        raise DineutrinoError(
            f"the tails know the propagator of leptoquarks from {LOWEST:g} TeV on, not of {mass:g} TeV."
        )
    return yields_of(table(CHANNEL[leptoquark], mass, folder, cut), leptoquark, mass)


def table(channel: str, mass: float, folder: Path, cut: float) -> Table:
    """Events for coefficients in TeV^-2, as in `partons.table`; tensors are part of the scalars of up quarks.

    Args:
        channel: "t" or "u".
        mass: TeV.
        folder: with `kernels` and `parton_luminosities_PDF4LHC15`.
        cut: highest partonic energy, GeV.
    """
    vectors = {"VLL": other, "VLR": own} if channel == "t" else {"VLL": own, "VLR": other}
    collisions, found = Collisions.read(folder, cut), dict[str, dict[str, list[float]]]()
    for kind, flavours in QUARKS.items():
        for chiralities in CHIRALITIES:
            once = exchanged(vectors[vector_class(chiralities)], mass, 1)
            found[f"linear {kind} {chiralities}"] = {
                q: collisions.linear(q, kind, chiralities, once).tolist() for q in flavours
            }
        for classes, weight in (vectors | {"S": flat if kind == "d" else own}).items():
            twice = exchanged(weight, mass, 2)
            found[f"quadratic {kind} {classes}"] = {
                q + p: collisions.squared(classes, q + p, twice).tolist() for q in flavours for p in flavours
            }
    pairs = found["quadratic u S"]
    return found | {"quadratic u T": {pair: [0.0] * (len(BINS) - 1) for pair in pairs}}


def exchanged(weight: Weight, mass: float, power: int) -> Amplitude2:
    """`propagated` as a function of s, for a mass in TeV."""
    return lambda s: propagated(weight, s / (TEV * mass) ** 2, power)


def propagated(weight: Weight, ratio: Energy, power: int) -> Energy:
    """The integral of w(y) (1 + y s/M^2)^-power; one for vectors of large masses.

    Args:
        weight: w.
        ratio: s/M^2.
        power: 2 for squares, 1 for interference.
    """
    y = (NODES + 1) / 2
    found: Energy = np.sum(WEIGHTS / 2 * weight(y) / (1 + y * ratio[..., None]) ** power, axis=-1)
    return found
