"""The CKM matrix and the products of its elements that loops with up quarks have."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.inputs.derived import Derived
from dineutrino.inputs.inputs import Inputs
from dineutrino.inputs.quarks import SB, Quarks

UP, CHARM, TOP = range(3)
"""Rows of the CKM matrix."""

Elements = tuple[tuple[Complex[Array, ""], ...], ...]
"""Of the CKM matrix, by row."""


def ckm_matrix(inputs: Inputs) -> Complex[Array, "3 3"]:
    """V from the Wolfenstein parameters, unitary to all orders in lambda; rows u, c, t, columns d, s, b.

    Standard phase convention. s12 = lambda, s23 = A lambda^2, and
    s13 exp(i delta) = A lambda^3 (rhobar + i etabar) sqrt(1 - A^2 lambda^4)
                       / (sqrt(1 - lambda^2) (1 - A^2 lambda^4 (rhobar + i etabar))).
    Source: Review of Particle Physics, "CKM quark-mixing matrix", eqs. (12.3) and (12.4); hep-ph/0406184.
    """
    return jnp.stack([jnp.stack(row) for row in ckm_elements(inputs)])


def _elements(inputs: Inputs) -> Elements:
    return _of_wolfenstein(inputs["ckm_lambda"], inputs["ckm_A"], inputs["ckm_rhobar"], inputs["ckm_etabar"])


@jax.jit
def _of_wolfenstein(
    s12: Float[Array, ""], A: Float[Array, ""], rhobar: Float[Array, ""], etabar: Float[Array, ""]
) -> Elements:
    """Elements one by one: derivatives of a product of two pass through no others. Traced once for all its readers."""
    apex, s23 = rhobar + 1j * etabar, A * s12**2
    c12, c23 = jnp.sqrt(1 - s12**2), jnp.sqrt(1 - s23**2)
    s13_phase = s12 * s23 * apex * c23 / (c12 * (1 - s23**2 * apex))  # s13 exp(i delta)
    c13 = jnp.sqrt(1 - s13_phase.real**2 - s13_phase.imag**2)
    one = jnp.ones_like(apex)
    return (
        (c12 * c13 * one, s12 * c13 * one, s13_phase.conj()),
        (-s12 * c23 - c12 * s23 * s13_phase, c12 * c23 - s12 * s23 * s13_phase, s23 * c13 * one),
        (s12 * s23 - c12 * c23 * s13_phase, -c12 * s23 - s12 * c23 * s13_phase, c23 * c13 * one),
    )


ckm_elements = Derived("CKM elements", _elements)
"""Those of `ckm_matrix`, by row."""


def lambda_t(inputs: Inputs, quarks: Quarks = SB) -> Complex[Array, ""]:
    """V_tj V_ti* of the transition from the quark j to i; for b -> s close to -0.041 in the standard phase convention.

    With the choice lambda_t = "wolfenstein" it is an element product of `ckm_matrix`. With "direct" that of b -> s is
    minus the entry "|V_tb V_ts*|", real: the phase of 1 degree is dropped, the sign is kept, since it decides whether a
    positive Lagrangian coefficient interferes constructively. The other transitions have no such entry.
    """
    if quarks.product is not None and inputs.choices["lambda_t"] == "direct":
        return -inputs[quarks.product] + 0j
    return ckm_product(inputs, TOP, quarks)


def ckm_product(inputs: Inputs, up: int, quarks: Quarks) -> Complex[Array, ""]:
    """V_uj V_ui* of the transition from the quark j to i with the quark u, a row of the CKM matrix, in the loop."""
    row = ckm_elements(inputs)[up]
    return row[quarks.initial] * row[quarks.final].conj()
