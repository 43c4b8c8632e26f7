"""Heavy scalars behind the operators of sterile neutrinos, integrated out at tree level: arXiv:2309.02940, section 5.

A scalar that couples as S O + h.c. leaves |O|^2/m^2; Fierz transformations turn it into the operators of `NuSMEFT`.
"""

from typing import ClassVar

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.nusmeft import NuSMEFT
from dineutrino.models.mediators.mediator import Flavours2, Mass, coefficients
from dineutrino.running.warsaw_classes import Warsaw

ToSteriles = Complex[Array, "3 n"]
"""Couplings of a family to the sterile neutrinos."""


class SterileS1(eqx.Module):
    """S1 (3bar, 1, 1/3): y_ia S1 (dbar^c_i N_a) + h.c., which leaves dN.

    Attributes:
        y: dimensionless.
    """

    representation: ClassVar[str] = "scalar leptoquark (3bar, 1, 1/3)"

    y: ToSteriles

    def match(self, mass: Mass) -> NuSMEFT:
        """dN_ijab = y*_ia y_jb/(2 m^2), GeV^-2 for a mass in GeV."""
        return _nothing(self.y.shape[1], dN=jnp.einsum("ia,jb->ijab", self.y.conj(), self.y) / (2 * mass**2))


class SterileR2t(eqx.Module):
    """R2~ (3, 2, 1/6): y_ia (Qbar_i R2~ N_a) + h.c., which leaves QN.

    Attributes:
        y: dimensionless.
    """

    representation: ClassVar[str] = "scalar leptoquark (3, 2, 1/6)"

    y: ToSteriles

    def match(self, mass: Mass) -> NuSMEFT:
        """QN_ijab = - y_ib y*_ja/(2 m^2), GeV^-2 for a mass in GeV."""
        return _nothing(self.y.shape[1], QN=-jnp.einsum("ib,ja->ijab", self.y, self.y.conj()) / (2 * mass**2))


class Eta(eqx.Module):
    """eta (1, 2, -1/2): y_N_la (Lbar_l eta N_a) + y_d_ij (Qbar_i eps eta* d_j) + h.c., which leaves LNQd.

    It leaves (Lbar gamma L)(Nbar gamma N) as well, on which no observable here depends, and four quarks.

    Attributes:
        y_N: dimensionless.
        y_d: likewise.
    """

    representation: ClassVar[str] = "scalar doublet (1, 2, -1/2)"

    y_N: ToSteriles
    y_d: Flavours2

    def match(self, mass: Mass) -> NuSMEFT:
        """LNQd_laij = - y_N_la y_d_ij/m^2, GeV^-2 for a mass in GeV."""
        return _nothing(self.y_N.shape[1], LNQd=-jnp.einsum("la,ij->laij", self.y_N, self.y_d) / mass**2)

    def four_quarks(self, mass: Mass) -> Warsaw:
        """C_qd8 = 6 C_qd1 = - y_d_pt y_d*_rs/m^2: B_s mixing needs y_d_23 and y_d_32."""
        c = -jnp.einsum("pt,rs->prst", self.y_d, self.y_d.conj()) / mass**2
        return coefficients(qd1=c / 6, qd8=c)


def heaviest(coefficient: Float[Array, ""] | float, fraction: float = 1.0) -> Float[Array, ""]:
    """The mass of a scalar with couplings of one behind a coefficient, fraction/m^2; in the unit of coefficient^(-1/2).

    Args:
        coefficient: its size.
        fraction: 1 of LNQd, 1/2 of QN and dN.
    """
    return jnp.sqrt(fraction / jnp.asarray(coefficient))


def _nothing(steriles: int, **given: Complex[Array, "..."]) -> NuSMEFT:
    """Of all operators only the given ones."""
    quarks = jnp.zeros((3, 3, steriles, steriles), complex)
    scalars = jnp.zeros((3, steriles, 3, 3), complex)
    return NuSMEFT(**({"QN": quarks, "dN": quarks, "LNQd": scalars, "LNQdT": scalars} | given))
