"""B -> M + a pair with a mass of its own: the hadronic side is kept, and the integral starts where the pair opens."""

from collections import defaultdict

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.inputs import FormFactorCoefficients
from dineutrino.invisible import Currents, Pair, contract, shared
from dineutrino.numerics import integrate, nodes
from dineutrino.observables.hadronic import hadronic_currents
from dineutrino.observables.modes import Decay
from dineutrino.observables.width import flux

ORDER = 48
"""Nodes of an integral from a threshold on."""


class PairKernel(eqx.Module):
    """Everything but the pair: what the rate into a pair needs from the hadrons."""

    def rate(self, pair: Pair) -> Float[Array, ""]:
        """The rate into one pair."""
        raise NotImplementedError

    def entries(self, pair: Pair) -> list[Float[Array, "..."]]:
        """All numbers of the hadronic side that the rate may depend on; of the pair only the structure counts."""
        raise NotImplementedError

    def total(self, pairs: tuple[Pair, ...]) -> Float[Array, ""]:
        """The rate into all pairs; those of the same kind are one vmapped integral."""
        kinds = defaultdict(list)
        for pair in pairs:
            leaves, structure = jax.tree.flatten(pair)
            kinds[structure].append([jnp.asarray(leaf) for leaf in leaves])
        total = jnp.asarray(0.0)
        for structure, members in kinds.items():
            if len(members) == 1:
                total = total + self.rate(jax.tree.unflatten(structure, members[0]))
            else:
                stacked = [jnp.stack(leaves) for leaves in zip(*members, strict=True)]
                total = total + jnp.sum(jax.vmap(self.rate)(jax.tree.unflatten(structure, stacked)))
        return total


class WithDaughter(PairKernel):
    """B -> M + pair, of any q2.

    Attributes:
        decay: masses.
        coefficients: of the form factors.
        weight: multiplies the width; the lifetime for a branching ratio.
    """

    decay: Decay
    coefficients: FormFactorCoefficients
    weight: Float[Array, "*mode"]

    def entries(self, pair: Pair) -> list[Float[Array, "..."]]:
        """Phase space, and the currents that the pair has too, over the range of q2."""
        q2, _ = nodes(jnp.asarray(0.0), self.decay.masses.q2_max)
        common = in_common(hadronic_currents(q2, self.decay, self.coefficients), pair, q2)
        return [self.weight * flux(q2, self.decay.masses), *common] if common else []


def in_common(hadronic: Currents, pair: Pair, q2: Float[Array, "..."]) -> list[Float[Array, "..."]]:
    """The entries of the hadronic side that the pair has too."""
    invisible = jax.eval_shape(lambda pair: pair.currents(q2), pair)
    return [left for _, left, _ in shared(hadronic, invisible)]


class Integrated(WithDaughter):
    """Between two values of q2, GeV^2; None for the end of the range."""

    lower: Float[Array, "*mode"] | None = None
    upper: Float[Array, "*mode"] | None = None
    longitudinal: bool = eqx.field(static=True, default=False)
    order: int = eqx.field(static=True, default=ORDER)

    def rate(self, pair: Pair) -> Float[Array, ""]:
        """Integral over q2 from the threshold, or the bin edge above it, to the end point."""
        masses = self.decay.masses

        def spectrum(q2: Float[Array, " node"]) -> Float[Array, " node"]:
            hadronic = hadronic_currents(q2, self.decay, self.coefficients, self.longitudinal)
            return flux(q2, masses) * contract(hadronic, pair.currents(q2))

        start = jnp.minimum(pair.threshold, masses.q2_max)
        return self.weight * integrate(spectrum, start, masses.q2_max, self.lower, self.upper, self.order, pole=0.0)


class Differential(WithDaughter):
    """At one q2, GeV^2; without phase space for ratios, which it drops out of."""

    q2: Float[Array, "*mode"]
    longitudinal: bool = eqx.field(static=True, default=False)
    phase_space: bool = eqx.field(static=True, default=True)

    def rate(self, pair: Pair) -> Float[Array, ""]:
        """The spectrum; zero below the threshold."""
        hadronic = hadronic_currents(self.q2, self.decay, self.coefficients, self.longitudinal)
        phase_space = flux(self.q2, self.decay.masses) if self.phase_space else 1.0
        return self.weight * phase_space * contract(hadronic, pair.currents(self.q2))
