"""Floor 5: the other side of the decay, the spectral functions of a pair of invisible particles."""

from dineutrino.invisible.fermion_pair import Couplings, fermion_pair
from dineutrino.invisible.massless_neutrinos import massless_neutrinos
from dineutrino.invisible.spectrum import Currents, SpinOne, SpinZero, contract

__all__ = [
    "Couplings",
    "Currents",
    "SpinOne",
    "SpinZero",
    "contract",
    "fermion_pair",
    "massless_neutrinos",
]
