"""B -> K X, B -> K* X, K -> pi X and their like: one invisible particle with flavour-changing couplings to quarks.

The rates are those of a line in the spectrum of the pairs, see `dineutrino.invisible.one_particle`. Where they are
decays of B mesons, they count in the rates with two neutrinos too, since X is not seen either.

K_L is the difference of the neutral kaons: it sees couplings of one phase only. With epsilon_K left out, K_L -> pi0 X
has the real part of a scalar coupling and the imaginary parts of all others. Form factors of K -> pi are those of K_l3
in the limit of isospin: mixing of pi0 with eta, left out, makes K_L -> pi0 X 5% rarer, as it does in kappa_L.
"""

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


class OneParticleKernel(eqx.Module):
    """The hadronic side of a decay into one particle.

    Attributes:
        hadrons: form factors, masses and lifetime.
        quarks: of the transition.
        k_long: whether it is a decay of K_L, which sees a part of the couplings.
    """

    hadrons: Integrated
    quarks: Quarks = eqx.field(static=True)
    k_long: bool = eqx.field(static=True)

    def rate(self, theory: Theory) -> Float[Array, ""]:
        """The branching ratio; zero where there is no such particle, or where it is too heavy."""
        particle = self._particle(theory)
        return jnp.asarray(0.0) if particle is None else self.hadrons.line(particle)

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, mass and couplings of the particle included."""
        particle = self._particle(theory)
        if particle is None:
            return []
        return self.hadrons.entries(particle) + [jnp.asarray(leaf) for leaf in jax.tree.leaves(particle)]

    def _particle(self, theory: Theory) -> OneParticle | None:
        """The particle with the couplings that count."""
        particle = theory.wet.particle(self.quarks)
        return particle.seen_by_k_long() if self.k_long and particle is not None else particle


@dataclass(frozen=True)
class OneParticleDecay(OfWhole[OneParticleKernel, Decay]):
    """The branching ratio of a meson into another one and X.

    Attributes:
        mode: the decay with a pair in place of X.
    """

    mode: Mode

    def family(self, *numbers: float) -> Family:
        """Decays of one transition that see the same couplings."""
        return Family(("one particle", self.mode.transition, self.mode.k_long), self.mode)

    def numbers(self, inputs: Inputs, *numbers: Number) -> Decay:
        """Masses and lifetime."""
        return decay(self.mode, inputs)

    def integrate(self, inputs: Inputs, numbers: Decay) -> OneParticleKernel:
        """No integral is left."""
        hadrons = Integrated(numbers, numbers.form_factors(inputs), numbers.time)
        return OneParticleKernel(hadrons, self.mode.quarks, self.mode.k_long)

    def end_point(self, inputs: Inputs) -> float:
        """The square of the highest mass of X, GeV^2."""
        return self.mode.end_point(inputs)


def _of(mode: Mode) -> OneParticleDecay:
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
    )


_SOURCE = "arXiv:2002.04623 (spin 0); arXiv:2309.02940 and arXiv:1506.03970 (helicity amplitudes)"
ONE_PARTICLE = (
    *(_of(mode) for mode in MODES.values() if mode.daughter),
    _of(K_PLUS),
    _of(K_LONG),
)
