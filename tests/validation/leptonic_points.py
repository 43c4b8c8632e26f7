"""Random coefficients for two charged leptons, by the names of flavio: the same in both programs."""

import numpy as np

COEFFICIENTS = {"C9": 3.0, "C10": 3.0, "C9p": 3.0, "C10p": 3.0, "CS": 0.05, "CP": 0.05, "CSp": 0.05, "CPp": 0.05}
"""Name -> typical size; those of scalars in GeV^-1."""
POINTS = 100
MODES = (
    ("Bs", "mumu"), ("Bs", "ee"), ("Bs", "tautau"), ("B0", "mumu"), ("B0", "tautau"), ("Bs", "taumu"), ("Bs", "mutau"),
    ("B0", "etau"), ("B0", "mue"), ("KL", "mumu"), ("KS", "mumu"),
)  # fmt: skip
"""Meson and leptons."""
QUARKS = {"Bs": "bs", "B0": "bd", "KL": "sd", "KS": "sd"}


def points(meson, leptons):
    """Name -> complex values at all points."""
    random = np.random.default_rng(MODES.index((meson, leptons)))
    return {
        f"{name}_{QUARKS[meson]}{leptons}": size * (random.normal(size=POINTS) + 1j * random.normal(size=POINTS))
        for name, size in COEFFICIENTS.items()
    }
