"""Random values of all coefficients of the Warsaw basis, and one number per class that stands for its entries."""

import numpy as np

from dineutrino.eft.warsaw import warsaw_names, warsaw_parameters


def random_values(seed):
    """Name -> value of order one, real where the operator is Hermitian."""
    rng = np.random.default_rng(seed)
    complex_names = {name[3:] for name in warsaw_parameters() if name.startswith("Im")}
    return {name: complex(*rng.normal(size=2)) if name in complex_names else rng.normal() for name in warsaw_names()}


def contracted(values, seed):
    """WCxf class -> sum of its values times random phases, over the square root of their number."""
    rng = np.random.default_rng(seed)
    found = {}
    for name in warsaw_names():
        found.setdefault(name.split("_")[0], []).append(values.get(name, 0) * np.exp(2j * np.pi * rng.uniform()))
    return {cls: complex(sum(terms) / np.sqrt(len(terms))) for cls, terms in found.items()}
