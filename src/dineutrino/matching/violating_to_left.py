"""From operators above m_W that violate baryon number to those below, at tree level."""

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.inputs import Inputs, ckm_matrix
from dineutrino.running.jms import FIVE
from dineutrino.running.jms_classes import Four
from dineutrino.running.standard_model import couplings_at_m_z
from dineutrino.running.violating import violating_at_m_z
from dineutrino.running.violating_classes import Violating
from dineutrino.running.violating_left import ViolatingLeft, run_violating_left_from_m_z

LIGHT_UP = 2
"""Up-type quarks of LEFT."""


def match_violating(c: Violating, ckm: Complex[Array, "3 3"]) -> ViolatingLeft:
    """LEFT at m_Z: doublets are written out, q = (V^dagger u, d), and the top quark is left behind.

    In qqql the three quarks of one chirality are brought into one order by the identity of Schouten for two-component
    spinors. Source: arXiv:1709.04486, table of the operators with Delta B = Delta L = 1.

    Args:
        c: at m_Z, in the down-aligned basis there.
        ckm: V; rows u, c, t, columns d, s, b.
    """
    u, light = ckm.conj()[:LIGHT_UP], jnp.eye(3)[:LIGHT_UP]
    one = jnp.eye(3)

    def written(array: Four, *fields: Complex[Array, "_ 3"] | Float[Array, "_ 3"]) -> Four:
        first, second, third = fields
        return jnp.einsum("prst,ap,br,cs->abct", array, first, second, third)

    C = c.qqql
    three = C.transpose(1, 0, 2, 3) + C.transpose(2, 1, 0, 3) - C.transpose(2, 0, 1, 3)
    zero = ViolatingLeft.zero()
    return ViolatingLeft(
        SuddLL=written(three, u, one, one),
        SduuLL=written(three, one, u, u),
        SuudLR=zero.SuudLR,
        SduuLR=-written(c.qque + c.qque.transpose(1, 0, 2, 3), one, u, light),
        SuudRL=zero.SuudRL,
        SduuRL=written(c.duql, one, light, u),
        SdudRL=-written(c.duql, one, light, one),
        SdduRL=zero.SdduRL,
        SduuRR=written(c.duue, one, light, light),
    )


def violating_to_left(
    coefficients: Violating,
    mu_uv: Float[Array, ""] | float,
    inputs: Inputs,
    mu: Float[Array, ""] | float | None = None,
    flavours: int = FIVE,
) -> ViolatingLeft:
    """Coefficients of LEFT at mu from those at mu_uv, as `warsaw_to_left` for the others.

    Args:
        coefficients: at mu_uv, in the down-aligned basis there; `violating_from_mapping` makes them.
        mu_uv: GeV.
        inputs: Standard Model parameters.
        mu: GeV; mu_b by default.
        flavours: of the theory at mu: 5, 4 (without b) or 3 (without b, c and tau).
    """
    at_m_z = violating_at_m_z(coefficients, mu_uv, couplings_at_m_z(inputs), inputs["m_Z"])
    matched = match_violating(at_m_z, ckm_matrix(inputs))
    return run_violating_left_from_m_z(matched, inputs["mu_b"] if mu is None else mu, inputs, flavours)
