"""The hadronic side of B -> V + invisible."""

import equinox as eqx
from jaxtyping import Array, Float

from dineutrino.form_factors import VectorFormFactors
from dineutrino.invisible import Currents, SpinOne, SpinZero
from dineutrino.numerics import kallen, sqrt_or_zero
from dineutrino.observables.masses import Masses


class Polarised(eqx.Module):
    """Squared helicity amplitudes of <V|sbar Gamma b|B>, GeV^4, by polarisation of the vector meson."""

    transverse: Currents
    longitudinal: Currents

    def summed(self) -> Currents:
        """Both polarisations together."""
        a, b = self.transverse.axial, self.longitudinal.axial
        return Currents(
            vector=self.transverse.vector,
            axial=SpinOne(a.vector + b.vector, a.tensor + b.tensor, a.interference + b.interference),
            pseudoscalar=self.longitudinal.pseudoscalar,
        )


def hadronic_currents(q2: Float[Array, "..."], form_factors: VectorFormFactors, masses: Masses) -> Polarised:
    """Squared helicity amplitudes of <V|sbar Gamma b|B>.

    The perpendicular amplitude has V and T_1, the parallel one A_1 and T_2, the longitudinal one A_12 and T_23, the
    timelike one A_0. The signs of the interferences follow sigma^{mu nu} gamma_5 = -(i/2) eps^{mu nu rho sigma}
    sigma_{rho sigma} with eps^{0123} = -1.

    Args:
        q2: GeV^2, any shape.
        form_factors: at these q2.
        masses: of the mesons and of the quarks in the pseudoscalar current.

    Source: arXiv:2309.02940 sec. 3, helicity amplitudes of arXiv:1506.03970, normalised as `dineutrino.invisible.spectrum`.
    """
    ff = form_factors
    momentum2 = kallen(masses.B**2, masses.M**2, q2)
    difference = masses.B**2 - masses.M**2
    total = masses.B + masses.M
    root_q2 = sqrt_or_zero(q2)
    V, A_1, T_23 = ff.V / total, total * ff.A_1, ff.T_23 / total
    A_12, T_2 = masses.B * masses.M * ff.A_12, difference * ff.T_2
    m_BM = masses.B * masses.M
    A_P = ff.A_0 / (masses.b_quark + masses.s_quark)
    return Polarised(
        transverse=Currents(
            vector=SpinOne(
                vector=2 * q2 * momentum2 * V**2,
                tensor=2 * momentum2 * ff.T_1**2,
                interference=2 * root_q2 * momentum2 * V * ff.T_1,
            ),
            axial=SpinOne(
                vector=2 * q2 * A_1**2,
                tensor=2 * T_2**2,
                interference=-2 * root_q2 * A_1 * T_2,
            ),
        ),
        longitudinal=Currents(
            axial=SpinOne(
                vector=64 * A_12**2,
                tensor=16 * q2 * (m_BM * T_23) ** 2,
                interference=-32 * root_q2 * A_12 * m_BM * T_23,
            ),
            pseudoscalar=SpinZero(
                vector=momentum2 * ff.A_0**2,
                scalar=q2 * momentum2 * A_P**2,
                interference=-root_q2 * momentum2 * ff.A_0 * A_P,
            ),
        ),
    )
