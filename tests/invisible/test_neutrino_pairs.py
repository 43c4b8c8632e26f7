"""`neutrino_pairs` says what it leaves to the coefficients of the Standard Model neutrinos, and drops nothing."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft.massive_neutrinos import MassiveNeutrinos
from dineutrino.errors import DineutrinoError
from dineutrino.invisible import neutrino_pair, neutrino_pairs, unordered_pairs


def neutrinos(masses, **matrices):
    return MassiveNeutrinos.from_matrices(masses, matrices)


def one_entry(n, a, b):
    matrix = np.zeros((n, n))
    matrix[a, b] = 1e-9
    return matrix


def test_massive_species_are_no_active_ones():
    given = neutrinos([0.5, 0.8], VLL=one_entry(2, 0, 1))
    with pytest.raises(DineutrinoError, match=r"0 and 0 are counted as massless active ones.*set 'active'"):
        neutrino_pairs(given)
    with pytest.raises(DineutrinoError, match=r"0 and 1 .* have the masses 0\.5 and 0\.8 GeV"):
        neutrino_pairs(given, [(0, 1)])


@pytest.mark.parametrize("name", ["VLL", "VLR"])
@pytest.mark.parametrize("place", [(0, 0), (2, 1)])
def test_vector_currents_of_active_neutrinos_are_no_pairs(name, place):
    given = neutrinos([0, 0, 0, 1.5], **{name: one_entry(4, *place)})
    with pytest.raises(DineutrinoError, match=r"interfere with the Standard Model; give those currents as Neutrino"):
        neutrino_pairs(given)
    assert len(neutrino_pairs(given, [(0, 3), (3, 3)])) == 2


def test_in_compiled_functions_they_are_nan():
    def couplings(mass, current):
        given = neutrinos([0, 0, 0, 1.5])
        given = MassiveNeutrinos(**(vars(given) | {"masses": given.masses.at[0].set(mass)}))
        (pair,) = neutrino_pairs(given.plus_active(current * jnp.eye(3) + 0j, jnp.zeros((3, 3), complex)), [(0, 0)])
        return pair.couplings.VA

    compiled = jax.jit(couplings)
    assert compiled(0.0, 0.0) == 0
    assert np.isnan(compiled(0.0, 1e-9))
    assert np.isnan(compiled(0.1, 0.0))


def test_nothing_is_dropped_from_species_that_are_all_further_ones():
    rng = np.random.default_rng(5)
    symmetric = rng.normal(size=(3, 3))
    matrices = {"VLL": rng.normal(size=(3, 3)), "VLR": rng.normal(size=(3, 3)), "SLR_sb": symmetric + symmetric.T}
    given = neutrinos([0.0, 0.4, 0.9], **matrices)
    for pair, (a, b) in zip(neutrino_pairs(given, active=0), unordered_pairs(3), strict=True):
        expected = jax.tree.leaves(neutrino_pair(jnp.asarray(9.0), given, a, b))
        assert np.stack(jax.tree.leaves(pair.currents(jnp.asarray(9.0)))) == approx(np.stack(expected), rel=1e-13)
