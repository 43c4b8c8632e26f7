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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise, product
from math import pi, sqrt
from pathlib import Path

import numpy as np
from jaxtyping import Float

from dineutrino.errors import DineutrinoError
from dineutrino.inputs.entry import number
from dineutrino.inputs.units import PER_TEV2
from dineutrino.io import mapping, parse_yaml
from dineutrino.observables.ditau.luminosities import read_luminosities
from dineutrino.observables.ditau.yields import BINS, CHIRALITIES, QUARKS, Table

FILE = "kernels.yaml"
CUTS = (1500.0, 13000.0)
"""Highest partonic energy, GeV: that of the last bin of the measurement, as in arXiv:2207.10756, or none."""
CHARGE = {"d": -1 / 3, "u": 2 / 3, "tau": -1.0}
ISOSPIN = {"d": -1 / 2, "u": 1 / 2, "tau": -1 / 2}
STRENGTH = {"S": 3 / 4, "T": 4.0}
"""Cross section of scalars and tensors over that of vectors."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(8)
"""Between two tabulated luminosities."""

Bins = Float[np.ndarray, " bin"]
Energy = Float[np.ndarray, "..."]
Amplitude2 = Callable[[Energy], Energy]


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
    collisions, found = Collisions.read(folder, cut), dict[str, dict[str, list[float]]]()
    for kind, flavours in QUARKS.items():
        for chiralities in CHIRALITIES:
            found[f"linear {kind} {chiralities}"] = {
                q: collisions.linear(q, kind, chiralities, np.ones_like).tolist() for q in flavours
            }
        for classes in ("VLL", "VLR", "S", "T")[: 3 if kind == "d" else 4]:
            found[f"quadratic {kind} {classes}"] = {
                q + p: (STRENGTH.get(classes, 1.0) * collisions.squared(classes, q + p, np.ones_like)).tolist()
                for q, p in product(flavours, flavours)
            }
    return found


@dataclass(frozen=True)
class Collisions:
    """What cross sections of partons are folded with.

    Attributes:
        folder: that holds `kernels`.
        luminosities: of each pair of a quark and an antiquark, "sb": energies, GeV, and tau dL/dtau there.
        cut: highest partonic energy, GeV.
    """

    folder: Path
    luminosities: Mapping[str, Float[np.ndarray, "2 n"]]
    cut: float

    @classmethod
    def read(cls, folder: Path, cut: float) -> "Collisions":
        """With the luminosities of a folder, each file of which is read once.

        Raises:
            DineutrinoError: a file is missing or no table of numbers.
        """
        return cls(folder, read_luminosities(folder), cut)

    def squared(self, classes: str, pair: str, factor: Amplitude2) -> Bins:
        """Events of the square of a coefficient of 1 TeV^-2, times a function of s, with the strength of vectors."""
        return self.events(classes, pair, "Reg", lambda s: PER_TEV2**2 * factor(s))

    def linear(self, q: str, kind: str, chiralities: str, factor: Amplitude2) -> Bins:
        """Events of the interference of a coefficient of 1 TeV^-2, times a function of s, with photon and Z.

        Args:
            q: flavour of the quark, and of the antiquark.
            kind: its charge, "d" or "u".
            chiralities: of the tau, then of the quark.
            factor: of s.
        """
        classes = vector_class(chiralities)

        def with_boson(boson: str, of: Amplitude2) -> Bins:
            return self.events(classes, q + q, boson, lambda s: of(s) * factor(s))

        found: Bins = np.sum([with_boson(*each) for each in interference(kind, chiralities).items()], axis=0)
        return found

    def events(self, classes: str, pair: str, boson: str, amplitude2: Amplitude2) -> Bins:
        """Events in bins of the transverse mass, for a squared amplitude as a function of s, GeV^-4.

        Args:
            classes: of the contact interaction, "VLL", "VLR", "S" or "T", in whose kernel is where they are found.
            pair: of a quark and an antiquark, "sb".
            boson: "Reg" of the square of a contact interaction; A or Z, a photon or Z boson that it interferes with.
            amplitude2: of colours and spins averaged, so that s/(144 pi) of it is the cross section.

        Raises:
            DineutrinoError: the kernel is missing or no table of numbers.
        """
        energies, luminosities = self.luminosities[pair]
        rows = read_kernel(self.folder / "kernels" / f"F{classes}_00_{pair}_tata_{boson}_Reg.dat")
        edges = np.append(rows[:, 1], min(rows[-1, 2], self.cut))
        partonic = [_integral(low, high, energies, luminosities, amplitude2) for low, high in pairwise(edges)]
        return constants()["luminosity"] / constants()["pb"] * (np.array(partonic) @ rows[:, 3:])


def vector_class(chiralities: str) -> str:
    """Of kernels: equal chiralities or opposite ones."""
    return "VLL" if chiralities[0] == chiralities[1] else "VLR"


def interference(kind: str, chiralities: str) -> dict[str, Amplitude2]:
    """2 Re of the amplitudes of photon (A) and Z, times a coefficient of 1 TeV^-2, for quarks of a charge."""
    tau, quark = chiralities[0], chiralities[1]
    constant = constants()
    e2, m_Z, width = 4 * pi / constant["alpha_inverse"], constant["m_Z"], constant["Gamma_Z"]
    sine2 = (1 - sqrt(1 - e2 / (sqrt(2) * constant["G_F"] * m_Z**2))) / 2
    photon = e2 * CHARGE["tau"] * CHARGE[kind]
    z = e2 / (sine2 * (1 - sine2)) * _to_z("tau", tau, sine2) * _to_z(kind, quark, sine2)
    return {
        "A": lambda s: 2 * PER_TEV2 * photon / s,
        "Z": lambda s: 2 * PER_TEV2 * z * (s - m_Z**2) / ((s - m_Z**2) ** 2 + (m_Z * width) ** 2),
    }


def _to_z(fermion: str, chirality: str, sine2: float) -> float:
    return (ISOSPIN[fermion] if chirality == "L" else 0.0) - sine2 * CHARGE[fermion]


def read_kernel(path: Path) -> Float[np.ndarray, "row column"]:
    """Rows of a cross section, the edges of a partonic bin, and the fraction of its events in each measured bin.

    Raises:
        DineutrinoError: the file is missing or no table of numbers of this shape.
    """
    try:
        rows = np.loadtxt(path, ndmin=2)
    except OSError:
        raise DineutrinoError(
            f"there is no kernel '{path}'; 'dineutrino data fetch atlas2020_ditau' gets it."
        ) from None
    except ValueError as error:
        raise DineutrinoError(f"'{path}' is not a table of numbers: {error}.") from None
    if rows.shape[1] != 3 + len(BINS) - 1:
        raise DineutrinoError(
            f"'{path}' has {rows.shape[1]} columns, not three and one for each of {len(BINS) - 1} bins."
        )
    return rows


def _integral(low: float, high: float, energies: Energy, luminosities: Energy, amplitude2: Amplitude2) -> float:
    """Over ln s between two energies; the luminosity is a power of the energy between its tabulated values."""
    known = luminosities > 0
    x, y = np.log(energies[known]), np.log(luminosities[known])
    a, b = np.log(low), min(np.log(high), x[-1])
    edges = np.concatenate(([a], x[(x > a) & (x < b)], [b]))
    half = np.diff(edges)[:, None] / 2
    log_energy = edges[:-1, None] + half * (NODES + 1)
    s = np.exp(2 * log_energy)
    density = np.exp(np.interp(log_energy, x, y)) * s / (144 * pi) * amplitude2(s)
    return float(np.sum(2 * half * WEIGHTS * density))


def written(tables: dict[str, Table]) -> str:
    """As JSON, one line for each list."""
    text = json.dumps(tables, indent=1)
    return re.sub(r"\[[^\]]*\]", lambda row: json.dumps([float(f"{x:.8g}") for x in json.loads(row[0])]), text) + "\n"


if __name__ == "__main__":
    sys.stdout.write(written({f"{cut:g}": table(Path(sys.argv[1]), cut) for cut in CUTS}))
