"""B_s -> invisible: no daughter, no q2, and no rate into massless neutrinos."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.hadronic import Masses, to_nothing
from dineutrino.inputs import Inputs
from dineutrino.invisible import OneParticle, Pair
from dineutrino.observables.arguments import Whole
from dineutrino.observables.modes import Decay
from dineutrino.observables.neutrino_kernel import NeutrinoKernel
from dineutrino.observables.pair_kernel import PairKernel, in_common


class Annihilation(PairKernel):
    """What the rate into a pair needs.

    Attributes:
        masses: of the meson and the quarks.
        decay_constant: GeV.
        weight: multiplies the width.
    """

    masses: Masses
    decay_constant: Float[Array, "*mode"]
    weight: Float[Array, "*mode"]

    def rate(self, pair: Pair) -> Float[Array, ""]:
        """Zero beyond the threshold."""
        hadronic = to_nothing.hadronic_currents(self.decay_constant, self.masses)
        return self.weight * to_nothing.width(hadronic, pair.currents(self.masses.B**2), self.masses)

    def line(self, particle: OneParticle) -> Float[Array, ""]:
        """Zero: a meson does not turn into one particle of another mass."""
        return jnp.zeros_like(self.weight)

    def entries(self, pair: Pair | OneParticle) -> list[Float[Array, "..."]]:
        """The currents that the pair has too; nothing for one particle."""
        if isinstance(pair, OneParticle):
            return []
        hadronic = to_nothing.hadronic_currents(self.decay_constant, self.masses)
        common = in_common(hadronic, pair, self.masses.B**2)
        return [self.weight, *common] if common else []


def integrated(decay: Decay, inputs: Inputs, where: Whole) -> NeutrinoKernel:
    """Kernel of the branching ratio: vector currents of massless neutrinos leave no amplitude."""
    none = jnp.zeros_like(decay.time)
    factor = to_nothing.NORMALISATIONS[inputs.choices["Bs_normalisation"]]
    pairs = Annihilation(decay.masses, inputs["f_B_s"], factor * decay.time)
    return NeutrinoKernel(none, none, none, pairs, decay.quarks)
