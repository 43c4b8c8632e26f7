"""The hadronic side of B -> P + invisible."""

from jaxtyping import Array, Float

from dineutrino.form_factors import PseudoscalarFormFactors
from dineutrino.hadronic.masses import Masses
from dineutrino.invisible import Currents, SpinOne, SpinZero
from dineutrino.numerics import kallen, sqrt_or_zero


def hadronic_currents(q2: Float[Array, "..."], form_factors: PseudoscalarFormFactors, masses: Masses) -> Currents:
    """Squared helicity amplitudes of <P|sbar Gamma b|B>, GeV^4.

    The vector current has f_plus in its spin-1 and f_0 in its spin-0 part, the tensor f_T, the scalar f_0.

    Args:
        q2: GeV^2, any shape.
        form_factors: at these q2.
        masses: of the mesons and of the quarks in the scalar current.

    Returns:
        The `vector` (1-) and `scalar` (0+) classes: parity forbids the others.

    Source: arXiv:2309.02940 sec. 3 and arXiv:1506.03970, normalised as in `dineutrino.invisible.spectrum`.
    """
    momentum2 = kallen(masses.B**2, masses.M**2, q2)
    difference = masses.B**2 - masses.M**2
    root_q2 = sqrt_or_zero(q2)
    f_plus, f_0, f_T = form_factors.f_plus, form_factors.f_0, form_factors.f_T / (masses.B + masses.M)
    f_scalar = f_0 / (masses.b_quark - masses.light_quark)
    return Currents(
        vector=SpinOne(
            vector=momentum2 * f_plus**2,
            tensor=q2 * momentum2 * f_T**2,
            interference=root_q2 * momentum2 * f_plus * f_T,
        ),
        scalar=SpinZero(
            vector=difference**2 * f_0**2,
            scalar=q2 * difference**2 * f_scalar**2,
            interference=root_q2 * difference**2 * f_0 * f_scalar,
        ),
    )
