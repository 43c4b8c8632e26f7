"""Floor 3: Wilson coefficients, their names and their conventions."""

from dineutrino.eft.neutrinos import NeutrinoCoefficients, NeutrinoLagrangian, from_lagrangian, names, to_lagrangian

__all__ = ["NeutrinoCoefficients", "NeutrinoLagrangian", "from_lagrangian", "names", "to_lagrangian"]
