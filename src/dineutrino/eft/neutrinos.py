"""Vector currents of massless neutrinos and down quarks: C_L and C_R with their WCxf names, and the Lagrangian."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex

from dineutrino.eft.names.parts import whole
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import SB, Inputs, Quarks, normalisation

FLAVOURS = ("e", "mu", "tau")


@lru_cache
def _index(quarks: Quarks = SB) -> dict[str, tuple[int, int, int]]:
    """Name -> (chirality, alpha, beta). In names, as for the quarks, the barred field comes second."""
    pairs = list(product(enumerate(FLAVOURS), repeat=2))
    its = quarks.name[::-1]
    return {f"C{X}_{its}nu{b}nu{a}": (x, i, j) for x, X in enumerate("LR") for (j, b), (i, a) in pairs}


def names(quarks: Quarks = SB) -> tuple[str, ...]:
    """The eighteen names of a transition, CL_bsnuenue ... CR_bsnutaunutau; each stands for a complex number.

    CL_bsnuenumu multiplies (sbar gamma P_L b)(nubar_mu gamma (1 - gamma_5) nu_e): index (mu, e). Those of b -> d are
    CL_bdnuenue ..., those of s -> d CL_sdnuenue ...
    """
    return tuple(_index(quarks))


class NeutrinoCoefficients(eqx.Module):
    """New-physics coefficients of one transition; the Standard Model is added by the observables.

    For b -> s, H = -(4 G_F/sqrt2) V_tb V_ts^* (alpha/4pi) sum C_X^{alpha beta} O_X^{alpha beta},
    O_X = (sbar gamma_mu P_X b)(nubar_alpha gamma^mu (1 - gamma_5) nu_beta). The vector currents do not run in QCD.

    Attributes:
        C_L: left-handed quarks, dimensionless, index (alpha, beta) in the order e, mu, tau.
        C_R: right-handed quarks.

    Source: WCxf WET flavio basis (arXiv:1712.05298); marzocca2024 (arXiv:2404.06533) eq. (A1).
    """

    C_L: Complex[Array, "*batch 3 3"]
    C_R: Complex[Array, "*batch 3 3"]

    def __check_init__(self) -> None:
        _check_flavours(C_L=self.C_L, C_R=self.C_R)

    @classmethod
    def zero(cls) -> "NeutrinoCoefficients":
        """The Standard Model."""
        return cls(jnp.zeros((3, 3), complex), jnp.zeros((3, 3), complex))

    @classmethod
    def from_mapping(cls, coefficients: Mapping[str, complex], quarks: Quarks = SB) -> "NeutrinoCoefficients":
        """From names and values, {"CL_bsnuenue": 1-2j} or {"Re CL_bsnuenue": 1, ...}; absent coefficients are zero.

        Raises:
            DineutrinoError: for an unknown name or a value that is not finite.
        """
        values = np.zeros((2, 3, 3), complex)
        for name, value in whole(coefficients).items():
            if name not in _index(quarks):
                raise unknown("Wilson coefficient", name, names(quarks))
            values[_index(quarks)[name]] = value
        return cls(jnp.asarray(values[0]), jnp.asarray(values[1]))

    def to_mapping(self, quarks: Quarks = SB) -> dict[str, complex]:
        """Names and values of the coefficients that are not zero."""
        values = np.stack([self.C_L, self.C_R])
        return {name: complex(values[index]) for name, index in _index(quarks).items() if values[index] != 0}


class NuNu(eqx.Module):
    """Vector currents of massless neutrinos for one transition, without the normalisation to CKM elements.

    For b -> s the Lagrangian contains left^{alpha beta} (sbar gamma_mu P_L b)(nubar_alpha gamma^mu P_L nu_beta) and
    the same with P_R on the quarks for `right`.

    Attributes:
        left: of left-handed quarks, GeV^-2.
        right: of right-handed quarks, GeV^-2.
    """

    left: Complex[Array, "*batch 3 3"]
    right: Complex[Array, "*batch 3 3"]

    def __check_init__(self) -> None:
        _check_flavours(left=self.left, right=self.right)

    @classmethod
    def zero(cls) -> "NuNu":
        """No new physics."""
        return cls(jnp.zeros((3, 3), complex), jnp.zeros((3, 3), complex))


def _check_flavours(**matrices: object) -> None:
    """Refuse what is not a matrix in the neutrino flavours, or several of them."""
    for name, matrix in matrices.items():
        shape = getattr(matrix, "shape", ())
        if shape[-2:] != (3, 3):
            raise DineutrinoError(
                f"{name} must have the shape (3, 3), neutrino flavours e, mu, tau, or (points, 3, 3), not {shape}; "
                "NeutrinoCoefficients.from_mapping takes coefficients by name."
            )


def unit(name: str, quarks: Quarks = SB) -> tuple[NeutrinoCoefficients, NeutrinoCoefficients]:
    """The coefficient `name` set to 1 and to i: the directions of its real and of its imaginary part."""
    real, imaginary = (NeutrinoCoefficients.from_mapping({name: x}, quarks) for x in (1, 1j))
    return real, imaginary


def to_lagrangian(
    coefficients: NeutrinoCoefficients, inputs: Inputs, quarks: Quarks = SB
) -> tuple[Complex[Array, "3 3"], Complex[Array, "3 3"]]:
    """L_L, L_R in GeV^-2: L contains L_X^{alpha beta} (sbar gamma_mu P_X b)(nubar_alpha gamma^mu P_L nu_beta).

    Source: marzocca2024 (arXiv:2404.06533) eq. (A1), L = (8 G_F/sqrt2)(alpha/4pi) V_tb V_ts^* C.
    """
    scale = normalisation(inputs, quarks)
    return scale * coefficients.C_L, scale * coefficients.C_R


def from_lagrangian(L_L: Complex[Array, "3 3"], L_R: Complex[Array, "3 3"], inputs: Inputs) -> NeutrinoCoefficients:
    """The inverse of `to_lagrangian`. L_L and L_R in GeV^-2."""
    scale = normalisation(inputs)
    return NeutrinoCoefficients(L_L / scale, L_R / scale)
