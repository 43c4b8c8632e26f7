"""Parts of LEFT that run among themselves, each with a small program of its own; numbers as of `run_jms_from_m_z`."""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.inputs import Inputs
from dineutrino.running.jms import FIVE, run_alone, stretches
from dineutrino.running.jms_classes import Four
from dineutrino.running.jms_dipoles import LowCouplings
from dineutrino.running.jms_pairs import Currents
from dineutrino.running.jms_scalars import with_leptons
from dineutrino.running.jms_slope import Packed
from dineutrino.running.jms_vectors import neutral_slope

Real = Float[Array, ""]
LOOP = 1 / (16 * jnp.pi**2)


class DownScalars(eqx.Module):
    """Scalar and tensor currents of charged leptons and down quarks, classes of `JMS`."""

    SedRL: Four
    SedRR: Four
    TedRR: Four


def run_neutral_from_m_z(c: Currents, mu: Real | float, inputs: Inputs, flavours: int = FIVE) -> Currents:
    """Products of two neutral currents at mu, GeV, from those at m_Z. Arguments as for `run_jms_from_m_z`."""
    for stretch in stretches(mu, inputs, flavours):
        c = run_alone(c, *NEUTRAL, stretch, inputs["alpha_em"])
    return c


def run_down_scalars_from_m_z(c: DownScalars, mu: Real | float, inputs: Inputs, flavours: int = FIVE) -> DownScalars:
    """Scalars and tensors with charged leptons and down quarks at mu, likewise."""
    for stretch in stretches(mu, inputs, flavours):
        c = run_alone(c, *DOWN_SCALARS, stretch, inputs["alpha_em"])
    return c


def _neutral(c: Packed) -> Currents:
    return c.neutral


def _neutral_slope(c: Currents, sm: LowCouplings) -> Currents:
    return jax.tree.map(lambda slope: LOOP * slope, neutral_slope(c, sm.e**2, sm.g3**2))


def _down_scalars(c: Packed) -> DownScalars:
    return DownScalars(c.lepton_scalars.SedRL, c.lepton_scalars.SedRR, c.lepton_scalars.TedRR)


def _down_scalar_slope(c: DownScalars, sm: LowCouplings) -> DownScalars:
    return DownScalars(**{name: LOOP * with_leptons(name, vars(c), sm.e**2, sm.g3**2) for name in vars(c)})


NEUTRAL = (_neutral, _neutral_slope)
DOWN_SCALARS = (_down_scalars, _down_scalar_slope)
"""What a part is of the whole, and how it runs."""
