"""Vector-like quarks that mix with those of the Standard Model through the Higgs doublet H: they move its currents.

Notation: arXiv:1711.10391; the list: arXiv:2404.06533, table B2. Left out are coefficients of the classes uH and dH,
which carry a Yukawa coupling more and change couplings of the Higgs boson alone. These quarks have nothing to do with
`VectorLikeQuarkDarkMatter`, whose quarks couple to a dark scalar.
"""

import math
from typing import ClassVar

import jax.numpy as jnp
from jaxtyping import Array, Complex

from dineutrino.models.mediators.couplings import Coupling, Vector
from dineutrino.models.mediators.mediator import Flavours2, Mass, Mediator, coefficients
from dineutrino.running.warsaw_classes import Warsaw

Families = Complex[Array, "3"]


def product(first: Families, second: Families) -> Flavours2:
    """first*_i second_j: the heavy quark turns light quark j into i."""
    return jnp.einsum("i,j->ij", first.conj(), second)


class VectorLikeQuark(Mediator):
    """What vector-like quarks have in common."""

    partial_width = 1 / (32 * math.pi)


class D(VectorLikeQuark):
    """D: - lambda_D_i (Dbar_R H^dagger q_i) + h.c."""

    name = "VLQ_D"
    symbol = "D"
    representation = "vector-like quark (3, 1, -1/3)"
    couplings: ClassVar[tuple[Coupling, ...]] = (Vector("lambda_D", r"\lambda_D", "-(Dbar H^dagger q)", "q", 2),)

    lambda_D: Families

    def match(self, mass: Mass) -> Warsaw:
        """C_Hq1 = C_Hq3."""
        c = product(self.lambda_D, self.lambda_D) / (4 * mass**2)
        return coefficients(Hq1=-c, Hq3=-c)


class T1(VectorLikeQuark):
    """T1: - lambda_T1_i (T1bar_R^a H^dagger (sigma_a/2) q_i) + h.c."""

    name = "VLQ_T1"
    symbol = "T_1"
    representation = "vector-like quark (3, 3, -1/3)"
    couplings: ClassVar[tuple[Coupling, ...]] = (
        Vector("lambda_T1", r"\lambda_{T_1}", "-(T1bar^a H^dagger sigma_a/2 q)", "q", 1 / 2),
    )

    lambda_T1: Families

    def match(self, mass: Mass) -> Warsaw:
        """C_Hq1 = -3 C_Hq3."""
        c = product(self.lambda_T1, self.lambda_T1) / (16 * mass**2)
        return coefficients(Hq1=-3 * c, Hq3=c)


class T2(VectorLikeQuark):
    """T2: - lambda_T2_i (T2bar_R^a Htilde^dagger (sigma_a/2) q_i) + h.c., Htilde = eps H*."""

    name = "VLQ_T2"
    symbol = "T_2"
    representation = "vector-like quark (3, 3, 2/3)"
    couplings: ClassVar[tuple[Coupling, ...]] = (
        Vector("lambda_T2", r"\lambda_{T_2}", "-(T2bar^a Htilde^dagger sigma_a/2 q)", "q", 1 / 2),
    )

    lambda_T2: Families

    def match(self, mass: Mass) -> Warsaw:
        """C_Hq1 = 3 C_Hq3."""
        c = product(self.lambda_T2, self.lambda_T2) / (16 * mass**2)
        return coefficients(Hq1=3 * c, Hq3=c)


class Q1(VectorLikeQuark):
    """Q1: - lambda_Q1d_i (Q1bar_L H d_i) - lambda_Q1u_i (Q1bar_L Htilde u_i) + h.c., Htilde = eps H*."""

    name = "VLQ_Q1"
    symbol = "Q_1"
    representation = "vector-like quark (3, 2, 1/6)"
    couplings: ClassVar[tuple[Coupling, ...]] = (
        Vector("lambda_Q1d", r"\lambda_{Q_1}^d", "-(Q1bar H d)", "d"),
        Vector("lambda_Q1u", r"\lambda_{Q_1}^u", "-(Q1bar Htilde u)", "u"),
    )

    lambda_Q1d: Families
    lambda_Q1u: Families

    def match(self, mass: Mass) -> Warsaw:
        """C_Hd, C_Hu, and the right-handed charged current C_Hud of both couplings."""
        m2 = mass**2
        return coefficients(
            Hd=product(self.lambda_Q1d, self.lambda_Q1d) / (2 * m2),
            Hu=-product(self.lambda_Q1u, self.lambda_Q1u) / (2 * m2),
            Hud=product(self.lambda_Q1u, self.lambda_Q1d) / m2,
        )


class Q5(VectorLikeQuark):
    """Q5: - lambda_Q5_i (Q5bar_L Htilde d_i) + h.c., Htilde = eps H*."""

    name = "VLQ_Q5"
    symbol = "Q_5"
    representation = "vector-like quark (3, 2, -5/6)"
    couplings: ClassVar[tuple[Coupling, ...]] = (Vector("lambda_Q5", r"\lambda_{Q_5}", "-(Q5bar Htilde d)", "d"),)

    lambda_Q5: Families

    def match(self, mass: Mass) -> Warsaw:
        """C_Hd."""
        return coefficients(Hd=-product(self.lambda_Q5, self.lambda_Q5) / (2 * mass**2))


VECTOR_LIKE_QUARKS: tuple[type[Mediator], ...] = (D, T1, T2, Q1, Q5)
