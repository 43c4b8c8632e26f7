"""All that one point of parameter space says about nature: observables are computed from this and nothing else."""

from typing import Generic, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex

from dineutrino.eft import NeutrinoCoefficients, NuNu, to_lagrangian
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import DB, DS, SB, Inputs, Quarks, neutrino_currents
from dineutrino.inputs.quarks import ALL
from dineutrino.invisible import Pair

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


class Wet(eqx.Module):
    """New physics below m_W by sector, each at the scale where it is observed; the Standard Model is not in it.

    Attributes:
        nunu: vector currents of massless left-handed neutrinos, which interfere with those of the Standard Model.
        dark: further invisible pairs, which interfere neither with those nor with each other.
    """

    nunu: Flavours[NuNu]
    dark: Flavours[tuple[Pair, ...]]

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


class Theory(eqx.Module):
    """One point of parameter space: what nature and the lattice tell us there, and the new physics.

    Attributes:
        inputs: Standard Model parameters and form factors, nuisances included.
        wet: new physics, GeV^-2.
    """

    inputs: Inputs
    wet: Wet

    def standard_model(self, quarks: Quarks) -> Complex[Array, "3 3"]:
        """Vector currents of neutrinos and left-handed quarks in the Standard Model, GeV^-2, index (alpha, beta)."""
        return neutrino_currents(self.inputs, quarks)


NewPhysics = NeutrinoCoefficients | Wet | Theory
"""Ways to say what new physics there is at one point; C_L and C_R, of b -> s, are other Lagrangians at other inputs."""


def theory_of(new_physics: NewPhysics, inputs: Inputs) -> Theory:
    """The theory with this new physics at these inputs. Of a `Theory` only its new physics is kept."""
    if isinstance(new_physics, NeutrinoCoefficients):
        return Theory(inputs, Wet.b_to_s(NuNu(*to_lagrangian(new_physics, inputs))))
    return Theory(inputs, new_physics.wet if isinstance(new_physics, Theory) else new_physics)
