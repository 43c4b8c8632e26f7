"""MSbar masses of quarks at any scale."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.errors import unknown
from dineutrino.inputs import Inputs
from dineutrino.running.theories import Thresholds, perturbative, theories

QUARKS = {"m_s": ("m_s", "mu_b", None), "m_c": ("m_c(m_c)",) * 2 + (4,), "m_b": ("m_b(m_b)",) * 2 + (5,)}
QUARKS |= {"m_t": ("m_t(m_t)",) * 2 + (6,)}
"""Name -> input with the mass, input with its scale, number of flavours of its theory (None: those below the scale)."""


def quark_mass(
    name: str,
    mu: Float[Array, "..."] | float,
    inputs: Inputs,
    flavours: int | None = None,
    *,
    loops: int = 4,
    thresholds: Thresholds | None = None,
) -> Float[Array, "..."]:
    """m(mu), GeV, MSbar, from m_b(m_b), m_c(m_c), m_t(m_t), or from m_s at mu_b.

    The inputs m_b and m_s that the observables use are the masses at mu_b; this function runs from m_b(m_b).

    Args:
        name: "m_s", "m_c", "m_b" or "m_t".
        mu: GeV, at least 1.
        inputs: the mass and what `alpha_s` needs.
        flavours: 3 to 6; without it those whose threshold is below mu.
        loops: of the anomalous dimension, 1 to 5.
        thresholds: as for `alpha_s`.

    Raises:
        DineutrinoError: unknown name, flavours or loops out of range, or a scale below 1 GeV (nan if it is traced).

    Source: arXiv:1402.6611 (running), hep-ph/9708255 and arXiv:1502.04719 (decoupling).
    """
    if name not in QUARKS:
        raise unknown("running quark mass", name, QUARKS)
    mass, scale, of_theory = QUARKS[name]
    ratio = mass_ratio(mu, inputs[scale], inputs, flavours, of_theory, loops=loops, thresholds=thresholds)
    return inputs[mass] * ratio


def mass_ratio(
    mu: Float[Array, "..."] | float,
    mu_start: Float[Array, "..."] | float,
    inputs: Inputs,
    flavours: int | None = None,
    flavours_start: int | None = None,
    *,
    loops: int = 4,
    thresholds: Thresholds | None = None,
) -> Float[Array, "..."]:
    """m_q(mu)/m_q(mu_start), the same for every quark that both theories have. Arguments as for `quark_mass`.

    A coefficient of a scalar current runs with this ratio, to all orders in QCD: mass times current does not run.
    """
    qcd = theories(inputs, loops, thresholds)
    return jnp.exp(qcd.at(perturbative(mu), flavours).log_mass - qcd.at(mu_start, flavours_start).log_mass)
