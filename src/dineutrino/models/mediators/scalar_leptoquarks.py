"""Scalar leptoquarks: L = S O + h.c. - m^2 |S|^2 becomes |O|^2 / m^2, and a Fierz transformation does the rest.

Notation: arXiv:1603.04993, arXiv:2207.10714; results: arXiv:1711.10391, with S1 = omega_1, S1t = omega_4, R2 = Pi_7,
R2t = Pi_1, S3 = zeta. Couplings to two quarks, which would make protons decay, are absent.
"""

import math
from typing import ClassVar

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.models.mediators.couplings import Coupling, Matrix
from dineutrino.models.mediators.mediator import Flavours2, Flavours4, Mass, Mediator, coefficients
from dineutrino.models.mediators.unitarity import scalar_leptoquark
from dineutrino.running.warsaw_classes import Warsaw


def annihilating(left: Flavours2, right: Flavours2) -> Flavours4:
    """left*_ia right_jb in the order (a, b, i, j): the field couples to a quark and a lepton that it annihilates."""
    return jnp.einsum("ia,jb->abij", left.conj(), right)


def turning(left: Flavours2, right: Flavours2) -> Flavours4:
    """left_ib right*_ja in the order (a, b, i, j): the field turns a lepton into a quark."""
    return jnp.einsum("ib,ja->abij", left, right.conj())


def box(pairs: Flavours2) -> Flavours4:
    """Lambda_il Lambda_kj in the order (i, j, k, l), of two lepton lines that turn quarks j to k and l to i.

    Colour flows along the leptoquarks instead, so that the Fierz transformation to colour singlets crosses flavours.
    """
    return jnp.einsum("il,kj->ijkl", pairs, pairs)


class ScalarLeptoquark(Mediator):
    """What scalar leptoquarks have in common.

    Attributes:
        states: number of colours and isospins.
    """

    states: ClassVar[int] = 3
    partial_width = 1 / (16 * math.pi)

    def partial_wave(self) -> Float[Array, ""]:
        """Of pairs of leptoquarks, leptons and quarks; see `unitarity`."""
        return scalar_leptoquark(self.couplings, self.arrays(), self.states)


class S1(ScalarLeptoquark):
    """S1: y1L_ij S1 (qbar^c_i eps l_j) + y1R_ij S1 (ubar^c_i e_j) + h.c.

    The lambda_i of arXiv:2404.06533, table 2, is the complex conjugate of y1L_i3.
    """

    name = "S1"
    symbol = "S_1"
    representation = "scalar leptoquark (3bar, 1, 1/3)"
    couplings: ClassVar[tuple[Coupling, ...]] = (
        Matrix("y1L", "y_1^L", "S1 (qbar^c eps l)", "q l", 2),
        Matrix("y1R", "y_1^R", "S1 (ubar^c e)", "u e"),
    )

    y1L: Flavours2
    y1R: Flavours2

    def match(self, mass: Mass) -> Warsaw:
        """C_lq1 = -C_lq3, C_eu, and C_lequ1 = -4 C_lequ3 of both couplings."""
        left, right = annihilating(self.y1L, self.y1L), annihilating(self.y1R, self.y1R)
        both = annihilating(self.y1L, self.y1R)
        m2 = mass**2
        return coefficients(
            lq1=left / (4 * m2),
            lq3=-left / (4 * m2),
            eu=right / (2 * m2),
            lequ1=both / (2 * m2),
            lequ3=-both / (8 * m2),
        )

    def mixing(self, mass: Mass) -> Warsaw:
        """Box diagrams with y1L, arXiv:2404.06533, eq. (A26), for all lepton flavours."""
        c = -box(self.y1L.conj() @ self.y1L.T) / (256 * jnp.pi**2 * mass**2)
        return coefficients(qq1=c, qq3=c)


class S1t(ScalarLeptoquark):
    """S1~: y1Rt_ij S1~ (dbar^c_i e_j) + h.c."""

    name = "S1t"
    symbol = r"\tilde S_1"
    representation = "scalar leptoquark (3bar, 1, 4/3)"
    couplings: ClassVar[tuple[Coupling, ...]] = (Matrix("y1Rt", r"\tilde y_1^R", "S1~ (dbar^c e)", "d e"),)

    y1Rt: Flavours2

    def match(self, mass: Mass) -> Warsaw:
        """C_ed."""
        return coefficients(ed=annihilating(self.y1Rt, self.y1Rt) / (2 * mass**2))


class S3(ScalarLeptoquark):
    """S3: y3L_ij (qbar^c_i eps sigma_a l_j) S3^a + h.c.

    The lambda_i of arXiv:2404.06533, table 2, is the complex conjugate of y3L_i3.
    """

    name = "S3"
    states = 9
    symbol = "S_3"
    representation = "scalar leptoquark (3bar, 3, 1/3)"
    couplings: ClassVar[tuple[Coupling, ...]] = (Matrix("y3L", "y_3^L", "S3^a (qbar^c eps sigma_a l)", "q l", 2),)

    y3L: Flavours2

    def match(self, mass: Mass) -> Warsaw:
        """C_lq1 = 3 C_lq3."""
        c = annihilating(self.y3L, self.y3L) / (4 * mass**2)
        return coefficients(lq1=3 * c, lq3=c)

    def mixing(self, mass: Mass) -> Warsaw:
        """Box diagrams, arXiv:2404.06533, eq. (A27), for all lepton flavours."""
        c = -box(self.y3L.conj() @ self.y3L.T) / (256 * jnp.pi**2 * mass**2)
        return coefficients(qq1=9 * c, qq3=c)


class R2(ScalarLeptoquark):
    """R2: - y2L_ij (ubar_i R2 eps l_j) + y2R_ij (qbar_i e_j R2) + h.c."""

    name = "R2"
    states = 6
    symbol = "R_2"
    representation = "scalar leptoquark (3, 2, 7/6)"
    couplings: ClassVar[tuple[Coupling, ...]] = (
        Matrix("y2L", "y_2^L", "-(ubar R2 eps l)", "ubar l"),
        Matrix("y2R", "y_2^R", "(qbar e R2)", "qbar e"),
    )

    y2L: Flavours2
    y2R: Flavours2

    def match(self, mass: Mass) -> Warsaw:
        """C_lu, C_qe, and C_lequ1 = 4 C_lequ3 of both couplings."""
        m2 = mass**2
        right = turning(self.y2R, self.y2R).transpose(2, 3, 0, 1)
        both = jnp.einsum("ib,ja->abij", self.y2R, self.y2L.conj())
        return coefficients(
            lu=-turning(self.y2L, self.y2L) / (2 * m2),
            qe=-right / (2 * m2),
            lequ1=-both / (2 * m2),
            lequ3=-both / (8 * m2),
        )


class R2t(ScalarLeptoquark):
    """R2~: - y2Lt_ij (dbar_i R2~ eps l_j) + h.c.

    The lambda_i of arXiv:2404.06533, table 2, is y2Lt_i3 up to a sign that nothing depends on.
    """

    name = "R2t"
    states = 6
    symbol = r"\tilde R_2"
    representation = "scalar leptoquark (3, 2, 1/6)"
    couplings: ClassVar[tuple[Coupling, ...]] = (Matrix("y2Lt", r"\tilde y_2^L", "-(dbar R2~ eps l)", "dbar l"),)

    y2Lt: Flavours2

    def match(self, mass: Mass) -> Warsaw:
        """C_ld, negative for equal flavours."""
        return coefficients(ld=-turning(self.y2Lt, self.y2Lt) / (2 * mass**2))

    def mixing(self, mass: Mass) -> Warsaw:
        """Box diagrams, arXiv:2404.06533, appendix A.5, for all lepton flavours."""
        return coefficients(dd=-box(self.y2Lt @ self.y2Lt.conj().T) / (64 * jnp.pi**2 * mass**2))


SCALAR_LEPTOQUARKS: tuple[type[Mediator], ...] = (S1, S1t, S3, R2, R2t)
