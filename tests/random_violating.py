"""Random coefficients that violate lepton or baryon number, with the symmetries of their operators."""

import jax.numpy as jnp
import numpy as np
from random_smeft import matrix

from dineutrino.running.violating_classes import FIELDS, Violating, like_qqql


def violating(seed):
    rng = np.random.default_rng(seed)
    values = {name: jnp.asarray(matrix(rng, *(3,) * len(fields))) for name, fields in FIELDS.items()}
    values["llphiphi"] = values["llphiphi"] + values["llphiphi"].T
    values["qque"] = values["qque"] + values["qque"].transpose(1, 0, 2, 3)
    values["qqql"] = like_qqql(values["qqql"])
    return Violating(**values)
