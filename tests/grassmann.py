"""Four-fermion Lagrangians by brute force: polynomials of anticommuting components with explicit gamma matrices.

Every component of every field and of its conjugate is a generator. A bilinear is a matrix B, standing for the sum of
B_ab g_a g_b; a product of bilinears is brought to one form by sorting its generators. No Fierz identity is used, so
two Lagrangians are the same if and only if their coefficients are.
"""

from functools import cache, reduce

import numpy as np

PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
EPSILON = np.array([[0, 1.0], [-1, 0]])
METRIC = np.array([1.0, -1, -1, -1])
ZERO, ONE = np.zeros((2, 2)), np.eye(2)
GAMMA = np.array([np.block([[ZERO, ONE], [ONE, ZERO]]), *(np.block([[ZERO, s], [-s, ZERO]]) for s in PAULI)])
"""In the chiral basis: the first two components are left-handed."""
CHARGE = 1j * GAMMA[2] @ GAMMA[0]
SIGMA = 0.5j * (np.einsum("mab,nbc->mnac", GAMMA, GAMMA) - np.einsum("nab,mbc->mnac", GAMMA, GAMMA))
FIELDS = {"q": (3, 2), "l": (1, 2), "u": (3, 1), "d": (3, 1), "e": (1, 1)}
"""Field -> colours, components of isospin."""
SPINS = {field: slice(0, 2) if field in "ql" else slice(2, 4) for field in FIELDS}


@cache
def places():
    """Field -> generator of each component, index (family, colour, isospin, spin); conjugates come N later."""
    found, start = {}, 0
    for field, (colours, isospin) in FIELDS.items():
        size = 3 * colours * isospin * 2
        found[field] = np.arange(start, start + size).reshape(3, colours, isospin, 2)
        start += size
    return found, start


def bilinear(first, second, gamma, families, colours, isospin, conjugate=True):
    """psibar_i Gamma chi_j, or with `conjugate` false (psi^c)bar_i Gamma chi_j, summed with three matrices."""
    where, n = places()
    dirac = ((GAMMA[0] if conjugate else CHARGE) @ gamma)[SPINS[first], SPINS[second]]
    values = np.einsum("ij,cd,ab,st->icasjdbt", families, colours, isospin, dirac)
    rows = where[first].ravel() + (n if conjugate else 0)
    matrix = np.zeros((2 * n, 2 * n), complex)
    matrix[np.ix_(rows, where[second].ravel())] = values.reshape(len(rows), -1)
    return matrix


def conjugated(matrix):
    """The Hermitian conjugate of a bilinear."""
    n = len(matrix) // 2
    return np.roll(matrix.conj().T, (n, n), (0, 1))


def quartic(pairs):
    """Sum of products of two bilinears as coefficients of sorted products of generators."""
    keys, values = [], []
    for first, second in pairs:
        (a, b), (c, d) = np.nonzero(first), np.nonzero(second)
        product = np.outer(first[a, b], second[c, d]).ravel()
        index = np.stack([np.repeat(a, len(c)), np.repeat(b, len(c)), np.tile(c, len(a)), np.tile(d, len(a))])
        order = np.argsort(index, axis=0, kind="stable")
        signs = np.prod([np.sign(order[j] - order[i]) for i in range(4) for j in range(i + 1, 4)], axis=0)
        ordered = np.take_along_axis(index, order, 0)
        kept = np.all(np.diff(ordered, axis=0) > 0, axis=0)
        keys.append(reduce(lambda key, i: 1000 * key + i, ordered.astype(np.int64))[kept])
        values.append((signs * product)[kept])
    keys, values = np.concatenate(keys), np.concatenate(values)
    unique, inverse = np.unique(keys, return_inverse=True)
    real, imaginary = (np.bincount(inverse, part, len(unique)) for part in (values.real, values.imag))
    return dict(zip(unique.tolist(), (real + 1j * imaginary).tolist(), strict=True))


def difference(first, second):
    """The largest difference of two Lagrangians, relative to the largest coefficient."""
    largest = max(map(abs, first.values()))
    return max(abs(first.get(key, 0) - second.get(key, 0)) for key in first.keys() | second.keys()) / largest


def unit(*families):
    matrix = np.zeros((3, 3))
    matrix[families] = 1
    return matrix


VECTORS = {
    "ll": "ll", "qq1": "qq", "qq3": "qq", "lq1": "lq", "lq3": "lq", "ee": "ee", "uu": "uu", "dd": "dd", "eu": "eu",
    "ed": "ed", "ud1": "ud", "le": "le", "lu": "lu", "ld": "ld", "qe": "qe", "qu1": "qu", "qd1": "qd",
}  # fmt: skip


def currents(field, triplet):
    """psibar_p gamma_mu (sigma_a) psi_r as a function of a matrix in flavour space."""
    colours, isospin = FIELDS[field]
    weak = PAULI if triplet else [np.eye(isospin)]
    return lambda families: [
        [bilinear(field, field, gamma, families, np.eye(colours), s) for s in weak] for gamma in GAMMA
    ]


def smeft(classes):
    """The Lagrangian of arrays of coefficients: operators as arXiv:1008.4884 writes them, C_prst O_prst."""
    pairs = []
    for name, c in classes.items():
        if name in VECTORS:
            first, second = (currents(field, name.endswith("3")) for field in VECTORS[name])
            for p in range(3):
                for r in range(3):
                    if np.any(c[p, r]):
                        for sign, left, right in zip(METRIC, first(unit(p, r)), second(c[p, r]), strict=True):
                            pairs += [(sign * x, y) for x, y in zip(left, right, strict=True)]
        else:
            pairs += _with_conjugates(_chiral(name, c))
    return quartic(pairs)


def _with_conjugates(pairs):
    return [*pairs, *((conjugated(y), conjugated(x)) for x, y in pairs)]


def _chiral(name, c):
    """(lbar e)(dbar q), (lbar e) eps (qbar u), (lbar sigma e) eps (qbar sigma u), index prst."""
    pairs, one = [], np.eye(1)
    for p in range(3):
        for r in range(3):
            if not np.any(c[p, r]):
                continue
            for j in range(2):
                column = np.eye(2)[:, j : j + 1]

                def lepton(gamma, column=column, p=p, r=r):
                    return bilinear("l", "e", gamma, unit(p, r), one, column)

                if name == "ledq":
                    quarks = bilinear("d", "q", np.eye(4), c[p, r], np.eye(3), column.T)
                    pairs.append((lepton(np.eye(4)), quarks))
                    continue
                up = EPSILON[j][:, None]
                if name == "lequ1":
                    pairs.append((lepton(np.eye(4)), bilinear("q", "u", np.eye(4), c[p, r], np.eye(3), up)))
                for m in range(4):
                    for n in range(m if name == "lequ3" else 0):
                        quarks = bilinear("q", "u", SIGMA[m, n], c[p, r], np.eye(3), up)
                        pairs.append((2 * METRIC[m] * METRIC[n] * lepton(SIGMA[m, n]), quarks))
    return pairs
