"""B -> M nu nubar with massless left-handed neutrinos: integrate over q2 once, then contract with the coefficients.

For fixed inputs the rate is a quadratic form in C_L and C_R, and all of q2 is in two numbers:

    BR = sum_{alpha beta} [ plus |a + b|^2 + minus |a - b|^2 ],  a = C_SM delta_{alpha beta} + C_L,  b = C_R.

A pseudoscalar has `minus` = 0; for a vector `plus` is the form factor V, `minus` the other three.
"""

from collections.abc import Callable

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino import form_factors
from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import Inputs, c_l_sm, normalisation
from dineutrino.invisible import contract, massless_neutrinos
from dineutrino.numerics import integrate
from dineutrino.observables import b_to_pseudoscalar, b_to_vector, long_distance
from dineutrino.observables.modes import Mode
from dineutrino.observables.width import flux


class NeutrinoKernel(eqx.Module):
    """Everything that a rate needs besides the coefficients.

    Attributes:
        plus, minus: branching ratio (or its q2 derivative, GeV^-2) per |a + b|^2 and per |a - b|^2.
        standard_model: C_L of the Standard Model, dimensionless.
        long_distance: what the coefficients do not touch, in the same unit.
    """

    plus: Float[Array, "*q2"]
    minus: Float[Array, "*q2"]
    standard_model: Float[Array, ""]
    long_distance: Float[Array, "*q2"]

    def rate(self, wilson: NeutrinoCoefficients) -> Float[Array, "*q2"]:
        """Short plus long distance, summed over the neutrino flavours."""
        return self.short_distance(wilson) + self.long_distance

    def short_distance(self, wilson: NeutrinoCoefficients) -> Float[Array, "*q2"]:
        """The quadratic form in the coefficients.

        Source: marzocca2024 (arXiv:2404.06533) eq. (A3), with delta_{alpha beta} and the complex conjugation restored.
        """
        left = self.standard_model * jnp.eye(3) + wilson.C_L
        sum_, difference = left + wilson.C_R, left - wilson.C_R
        return self.plus * jnp.sum(jnp.abs(sum_) ** 2) + self.minus * jnp.sum(jnp.abs(difference) ** 2)

    def ratio(self, wilson: NeutrinoCoefficients) -> Float[Array, "*q2"]:
        """The short-distance rate over its Standard Model value."""
        standard_model = 3 * self.standard_model**2 * (self.plus + self.minus)
        return self.short_distance(wilson) / standard_model

    def scaled(self, factor: Float[Array, ""]) -> "NeutrinoKernel":
        """The kernel of `factor` times the rate."""
        return NeutrinoKernel(factor * self.plus, factor * self.minus, self.standard_model, factor * self.long_distance)


def traces(
    q2: Float[Array, " node"], mode: Mode, inputs: Inputs, longitudinal: bool = False
) -> Float[Array, "2 node"]:
    """Hadronic times invisible currents per |a + b|^2 and per |a - b|^2, GeV^4, without phase space.

    Args:
        q2: GeV^2, on the physical range.
        mode: the decay.
        inputs: masses and form factors.
        longitudinal: only longitudinally polarised vector mesons.
    """
    masses, coefficients = mode.masses(inputs), inputs.form_factors[mode.transition]
    if mode.spin == 0:
        hadronic = b_to_pseudoscalar.hadronic_currents(q2, form_factors.pseudoscalar(q2, coefficients), masses)
    else:
        polarised = b_to_vector.hadronic_currents(q2, form_factors.vector(q2, coefficients), masses)
        hadronic = polarised.longitudinal if longitudinal else polarised.summed()
    return jnp.stack([jnp.broadcast_to(contract(hadronic, side), q2.shape) for side in massless_neutrinos()])


def prefactor(mode: Mode, inputs: Inputs) -> Float[Array, ""]:
    """|N|^2 times the lifetime, the seen fraction and, if chosen, the factor for the width of the K*; GeV^-5."""
    factor = jnp.abs(normalisation(inputs)) ** 2 * inputs[f"tau_{mode.parent}"] * mode.fraction
    if mode.spin == 1 and inputs.choices["K*_width"] == "finite":
        factor = factor * inputs["K*_width_factor"]
    return factor


def density(q2: Float[Array, " node"], mode: Mode, inputs: Inputs) -> Float[Array, "2 node"]:
    """Short-distance dBR/dq2 per |a + b|^2 and per |a - b|^2, GeV^-2; zero beyond the end point."""
    return prefactor(mode, inputs) * flux(q2, mode.masses(inputs)) * traces(q2, mode, inputs)


def differential(mode: Mode, inputs: Inputs, q2: Float[Array, ""]) -> NeutrinoKernel:
    """Kernel of dBR/dq2 at one q2, GeV^-2."""
    plus, minus = density(q2[None], mode, inputs)[:, 0]
    background = _long_distance(mode, inputs, lambda shape: shape.density(q2))
    return NeutrinoKernel(plus, minus, c_l_sm(inputs), background)


def integrated(
    mode: Mode, inputs: Inputs, q2_min: Float[Array, ""] | None = None, q2_max: Float[Array, ""] | None = None
) -> NeutrinoKernel:
    """Kernel of the branching ratio between q2_min and q2_max, GeV^2; by default of the whole range."""
    lower, upper = q2_range(mode, inputs, q2_min, q2_max)
    plus, minus = integrate(lambda q2: density(q2, mode, inputs), lower, upper)
    background = _long_distance(mode, inputs, lambda shape: shape.cumulative(upper) - shape.cumulative(lower))
    return NeutrinoKernel(plus, minus, c_l_sm(inputs), background)


def q2_range(
    mode: Mode, inputs: Inputs, q2_min: Float[Array, ""] | None, q2_max: Float[Array, ""] | None
) -> tuple[Float[Array, ""], Float[Array, ""]]:
    """The requested range, GeV^2, by default and at most up to the end point."""
    end_point = mode.masses(inputs).q2_max
    lower = jnp.zeros_like(end_point) if q2_min is None else q2_min
    return lower, end_point if q2_max is None else jnp.minimum(q2_max, end_point)


def _long_distance(
    mode: Mode, inputs: Inputs, fraction: Callable[[long_distance.Shape], Float[Array, ""]]
) -> Float[Array, ""]:
    """Long-distance branching ratio times `fraction` of its shape; zero if there is none or it is not asked for."""
    if not mode.charged or inputs.choices["long_distance"] == "excluded":
        return jnp.asarray(0.0)
    return long_distance.branching_ratio(mode, inputs) * fraction(long_distance.shape(mode, inputs))
