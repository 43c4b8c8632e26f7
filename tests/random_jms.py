"""Random coefficients of LEFT by name, couplings, and sums over the names of a class."""

import jax.numpy as jnp
import numpy as np

from dineutrino.eft.names.jms import jms_names, jms_parameters
from dineutrino.running.jms_classes import CLASSES
from dineutrino.running.jms_dipoles import LowCouplings, Masses

COMPLEX = {name.removeprefix("Im ") for name in jms_parameters() if name.startswith("Im ")}
COUPLINGS = LowCouplings(
    jnp.asarray(1.2),
    jnp.asarray(0.31),
    Masses(jnp.asarray([0.2, 0.7]), jnp.asarray([0.3, 0.5, 1.1]), jnp.asarray([1.3, 1.7, 1.9])),
    23 / 3,
)
"""Masses that nothing hides behind."""


def values(seed):
    rng = np.random.default_rng(seed)
    return {name: complex(rng.normal(), rng.normal() if name in COMPLEX else 0.0) for name in jms_names()}


def contracted(found, seed):
    """Class -> sum over its names with random weights."""
    rng = np.random.default_rng(seed)
    sums = dict.fromkeys(CLASSES, 0j)
    for name in jms_names():
        sums[name.split("_")[0]] += complex(*rng.normal(size=2)) * found.get(name, 0)
    return sums
