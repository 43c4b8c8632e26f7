"""The tree-level background with the same final state: B+ -> tau+ nu followed by tau+ -> M+ nubar.

Narrow tau, no interference with the short-distance amplitude. Source: Kamenik and Smith, arXiv:0908.1174.
"""

from enum import Enum

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.inputs import Inputs


class TauDecay(Enum):
    """tau+ -> M+ nubar: the suffix of the names of the inputs of M+, its CKM element, and whether it is a vector."""

    TO_K = ("K+", "|V_us|", False)
    TO_KSTAR = ("K*+", "|V_us|", True)
    TO_PI = ("pi+", "|V_ud|", False)
    TO_RHO = ("rho+", "|V_ud|", True)

    @property
    def meson(self) -> str:
        """As in `m_K+` and `f_K+`."""
        return self.value[0]

    @property
    def ckm(self) -> str:
        """Name of the input for the CKM element."""
        return self.value[1]

    @property
    def vector(self) -> bool:
        """Whether the meson has spin 1."""
        return self.value[2]


class LongDistance(eqx.Module):
    """Rate and spectrum of the background; the spectrum is linear in q2 between 0 and its end point.

    Attributes:
        branching_ratio: BR(B+ -> tau+ nu) BR(tau+ -> M+ nubar).
        end_point: (m_B^2 - m_tau^2)(m_tau^2 - m_M^2)/m_tau^2, GeV^2.
        slope: 1 for a pseudoscalar, (m_tau^2 - 2 m_M^2)/(m_tau^2 + 2 m_M^2) for a vector: the polarisation of the tau.
    """

    branching_ratio: Float[Array, "*mode"]
    end_point: Float[Array, "*mode"]
    slope: Float[Array, "*mode"]

    @classmethod
    def none(cls) -> "LongDistance":
        """No background: the neutral modes."""
        return cls(jnp.asarray(0.0), jnp.asarray(1.0), jnp.asarray(0.0))

    def differential(self, q2: Float[Array, ""]) -> Float[Array, ""]:
        """dBR/dq2, GeV^-2; zero beyond the end point."""
        x = q2 / self.end_point
        inside = (x >= 0) & (x <= 1)
        return jnp.where(inside, self.branching_ratio * (1 + self.slope * (1 - 2 * x)) / self.end_point, 0.0)

    def below(self, q2: Float[Array, ""]) -> Float[Array, ""]:
        """Branching ratio of the decays with less than q2."""
        x = jnp.clip(q2 / self.end_point, 0.0, 1.0)
        return self.branching_ratio * x * (1 + self.slope * (1 - x))


def background(tau: TauDecay, inputs: Inputs) -> LongDistance:
    """The background of B+ -> M+ nu nubar."""
    m_B, m_tau, m_M = inputs["m_B+"], inputs["m_tau"], inputs[f"m_{tau.meson}"]
    G_F, ratio = inputs["G_F"], (m_M / m_tau) ** 2
    b_to_tau = (
        inputs["tau_B+"] * G_F**2 / (8 * jnp.pi) * m_B * m_tau**2 * (1 - m_tau**2 / m_B**2) ** 2
        * inputs["f_B+"] ** 2 * inputs["|V_ub|"] ** 2
    )  # fmt: skip
    polarisations = 1 + 2 * ratio if tau.vector else 1.0
    tau_to_meson = (
        inputs["tau_tau"] * G_F**2 / (16 * jnp.pi) * m_tau**3 * (1 - ratio) ** 2 * polarisations
        * inputs[f"f_{tau.meson}"] ** 2 * inputs[tau.ckm] ** 2
    )  # fmt: skip
    return LongDistance(
        branching_ratio=b_to_tau * tau_to_meson,
        end_point=(m_B**2 - m_tau**2) * (1 - ratio),
        slope=(1 - 2 * ratio) / (1 + 2 * ratio) if tau.vector else jnp.ones_like(ratio),
    )
