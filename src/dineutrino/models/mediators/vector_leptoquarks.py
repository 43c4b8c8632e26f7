"""Vector leptoquarks: L = V^mu O_mu + h.c. + m^2 |V|^2 becomes -|O|^2 / m^2, and a Fierz transformation does the rest.

Notation: arXiv:1603.04993, arXiv:2207.10714; results: arXiv:1711.10391, with U1 = U_2, U3 = X, V2 = Q_5, V2t = Q_1
there. Couplings to two quarks, which would make protons decay, are absent.
"""

import math
from typing import ClassVar

import jax.numpy as jnp

from dineutrino.models.mediators.couplings import Coupling, Matrix
from dineutrino.models.mediators.mediator import Flavours2, Mass, Mediator, coefficients
from dineutrino.models.mediators.scalar_leptoquarks import annihilating, box, turning
from dineutrino.running.warsaw_classes import Warsaw


class VectorLeptoquark(Mediator):
    """What vector leptoquarks have in common. Their partial waves depend on what gives them their mass."""

    partial_width = 1 / (24 * math.pi)


class U1(VectorLeptoquark):
    """U1: x1L_ij (qbar_i gamma_mu l_j) U1^mu + x1R_ij (dbar_i gamma_mu e_j) U1^mu + h.c."""

    name = "U1"
    symbol = "U_1"
    representation = "vector leptoquark (3, 1, 2/3)"
    couplings: ClassVar[tuple[Coupling, ...]] = (
        Matrix("x1L", "x_1^L", "U1^mu (qbar gamma_mu l)", "qbar l", 2),
        Matrix("x1R", "x_1^R", "U1^mu (dbar gamma_mu e)", "dbar e"),
    )

    x1L: Flavours2
    x1R: Flavours2

    def match(self, mass: Mass) -> Warsaw:
        """C_lq1 = C_lq3, C_ed, and C_ledq of both couplings."""
        m2 = mass**2
        left, right = turning(self.x1L, self.x1L), turning(self.x1R, self.x1R)
        both = jnp.einsum("ib,ja->abij", self.x1R, self.x1L.conj())
        return coefficients(lq1=-left / (2 * m2), lq3=-left / (2 * m2), ed=-right / m2, ledq=2 * both / m2)


class U3(VectorLeptoquark):
    """U3: x3L_ij (qbar_i gamma_mu sigma_a l_j) U3^a mu + h.c.

    The lambda_i of arXiv:2404.06533, table 2, is x3L_i3; the coefficient C printed there, -|lambda|^2/(2 m^2), belongs
    to currents with sigma_a/2.
    """

    name = "U3"
    symbol = "U_3"
    representation = "vector leptoquark (3, 3, 2/3)"
    couplings: ClassVar[tuple[Coupling, ...]] = (
        Matrix("x3L", "x_3^L", "U3^a,mu (qbar gamma_mu sigma_a l)", "qbar l", 2),
    )

    x3L: Flavours2

    def match(self, mass: Mass) -> Warsaw:
        """C_lq1 = -3 C_lq3."""
        c = turning(self.x3L, self.x3L) / (2 * mass**2)
        return coefficients(lq1=-3 * c, lq3=c)

    def mixing(self, mass: Mass) -> Warsaw:
        """An estimate: the finite part of the box diagrams, from g_mu,nu of the propagator alone.

        Source: arXiv:2404.06533, eq. (A28).
        """
        c = -box(self.x3L @ self.x3L.conj().T) / (64 * jnp.pi**2 * mass**2)
        return coefficients(qq1=9 * c, qq3=c)


class V2(VectorLeptoquark):
    """V2: x2L_ij (dbar^c_i gamma_mu V2^mu eps l_j) + x2R_ij (qbar^c_i eps gamma_mu V2^mu e_j) + h.c.

    The lambda_i of arXiv:2404.06533, table 2, is the complex conjugate of x2L_i3.
    """

    name = "V2"
    symbol = "V_2"
    representation = "vector leptoquark (3bar, 2, 5/6)"
    couplings: ClassVar[tuple[Coupling, ...]] = (
        Matrix("x2L", "x_2^L", "(dbar^c gamma_mu V2^mu eps l)", "d l"),
        Matrix("x2R", "x_2^R", "(qbar^c eps gamma_mu V2^mu e)", "q e"),
    )

    x2L: Flavours2
    x2R: Flavours2

    def match(self, mass: Mass) -> Warsaw:
        """C_ld, C_qe, and C_ledq of both couplings."""
        m2 = mass**2
        right = annihilating(self.x2R, self.x2R).transpose(2, 3, 0, 1)
        both = annihilating(self.x2L, self.x2R)
        return coefficients(ld=annihilating(self.x2L, self.x2L) / m2, qe=right / m2, ledq=-2 * both / m2)

    def mixing(self, mass: Mass) -> Warsaw:
        """An estimate, as for U3, with x2L: arXiv:2404.06533, eq. (A28)."""
        return coefficients(dd=-box(self.x2L.conj() @ self.x2L.T) / (16 * jnp.pi**2 * mass**2))


class V2t(VectorLeptoquark):
    """V2~: x2Lt_ij (ubar^c_i gamma_mu V2~^mu eps l_j) + h.c."""

    name = "V2t"
    symbol = r"\tilde V_2"
    representation = "vector leptoquark (3bar, 2, -1/6)"
    couplings: ClassVar[tuple[Coupling, ...]] = (
        Matrix("x2Lt", r"\tilde x_2^L", "(ubar^c gamma_mu V2~^mu eps l)", "u l"),
    )

    x2Lt: Flavours2

    def match(self, mass: Mass) -> Warsaw:
        """C_lu."""
        return coefficients(lu=annihilating(self.x2Lt, self.x2Lt) / mass**2)


VECTOR_LEPTOQUARKS: tuple[type[Mediator], ...] = (U1, U3, V2, V2t)
