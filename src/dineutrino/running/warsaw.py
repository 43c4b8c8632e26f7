"""One-loop running of the whole Warsaw basis between any two scales above the electroweak one."""

from functools import partial

from jaxtyping import Array, Float

from dineutrino.running.at_m_z import at_m_z
from dineutrino.running.flow import STEPS, Point, run
from dineutrino.running.warsaw_classes import Warsaw, rotated
from dineutrino.running.warsaw_slope import warsaw_slope


def run_warsaw(
    start: Point[Warsaw], mu_start: Float[Array, ""] | float, mu: Float[Array, ""] | float, steps: int = STEPS
) -> Point[Warsaw]:
    """Both at mu, GeV, from both at mu_start; linear in the coefficients, the flavour basis stays.

    Coefficients do not act back on the couplings, an effect of dimension eight on observables.
    """
    return run(warsaw_slope, start, mu_start, mu, steps)


warsaw_at_m_z = partial(at_m_z, warsaw_slope, rotated)
"""All classes at m_Z from those at mu_uv, see `at_m_z`."""
