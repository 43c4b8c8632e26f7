"""Quadrature and kinematics with finite gradients at the edges. No physics."""

from dineutrino.numerics.kinematics import abs2, kallen, sqrt_or_zero
from dineutrino.numerics.quadrature import ORDER, integrate, nodes

__all__ = ["ORDER", "abs2", "integrate", "kallen", "nodes", "sqrt_or_zero"]
