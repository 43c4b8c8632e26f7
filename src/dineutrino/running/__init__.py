"""How couplings, quark masses and Wilson coefficients change with the scale."""

from dineutrino.running.alpha_s import alpha_s
from dineutrino.running.quark_masses import mass_ratio, quark_mass
from dineutrino.running.scalar_tensor import leading_factor, scalar_factor, tensor_factor
from dineutrino.running.theories import Thresholds

__all__ = [
    "Thresholds",
    "alpha_s",
    "leading_factor",
    "mass_ratio",
    "quark_mass",
    "scalar_factor",
    "tensor_factor",
]
