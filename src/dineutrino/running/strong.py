"""QCD at the scales at which observables of mesons are computed."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.inputs import Derived, Inputs
from dineutrino.running.theories import Coupling, theories

TWO_GEV = 2.0
"""Where light quarks have their masses, and scalar and tensor currents of light quarks their coefficients."""
FOUR = 4
"""Flavours of the theory there."""
FLAVOURS = {"mu_b": 5, "mu_B_mixing": 5, "2 GeV": FOUR, "mu_K_mixing": 3}
"""Name of a scale, an input but for 2 GeV -> flavours of the theory there."""


def _at_all(inputs: Inputs) -> dict[str, Coupling]:
    qcd = theories(inputs)
    scales = {name: TWO_GEV if name == "2 GeV" else inputs[name] for name in FLAVOURS}
    return {name: qcd.at(mu, FLAVOURS[name]) for name, mu in scales.items()}


strong = Derived("QCD", _at_all)
"""The strong coupling and the masses of light quarks by the name of the scale."""


def light_over_heavy(inputs: Inputs) -> Float[Array, ""]:
    """m_q(2 GeV)/m_q(mu_b), with four and with five flavours."""
    qcd = strong(inputs)
    return jnp.exp(qcd["2 GeV"].log_mass - qcd["mu_b"].log_mass)
