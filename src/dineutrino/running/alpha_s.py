"""The strong coupling at any scale."""

from jaxtyping import Array, Float

from dineutrino.inputs import Inputs
from dineutrino.running.theories import Thresholds, perturbative, theories


def alpha_s(
    mu: Float[Array, "*batch"] | float,
    inputs: Inputs,
    flavours: int | None = None,
    *,
    loops: int = 4,
    thresholds: Thresholds | None = None,
) -> Float[Array, "*batch"]:
    """alpha_s(mu), MSbar, from its value at m_Z.

    Args:
        mu: GeV, at least 1.
        inputs: alpha_s, m_Z, m_c(m_c), m_b(m_b), m_t(m_t).
        flavours: 3 to 6; without it those whose threshold is below mu.
        loops: of the beta function, 1 to 5; decoupling has one less.
        thresholds: scales of the decoupling; without them m_c(m_c), m_b(m_b), m_t(m_t).

    Raises:
        DineutrinoError: flavours or loops out of range, or a scale below 1 GeV (nan if it is traced).

    Source: arXiv:1606.08659 (running), hep-ph/0512058 and hep-ph/0512060 (decoupling).
    """
    return theories(inputs, loops, thresholds).at(perturbative(mu), flavours).alpha_s
