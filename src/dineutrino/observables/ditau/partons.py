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
from functools import cache
from importlib.resources import files
from itertools import pairwise, product
from math import pi, sqrt
from pathlib import Path

import numpy as np
from jaxtyping import Float

from dineutrino.inputs.entry import number
from dineutrino.inputs.units import PER_TEV2
from dineutrino.io import mapping, parse_yaml
from dineutrino.observables.ditau.luminosities import read_luminosity
from dineutrino.observables.ditau.yields import CHIRALITIES, QUARKS

FILE = "kernels.yaml"
CUTS = (1500.0, 13000.0)
"""Highest partonic energy, GeV: that of the last bin of the measurement, as in arXiv:2207.10756, or none."""
CHARGE = {"d": -1 / 3, "u": 2 / 3, "tau": -1.0}
ISOSPIN = {"d": -1 / 2, "u": 1 / 2, "tau": -1 / 2}
STRENGTH = {"S": 3 / 4, "T": 4.0}
"""Cross section of scalars and tensors over that of vectors."""
NODES = 8

Bins = Float[np.ndarray, " bin"]
Energy = Float[np.ndarray, "..."]
Table = dict[str, dict[str, list[float]]]
"""Kind of contribution -> flavours -> events in each bin."""


@cache
def constants() -> dict[str, float]:
    """Electroweak inputs of the kernels and units, by name; each has its source in the file."""
    content = parse_yaml(files("dineutrino.observables.ditau").joinpath(FILE).read_text(encoding="utf-8"), FILE)
    return {name: number(mapping(entry, name)["value"], name) for name, entry in mapping(content, FILE).items()}


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
    constant = constants()
    e2, m_Z, width = 4 * pi / constant["alpha_inverse"], constant["m_Z"], constant["Gamma_Z"]
    sine2 = (1 - sqrt(1 - e2 / (sqrt(2) * constant["G_F"] * m_Z**2))) / 2
    photon = e2 * CHARGE["tau"] * CHARGE[kind]
    z = e2 / (sine2 * (1 - sine2)) * _to_z("tau", tau, sine2) * _to_z(kind, quark, sine2)
    name = f"{'VLL' if tau == quark else 'VLR'}_00_{q}{q}_tata"
    of_photon = _yields(folder, cut, q, q, f"{name}_A_Reg", lambda s: 2 * PER_TEV2 * photon / s)
    of_z = _yields(
        folder, cut, q, q, f"{name}_Z_Reg",
        lambda s: 2 * PER_TEV2 * z * (s - m_Z**2) / ((s - m_Z**2) ** 2 + (m_Z * width) ** 2),
    )  # fmt: skip
    return of_photon + of_z


def _to_z(fermion: str, chirality: str, sine2: float) -> float:
    return (ISOSPIN[fermion] if chirality == "L" else 0.0) - sine2 * CHARGE[fermion]


def _yields(folder: Path, cut: float, q: str, p: str, kernel: str, amplitude2: Callable[[Energy], Energy]) -> Bins:
    """Events in bins of the transverse mass, for a squared amplitude as a function of s, GeV^-4."""
    rows = np.loadtxt(folder / "kernels" / f"F{kernel}.dat")
    edges = np.append(rows[:, 1], min(rows[-1, 2], cut))
    energies, luminosities = read_luminosity(folder, q, p)
    partonic = [_integral(low, high, energies, luminosities, amplitude2) for low, high in pairwise(edges)]
    return constants()["luminosity"] / constants()["pb"] * (np.array(partonic) @ rows[:, 3:])


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
