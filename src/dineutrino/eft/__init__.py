"""Wilson coefficients, their names and their conventions."""

from dineutrino.eft.neutrinos import NeutrinoCoefficients, NuNu, from_lagrangian, names, to_lagrangian
from dineutrino.errors import renamed as _renamed

__all__ = ["NeutrinoCoefficients", "NuNu", "from_lagrangian", "names", "to_lagrangian"]


def __getattr__(name: str) -> object:
    raise _renamed(__name__, name, {"NeutrinoLagrangian": "dineutrino.eft.NuNu, with left and right for L_L and L_R"})
