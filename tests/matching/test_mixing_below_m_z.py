"""Meson mixing between m_Z and the scales of bag parameters."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from random_jms import values
from random_warsaw import random_values

from dineutrino.eft.mixing import DeltaF2
from dineutrino.eft.names.jms import jms_from_mapping
from dineutrino.eft.warsaw import warsaw_from_mapping
from dineutrino.inputs import DB, DS, SB, ckm_matrix, load_inputs
from dineutrino.matching.mixing import MixingEvolution, mixing_at_m_z, mixing_from_m_z
from dineutrino.matching.warsaw_to_jms import match_warsaw
from dineutrino.running.jms import run_jms, stretches
from dineutrino.running.mixing import mixing_evolution
from dineutrino.running.theories import Thresholds, theories

TRANSITIONS = (SB, DB, DS)


@pytest.mark.slow
@pytest.mark.parametrize("quarks", TRANSITIONS)
def test_matching_is_that_of_the_whole_basis(quarks):
    c, inputs = warsaw_from_mapping(random_values(3)), load_inputs()
    whole = DeltaF2.from_jms(match_warsaw(c, ckm_matrix(inputs), inputs["s2_w"], 246.0), quarks)
    found = mixing_at_m_z(c.vectors, quarks)
    assert np.asarray(jax.tree.leaves(found)) == approx(np.asarray(jax.tree.leaves(whole)), rel=1e-12, abs=1e-15)


@pytest.mark.slow
def test_running_is_that_of_the_whole_theory():
    """Octets of vectors, scalars and tensors by Fierz before or after: one loop of QCD in two bases."""
    inputs = load_inputs()
    (stretch,) = stretches(4.2, inputs, 5)
    matrices = [mixing_evolution(s, stretch.alpha_s_high, stretch.alpha_s_low, 5, "LO") for s in ("VLL", "LR", "SLL")]
    c = jms_from_mapping(values(5))
    low = run_jms(c, stretch, 0.0)
    for quarks in TRANSITIONS:
        found = MixingEvolution(*matrices)(DeltaF2.from_jms(c, quarks))
        expected = np.asarray(jax.tree.leaves(DeltaF2.from_jms(low, quarks)))
        assert np.asarray(jax.tree.leaves(found)) == approx(expected, rel=1e-6, abs=1e-6 * np.abs(expected).max())


def test_kaons_pass_two_thresholds():
    """wilson 2.5.2 to 2 GeV with three flavours: VLL, and V1, V8 of both chiralities."""
    inputs = load_inputs(choices={"mixing_running": "LO"})
    at = inputs.replace({"alpha_s": 0.1185, "m_Z": 91.1876, "m_b(m_b)": 4.2, "m_c(m_c)": 1.3})
    qcd = theories(at, 3, Thresholds(1.3, 4.2, at["m_t(m_t)"]))
    found = mixing_from_m_z(qcd, 2.0, at, 3)
    assert float(found.vectors[0, 0]) == pytest.approx(0.787762, rel=2e-3)
    to_octets = np.array([[1, -1 / 6], [0, -1]])
    octets = to_octets @ np.asarray(found.mixed) @ to_octets
    assert octets == approx([[1.077463, 0.253205], [1.139423, 2.406790]], rel=6e-3)


def test_next_to_leading_order_is_the_default():
    inputs = load_inputs()
    found = mixing_from_m_z(theories(inputs), 4.8, inputs, 5)
    assert float(found.vectors[0, 0]) == pytest.approx(0.8644, rel=2e-3)
    assert float(found.mixed[1, 1]) == pytest.approx(1.966, rel=2e-2)
    c = DeltaF2(*(jnp.asarray(complex(*pair)) for pair in np.random.default_rng(1).normal(size=(8, 2))))
    again = found(found(c))
    squared = MixingEvolution(found.vectors**2, found.mixed @ found.mixed, found.scalars @ found.scalars)
    assert np.asarray(jax.tree.leaves(squared(c))) == approx(np.asarray(jax.tree.leaves(again)), rel=1e-12)


def test_next_to_leading_order_of_kaons():
    """hep-ph/0005183 has a pole at three flavours that cancels: to 2 GeV the numbers stay close to the leading ones."""
    inputs = load_inputs()
    found = mixing_from_m_z(theories(inputs), 2.0, inputs, 3)
    assert np.asarray(found.mixed) == approx([[1.0, 0.0], [-1.158, 2.760]], rel=0.05, abs=0.15)
    assert float(found.vectors[0, 0]) == pytest.approx(0.8056, rel=0.01)
