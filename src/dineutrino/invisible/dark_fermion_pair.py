"""A pair of dark fermions chi chibar of equal mass, Dirac or Majorana."""

from typing import ClassVar

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.invisible.fermion_pair import Couplings, fermion_pair
from dineutrino.invisible.operators import Coefficient, Operators, allowed_mass
from dineutrino.invisible.spectrum import Currents


class FermionOperators(Operators):
    """Coefficients of the operators with two fermions, GeV^-2.

    Attributes:
        S1: (sbar b)(chibar chi).
        S2: (sbar b)(chibar i gamma_5 chi).
        P1: (sbar gamma_5 b)(chibar chi).
        P2: (sbar gamma_5 b)(chibar i gamma_5 chi).
        V1: (sbar gamma^mu b)(chibar gamma_mu chi); vanishes for a Majorana field.
        V2: (sbar gamma^mu b)(chibar gamma_mu gamma_5 chi).
        A1: (sbar gamma^mu gamma_5 b)(chibar gamma_mu chi); vanishes for a Majorana field.
        A2: (sbar gamma^mu gamma_5 b)(chibar gamma_mu gamma_5 chi).
        T1: (sbar sigma^{mu nu} b)(chibar sigma_{mu nu} chi); vanishes for a Majorana field.
        T2: (sbar sigma^{mu nu} b)(chibar sigma_{mu nu} gamma_5 chi); vanishes for a Majorana field.

    Source: arXiv:2309.12741 eq. (19); P and A complete the list for the quark currents that eq. (19) leaves out.
    """

    particle: ClassVar[str] = "dark fermions"
    self_conjugate: ClassVar[str] = "a Majorana fermion"
    vanishing: ClassVar[tuple[str, ...]] = ("V1", "A1", "T1", "T2")
    real_seen: ClassVar[tuple[str, ...]] = ("S1", "S2", "T2")
    imaginary_seen: ClassVar[tuple[str, ...]] = ("V1", "V2", "T1")

    S1: Coefficient = None
    S2: Coefficient = None
    P1: Coefficient = None
    P2: Coefficient = None
    V1: Coefficient = None
    V2: Coefficient = None
    A1: Coefficient = None
    A2: Coefficient = None
    T1: Coefficient = None
    T2: Coefficient = None

    def couplings(self) -> Couplings:
        """The same in the notation of any fermion pair."""
        given = {
            "SS": self.S1,
            "SP": None if self.S2 is None else 1j * self.S2,
            "PS": self.P1,
            "PP": None if self.P2 is None else 1j * self.P2,
            "VV": self.V1,
            "VA": self.V2,
            "AV": self.A1,
            "AA": self.A2,
            "TT": self.T1,
            "TT5": self.T2,
        }
        return Couplings(**{name: jnp.asarray(value) for name, value in given.items() if value is not None})


def dark_fermion_pair(
    q2: Float[Array, "..."], m: Float[Array, ""] | float, g: FermionOperators, majorana: bool = False
) -> Currents:
    """Spectral functions of two fermions of equal mass.

    Args:
        q2: GeV^2, any shape; at and below the threshold 4 m^2 the result is zero.
        m: mass, GeV.
        g: coefficients.
        majorana: the field is Majorana, in the same operators without a factor 1/2.

    Returns:
        Currents with entries of shape (...), GeV^-4. NaN for a traced mass that is negative.

    Raises:
        DineutrinoError: for a mass that is negative or not finite, or an operator that vanishes for a Majorana field.
    """
    m = allowed_mass(m, "the fermion")
    count = g.count(majorana)
    return jax.tree.map(lambda entry: count * entry + 0 * m, fermion_pair(q2, m, m, g.couplings()))
