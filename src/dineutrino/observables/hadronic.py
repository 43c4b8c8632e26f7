"""The hadronic side of any decay."""

from jaxtyping import Array, Float

from dineutrino.inputs import FormFactorCoefficients
from dineutrino.invisible import Currents
from dineutrino.observables.modes import Decay


def hadronic_currents(
    q2: Float[Array, "..."], decay: Decay, coefficients: FormFactorCoefficients, longitudinal: bool = False
) -> Currents:
    """Squared helicity amplitudes, GeV^4.

    Args:
        q2: GeV^2, on the physical range.
        decay: its masses and what its daughter is.
        coefficients: of the form factors of its transition.
        longitudinal: only amplitudes with a pair of helicity zero, and so a longitudinally polarised vector meson.
    """
    return decay.amplitudes(q2, decay.masses, coefficients, longitudinal)
