"""Integrals over q2 against adaptive quadrature, and derivatives at the ends of the q2 range.

The reference integrates the differential rate over u = sqrt(q2_max - q2), where nothing is singular at the end point.
"""

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree
from scipy.integrate import quad

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import Inputs, c_l_sm, form_factor_sets, load_inputs, load_prior
from dineutrino.observables import get

MODES = ("B+->K", "B0->K", "B+->K*", "B0->K*")
VECTOR_MODES = ("B+->K*", "B0->K*")
BINS = ((0.0, 4.0), (4.0, 8.0), (14.0, 18.7), (1.1, 6.0), (0.0, 1e-3), (17.0, 17.001))
"""GeV^2, in the range of every mode."""
DISTANCES = (1e-8, 1e-6, 1e-4, 1e-2, 0.1)
"""From the upper edge of a bin to the end point, GeV^2."""


@cache
def prior(transition: str, fit: str):
    return load_prior("default", form_factors={transition: fit})


@cache
def compiled(name: str) -> Callable[..., jax.Array]:
    return jax.jit(lambda wilson, inputs, *arguments: get(name)(wilson, inputs, *arguments))


def interference(inputs: Inputs, sign: float) -> NeutrinoCoefficients:
    """C_R = +-C_SM leaves only |a + b|^2 or only |a - b|^2; any other rate is a sum of both with positive weights."""
    return NeutrinoCoefficients(jnp.zeros((3, 3), complex), sign * c_l_sm(inputs) * jnp.eye(3, dtype=complex))


def signs(mode: str) -> tuple[float, ...]:
    """A pseudoscalar has no |a - b|^2."""
    return (1.0, -1.0) if mode in VECTOR_MODES else (1.0,)


def end_point(mode: str, inputs: Inputs) -> float:
    return float(get(f"BR({mode}nunu)").mode.masses(inputs).q2_max)


def relative_error(mode: str, wilson: NeutrinoCoefficients, inputs: Inputs, lower: float, distance: float) -> float:
    """Of the rate between `lower` and `distance` below the end point."""
    end = end_point(mode, inputs)
    rate = compiled(f"dBR/dq2({mode}nunu)")
    if lower == distance == 0:
        found = float(compiled(f"BR({mode}nunu)")(wilson, inputs))
    else:
        found = float(compiled(f"<BR>({mode}nunu)")(wilson, inputs, lower, end - distance))
    integrand = lambda u: 2 * u * float(rate(wilson, inputs, end - u**2)) / found  # noqa: E731
    expected, _ = quad(integrand, distance**0.5, (end - lower) ** 0.5, epsabs=0, epsrel=1e-13)
    return abs(expected - 1)


@pytest.mark.parametrize("mode", MODES)
def test_total_rate(mode):
    inputs = load_inputs("default")
    for sign in signs(mode):
        assert relative_error(mode, interference(inputs, sign), inputs, 0.0, 0.0) < 1e-12


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("mode", ["B+->K", "B0->K*"])
def test_total_rate_at_random_coefficients(mode, seed):
    """From tiny to huge, complex, off-diagonal."""
    rng = np.random.default_rng(seed)
    left, right = 10.0 ** rng.uniform(-3, 3) * rng.normal(size=(2, 3, 6)).view(complex)
    wilson, inputs = NeutrinoCoefficients(jnp.asarray(left), jnp.asarray(right)), load_inputs("default")
    assert relative_error(mode, wilson, inputs, 0.0, 0.0) < 1e-12


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mode", "fit"),
    [
        (mode, fit)
        for mode, transition in (("B+->K", "B->K"), ("B0->K*", "B->K*"))
        for fit in form_factor_sets()[transition]
    ],
)
@pytest.mark.parametrize("sigmas", [0.0, 2.0, 5.0])
def test_total_rate_over_the_range_of_the_form_factors(mode, fit, sigmas):
    uncertain = prior(get(f"BR({mode}nunu)").mode.transition, fit)
    z = uncertain.sample(jax.random.key(7))
    inputs = uncertain.inputs({name: sigmas * vector for name, vector in z.items() if name.endswith(fit)})
    for sign in signs(mode):
        assert relative_error(mode, interference(inputs, sign), inputs, 0.0, 0.0) < 1e-10


@pytest.mark.parametrize("bin_", BINS)
@pytest.mark.parametrize("mode", ["B+->K", "B0->K*"])
def test_bins(mode, bin_):
    inputs = load_inputs("default")
    lower, upper = bin_
    for sign in signs(mode):
        wilson = interference(inputs, sign)
        found = float(compiled(f"<BR>({mode}nunu)")(wilson, inputs, lower, upper))
        rate = compiled(f"dBR/dq2({mode}nunu)")
        expected, _ = quad(
            lambda q2, wilson=wilson, rate=rate: float(rate(wilson, inputs, q2)), lower, upper, epsabs=0, epsrel=1e-13
        )
        assert found == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("lower", [0.0, 10.0, 18.0])
@pytest.mark.parametrize("mode", ["B+->K", "B+->K*"])
def test_bins_that_end_just_below_the_end_point(mode, lower, distance):
    inputs = load_inputs("default")
    for sign in signs(mode):
        assert relative_error(mode, interference(inputs, sign), inputs, lower, distance) < 1e-10


@pytest.mark.parametrize("mode", MODES)
def test_bins_add_up(mode):
    inputs = load_inputs("default")
    wilson = NeutrinoCoefficients(jnp.full((3, 3), 2.0 - 1.0j), jnp.full((3, 3), -1.0 + 3.0j))
    edges = [0.0, 2.5, 9.0, 17.0, end_point(mode, inputs)]
    bins = [float(compiled(f"<BR>({mode}nunu)")(wilson, inputs, *pair)) for pair in pairwise(edges)]
    assert sum(bins) == pytest.approx(float(compiled(f"BR({mode}nunu)")(wilson, inputs)), rel=1e-11)


@pytest.mark.slow
@pytest.mark.parametrize("edge", ["lower", "upper"])
@pytest.mark.parametrize(
    ("quantity", "mode"),
    [*(("dBR/dq2", mode) for mode in MODES), *(("FL", mode) for mode in VECTOR_MODES)],
)
def test_values_and_all_gradients_are_finite_at_the_ends(quantity, mode, edge):
    inputs = load_inputs("default", long_distance="included")
    q2 = jnp.asarray(0.0 if edge == "lower" else end_point(mode, inputs))
    wilson = NeutrinoCoefficients(jnp.full((3, 3), 2.0 - 1.0j), jnp.full((3, 3), -1.0 + 3.0j))
    name = f"{quantity}({mode}nunu)"
    value, gradient = jax.jit(
        jax.value_and_grad(
            lambda parts, inputs, q2: get(name)(NeutrinoCoefficients(*parts), inputs, q2), argnums=(0, 1, 2)
        )
    )((wilson.C_L, wilson.C_R), inputs, q2)
    assert np.isfinite(value)
    assert all(np.all(np.isfinite(leaf)) for leaf in jax.tree.leaves(gradient))
    if quantity == "dBR/dq2":
        assert value > 0 if edge == "lower" else value == pytest.approx(0.0, abs=1e-9)
    else:
        # at the end point 1/3, as far as the fit obeys the relation between A_1 and A_12 there
        assert value == pytest.approx(1.0) if edge == "lower" else value == pytest.approx(1 / 3, rel=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["B+->K", "B0->K*"])
def test_gradient_of_the_total_rate(mode):
    """Every scalar input and form-factor coefficient by central differences."""
    inputs = load_inputs("default")
    rate = jax.jit(lambda inputs: 1e6 * get(f"BR({mode}nunu)")(NeutrinoCoefficients.zero(), inputs))
    flat, rebuild = ravel_pytree(inputs)
    gradient = ravel_pytree(jax.jit(jax.grad(rate))(inputs))[0]
    shifted = np.asarray(flat) + np.eye(len(flat)) * 1e-4 * np.maximum(np.abs(flat), 1e-9)[:, None]
    mirrored = 2 * np.asarray(flat) - shifted
    steps = np.diag(shifted - mirrored)
    difference = np.array([float(rate(rebuild(a)) - rate(rebuild(b))) for a, b in zip(shifted, mirrored, strict=True)])
    scale = np.maximum(np.abs(flat), 1e-9)
    assert np.all(np.isfinite(gradient))
    np.testing.assert_allclose(gradient * scale, difference / steps * scale, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("mode", ["B+->K", "B0->K*"])
def test_gradient_in_the_edges_of_a_bin_is_the_spectrum(mode):
    inputs, wilson = load_inputs("default"), NeutrinoCoefficients.zero()
    slope = jax.jit(jax.grad(lambda edges: get(f"<BR>({mode}nunu)")(wilson, inputs, edges[0], edges[1])))(
        jnp.asarray([1.0, 13.0])
    )
    spectrum = [float(compiled(f"dBR/dq2({mode}nunu)")(wilson, inputs, q2)) for q2 in (1.0, 13.0)]
    assert np.asarray(slope) == pytest.approx([-spectrum[0], spectrum[1]], rel=1e-9)
