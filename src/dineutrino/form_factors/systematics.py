"""Systematic uncertainties from a second fit with more parameters."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.numerics import sqrt_or_zero


def total_uncertainty(
    value: Float[Array, "..."],
    uncertainty: Float[Array, "..."],
    higher_order_value: Float[Array, "..."],
    higher_order_uncertainty: Float[Array, "..."],
) -> Float[Array, "..."]:
    """Total uncertainty of an observable computed with a nominal and with a higher-order fit of form factors.

    The systematic part is the larger one of the shift of the value and the growth, in quadrature, of the uncertainty:

        sigma^2 = sigma_nom^2 + max((O_HO - O_nom)^2, |sigma_HO^2 - sigma_nom^2|)

    Args:
        value: of the observable with the nominal fit.
        uncertainty: standard deviation of that value.
        higher_order_value: with the higher-order fit.
        higher_order_uncertainty: standard deviation of that value.

    Source: arXiv:1602.01399, as for the other baryonic form factors of its authors.
    """
    shift2 = (higher_order_value - value) ** 2
    growth2 = jnp.abs(higher_order_uncertainty**2 - uncertainty**2)
    return sqrt_or_zero(uncertainty**2 + jnp.maximum(shift2, growth2))
