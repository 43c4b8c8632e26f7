"""b -> c l N with a right-handed neutrino of any mass, from explicit gamma matrices and the spin vector of the lepton.

Shares nothing with the package: the five currents keep their chiral projectors, and a helicity is projected out by
(1 + h gamma_5 sslash)/2 in the rest frame of the pair.
"""

import numpy as np
from brute_force import GAMMA, GAMMA5, METRIC, SIGMA, meson_elements, phase_space, slash
from brute_force_baryon import elements as baryon_elements
from brute_force_baryon import frame

ONE = np.eye(4)
RIGHT = (ONE + GAMMA5) / 2


def vertex(elements, x):
    """The Dirac matrix between ubar(l) and v(N) for coefficients (VL, VR, SL, SR, T), all with P_R on its right."""
    vector, axial, scalar, pseudoscalar, tensor = elements
    VL, VR, SL, SR, T = x
    sigma = np.einsum("mn,ma,nb,abij->ij", tensor, METRIC, METRIC, SIGMA)
    quarks = slash(VL * (vector - axial) / 2 + VR * (vector + axial) / 2)
    quarks = quarks + (SL * (scalar - pseudoscalar) / 2 + SR * (scalar + pseudoscalar) / 2) * ONE
    return (quarks + T * sigma) @ RIGHT  # (sigma P_R) x (sigma P_R) is sigma x (sigma P_R)


def traced(matrix, p, m, p_N, m_N, helicity=None):
    """The squared amplitude ubar(p) matrix v(p_N), summed over spins but for the helicity of the lepton."""
    bar = GAMMA[0] @ matrix.conj().T @ GAMMA[0]
    spins = ONE
    if helicity is not None:
        momentum = np.linalg.norm(p[1:])
        s = np.array([momentum, *(p[0] * p[1:] / momentum)]) / m
        spins = (ONE + helicity * GAMMA5 @ slash(s)) / 2
    return np.trace((slash(p) + m * ONE) @ spins @ matrix @ (slash(p_N) - m_N * ONE) @ bar).real


def width(q2, m_B, m_D, m_b, m_c, ff, m, m_N, x, helicity=None, longitudinal=False):
    """dGamma/dq2 in GeV^-1 for coefficients in GeV^-2; of a baryon averaged over its spin."""
    baryon = "h_perp" in ff
    if baryon:
        p, k, _ = frame(q2, m_B, m_D)
        each = baryon_elements(q2, p, k, ff, m_B, m_D, m_b, m_c)
    else:
        each = meson_elements(q2, m_B, m_D, m_b, m_c, ff, longitudinal)
    vertices = [vertex(elements, x) for elements in each]

    def squared(p, p_N):
        return sum(traced(matrix, p, m, p_N, m_N, helicity) for matrix in vertices)

    return phase_space(q2, m_B, m_D, m, m_N, squared) / (2 if baryon else 1)


def annihilation(m_B, f, m_b, m_u, m, m_N, x):
    """Gamma(B -> l N), GeV: <0|ubar gamma^mu gamma_5 b|B> = i f p^mu, <0|ubar gamma_5 b|B> = -i f m_B^2/(m_b + m_u)."""
    p = np.array([m_B, 0.0, 0.0, 0.0])
    none = np.zeros((4, 4))
    matrix = vertex((np.zeros(4), 1j * f * p, 0.0, -1j * f * m_B**2 / (m_b + m_u), none), x)
    momentum = np.sqrt((m_B**2 - (m + m_N) ** 2) * (m_B**2 - (m - m_N) ** 2)) / (2 * m_B)
    lepton = np.array([np.sqrt(m**2 + momentum**2), 0.0, 0.0, momentum])
    return momentum / (8 * np.pi * m_B**2) * traced(matrix, lepton, m, p - lepton, m_N)
