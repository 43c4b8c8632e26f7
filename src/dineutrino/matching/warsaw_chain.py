"""From coefficients of the whole Warsaw basis at a high scale to all of LEFT at the scale of the b quark or below."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.inputs import Inputs, ckm_matrix
from dineutrino.matching.warsaw_to_jms import match_warsaw
from dineutrino.running.flow import STEPS
from dineutrino.running.jms import FIVE, run_jms_from_m_z
from dineutrino.running.jms_classes import JMS
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.warsaw import warsaw_at_m_z
from dineutrino.running.warsaw_classes import Warsaw


class WarsawLowScales(eqx.Module):
    """What Warsaw coefficients at a high scale become.

    Attributes:
        warsaw: at m_Z, in the down-aligned basis there.
        left: LEFT at the low scale.
    """

    warsaw: Warsaw
    left: JMS


def warsaw_to_left(
    coefficients: Warsaw,
    mu_uv: Float[Array, ""] | float,
    inputs: Inputs,
    mu: Float[Array, ""] | float | None = None,
    flavours: int = FIVE,
    steps: int = STEPS,
) -> JMS:
    """LEFT coefficients at mu: one-loop running to m_Z, tree-level matching, leading logarithms of QCD and QED below.

    Differentiable in the coefficients, mu_uv, the inputs and mu; linear in the coefficients.

    Args:
        coefficients: at mu_uv, in the down-aligned Warsaw basis there; `warsaw_from_mapping` makes them.
        mu_uv: GeV, above the electroweak scale.
        inputs: Standard Model parameters.
        mu: GeV; mu_b by default.
        flavours: of the theory at mu: 5, 4 (without b) or 3 (without b, c and tau).
        steps: of the running above m_Z.
    """
    return warsaw_to_low_scales(coefficients, mu_uv, inputs, mu, flavours, steps).left


def warsaw_to_low_scales(
    coefficients: Warsaw,
    mu_uv: Float[Array, ""] | float,
    inputs: Inputs,
    mu: Float[Array, ""] | float | None = None,
    flavours: int = FIVE,
    steps: int = STEPS,
) -> WarsawLowScales:
    """`warsaw_to_left` with what it passes at m_Z. Arguments as there."""
    at_m_z = warsaw_at_m_z(coefficients, mu_uv, couplings_at_m_z(inputs), inputs["m_Z"], steps)
    return WarsawLowScales(at_m_z, left_from_m_z(at_m_z, inputs, mu, flavours))


def left_from_m_z(
    at_m_z: Warsaw, inputs: Inputs, mu: Float[Array, ""] | float | None = None, flavours: int = FIVE
) -> JMS:
    """LEFT at mu from the Warsaw basis at m_Z, down-aligned: the part below m_Z. Arguments as for `warsaw_to_left`.

    A readout for `warsaw_evolution` may call it, and then costs one run per number, whatever the number of
    coefficients.
    """
    v = 1 / jnp.sqrt(jnp.sqrt(2.0) * inputs["G_F"])
    matched = match_warsaw(at_m_z, ckm_matrix(inputs), inputs["s2_w"], v)
    return run_jms_from_m_z(matched, inputs["mu_b"] if mu is None else mu, inputs, flavours)
