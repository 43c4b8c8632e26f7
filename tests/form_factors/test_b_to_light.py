"""B -> pi of FLAG 2024 against the values and covariances that its coefficients come from; B -> rho at q2 = 0."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino import form_factors
from dineutrino.inputs import load_inputs, load_prior

FLAG = {("f_plus", 18.0): 1.07854, ("f_plus", 22.0): 2.0037, ("f_plus", 26.0): 6.11813,
        ("f_0", 18.0): 0.48709, ("f_0", 26.0): 0.95403}  # fmt: skip
FLAG_COVARIANCE = {(0, 0): 0.003472603, (0, 1): 0.004999312, (1, 2): 0.02633393, (2, 2): 0.1180337, (3, 3): 0.000460187,
                   (3, 4): 0.000709222, (4, 4): 0.001461914, (2, 4): -0.000034789}  # fmt: skip
F_T = {19.0: (1.13677, 0.06316), 21.0: (1.58032, 0.05987), 23.0: (2.37849, 0.08351), 25.0: (4.17039, 0.16811)}
"""Values and errors of the Fermilab Lattice and MILC collaborations, arXiv:1507.01618."""


@pytest.fixture(scope="module")
def pi():
    return load_inputs().form_factors["B->pi"]


@pytest.mark.slow
def test_flag_values_and_covariance():
    [block] = [block for block in load_prior().blocks if block.transition == "B->pi"]
    prior = load_prior().restrict([block.name])

    def values(z):
        fit = prior.inputs({block.name: z}).form_factors["B->pi"]
        return jnp.stack([getattr(form_factors.pseudoscalar(jnp.asarray(q2), fit), name) for name, q2 in FLAG])

    zero = jnp.zeros(8)
    assert values(zero) == approx(list(FLAG.values()), rel=1e-5)
    slopes = jax.jacfwd(values)(zero)
    covariance = slopes @ slopes.T
    for (i, j), value in FLAG_COVARIANCE.items():
        assert covariance[i, j] == approx(value, rel=2e-4, abs=2e-9)
    names = ("f_plus a0", "f_plus a1", "f_plus a2", "f_0 a0", "f_0 a1")
    assert block.labels[:5] == tuple(f"B->pi {name}" for name in names)


def test_the_tensor_form_factor_within_its_errors(pi):
    for q2, (value, error) in F_T.items():
        assert float(form_factors.pseudoscalar(jnp.asarray(q2), pi).f_T) == pytest.approx(value, abs=0.2 * error)


def test_exact_relations(pi):
    at_zero = form_factors.pseudoscalar(jnp.asarray(0.0), pi)
    assert float(at_zero.f_0) == pytest.approx(float(at_zero.f_plus), rel=1e-12)
    rho = form_factors.vector(jnp.asarray(0.0), load_inputs().form_factors["B->rho"])
    values = [float(x) for x in (rho.V, rho.A_0, rho.A_1, rho.A_12, rho.T_1, rho.T_2)]
    assert values == approx([0.327414, 0.356161, 0.261755, 0.296777, 0.271842, 0.271842], rel=1e-3)


def test_slopes_of_the_series_vanish_at_threshold(pi):
    """That is what the last coefficient of f_plus is for: the series goes like (q2 - t_+)^(3/2) there."""
    t_plus = float(pi.constants["m_B"] + pi.constants["m_M"]) ** 2
    pole = float(pi.constants["m_1-"]) ** 2
    roots = jnp.asarray([0.02, 0.01])
    q2 = t_plus - roots**2
    series = form_factors.pseudoscalar(q2, pi).f_plus * (1 - q2 / pole)
    slope = float((series[0] - series[1]) / (roots[0] - roots[1]))
    assert abs(slope) < 0.05 * float(jnp.abs(series[0]))
    assert np.all(np.isfinite(series))
