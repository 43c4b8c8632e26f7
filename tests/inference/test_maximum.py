import warnings

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import toys

from dineutrino.errors import DineutrinoError, NotConverged
from dineutrino.inference import Caution, maximum
from dineutrino.inference.coordinates import Box, fold, mirrored, unfold

MEAN, COV = np.array([0.5, -2.0, 0.3, 1.0, -0.2]), toys.covariance(5)


@pytest.fixture(scope="module")
def normal():
    target = toys.gaussian(MEAN, COV)
    return target, maximum(target, toys.key(0))


def test_normal_density(normal):
    _, maxima = normal
    assert len(maxima) == 1
    best = maxima.best
    np.testing.assert_allclose(best.vector, MEAN, atol=1e-9)
    np.testing.assert_allclose(best.covariance, COV, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(best.errors, np.sqrt(np.diag(COV)), rtol=1e-9)
    assert best.converged
    assert best.gradient_norm < 1e-8
    assert best.n_starts == maxima.n_starts == 64
    assert (best.log_prob, maxima.n_lost, maxima.cautions, best.flat, best.at_bound) == (
        pytest.approx(0),
        0,
        (),
        (),
        (),
    )
    assert best["x1"] == pytest.approx(-2)
    assert best.error("block: z0") == pytest.approx(np.sqrt(COV[2, 2]))
    with pytest.raises(DineutrinoError, match="did you mean 'x1'"):
        best["x1 "]


def test_same_key_same_result(normal):
    target, maxima = normal
    again = maximum(target, toys.key(0)).best
    assert np.array_equal(again.vector, maxima.best.vector)
    assert np.array_equal(again.search_hessian, maxima.best.search_hessian)


def test_point_round_trip(normal):
    target, maxima = normal
    assert float(target.log_prob(maxima.best.point)) == pytest.approx(maxima.best.log_prob, abs=1e-12)
    again = maximum(target, toys.key(1), starts=1, extra_starts=(maxima.best.point, maxima.best.vector))
    assert again.best.n_starts == 3


@pytest.mark.slow
def test_both_signs():
    target = toys.sign_degenerate()
    maxima = maximum(target, toys.key(0))
    assert len(maxima) == 2
    x = np.linspace(-8, 8, 1_600_001)
    chi2 = toys.sign_degenerate_chi2(x)
    for side in (x > -1, x < -1):
        i = np.argmin(np.where(side, chi2, np.inf))
        (found,) = [optimum for optimum in maxima if (optimum["x0"] > -1) == (x[i] > -1)]
        assert found["x0"] == pytest.approx(x[i], abs=1e-5)
        assert -2 * found.log_prob == pytest.approx(chi2[i], abs=1e-8)
        assert found.gradient_norm < 1e-8
    assert maxima.best["x0"] > -1
    assert maxima[0].log_prob > maxima[1].log_prob
    assert maxima.within(0.01) == (maxima.best,)


def test_hessian_errors_agree_with_finite_differences():
    target = toys.sign_degenerate()
    best = maximum(target, toys.key(2)).best
    density = jax.jit(jax.vmap(target.density))
    v, h = np.asarray(best.vector), 1e-3
    steps = h * np.eye(4)
    hessian = np.zeros((4, 4))
    for i in range(4):
        for j in range(4):
            corners = np.stack([v + a * steps[i] + b * steps[j] for a in (1, -1) for b in (1, -1)])
            hessian[i, j] = -np.dot([1, -1, -1, 1], density(corners)) / (4 * h**2)
    np.testing.assert_allclose(best.covariance, np.linalg.inv(hessian), rtol=1e-4, atol=1e-6)


@pytest.mark.slow
def test_optimum_at_a_bound():
    target, cov = toys.at_bound()
    with pytest.warns(Caution, match="'x0' is at its bound"):
        maxima = maximum(target, toys.key(0))
    assert len(maxima) == 1
    best = maxima.best
    assert best["x0"] == 2.0
    # the other entry takes its conditional mean and its conditional error
    assert best["block: z0"] == pytest.approx(1.0 + 0.6 * (2 - 3), abs=1e-9)
    assert best.error("block: z0") == pytest.approx(np.sqrt(cov[1, 1] - 0.36), rel=1e-7)
    assert np.isnan(best.error("x0"))
    assert best.at_bound == ("x0",)
    assert best.converged
    assert best.gradient_norm < 1e-6


def test_one_sided_bounds():
    target = toys.gaussian([-1.0, 2.0], np.eye(2), lower=[0, -np.inf], upper=[np.inf, 1.5])
    with pytest.warns(Caution):
        best = maximum(target, toys.key(0)).best
    np.testing.assert_array_equal(best.vector, [0.0, 1.5])


@pytest.mark.slow
def test_interior_optimum_next_to_a_bound():
    target = toys.gaussian([1.0, 2.0], np.eye(2), lower=[0.999, 0], upper=[5, 2.001])
    best = maximum(target, toys.key(0)).best
    np.testing.assert_allclose(best.vector, [1, 2], atol=1e-8)
    np.testing.assert_allclose(best.covariance, np.eye(2), atol=1e-6)


@pytest.mark.slow
def test_flat_direction_is_called_flat():
    with pytest.warns(Caution, match="flat at its maximum along 'x1'"):
        maxima = maximum(toys.unused(), toys.key(0))
    assert sorted(round(optimum["x0"], 6) for optimum in maxima) == [-3, 1]
    for optimum in maxima:
        assert optimum.flat == ("x1",)
        assert optimum.error("x1") == np.inf
        assert optimum.error("x0") == pytest.approx(0.5 / 4, rel=1e-6)
        assert optimum.error("block: z0") == pytest.approx(1)


@pytest.mark.slow
def test_ring_of_maxima():
    with pytest.warns(Caution, match="flat"):
        maxima = maximum(toys.ring(), toys.key(0), starts=64)
    for optimum in maxima:
        assert np.hypot(1 + optimum["x0"], optimum["x1"]) == pytest.approx(2, abs=1e-7)
        assert optimum.error("block: z0") == pytest.approx(1)
        assert "block: z0" not in optimum.flat
        assert optimum.flat
    assert len(maxima) <= 8  # points of one ring, not one maximum for each of the 64 starts
    assert maxima.n_lost <= 1


@pytest.mark.slow
def test_banana_and_mixture():
    best = maximum(toys.banana(), toys.key(0)).best
    np.testing.assert_allclose(best.vector, [0, 0], atol=1e-8)
    # the basin of the narrow component is tiny in ten dimensions: it takes a start of its own
    maxima = maximum(toys.mixture(), toys.key(0), extra_starts=(np.full(10, -4.0),))
    assert len(maxima) == 2
    np.testing.assert_allclose(np.abs(maxima.best.vector), 4, atol=1e-6)


def test_runaway_is_refused():
    with pytest.raises(NotConverged, match="no search for the maximum converged"):
        maximum(toys.runaway(), toys.key(0))


@pytest.mark.slow
def test_higher_search_that_did_not_converge_is_refused():
    # a maximum at 0 with value 0, and a rise without end beyond x0 = 6
    target = toys.toy(lambda v: 1 - jnp.hypot(1, v[0]) - 0.5 * v[1] ** 2 + 4 * jax.nn.softplus(v[0] - 6), 1, 2)
    with pytest.raises(NotConverged, match="above the highest maximum that did") as caught:
        maximum(target, toys.key(0))
    assert caught.value.result.best["x0"] == pytest.approx(0, abs=0.2)


def test_not_a_number_is_refused():
    with pytest.raises(DineutrinoError, match=r"not a number at \d+ of 32 points, first at x0 = -"):
        maximum(toys.not_a_number(), toys.key(0))


def test_impossible_everywhere_is_refused():
    target = toys.toy(lambda v: jax.numpy.where(v[0] > 1e6, 0.0, -np.inf) * 1.0, 1, 1)
    with pytest.raises(DineutrinoError, match="-inf at all 32"):
        maximum(target, toys.key(0))


@pytest.mark.slow
def test_partly_impossible_target():
    target = toys.toy(lambda v: jax.numpy.where(v[0] > -1, -0.5 * (v[0] - 0.5) ** 2 - 0.5 * v[1] ** 2, -np.inf), 1, 2)
    assert maximum(target, toys.key(0)).best["x0"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lower": [1, -np.inf], "upper": [0, np.inf]}, "bounds of 'x0' must be ordered"),
        ({"scale": [0.0, 1.0]}, "scale of 'x0' must be positive"),
        ({"scale": [1.0]}, r"`scale` of a target must have shape \(2,\)"),
    ],
)
def test_bad_targets_are_refused(change, message):
    with pytest.raises(DineutrinoError, match=message):
        maximum(toys.gaussian([0.0, 0.0], np.eye(2), **change), toys.key(0))


def test_single_precision_is_refused(monkeypatch):
    target = toys.gaussian([0.0, 0.0], np.eye(2))
    with jax.enable_x64(False), pytest.raises(DineutrinoError, match="double precision"):
        maximum(target, toys.key(0))


@pytest.mark.slow
def test_coordinates_are_inverse_to_each_other():
    box = Box(np.array([-1.0, 0, -np.inf, -np.inf]), np.array([3.0, np.inf, 2, np.inf]), np.array([1.0, 2, 0.5, 1]))
    random = np.random.default_rng(0)
    for _ in range(20):
        x = np.array([random.uniform(-1, 3), random.exponential(), 2 - random.exponential(), random.normal()])
        np.testing.assert_allclose(fold(box, jnp.asarray(unfold(box, x))), x, rtol=1e-12, atol=1e-12)
        images = np.array([6 - x[0], -x[1], 4 - x[2], x[3]])
        for y in (x, images, images + np.array([8, 0, 0, 0])):
            np.testing.assert_allclose(mirrored(jnp.asarray(y), box.lower, box.upper), x, rtol=1e-12, atol=1e-12)
    # every t lies within the bounds, the bounds themselves included, with finite slopes
    for t in (-1e3, -1.0, 1e3, 3.0, 0.0, 2.0):
        x = fold(box, jnp.full(4, t))
        assert np.all((x >= box.lower) & (x <= box.upper))
        assert np.isfinite(jax.jacfwd(lambda t: fold(box, t))(jnp.full(4, t))).all()


@pytest.mark.slow
def test_no_caution_without_reason():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        maximum(toys.gaussian([0.0, 1.0], np.eye(2)), toys.key(3))
