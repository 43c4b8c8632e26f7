"""What inference asks of a target, and what goes through either library of arrays."""

import jax.numpy as jnp
import numpy as np
import pytest
import toys as toy_targets
from close import approx
from forms import random_forms

from dineutrino.inference import Predicting, Simulating, Target
from dineutrino.inference.coordinates import Box, fold, unfold


def test_what_a_target_can_do_is_seen():
    bare, predicting = random_forms(0, 2), toy_targets.banana()
    assert isinstance(bare, Target)
    assert not isinstance(bare, Predicting)
    assert isinstance(predicting, Predicting)
    assert not isinstance(predicting, Simulating)
    assert not isinstance(lambda point: 0.0, Target)


@pytest.mark.slow
def test_arrays_of_either_library_stay_what_they_are():
    box = Box(np.array([-1.0, 0.0, -np.inf, -np.inf]), np.array([2.0, np.inf, 3.0, np.inf]), np.ones(4))
    inside = np.array([[0.3, 1.2, -2.0, 5.0], [1.9, 0.1, 2.9, -7.0]])
    t = unfold(box, inside)
    on_host, traced = fold(box, t), fold(box, jnp.asarray(t))
    assert isinstance(on_host, np.ndarray)
    assert isinstance(traced, jnp.ndarray)
    assert on_host == approx(inside, rel=1e-14)
    assert traced == approx(on_host, rel=1e-15)
