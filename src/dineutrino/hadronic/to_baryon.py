"""The hadronic side of Lambda_b -> Lambda + invisible.

Spins are summed over for the Lambda and averaged over for the Lambda_b. In both classes of spin 1 the pair has a
longitudinal (f_plus, h_plus; g_plus, htilde_plus) and two transverse amplitudes (f_perp, h_perp; g_perp, htilde_perp).
Without polarisation the vector and axial currents do not interfere.

Source: helicity amplitudes of arXiv:1410.2115 sec. 3 with the form factors of arXiv:1111.1844, normalised as in
`dineutrino.invisible.spectrum`; checked against sums over Dirac spinors, tests/hadronic/test_brute_force_baryon.py.
"""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.form_factors import BaryonFormFactors
from dineutrino.hadronic.masses import Masses
from dineutrino.invisible import Currents, SpinOne, SpinZero
from dineutrino.numerics import sqrt_or_zero


def hadronic_currents(q2: Float[Array, "..."], form_factors: BaryonFormFactors, masses: Masses) -> Currents:
    """Squared helicity amplitudes of <Lambda|sbar Gamma b|Lambda_b>, GeV^4.

    Args:
        q2: GeV^2, any shape.
        form_factors: at these q2.
        masses: of the baryons (B is the Lambda_b, M the Lambda) and of the quarks in the scalar currents.

    Returns:
        All four classes.
    """
    longitudinal = longitudinal_currents(q2, form_factors, masses)
    transverse = transverse_currents(q2, form_factors, masses)
    return Currents(
        vector=jax.tree.map(jnp.add, longitudinal.vector, transverse.vector),
        axial=jax.tree.map(jnp.add, longitudinal.axial, transverse.axial),
        scalar=longitudinal.scalar,
        pseudoscalar=longitudinal.pseudoscalar,
    )


def longitudinal_currents(q2: Float[Array, "..."], form_factors: BaryonFormFactors, masses: Masses) -> Currents:
    """The part of `hadronic_currents` with a pair of helicity zero, that is what F_L counts, GeV^4."""
    ff, root_q2 = form_factors, sqrt_or_zero(q2)
    total, difference, s_plus, s_minus = _kinematics(q2, masses)
    f_scalar = ff.f_0 / (masses.b_quark - masses.light_quark)
    g_pseudoscalar = ff.g_0 / (masses.b_quark + masses.light_quark)
    return Currents(
        vector=SpinOne(
            vector=s_minus * total**2 * ff.f_plus**2,
            tensor=s_minus * q2 * ff.h_plus**2,
            interference=s_minus * root_q2 * total * ff.f_plus * ff.h_plus,
        ),
        axial=SpinOne(
            vector=s_plus * difference**2 * ff.g_plus**2,
            tensor=s_plus * q2 * ff.htilde_plus**2,
            interference=-s_plus * root_q2 * difference * ff.g_plus * ff.htilde_plus,
        ),
        scalar=SpinZero(
            vector=s_plus * difference**2 * ff.f_0**2,
            scalar=s_plus * q2 * difference**2 * f_scalar**2,
            interference=s_plus * root_q2 * difference**2 * ff.f_0 * f_scalar,
        ),
        pseudoscalar=SpinZero(
            vector=s_minus * total**2 * ff.g_0**2,
            scalar=s_minus * q2 * total**2 * g_pseudoscalar**2,
            interference=-s_minus * root_q2 * total**2 * ff.g_0 * g_pseudoscalar,
        ),
    )


def transverse_currents(q2: Float[Array, "..."], form_factors: BaryonFormFactors, masses: Masses) -> Currents:
    """The part of `hadronic_currents` with a pair of helicity +1 or -1, GeV^4."""
    ff, root_q2 = form_factors, sqrt_or_zero(q2)
    total, difference, s_plus, s_minus = _kinematics(q2, masses)
    return Currents(
        vector=SpinOne(
            vector=2 * s_minus * q2 * ff.f_perp**2,
            tensor=2 * s_minus * total**2 * ff.h_perp**2,
            interference=2 * s_minus * root_q2 * total * ff.f_perp * ff.h_perp,
        ),
        axial=SpinOne(
            vector=2 * s_plus * q2 * ff.g_perp**2,
            tensor=2 * s_plus * difference**2 * ff.htilde_perp**2,
            interference=-2 * s_plus * root_q2 * difference * ff.g_perp * ff.htilde_perp,
        ),
    )


def _kinematics(
    q2: Float[Array, "..."], masses: Masses
) -> tuple[Float[Array, ""], Float[Array, ""], Float[Array, "..."], Float[Array, "..."]]:
    """M + m, M - m, s_+ = (M + m)^2 - q2 and s_- = (M - m)^2 - q2 of the baryons."""
    total, difference = masses.B + masses.M, masses.B - masses.M
    return total, difference, total**2 - q2, difference**2 - q2
