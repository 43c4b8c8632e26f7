"""A search goes on where it stopped, and does not creep along a plateau."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import toys

from dineutrino.inference import maximum
from dineutrino.inference.coordinates import Box, unfold
from dineutrino.inference.ends import ends_of
from dineutrino.inference.search import LANES, LEG, MAX_STEPS, Way, minimise, search
from dineutrino.inference.stationary import Stationary

BANANA = np.random.default_rng(0).uniform(-2, 2, (150, 3))


def chain(x):
    """Rosenbrock's valley, which takes more steps than a leg."""
    return 100 * jnp.sum((x[1:] - x[:-1] ** 2) ** 2) + jnp.sum((1 - x[:-1]) ** 2)


def test_legs_are_one_search():
    begin = jnp.array([-1.2, 1.0, -0.5])

    def objective(w):
        return chain(begin + w)

    leg = jax.jit(lambda way: way.further(objective, LEG // 5))
    way, legs = Way.begin(3), 0
    while not way.done:
        way, legs = leg(way), legs + 1
    assert legs > 2
    for found, expected in zip(way.end, jax.jit(lambda: minimise(objective, 3))(), strict=True):
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_allclose(begin + way.w, 1.0, atol=1e-4)


@pytest.mark.parametrize("number", [3, LANES, 150])
def test_searches_side_by_side_are_those_alone(number):
    """Those that have ended make room for others, so that companions change."""
    target = toys.toy(lambda v: -chain(v), 3, 3, scale=[1.0] * 3)
    found = search(target, BANANA[:number], np.eye(3)[None], np.zeros(number, int))
    assert found.converged.all()
    for i in (0, number - 1):
        alone = search(target, BANANA[i : i + 1], np.eye(3)[None], np.zeros(1, int))
        np.testing.assert_allclose(found.vectors[i], alone.vectors[0], atol=1e-9)


def plateau_ends():
    """Of searches from next to where the coupling and the angle vanish."""
    target = toys.plateau()
    box = Box.of(target)
    begin = unfold(box, np.column_stack([np.full(20, 0.01), np.full(20, 0.01), np.linspace(-1.4, 1.4, 20)]))
    return target, box, begin


def test_searches_leave_a_plateau():
    target, box, begin = plateau_ends()
    found = search(target, begin, np.diag(box.scale)[None], np.zeros(20, int))
    places = Stationary.at(target, box, ends_of(found, np.ones(20, int)), 1e-6)
    assert max(places.ends.log_prob) == pytest.approx(0.0, abs=1e-8)
    assert places.reached(list(range(len(places.groups)))) == 20  # none is lost


def test_steps_grow_where_the_slope_does():
    """From next to the top between two shallow wells; in steps as long as the slope it would take 160 of them."""
    start = jnp.array([1e-3])

    def objective(w):
        return 0.01 * ((start[0] + w[0]) ** 2 - 1) ** 2

    way = jax.jit(lambda: Way.begin(1).further(objective, MAX_STEPS))()
    assert way.done
    assert float(start[0] + way.w[0]) == pytest.approx(1.0, abs=1e-3)
    assert int(way.steps) < 40


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::dineutrino.inference.Caution")
def test_a_plateau_is_no_maximum():
    """One surface of maxima, on which the product is as measured."""
    best = maximum(toys.plateau(), toys.key(0)).best
    assert best.log_prob == pytest.approx(0.0, abs=1e-12)
    assert best.n_flat == 2
