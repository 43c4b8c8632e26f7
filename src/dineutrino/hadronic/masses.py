"""The masses that enter the kinematics of one decay."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float


class Masses(eqx.Module):
    """Masses of B -> M + invisible, GeV.

    Attributes:
        B: parent meson or baryon.
        M: daughter meson or baryon.
        b_quark: MS-bar, at the scale of the scalar Wilson coefficients.
        light_quark: that of the final state, MS-bar, same scale.
    """

    B: Float[Array, ""]
    M: Float[Array, ""]
    b_quark: Float[Array, ""]
    light_quark: Float[Array, ""]

    @property
    def q2_max(self) -> Float[Array, ""]:
        """End point (m_B - m_M)^2, GeV^2."""
        return jnp.maximum(self.B - self.M, 0.0) ** 2
