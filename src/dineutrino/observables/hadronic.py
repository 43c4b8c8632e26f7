"""The hadronic side of any decay."""

from jaxtyping import Array, Float

from dineutrino import form_factors
from dineutrino.inputs import FormFactorCoefficients
from dineutrino.invisible import Currents
from dineutrino.observables import b_to_pseudoscalar, b_to_vector, lambda_b_to_lambda
from dineutrino.observables.modes import Decay


def hadronic_currents(
    q2: Float[Array, "..."], decay: Decay, coefficients: FormFactorCoefficients, longitudinal: bool = False
) -> Currents:
    """Squared helicity amplitudes, GeV^4, by the spin of the daughter.

    Args:
        q2: GeV^2, on the physical range.
        decay: its masses.
        coefficients: of the form factors of its transition.
        longitudinal: only amplitudes with a pair of helicity zero, and so a longitudinally polarised vector meson.
    """
    if decay.spin == 0:
        return b_to_pseudoscalar.hadronic_currents(q2, form_factors.pseudoscalar(q2, coefficients), decay.masses)
    if decay.spin == 1 / 2:
        currents = lambda_b_to_lambda.longitudinal_currents if longitudinal else lambda_b_to_lambda.hadronic_currents
        return currents(q2, form_factors.baryon(q2, coefficients), decay.masses)
    polarised = b_to_vector.hadronic_currents(q2, form_factors.vector(q2, coefficients), decay.masses)
    return polarised.longitudinally_polarised() if longitudinal else polarised.summed()
