"""The masses that enter the kinematics of one decay."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float


class Masses(eqx.Module):
    """Masses of B -> M + invisible, GeV.

    Attributes:
        B: parent meson.
        M: daughter meson.
        b_quark: MS-bar, at the scale of the scalar Wilson coefficients.
        s_quark: MS-bar, same scale.
    """

    B: Float[Array, ""]
    M: Float[Array, ""]
    b_quark: Float[Array, ""]
    s_quark: Float[Array, ""]

    @property
    def q2_max(self) -> Float[Array, ""]:
        """End point (m_B - m_M)^2, GeV^2."""
        return jnp.maximum(self.B - self.M, 0.0) ** 2
