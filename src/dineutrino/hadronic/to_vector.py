"""The hadronic side of B -> V + invisible."""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.form_factors import VectorFormFactors
from dineutrino.hadronic.masses import Masses
from dineutrino.invisible import Currents, SpinOne, SpinZero
from dineutrino.numerics import kallen, sqrt_or_zero


class Polarised(eqx.Module):
    """Squared helicity amplitudes of <V|sbar Gamma b|B>, GeV^4, by polarisation of the vector meson."""

    perpendicular: SpinOne
    parallel: SpinOne
    longitudinal: SpinOne
    timelike: SpinZero

    def summed(self) -> Currents:
        """All polarisations together."""
        axial = jax.tree.map(jnp.add, self.parallel, self.longitudinal)
        return Currents(vector=self.perpendicular, axial=axial, pseudoscalar=self.timelike)

    def longitudinally_polarised(self) -> Currents:
        """Only the amplitudes that F_L counts."""
        return Currents(axial=self.longitudinal, pseudoscalar=self.timelike)


def hadronic_currents(q2: Float[Array, "..."], form_factors: VectorFormFactors, masses: Masses) -> Polarised:
    """Squared helicity amplitudes of <V|sbar Gamma b|B>.

    The perpendicular amplitude has V and T_1, the parallel one A_1 and T_2, the longitudinal one A_12 and T_23, the
    timelike one A_0. The signs of the interferences follow sigma^{mu nu} gamma_5 = -(i/2) eps^{mu nu rho sigma}
    sigma_{rho sigma} with eps^{0123} = -1.

    Args:
        q2: GeV^2, any shape.
        form_factors: at these q2.
        masses: of the mesons and of the quarks in the pseudoscalar current.

    Source: arXiv:2309.02940 sec. 3 and arXiv:1506.03970, normalised as in `dineutrino.invisible.spectrum`.
    """
    ff = form_factors
    momentum2 = kallen(masses.B**2, masses.M**2, q2)
    difference = masses.B**2 - masses.M**2
    total = masses.B + masses.M
    root_q2 = sqrt_or_zero(q2)
    V, A_1, A_12 = ff.V / total, total * ff.A_1, masses.B * masses.M * ff.A_12
    T_2, T_23 = difference * ff.T_2, masses.B * masses.M * ff.T_23 / total
    A_P = ff.A_0 / (masses.b_quark + masses.light_quark)
    return Polarised(
        perpendicular=SpinOne(
            vector=2 * q2 * momentum2 * V**2,
            tensor=2 * momentum2 * ff.T_1**2,
            interference=2 * root_q2 * momentum2 * V * ff.T_1,
        ),
        parallel=SpinOne(
            vector=2 * q2 * A_1**2,
            tensor=2 * T_2**2,
            interference=-2 * root_q2 * A_1 * T_2,
        ),
        longitudinal=SpinOne(
            vector=64 * A_12**2,
            tensor=16 * q2 * T_23**2,
            interference=-32 * root_q2 * A_12 * T_23,
        ),
        timelike=SpinZero(
            vector=momentum2 * ff.A_0**2,
            scalar=q2 * momentum2 * A_P**2,
            interference=-root_q2 * momentum2 * ff.A_0 * A_P,
        ),
    )
