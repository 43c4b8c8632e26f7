"""From SMEFT coefficients at a high scale to what observables need at the scale of the b quark."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.flavio.vectors import DeltaF2, Semileptonic, charged_current, delta_f2, semileptonic
from dineutrino.eft.neutrinos import NeutrinoCoefficients, from_lagrangian
from dineutrino.inputs import Inputs, ckm_matrix
from dineutrino.matching.smeft_to_left import match_smeft
from dineutrino.running.left import run_left_from_m_z
from dineutrino.running.left_classes import LeftVectors
from dineutrino.running.smeft import STEPS, smeft_at_m_z
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.vector_classes import CURRENTS, VectorClasses


class LowScales(eqx.Module):
    """What SMEFT coefficients at a high scale become.

    Attributes:
        smeft: SMEFT at m_Z, in the down-aligned basis there.
        left: LEFT at mu_b.
    """

    smeft: VectorClasses
    left: LeftVectors


def smeft_to_left(
    coefficients: VectorClasses, mu_uv: Float[Array, ""] | float, inputs: Inputs, steps: int = STEPS
) -> LeftVectors:
    """LEFT coefficients at mu_b: one-loop running to m_Z, tree-level matching, leading logarithms of QCD and QED below.

    Differentiable in everything. For fixed inputs the map is linear: see `evolution`.

    Args:
        coefficients: at mu_uv, in the down-aligned Warsaw basis there; `smeft_from_mapping` makes them.
        mu_uv: GeV, above the electroweak scale.
        inputs: Standard Model parameters; mu_b is the low scale.
        steps: of the running above m_Z.
    """
    return smeft_to_low_scales(coefficients, mu_uv, inputs, steps).left


def smeft_to_low_scales(
    coefficients: VectorClasses, mu_uv: Float[Array, ""] | float, inputs: Inputs, steps: int = STEPS
) -> LowScales:
    """`smeft_to_left` with what it passes at m_Z. Arguments as there."""
    at_m_z = smeft_at_m_z(coefficients, mu_uv, couplings_at_m_z(inputs), inputs["m_Z"], steps)
    left = match_smeft(at_m_z, ckm_matrix(inputs), inputs["s2_w"])
    return LowScales(at_m_z, run_left_from_m_z(left, inputs["mu_b"], inputs))


def neutrino_coefficients(left: LeftVectors, inputs: Inputs) -> NeutrinoCoefficients:
    """C_L and C_R of b -> s nu nubar in the normalisation of the observables."""
    return from_lagrangian(left.VnudLL[:, :, 1, 2], left.VnudLR[:, :, 1, 2], inputs)


class BToS(eqx.Module):
    """What SMEFT coefficients do to b -> s nu nubar and what they drag along, new physics only.

    Attributes:
        neutrinos: of b -> s nu nubar.
        semileptonic: C_9 to C_R of b -> s, normalised to V_tb V_ts* of the CKM matrix.
        charged: C_VL of b -> c l nu, index (neutrino, charged lepton).
        mixing: of B_s.
    """

    neutrinos: NeutrinoCoefficients
    semileptonic: Semileptonic
    charged: Complex[Array, "3 3"]
    mixing: DeltaF2


def b_to_s(left: LeftVectors, inputs: Inputs) -> BToS:
    """All of `BToS` from LEFT coefficients at mu_b."""
    V = ckm_matrix(inputs)
    return BToS(
        neutrinos=neutrino_coefficients(left, inputs),
        semileptonic=semileptonic(left, V, inputs["G_F"], inputs["alpha_em"]),
        charged=charged_current(left, V, inputs["G_F"])[1, 2],
        mixing=delta_f2(left),
    )


class ZPole(eqx.Module):
    """What changes the couplings of Z and W that conserve flavour, GeV^-2 at m_Z, down-aligned Warsaw basis.

    Attributes:
        currents: diagonals of the classes Hl1, Hl3, He, Hq1, Hq3, Hu, Hd, rows in this order.
        HD, HWB: of the gauge bosons.
        ll_1221: non-redundant; of the Fermi constant.
    """

    currents: Float[Array, "7 3"]
    HD: Float[Array, ""]
    HWB: Float[Array, ""]
    ll_1221: Float[Array, ""]


def z_pole(c: VectorClasses) -> ZPole:
    """From SMEFT coefficients at m_Z. Source: arXiv:1706.08945 for what they do there."""
    diagonals = jnp.stack([jnp.diagonal(getattr(c, name)).real for name in CURRENTS])
    return ZPole(diagonals, c.HD.real, c.HWB.real, 2 * c.ll[0, 1, 1, 0].real)


class LowEnergy(eqx.Module):
    """All that observables at low energies and at the Z pole need of SMEFT coefficients here."""

    b_to_s: BToS
    z_pole: ZPole


def low_energy(low: LowScales, inputs: Inputs) -> LowEnergy:
    """From the coefficients at both scales."""
    return LowEnergy(b_to_s(low.left, inputs), z_pole(low.smeft))
