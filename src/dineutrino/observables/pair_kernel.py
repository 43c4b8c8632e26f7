"""B -> M + a pair with a mass of its own, or one particle: the hadronic side is kept, and meets theirs.

The integral over a pair starts where the pair opens; one particle is a line at q2 = m_X^2.
"""

from collections import defaultdict

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.errors import DineutrinoError
from dineutrino.hadronic import flux
from dineutrino.inputs import FormFactorCoefficients
from dineutrino.invisible import JUST_ABOVE, Currents, OneParticle, Pair, Peak, contract, shared
from dineutrino.numerics import integrate, nodes
from dineutrino.observables.modes import Decay

ORDER = 48
"""Nodes of an integral from a threshold on."""
FINER = 80
"""Nodes of a second integral, for kinds of pairs that are not known to be smooth."""
TOLERANCE = 1e-6
"""Relative difference of the two, above which neither is trusted."""


class PairKernel(eqx.Module):
    """Everything but the invisible side: what rates into pairs, or one particle, need from the hadrons."""

    def rate(self, pair: Pair) -> Float[Array, ""]:
        """The rate into one pair."""
        raise NotImplementedError

    def line(self, particle: OneParticle) -> Float[Array, ""]:
        """The rate into one particle."""
        raise NotImplementedError

    def entries(self, invisible: Pair | OneParticle) -> list[Float[Array, "..."]]:
        """All numbers of the hadronic side that the rate may depend on; of the other only the structure counts."""
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

    def entries(self, invisible: Pair | OneParticle) -> list[Float[Array, "..."]]:
        """Phase space, and the currents that the invisible side has too, over the range of q2."""
        q2, _ = nodes(jnp.asarray(0.0), self.decay.masses.q2_max)
        common = in_common(self.decay.currents(q2, self.coefficients), invisible, q2)
        return [self.weight * flux(q2, self.decay.masses), *common] if common else []


def in_common(hadronic: Currents, invisible: Pair | OneParticle, q2: Float[Array, "..."]) -> list[Float[Array, "..."]]:
    """The entries of the hadronic side that the invisible one has too."""

    def currents(invisible: Pair | OneParticle) -> Currents:
        return invisible.currents() if isinstance(invisible, OneParticle) else invisible.currents(q2)

    return [left for _, left, _ in shared(hadronic, jax.eval_shape(currents, invisible))]


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
            hadronic = self.decay.currents(q2, self.coefficients, self.longitudinal)
            return flux(q2, masses) * contract(hadronic, pair.currents(q2))

        start = jnp.minimum(pair.threshold, masses.q2_max)
        peaks = jnp.stack([peak.pole for peak in pair.peaks]) if pair.peaks else None

        def integral(order: int) -> Float[Array, ""]:
            return integrate(spectrum, start, masses.q2_max, self.lower, self.upper, order, 0.0, peaks)

        if pair.smooth:
            return self.weight * integral(self.order)
        return self.weight * agreed(integral(ORDER), integral(FINER), pair)

    def line(self, particle: OneParticle) -> Float[Array, ""]:
        """The whole rate if the line is in the bin, which begins with its lower edge; zero if not, or too heavy."""
        q2, end = particle.q2, self.decay.masses.q2_max
        seen = q2 < end
        if self.lower is not None:
            seen = seen & (q2 >= self.lower)
        if self.upper is not None:
            seen = seen & (q2 < self.upper)
        inside = jnp.where(seen, q2, end / 2)
        hadronic = self.decay.currents(inside, self.coefficients, self.longitudinal)
        rate = self.weight * flux(inside, self.decay.masses) * contract(hadronic, particle.currents())
        return jnp.where(seen, rate, 0.0 * q2)  # nan for a mass that is nan


def agreed(value: Float[Array, ""], finer: Float[Array, ""], pair: Pair) -> Float[Array, ""]:
    """The integral over a pair, if a finer rule finds the same; nan if it does not and the values are traced.

    Raises:
        DineutrinoError: if it does not, and the values are known.
    """
    difference = jnp.abs(value - finer)
    differs = difference > TOLERANCE * jnp.abs(finer)
    if not isinstance(differs, jax.core.Tracer) and differs:
        raise DineutrinoError(
            f"the spectral functions of {type(pair).__name__} cannot be integrated over q2, two orders of quadrature "
            f"differ by {float(difference / jnp.abs(finer)):.1g} of the rate; state the mass and width of each peak, "
            f"or a small width at each bend, in its 'peaks', which has {_listed(pair.peaks)}."
        )
    return jnp.where(differs, jnp.nan, value)


def _listed(peaks: tuple[Peak, ...]) -> str:
    """Masses and widths for a message."""
    return ", ".join(f"{float(p.mass):.6g} GeV with width {float(p.width):.3g} GeV" for p in peaks) or "none"


class Differential(WithDaughter):
    """At one q2, GeV^2; without phase space for ratios, which it drops out of."""

    q2: Float[Array, "*mode"]
    longitudinal: bool = eqx.field(static=True, default=False)
    phase_space: bool = eqx.field(static=True, default=True)

    def rate(self, pair: Pair) -> Float[Array, ""]:
        """The spectrum; zero below the threshold, and at q2 = 0 its limit from above.

        The spectral function of a massless pair may have a pole at q2 = 0 that the hadronic side cancels, so both sides
        are taken at one q2 just above.
        """
        at_pole = (self.q2 == 0) & (jnp.asarray(pair.threshold) == 0)
        q2 = self.q2 + jnp.where(at_pole, JUST_ABOVE, 0.0)
        hadronic = self.decay.currents(q2, self.coefficients, self.longitudinal)
        phase_space = flux(q2, self.decay.masses) if self.phase_space else 1.0
        return self.weight * phase_space * contract(hadronic, pair.currents(q2))

    def line(self, particle: OneParticle) -> Float[Array, ""]:
        """There is none.

        Raises:
            DineutrinoError: always.
        """
        raise DineutrinoError(
            "one particle X makes a line at q2 = m_X^2, and no spectrum has a value there: take rates or bins of q2."
        )
