"""All that one point of parameter space says about nature: observables are computed from this and nothing else."""

from collections.abc import Callable
from typing import Generic, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex

from dineutrino.eft import NeutrinoCoefficients, NuNu, to_lagrangian
from dineutrino.eft.charged import Charged, RightHanded
from dineutrino.eft.dipoles import Dipole
from dineutrino.eft.leptons import LL
from dineutrino.eft.mixing import DeltaF2
from dineutrino.eft.weak_decays import WeakDecays
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import DB, DS, SB, Inputs, Quarks, ckm_matrix, neutrino_currents
from dineutrino.inputs.quarks import ALL
from dineutrino.invisible import OneParticle, Pair
from dineutrino.matching.charged import charged_below
from dineutrino.matching.charm_mixing import charm_mixing_below
from dineutrino.matching.descent import Smeft
from dineutrino.matching.dipoles import dipoles_below
from dineutrino.matching.leptons import leptons_below
from dineutrino.matching.mixing import mixing_below
from dineutrino.matching.weak_decays import weak_decays_below

Sector = TypeVar("Sector")


class Flavours(eqx.Module, Generic[Sector]):
    """The same sector of couplings for each transition of down quarks; None costs nothing.

    Attributes:
        sb: of the operators sbar ... b.
        db: of the operators dbar ... b.
        ds: of the operators dbar ... s.
    """

    sb: Sector | None = None
    db: Sector | None = None
    ds: Sector | None = None

    def of(self, quarks: Quarks) -> Sector | None:
        """The sector of one transition."""
        return {SB: self.sb, DB: self.db, DS: self.ds}[quarks]

    @property
    def named(self) -> dict[str, Sector]:
        """Those that are there, by name."""
        sectors = {"sb": self.sb, "db": self.db, "ds": self.ds}
        return {name: sector for name, sector in sectors.items() if sector is not None}


class Wet(eqx.Module):
    """New physics below m_W by sector, each at the scale where it is observed; the Standard Model is not in it.

    Attributes:
        nunu: vector currents of massless left-handed neutrinos, which interfere with those of the Standard Model.
        dark: further invisible pairs, which interfere neither with those nor with each other.
        one: a single invisible particle X, whose couplings to each transition have the same mass.
        ll: currents of two charged leptons.
        mixing: of neutral mesons, at the scales of their bag parameters.
        dipoles: couplings of two quarks to photons and gluons, at the scales of `ll`.
        charged: charged currents of the b quark, at mu_b.
        right_handed: those of right-handed neutrinos N with masses of their own, at mu_b.
        weak_decays: of muons and taus, and of u with d or s quarks.
        charm_mixing: of the D0, at the scale of its matrix elements.
    """

    nunu: Flavours[NuNu]
    dark: Flavours[tuple[Pair, ...]]
    ll: Flavours[LL] = eqx.field(default_factory=Flavours)
    mixing: Flavours[DeltaF2] = eqx.field(default_factory=Flavours)
    dipoles: Flavours[Dipole] = eqx.field(default_factory=Flavours)
    charged: Charged | None = None
    one: Flavours[OneParticle] = eqx.field(default_factory=Flavours)
    weak_decays: WeakDecays | None = None
    charm_mixing: DeltaF2 | None = None
    right_handed: RightHanded | None = None

    @classmethod
    def b_to_s(cls, nunu: NuNu | None = None, dark: tuple[Pair, ...] = ()) -> "Wet":
        """New physics in b -> s alone; by default none."""
        return cls(Flavours(sb=NuNu.zero() if nunu is None else nunu), Flavours(sb=dark))

    def neutrinos(self, quarks: Quarks) -> NuNu:
        """Vector currents of massless neutrinos in one transition."""
        found = self.nunu.of(quarks)
        return NuNu.zero() if found is None else found

    def pairs(self, quarks: Quarks) -> tuple[Pair, ...]:
        """Further invisible pairs in one transition."""
        return self.dark.of(quarks) or ()

    def particle(self, quarks: Quarks) -> OneParticle | None:
        """The single invisible particle that one transition may emit."""
        return self.one.of(quarks)

    def check(self) -> None:
        """Refuse masses out of their range, and numbers that are not finite.

        Raises:
            DineutrinoError: the values being known, that is outside of jit.
        """
        if not all(np.all(np.isfinite(leaf)) for leaf in jax.tree.leaves(self)):
            raise DineutrinoError("a coefficient or a mass of the final states is not finite.")
        for quarks in ALL:
            for pair in self.pairs(quarks):
                pair.currents(jnp.asarray(1.0))
            if (particle := self.particle(quarks)) is not None:
                particle.currents()
        if self.right_handed is not None:
            self.right_handed.check()


class Beyond(eqx.Module):
    """New physics of one point, without the inputs that go with it.

    Attributes:
        wet: new physics below m_W, GeV^-2.
        smeft: new physics above m_W, if it is known there.
    """

    wet: Wet
    smeft: Smeft | None = None


class Theory(eqx.Module):
    """One point of parameter space: what nature and the lattice tell us there, and the new physics.

    Attributes:
        inputs: Standard Model parameters and form factors, nuisances included.
        wet: new physics below m_W, GeV^-2.
        smeft: new physics above m_W; None for what is not known there. What it makes below m_W comes on top of `wet`,
            but for the vector currents of neutrinos, which are all in `wet`.
    """

    inputs: Inputs
    wet: Wet
    smeft: Smeft | None = None

    @property
    def beyond(self) -> Beyond:
        """The new physics alone."""
        return Beyond(self.wet, self.smeft)

    def standard_model(self, quarks: Quarks) -> Complex[Array, "3 3"]:
        """Vector currents of neutrinos and left-handed quarks in the Standard Model, GeV^-2, index (alpha, beta)."""
        return neutrino_currents(self.inputs, quarks)

    def leptons(self, quarks: Quarks) -> LL:
        """Currents of two charged leptons in one transition: those given there, and those that come from above m_W."""
        return self._sum(self.wet.ll.of(quarks), lambda smeft: leptons_below(smeft, quarks), LL.zero)

    def dipoles(self, quarks: Quarks) -> Dipole:
        """Dipoles of one transition: those given there, and those that come from above m_W."""
        return self._sum(self.wet.dipoles.of(quarks), lambda smeft: dipoles_below(smeft, quarks), Dipole.zero)

    def mixing(self, quarks: Quarks) -> DeltaF2:
        """New physics in the mixing of the meson with these quarks, at the scale of its bag parameters."""
        return self._sum(self.wet.mixing.of(quarks), lambda smeft: mixing_below(smeft, quarks), DeltaF2.zero)

    def charm_mixing(self) -> DeltaF2:
        """New physics in the mixing of the D0, matched with the CKM matrix of this point."""
        return self._sum(
            self.wet.charm_mixing, lambda smeft: charm_mixing_below(smeft, ckm_matrix(self.inputs)), DeltaF2.zero
        )

    def charged(self) -> Charged:
        """New physics in charged currents of the b quark at mu_b, matched with the CKM matrix of this point."""
        return self._sum(self.wet.charged, lambda smeft: charged_below(smeft, ckm_matrix(self.inputs)), Charged.zero)

    def weak_decays(self) -> WeakDecays:
        """New physics in decays of muons and taus, and in charged currents of light quarks."""
        return self._sum(
            self.wet.weak_decays, lambda smeft: weak_decays_below(smeft, ckm_matrix(self.inputs)), WeakDecays.zero
        )

    def _sum(self, given: Sector | None, below: Callable[[Smeft], Sector], none: Callable[[], Sector]) -> Sector:
        """What is given below m_W and what comes from above it."""
        if self.smeft is None:
            return none() if given is None else given
        from_above = below(self.smeft)
        return from_above if given is None else jax.tree.map(jnp.add, given, from_above)


NewPhysics = NeutrinoCoefficients | Wet | Beyond | Theory
"""Ways to say what new physics there is at one point; C_L and C_R, of b -> s, are other Lagrangians at other inputs."""


def theory_of(new_physics: NewPhysics, inputs: Inputs) -> Theory:
    """The theory with this new physics at these inputs. Of a `Theory` only its new physics is kept."""
    if isinstance(new_physics, NeutrinoCoefficients):
        return Theory(inputs, Wet.b_to_s(NuNu(*to_lagrangian(new_physics, inputs))))
    if isinstance(new_physics, Wet):
        return Theory(inputs, new_physics)
    return Theory(inputs, new_physics.wet, new_physics.smeft)
