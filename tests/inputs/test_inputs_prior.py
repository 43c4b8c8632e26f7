import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import input_rows, input_sets, load_inputs, load_prior


@pytest.fixture(scope="module")
def prior():
    return load_prior("default")


@pytest.fixture(scope="module")
def inputs_of(prior):
    return eqx.filter_jit(prior.inputs)


def flat(inputs, block):
    """The entries of a block, read by label and independently of the prior's own code."""
    return jnp.stack(unstacked(inputs, block))


def unstacked(inputs, block):
    values = []
    for label in block.labels:
        if not block.transition:
            values.append(inputs[label])
            continue
        transition, name, power = label.split(" ")
        vectors = inputs.form_factors[transition].coefficients
        fixed_first = inputs.form_factors[transition].parametrisation != "BCL"
        start = max(len(v) for v in vectors.values()) - len(vectors[name]) if fixed_first else 0
        values.append(vectors[name][int(power[1:]) - start])
    return values


def jacobian_at_origin(prior):
    """d(entries of a block)/d(z of a block), for all pairs of blocks."""

    def entries(z):
        inputs = prior.inputs(z)
        return {block.name: flat(inputs, block) for block in prior.blocks}

    zeros = {block.name: np.zeros(len(block.labels)) for block in prior.blocks}
    return jax.tree.map(np.asarray, jax.jit(jax.jacfwd(entries))(zeros))


def covariance_of(block):
    cholesky = np.asarray(block.cholesky)
    return cholesky @ cholesky.T


@pytest.mark.slow
def test_origin_is_the_central_value(prior, inputs_of):
    central = load_inputs("default")
    assert eqx.tree_equal(prior.central, central)
    assert eqx.tree_equal(prior.inputs({}), central)
    at_origin = jax.tree.leaves(inputs_of(prior.origin()))
    for one, other in zip(at_origin, jax.tree.leaves(central), strict=True):
        assert np.all(np.asarray(one) == np.asarray(other))


def test_every_uncertain_input_is_in_one_block(prior):
    rows = {row.name: row for row in input_rows("default")}
    assert sorted(prior.labels) == sorted(name for name, row in rows.items() if row.uncertainty > 0)
    assert len(set(prior.labels)) == len(prior.labels)
    assert {"G_F", "ckm_A", "m_B+", "tau_B0", "f_K*+", "B->K f_0 a0", "B->K* A_12 a1", "B->K* V a0"} <= set(
        prior.labels
    )
    assert not {"hbar", "mu_b"} & set(prior.labels)


@pytest.mark.parametrize("name", input_sets())
def test_uncertainties_are_those_of_the_table(name):
    prior = load_prior(name)
    rows = {row.name: row for row in input_rows(name)}
    for block in prior.blocks:
        sigma = np.sqrt(np.diag(covariance_of(block)))
        for label, mean, dx in zip(block.labels, np.asarray(block.mean), sigma, strict=True):
            row = rows[label]
            if row.value == 0:  # dimensionless coefficients only
                assert (mean, dx) == (0, pytest.approx(row.uncertainty, rel=1e-12))
            else:
                assert dx / abs(mean) == pytest.approx(row.uncertainty / abs(row.value), rel=1e-12)
        assert np.all(np.tril(block.cholesky) == block.cholesky)


@pytest.mark.slow
def test_jacobian_reproduces_the_covariance(prior):
    jacobian = jacobian_at_origin(prior)
    for block in prior.blocks:
        for other in prior.blocks:
            j = jacobian[block.name][other.name]
            if other is not block:
                assert np.all(j == 0)  # blocks are independent
                continue
            covariance = covariance_of(block)
            sigma = np.sqrt(np.diag(covariance))
            np.testing.assert_allclose(
                j @ j.T / np.outer(sigma, sigma), covariance / np.outer(sigma, sigma), atol=1e-14
            )


@pytest.mark.slow
def test_whitening_round_trip(prior, inputs_of):
    z = prior.sample(jax.random.key(1))
    back = eqx.filter_jit(prior.whiten)(inputs_of(z))
    assert set(back) == set(z) == {block.name for block in prior.blocks}
    for name in z:
        # masses known to 1e-10 lose digits when their central value is added and subtracted
        np.testing.assert_allclose(back[name], z[name], atol=1e-5 if name == "lepton masses" else 1e-7)


def test_sampled_inputs_scatter_with_the_stated_covariance(prior):
    block = next(block for block in prior.blocks if block.name.startswith("B->K HPQCD"))
    keys = jax.random.split(jax.random.key(0), 20_000)
    samples = jax.jit(jax.vmap(lambda key: flat(prior.inputs(prior.sample(key)), block)))(keys)
    covariance = covariance_of(block)
    scale = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    np.testing.assert_allclose(np.cov(np.asarray(samples).T) / scale, covariance / scale, atol=0.04)


@pytest.mark.slow
def test_log_prob_is_minus_half_chi2(prior, inputs_of):
    z = prior.sample(jax.random.key(2))
    inputs = inputs_of(z)
    chi2 = 0.0
    for block in prior.blocks:
        pull = np.array([float(x) for x in unstacked(inputs, block)]) - np.asarray(block.mean)
        chi2 += pull @ np.linalg.solve(covariance_of(block), pull)
    assert prior.log_prob(z) == pytest.approx(-chi2 / 2, rel=1e-5)
    assert prior.log_prob({}) == prior.log_prob(prior.origin()) == 0


@pytest.mark.slow
def test_jit_is_eager_and_vmap_is_a_loop(prior, inputs_of):
    zs = [prior.sample(jax.random.key(i)) for i in range(3)]
    batch = jax.tree.map(lambda *leaves: jnp.stack(leaves), *zs)
    many = jax.jit(jax.vmap(lambda z: prior.inputs(z)))(batch)
    for i, z in enumerate(zs):
        for one, jitted, eager in zip(
            jax.tree.leaves(many), jax.tree.leaves(inputs_of(z)), jax.tree.leaves(prior.inputs(z)), strict=True
        ):
            # constants of the parametrisation and exact inputs are not batched away: every leaf has the batch axis
            rounding = 1e-14 * np.max(np.abs(eager))
            np.testing.assert_allclose(jitted, eager, rtol=0, atol=rounding)
            np.testing.assert_allclose(one[i], eager, rtol=0, atol=rounding)


def test_gradient_against_finite_differences(prior, inputs_of):
    def f(z):
        inputs = inputs_of(z)
        k = inputs.form_factors["B->K*"].coefficients
        return inputs["m_B+"] * jnp.sin(inputs["ckm_A"]) + k["A_12"][1] ** 2 * k["V"][0] + 1e-12 * inputs["tau_B0"]

    z = prior.sample(jax.random.key(3))
    f = jax.jit(f)
    gradient = jax.jit(jax.grad(f))(z)
    step = 1e-4
    for name, vector in z.items():
        for i in range(0, len(vector), 3):
            up, down = (f(z | {name: vector.at[i].add(s)}) for s in (step, -step))
            assert gradient[name][i] == pytest.approx(float(up - down) / (2 * step), rel=1e-6, abs=1e-9)


def test_restriction_is_the_marginal(prior):
    kept = ["B->K* V a0", "B->K* A_12 a2", "B->K* A_1 a1", "tau_B+", "CKM"]
    small = prior.restrict(kept)
    assert set(small.labels) == {*kept[:-1], *next(b.labels for b in prior.blocks if b.name == "CKM")}
    full = {block.name: block for block in prior.blocks}
    jacobian = jacobian_at_origin(small)
    for block in small.blocks:
        rows = [full[block.name].labels.index(label) for label in block.labels]
        expected = covariance_of(full[block.name])[np.ix_(rows, rows)]
        np.testing.assert_allclose(block.covariance, expected, rtol=1e-12)
        j = jacobian[block.name][block.name]
        np.testing.assert_allclose(j @ j.T, expected, rtol=1e-11)
    # what is not kept does not move
    moved = small.inputs({block.name: jnp.ones_like(block.mean) for block in small.blocks})
    vector = moved.form_factors["B->K*"].coefficients["V"] - prior.central.form_factors["B->K*"].coefficients["V"]
    assert vector[0] != 0
    assert np.all(vector[1:] == 0)
    assert moved["tau_B0"] == prior.central["tau_B0"]


def test_restriction_by_predicate_drops_empty_blocks(prior):
    small = prior.restrict(lambda label: label.startswith("tau_B") or label == "m_b")
    assert {block.name for block in small.blocks} == {"quark masses", "lifetimes"}
    assert prior.restrict([]).blocks == ()
    assert prior.restrict([]).log_prob({}) == 0


def test_refusals(prior):
    with pytest.raises(DineutrinoError, match="did you mean 'tau_B\\+'"):
        prior.restrict(["tau_B+ "])
    with pytest.raises(DineutrinoError, match="did you mean 'lifetimes'"):
        prior.inputs({"lifetime": jnp.zeros(4)})
    with pytest.raises(DineutrinoError, match="'lifetimes' takes 9 numbers"):
        prior.log_prob({"lifetimes": jnp.zeros(3)})
