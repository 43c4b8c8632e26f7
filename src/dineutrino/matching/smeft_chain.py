"""From SMEFT coefficients at a high scale to what observables need at the scale of the b quark."""

import equinox as eqx
from jaxtyping import Array, Float

from dineutrino.eft.neutrinos import NeutrinoCoefficients, NuNu, from_lagrangian
from dineutrino.inputs import SB, Inputs, Quarks, ckm_matrix
from dineutrino.matching.smeft_to_left import match_smeft
from dineutrino.running.left import run_left_from_m_z
from dineutrino.running.left_classes import LeftVectors
from dineutrino.running.smeft import STEPS, smeft_at_m_z
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.vector_classes import VectorClasses


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


def neutrino_currents(left: LeftVectors, quarks: Quarks = SB) -> NuNu:
    """Vector currents of neutrinos in one transition."""
    return NuNu(*(c[:, :, quarks.final, quarks.initial] for c in (left.VnudLL, left.VnudLR)))


def neutrino_coefficients(left: LeftVectors, inputs: Inputs) -> NeutrinoCoefficients:
    """C_L and C_R of b -> s nu nubar in the normalisation of the observables."""
    currents = neutrino_currents(left)
    return from_lagrangian(currents.left, currents.right, inputs)
