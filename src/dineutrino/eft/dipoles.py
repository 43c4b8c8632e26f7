"""Photons and gluons that a down quark emits while it changes its flavour: the Lagrangian, and C7, C8 by name."""

from collections.abc import Mapping

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.leptons import heavy_mass
from dineutrino.inputs import SB, Inputs, Quarks, normalisation
from dineutrino.inputs.quarks import B
from dineutrino.running.strong import strong

Number = Complex[Array, ""]
COEFFICIENTS = ("C7", "C8", "C7p", "C8p")


class Dipole(eqx.Module):
    """Coefficients of one transition, GeV^-1, in the Lagrangian; new physics only.

    For b -> s: photon_right of (sbar sigma_mu_nu P_R b) F^mu_nu and gluon_right of (sbar sigma_mu_nu T^A P_R b) G^A
    mu_nu, left ones with P_L; Hermitian conjugates are those of the transition back. The covariant derivative is
    d + i e Q A + i g T^A G^A. At mu_b, those of s -> d at 2 GeV with four flavours.
    """

    photon_right: Number
    photon_left: Number
    gluon_right: Number
    gluon_left: Number

    @classmethod
    def zero(cls) -> "Dipole":
        """No new physics."""
        return cls(*(jnp.zeros((), complex) for _ in cls.__annotations__))


class DipoleCoefficients(eqx.Module):
    """New-physics coefficients of one transition in the normalisation of flavio.

    For b -> s, H = -(4 G_F/sqrt2) V_tb V_ts^* sum C O with O_7 = e/(16 pi^2) m_b (sbar sigma_mu_nu P_R b) F^mu_nu and
    O_8 = g/(16 pi^2) m_b (sbar sigma_mu_nu T^A P_R b) G^A mu_nu; primed ones with P_L. m_b is the mass of the heavier
    quark at the scale of the operator, and so is g; e^2 = 4 pi alpha_em with the input alpha_em.

    Source: WCxf WET flavio basis (arXiv:1712.05298).
    """

    C7: Number
    C8: Number
    C7p: Number
    C8p: Number


def dipole_names(quarks: Quarks = SB) -> tuple[str, ...]:
    """C7_bs, C8_bs, C7p_bs, C8p_bs of b -> s, and likewise; each stands for a complex number."""
    return tuple(f"{name}_{quarks.name[::-1]}" for name in COEFFICIENTS)


def dipole_coefficients(values: Mapping[str, Number | complex], quarks: Quarks = SB) -> DipoleCoefficients:
    """From names and values; other names are passed over, absent coefficients are zero."""
    return DipoleCoefficients(*(jnp.asarray(values.get(name, 0), complex) for name in dipole_names(quarks)))


def dipoles_to_lagrangian(c: DipoleCoefficients, inputs: Inputs, quarks: Quarks = SB) -> Dipole:
    """The Lagrangian of coefficients in the normalisation of flavio."""
    photon, gluon = _units(inputs, quarks)
    return Dipole(photon * c.C7, photon * c.C7p, gluon * c.C8, gluon * c.C8p)


def dipoles_from_lagrangian(c: Dipole, inputs: Inputs, quarks: Quarks = SB) -> DipoleCoefficients:
    """The inverse of `dipoles_to_lagrangian`."""
    photon, gluon = _units(inputs, quarks)
    return DipoleCoefficients(
        C7=c.photon_right / photon, C8=c.gluon_right / gluon, C7p=c.photon_left / photon, C8p=c.gluon_left / gluon
    )


def _units(inputs: Inputs, quarks: Quarks) -> tuple[Number, Number]:
    """Lagrangian coefficients of C7 = 1 and of C8 = 1, GeV^-1.

    4 G_F/sqrt2 V_tj V_ti* /(16 pi^2) is half of `normalisation` over e^2.
    """
    of_mass = normalisation(inputs, quarks) / 2 * heavy_mass(inputs, quarks) / _charge(inputs["alpha_em"]) ** 2
    scale = "mu_b" if quarks.initial == B else "2 GeV"
    return of_mass * _charge(inputs["alpha_em"]), of_mass * _charge(strong(inputs)[scale].alpha_s)


def _charge(alpha: Float[Array, ""]) -> Float[Array, ""]:
    return jnp.sqrt(4 * jnp.pi * alpha)
