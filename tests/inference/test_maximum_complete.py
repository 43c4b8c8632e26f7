"""Valleys count as one maximum, and a set of maxima that may lack some says so."""

import jax.numpy as jnp
import numpy as np
import pytest
import toys
from families import Mixture, bounds, mixture

from dineutrino.inference import Caution, maximum

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::dineutrino.inference.Caution")]
key = toys.key


def test_a_ring_is_one_maximum():
    (best,) = maximum(toys.ring(), key(0))
    assert best.n_flat == 1
    angles = np.sort(np.arctan2(best.valley[:, 1], 1 + best.valley[:, 0]))
    assert np.max(np.diff(angles)) < 1.5  # all around
    np.testing.assert_allclose(np.hypot(best.valley[:, 1], 1 + best.valley[:, 0]), 2, atol=1e-3)


def test_a_sphere_in_four_dimensions_is_one_maximum():
    """Two complex coefficients of which one rate is measured."""
    target = toys.toy(
        lambda v: -0.5 * ((jnp.sum((1 + v[:2]) ** 2 + v[2:] ** 2) - 5) / 0.5) ** 2,
        4, 4, scale=[3.0] * 4, lower=[-20] * 4, upper=[20] * 4,
    )  # fmt: skip
    (best,) = maximum(target, key(0))
    assert best.n_flat == 3
    assert best.n_starts == 256


def test_parallel_valleys_stay_two():
    maxima = maximum(toys.unused(), key(1))
    assert sorted(round(float(o["x0"]), 6) for o in maxima) == [-3, 1]


def test_mirror_images_stay_as_many_as_they_are():
    """(|x_i| - 3)^2: four maxima of one height."""
    maxima = maximum(toys.toy(lambda v: -0.5 * jnp.sum((v**2 - 9) ** 2) / 9, 2, 2), key(0))
    assert len(maxima) == 4
    assert all(o.n_flat == 0 for o in maxima)
    assert maxima.complete


def test_signs_in_six_dimensions():
    """2^6 modes; starts are added until one half as wide would have been reached as well."""
    target = toys.toy(lambda v: -0.5 * jnp.sum((v**2 - 9) ** 2) / 9 + 0.1 * jnp.sum(v), 6, 6, scale=[3.0] * 6)
    maxima = maximum(target, key(0))
    assert len(maxima) == 64
    assert min(o.n_starts for o in maxima) / 2**6 >= 3
    assert maxima.complete


def missed(target, maxima):
    """Weight of the components without a maximum of their own."""
    found = np.stack([np.asarray(o.vector) for o in maxima])
    distances = np.linalg.norm(np.asarray(target.means)[:, None] - found, axis=2)
    return float(np.sum(np.asarray(target.weights)[distances.min(axis=1) > np.asarray(target.widths)]))


@pytest.mark.parametrize(("n", "components", "seeds"), [(5, 5, 6), (10, 9, 3), (20, 9, 3)])
def test_mixtures_are_complete_or_say_that_they_may_not_be(n, components, seeds):
    """No silent loss: either every component has its maximum, or `complete` is false and a caution says why."""
    complete = 0
    for seed in range(seeds):
        target = mixture(n, components, seed)
        maxima = maximum(target, key(seed))
        assert missed(target, maxima) == 0 or not maxima.complete
        assert maxima.complete or any("not shown" in sentence for sentence in maxima.cautions)
        complete += maxima.complete
    assert (n > 5) or complete >= seeds / 2


@pytest.mark.parametrize(("width", "distance"), [(0.1, 1.0), (0.05, 1.0), (0.1, 3.0), (0.1, 5.0)])
def test_a_spike_upon_a_wide_maximum_is_found(width, distance):
    """30% of the probability in a ten-thousandth of the volume or less: searches from afar roll past it."""
    target = Mixture(
        **bounds(5, -10, 10),
        means=jnp.stack([jnp.zeros(5), jnp.full(5, distance / np.sqrt(5))]),
        widths=jnp.array([1.0, width]),
        weights=jnp.array([0.7, 0.3]),
    )
    maxima = maximum(target, key(0))
    assert missed(target, maxima) == 0


def test_few_starts_show_little():
    with pytest.warns(Caution, match=r"not shown: \d of 8 starting points"):
        maxima = maximum(mixture(3, 3, 0), key(0), starts=8)
    assert not maxima.complete
    assert maxima.n_starts == 8
