"""One-loop running of the whole Warsaw basis between any two scales above the electroweak one."""

from jaxtyping import Array, Float

from dineutrino.running.couplings import Couplings, run_couplings
from dineutrino.running.flow import STEPS, Point, run, to_m_z
from dineutrino.running.smeft import high_scale, mass_basis
from dineutrino.running.warsaw_classes import Warsaw, rotated
from dineutrino.running.warsaw_slope import warsaw_slope


def run_warsaw(
    start: Point[Warsaw], mu_start: Float[Array, ""] | float, mu: Float[Array, ""] | float, steps: int = STEPS
) -> Point[Warsaw]:
    """Both at mu, GeV, from both at mu_start; linear in the coefficients, the flavour basis stays.

    Coefficients do not act back on the couplings, an effect of dimension eight on observables.
    """
    return run(warsaw_slope, start, mu_start, mu, steps)


def warsaw_at_m_z(
    coefficients: Warsaw,
    mu_uv: Float[Array, ""] | float,
    couplings: Couplings,
    m_z: Float[Array, ""] | float,
    steps: int = STEPS,
) -> Warsaw:
    """Coefficients at m_Z in the down-aligned basis there, from those at mu_uv in the down-aligned basis there.

    As `smeft_at_m_z`, for all classes. Differentiable in the coefficients, mu_uv, the couplings and m_z.

    Args:
        coefficients: at mu_uv.
        mu_uv: GeV.
        couplings: at m_Z, with diagonal Yd and Ye, and Yu = V^dagger diag(y_u, y_c, y_t).
        m_z: GeV.
        steps: of the integration.

    Raises:
        DineutrinoError: as `smeft_at_m_z`.
    """
    mu_uv = high_scale(mu_uv, m_z)
    high = run_couplings(couplings, m_z, mu_uv)
    start = Point(rotated(coefficients, mass_basis(high)), high)
    return to_m_z(warsaw_slope, start, mu_uv, couplings, m_z, steps)
