"""B -> M + invisible: integrate over q2 once, then contract with the coefficients of massless left-handed neutrinos.

For fixed inputs the rate is a quadratic form in the coefficients of the Lagrangian, and all of q2 is in two numbers:

    BR = sum_{alpha beta} [ plus |a + b|^2 + minus |a - b|^2 ],  a = L_SM delta_{alpha beta} + L_left,  b = L_right.

A pseudoscalar has `minus` = 0; for a vector `plus` is the form factor V, `minus` the other three. Further pairs, with
masses of their own, add their rates, and so does one particle X where its line is in the bin: see `pair_kernel`.
"""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.errors import DineutrinoError
from dineutrino.hadronic import flux
from dineutrino.inputs import DS, Inputs, Quarks
from dineutrino.invisible import OneParticle, Pair, contract, massless_neutrinos
from dineutrino.numerics import abs2, integrate
from dineutrino.numerics.quadrature import ORDER
from dineutrino.observables import pair_kernel
from dineutrino.observables.arguments import AtQ2, InBin, Whole
from dineutrino.observables.modes import Decay
from dineutrino.observables.pair_kernel import PairKernel
from dineutrino.theory import Theory

FEW = 8
"""Nodes in a narrow bin."""


class NeutrinoKernel(eqx.Module):
    """Everything that a rate needs besides the coefficients.

    Attributes:
        plus, minus: branching ratio (or its q2 derivative) per |a + b|^2 and per |a - b|^2, GeV^4 (or GeV^2).
        long_distance: what the coefficients do not touch, in the same unit.
        pairs: for the rate into further pairs or one particle, in the same unit.
        quarks: of the transition.
        k_long: whether it is a decay of K_L, which sees a part of the coefficients.
    """

    plus: Float[Array, "*q2"]
    minus: Float[Array, "*q2"]
    long_distance: Float[Array, "*q2"]
    pairs: PairKernel
    quarks: Quarks = eqx.field(static=True)
    k_long: bool = eqx.field(static=True, default=False)

    def rate(self, theory: Theory) -> Float[Array, "*q2"]:
        """Short plus long distance, summed over all that is invisible."""
        return self.short_distance(theory) + self.long_distance

    def short_distance(self, theory: Theory) -> Float[Array, "*q2"]:
        """All final states, without the background."""
        rate, pairs = self.massless_neutrinos(theory), self._pairs(theory)
        if pairs:
            rate = rate + self.pairs.total(pairs)
        particle = self._particle(theory)
        return rate if particle is None else rate + self.pairs.line(particle)

    def massless_neutrinos(self, theory: Theory) -> Float[Array, "*q2"]:
        """The quadratic form in the coefficients, summed over flavours.

        Source: marzocca2024 (arXiv:2404.06533) eq. (A3), with delta_{alpha beta} and the complex conjugation restored.
        """
        new_physics = theory.wet.neutrinos(self.quarks)
        left, right = theory.standard_model(self.quarks) + new_physics.left, new_physics.right
        sum_, difference = self._seen(left + right), self._seen(left - right)
        return self.plus * jnp.sum(abs2(sum_)) + self.minus * jnp.sum(abs2(difference))

    def ratio(self, theory: Theory) -> Float[Array, "*q2"]:
        """The short-distance rate over its Standard Model value."""
        alone = jnp.sum(abs2(self._seen(theory.standard_model(self.quarks)))) * (self.plus + self.minus)
        return self.short_distance(theory) / alone

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, those of its new physics in this transition included."""
        found: list[Array] = [self.plus, self.minus, theory.standard_model(self.quarks), self.long_distance]
        pairs, particle = self._pairs(theory), self._particle(theory)
        for pair in pairs:
            found += self.pairs.entries(pair)
        if particle is not None:
            found += self.pairs.entries(particle)
        new_physics = (theory.wet.neutrinos(self.quarks), pairs, particle)
        return found + [jnp.asarray(leaf) for leaf in jax.tree.leaves(new_physics)]

    def _seen(self, lagrangian: Complex[Array, "3 3"]) -> Complex[Array, "3 3"]:
        """K_L is half the one kaon and half the other, for which L is L^dagger: it sees (L - L^dagger)/2."""
        return (lagrangian - lagrangian.conj().T) / 2 if self.k_long else lagrangian

    def _pairs(self, theory: Theory) -> tuple[Pair, ...]:
        """Further pairs in this transition, with the couplings that count."""
        pairs = theory.wet.pairs(self.quarks)
        return tuple(pair.seen_by_k_long() for pair in pairs) if self.k_long else pairs

    def _particle(self, theory: Theory) -> OneParticle | None:
        """One particle in this transition.

        Raises:
            DineutrinoError: beside K -> pi nu nubar, which is measured away from lines.
        """
        particle = theory.wet.particle(self.quarks)
        if particle is not None and self.quarks == DS:
            raise DineutrinoError(
                "K -> pi nu nubar is measured away from some masses of a particle X in K -> pi X, so that it cannot be "
                "added; take BR(K+->piX) and BR(KL->piX), or leave out the couplings of X to s -> d."
            )
        return particle


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
    hadronic = decay.currents(q2, decay.form_factors(inputs), longitudinal)
    return jnp.stack([jnp.broadcast_to(contract(hadronic, side), q2.shape) for side in massless_neutrinos()])


def density(q2: Float[Array, " node"], decay: Decay, inputs: Inputs) -> Float[Array, "2 node"]:
    """Short-distance dBR/dq2 per |a + b|^2 and per |a - b|^2, GeV^2; zero beyond the end point."""
    return decay.time * flux(q2, decay.masses) * traces(q2, decay, inputs)


def differential(decay: Decay, inputs: Inputs, where: AtQ2) -> NeutrinoKernel:
    """Kernel of dBR/dq2 at one q2, GeV^-2."""
    plus, minus = density(where.q2[None], decay, inputs)[:, 0]
    tau = decay.long_distance
    background = jnp.zeros_like(plus) if tau is None else tau.differential(where.q2)
    pairs = pair_kernel.Differential(decay, decay.form_factors(inputs), decay.time, where.q2)
    return NeutrinoKernel(plus, minus, background, pairs, decay.quarks, decay.k_long)


def integrated(decay: Decay, inputs: Inputs, where: Whole | InBin) -> NeutrinoKernel:
    """Kernel of the branching ratio of all decays, or of those in a bin, with few nodes if it is narrow."""
    if isinstance(where, InBin) and where.narrow:
        return _between(decay, inputs, where, jnp.asarray(1.0), FEW, FEW)
    return _between(decay, inputs, where, jnp.asarray(1.0))


def averaged(decay: Decay, inputs: Inputs, where: InBin) -> NeutrinoKernel:
    """Kernel of dBR/dq2 averaged over a bin, GeV^-2."""
    return _between(decay, inputs, where, 1 / (where.upper - where.lower))


def _between(
    decay: Decay,
    inputs: Inputs,
    where: Whole | InBin,
    factor: Float[Array, ""],
    order: int = ORDER,
    pair_order: int = pair_kernel.ORDER,
) -> NeutrinoKernel:
    (start, end), (q2_min, q2_max) = (jnp.asarray(0.0), decay.masses.q2_max), where.edges
    if decay.table is None or isinstance(where, InBin):
        plus, minus = factor * integrate(lambda q2: density(q2, decay, inputs), start, end, q2_min, q2_max, order)
    else:
        plus, minus = decay.table
    tau = decay.long_distance
    if tau is None:
        background = jnp.zeros_like(plus)
    else:
        below = tau.below(end if q2_max is None else q2_max) - tau.below(start if q2_min is None else q2_min)
        background = factor * below
    time = factor * decay.time
    pairs = pair_kernel.Integrated(decay, decay.form_factors(inputs), time, q2_min, q2_max, order=pair_order)
    return NeutrinoKernel(plus, minus, background, pairs, decay.quarks, decay.k_long)
