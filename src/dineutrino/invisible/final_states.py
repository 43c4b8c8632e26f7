"""What b -> s may end in: neutrinos with their coefficients, and any number of further invisible pairs."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from dineutrino.eft import NeutrinoCoefficients, NeutrinoLagrangian
from dineutrino.errors import DineutrinoError
from dineutrino.invisible.pairs import Pair


class FinalStates(eqx.Module):
    """Everything invisible that b -> s goes into.

    Attributes:
        neutrinos: the massless left-handed ones, which the Standard Model has too.
        pairs: further ones, that do not interfere with those or with each other.
        lagrangian: more of the massless ones, in GeV^-2, where the normalisation of C_L and C_R must not be fixed.
    """

    neutrinos: NeutrinoCoefficients
    pairs: tuple[Pair, ...] = ()
    lagrangian: NeutrinoLagrangian | None = None

    @classmethod
    def of(cls, wilson: "Invisible") -> "FinalStates":
        """Neutrino coefficients are final states too: those without further pairs."""
        return cls(wilson) if isinstance(wilson, NeutrinoCoefficients) else wilson

    @classmethod
    def standard_model(cls) -> "FinalStates":
        """No new physics."""
        return cls(NeutrinoCoefficients.zero())

    def check(self) -> None:
        """Refuse masses out of their range, and numbers that are not finite.

        Raises:
            DineutrinoError: the values being known, that is outside of jit.
        """
        if not all(np.all(np.isfinite(leaf)) for leaf in jax.tree.leaves(self)):
            raise DineutrinoError("a coefficient or a mass of the final states is not finite.")
        for pair in self.pairs:
            pair.currents(jnp.asarray(1.0))


Invisible = NeutrinoCoefficients | FinalStates
