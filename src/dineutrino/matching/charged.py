"""Charged currents of quarks from SMEFT: running is tabulated, the CKM matrix is that of the point."""

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.charged import Charged, LeptonNeutrino
from dineutrino.inputs import Inputs
from dineutrino.inputs.quarks import B
from dineutrino.matching.descent import Smeft
from dineutrino.matching.z_exchange import fermi_shift
from dineutrino.running import mass_ratio, tensor_factor
from dineutrino.running.jms import FIVE
from dineutrino.running.warsaw_classes import Warsaw


class OfDownQuark(eqx.Module):
    """Coefficients at m_Z that charged currents of one down quark follow from, those of scalars and tensors run below.

    Attributes:
        contact: of lq3, index (neutrino, lepton, q), the down quark being the other doublet.
        leptons: of Hl3, with the shift of the Fermi constant.
        quarks: of Hq3, index q.
        right: of Hud, index (u or c).
        ledq: index (neutrino, lepton, q).
        lequ1, lequ3: index (neutrino, lepton, u or c).
    """

    contact: Complex[Array, "3 3 3"]
    leptons: Complex[Array, "3 3"]
    quarks: Complex[Array, " 3"]
    right: Complex[Array, " 2"]
    ledq: Complex[Array, "3 3 3"]
    lequ1: Complex[Array, "3 3 2"]
    lequ3: Complex[Array, "3 3 2"]


def before_ckm(c: Warsaw, inputs: Inputs) -> OfDownQuark:
    """The readout: scalars run as the mass of a quark does, tensors with leading logarithms.

    Photons do to left-handed vector currents what they do to the Standard Model; their effect on the others, 0.4% for
    right-handed quarks and 2% for scalars and tensors, is left out.
    """
    scalar = mass_ratio(inputs["mu_b"], inputs["m_Z"], inputs, FIVE, FIVE)
    tensor = tensor_factor(inputs["m_Z"], inputs["mu_b"], inputs)
    return of_down_quark(c, B, Factors(inputs["eta_EW"], scalar, tensor))


class Factors(NamedTuple):
    """What running does to coefficients at m_Z: left-handed vector currents, scalars, tensors."""

    left: Float[Array, ""] | float
    scalar: Float[Array, ""]
    tensor: Float[Array, ""]


def of_down_quark(c: Warsaw, down: int, factors: Factors) -> OfDownQuark:
    """The coefficients with one down quark, run with these factors."""
    v = c.vectors
    return OfDownQuark(
        contact=factors.left * v.lq3[:, :, down],
        leptons=factors.left * (v.Hl3 + fermi_shift(v) * jnp.eye(3)),
        quarks=factors.left * v.Hq3[down],
        right=c.Hud[:2, down],
        ledq=factors.scalar * c.chiral.ledq[:, :, down],
        lequ1=factors.scalar * c.chiral.lequ1[:, :, down, :2],
        lequ3=factors.tensor * c.chiral.lequ3[:, :, down, :2],
    )


def with_ckm(c: OfDownQuark, V: Complex[Array, "3 3"], up: int, down: int = B) -> LeptonNeutrino:
    """Tree-level matching, with W exchange; `up` is 0 for u and 1 for c. Source: arXiv:1709.04486 appendix C."""
    row, unit = V[up].conj(), jnp.eye(3)
    left = 2 * c.contact @ row - 2 * row[down] * c.leptons - 2 * (c.quarks @ row) * unit
    return LeptonNeutrino(
        VL=left.conj().T,
        VR=-c.right[up] * unit,
        SL=c.lequ1[..., up].conj().T,
        SR=(c.ledq @ row).conj().T,
        T=c.lequ3[..., up].conj().T,
    )


def charged_below(smeft: Smeft, V: Complex[Array, "3 3"]) -> Charged:
    """All charged currents of the b quark at mu_b, with the CKM matrix V."""
    found = smeft.read(before_ckm)
    return Charged(cb=with_ckm(found, V, 1), ub=with_ckm(found, V, 0))
