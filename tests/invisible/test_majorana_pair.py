"""Pairs of Majorana neutrinos: identical or not, one pair or all, active or sterile, and what is refused."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from hypothesis import given, settings
from hypothesis import strategies as st

from dineutrino.eft.massive_neutrinos import SYMMETRY, MassiveNeutrinos
from dineutrino.errors import DineutrinoError
from dineutrino.invisible import Couplings, fermion_pair, majorana_pair, neutrino_pair, unordered_pairs
from dineutrino.invisible.majorana_pair import couplings


def random_neutrinos(seed, n=4):
    rng = np.random.default_rng(seed)
    matrices = {}
    for name, sign in SYMMETRY.items():
        matrix = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
        matrices[name] = matrix + sign * matrix.T
    return MassiveNeutrinos.from_matrices(rng.uniform(0, 1, n), matrices)


@jax.jit
def leaves(q2, neutrinos, a, b):
    return jnp.stack(jax.tree.leaves(neutrino_pair(q2, neutrinos, a, b)))


Q2 = jnp.asarray(9.0)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_exchange_of_the_two_neutrinos_changes_nothing(seed):
    neutrinos = random_neutrinos(seed)
    for a, b in unordered_pairs(4):
        assert leaves(Q2, neutrinos, a, b) == approx(leaves(Q2, neutrinos, b, a), rel=1e-12, abs=1e-12)


def test_pairs_are_all_final_states_once():
    assert unordered_pairs(3) == ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


@pytest.mark.slow
def test_one_over_one_plus_delta():
    neutrinos = random_neutrinos(2)
    basis, m = neutrinos.parity_basis(), neutrinos.masses
    for a, b in ((1, 1), (1, 2)):
        g = couplings(basis, a, b)
        dirac = fermion_pair(Q2, m[a], m[b], g)
        found = leaves(Q2, neutrinos, a, b)
        assert found == approx(jnp.stack(jax.tree.leaves(dirac)) / (1 + (a == b)), rel=1e-13)
        pair = majorana_pair(Q2, m[a], m[b], g, identical=a == b)
        assert found == approx(np.stack(np.broadcast_arrays(*jax.tree.leaves(pair))), rel=1e-13)


def test_identical_neutrinos_have_no_vector_and_no_tensor():
    basis = random_neutrinos(4).parity_basis()
    g = couplings(basis, 2, 2)
    assert all(getattr(g, name) == 0 for name in ("VV", "AV", "TT", "TT5"))
    assert all(getattr(g, name) != 0 for name in ("VA", "AA", "SS", "SP", "PS", "PP"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("VLL", {"VA": -0.5, "AA": 0.5}),
        ("VLR", {"VA": -0.5, "AA": -0.5}),
        ("SLL_sb", {"SS": 0.5, "SP": -0.5, "PS": -0.5, "PP": 0.5}),
        ("SLR_sb", {"SS": 0.5, "SP": -0.5, "PS": 0.5, "PP": -0.5}),
        ("SLL_bs", {"SS": 0.5, "SP": 0.5, "PS": 0.5, "PP": 0.5}),
        ("SLR_bs", {"SS": 0.5, "SP": 0.5, "PS": -0.5, "PP": -0.5}),
    ],
)
def test_one_coefficient_of_one_neutrino(name, expected):
    """(nubar gamma P_L nu) is -(1/2) nubar gamma gamma_5 nu, with two contractions, times P_L or P_R of the quarks."""
    value = 0.3 + 0.4j
    basis = MassiveNeutrinos.from_matrices([1.0], {name: [[value]]}).parity_basis()
    g = couplings(basis, 0, 0)
    given_ = np.conj(value) if name.endswith("bs") else value
    for coupling in Couplings.__annotations__:
        assert getattr(g, coupling) == approx(expected.get(coupling, 0) * given_, abs=1e-16)


@pytest.mark.slow
def test_vmap_over_pairs_and_gradients():
    neutrinos = random_neutrinos(6)
    a, b = jnp.asarray(unordered_pairs(4)).T
    batched = jax.vmap(leaves, in_axes=(None, None, 0, 0))(Q2, neutrinos, a, b)
    assert batched == approx(np.stack([leaves(Q2, neutrinos, *pair) for pair in unordered_pairs(4)]), rel=1e-13)

    def total(masses):
        moved = MassiveNeutrinos(masses, *(getattr(neutrinos, name) for name in SYMMETRY))
        return jnp.sum(jax.vmap(leaves, in_axes=(None, None, 0, 0))(Q2, moved, a, b))

    slope, h = jax.jit(jax.grad(total))(neutrinos.masses), 1e-5
    rate = jax.jit(total)
    steps = [(rate(neutrinos.masses + h * e) - rate(neutrinos.masses - h * e)) / (2 * h) for e in np.eye(4)]
    assert slope == approx(np.array(steps), rel=1e-7)


@pytest.mark.parametrize("masses", [(0.0, 0.0), (0.0, 1.5), (1.5, 1.5)])
def test_finite_at_thresholds(masses):
    neutrinos = random_neutrinos(8, n=2)
    at = MassiveNeutrinos(jnp.asarray(masses), *(getattr(neutrinos, name) for name in SYMMETRY))
    slope = jax.jit(jax.jacrev(lambda q2, m: leaves(q2, MassiveNeutrinos(m, *jax.tree.leaves(at)[1:]), 0, 1), (0, 1)))
    threshold = sum(masses) ** 2
    for q2 in (0.0, threshold / 2, threshold, threshold + 1e-12, threshold + 1.0):
        assert np.all(np.isfinite(leaves(q2, at, 0, 1)))
        assert all(np.all(np.isfinite(x)) for x in slope(jnp.asarray(q2), at.masses))
        if 0 < threshold >= q2:
            assert not np.any(leaves(q2, at, 0, 1))


@pytest.mark.parametrize(
    ("m_1", "m_2", "g", "identical", "message"),
    [
        (-1.0, 0.0, Couplings(VA=1.0), False, r"the mass of a neutrino is -1\.0 GeV; it must be finite and zero or"),
        (0.0, float("inf"), Couplings(VA=1.0), False, "the mass of a neutrino is inf GeV"),
        (1.0, 1.0, Couplings(VV=1.0), True, "coupling VV vanishes for two identical Majorana fermions"),
        (1.0, 1.0, Couplings(TT5=0.1), True, "coupling TT5 vanishes for two identical Majorana fermions"),
        (1.0, 1.1, Couplings(VA=1.0), True, r"identical particles have one mass, not 1\.0 and 1\.1 GeV"),
    ],
)
def test_refuses(m_1, m_2, g, identical, message):
    with pytest.raises(DineutrinoError, match=message):
        majorana_pair(Q2, m_1, m_2, g, identical)


def test_traced_input_that_cannot_be_refused():
    """A negative mass gives NaN, a coupling that vanishes gives nothing."""
    function = jax.jit(lambda m, g: jnp.stack(jax.tree.leaves(majorana_pair(Q2, m, m, g, identical=True))))
    g = Couplings(VA=0.5, VV=0.7)
    assert np.all(np.isnan(function(-1.0, g)))
    assert function(1.0, g) == approx(function(1.0, Couplings(VA=0.5, VV=0.0)), rel=1e-15)
