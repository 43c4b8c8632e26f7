"""The Standard Model in transitions of down quarks to a pair of neutrinos, and the unit of its coefficients."""

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.inputs.ckm import CHARM, ckm_product, lambda_t
from dineutrino.inputs.inputs import Inputs
from dineutrino.inputs.quarks import SB, Quarks


def c_l_sm(inputs: Inputs) -> Float[Array, ""]:
    """C_L of the Standard Model, the same for each neutrino flavour; about -6.3.

    Choice C_L_SM: "value" takes the entry "C_L_SM"; "X_t/s2_w" takes -X_t/s2_w.
    Source: arXiv:2301.06990; arXiv:1009.0947.
    """
    if inputs.choices["C_L_SM"] == "value":
        return inputs["C_L_SM"]
    return -inputs["X_t"] / inputs["s2_w"]


def normalisation(inputs: Inputs, quarks: Quarks = SB) -> Complex[Array, ""]:
    """N = sqrt2 G_F alpha_em/pi V_tj V_ti*, GeV^-2: the Lagrangian coefficient of a Wilson coefficient C is L = N C.

    L multiplies (qbar_i gamma_mu P_X q_j)(nubar gamma^mu P_L nu). For b -> s the real part of N is negative, so the
    Standard Model has L > 0. Source: arXiv:2404.06533, eq. (A1).
    """
    return unit(inputs) * lambda_t(inputs, quarks)


def unit(inputs: Inputs) -> Float[Array, ""]:
    """sqrt2 G_F alpha_em/pi, GeV^-2."""
    return jnp.sqrt(2.0) * inputs["G_F"] * inputs["alpha_em"] / jnp.pi


def neutrino_currents(inputs: Inputs, quarks: Quarks = SB) -> Complex[Array, "3 3"]:
    """Coefficients of (qbar_i gamma_mu P_L q_j)(nubar_a gamma^mu P_L nu_b) in the Standard Model, GeV^-2, index (a, b).

    The top quark dominates transitions of the b quark. In s -> d its CKM elements are so small that charm counts too.
    """
    top = normalisation(inputs, quarks) * c_l_sm(inputs) * jnp.eye(3)
    return top + charm(inputs, quarks) if quarks.charm else top


def charm(inputs: Inputs, quarks: Quarks) -> Complex[Array, "3 3"]:
    """What charm and up quarks add to s -> d nu nubar in the Standard Model, GeV^-2; less with the tau in the loop.

    -sqrt2 G_F alpha_em/(pi s2_w) V_cs V_cd* (X_c^a + lambda^4 delta P_cu), with lambda = |V_us|.
    Source: arXiv:2404.06533, eq. (A7); delta P_cu, the part of long distances, as in hep-ph/0503107.
    """
    X_c = jnp.stack([inputs["X_c_e"], inputs["X_c_e"], inputs["X_c_e"] * inputs["X_c_tau/X_c_e"]])
    loops = X_c + inputs["ckm_lambda"] ** 4 * inputs["delta_P_cu"]
    return -unit(inputs) / inputs["s2_w"] * ckm_product(inputs, CHARM, quarks) * jnp.diag(loops)


def axial_leptons(inputs: Inputs, quarks: Quarks) -> Complex[Array, ""]:
    """Coefficient of (qbar_i gamma_mu P_L q_j)(lbar gamma^mu gamma_5 l) in the Standard Model, GeV^-2, for each lepton.

    -2 G_F^2 m_W^2/pi^2 V_tj V_ti* C_A, with C_A as it follows from the pole mass of the top quark and alpha_s; in
    s -> d charm adds -sqrt2 G_F alpha_em/(2 pi s2_w) V_cs V_cd* lambda^4 P_c.
    Source: arXiv:1311.0903, eqs. (1), (4); arXiv:hep-ph/0605203 (charm).
    """
    top_mass = (inputs["m_t"] / inputs["C_A_m_t"]) ** inputs["C_A_m_t_power"]
    coupling = (inputs["alpha_s"] / inputs["C_A_alpha_s"]) ** inputs["C_A_alpha_s_power"]
    loop = inputs["C_A"] * top_mass * coupling
    top = -2 * (inputs["G_F"] * inputs["m_W"] / jnp.pi) ** 2 * lambda_t(inputs, quarks) * loop
    if not quarks.charm:
        return top
    with_charm = inputs["ckm_lambda"] ** 4 * inputs["P_c(mumu)"]
    return top - unit(inputs) / (2 * inputs["s2_w"]) * ckm_product(inputs, CHARM, quarks) * with_charm
