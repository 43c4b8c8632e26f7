"""F_L: the fraction of longitudinally polarised K* in B -> K* nu nubar."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import Inputs, c_l_sm
from dineutrino.numerics import integrate
from dineutrino.observables.modes import Decay
from dineutrino.observables.neutrino_kernel import NeutrinoKernel, q2_range, traces
from dineutrino.observables.width import flux


class PolarisationKernel(eqx.Module):
    """Kernels of the longitudinal and of the whole short-distance rate, in a common unit that drops out."""

    longitudinal: NeutrinoKernel
    total: NeutrinoKernel

    def fraction(self, wilson: NeutrinoCoefficients) -> Float[Array, ""]:
        """F_L, dimensionless: amplitudes with A_12 over all of them. Source: arXiv:1409.4557 sec. 2."""
        return self.longitudinal.short_distance(wilson) / self.total.short_distance(wilson)


def differential(decay: Decay, inputs: Inputs, q2: Float[Array, ""]) -> PolarisationKernel:
    """F_L at one q2, GeV^2. Phase space drops out, so the end points are regular: 1 at q2 = 0, 1/3 at the other end."""
    parts = [traces(q2[None], decay, inputs, longitudinal)[:, 0] for longitudinal in (True, False)]
    return _kernel(inputs, *parts)


def integrated(
    decay: Decay, inputs: Inputs, q2_min: Float[Array, ""] | None = None, q2_max: Float[Array, ""] | None = None
) -> PolarisationKernel:
    """F_L of the decays between q2_min and q2_max, GeV^2; by default of the whole range."""

    def both(q2: Float[Array, " node"]) -> Float[Array, "2 2 node"]:
        parts = [traces(q2, decay, inputs, longitudinal) for longitudinal in (True, False)]
        return flux(q2, decay.masses) * jnp.stack(parts)

    return _kernel(inputs, *integrate(both, *q2_range(decay, q2_min, q2_max)))


def _kernel(inputs: Inputs, longitudinal: Float[Array, "2"], total: Float[Array, "2"]) -> PolarisationKernel:
    none = jnp.asarray(0.0)
    kernels = [NeutrinoKernel(plus, minus, c_l_sm(inputs), none) for plus, minus in (longitudinal, total)]
    return PolarisationKernel(*kernels)
