"""Coefficients of massive neutrinos: symmetries, the parity basis against chiral projectors, and what is refused."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from hypothesis import given, settings
from hypothesis import strategies as st

from dineutrino.eft.massive_neutrinos import SYMMETRY, MassiveNeutrinos
from dineutrino.errors import DineutrinoError


def random_matrices(rng, n):
    """Coefficients with the right symmetries."""
    matrices = {}
    for name, sign in SYMMETRY.items():
        matrix = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
        matrices[name] = matrix + sign * matrix.T
    return matrices


def random_neutrinos(seed, n=4):
    rng = np.random.default_rng(seed)
    return MassiveNeutrinos.from_matrices(rng.uniform(0, 2, n), random_matrices(rng, n))


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), n=st.sampled_from([1, 4]))
def test_symmetry_of_the_parity_basis(seed, n):
    basis = random_neutrinos(seed, n).parity_basis()
    for name, sign in (("S", 1), ("P", 1), ("A", 1), ("V", -1), ("T", -1)):
        for matrix in (getattr(basis, name), getattr(basis, name + "_prime")):
            assert np.max(np.abs(matrix.T - sign * matrix)) < 1e-14
            if sign == -1:
                assert not np.any(np.diag(matrix))


# Commuting stand-ins: chi is +1 (right-handed) or -1 (left-handed), a projector (1 + chi gamma_5)/2 is (1, chi)/2.
LEFT, RIGHT = np.array([1, -1]) / 2, np.array([1, 1]) / 2


def chiral_amplitudes(neutrinos, a, b):
    """Coefficient of (sbar Gamma {1, gamma_5} b)(nubar_a Gamma' {1, gamma_5} nu_b) for scalar, vector and tensor.

    The operators term by term: L plus the Hermitian conjugate of what has bs. For Majorana fields nubar_b Gamma' nu_a
    is -nubar_a Gamma' nu_b for gamma_mu and sigma_{mu nu}, plus that for the others: a != b has two terms.
    """
    m = neutrinos
    scalar = 2 * (m.SLL_sb[a, b] * np.outer(LEFT, LEFT) + m.SLR_sb[a, b] * np.outer(RIGHT, LEFT))
    scalar += 2 * (m.SLL_bs[a, b].conj() * np.outer(RIGHT, RIGHT) + m.SLR_bs[a, b].conj() * np.outer(LEFT, RIGHT))
    exchange = np.diag([-1, 1])  # of gamma_mu and of gamma_mu gamma_5
    vector = sum(
        getattr(m, name)[a, b] * np.outer(quark, LEFT) + getattr(m, name)[b, a] * np.outer(quark, LEFT @ exchange)
        for name, quark in (("VLL", LEFT), ("VLR", RIGHT))
    )
    # sigma P_L x sigma P_L = sigma P_L x sigma; the conjugate of TLL_bs has nubar_b sigma P_R nu_a
    tensor = 2 * (m.TLL_sb[a, b] * np.outer(LEFT, [1, 0]) + m.TLL_bs[b, a].conj() * np.outer(RIGHT, [1, 0]))
    return scalar, vector, tensor


def test_parity_basis_against_chiral_projectors():
    neutrinos = random_neutrinos(3)
    basis = neutrinos.parity_basis()
    right_left = np.stack([RIGHT, LEFT])  # sbar_L Gamma b has P_R for a scalar or tensor, P_L for a vector
    for a, b in itertools.combinations(range(4), 2):
        scalar, vector, tensor = chiral_amplitudes(neutrinos, a, b)

        def block(first, second, a=a, b=b):
            """Rows: unprimed and primed; columns: 1 and gamma_5 on the neutrinos."""
            names = [[first, second], [first + "_prime", second + "_prime"]]
            return np.array([[0 if n.startswith("0") else getattr(basis, n)[a, b] for n in row] for row in names])

        assert right_left.T @ block("S", "P") == approx(scalar, rel=1e-13, abs=1e-14)
        assert right_left[::-1].T @ block("V", "A") == approx(vector, rel=1e-13, abs=1e-14)
        assert right_left.T @ block("T", "0") == approx(tensor, rel=1e-13, abs=1e-14)


def test_active_neutrinos_are_the_first_three():
    neutrinos = random_neutrinos(1, 5)
    L_L, L_R = np.random.default_rng(0).normal(size=(2, 3, 3)) + 0j
    more = neutrinos.plus_active(jnp.asarray(L_L), jnp.asarray(L_R))
    added = more.VLL - neutrinos.VLL, more.VLR - neutrinos.VLR
    for found, given_ in zip(added, (L_L, L_R), strict=True):
        assert found[:3, :3] == approx(given_, rel=1e-13)
        assert not np.any(found[3:])
        assert not np.any(found[:, 3:])
    assert np.all(more.SLL_sb == neutrinos.SLL_sb)


def test_jit_vmap_and_gradient():
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *map(random_neutrinos, range(3)))
    batched = jax.jit(jax.vmap(MassiveNeutrinos.parity_basis))(stacked)
    for seed in range(3):
        one = random_neutrinos(seed).parity_basis()
        for many, single in zip(jax.tree.leaves(batched), jax.tree.leaves(one), strict=True):
            assert many[seed] == approx(single, rel=1e-15)
    slope = jax.grad(lambda x: jnp.real(random_neutrinos(0).plus_active(x + 0j, x + 0j).parity_basis().A[0, 1]))
    expected = np.zeros((3, 3))
    expected[0, 1] = expected[1, 0] = -0.5
    assert slope(jnp.ones((3, 3))) == approx(expected)


GOOD = np.zeros((2, 2))


@pytest.mark.parametrize(
    ("masses", "matrices", "message"),
    [
        ([0.0, -1.0], {}, "finite numbers, zero or positive"),
        ([0.0, np.nan], {}, "finite numbers, zero or positive"),
        ([0.0, np.inf], {}, "finite numbers, zero or positive"),
        (1.0, {}, "must be a list"),
        ([0.0, 1.0], {"SLL_bs": [[0, 1], [2, 0]]}, "SLL_bs must be symmetric in the two neutrinos"),
        ([0.0, 1.0], {"TLL_sb": [[0, 1], [1, 0]]}, "TLL_sb must be antisymmetric in the two neutrinos"),
        ([0.0, 1.0], {"TLL_sb": [[1, 0], [0, 0]]}, "TLL_sb must be antisymmetric"),
        ([0.0, 1.0], {"VLL": np.zeros((3, 3))}, "VLL must be 2 x 2, one row per neutrino mass, it is 3 x 3"),
        ([0.0, 1.0], {"VLL": 1.0}, "it is a number"),
        ([0.0, 1.0], {"VLR": [[np.nan, 0], [0, 0]]}, "VLR has entries that are not finite"),
        ([0.0, 1.0], {"VRR": GOOD}, "unknown operator with two neutrinos 'VRR'; did you mean 'VLR'"),
    ],
)
def test_refuses(masses, matrices, message):
    with pytest.raises(DineutrinoError, match=message):
        MassiveNeutrinos.from_matrices(masses, matrices)


def test_rounding_is_forgiven():
    symmetric = np.array([[1.0, 0.3], [0.3 * (1 + 1e-15), 2.0]])
    assert MassiveNeutrinos.from_matrices([0, 1], {"SLR_sb": symmetric}).SLR_sb[0, 1] == 0.3
