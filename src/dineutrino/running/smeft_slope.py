"""The one-loop renormalisation group of the thirty vector classes of SMEFT, in penguin form.

Sources: arXiv:1308.2627 (lambda), arXiv:1310.4838 (Yukawa couplings), arXiv:1312.2014 (gauge couplings); the Yukawa
matrices of those papers are the Hermitian conjugates of ours, their lambda is half of ours.
"""

import jax.numpy as jnp

from dineutrino.running.couplings import Couplings
from dineutrino.running.smeft_currents import bosonic, higgs_currents
from dineutrino.running.smeft_four_fermion import left_left, left_right, right_right
from dineutrino.running.smeft_parts import penguins, wave_functions, yukawas
from dineutrino.running.vector_classes import VectorClasses


def smeft_slope(c: VectorClasses, sm: Couplings) -> VectorClasses:
    """dC/dln(mu), linear in the coefficients; classes other than these thirty are taken to be zero."""
    y, loops = yukawas(sm), penguins(c)
    wave = wave_functions(c, y)
    g1, g2, g3, lambda_ = sm.g1**2, sm.g2**2, sm.g3**2, sm.lambda_
    parts = (
        bosonic(c, y, loops, g1, g2, lambda_)
        | higgs_currents(c, y, loops, g1, g2)
        | left_left(c, y, wave, loops, g1, g2, g3)
        | right_right(c, y, wave, loops, g1, g3)
        | left_right(c, y, wave, loops, g1, g3)
    )
    return VectorClasses(**{name: part / (16 * jnp.pi**2) for name, part in parts.items()})
