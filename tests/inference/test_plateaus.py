"""A plateau from which a level way leads to higher ground is no maximum; one without such a way stays one."""

import jax.numpy as jnp
import numpy as np
import pytest
import toys

from dineutrino.inference import maximum
from dineutrino.inference.coordinates import Box
from dineutrino.inference.expansion import expansions
from dineutrino.inference.plateaus import idle, ways_up

BOUNDS = {"lower": [0, -1.5], "upper": [3, 1.5], "scale": [0.75, 0.75]}


def signed():
    """A rate that falls with the coupling for one sign of the phase, and rises for the other."""
    return toys.toy(lambda v: -0.5 * ((v[0] ** 2 * jnp.sin(v[1]) - 1) / 0.5) ** 2, 2, 2, **BOUNDS)


def at_zero(target):
    [found] = expansions(target, np.array([[0.0, -0.7]]))
    return Box.of(target), found


def test_the_phase_is_idle_where_the_coupling_vanishes():
    box, there = at_zero(signed())
    np.testing.assert_array_equal(idle(box, there), [False, True])


def test_a_way_leads_up():
    target = signed()
    box, there = at_zero(target)
    ways = ways_up(target, box, there)
    assert len(ways) == 2
    assert np.all(ways[:, 1] > 0)
    assert np.all((ways[:, 0] > 0) & (ways[:, 0] < 0.05))


def test_a_narrow_way_leads_up():
    """Where the phase is within a hundredth of its range, and another entry must stay at its bound."""

    def log_prob(v):
        rate = v[0] * v[2] * (jnp.exp(-(((v[1] - 1) / 0.015) ** 2)) - 0.3)
        return -0.5 * ((40 * rate - 3) / 0.5) ** 2 + 5 * v[2]

    target = toys.toy(log_prob, 3, 3, lower=[0, -1.5, 0], upper=[3, 1.5, 1], scale=[0.75, 0.75, 0.25])
    [there] = expansions(target, np.array([[0.0, -0.7, 1.0]]))
    ways = ways_up(target, Box.of(target), there)
    assert len(ways) == 2
    assert np.all(np.abs(ways[:, 1] - 1) < 0.03)


def test_a_coupling_that_counts_to_first_order():
    """The phase says which way the log-probability goes from a vanishing coupling, and so is idle only there."""
    target = toys.toy(lambda v: -0.5 * ((v[0] * jnp.sin(v[1]) - 1) / 0.5) ** 2, 2, 2, **BOUNDS)
    box, there = at_zero(target)
    np.testing.assert_array_equal(idle(box, there), [False, True])
    assert np.all(ways_up(target, box, there)[:, 1] > 0)
    [best] = maximum(target, toys.key(0))
    assert best.log_prob == pytest.approx(0.0, abs=1e-12)


def test_no_way_leads_up_where_the_log_probability_falls_all_around():
    target = toys.toy(lambda v: -(v[0] ** 2) * (2 + jnp.sin(v[1])), 2, 2, **BOUNDS)
    box, there = at_zero(target)
    assert ways_up(target, box, there).shape == (0, 2)


def test_a_way_that_is_not_level_is_none():
    """Between the signs of the phase the log-probability falls, at a vanishing coupling too."""
    barrier = toys.toy(
        lambda v: -0.5 * ((v[0] ** 2 * jnp.sin(v[1]) - 1) / 0.5) ** 2 - jnp.where(jnp.abs(v[1]) < 0.5, 3.0, 0.0),
        2,
        2,
        **BOUNDS,
    )
    box, there = at_zero(barrier)
    assert idle(box, there)[1]
    assert np.all(ways_up(barrier, box, there)[:, 1] < 0, axis=None)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::dineutrino.inference.Caution")
def test_maxima_without_the_plateau():
    [best] = maximum(signed(), toys.key(0))
    assert best.log_prob == pytest.approx(0.0, abs=1e-12)
    assert best.n_flat == 1


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::dineutrino.inference.Caution")
def test_a_plateau_that_falls_all_around_is_a_maximum():
    """With a peak far away: the idle phase is said to be flat."""
    target = toys.toy(
        lambda v: jnp.logaddexp(-8 * v[0] ** 2 * (2 + jnp.sin(v[1])), 2 - 8 * ((v[0] - 2.5) ** 2 + v[1] ** 2)),
        2,
        2,
        **BOUNDS,
    )
    peak, plateau = maximum(target, toys.key(0))
    assert peak["x0"] == pytest.approx(2.5, abs=1e-3)
    assert plateau.at_bound == ("x0",)
    assert plateau.flat == ("x1",)
