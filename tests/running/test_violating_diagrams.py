"""The running of baryon-number violating operators from Feynman diagrams, without a formula in flavour space.

No field of these operators is a conjugate one, so that there are six diagrams for each gauge boson and for the Higgs
boson: it is exchanged between two of the four fields. In Feynman gauge the wave functions of the fields come on top.
With eps in colour the components of quarks commute with each other, and any two quarks have t^A t^A = -2/3.
"""

from itertools import combinations, permutations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from grassmann import CHARGE, EPSILON, GAMMA, METRIC, PAULI, SPINS
from random_smeft import couplings, matrix
from random_violating import violating

from dineutrino.running.smeft_parts import Y_D, Y_E, Y_L, Y_Q, Y_U
from dineutrino.running.violating import violating_slope
from dineutrino.running.violating_classes import Violating, like_qqql

ISOSPIN = {"q": 2, "l": 2, "u": 1, "d": 1, "e": 1}
HYPERCHARGE = {"q": Y_Q, "l": Y_L, "u": Y_U, "d": Y_D, "e": Y_E}
CLASSES = ("duql", "qque", "qqql", "duue")
ONE = np.ones(1)
_slope = jax.jit(violating_slope)


def spin(first, second):
    """psi C chi."""
    return CHARGE[SPINS[first], SPINS[second]]


def operator(name, c):
    """One index for family, isospin and spin of each field; quarks in alphabetical order, as symmetric as they are."""
    isospin = {
        "duql": np.einsum("a,b,cd->abcd", ONE, ONE, EPSILON),
        "qque": np.einsum("ab,c,d->abcd", EPSILON, ONE, ONE),
        "qqql": np.einsum("ad,bc->abcd", EPSILON, EPSILON),
        "duue": np.ones((1, 1, 1, 1)),
    }[name]
    array = np.einsum("prst,abcd,ij,kl->pairbjscktdl", c, isospin, spin(*name[:2]), spin(*name[2:]))
    shape = [6 * ISOSPIN[field] for field in name]
    return normal({tuple(name): array.reshape(shape)})


def normal(parts):
    """Quarks in one order, and an array that is symmetric where they are the same: the product is."""
    found = {}
    for fields, array in parts.items():
        order = sorted(range(3), key=lambda i: fields[i])
        sorted_fields = (*(fields[i] for i in order), fields[3])
        array = array.transpose(*order, 3)
        same = [p for p in permutations(range(3)) if all(sorted_fields[p[i]] == sorted_fields[i] for i in range(3))]
        symmetric = sum(array.transpose(*p, 3) for p in same) / len(same)
        found[sorted_fields] = found.get(sorted_fields, 0) + symmetric
    return found


def in_fields(first, second, families, isospin, dirac):
    """A matrix on the components of a field, from those of another one."""
    found = np.einsum("pr,ab,st->pasrbt", families, isospin, dirac[SPINS[first], SPINS[second]])
    return found.reshape(6 * ISOSPIN[first], 6 * ISOSPIN[second])


def higgs_vertices(sm):
    """(field, the one it turns into, whether H or its conjugate is emitted, component of H) -> families, isospin."""
    Yu, Yd, Ye = (np.asarray(Y) for Y in (sm.Yu, sm.Yd, sm.Ye))
    found = {}
    for k in range(2):
        tilde, plain = EPSILON[:, k : k + 1], np.eye(2)[:, k : k + 1]
        found["q", "u", False, k] = Yu, tilde
        found["u", "q", True, k] = Yu.conj().T, tilde.T
        for doublet, singlet, Y in (("q", "d", Yd), ("l", "e", Ye)):
            found[doublet, singlet, True, k] = Y, plain
            found[singlet, doublet, False, k] = Y.conj().T, plain.T
    return found


def higgs_exchange(first, second, vertices):
    """Fields that two fields turn into -> kernel: -(1/2) gamma^mu (x) gamma_mu times Yukawa matrices."""
    found = {}
    for (a, b, emitted, k), left in vertices.items():
        for (c, d, absorbed, n), right in vertices.items():
            if (a, c) == (first, second) and emitted != absorbed and k == n:
                for sign, gamma in zip(METRIC, GAMMA, strict=True):
                    one, two = in_fields(a, b, *left, gamma), in_fields(c, d, *right, gamma)
                    found[b, d] = found.get((b, d), 0) - sign / 2 * np.einsum("xy,zw->xzyw", one, two)
    return found


def gauge_exchange(first, second, sm):
    """Kernel (1/2) g^2 (t gamma^mu gamma^nu) (x) (t gamma_mu gamma_nu)."""
    units = [np.eye(ISOSPIN[field]) for field in (first, second)]
    both_quarks = {first, second} <= set("qud")
    colour = -2 / 3 * sm.g3**2 if both_quarks else 0.0
    charges = sm.g1**2 * HYPERCHARGE[first] * HYPERCHARGE[second]
    weak = [(float(colour + charges), *units)]
    if ISOSPIN[first] == ISOSPIN[second] == 2:
        weak += [(float(sm.g2**2 / 4), pauli, pauli) for pauli in PAULI]
    found = 0
    for strength, left, right in weak:
        for m in range(4):
            for n in range(4):
                dirac = GAMMA[m] @ GAMMA[n]
                one, two = (in_fields(f, f, np.eye(3), t, dirac) for f, t in ((first, left), (second, right)))
                found = found + strength / 2 * METRIC[m] * METRIC[n] * np.einsum("xy,zw->xzyw", one, two)
    return found


def wave_function(field, sm):
    """Of gauge bosons g^2 C_F in Feynman gauge, and of the Higgs boson."""
    Yu, Yd, Ye = (np.asarray(Y) for Y in (sm.Yu, sm.Yd, sm.Ye))
    families = {
        "q": (Yu @ Yu.conj().T + Yd @ Yd.conj().T) / 2,
        "l": Ye @ Ye.conj().T / 2,
        "u": Yu.conj().T @ Yu,
        "d": Yd.conj().T @ Yd,
        "e": Ye.conj().T @ Ye,
    }[field]
    gauge = sm.g1**2 * HYPERCHARGE[field] ** 2 + (3 / 4 * sm.g2**2 if ISOSPIN[field] == 2 else 0)
    gauge += 4 / 3 * sm.g3**2 if field in "qud" else 0
    return in_fields(field, field, families + float(gauge) * np.eye(3), np.eye(ISOSPIN[field]), np.eye(4))


def diagrams(parts, sm):
    """16 pi^2 dL/dln(mu)."""
    vertices, total = higgs_vertices(sm), {}

    def add(fields, array):
        for key, value in normal({fields: array}).items():
            total[key] = total.get(key, 0) + value

    for fields, array in parts.items():
        for i in range(4):
            on_leg = np.tensordot(array, wave_function(fields[i], sm), (i, 0))
            add(fields, np.moveaxis(on_leg, -1, i))
        for i, j in combinations(range(4), 2):
            exchanges = [((fields[i], fields[j]), gauge_exchange(fields[i], fields[j], sm))]
            exchanges += higgs_exchange(fields[i], fields[j], vertices).items()
            for (one, two), kernel in exchanges:
                new = list(fields)
                new[i], new[j] = one, two
                add(tuple(new), np.moveaxis(np.tensordot(array, kernel, ((i, j), (0, 1))), (-2, -1), (i, j)))
    return total


@pytest.mark.parametrize("name", CLASSES)
def test_slope_from_diagrams(name):
    """One class at a time, into all classes: gauge couplings and random Yukawa matrices."""
    c, sm = violating(5), couplings(6)
    alone = Violating(**{cls: value if cls == name else 0 * value for cls, value in vars(c).items()})
    slope = jax.tree.map(lambda part: 16 * np.pi**2 * np.asarray(part), _slope(alone, sm))
    expected = diagrams(operator(name, np.asarray(getattr(c, name))), sm)
    for cls in CLASSES:
        ((fields, ours),) = operator(cls, getattr(slope, cls)).items()
        theirs = expected.pop(fields, np.zeros_like(ours))
        assert np.abs(ours - theirs).max() < 1e-12 * max(np.abs(theirs).max(), 1), cls
    assert not expected


def test_symmetry_of_three_doublets():
    """The operator sees the part of an array that is kept, C_prst + C_rpst = C_sprt + C_srpt, and nothing else."""
    c = jnp.asarray(matrix(np.random.default_rng(1), 3, 3, 3, 3))
    kept = like_qqql(c)
    one, other = (kept + np.einsum(f"{order}->prst", kept) for order in ("rpst", "srpt"))
    assert one == approx(np.einsum("sprt->prst", kept) + other - kept, abs=1e-14)
    ((_, operators),) = operator("qqql", kept).items()
    ((_, nothing),) = operator("qqql", c - kept).items()
    assert np.abs(operators).max() > 0.1
    assert np.abs(nothing).max() < 1e-14
