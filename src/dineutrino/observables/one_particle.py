"""B -> K X, B -> K* X, K -> pi X and their like: one invisible particle with flavour-changing couplings to quarks.

The rates are those of a line in the spectrum of the pairs, see `dineutrino.invisible.one_particle`. Where they are
decays of B mesons, they count in the rates with two neutrinos too, since X is not seen either.

K_L is the difference of the neutral kaons: it sees couplings of one phase only. With epsilon_K left out, K_L -> pi0 X
has the real part of a scalar coupling and the imaginary parts of all others. Form factors of K -> pi are those of K_l3
in the limit of isospin: mixing of pi0 with eta, left out, makes K_L -> pi0 X 5% rarer, as it does in kappa_L.
"""

from collections.abc import Callable
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.inputs import Inputs, Quarks
from dineutrino.invisible import OneParticle
from dineutrino.observables.arguments import Whole
from dineutrino.observables.modes import K_LONG, K_PLUS, MODES, Decay, Mode, decay
from dineutrino.observables.observable import Family, Number, OfWhole
from dineutrino.observables.pair_kernel import Integrated
from dineutrino.theory import Theory

Seen = Callable[[OneParticle], OneParticle]
"""From the couplings of X to those that a meson of definite CP sees."""


class OneParticleKernel(eqx.Module):
    """The hadronic side of a decay into one particle.

    Attributes:
        hadrons: form factors, masses and lifetime.
        quarks: of the transition.
        seen: which of the couplings count.
    """

    hadrons: Integrated
    quarks: Quarks = eqx.field(static=True)
    seen: Seen = eqx.field(static=True)

    def rate(self, theory: Theory) -> Float[Array, ""]:
        """The branching ratio; zero where there is no such particle, or where it is too heavy."""
        particle = theory.wet.particle(self.quarks)
        return jnp.asarray(0.0) if particle is None else self.hadrons.line(self.seen(particle))

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, mass and couplings of the particle included."""
        particle = theory.wet.particle(self.quarks)
        if particle is None:
            return []
        return self.hadrons.entries(self.seen(particle)) + [jnp.asarray(leaf) for leaf in jax.tree.leaves(particle)]


def all_couplings(particle: OneParticle) -> OneParticle:
    """A meson that is not its own antiparticle sees every coupling."""
    return particle


def of_k_long(particle: OneParticle) -> OneParticle:
    """K_L sees those that turn it into pi0 X."""
    return particle.seen_by_k_long()


@dataclass(frozen=True)
class OneParticleDecay(OfWhole[OneParticleKernel, Decay]):
    """The branching ratio of a meson into another one and X.

    Attributes:
        mode: the decay with a pair in place of X.
        seen: which couplings count.
    """

    mode: Mode
    seen: Seen

    def family(self, *numbers: float) -> Family:
        """Decays of one transition that see the same couplings."""
        return Family(("one particle", self.mode.transition, self.seen), self.mode)

    def numbers(self, inputs: Inputs, *numbers: Number) -> Decay:
        """Masses and lifetime."""
        return decay(self.mode, inputs)

    def integrate(self, inputs: Inputs, numbers: Decay) -> OneParticleKernel:
        """No integral is left."""
        hadrons = Integrated(numbers, numbers.form_factors(inputs), numbers.time)
        return OneParticleKernel(hadrons, self.mode.quarks, self.seen)

    def end_point(self, inputs: Inputs) -> float:
        """The square of the highest mass of X, GeV^2."""
        return self.mode.end_point(inputs)


def _of(mode: Mode, seen: Seen = all_couplings) -> OneParticleDecay:
    process = mode.tex.replace(r"\nu\bar\nu", " X")
    return OneParticleDecay(
        name=f"BR({mode.name}X)",
        tex=rf"\mathcal{{B}}({process})",
        process=process,
        unit="1",
        description=f"branching ratio, {mode.name} + one invisible particle X",
        source=_SOURCE,
        takes=(Whole,),
        transitions=(mode.transition,),
        value=OneParticleKernel.rate,
        is_fraction=False,
        mode=mode,
        seen=seen,
    )


_SOURCE = "arXiv:2002.04623 (spin 0); arXiv:2309.02940 and arXiv:1506.03970 (helicity amplitudes)"
ONE_PARTICLE = (
    *(_of(mode) for mode in MODES.values() if mode.daughter),
    _of(K_PLUS),
    _of(K_LONG, of_k_long),
)
