"""dGamma(B -> M x1 x2bar)/dq2 from explicit gamma matrices, polarisation vectors and an integral over the angle.

Shares nothing with the package: no spectral functions, no helicity amplitudes. The matrix elements are the definitions
of the form factors in full Lorentz structure; spins are summed by traces.
"""

import itertools

import numpy as np

METRIC = np.diag([1.0, -1.0, -1.0, -1.0])


def _gamma_matrices():
    one, zero = np.eye(2), np.zeros((2, 2))
    pauli = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.array([[1, 0], [0, -1]])]
    gamma = [np.block([[one, zero], [zero, -one]]).astype(complex)]
    gamma += [np.block([[zero, s], [-s, zero]]) for s in pauli]
    return np.array(gamma)


GAMMA = _gamma_matrices()
GAMMA5 = 1j * GAMMA[0] @ GAMMA[1] @ GAMMA[2] @ GAMMA[3]
SIGMA = np.array([[0.5j * (a @ b - b @ a) for b in GAMMA] for a in GAMMA])


def _epsilon():
    tensor = np.zeros((4,) * 4)
    for permutation in itertools.permutations(range(4)):
        sign = np.linalg.det(np.eye(4)[list(permutation)])
        tensor[permutation] = -sign  # eps^{0123} = -1
    return tensor


EPSILON = _epsilon()


def lower(vector):
    return METRIC @ vector


def slash(vector):
    return np.einsum("m,mab->ab", lower(vector), GAMMA)


def frame(q2, m_B, m_M):
    """Momenta of B and M in the rest frame of the pair, M along z, and the polarisation vectors of M."""
    root = np.sqrt(q2)
    momentum = np.sqrt((m_B**2 - m_M**2 - q2) ** 2 - 4 * m_M**2 * q2) / (2 * root)
    p = np.array([np.sqrt(m_B**2 + momentum**2), 0, 0, momentum])
    k = np.array([np.sqrt(m_M**2 + momentum**2), 0, 0, momentum])
    longitudinal = np.array([momentum, 0, 0, k[0]]) / m_M
    polarisations = [
        np.array([0, 1, 1j, 0]) / np.sqrt(2),
        np.array([0, 1, -1j, 0]) / np.sqrt(2),
        longitudinal.astype(complex),
    ]
    return p, k, polarisations


def pseudoscalar_elements(q2, p, k, ff, m_B, m_M, m_b, m_s):
    """<P|sbar Gamma b|B> for Gamma = V^mu, A^mu, S, P, sigma^{mu nu}."""
    q, D = p - k, m_B**2 - m_M**2
    vector = ff["f_plus"] * ((p + k) - D / q2 * q) + ff["f_0"] * D / q2 * q
    tensor = 1j * ff["f_T"] / (m_B + m_M) * (np.outer(p + k, q) - np.outer(q, p + k))
    return vector, np.zeros(4), D / (m_b - m_s) * ff["f_0"], 0.0, tensor


def vector_elements(q2, p, k, e, ff, m_B, m_V, m_b, m_s):
    """<V(e)|sbar Gamma b|B>, e the complex conjugate polarisation vector."""
    q, D = p - k, m_B**2 - m_V**2
    lam = (m_B**2 - m_V**2 - q2) ** 2 - 4 * m_V**2 * q2
    A_1, A_0 = ff["A_1"], ff["A_0"]
    A_2 = ((m_B + m_V) ** 2 * (D - q2) * A_1 - 16 * m_B * m_V**2 * (m_B + m_V) * ff["A_12"]) / lam
    A_3 = ((m_B + m_V) * A_1 - (m_B - m_V) * A_2) / (2 * m_V)
    T_1, T_2 = ff["T_1"], ff["T_2"]
    T_3 = (D * (m_B**2 + 3 * m_V**2 - q2) * T_2 - 8 * m_B * m_V**2 * (m_B - m_V) * ff["T_23"]) / lam
    eq = e @ lower(q)
    vector = np.einsum("mnrs,n,r,s->m", EPSILON, lower(e), lower(p), lower(k)) * 2 * ff["V"] / (m_B + m_V)
    axial = 1j * (e * (m_B + m_V) * A_1 - (p + k) * eq * A_2 / (m_B + m_V) - q * eq * 2 * m_V / q2 * (A_3 - A_0))
    pseudoscalar = -(lower(q) @ axial) / (m_b + m_s)
    # sigma^{mu nu} = eps^{mu nu rho sigma} X_{rho sigma}; the coefficients follow from the contractions with q_nu
    a, b = -1j * T_1, -1j * (T_2 - T_1) * D / q2
    c = -1j * ((T_1 - T_2) / q2 - T_3 / D)
    X = a * np.outer(e, p + k) + b * np.outer(e, q) + c * eq * np.outer(p + k, q)
    tensor = np.einsum("mnrs,ra,sb,ab->mn", EPSILON, METRIC, METRIC, X)
    return vector, axial, 0.0, pseudoscalar, tensor


def fermion_vertex(elements, g):
    """The Dirac matrix between ubar(x1) and v(x2)."""
    vector, axial, scalar, pseudoscalar, tensor = elements
    sigma = np.einsum("mn,ma,nb,abij->ij", tensor, METRIC, METRIC, SIGMA)
    return (
        slash(vector) @ (g["VV"] * np.eye(4) + g["VA"] * GAMMA5)
        + slash(axial) @ (g["AV"] * np.eye(4) + g["AA"] * GAMMA5)
        + scalar * (g["SS"] * np.eye(4) + g["SP"] * GAMMA5)
        + pseudoscalar * (g["PS"] * np.eye(4) + g["PP"] * GAMMA5)
        + sigma @ (g["TT"] * np.eye(4) + g["TT5"] * GAMMA5)
    )


def width(q2, m_B, m_M, m_b, m_s, ff, m_1, m_2, g, longitudinal=False):
    """dGamma/dq2 in GeV^-1 for couplings in GeV^-2."""
    p, k, polarisations = frame(q2, m_B, m_M)
    if "f_plus" in ff:
        all_elements = [pseudoscalar_elements(q2, p, k, ff, m_B, m_M, m_b, m_s)]
    else:
        kept = polarisations[2:] if longitudinal else polarisations
        all_elements = [vector_elements(q2, p, k, e.conj(), ff, m_B, m_M, m_b, m_s) for e in kept]
    momentum = np.sqrt((q2 - (m_1 + m_2) ** 2) * (q2 - (m_1 - m_2) ** 2)) / (2 * np.sqrt(q2))
    E_1, E_2 = np.sqrt(m_1**2 + momentum**2), np.sqrt(m_2**2 + momentum**2)
    total = 0.0
    for cosine, weight in zip(*np.polynomial.legendre.leggauss(6), strict=True):
        direction = momentum * np.array([np.sqrt(1 - cosine**2), 0, cosine])
        p_1, p_2 = np.array([E_1, *direction]), np.array([E_2, *-direction])
        for elements in all_elements:
            vertex = fermion_vertex(elements, g)
            bar = GAMMA[0] @ vertex.conj().T @ GAMMA[0]
            squared = np.trace((slash(p_1) + m_1 * np.eye(4)) @ vertex @ (slash(p_2) - m_2 * np.eye(4)) @ bar)
            total += 0.5 * weight * squared.real
    lam = (m_B**2 - m_M**2 - q2) ** 2 - 4 * m_M**2 * q2
    return np.sqrt(lam) * 2 * momentum * np.sqrt(q2) / (256 * np.pi**3 * m_B**3 * q2) * total
