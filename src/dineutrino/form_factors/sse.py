"""The z-expansion of Detmold and Meinel for Lambda_b -> Lambda (arXiv:1602.01399), a simplified series expansion.

    F(q2) = 1/(1 - q2/m_R^2) sum_k a_k z(q2)^k

with m_R the lowest resonance of the channel, z around the end point t_0 = (m_Lambda_b - m_Lambda)^2, and the cut that
starts at t_+ = (m_B + m_K)^2. At q2 = t_0 the series is its a0, so that the exact relations g_perp = g_plus and
htilde_perp = htilde_plus there are relations between a0. Those at q2 = 0 (f_0 = f_plus, g_0 = g_plus) are not imposed:
the fit obeys them within its uncertainties.
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
    f_plus, f_perp, f_0, g_plus, g_perp, g_0, h_plus, h_perp, htilde_plus, htilde_perp = free_coefficients(
        coefficients, _NAMES, constrained=("g_perp", "htilde_perp")
    )
    m_Lambda_b, m_Lambda, m_B, m_K = constants(coefficients, "m_Lambda_b", "m_Lambda", "m_B", "m_K")
    vector_axial = [f_plus, f_perp, f_0, g_plus, with_first(g_plus[0], g_perp), g_0]
    tensor = [h_plus, h_perp, htilde_plus, with_first(htilde_plus[0], htilde_perp)]
    variable = z(q2, threshold(m_B, m_K), (m_Lambda_b - m_Lambda) ** 2)
    series = dict(zip(_NAMES, polynomials(jnp.stack(vector_axial + tensor), variable), strict=True))
    m_vector, m_scalar, m_axial, m_pseudoscalar = constants(coefficients, "m_1-", "m_0+", "m_1+", "m_0-")
    resonance = dict.fromkeys(("f_plus", "f_perp", "h_plus", "h_perp"), m_vector)
    resonance |= dict.fromkeys(("g_plus", "g_perp", "htilde_plus", "htilde_perp"), m_axial)
    resonance |= {"f_0": m_scalar, "g_0": m_pseudoscalar}
    return BaryonFormFactors(**{name: series[name] / (1 - q2 / resonance[name] ** 2) for name in _NAMES})
