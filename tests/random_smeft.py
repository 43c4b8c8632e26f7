"""Random coefficients with all symmetries, random couplings, random flavour rotations."""

import jax.numpy as jnp
import numpy as np

from dineutrino.running import warsaw_classes
from dineutrino.running.couplings import Couplings
from dineutrino.running.vector_classes import CLASSES, CURRENTS, IDENTICAL, SCALARS, VectorClasses


def matrix(rng, *shape):
    return rng.normal(size=shape) + 1j * rng.normal(size=shape)


def arrays(rng):
    """Class -> array, in the order of `CLASSES`."""
    found = {}
    for name in CLASSES:
        if name in SCALARS:
            found[name] = np.array(rng.normal())
        elif name in CURRENTS:
            a = matrix(rng, 3, 3)
            found[name] = a + a.conj().T
        else:
            a = matrix(rng, 3, 3, 3, 3)
            a = a + a.conj().transpose(1, 0, 3, 2)
            a = a + a.transpose(2, 3, 0, 1) if name in IDENTICAL else a
            found[name] = a + a.transpose(0, 3, 2, 1) if name == "ee" else a
    return found


def coefficients(seed):
    values = arrays(np.random.default_rng(seed))
    return VectorClasses(**{name: jnp.asarray(value, complex) for name, value in values.items()})


def warsaw(seed):
    """All classes of the Warsaw basis."""
    rng = np.random.default_rng(seed)
    values = arrays(rng)
    for name in warsaw_classes.CLASSES:
        if name in warsaw_classes.BOSONS:
            values[name] = np.array(rng.normal())
        elif name not in values:
            values[name] = matrix(rng, *(3,) * warsaw_classes.indices(name))
    return warsaw_classes.from_arrays({name: jnp.asarray(value, complex) for name, value in values.items()})


def couplings(seed):
    rng = np.random.default_rng(seed)
    Yu, Yd, Ye = (jnp.asarray(0.5 * matrix(rng, 3, 3)) for _ in range(3))
    return Couplings(*map(jnp.asarray, (0.35, 0.6, 1.1, 0.25)), Yu, Yd, Ye)


def unitaries(seed):
    rng = np.random.default_rng(seed)
    return {field: jnp.asarray(np.linalg.qr(matrix(rng, 3, 3))[0]) for field in "qudle"}
