"""One-loop running of the vector classes of SMEFT between any two scales above the electroweak one."""

from functools import partial

from jaxtyping import Array, Float

from dineutrino.running.at_m_z import at_m_z
from dineutrino.running.flow import STEPS, Point, run
from dineutrino.running.smeft_slope import smeft_slope
from dineutrino.running.vector_classes import VectorClasses, rotated


def run_smeft(
    start: Point[VectorClasses], mu_start: Float[Array, ""] | float, mu: Float[Array, ""] | float, steps: int = STEPS
) -> Point[VectorClasses]:
    """Both at mu, GeV, from both at mu_start; linear in the coefficients, the flavour basis stays.

    Coefficients do not act back on the couplings, an effect of dimension eight on observables.
    """
    return run(smeft_slope, start, mu_start, mu, steps)


smeft_at_m_z = partial(at_m_z, smeft_slope, rotated)
"""The vector classes at m_Z from those at mu_uv, see `at_m_z`."""
