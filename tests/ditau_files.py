"""Kernels and luminosities of the di-tau tails that are simple enough to be integrated by hand."""

from itertools import pairwise

import numpy as np

from dineutrino.observables.ditau.yields import BINS, QUARKS

EFFICIENCY = 0.01


def made_folder(folder):
    """Kernels that find one event in a hundred, in the bin of its partonic energy, and L = 1e4/E[GeV]^2."""
    (folder / "kernels").mkdir()
    (folder / "parton_luminosities_PDF4LHC15").mkdir()
    bins = list(pairwise(BINS))
    rows = [[1.0, low, high, *(EFFICIENCY * (i == j) for j in range(len(bins)))] for i, (low, high) in enumerate(bins)]
    energies = np.geomspace(100, 13000, 30)
    for kind, flavours in QUARKS.items():
        for q in flavours:
            for p in flavours:
                for classes in ("VLL", "VLR", "S", "T")[: 3 if kind == "d" else 4]:
                    for boson in ("Reg", "A", "Z"):
                        np.savetxt(folder / "kernels" / f"F{classes}_00_{q}{p}_tata_{boson}_Reg.dat", rows)
                path = folder / "parton_luminosities_PDF4LHC15" / f"{q}_{p}bar.dat"
                np.savetxt(path, np.stack([energies, 1e4 / energies**2], axis=1))
    np.savetxt(folder / "di-tau_ATLAS_2002_12223.csv", [0.0])
    return folder
