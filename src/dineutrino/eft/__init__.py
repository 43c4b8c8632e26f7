"""Floor 3: Wilson coefficients, their names and their conventions."""

from dineutrino.eft.neutrinos import NeutrinoCoefficients, from_lagrangian, names, to_lagrangian

__all__ = ["NeutrinoCoefficients", "from_lagrangian", "names", "to_lagrangian"]
