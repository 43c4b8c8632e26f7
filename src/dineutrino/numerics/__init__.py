"""Floor 0: quadrature and kinematics with finite gradients at the edges. No physics."""

from dineutrino.numerics.kinematics import kallen, sqrt_or_zero
from dineutrino.numerics.quadrature import ORDER, integrate, nodes

__all__ = ["ORDER", "integrate", "kallen", "nodes", "sqrt_or_zero"]
