"""A pair of scalars phi phi^dagger of equal mass."""

from typing import ClassVar

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.invisible.operators import Coefficient, Operators, allowed_mass, velocity
from dineutrino.invisible.spectrum import Currents, SpinOne, SpinZero
from dineutrino.numerics import abs2


class ScalarOperators(Operators):
    """Coefficients of the operators with two scalars.

    Attributes:
        S: (sbar b)(phi^dagger phi), GeV^-1.
        P: (sbar gamma_5 b)(phi^dagger phi), GeV^-1.
        V: (sbar gamma^mu b)(phi^dagger i d<->_mu phi), GeV^-2; vanishes for a real field.
        A: (sbar gamma^mu gamma_5 b)(phi^dagger i d<->_mu phi), GeV^-2; vanishes for a real field.

    d<-> acts to the right minus to the left. Source: arXiv:2309.12741 eq. (18) for S and V.
    """

    particle: ClassVar[str] = "scalars"
    self_conjugate: ClassVar[str] = "a real scalar"
    vanishing: ClassVar[tuple[str, ...]] = ("V", "A")
    real_seen: ClassVar[tuple[str, ...]] = ("S",)
    imaginary_seen: ClassVar[tuple[str, ...]] = ("V",)

    S: Coefficient = None
    P: Coefficient = None
    V: Coefficient = None
    A: Coefficient = None


def scalar_pair(
    q2: Float[Array, "..."], m: Float[Array, ""] | float, g: ScalarOperators, real: bool = False
) -> Currents:
    """Spectral functions of two scalars: the scalar current makes them in an S wave, the vector current in a P wave.

    phi^dagger phi has the amplitude 1, phi^dagger i d<->_mu phi the amplitude (p_1 - p_2)_mu, which is as long as
    sqrt(q2) times the velocity and orthogonal to q: no part of it has spin zero.

    Args:
        q2: GeV^2, any shape; at and below the threshold 4 m^2 the result is zero.
        m: mass, GeV.
        g: coefficients.
        real: the field is real, the particles are identical, and the operators are written with phi for phi^dagger.

    Returns:
        Currents with entries of shape (...), GeV^-4. For m = 0 the scalar entry grows like 1/q2, which the hadronic
        side cancels; at the pole itself, q2 = 0, it is some finite number, and rates take their limit from q2 > 0.

    Raises:
        DineutrinoError: for a mass that is negative or not finite, or an operator that vanishes for a real field.

    Source: arXiv:2309.12741 eq. (18).
    """
    v, s = velocity(q2, allowed_mass(m, "the scalar"))
    count = g.count(real)

    def s_wave(c: Coefficient) -> SpinZero | None:
        return None if c is None else SpinZero(scalar=count * abs2(jnp.asarray(c, complex)) * v / s)

    def p_wave(c: Coefficient) -> SpinOne | None:
        return None if c is None else SpinOne(vector=count * abs2(jnp.asarray(c, complex)) * v**3 / 3)

    return Currents(vector=p_wave(g.V), axial=p_wave(g.A), scalar=s_wave(g.S), pseudoscalar=s_wave(g.P))
