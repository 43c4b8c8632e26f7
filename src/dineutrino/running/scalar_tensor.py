"""QCD running of scalar and tensor coefficients with one quark current, above and below the electroweak scale alike."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.inputs import Inputs
from dineutrino.running.theories import Thresholds, theories

SCALAR, TENSOR = -8.0, 8.0 / 3.0
"""One-loop anomalous dimensions, dC/dln(mu) = gamma alpha_s/(4 pi) C."""


def scalar_factor(
    mu_high: Float[Array, "..."] | float,
    mu_low: Float[Array, "..."] | float,
    inputs: Inputs,
    *,
    loops: int = 4,
    thresholds: Thresholds | None = None,
) -> Float[Array, "..."]:
    """C(mu_low)/C(mu_high) of a coefficient of (qbar P q') times leptons; 1.608 from 1 TeV to 4.8 GeV.

    Leading logarithms resummed. Beyond them the factor is exactly `mass_ratio`(mu_low, mu_high), 5 % more here.

    Args:
        mu_high: GeV, where C is given.
        mu_low: GeV, where it is wanted; it may be above mu_high too.
        inputs: what `alpha_s` needs.
        loops: of alpha_s.
        thresholds: as for `alpha_s`.

    Source: arXiv:2309.02940 section 2 for the operators LNQd.
    """
    return leading_factor(SCALAR, mu_high, mu_low, inputs, loops=loops, thresholds=thresholds)


def tensor_factor(
    mu_high: Float[Array, "..."] | float,
    mu_low: Float[Array, "..."] | float,
    inputs: Inputs,
    *,
    loops: int = 4,
    thresholds: Thresholds | None = None,
) -> Float[Array, "..."]:
    """C(mu_low)/C(mu_high) of a coefficient of (qbar sigma P q') times leptons; 0.853 from 1 TeV to 4.8 GeV.

    Arguments as for `scalar_factor`, of which it is the power -1/3. Source: arXiv:2309.02940 section 2 (LNQdT).
    """
    return leading_factor(TENSOR, mu_high, mu_low, inputs, loops=loops, thresholds=thresholds)


def leading_factor(
    gamma: float,
    mu_high: Float[Array, "..."] | float,
    mu_low: Float[Array, "..."] | float,
    inputs: Inputs,
    *,
    loops: int = 4,
    thresholds: Thresholds | None = None,
) -> Float[Array, "..."]:
    """C(mu_low)/C(mu_high) for a one-loop anomalous dimension, dC/dln(mu) = gamma alpha_s/(4 pi) C.

    The product over the theories passed of [alpha_s(low end)/alpha_s(high end)]^(-gamma/(2 beta_0)), with alpha_s of
    as many loops as given.
    """
    qcd = theories(inputs, loops, thresholds)
    return jnp.exp(gamma * (qcd.at(mu_high).log_leading - qcd.at(mu_low).log_leading))
