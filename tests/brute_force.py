"""dGamma(B -> M + pair)/dq2 from explicit gamma matrices, polarisation vectors and an integral over the angle.

Shares nothing with the package: no spectral functions, no helicity amplitudes. The matrix elements are the definitions
of the form factors in full Lorentz structure; spins of fermions are summed by traces, those of vectors one by one.
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


def meson_elements(q2, m_B, m_M, m_b, m_s, ff, longitudinal):
    """The matrix elements of every kept polarisation of the meson."""
    p, k, polarisations = frame(q2, m_B, m_M)
    if "f_plus" in ff:
        return [pseudoscalar_elements(q2, p, k, ff, m_B, m_M, m_b, m_s)]
    kept = polarisations[2:] if longitudinal else polarisations
    return [vector_elements(q2, p, k, e.conj(), ff, m_B, m_M, m_b, m_s) for e in kept]


def phase_space(q2, m_B, m_M, m_1, m_2, squared):
    """Flux times the average over the angle of a squared amplitude, a function of the momenta of the pair."""
    momentum = np.sqrt((q2 - (m_1 + m_2) ** 2) * (q2 - (m_1 - m_2) ** 2)) / (2 * np.sqrt(q2))
    E_1, E_2 = np.sqrt(m_1**2 + momentum**2), np.sqrt(m_2**2 + momentum**2)
    total = 0.0
    for cosine, weight in zip(*np.polynomial.legendre.leggauss(6), strict=True):
        direction = momentum * np.array([np.sqrt(1 - cosine**2), 0, cosine])
        total += 0.5 * weight * squared(np.array([E_1, *direction]), np.array([E_2, *-direction]))
    lam = (m_B**2 - m_M**2 - q2) ** 2 - 4 * m_M**2 * q2
    return np.sqrt(lam) * 2 * momentum * np.sqrt(q2) / (256 * np.pi**3 * m_B**3 * q2) * total


def width(q2, m_B, m_M, m_b, m_s, ff, m_1, m_2, g, longitudinal=False):
    """dGamma/dq2 in GeV^-1 for couplings in GeV^-2."""
    vertices = [fermion_vertex(e, g) for e in meson_elements(q2, m_B, m_M, m_b, m_s, ff, longitudinal)]

    def squared(p_1, p_2):
        total = 0.0
        for vertex in vertices:
            bar = GAMMA[0] @ vertex.conj().T @ GAMMA[0]
            trace = np.trace((slash(p_1) + m_1 * np.eye(4)) @ vertex @ (slash(p_2) - m_2 * np.eye(4)) @ bar)
            total += trace.real
        return total

    return phase_space(q2, m_B, m_M, m_1, m_2, squared)


def scalar_width(q2, m_B, m_M, m_b, m_s, ff, m, g, longitudinal=False):
    """The same for phi(p_1) phi^dagger(p_2): a derivative of an outgoing wave is i times its momentum."""
    elements = meson_elements(q2, m_B, m_M, m_b, m_s, ff, longitudinal)

    def squared(p_1, p_2):
        current = 1j * (1j * p_2 - 1j * p_1)
        amplitudes = [
            g["S"] * scalar + g["P"] * pseudoscalar + (g["V"] * vector + g["A"] * axial) @ lower(current)
            for vector, axial, scalar, pseudoscalar, _ in elements
        ]
        return np.sum(np.abs(amplitudes) ** 2)

    return phase_space(q2, m_B, m_M, m, m, squared)


def three_polarisations(p, m):
    """Two transverse vectors and the longitudinal one; their squares are -1 and they are orthogonal to p."""
    momentum = np.linalg.norm(p[1:])
    direction = p[1:] / momentum
    first = np.array([direction[2], 0.0, -direction[0]])  # momenta lie in the x-z plane
    second = np.cross(direction, first)
    return [np.array([0, *first]), np.array([0, *second]), np.array([momentum, *(p[0] * direction)]) / m]


def vector_currents(p_1, p_2, e_1, e_2, g):
    """What multiplies (sbar Gamma b) for Gamma = gamma_mu, gamma_mu gamma_5, 1, gamma_5, sigma^{mu nu}, and the
    tensor of sigma^{mu nu} gamma_5; the operators are written out term by term."""
    d_1, d_2 = 1j * p_1, 1j * p_2  # derivatives of X^dagger and of X
    d, both = d_1 + d_2, d_2 - d_1
    product = e_1 @ lower(e_2)
    outer = np.outer(e_1, e_2)
    pair = {
        "2": (outer + outer.T) @ lower(d),
        "3": np.einsum("mnrs,n,r,s->m", EPSILON, lower(both), lower(e_1), lower(e_2)),
        "4": 1j * both * product,
        "5": 1j * (outer - outer.T) @ lower(d),
        "6": 1j * np.einsum("mnrs,n,r,s->m", EPSILON, lower(d), lower(e_1), lower(e_2)),
    }
    vector = sum(g["V" + n] * value for n, value in pair.items())
    axial = sum(g["A" + n] * value for n, value in pair.items())
    return (
        vector,
        axial,
        g["S"] * product,
        g["P"] * product,
        0.5j * g["T1"] * (outer - outer.T),
        0.5 * g["T2"] * (outer - outer.T),
    )


def vector_width(q2, m_B, m_M, m_b, m_s, ff, m, g, longitudinal=False):
    """The same for X(p_1) X^dagger(p_2), summed over all polarisations."""
    elements = meson_elements(q2, m_B, m_M, m_b, m_s, ff, longitudinal)

    def squared(p_1, p_2):
        total = 0.0
        for e_1, e_2 in itertools.product(three_polarisations(p_1, m), three_polarisations(p_2, m)):
            V, A, S, P, T, T_5 = vector_currents(p_1, p_2, e_1, e_2, g)
            for vector, axial, scalar, pseudoscalar, tensor in elements:
                # sigma^{mu nu} gamma_5 = -(i/2) eps^{mu nu rho sigma} sigma_{rho sigma}
                lowered = METRIC @ tensor @ METRIC
                dual = -0.5j * np.einsum("mnrs,rs->mn", EPSILON, lowered)
                amplitude = vector @ lower(V) + axial @ lower(A) + scalar * S + pseudoscalar * P
                amplitude += np.sum((METRIC @ T @ METRIC) * tensor) + np.sum((METRIC @ T_5 @ METRIC) * dual)
                total += abs(amplitude) ** 2
        return total

    return phase_space(q2, m_B, m_M, m, m, squared)


def one_particle_width(m, m_B, m_M, m_b, m_s, ff, g):
    """Gamma(B -> M X) in GeV, for X of spin zero (couplings S, P, V, A) or one (V, A, T, T5 beside `vector`).

    X is at rest, with its three polarisations along the axes; a derivative of its outgoing wave is i times q.
    """
    total = 0.0
    q = np.array([m, 0.0, 0.0, 0.0])
    for vector, axial, scalar, pseudoscalar, tensor in meson_elements(m**2, m_B, m_M, m_b, m_s, ff, False):
        if not g["vector"]:
            amplitude = g["S"] * scalar + g["P"] * pseudoscalar
            amplitude += 1j * lower(q) @ (g["V"] * vector + g["A"] * axial)
            total += abs(amplitude) ** 2
            continue
        dual = -0.5j * np.einsum("mnrs,rs->mn", EPSILON, METRIC @ tensor @ METRIC)
        for axis in range(1, 4):
            e = np.eye(4)[axis]
            amplitude = lower(e) @ (g["V"] * vector + g["A"] * axial)
            amplitude += 1j * lower(q) @ (g["T"] * tensor + g["T5"] * dual) @ lower(e)
            total += abs(amplitude) ** 2
    momentum = np.sqrt((m_B**2 - m_M**2 - m**2) ** 2 - 4 * m_M**2 * m**2) / (2 * m_B)
    return momentum / (8 * np.pi * m_B**2) * total
