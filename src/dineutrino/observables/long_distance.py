"""The tree-level background with the same final state: B+ -> tau+ nu followed by tau+ -> M+ nubar.

Narrow tau, no interference with the short-distance amplitude. Source: Kamenik and Smith, arXiv:0908.1174.
"""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.inputs import Inputs
from dineutrino.observables.modes import Mode


def branching_ratio(mode: Mode, inputs: Inputs) -> Float[Array, ""]:
    """BR(B+ -> tau+ nu) BR(tau+ -> M+ nubar), M = K or K*."""
    m_B, m_tau, m_M = inputs["m_B+"], inputs["m_tau"], inputs[f"m_{mode.daughter}"]
    G_F = inputs["G_F"]
    b_to_tau = (
        inputs["tau_B+"] * G_F**2 / (8 * jnp.pi) * m_B * m_tau**2 * (1 - m_tau**2 / m_B**2) ** 2
        * inputs["f_B+"] ** 2 * inputs["|V_ub|"] ** 2
    )  # fmt: skip
    ratio = m_M**2 / m_tau**2
    spin = 1 + 2 * ratio if mode.spin == 1 else 1.0
    tau_to_meson = (
        inputs["tau_tau"] * G_F**2 / (16 * jnp.pi) * m_tau**3
        * inputs[f"f_{mode.daughter}"] ** 2 * inputs["|V_us|"] ** 2 * (1 - ratio) ** 2 * spin
    )  # fmt: skip
    return b_to_tau * tau_to_meson


class Shape(eqx.Module):
    """The spectrum of the long-distance decays, linear in q2 between 0 and the end point.

    Attributes:
        end_point: (m_B^2 - m_tau^2)(m_tau^2 - m_M^2)/m_tau^2, GeV^2.
        slope: 1 for a pseudoscalar, (m_tau^2 - 2 m_M^2)/(m_tau^2 + 2 m_M^2) for a vector: the polarisation of the tau.
    """

    end_point: Float[Array, ""]
    slope: Float[Array, ""]

    def density(self, q2: Float[Array, "..."]) -> Float[Array, "..."]:
        """Normalised spectrum, GeV^-2."""
        x = q2 / self.end_point
        return jnp.where((x >= 0) & (x <= 1), (1 + self.slope * (1 - 2 * x)) / self.end_point, 0.0)

    def cumulative(self, q2: Float[Array, "..."]) -> Float[Array, "..."]:
        """Fraction of the decays below q2."""
        x = jnp.clip(q2 / self.end_point, 0.0, 1.0)
        return x * (1 + self.slope * (1 - x))


def shape(mode: Mode, inputs: Inputs) -> Shape:
    """Spectrum of B+ -> tau+ nu -> M+ nu nubar."""
    m_B, m_tau, m_M = inputs["m_B+"], inputs["m_tau"], inputs[f"m_{mode.daughter}"]
    slope = (m_tau**2 - 2 * m_M**2) / (m_tau**2 + 2 * m_M**2) if mode.spin == 1 else jnp.ones_like(m_M)
    return Shape((m_B**2 - m_tau**2) * (m_tau**2 - m_M**2) / m_tau**2, slope)
