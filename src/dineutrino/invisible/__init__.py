"""The other side of the decay, the spectral functions of a pair of invisible particles or of a single one."""

from dineutrino.errors import renamed as _renamed
from dineutrino.invisible.dark_fermion_pair import FermionOperators, dark_fermion_pair
from dineutrino.invisible.fermion_pair import Couplings, fermion_pair
from dineutrino.invisible.majorana_pair import majorana_pair, neutrino_pair, unordered_pairs
from dineutrino.invisible.massless_neutrinos import massless_neutrinos
from dineutrino.invisible.one_particle import OneParticle, OneScalar, OneVector
from dineutrino.invisible.operators import from_names
from dineutrino.invisible.pairs import DarkFermions, DarkScalars, DarkVectors, Fermions, Pair, Peak, neutrino_pairs
from dineutrino.invisible.scalar_pair import ScalarOperators, scalar_pair
from dineutrino.invisible.spectrum import JUST_ABOVE, Currents, SpinOne, SpinZero, contract, shared
from dineutrino.invisible.vector_pair import VectorOperators, vector_pair

__all__ = [
    "JUST_ABOVE",
    "Couplings",
    "Currents",
    "DarkFermions",
    "DarkScalars",
    "DarkVectors",
    "FermionOperators",
    "Fermions",
    "OneParticle",
    "OneScalar",
    "OneVector",
    "Pair",
    "Peak",
    "ScalarOperators",
    "SpinOne",
    "SpinZero",
    "VectorOperators",
    "contract",
    "dark_fermion_pair",
    "fermion_pair",
    "from_names",
    "majorana_pair",
    "massless_neutrinos",
    "neutrino_pair",
    "neutrino_pairs",
    "scalar_pair",
    "shared",
    "unordered_pairs",
    "vector_pair",
]


def __getattr__(name: str) -> object:
    raise _renamed(
        __name__,
        name,
        {"FinalStates": "dineutrino.theory.Wet.b_to_s(nunu, pairs)", "Invisible": "dineutrino.theory.NewPhysics"},
    )
