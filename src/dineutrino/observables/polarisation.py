"""F_L: the fraction of longitudinally polarised K* in B -> K* + invisible."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol, runtime_checkable

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.hadronic import flux
from dineutrino.inputs import FormFactorCoefficients, Inputs
from dineutrino.numerics import integrate
from dineutrino.observables import pair_kernel
from dineutrino.observables.arguments import Arguments, AtQ2, InBin, Whole
from dineutrino.observables.modes import Decay
from dineutrino.observables.neutrino_kernel import NeutrinoKernel, traces
from dineutrino.observables.pair_kernel import PairKernel
from dineutrino.theory import Theory


class PolarisationKernel(eqx.Module):
    """Kernels of the longitudinal and of the whole short-distance rate, in a common unit that drops out."""

    longitudinal: NeutrinoKernel
    total: NeutrinoKernel

    def fraction(self, theory: Theory) -> Float[Array, ""]:
        """F_L, dimensionless: amplitudes with A_12, T_23 and A_0 over all of them. Source: arXiv:1409.4557 sec. 2.

        Where nothing at all is produced there is no fraction: nan, with gradient zero.
        """
        total = self.total.short_distance(theory)
        produced = total > 0
        fraction = self.longitudinal.short_distance(theory) / jnp.where(produced, total, 1.0)
        return jnp.where(produced, fraction, jnp.nan)

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers of both kernels that matter in such a theory."""
        return self.longitudinal.entries(theory) + self.total.entries(theory)


def fractions(decay: Decay, inputs: Inputs, where: Arguments) -> PolarisationKernel:
    """F_L of the decays at one q2, in a bin, or of all."""
    if isinstance(where, AtQ2):
        return differential(decay, inputs, where)
    return integrated(decay, inputs, where)


def differential(decay: Decay, inputs: Inputs, where: AtQ2) -> PolarisationKernel:
    """F_L at one q2, GeV^2. Phase space drops out, so the end points are regular: 1 at q2 = 0, 1/3 at the other end."""
    parts = [traces(where.q2[None], decay, inputs, longitudinal)[:, 0] for longitudinal in (True, False)]
    return _kernel(decay, inputs, parts, partial(pair_kernel.Differential, q2=where.q2, phase_space=False))


def integrated(decay: Decay, inputs: Inputs, where: Whole | InBin) -> PolarisationKernel:
    """F_L of all decays, or of those in a bin."""
    lower, upper = where.edges

    def both(q2: Float[Array, " node"]) -> Float[Array, "2 2 node"]:
        parts = [traces(q2, decay, inputs, longitudinal) for longitudinal in (True, False)]
        return flux(q2, decay.masses) * jnp.stack(parts)

    parts = jnp.unstack(integrate(both, jnp.asarray(0.0), decay.masses.q2_max, lower, upper))
    return _kernel(decay, inputs, parts, partial(pair_kernel.Integrated, lower=lower, upper=upper))


@runtime_checkable
class Pairs(Protocol):
    """What makes the kernel of other pairs of the same decay, of all or of longitudinal daughters."""

    def __call__(
        self,
        decay: Decay,
        coefficients: FormFactorCoefficients,
        weight: Float[Array, ""],
        *,
        longitudinal: bool,
    ) -> PairKernel:
        """The kernel, multiplied by a weight."""
        ...


def _kernel(decay: Decay, inputs: Inputs, parts: Sequence[Float[Array, "2"]], pairs: Pairs) -> PolarisationKernel:
    """Both kernels without the lifetime, which drops out."""
    none, one, coefficients = jnp.asarray(0.0), jnp.asarray(1.0), decay.form_factors(inputs)
    kernels = [
        NeutrinoKernel(plus, minus, none, pairs(decay, coefficients, one, longitudinal=longitudinal), decay.quarks)
        for (plus, minus), longitudinal in zip(parts, (True, False), strict=True)
    ]
    return PolarisationKernel(*kernels)
