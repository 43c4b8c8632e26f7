"""What b -> s may end in: neutrinos with their coefficients, and any number of further invisible pairs."""

import equinox as eqx

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.invisible.pairs import Pair


class FinalStates(eqx.Module):
    """Everything invisible that b -> s goes into.

    Attributes:
        neutrinos: the massless left-handed ones, which the Standard Model has too.
        pairs: further ones, that do not interfere with those or with each other.
    """

    neutrinos: NeutrinoCoefficients
    pairs: tuple[Pair, ...] = ()

    @classmethod
    def of(cls, wilson: "Invisible") -> "FinalStates":
        """Neutrino coefficients are final states too: those without further pairs."""
        return cls(wilson) if isinstance(wilson, NeutrinoCoefficients) else wilson

    @classmethod
    def standard_model(cls) -> "FinalStates":
        """No new physics."""
        return cls(NeutrinoCoefficients.zero())


Invisible = NeutrinoCoefficients | FinalStates
