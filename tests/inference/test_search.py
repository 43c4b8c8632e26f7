"""A search goes on where it stopped, and does not creep along a plateau."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import toys

from dineutrino.inference import driven, maximum
from dineutrino.inference.coordinates import Box, unfold
from dineutrino.inference.ends import ends_of
from dineutrino.inference.evaluation import LANES
from dineutrino.inference.search import LEG, MAX_STEPS, Way, minimise, search
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


def test_many_entries():
    """A valley that 117 nuisances shift, at a bound: as with the one combination of them that matters."""
    ways = np.random.default_rng(1).normal(size=117)
    ways /= np.linalg.norm(ways)

    def target(nuisances):
        def density(v):
            shift = nuisances @ v[3:]
            return -chain(v[:3].at[0].add(0.5 * shift)) - 0.5 * v[3:] @ v[3:]

        n = 3 + len(nuisances)
        upper = np.where(np.arange(n) == 0, 0.5, np.inf)
        return toys.toy(density, 3, n, upper=upper)

    def found(nuisances):
        start = np.zeros((4, 3 + len(nuisances)))
        start[:, :3] = [[0.0, 0.0, 0.0], [-1.2, 1.0, -0.5], [0.3, 2.0, 2.0], [-2.0, -2.0, -2.0]]
        ends = search(target(nuisances), start, np.eye(start.shape[1])[None], np.zeros(4, int))
        assert ends.converged.all()
        return ends

    whole, reduced = found(ways), found(np.ones(1))
    np.testing.assert_allclose(whole.log_prob, reduced.log_prob, atol=1e-8)
    np.testing.assert_allclose(whole.vectors[:, :3], reduced.vectors[:, :3], atol=1e-3)
    np.testing.assert_allclose(whole.vectors[:, 3:], reduced.vectors[:, 3:] * ways, atol=1e-3)


def test_an_interrupted_search_stops(monkeypatch):
    """Searches with many entries run in threads, which must not go on."""
    calls = []

    def slopes(_, vectors):
        calls.append(len(vectors))
        if len(calls) > 20:
            raise KeyboardInterrupt
        return np.sum(vectors**2, axis=1), 2 * vectors + np.sin(100 * vectors)

    monkeypatch.setattr(driven, "slopes", slopes)
    target = toys.toy(lambda v: -v @ v, 1, 120)
    with pytest.raises(KeyboardInterrupt):
        search(target, np.ones((50, 120)), np.eye(120)[None], np.zeros(50, int))
    assert len(calls) < 60


def test_both_maxima_with_many_entries():
    """Of a density symmetric in the sign of x0, shifted by nuisances: few starts, and no doubt about two parameters."""

    def density(v):
        x = v[:2] * (1 + 0.1 * v[2])
        both = jnp.logaddexp(-((x[0] - 2) ** 2) / 0.02, -((x[0] + 2) ** 2) / 0.02)
        return both - (x[1] - 1) ** 2 / 0.5 - 0.5 * v[2:] @ v[2:]

    maxima = maximum(toys.toy(density, 2, 120, lower=[-5.0] * 2 + [-np.inf] * 118, scale=[1.0] * 120), toys.key(0))
    assert len(maxima) == 2
    assert maxima.n_starts == 64
    assert not maxima.cautions
    np.testing.assert_allclose(sorted(float(o.vector[0]) for o in maxima), [-2, 2], atol=1e-4)
