"""Charged currents of the b quark from SMEFT: running is tabulated, the CKM matrix is that of the point."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex

from dineutrino.eft.charged import Charged, LeptonNeutrino
from dineutrino.inputs import Inputs
from dineutrino.inputs.quarks import B
from dineutrino.matching.descent import Smeft
from dineutrino.matching.z_exchange import fermi_shift
from dineutrino.running import mass_ratio, tensor_factor
from dineutrino.running.jms import FIVE
from dineutrino.running.warsaw_classes import Warsaw


class BeforeCKM(eqx.Module):
    """Coefficients at m_Z that charged currents of the b quark follow from, those of scalars and tensors run to mu_b.

    Attributes:
        contact: of lq3, index (neutrino, lepton, q), b quarks being the other doublet.
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


def before_ckm(c: Warsaw, inputs: Inputs) -> BeforeCKM:
    """The readout: scalars run as the mass of a quark does, tensors with leading logarithms.

    Photons do to left-handed vector currents what they do to the Standard Model; their effect on the others, 0.4% for
    right-handed quarks and 2% for scalars and tensors, is left out.
    """
    photons = inputs["eta_EW"]
    scalar = mass_ratio(inputs["mu_b"], inputs["m_Z"], inputs, FIVE, FIVE)
    tensor = tensor_factor(inputs["m_Z"], inputs["mu_b"], inputs)
    v = c.vectors
    return BeforeCKM(
        contact=photons * v.lq3[:, :, B],
        leptons=photons * (v.Hl3 + fermi_shift(v) * jnp.eye(3)),
        quarks=photons * v.Hq3[B],
        right=c.Hud[:2, B],
        ledq=scalar * c.chiral.ledq[:, :, B],
        lequ1=scalar * c.chiral.lequ1[:, :, B, :2],
        lequ3=tensor * c.chiral.lequ3[:, :, B, :2],
    )


def with_ckm(c: BeforeCKM, V: Complex[Array, "3 3"], up: int) -> LeptonNeutrino:
    """Tree-level matching, with W exchange; `up` is 0 for u and 1 for c. Source: arXiv:1709.04486 appendix C."""
    row, unit = V[up].conj(), jnp.eye(3)
    left = 2 * c.contact @ row - 2 * row[B] * c.leptons - 2 * (c.quarks @ row) * unit
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
