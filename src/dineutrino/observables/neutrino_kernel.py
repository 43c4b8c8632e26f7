"""B -> M nu nubar with massless left-handed neutrinos: integrate over q2 once, then contract with the coefficients.

For fixed inputs the rate is a quadratic form in C_L and C_R, and all of q2 is in two numbers:

    BR = sum_{alpha beta} [ plus |a + b|^2 + minus |a - b|^2 ],  a = C_SM delta_{alpha beta} + C_L,  b = C_R.

A pseudoscalar has `minus` = 0; for a vector `plus` is the form factor V, `minus` the other three.
"""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino import form_factors
from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import Inputs, c_l_sm, normalisation
from dineutrino.invisible import contract, massless_neutrinos
from dineutrino.numerics import abs2, integrate
from dineutrino.observables import b_to_pseudoscalar, b_to_vector
from dineutrino.observables.modes import Decay
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
        return self.plus * jnp.sum(abs2(sum_)) + self.minus * jnp.sum(abs2(difference))

    def ratio(self, wilson: NeutrinoCoefficients) -> Float[Array, "*q2"]:
        """The short-distance rate over its Standard Model value."""
        standard_model = 3 * self.standard_model**2 * (self.plus + self.minus)
        return self.short_distance(wilson) / standard_model

    def scaled(self, factor: Float[Array, ""]) -> "NeutrinoKernel":
        """The kernel of `factor` times the rate."""
        return NeutrinoKernel(factor * self.plus, factor * self.minus, self.standard_model, factor * self.long_distance)


def traces(
    q2: Float[Array, " node"], decay: Decay, inputs: Inputs, longitudinal: bool = False
) -> Float[Array, "2 node"]:
    """Hadronic times invisible currents per |a + b|^2 and per |a - b|^2, GeV^4, without phase space.

    Args:
        q2: GeV^2, on the physical range.
        decay: its masses.
        inputs: the form factors.
        longitudinal: only longitudinally polarised vector mesons.
    """
    coefficients = decay.form_factors(inputs)
    if decay.spin == 0:
        hadronic = b_to_pseudoscalar.hadronic_currents(q2, form_factors.pseudoscalar(q2, coefficients), decay.masses)
    else:
        polarised = b_to_vector.hadronic_currents(q2, form_factors.vector(q2, coefficients), decay.masses)
        hadronic = polarised.longitudinally_polarised() if longitudinal else polarised.summed()
    return jnp.stack([jnp.broadcast_to(contract(hadronic, side), q2.shape) for side in massless_neutrinos()])


def density(q2: Float[Array, " node"], decay: Decay, inputs: Inputs) -> Float[Array, "2 node"]:
    """Short-distance dBR/dq2 per |a + b|^2 and per |a - b|^2, GeV^-2; zero beyond the end point."""
    return decay.time * abs2(normalisation(inputs)) * flux(q2, decay.masses) * traces(q2, decay, inputs)


def differential(decay: Decay, inputs: Inputs, q2: Float[Array, ""]) -> NeutrinoKernel:
    """Kernel of dBR/dq2 at one q2, GeV^-2."""
    plus, minus = density(q2[None], decay, inputs)[:, 0]
    tau = decay.long_distance
    return NeutrinoKernel(plus, minus, c_l_sm(inputs), jnp.zeros_like(plus) if tau is None else tau.differential(q2))


def integrated(
    decay: Decay, inputs: Inputs, q2_min: Float[Array, ""] | None = None, q2_max: Float[Array, ""] | None = None
) -> NeutrinoKernel:
    """Kernel of the branching ratio between q2_min and q2_max, GeV^2; by default of the whole range."""
    lower, upper = q2_range(decay, q2_min, q2_max)
    plus, minus = integrate(lambda q2: density(q2, decay, inputs), lower, upper)
    tau = decay.long_distance
    background = jnp.zeros_like(plus) if tau is None else tau.below(upper) - tau.below(lower)
    return NeutrinoKernel(plus, minus, c_l_sm(inputs), background)


def averaged(decay: Decay, inputs: Inputs, q2_min: Float[Array, ""], q2_max: Float[Array, ""]) -> NeutrinoKernel:
    """Kernel of dBR/dq2 averaged over a bin, GeV^-2."""
    return integrated(decay, inputs, q2_min, q2_max).scaled(1 / (q2_max - q2_min))


def q2_range(
    decay: Decay, q2_min: Float[Array, ""] | None, q2_max: Float[Array, ""] | None
) -> tuple[Float[Array, ""], Float[Array, ""]]:
    """The requested range, GeV^2, by default and at most up to the end point."""
    end_point = decay.masses.q2_max
    lower = jnp.zeros_like(end_point) if q2_min is None else q2_min
    return lower, end_point if q2_max is None else jnp.minimum(q2_max, end_point)
