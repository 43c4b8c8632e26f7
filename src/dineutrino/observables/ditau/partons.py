"""Yields per coefficient from partonic kernels and parton luminosities: how the table of the package was made.

    python -m dineutrino.observables.ditau.partons FOLDER > atlas_2020.json

For a pair of quarks q_i qbar_j of squared energy s, colours and spins averaged, the cross section is s |A|^2/(144 pi)
for each pair of chiralities, with A the sum of photon, Z and contact interaction; 3/4 of that for scalars, 4 times that
for tensors. It is integrated with the luminosity over bins of s, and the kernels say how many of the events of each bin
are found in each bin of the transverse mass. What photon and Z make alone is part of the measured background.

Source: arXiv:2207.10714, section 2 (cross sections, kernels, luminosities of PDF4LHC15).
"""

import json
import re
import sys
from collections.abc import Callable
from itertools import pairwise, product
from math import pi, sqrt
from pathlib import Path

import numpy as np
from jaxtyping import Float

ALPHA, G_F, M_Z, GAMMA_Z = 1 / 127.9, 1.16637e-5, 91.1876, 2.4952
"""Electroweak inputs of the kernels, arXiv:2207.10756: at m_Z, GeV."""
SINE2 = (1 - sqrt(1 - 4 * pi * ALPHA / (sqrt(2) * G_F * M_Z**2))) / 2
PER_PB = 1 / 2.56819e-9
"""pb GeV^2."""
LUMINOSITY = 139_000.0
"""Of arXiv:2002.12223, 1/pb."""
PER_TEV2 = 1e-6
CUTS = (1500.0, 13000.0)
"""Highest partonic energy, GeV: that of the last bin of the measurement, as in arXiv:2207.10756, or none."""
QUARKS = {"d": "dsb", "u": "uc"}
CHIRALITIES = ("LL", "LR", "RL", "RR")
"""Of the tau, then of the quark."""
CHARGE = {"d": -1 / 3, "u": 2 / 3, "tau": -1.0}
ISOSPIN = {"d": -1 / 2, "u": 1 / 2, "tau": -1 / 2}
STRENGTH = {"S": 3 / 4, "T": 4.0}
"""Cross section of scalars and tensors over that of vectors."""
NODES = 8

Bins = Float[np.ndarray, " bin"]
Energy = Float[np.ndarray, "..."]
Table = dict[str, dict[str, list[float]]]
"""Kind of contribution -> flavours -> events in each bin."""


def table(folder: Path, cut: float) -> Table:
    """Events for coefficients in TeV^-2: linear ones for each flavour, quadratic ones for each pair q_i qbar_j.

    Args:
        folder: with `kernels` and `parton_luminosities_PDF4LHC15`.
        cut: highest partonic energy, GeV.
    """
    found: Table = {}
    for kind, flavours in QUARKS.items():
        for chiralities in CHIRALITIES:
            found[f"linear {kind} {chiralities}"] = {
                q: _interference(folder, cut, q, kind, chiralities).tolist() for q in flavours
            }
        for classes in ("VLL", "VLR", "S", "T")[: 3 if kind == "d" else 4]:
            found[f"quadratic {kind} {classes}"] = {
                q + p: _squared(folder, cut, q, p, classes).tolist() for q, p in product(flavours, flavours)
            }
    return found


def _squared(folder: Path, cut: float, q: str, p: str, classes: str) -> Bins:
    strength = STRENGTH.get(classes, 1.0) * PER_TEV2**2
    return _yields(folder, cut, q, p, f"{classes}_00_{q}{p}_tata_Reg_Reg", lambda s: strength * np.ones_like(s))


def _interference(folder: Path, cut: float, q: str, kind: str, chiralities: str) -> Bins:
    """2 Re of the amplitudes of photon and Z, times a coefficient of 1 TeV^-2."""
    tau, quark = chiralities[0], chiralities[1]
    e2 = 4 * pi * ALPHA
    photon = e2 * CHARGE["tau"] * CHARGE[kind]
    z = e2 / (SINE2 * (1 - SINE2)) * _to_z("tau", tau) * _to_z(kind, quark)
    name = f"{'VLL' if tau == quark else 'VLR'}_00_{q}{q}_tata"
    of_photon = _yields(folder, cut, q, q, f"{name}_A_Reg", lambda s: 2 * PER_TEV2 * photon / s)
    of_z = _yields(
        folder, cut, q, q, f"{name}_Z_Reg",
        lambda s: 2 * PER_TEV2 * z * (s - M_Z**2) / ((s - M_Z**2) ** 2 + (M_Z * GAMMA_Z) ** 2),
    )  # fmt: skip
    return of_photon + of_z


def _to_z(fermion: str, chirality: str) -> float:
    return (ISOSPIN[fermion] if chirality == "L" else 0.0) - SINE2 * CHARGE[fermion]


def _yields(folder: Path, cut: float, q: str, p: str, kernel: str, amplitude2: Callable[[Energy], Energy]) -> Bins:
    """Events in bins of the transverse mass, for a squared amplitude as a function of s, GeV^-4."""
    rows = np.loadtxt(folder / "kernels" / f"F{kernel}.dat")
    edges = np.append(rows[:, 1], min(rows[-1, 2], cut))
    energies, luminosities = np.loadtxt(folder / "parton_luminosities_PDF4LHC15" / f"{q}_{p}bar.dat").T
    partonic = [_integral(low, high, energies, luminosities, amplitude2) for low, high in pairwise(edges)]
    return LUMINOSITY * PER_PB * (np.array(partonic) @ rows[:, 3:])


def _integral(
    low: float, high: float, energies: Energy, luminosities: Energy, amplitude2: Callable[[Energy], Energy]
) -> float:
    """Over ln s between two energies; the luminosity is a power of the energy between its tabulated values."""
    known = luminosities > 0
    x, y = np.log(energies[known]), np.log(luminosities[known])
    a, b = np.log(low), min(np.log(high), x[-1])
    edges = np.concatenate(([a], x[(x > a) & (x < b)], [b]))
    node, weight = np.polynomial.legendre.leggauss(NODES)
    half = np.diff(edges)[:, None] / 2
    log_energy = edges[:-1, None] + half * (node + 1)
    s = np.exp(2 * log_energy)
    density = np.exp(np.interp(log_energy, x, y)) * s / (144 * pi) * amplitude2(s)
    return float(np.sum(2 * half * weight * density))


def written(tables: dict[str, Table]) -> str:
    """As JSON, one line for each list."""
    text = json.dumps(tables, indent=1)
    return re.sub(r"\[[^\]]*\]", lambda row: json.dumps([float(f"{x:.8g}") for x in json.loads(row[0])]), text) + "\n"


if __name__ == "__main__":
    sys.stdout.write(written({f"{cut:g}": table(Path(sys.argv[1]), cut) for cut in CUTS}))
