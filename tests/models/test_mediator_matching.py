"""Heavy fields integrated out: against brute force, masses after electroweak symmetry breaking, and the literature."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from grassmann import EPSILON, FIELDS, GAMMA, METRIC, PAULI, bilinear, conjugated, difference, quartic, smeft

from dineutrino.eft.warsaw import warsaw_parameters, warsaw_to_mapping
from dineutrino.eft.warsaw_vector import warsaw_from_vector, warsaw_of_parameters, warsaw_parts, warsaw_to_vector
from dineutrino.models.mediators import MEDIATORS
from dineutrino.models.mediators.colourless import COLOURLESS
from dineutrino.models.mediators.couplings import Hermitian, Single, Vector
from dineutrino.models.mediators.scalar_leptoquarks import SCALAR_LEPTOQUARKS
from dineutrino.models.mediators.vector_leptoquarks import VECTOR_LEPTOQUARKS
from dineutrino.models.mediators.vector_like_quarks import VECTOR_LIKE_QUARKS
from dineutrino.running.warsaw_classes import arrays

MASS = jnp.asarray(1.3)
I2, I4, NONE = np.eye(2), np.eye(4), np.eye(1)
COLOURS = np.eye(3)[:, :, None]
"""A colour of the leptoquark, as the one of the quark that it goes with."""


def names(fields):
    return [field.name for field in fields]


def random(field, families=3, seed=1):
    """The field with random couplings to a number of families."""
    rng = np.random.default_rng(seed)

    def array(coupling):
        if isinstance(coupling, Single):
            return jnp.asarray(rng.normal() + 0j)
        shape = (3,) if isinstance(coupling, Vector) else (3, 3)
        c = rng.normal(size=shape) + 1j * rng.normal(size=shape)
        c[families:] = 0
        return jnp.asarray(c + c.conj().T if isinstance(coupling, Hermitian) else c)

    return field(*map(array, field.couplings))


def classes(coefficients):
    """Those that do not vanish."""
    found = {name: np.asarray(array) for name, array in arrays(coefficients).items()}
    return {name: array for name, array in found.items() if np.any(array)}


def scalar_vertices(f):
    """O of L = S O + h.c., for each component of the leptoquark: colour, isospin."""
    name = f.name
    for c in COLOURS:
        if name == "S1":
            yield bilinear("q", "l", I4, f.y1L, c, EPSILON, False) + bilinear("u", "e", I4, f.y1R, c, NONE, False)
        if name == "S1t":
            yield bilinear("d", "e", I4, f.y1Rt, c, NONE, False)
        if name == "S3":
            yield from (bilinear("q", "l", I4, f.y3L, c, EPSILON @ sigma, False) for sigma in PAULI)
        for a in range(2):
            row, column = EPSILON[a : a + 1], I2[:, a : a + 1]
            if name == "R2":
                yield bilinear("q", "e", I4, f.y2R, c, column) - bilinear("u", "l", I4, f.y2L, c, row)
            if name == "R2t":
                yield -bilinear("d", "l", I4, f.y2Lt, c, row)


def vector_vertices(f, gamma):
    """O_mu of L = V^mu O_mu + h.c."""
    name = f.name
    for c in COLOURS:
        if name == "U1":
            yield bilinear("q", "l", gamma, f.x1L, c, I2) + bilinear("d", "e", gamma, f.x1R, c, NONE)
        if name == "U3":
            yield from (bilinear("q", "l", gamma, f.x3L, c, sigma) for sigma in PAULI)
        for a in range(2):
            row, column = EPSILON[a : a + 1], EPSILON[:, a : a + 1]
            if name == "V2":
                left = bilinear("d", "l", gamma, f.x2L, c, row, False)
                yield left + bilinear("q", "e", gamma, f.x2R, c, column, False)
            if name == "V2t":
                yield bilinear("u", "l", gamma, f.x2Lt, c, row, False)


def currents(f, gamma):
    """J_mu of L = V^mu J_mu for a real field, for each component of isospin."""

    def of(field, families, isospin):
        return bilinear(field, field, gamma, families, np.eye(FIELDS[field][0]), isospin)

    if f.name == "Vprime":
        return [of("q", f.g3q, sigma / 2) + of("l", f.g3l, sigma / 2) for sigma in PAULI]
    given = {
        "Zprime": lambda: {field: getattr(f, f"g1{field}") for field in FIELDS},
        "ZprimeL": lambda: {"q": f.gLq, "l": f.gLl},
        "ZprimeR": lambda: {"d": f.gRd, "l": f.gRl},
    }[f.name]()
    return [sum(of(field, g, np.eye(FIELDS[field][1])) for field, g in given.items())]


@pytest.mark.parametrize("name", names(SCALAR_LEPTOQUARKS))
def test_scalars_by_brute_force(name):
    field = random(MEDIATORS[name], 2)
    exact = quartic([(conjugated(o) / MASS**2, o) for o in scalar_vertices(field)])
    assert difference(exact, smeft(classes(field.match(MASS)))) < 1e-14


@pytest.mark.parametrize("name", names(VECTOR_LEPTOQUARKS))
def test_vectors_by_brute_force(name):
    field = random(MEDIATORS[name], 2)
    vertices = [(sign, o) for sign, gamma in zip(METRIC, GAMMA, strict=True) for o in vector_vertices(field, gamma)]
    exact = quartic([(-sign * conjugated(o) / MASS**2, o) for sign, o in vertices])
    assert difference(exact, smeft(classes(field.match(MASS)))) < 1e-14


@pytest.mark.slow
@pytest.mark.parametrize("name", names(COLOURLESS))
def test_colourless_vectors_by_brute_force(name):
    field = random(MEDIATORS[name])
    flowing = [(sign, j) for sign, gamma in zip(METRIC, GAMMA, strict=True) for j in currents(field, gamma)]
    exact = quartic([(-sign / 2 * j / MASS**2, j) for sign, j in flowing])
    assert difference(exact, smeft(classes(field.match(MASS)))) < 1e-14


BOXES = {
    "S1": (1, "q", lambda f: f.y1L.conj() @ f.y1L.T, [EPSILON], True),
    "S3": (1, "q", lambda f: f.y3L.conj() @ f.y3L.T, [EPSILON @ sigma for sigma in PAULI], True),
    "R2t": (1, "d", lambda f: f.y2Lt @ f.y2Lt.conj().T, [EPSILON[a : a + 1] for a in range(2)], False),
    "U3": (4, "q", lambda f: f.x3L @ f.x3L.conj().T, list(PAULI), False),
    "V2": (4, "d", lambda f: f.x2L.conj() @ f.x2L.T, [EPSILON[a : a + 1] for a in range(2)], True),
}
"""Field -> gamma matrices of the two vertices, quark, lepton line, isospin of quark and lepton, quark annihilated."""


@pytest.mark.slow
@pytest.mark.parametrize("name", list(BOXES))
def test_boxes_by_brute_force(name):
    """Two lepton lines, each between two components X and Y of the leptoquark, all lepton flavours.

    The loop integral of k^mu k^nu/(k^4 (k^2 - m^2)^2) is -i g^{mu nu}/(64 pi^2 m^2); two equal lines give 1/2.
    """
    field = random(MEDIATORS[name], 2)
    dirac, quark, line, isospins, annihilated = BOXES[name]
    components = [(colour, s) for colour in COLOURS for s in isospins]

    def along(gamma, x, y):
        (c, s), (d, t) = (y, x) if annihilated else (x, y)
        weak = s.conj() @ t.T if annihilated else s @ t.conj().T
        return bilinear(quark, quark, gamma, line(field), c @ d.T, weak)

    factor = -dirac / (128 * np.pi**2 * MASS**2)
    exact = quartic(
        [
            (factor * sign * along(gamma, x, y), along(gamma, y, x))
            for sign, gamma in zip(METRIC, GAMMA, strict=True)
            for x in components
            for y in components
        ]
    )
    assert difference(exact, smeft(classes(field.mixing(MASS)))) < 1e-14


ADJOINT = -1j * np.array([[[(a - b) * (b - c) * (c - a) / 2 for c in range(3)] for b in range(3)] for a in range(3)])
HIGGS = {"D": I2[1:], "T1": PAULI[:, 1] / 2, "T2": PAULI[:, 0] / 2}
"""H^dagger q, H^dagger sigma_a q and Htilde^dagger sigma_a q with the vacuum expectation value of H."""


@pytest.mark.parametrize("field", VECTOR_LIKE_QUARKS)
def test_heavy_quarks_by_their_mixing(field):
    """Light quarks mix with heavy ones of another isospin, which shifts their couplings to Z and W.

    Source of the shifts in SMEFT: arXiv:1709.04486, section 3.
    """
    quark, kind = random(field), field.__name__
    M, v = jnp.asarray(1000.0), 1.0
    doublets, singlets = np.kron(PAULI / 2, np.eye(3)), np.zeros((3, 6, 6))
    none = np.zeros((1, 3))
    if kind in HIGGS:
        light, heavy = doublets, (np.zeros((3, 1, 1)) if kind == "D" else ADJOINT)
        [coupling] = jax.tree.leaves(quark)
        mixing = np.einsum("ab,i->abi", HIGGS[kind], coupling).reshape(len(HIGGS[kind]), 6)
    else:
        light, heavy = singlets, PAULI / 2
        up, down = (quark.lambda_Q1u[None], quark.lambda_Q1d[None]) if kind == "Q1" else (none, none)
        mixing = np.block([[up, none if kind == "Q1" else quark.lambda_Q5[None]], [none, down]])
    states = np.concatenate([np.eye(6), -v / (np.sqrt(2) * M) * mixing])
    values, vectors = np.linalg.eigh(states.conj().T @ states)
    states = states @ (vectors / np.sqrt(values)) @ vectors.conj().T
    isospin = [
        np.block([[a, np.zeros((6, len(b)))], [np.zeros((len(b), 6)), b]]) for a, b in zip(light, heavy, strict=True)
    ]
    shift = [states.conj().T @ g @ states - a for g, a in zip(isospin, light, strict=True)]
    Z, W = shift[2], shift[0] + 1j * shift[1]
    c = quark.match(M)
    Hq1, Hq3, Hu, Hd = (np.asarray(getattr(c.vectors, name)) for name in ("Hq1", "Hq3", "Hu", "Hd"))
    left = kind in HIGGS
    expected = {
        "up": (Z[:3, :3], -(v**2) / 2 * (Hq1 - Hq3 if left else Hu)),
        "down": (Z[3:, 3:], -(v**2) / 2 * (Hq1 + Hq3 if left else Hd)),
        "charged": (W[:3, 3:], v**2 * Hq3 if left else v**2 / 2 * np.asarray(c.Hud)),
    }
    size = np.abs(Z).max()
    assert size > 1e-7
    for exact, found in expected.values():
        assert found == approx(exact, abs=1e-5 * size)


def squared(c, order):
    return np.einsum(order, c.conj(), c)


DICTIONARY = {
    "S1": lambda f: {"lq1": squared(f.y1L, "ki,lj->ijkl") / 4, "lq3": -squared(f.y1L, "ki,lj->ijkl") / 4},
    "S3": lambda f: {"lq1": 3 * squared(f.y3L, "ki,lj->ijkl") / 4, "lq3": squared(f.y3L, "ki,lj->ijkl") / 4},
    "R2": lambda f: {"qe": -squared(f.y2R.conj().T, "li,kj->ijkl") / 2},
    "R2t": lambda f: {"ld": -squared(f.y2Lt.conj().T, "jk,il->ijkl") / 2},
    "U1": lambda f: {
        "lq1": -squared(f.x1L.conj().T, "jk,il->ijkl") / 2,
        "lq3": -squared(f.x1L.conj().T, "jk,il->ijkl") / 2,
        "ed": -squared(f.x1R.conj().T, "jk,il->ijkl"),
        "ledq": 2 * np.einsum("jk,il->ijkl", f.x1R.T, f.x1L.conj().T),
    },
    "U3": lambda f: {
        "lq1": -3 * squared(2 * f.x3L.conj().T, "jk,il->ijkl") / 8,
        "lq3": squared(2 * f.x3L.conj().T, "jk,il->ijkl") / 8,
    },
    "V2": lambda f: {
        "ld": squared(f.x2L, "ki,lj->ijkl"),
        "qe": squared(f.x2R.T, "ki,lj->ijkl"),
        "ledq": -2 * np.einsum("ki,lj->ijkl", f.x2L.conj(), f.x2R),  # there the two indices of eq are exchanged
    },
    "Zprime": lambda f: {
        "lq1": -np.einsum("kl,ij->ijkl", f.g1q, f.g1l),
        "ed": -np.einsum("kl,ij->ijkl", f.g1d, f.g1e),
        "ld": -np.einsum("kl,ij->ijkl", f.g1d, f.g1l),
        "qe": -np.einsum("kl,ij->ijkl", f.g1e, f.g1q),
    },
    "Vprime": lambda f: {"lq3": -np.einsum("kl,ij->ijkl", f.g3q, f.g3l) / 4},
    "VLQ_D": lambda f: {"Hq3": -squared(f.lambda_D, "i,j->ij") / 4},
    "VLQ_Q5": lambda f: {"Hd": -squared(f.lambda_Q5, "i,j->ij") / 2},
}
"""The dictionary arXiv:1711.10391 as others read it, its couplings in ours, which may be conjugate or transposed.

github.com/Jorge-Alda/bsm2smeft (scalars/README.md, vectors/README.md); for heavy quarks Dict_FitMaker_Model_44 and
_46 of github.com/LHCfitNikhef/smefit_release.
"""


@pytest.mark.parametrize("name", list(DICTIONARY))
def test_dictionary(name):
    field = random(MEDIATORS[name])
    found = classes(field.match(MASS))
    for cls, expected in DICTIONARY[name](field).items():
        assert found[cls] == approx(expected / MASS**2, abs=1e-13)


def test_flavours_of_form_factors():
    """Currents of up and of down quarks: HighPT, arXiv:2207.10756, Mediator.m, where F/(t - m^2) becomes -F/m^2.

    S1 and V2 give them in the u channel; there S1t and V2t have the other sign than S1 and V2 have, which no
    Hermitian Lagrangian gives: they are left out.
    """
    S1, S3, U1, U3, R2, R2t = (random(MEDIATORS[name]) for name in ("S1", "S3", "U1", "U3", "R2", "R2t"))
    a, b, c = (
        classes(S1.match(jnp.asarray(1.0))),
        classes(S3.match(jnp.asarray(1.0))),
        classes(R2.match(jnp.asarray(1.0))),
    )
    annihilating, turning = "ia,jb->abij", "ja,ib->abij"
    assert a["lq1"] - a["lq3"] == approx(squared(S1.y1L, annihilating) / 2, abs=1e-14)
    assert np.abs(a["lq1"] + a["lq3"]).max() == 0
    assert 2 * a["lq3"] == approx(-squared(S1.y1L, annihilating) / 2, abs=1e-14)
    assert a["eu"] == approx(squared(S1.y1R, annihilating) / 2, abs=1e-14)
    # (e P_L e)(u P_L u) is the conjugate of lequ1, in which eps_21 = -1; tensors likewise
    scalar = -np.einsum("baji->abij", a["lequ1"].conj())
    assert scalar == approx(-np.einsum("jb,ia->abij", S1.y1L, S1.y1R.conj()) / 2, abs=1e-14)
    assert a["lequ3"] == approx(-a["lequ1"] / 4, abs=1e-14)
    assert b["lq1"] + b["lq3"] == approx(squared(S3.y3L, annihilating), abs=1e-14)
    assert b["lq1"] - b["lq3"] == approx(squared(S3.y3L, annihilating) / 2, abs=1e-14)
    for field, x, up, down in ((U1, U1.x1L, 0, -1), (U3, U3.x3L, -2, -1)):
        found = classes(field.match(jnp.asarray(1.0)))
        assert found["lq1"] - found["lq3"] == approx(up * squared(x, turning), abs=1e-13)
        assert found["lq1"] + found["lq3"] == approx(down * squared(x, turning), abs=1e-13)
    assert c["lu"] == approx(-squared(R2.y2L, turning) / 2, abs=1e-14)
    assert c["lequ3"] == approx(c["lequ1"] / 4, abs=1e-14)
    assert classes(R2t.match(jnp.asarray(1.0)))["ld"] == approx(-squared(R2t.y2Lt, turning) / 2, abs=1e-14)


@pytest.mark.parametrize(("name", "first", "second", "ratio"), [
    ("S1", "lq1", "lq3", -1), ("S3", "lq1", "lq3", 3), ("U1", "lq1", "lq3", 1), ("U3", "lq1", "lq3", -3),
    ("VLQ_D", "Hq1", "Hq3", 1), ("VLQ_T1", "Hq1", "Hq3", -3), ("VLQ_T2", "Hq1", "Hq3", 3),
])  # fmt: skip
def test_ratios(name, first, second, ratio):
    """Tables 2 and B2 of arXiv:2404.06533."""
    found = classes(random(MEDIATORS[name]).match(MASS))
    assert found[first] == approx(ratio * found[second], abs=1e-15)


@pytest.mark.parametrize(("name", "chirality", "number"), [
    ("S1", "L", 1 / 2), ("S3", "L", 1 / 2), ("U3", "L", -2), ("R2t", "R", -1 / 2), ("V2", "R", 1),
])  # fmt: skip
def test_two_neutrinos(name, chirality, number):
    """C_L and C_R over pi/(sqrt2 alpha G_F lambda_t), eq. (16) of arXiv:2309.12741; C of table 2 of arXiv:2404.06533.

    In the latter, U3 has -1/2, of currents with sigma_a/2.
    """
    field = MEDIATORS[name]
    zero = jnp.zeros((3, 3), complex)
    couplings = zero.at[2, 2].set(0.7 - 0.2j).at[1, 2].set(0.1 + 0.3j)
    found = classes(field(couplings, *[zero] * (len(field.couplings) - 1)).match(MASS))
    current = found["lq1"] - found["lq3"] if chirality == "L" else found["ld"]
    b, s = couplings[2, 2], couplings[1, 2]
    quarks = b * s.conj() if name in ("S1", "S3", "V2") else s * b.conj()
    assert current[2, 2, 1, 2] == approx(complex(number * quarks / MASS**2))
    assert np.sign(current[2, 2, 2, 2].real) == np.sign(number)


@pytest.mark.parametrize(("name", "numbers"), [
    ("S1", {"qq1": 1 / 256, "qq3": 1 / 256}), ("S3", {"qq1": 9 / 256, "qq3": 1 / 256}), ("R2t", {"dd": 1 / 64}),
    ("U3", {"qq1": 9 / 64, "qq3": 1 / 64}), ("V2", {"dd": 1 / 16}),
])  # fmt: skip
def test_mixing_of_one_lepton(name, numbers):
    """Eqs. (A26) to (A28) of arXiv:2404.06533, with the lambda_i of its table 2."""
    field = MEDIATORS[name]
    column = np.zeros((3, 3), complex)
    column[:, 2] = [0.1j, 0.3, 0.7 - 0.2j]
    none = [jnp.zeros((3, 3), complex)] * (len(field.couplings) - 1)
    found = classes(field(jnp.asarray(column), *none).mixing(MASS))
    n = column[:, 2].conj() if name in ("S1", "S3", "V2") else column[:, 2]
    assert set(found) == set(numbers)
    for cls, number in numbers.items():
        expected = -number * np.einsum("i,j,k,l->ijkl", n, n.conj(), n, n.conj()) / (np.pi * MASS) ** 2
        assert found[cls] == approx(expected, abs=1e-17)


@pytest.mark.parametrize("name", list(MEDIATORS))
def test_arrays_have_their_symmetries(name):
    """As parameters and back, which keeps Hermitian and symmetric arrays alone."""
    field = random(MEDIATORS[name])
    for found in (field.match(MASS), field.mixing(MASS)):
        parameters = warsaw_to_vector(found)
        back = arrays(warsaw_from_vector(parameters))
        for cls, array in arrays(found).items():
            assert array == approx(np.asarray(back[cls]), abs=1e-14)
        named = warsaw_to_mapping(found)
        values = dict(zip(warsaw_parameters(), parameters.tolist(), strict=True))
        assert all(values[f"Re {entry}"] == pytest.approx(value.real) for entry, value in named.items())


def test_the_vector_of_parameters_is_inverted():
    parameters = jnp.asarray(np.random.default_rng(2).normal(size=len(warsaw_parameters())))
    assert warsaw_to_vector(warsaw_from_vector(parameters)) == approx(parameters, rel=1e-14)


def test_some_parameters_are_those_of_the_whole_vector():
    """In any order, with classes of which none is given."""
    names, values = warsaw_parameters(), jnp.asarray(np.random.default_rng(2).normal(size=len(warsaw_parameters())))
    some = np.random.default_rng(3).permutation(len(names))[:40]
    chosen = [names[i] for i in some]
    assert warsaw_parts(warsaw_from_vector(values), chosen) == approx(values[some], rel=1e-14)
    assert warsaw_parts(warsaw_from_vector(values), names) == approx(values, rel=1e-14)
    found, expected = warsaw_of_parameters(chosen, values[some]), jnp.zeros(len(names)).at[some].set(values[some])
    for cls, array in arrays(warsaw_from_vector(expected)).items():
        assert arrays(found)[cls] == approx(np.asarray(array), abs=1e-15)
    twice = warsaw_of_parameters([chosen[0], chosen[0]], jnp.array([1.0, 2.0]))
    assert warsaw_parts(twice, chosen[:2]) == approx(np.array([3.0, 0.0]), abs=1e-15)
