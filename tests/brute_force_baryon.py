"""dGamma(Lambda_b -> Lambda + pair)/dq2 from explicit gamma matrices and Dirac spinors, one spin at a time.

The matrix elements are the definitions of the helicity form factors (arXiv:1602.01399) sandwiched between spinors.
"""

import itertools

import numpy as np
from brute_force import EPSILON, GAMMA, GAMMA5, METRIC, SIGMA, fermion_vertex, frame, lower, phase_space, slash

ONE = np.eye(4)


def spinors(p, m):
    """u(p) for both spins."""
    rest = [np.array([1, 0, 0, 0], complex), np.array([0, 1, 0, 0], complex)]
    return [(slash(p) + m * ONE) @ chi / np.sqrt(p[0] + m) for chi in rest]


def bar(u):
    return u.conj() @ GAMMA[0]


def dirac_structures(q2, p, k, ff, M, m, m_b, m_s):
    """Dirac matrices of <Lambda|sbar Gamma b|Lambda_b> for Gamma = V^mu, A^mu, S, P, sigma^{mu nu} q_nu and
    sigma^{mu nu} gamma_5 q_nu, as arrays with the Lorentz index first."""
    q, D = p - k, M**2 - m**2
    s_plus, s_minus = (M + m) ** 2 - q2, (M - m) ** 2 - q2

    def times(vector, matrix):
        return np.einsum("m,ab->mab", vector, matrix)

    Q = times(p + k - D * q / q2, ONE)
    V = GAMMA - times(2 * m / s_plus * p + 2 * M / s_plus * k, ONE)
    A = GAMMA + times(2 * m / s_minus * p - 2 * M / s_minus * k, ONE)
    vector = ff["f_0"] * (M - m) / q2 * times(q, ONE) + ff["f_plus"] * (M + m) / s_plus * Q + ff["f_perp"] * V
    axial = ff["g_0"] * (M + m) / q2 * times(q, ONE) + ff["g_plus"] * (M - m) / s_minus * Q + ff["g_perp"] * A
    tensor = ff["h_plus"] * q2 / s_plus * Q + ff["h_perp"] * (M + m) * V
    axial_tensor = ff["htilde_plus"] * q2 / s_minus * Q + ff["htilde_perp"] * (M - m) * A
    return (
        vector,
        -GAMMA5 @ axial,
        ff["f_0"] * (M - m) / (m_b - m_s) * ONE,
        ff["g_0"] * (M + m) / (m_b + m_s) * GAMMA5,
        1j * tensor,  # -i times i sigma q
        1j * (GAMMA5 @ axial_tensor),
    )


def elements(q2, p, k, ff, M, m, m_b, m_s):
    """Matrix elements of V^mu, A^mu, S, P, sigma^{mu nu} for each pair of spins."""
    structures = dirac_structures(q2, p, k, ff, M, m, m_b, m_s)
    q = p - k
    found = []
    for final, initial in itertools.product(spinors(k, m), spinors(p, M)):
        vector, axial, scalar, pseudoscalar, electric, magnetic = (bar(final) @ s @ initial for s in structures)
        # with sigma^{mu nu} gamma_5 = -(i/2) eps^{mu nu rho sigma} sigma_{rho sigma}, what is orthogonal to q in one of
        # the two tensors is the contraction of the other with q
        tensor = (np.outer(electric, q) - np.outer(q, electric)) / q2
        tensor = tensor - 1j * np.einsum("mnrs,r,s->mn", EPSILON, METRIC @ magnetic, lower(q)) / q2
        found.append((vector, axial, scalar, pseudoscalar, tensor))
    return found


def point_like(q2, p, k, M, m):
    """The same for fields instead of composite baryons: ubar Gamma u."""
    return [
        tuple(bar(final) @ matrix @ initial for matrix in (GAMMA, GAMMA @ GAMMA5, ONE, GAMMA5, SIGMA))
        for final, initial in itertools.product(spinors(k, m), spinors(p, M))
    ]


def width(q2, M, m, m_b, m_s, ff, m_1, m_2, g):
    """dGamma/dq2 in GeV^-1 for couplings in GeV^-2, averaged over the spin of the Lambda_b."""
    p, k, _ = frame(q2, M, m)
    vertices = [fermion_vertex(each, g) for each in elements(q2, p, k, ff, M, m, m_b, m_s)]

    def squared(p_1, p_2):
        pairs = list(itertools.product(spinors(p_1, m_1), antispinors(p_2, m_2)))
        return sum(abs(bar(u) @ vertex @ v) ** 2 for vertex in vertices for u, v in pairs)

    return phase_space(q2, M, m, m_1, m_2, squared) / 2


def antispinors(p, m):
    """v(p) for both spins."""
    rest = [np.array([0, 0, 1, 0], complex), np.array([0, 0, 0, 1], complex)]
    return [(m * ONE - slash(p)) @ eta / np.sqrt(p[0] + m) for eta in rest]
