"""The z-expansions of Detmold and Meinel between baryons: Lambda_b -> Lambda and Lambda_b -> Lambda_c.

    F(q2) = 1/(1 - q2/m_R^2) sum_k a_k z(q2)^k

with m_R the lowest resonance of the channel and z around the end point t_0 = (m_Lambda_b - m_M)^2. The cut starts at
t_+ = (m_B + m_K)^2 for the Lambda (arXiv:1602.01399) and at t_+ = m_R^2 of each channel for the Lambda_c
(arXiv:1503.01421 and, of tensors, arXiv:1702.02243). At q2 = t_0 the series is its a0, so that the exact relations
g_perp = g_plus and htilde_perp = htilde_plus there are relations between a0. Those at q2 = 0 (f_0 = f_plus and
g_0 = g_plus) are not imposed: the fits obey them within their uncertainties.
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.form_factors.rows import constants, free_coefficients, with_first
from dineutrino.form_factors.values import BaryonFormFactors
from dineutrino.form_factors.z_map import polynomials, threshold, z
from dineutrino.inputs.form_factor_coefficients import FormFactorCoefficients

_NAMES = (
    "f_plus", "f_perp", "f_0", "g_plus", "g_perp", "g_0", "h_plus", "h_perp", "htilde_plus", "htilde_perp",
)  # fmt: skip
_CHANNELS = ("m_1-", "m_1-", "m_0+", "m_1+", "m_1+", "m_0-", "m_1-", "m_1-", "m_1+", "m_1+")
"""Of the resonances, in the order of the form factors."""


def baryon(q2: Float[Array, "..."], coefficients: FormFactorCoefficients) -> BaryonFormFactors:
    """Form factors of Lambda_b -> Lambda, with g_perp = g_plus and htilde_perp = htilde_plus at the end point.

    Args:
        q2: GeV^2, below (m_B + m_K)^2 and the resonances.
        coefficients: free coefficients a0, a1, ... of the ten form factors, without the a0 of g_perp and htilde_perp;
            constants m_Lambda_b, m_Lambda, m_B and m_K of the z-map, resonances m_1- (f_plus, f_perp, h_plus, h_perp),
            m_0+ (f_0), m_1+ (g_plus, g_perp, htilde_plus, htilde_perp) and m_0- (g_0).

    Raises:
        DineutrinoError: a coefficient or constant is missing or superfluous.
    """
    m_Lambda_b, m_Lambda, m_B, m_K = constants(coefficients, "m_Lambda_b", "m_Lambda", "m_B", "m_K")
    variable = z(q2, threshold(m_B, m_K), (m_Lambda_b - m_Lambda) ** 2)
    series = polynomials(_rows(coefficients), variable)
    return _with_poles(q2, [*series], constants(coefficients, *_CHANNELS))


def baryon_with_cuts_at_poles(q2: Float[Array, "..."], coefficients: FormFactorCoefficients) -> BaryonFormFactors:
    """Form factors of Lambda_b -> Lambda_c, with the same relations; the cut of a channel starts at its resonance.

    Args:
        q2: GeV^2, below the resonances.
        coefficients: as for `baryon`, with constants m_Lambda_b and m_Lambda_c of the z-map and the same resonances.

    Raises:
        DineutrinoError: a coefficient or constant is missing or superfluous.
    """
    m_Lambda_b, m_Lambda_c = constants(coefficients, "m_Lambda_b", "m_Lambda_c")
    poles = constants(coefficients, *_CHANNELS)
    variables = [z(q2, pole**2, (m_Lambda_b - m_Lambda_c) ** 2) for pole in poles]
    rows = _rows(coefficients)
    series = [polynomials(rows[i : i + 1], variable)[0] for i, variable in enumerate(variables)]
    return _with_poles(q2, series, poles)


def _rows(coefficients: FormFactorCoefficients) -> Float[Array, "10 order"]:
    """Coefficients of all form factors, those included that the relations at the end point fix."""
    f_plus, f_perp, f_0, g_plus, g_perp, g_0, h_plus, h_perp, htilde_plus, htilde_perp = free_coefficients(
        coefficients, _NAMES, constrained=("g_perp", "htilde_perp")
    )
    vector_axial = [f_plus, f_perp, f_0, g_plus, with_first(g_plus[0], g_perp), g_0]
    tensor = [h_plus, h_perp, htilde_plus, with_first(htilde_plus[0], htilde_perp)]
    return jnp.stack(vector_axial + tensor)


def _with_poles(
    q2: Float[Array, "..."], series: list[Float[Array, "..."]], poles: tuple[Float[Array, ""], ...]
) -> BaryonFormFactors:
    return BaryonFormFactors(*(part / (1 - q2 / pole**2) for part, pole in zip(series, poles, strict=True)))
