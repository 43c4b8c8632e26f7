"""The short-distance Standard Model coefficient of b -> s nu nubar and its normalisation."""

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.inputs.ckm import lambda_t
from dineutrino.inputs.inputs import Inputs


def c_l_sm(inputs: Inputs) -> Float[Array, ""]:
    """C_L of the Standard Model, the same for each neutrino flavour; about -6.3.

    Choice C_L_SM: "value" takes the entry "C_L_SM"; "X_t/s2_w" takes -X_t/s2_w.
    Source: arXiv:2301.06990; arXiv:1009.0947.
    """
    if inputs.choices["C_L_SM"] == "value":
        return inputs["C_L_SM"]
    return -inputs["X_t"] / inputs["s2_w"]


def normalisation(inputs: Inputs) -> Complex[Array, ""]:
    """N = sqrt2 G_F alpha_em/pi V_tb V_ts*, GeV^-2: the Lagrangian coefficient of a Wilson coefficient C is L = N C.

    L multiplies (sbar gamma_mu P_X b)(nubar gamma^mu P_L nu). N is negative, so the Standard Model has L > 0.
    Source: arXiv:2404.06533, eq. (A1).
    """
    return jnp.sqrt(2.0) * inputs["G_F"] * inputs["alpha_em"] / jnp.pi * lambda_t(inputs)


def neutrino_currents(inputs: Inputs) -> Complex[Array, "3 3"]:
    """Coefficients of (sbar gamma_mu P_L b)(nubar_a gamma^mu P_L nu_b) in the Standard Model, GeV^-2, index (a, b)."""
    return normalisation(inputs) * c_l_sm(inputs) * jnp.eye(3)
