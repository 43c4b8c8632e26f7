"""The one-loop renormalisation group of LEFT in QCD and QED: all classes that conserve baryon number.

Two insertions of dipoles, of dimension six as well, are left out: the slope is linear in the coefficients.
"""

import equinox as eqx
import jax
import jax.numpy as jnp

from dineutrino.running.jms_classes import (
    DIPOLES,
    GLUONS,
    JMS,
    LEPTON_SCALARS,
    QUARK_SCALARS,
    ChargedCurrents,
    Dipoles,
    Gluons,
    LeptonScalars,
    QuarkScalars,
    arrays,
    from_arrays,
)
from dineutrino.running.jms_dipoles import LowCouplings, dipole_slope
from dineutrino.running.jms_pairs import Currents, pack, unpack
from dineutrino.running.jms_scalars import scalar_slope
from dineutrino.running.jms_vectors import charged_slope, neutral_slope


class Packed(eqx.Module):
    """The classes of `JMS` in the form that runs, neutral currents as matrices."""

    neutral: Currents
    charged: ChargedCurrents
    lepton_scalars: LeptonScalars
    quark_scalars: QuarkScalars
    dipoles: Dipoles
    gluons: Gluons


def packed(c: JMS) -> Packed:
    """The coefficients in the form that runs: the same numbers, packed by pairs of flavours."""
    return Packed(pack(arrays(c)), c.charged, c.lepton_scalars, c.quark_scalars, c.dipoles, c.gluons)


def unpacked(c: Packed) -> JMS:
    """The inverse of `packed`."""
    rest = (c.charged, c.lepton_scalars, c.quark_scalars, c.dipoles, c.gluons)
    return from_arrays(unpack(c.neutral) | {name: value for family in rest for name, value in vars(family).items()})


def jms_slope(c: JMS, sm: LowCouplings) -> JMS:
    """dC/dln(mu), linear over the complex numbers in all coefficients but G and Gtilde, which are real.

    Source: arXiv:1711.05270 section 4.
    """
    return unpacked(packed_slope(packed(c), sm))


def packed_slope(c: Packed, sm: LowCouplings) -> Packed:
    """`jms_slope` in the form that runs."""
    e2, g2 = sm.e**2, sm.g3**2
    scalars = vars(c.lepton_scalars) | vars(c.quark_scalars)
    flipping = scalar_slope(scalars, e2, g2) | dipole_slope(scalars | vars(c.dipoles) | vars(c.gluons), sm)
    slopes = Packed(
        neutral_slope(c.neutral, e2, g2),
        ChargedCurrents(**charged_slope(vars(c.charged), e2, g2)),
        LeptonScalars(**{name: flipping[name] for name in LEPTON_SCALARS}),
        QuarkScalars(**{name: flipping[name] for name in QUARK_SCALARS}),
        Dipoles(**{name: flipping[name] for name in DIPOLES}),
        Gluons(**{name: flipping[name] for name in GLUONS}),
    )
    return jax.tree.map(lambda slope: slope / (16 * jnp.pi**2), slopes)
