"""The one-loop renormalisation group of LEFT in QCD and QED: all classes that conserve baryon number.

Two insertions of dipoles, of dimension six as well, are left out: the slope is linear in the coefficients.
"""

import jax.numpy as jnp

from dineutrino.running.jms_classes import JMS, arrays, from_arrays
from dineutrino.running.jms_dipoles import LowCouplings, dipole_slope
from dineutrino.running.jms_scalars import scalar_slope
from dineutrino.running.jms_vectors import vector_slope


def jms_slope(c: JMS, sm: LowCouplings) -> JMS:
    """dC/dln(mu), linear over the complex numbers in all coefficients but the gluonic ones, which are real.

    Source: arXiv:1711.05270 section 4.
    """
    values, e2, g2 = arrays(c), sm.e**2, sm.g3**2
    slopes = vector_slope(values, e2, g2) | scalar_slope(values, e2, g2) | dipole_slope(values, sm)
    return from_arrays({name: slope / (16 * jnp.pi**2) for name, slope in slopes.items()})
