"""Quantities that are settled once: the same numbers and derivatives, and never of other inputs."""

import jax
import numpy as np

from dineutrino.inputs import Derived, ckm_matrix, load_inputs
from dineutrino.inputs.ckm import ckm_elements
from dineutrino.inputs.derived import settled
from dineutrino.running.strong import light_over_heavy, strong

SHARED = (ckm_elements, strong)


def numbers(inputs):
    """Of both quantities, each read twice."""
    V = ckm_matrix(inputs)
    return abs(V[0, 2]) ** 2 * light_over_heavy(inputs) + light_over_heavy(inputs) * V[2, 0].imag


def test_settled_or_not():
    inputs = load_inputs()

    def value(values, shared):
        return numbers(settled(inputs.replace(values), shared))

    at = {name: inputs[name] for name in ("ckm_A", "ckm_rhobar", "ckm_etabar", "ckm_lambda", "alpha_s", "m_b(m_b)")}
    (one, slopes), (two, same) = (jax.value_and_grad(value)(at, shared) for shared in ((), SHARED))
    np.testing.assert_allclose(one, two, rtol=1e-14)
    for name in at:
        assert slopes[name] != 0
        np.testing.assert_allclose(slopes[name], same[name], rtol=1e-12)


def test_computed_once():
    calls = []
    quantity = Derived("counted", lambda inputs: calls.append(1) or inputs["m_b"] ** 2)
    inputs = settled(load_inputs(), [quantity])
    assert quantity(inputs) == quantity(inputs) == inputs["m_b"] ** 2
    assert len(calls) == 1


def test_other_values_have_others():
    here = settled(load_inputs(), SHARED)
    there = here.replace({"ckm_A": 0.7})
    assert not there.derived
    assert ckm_matrix(there)[1, 2] != ckm_matrix(here)[1, 2]
