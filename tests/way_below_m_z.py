"""From m_Z to 4.8 GeV with the masses and the alpha_s of wilson 2.5.2."""

import jax.numpy as jnp

from dineutrino.running.jms import Stretch
from dineutrino.running.jms_dipoles import Masses

HIGH, LOW = 0.1185, 0.217149208
ALPHA_EM = 1 / 127.9
MASSES = Masses(
    jnp.asarray([0.00126523684, 0.63524664170]),
    jnp.asarray([0.00270300598, 0.05463522719, 2.85746200164]),
    jnp.asarray([0.0005109989461, 0.1056583745, 1.77686]),
)
MASS_FACTOR = 4.0764943003304746 / 2.857462001636422
STRETCH = Stretch(jnp.asarray(HIGH), jnp.asarray(LOW), jnp.asarray(MASS_FACTOR), MASSES, 5)
