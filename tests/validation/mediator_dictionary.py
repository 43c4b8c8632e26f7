"""Heavy fields as coefficients of WCxf, written without our code, for the Lagrangians in the docstrings of our fields.

A field S that couples as S O + h.c. leaves |O|^2/m^2, a vector field -|O|^2/m^2, and a real vector field -J^2/(2 m^2);
the numbers are what Fierz transformations make of these. They are those of arXiv:1711.10391, read second-hand where
github.com/Jorge-Alda/bsm2smeft (scalars/README.md, vectors/README.md) has them: S1 without y1R, S3, R2 without y2L,
U1, U3, V2, Zprime without g1u and without two currents of a kind, and lq3 of Vprime. Boxes: arXiv:2404.06533,
eqs. (A26) to (A28).
"""

import numpy as np
from wilson import wcxf

NAMES = tuple(name for sector in wcxf.Basis["SMEFT", "Warsaw"].sectors.values() for name in sector)
ALIKE = ("ll", "qq1", "qq3", "uu", "dd", "ee")
"""Classes with two currents of one kind, which may change places."""


def coefficients(field, mass, couplings):
    """Name -> coefficient in GeV^-2 of a mass in GeV."""
    entries, found = FIELDS[field](**couplings), {}
    for name in NAMES:
        cls, _, families = name.partition("_")
        if cls in entries:
            value = summed(cls, entries[cls], tuple(int(family) - 1 for family in families)) / mass**2
            if value:
                found[name] = complex(value)
    return found


def summed(cls, entry, families):
    """WCxf keeps one of several equal operators, whose coefficient is the sum of theirs."""
    same = {families}
    if cls in ALIKE:
        p, r, s, t = families
        same |= {(s, t, p, r)} | ({(p, t, s, r), (s, r, p, t)} if cls == "ee" else set())
    return sum(entry(*each) for each in same)


def annihilating(x, y, number):
    """Families of leptons a and b and of quarks i and j, of a field that annihilates a quark and a lepton."""
    return lambda a, b, i, j: number * np.conj(x[i, a]) * y[j, b]


def turning(x, y, number):
    """The same of a field that turns a lepton into a quark."""
    return lambda a, b, i, j: number * np.conj(x[j, a]) * y[i, b]


def quarks_first(entry):
    """As in qe."""
    return lambda i, j, a, b: entry(a, b, i, j)


def box(lines, number):
    """Of two lepton lines, which take quark j to k and l to i."""
    return lambda i, j, k, l: -number / np.pi**2 * lines[i, l] * lines[k, j]  # noqa: E741


def currents(x, y, number):
    """Of a real vector field: 1/2 for two of one kind, 1 for others, and 1/4 of that for two of sigma_a/2."""
    return lambda p, r, s, t: -number * x[p, r] * y[s, t]


def isotriplet_leptons(g):
    """(lbar sigma_a l)^2 by (lbar l)^2: sigma_a sigma_a = 2 crossed - 1 of isospin."""
    return lambda p, r, s, t: -(2 * g[p, t] * g[s, r] - g[p, r] * g[s, t]) / 8


def mixing(x, y, number):
    """Of a heavy quark with the Higgs doublet."""
    return lambda i, j: number * np.conj(x[i]) * y[j]


def zprime(**g):
    """All pairs of currents; classes by the names of their fermions."""
    pairs = {
        "ll": "ll", "qq1": "qq", "uu": "uu", "dd": "dd", "ee": "ee", "lq1": "lq", "lu": "lu", "ld": "ld", "le": "le",
        "qe": "qe", "eu": "eu", "ed": "ed", "qu1": "qu", "qd1": "qd", "ud1": "ud",
    }  # fmt: skip
    return {cls: currents(g[a], g[b], 1 / 2 if a == b else 1) for cls, (a, b) in pairs.items() if a in g and b in g}


FIELDS = {
    "S1": lambda y1L, y1R: {
        "lq1": annihilating(y1L, y1L, 1 / 4),
        "lq3": annihilating(y1L, y1L, -1 / 4),
        "eu": annihilating(y1R, y1R, 1 / 2),
        "lequ1": annihilating(y1L, y1R, 1 / 2),
        "lequ3": annihilating(y1L, y1R, -1 / 8),
        "qq1": box(y1L.conj() @ y1L.T, 1 / 256),
        "qq3": box(y1L.conj() @ y1L.T, 1 / 256),
    },
    "S1t": lambda y1Rt: {"ed": annihilating(y1Rt, y1Rt, 1 / 2)},
    "S3": lambda y3L: {
        "lq1": annihilating(y3L, y3L, 3 / 4),
        "lq3": annihilating(y3L, y3L, 1 / 4),
        "qq1": box(y3L.conj() @ y3L.T, 9 / 256),
        "qq3": box(y3L.conj() @ y3L.T, 1 / 256),
    },
    "R2": lambda y2L, y2R: {
        "lu": turning(y2L, y2L, -1 / 2),
        "qe": quarks_first(turning(y2R, y2R, -1 / 2)),
        "lequ1": turning(y2L, y2R, -1 / 2),
        "lequ3": turning(y2L, y2R, -1 / 8),
    },
    "R2t": lambda y2Lt: {"ld": turning(y2Lt, y2Lt, -1 / 2), "dd": box(y2Lt @ y2Lt.conj().T, 1 / 64)},
    "U1": lambda x1L, x1R: {
        "lq1": turning(x1L, x1L, -1 / 2),
        "lq3": turning(x1L, x1L, -1 / 2),
        "ed": turning(x1R, x1R, -1),
        "ledq": turning(x1L, x1R, 2),
    },
    "U3": lambda x3L: {
        "lq1": turning(x3L, x3L, -3 / 2),
        "lq3": turning(x3L, x3L, 1 / 2),
        "qq1": box(x3L @ x3L.conj().T, 9 / 64),
        "qq3": box(x3L @ x3L.conj().T, 1 / 64),
    },
    "V2": lambda x2L, x2R: {
        "ld": annihilating(x2L, x2L, 1),
        "qe": quarks_first(annihilating(x2R, x2R, 1)),
        "ledq": annihilating(x2L, x2R, -2),
        "dd": box(x2L.conj() @ x2L.T, 1 / 16),
    },
    "V2t": lambda x2Lt: {"lu": annihilating(x2Lt, x2Lt, 1)},
    "Vprime": lambda g3q, g3l: {
        "qq3": currents(g3q, g3q, 1 / 8),
        "lq3": currents(g3l, g3q, 1 / 4),
        "ll": isotriplet_leptons(g3l),
    },
    "Zprime": lambda **g: zprime(**{name[-1]: array for name, array in g.items()}),
    "ZprimeL": lambda gLq, gLl: zprime(q=gLq, l=gLl),
    "ZprimeR": lambda gRd, gRl: zprime(d=gRd, l=gRl),
    "VLQ_D": lambda lambda_D: {
        "phiq1": mixing(lambda_D, lambda_D, -1 / 4),
        "phiq3": mixing(lambda_D, lambda_D, -1 / 4),
    },
    "VLQ_T1": lambda lambda_T1: {
        "phiq1": mixing(lambda_T1, lambda_T1, -3 / 16),
        "phiq3": mixing(lambda_T1, lambda_T1, 1 / 16),
    },
    "VLQ_T2": lambda lambda_T2: {
        "phiq1": mixing(lambda_T2, lambda_T2, 3 / 16),
        "phiq3": mixing(lambda_T2, lambda_T2, 1 / 16),
    },
    "VLQ_Q1": lambda lambda_Q1d, lambda_Q1u: {
        "phid": mixing(lambda_Q1d, lambda_Q1d, 1 / 2),
        "phiu": mixing(lambda_Q1u, lambda_Q1u, -1 / 2),
        "phiud": mixing(lambda_Q1u, lambda_Q1d, 1),
    },
    "VLQ_Q5": lambda lambda_Q5: {"phid": mixing(lambda_Q5, lambda_Q5, -1 / 2)},
}
