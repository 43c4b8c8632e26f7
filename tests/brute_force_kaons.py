"""dGamma(K_L -> pi0 + pair)/dq2 from the amplitudes of both neutral kaons, K_L = (K0 + K0bar)/sqrt2 with C K0 = K0bar.

The operator of s -> d acts on K0bar, its Hermitian conjugate on K0: <pair|J^dagger|0> is the conjugate of <0|J|pair>,
and charge conjugation of quarks, with its explicit matrix, gives the hadronic side. Matrix elements of a pi0 are those
of a pi+ over sqrt2. Nothing here says what K_L sees.
"""

import itertools

import numpy as np
from brute_force import (
    EPSILON,
    GAMMA,
    METRIC,
    SIGMA,
    fermion_vertex,
    frame,
    lower,
    phase_space,
    pseudoscalar_elements,
    slash,
    three_polarisations,
    vector_currents,
)

C = 1j * GAMMA[2] @ GAMMA[0]


def conjugated(gamma):
    """C Gamma^T C^-1 of a Dirac matrix between two fields, which then change places."""
    return C @ gamma.T @ np.linalg.inv(C)


def sign(gamma):
    """eta of C (dbar Gamma s) C^-1 = eta (sbar Gamma d)."""
    return np.real(np.trace(conjugated(gamma) @ np.linalg.inv(gamma)) / 4)


ETA_V, ETA_S, ETA_T = sign(GAMMA[1]), sign(np.eye(4)), sign(SIGMA[0, 1])


def elements(q2, m_K, m_pi, m_s, m_d, ff):
    """<pi0|dbar Gamma s|K0bar>, and <pi0|sbar Gamma d|K0>, times sqrt2."""
    p, k, _ = frame(q2, m_K, m_pi)
    vector, axial, scalar, pseudoscalar, tensor = pseudoscalar_elements(q2, p, k, ff, m_K, m_pi, m_s, m_d)
    other = (ETA_V * vector, axial, ETA_S * scalar, pseudoscalar, ETA_T * tensor)
    return (vector, axial, scalar, pseudoscalar, tensor), other


def fermion_width(q2, m_K, m_pi, m_s, m_d, ff, m_1, m_2, g, majorana):
    """Of x xbar (m_1 = m_2) of a Dirac field, or of two different Majorana fields."""
    one, other = elements(q2, m_K, m_pi, m_s, m_d, ff)
    vertex = fermion_vertex(one, g)
    conjugate = GAMMA[0] @ fermion_vertex([np.conj(x) for x in other], g).conj().T @ GAMMA[0]
    if majorana:  # ubar_2 M v_1 = -ubar_1 (C M^T C^-1) v_2, and fermions change places
        conjugate = conjugated(conjugate)
    vertex = (vertex + conjugate) / 2

    def squared(p_1, p_2):
        bar = GAMMA[0] @ vertex.conj().T @ GAMMA[0]
        spins = (slash(p_1) + m_1 * np.eye(4)) @ vertex @ (slash(p_2) - m_2 * np.eye(4)) @ bar
        return np.trace(spins).real

    return phase_space(q2, m_K, m_pi, m_1, m_2, squared)


def scalar_width(q2, m_K, m_pi, m_s, m_d, ff, m, g):
    """Of phi(p_1) phi^dagger(p_2)."""
    one, other = elements(q2, m_K, m_pi, m_s, m_d, ff)

    def squared(p_1, p_2):
        out = g["S"], g["V"] * 1j * (1j * p_2 - 1j * p_1)
        into = np.conj(g["S"]), np.conj(g["V"] * 1j * (-1j * p_1 + 1j * p_2))
        amplitudes = [s * had[2] + had[0] @ lower(v) for (s, v), had in ((out, one), (into, other))]
        return abs(sum(amplitudes) / 2) ** 2

    return phase_space(q2, m_K, m_pi, m, m, squared)


def vector_width(q2, m_K, m_pi, m_s, m_d, ff, m, g):
    """Of X(p_1) X^dagger(p_2), whose polarisation vectors are real."""
    one, other = elements(q2, m_K, m_pi, m_s, m_d, ff)

    def amplitude(currents, had, dual_sign):
        V, _, S, _, T, T_5 = currents
        dual = -0.5j * dual_sign * np.einsum("mnrs,rs->mn", EPSILON, METRIC @ had[4] @ METRIC)
        tensors = np.sum((METRIC @ T @ METRIC) * had[4]) + np.sum((METRIC @ T_5 @ METRIC) * dual)
        return had[0] @ lower(V) + had[2] * S + tensors

    def squared(p_1, p_2):
        total = 0.0
        for e_1, e_2 in itertools.product(three_polarisations(p_1, m), three_polarisations(p_2, m)):
            out = amplitude(vector_currents(p_1, p_2, e_1, e_2, g), one, 1)
            into = [np.conj(x) for x in vector_currents(-p_2, -p_1, e_2, e_1, g)]
            total += abs((out + amplitude(into, other, -1)) / 2) ** 2
        return total

    return phase_space(q2, m_K, m_pi, m, m, squared)
