"""Any heavy field behind left-handed quarks and tau leptons, by the ratio kappa of its two coefficients."""

from typing import ClassVar

import jax.numpy as jnp
from jaxtyping import Array, Complex

from dineutrino.models.mediators.couplings import Coupling, Hermitian, Single
from dineutrino.models.mediators.mediator import Flavours2, Mass, Mediator, coefficients
from dineutrino.running.warsaw_classes import Warsaw


class Kappa(Mediator):
    """C_lq3 = C3_ij/m^2 and C_lq1 = kappa C3_ij/m^2 of tau leptons: kappa says which field it could be.

    It is 0 for V', 1 for U1, -3 for U3, 3 for S3 and -1 for S1. What else such a field makes is left out.

    Source: arXiv:2404.06533 for the fields; A. de Giorgi and G. Piazza, A lesson from R_tautau and
    R_nunu at Belle II (2022), table I and eqs. (3.2) and (4.4).
    """

    name = "Kappa"
    symbol = r"\kappa"
    representation = "heavy field behind C_lq1 = kappa C_lq3"
    couplings: ClassVar[tuple[Coupling, ...]] = (
        Single("kappa", r"\kappa", "C_lq1/C_lq3"),
        Hermitian("C3", "C_3", "(qbar gamma_mu sigma_a q) (lbar_3 gamma^mu sigma_a l_3)/m^2", "qbar q"),
    )

    kappa: Complex[Array, ""]
    C3: Flavours2

    def match(self, mass: Mass) -> Warsaw:
        """C_lq3 and C_lq1."""
        lq3 = jnp.zeros((3, 3, 3, 3), complex).at[2, 2].set(self.C3 / mass**2)
        return coefficients(lq3=lq3, lq1=self.kappa * lq3)


EFFECTIVE: tuple[type[Mediator], ...] = (Kappa,)
"""Fields that stand for any that makes the same coefficients."""
