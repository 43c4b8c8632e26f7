"""Choosing the parametrisation of a fit."""

from collections.abc import Callable

from jaxtyping import Array, Float

from dineutrino.errors import unknown
from dineutrino.form_factors import bcl, bsz, dispersive, hpqcd, sse
from dineutrino.form_factors.values import BaryonFormFactors, PseudoscalarFormFactors, VectorFormFactors
from dineutrino.inputs.form_factor_coefficients import FormFactorCoefficients

Q2 = Float[Array, "..."]

_PSEUDOSCALAR: dict[str, Callable[[Q2, FormFactorCoefficients], PseudoscalarFormFactors]] = {
    "BCL": bcl.pseudoscalar,
    "BSZ": bsz.pseudoscalar,
    "HPQCD2022": hpqcd.pseudoscalar,
    "dispersive": dispersive.pseudoscalar,
}
_VECTOR: dict[str, Callable[[Q2, FormFactorCoefficients], VectorFormFactors]] = {"BSZ": bsz.vector}
_BARYON: dict[str, Callable[[Q2, FormFactorCoefficients], BaryonFormFactors]] = {
    "SSE": sse.baryon,
    "DLM2015": sse.baryon_with_cuts_at_poles,
}


def pseudoscalar(q2: Q2, coefficients: FormFactorCoefficients) -> PseudoscalarFormFactors:
    """Form factors of a transition to a pseudoscalar meson, such as B -> K.

    Args:
        q2: GeV^2, any shape, in the physical range 0 <= q2 <= (m_B - m_P)^2.
        coefficients: of a fit to a pseudoscalar transition.

    Returns:
        f_plus, f_0 and f_T, dimensionless, each shaped like q2.

    Raises:
        DineutrinoError: unknown parametrisation, or coefficients that do not fit it.
    """
    if coefficients.parametrisation not in _PSEUDOSCALAR:
        raise unknown("parametrisation of pseudoscalar form factors", coefficients.parametrisation, _PSEUDOSCALAR)
    return _PSEUDOSCALAR[coefficients.parametrisation](q2, coefficients)


def vector(q2: Q2, coefficients: FormFactorCoefficients) -> VectorFormFactors:
    """Form factors of a transition to a vector meson, such as B -> K* or Bs -> phi.

    Args:
        q2: GeV^2, any shape, in the physical range 0 <= q2 <= (m_B - m_V)^2.
        coefficients: of a fit to a vector transition.

    Returns:
        V, A_0, A_1, A_12, T_1, T_2 and T_23, dimensionless, each shaped like q2.

    Raises:
        DineutrinoError: unknown parametrisation, or coefficients that do not fit it.
    """
    if coefficients.parametrisation not in _VECTOR:
        raise unknown("parametrisation of vector form factors", coefficients.parametrisation, _VECTOR)
    return _VECTOR[coefficients.parametrisation](q2, coefficients)


def baryon(q2: Q2, coefficients: FormFactorCoefficients) -> BaryonFormFactors:
    """Form factors of a transition between baryons of spin 1/2, such as Lambda_b -> Lambda.

    Args:
        q2: GeV^2, any shape, in the physical range 0 <= q2 <= (m_Lambda_b - m_Lambda)^2.
        coefficients: of a fit to a transition between baryons.

    Returns:
        The ten helicity form factors, dimensionless, each shaped like q2.

    Raises:
        DineutrinoError: unknown parametrisation, or coefficients that do not fit it.
    """
    if coefficients.parametrisation not in _BARYON:
        raise unknown("parametrisation of baryonic form factors", coefficients.parametrisation, _BARYON)
    return _BARYON[coefficients.parametrisation](q2, coefficients)
