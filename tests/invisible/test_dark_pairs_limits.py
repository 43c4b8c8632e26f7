"""Scalars, vectors and dark fermions: thresholds, gradients, batches, self-conjugate fields and what is refused.

Their size is tested together with the hadronic side in tests/observables/test_dark_pairs.py.
"""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from jax.flatten_util import ravel_pytree

from dineutrino.errors import DineutrinoError
from dineutrino.invisible import (
    Couplings,
    FermionOperators,
    ScalarOperators,
    VectorOperators,
    dark_fermion_pair,
    fermion_pair,
    from_names,
    majorana_pair,
    scalar_pair,
    vector_pair,
)

PAIRS = {scalar_pair: ScalarOperators, dark_fermion_pair: FermionOperators, vector_pair: VectorOperators}
by_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__)


def everything(kind, self_conjugate=False):
    """All operators, with complex coefficients that are all different."""
    names = [name for name in kind.names() if not (self_conjugate and name in kind.vanishing)]
    return kind(**{name: jnp.asarray(0.4 + 0.1 * i + (0.3 - 0.1j) * i) for i, name in enumerate(names)})


def _leaves(q2, m, g, pair):
    return jnp.stack(jnp.broadcast_arrays(*jax.tree.leaves(pair(q2, m, g))))


LEAVES = {pair: jax.jit(lambda q2, m, g, pair=pair: _leaves(q2, m, g, pair)) for pair in PAIRS}
SLOPES = {pair: jax.jit(jax.jacrev(LEAVES[pair], argnums=(0, 1))) for pair in PAIRS}


@pytest.mark.slow
@by_pair
def test_jit_is_eager_and_vmap_is_a_loop(pair):
    g, points = everything(PAIRS[pair]), [(q2, m) for q2 in (0.0, 3.0, 9.0) for m in (0.2, 0.9)]
    loop = np.stack([LEAVES[pair](q2, m, g) for q2, m in points])
    assert _leaves(jnp.asarray(9.0), jnp.asarray(0.9), g, pair) == approx(loop[-1], rel=1e-13)
    batch = jax.vmap(LEAVES[pair], in_axes=(0, 0, None))(*jnp.asarray(points).T, g)
    assert batch == approx(loop, rel=1e-13)


@pytest.mark.slow
@by_pair
def test_values_and_gradients_at_and_around_the_threshold(pair):
    g, m = everything(PAIRS[pair]), 0.7
    threshold = 4 * m**2
    for q2 in (0.0, threshold / 2, threshold, threshold * (1 + 1e-15), threshold * (1 + 1e-9), threshold + 1.0):
        values = LEAVES[pair](q2, m, g)
        assert np.all(np.isfinite(values))
        assert all(np.all(np.isfinite(slope)) for slope in SLOPES[pair](q2, m, g))
        if q2 <= threshold:
            assert not np.any(values)
    assert np.all(np.abs(LEAVES[pair](threshold * (1 + 1e-12), m, g)) < 1e-3)  # continuous


@by_pair
def test_gradients_against_differences(pair):
    g = everything(PAIRS[pair])
    by_q2, by_m = SLOPES[pair](6.0, 0.8, g)
    h = 1e-5
    leaves = LEAVES[pair]
    assert by_q2 == approx((leaves(6.0 + h, 0.8, g) - leaves(6.0 - h, 0.8, g)) / (2 * h), rel=1e-6, abs=1e-8)
    assert by_m == approx((leaves(6.0, 0.8 + h, g) - leaves(6.0, 0.8 - h, g)) / (2 * h), rel=1e-6, abs=1e-8)


@pytest.mark.slow
@by_pair
def test_gradients_in_the_coefficients(pair):
    """Every entry is a quadratic form: its value is half of its gradient times the coefficients."""
    g = everything(PAIRS[pair])
    flat, rebuild = ravel_pytree(jax.tree.map(lambda c: jnp.stack([c.real, c.imag]), g))
    n = len(flat)

    def total(x):
        parts = rebuild(x)
        operators = jax.tree.map(lambda c: c[0] + 1j * c[1], parts)
        return jnp.sum(LEAVES[pair](6.0, 0.8, operators))

    slope = jax.jit(jax.grad(total))(flat)
    assert slope @ flat / 2 == approx(total(flat), rel=1e-12)
    steps = jax.vmap(jax.jit(total))(jnp.concatenate([flat + 1e-3 * jnp.eye(n), flat - 1e-3 * jnp.eye(n)]))
    assert slope == approx((steps[:n] - steps[n:]) / 2e-3, rel=1e-9, abs=1e-9)


@by_pair
def test_operators_that_are_not_there_change_nothing(pair):
    kind = PAIRS[pair]

    def table(given):
        currents = pair(jnp.asarray(6.0), 0.8, kind(**{n: jnp.asarray(c) for n, c in given.items()}))
        spins = {spin: vars(entries) for spin, entries in vars(currents).items() if entries is not None}
        found = {(spin, n): value for spin, entries in spins.items() for n, value in entries.items()}
        return {key: float(value) for key, value in found.items() if value is not None and value != 0}

    for name in kind.names():
        alone = table({name: 0.5 + 0.2j})
        assert alone
        assert alone == pytest.approx(table({n: 0.5 + 0.2j if n == name else 0j for n in kind.names()}), rel=1e-13)


@by_pair
def test_massless_limit(pair):
    q2 = jnp.asarray([0.0, 1e-3, 4.0])
    g = everything(PAIRS[pair])
    if pair is not vector_pair:
        exact = LEAVES[pair](q2, 0.0, g)
        assert np.all(np.isfinite(exact))
        assert LEAVES[pair](q2[1:], 1e-10, g) == approx(exact[:, 1:], rel=1e-6, abs=1e-6)
        assert all(np.all(np.isfinite(slope)) for slope in SLOPES[pair](4.0, 0.0, g))
        return
    powers = {"S": 4, "P": 4, "V2": 4, "V3": 2, "V4": 4, "V5": 4, "V6": 2, "T1": 4, "T2": 4}
    for name, power in powers.items():
        operators = VectorOperators(**{name: jnp.asarray(1.0)})
        large, small = (np.max(_leaves(jnp.asarray(4.0), m, operators, pair)) for m in (1e-4, 1e-3))
        assert np.log10(large / small) == pytest.approx(power, abs=1e-4)


@by_pair
def test_self_conjugate_fields_decay_twice_as_often(pair):
    """Two contractions double the amplitude; of two identical particles half the phase space is left."""
    g, m, q2 = everything(PAIRS[pair], self_conjugate=True), 0.6, jnp.asarray([2.0, 5.0])
    once, twice = jax.tree.leaves(pair(q2, m, g)), jax.tree.leaves(pair(q2, m, g, True))
    assert np.stack(twice) == approx(2 * np.stack(once), rel=1e-14)


@by_pair
def test_operators_that_vanish_are_refused(pair):
    kind = PAIRS[pair]
    assert kind.vanishing
    for name in kind.vanishing:
        with pytest.raises(DineutrinoError, match=f"operator {name} vanishes for {kind.self_conjugate}; use one of"):
            pair(jnp.asarray(5.0), 0.6, kind(**{name: jnp.asarray(0.0)}), True)


def test_dark_fermions_are_a_fermion_pair():
    g = FermionOperators(S2=0.3 + 0.1j, V2=0.2, T1=0.5j)
    expected = fermion_pair(
        jnp.asarray(5.0), jnp.asarray(0.6), jnp.asarray(0.6),
        Couplings(SP=jnp.asarray(1j * (0.3 + 0.1j)), VA=0.2, TT=jnp.asarray(0.5j)),
    )  # fmt: skip
    found = dark_fermion_pair(jnp.asarray(5.0), 0.6, g)
    assert np.stack(jax.tree.leaves(found)) == approx(np.stack(jax.tree.leaves(expected)), rel=1e-15)


def test_majorana_dark_fermion_is_a_majorana_pair_of_twice_the_coupling():
    one = dark_fermion_pair(jnp.asarray(5.0), 0.6, FermionOperators(S1=0.3, V2=0.2j, A2=0.1, P2=0.4), majorana=True)
    g = Couplings(SS=0.6, VA=jnp.asarray(0.4j), AA=0.2, PP=jnp.asarray(0.8j))
    two = majorana_pair(jnp.asarray(5.0), 0.6, 0.6, g, identical=True)
    first, second = (eqx.filter(x, lambda leaf: np.any(leaf != 0)) for x in (one, two))
    assert np.stack(jax.tree.leaves(first)) == approx(np.stack(jax.tree.leaves(second)), rel=1e-15)


@by_pair
@pytest.mark.parametrize("m", [-0.1, float("nan"), float("inf")])
def test_bad_masses(pair, m):
    g = everything(PAIRS[pair])
    with pytest.raises(DineutrinoError, match=r"the mass of the (scalar|fermion|vector) is .* GeV; it must be finite"):
        pair(jnp.asarray(5.0), m, g)
    assert np.all(np.isnan(LEAVES[pair](5.0, m, g)))


def test_massless_vectors_are_refused():
    with pytest.raises(DineutrinoError, match=r"the mass of the vector is 0\.0 GeV; it must be finite and positive"):
        vector_pair(jnp.asarray(5.0), 0.0, VectorOperators(S=1.0))
    assert np.all(np.isnan(LEAVES[vector_pair](5.0, 0.0, everything(VectorOperators))))


@pytest.mark.parametrize(
    ("kind", "coefficients", "message"),
    [
        (ScalarOperators, {"T": 1.0}, "unknown operator with a pair of scalars 'T'. Allowed: A, P, S, V"),
        (FermionOperators, {"V3": 1.0}, "unknown operator with a pair of dark fermions 'V3'; did you mean 'V2'"),
        (VectorOperators, {"V1": 1.0}, "unknown operator with a pair of vectors 'V1'; did you mean 'V6'"),
        (VectorOperators, {"V2": complex(0, float("inf"))}, "operator V2 = infj is not finite"),
        (ScalarOperators, {"S": float("nan")}, "operator S = nan is not finite"),
    ],
)
def test_bad_operators(kind, coefficients, message):
    with pytest.raises(DineutrinoError, match=message):
        from_names(kind, coefficients)


def test_names():
    operators = from_names(VectorOperators, {"V4": 1e-9, "T1": 2j})
    assert (operators.V4, operators.T1) == (1e-9, 2j)
    assert all(getattr(operators, name) is None for name in VectorOperators.names() if name not in ("V4", "T1"))
