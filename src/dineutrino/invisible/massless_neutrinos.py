"""A pair of massless left-handed neutrinos."""

import jax.numpy as jnp

from dineutrino.invisible.spectrum import Currents, SpinOne


def massless_neutrinos() -> tuple[Currents, Currents]:
    """Spectral functions of (sbar gamma_mu P_X b)(nubar_alpha gamma^mu P_L nu_beta), per neutrino-flavour pair.

    Returns:
        Those that multiply |L_L + L_R|^2 and |L_L - L_R|^2: a left-handed neutrino current is half vector, half axial,
        so the quark vector current comes with (L_L + L_R)/4 and the axial one with (L_L - L_R)/4, each twice.
        Independent of q2; the interference of the two integrates to zero over the angles.
    """
    unit = SpinOne(vector=jnp.asarray(2 * (4 / 3) / 16))
    return Currents(vector=unit), Currents(axial=unit)
