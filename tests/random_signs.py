"""Sums of all coefficients with random signs: a difference in one of them is a difference in each sum."""

import jax.numpy as jnp
import numpy as np

from dineutrino.eft.names import jms, warsaw
from dineutrino.eft.names.jms import jms_names
from dineutrino.eft.names.warsaw import CLASS, warsaw_names
from dineutrino.running import jms_classes, warsaw_classes

SUMS, SEED = 8, 5
VEV = 246.0
"""GeV: dipoles of LEFT are divided by it."""


def high_signs():
    """Of the coefficients of the Warsaw basis, (sums, names)."""
    return _signs(warsaw_names())


def low_signs():
    """Of the coefficients of LEFT."""
    dipoles = [name.split("_")[0] in jms_classes.DIPOLES for name in jms_names()]
    return _signs(jms_names()) / np.where(dipoles, VEV, 1.0)


def _signs(names):
    """Numbers +-1 +-i."""
    rng = np.random.default_rng(SEED)
    shape = (SUMS, len(names))
    return rng.choice([-1, 1], shape) + 1j * rng.choice([-1, 1], shape)


def high_sums(c):
    """Real parts of the sums, of coefficients as arrays."""
    names = [(CLASS[cls], digits) for cls, _, digits in (name.partition("_") for name in warsaw_names())]
    shapes = {cls: (3,) * warsaw_classes.indices(cls) for cls in warsaw_classes.CLASSES}
    return _summed(_as_arrays(names, high_signs(), shapes, warsaw.equivalent), warsaw_classes.arrays(c))


def low_sums(c):
    """The same of LEFT."""
    names = [(cls, digits) for cls, _, digits in (name.partition("_") for name in jms_names())]
    shapes = {cls: jms_classes.shape(cls) for cls in jms_classes.CLASSES}
    return _summed(_as_arrays(names, low_signs(), shapes, jms.equivalent), jms_classes.arrays(c))


def _as_arrays(names, signs, shapes, equivalent):
    """Class -> array (sums, ...) that, times the one of the coefficients, is the sum over the names of the class."""
    found = {cls: np.zeros((len(signs), *shape), complex) for cls, shape in shapes.items()}
    for (cls, digits), column in zip(names, signs.T, strict=True):
        index = tuple(int(digit) - 1 for digit in digits)
        sharing = sum(not conjugate for _, conjugate in equivalent(cls, index))
        found[cls][(slice(None), *index)] = sharing * column
    return found


def _summed(weights, arrays):
    parts = (jnp.asarray(weights[cls]).reshape(SUMS, -1) @ array.reshape(-1) for cls, array in arrays.items())
    return sum(parts).real
