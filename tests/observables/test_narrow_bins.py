"""Narrow bins take few nodes and are still right to 1e-9, thresholds inside of a bin included."""

from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import load_inputs
from dineutrino.invisible import Fermions
from dineutrino.invisible.fermion_pair import Couplings
from dineutrino.observables.arguments import is_narrow
from dineutrino.observables.modes import MODES
from dineutrino.observables.predictor import Predictor
from dineutrino.observables.registry import get
from dineutrino.theory import Wet

EDGES = np.linspace(0.0, 22.885, 101)
BINS = tuple(("<BR>(B+->Knunu)", float(a), float(b)) for a, b in pairwise(EDGES))
ALL = Couplings(VV=3e-9, VA=2e-9, SS=1e-9, SP=2e-9, TT=1e-9, TT5=5e-10)


@pytest.fixture(scope="module")
def inputs():
    return load_inputs("belle2_2025")


@pytest.fixture(scope="module")
def predictor(inputs):
    return Predictor(BINS, inputs)


def test_which_bins_are_narrow():
    observable = get("<BR>(B+->Knunu)")
    assert observable.numbers(load_inputs(), 1.0, 1.3)[1].narrow
    assert not observable.numbers(load_inputs(), 0.0, 0.3)[1].narrow  # reaches q2 = 0, the pole of the threshold
    assert not observable.numbers(load_inputs(), 4.0, 8.0)[1].narrow
    assert sum(is_narrow(a, b) for _, a, b in BINS) == 99


def test_massless_neutrinos(inputs, predictor):
    values = np.asarray(predictor(NeutrinoCoefficients.zero()))
    spectrum = jax.jit(lambda q2: get("dBR/dq2(B+->Knunu)")(NeutrinoCoefficients.zero(), inputs, q2))
    for i in (0, 1, 40, 98, 99):
        expected, _ = quad(lambda q2: float(spectrum(q2)), EDGES[i], EDGES[i + 1], epsabs=0, epsrel=1e-11)
        assert values[i] == pytest.approx(expected, rel=1e-10)


@pytest.mark.slow
def test_bins_add_up_to_the_whole(inputs):
    end = MODES["B+->K"].end_point(inputs)
    last = ("<BR>(B+->Knunu)", float(EDGES[-1]), end)
    parts = Predictor([*BINS, last, ("BR(B+->Knunu)",)], inputs)
    for mass in (0.0, 0.05, 1.1):
        states = Wet.b_to_s(dark=(Fermions(jnp.asarray(mass), jnp.asarray(mass), ALL),))
        values = np.asarray(parts(states))
        assert values[:-1].sum() == pytest.approx(values[-1], rel=1e-10)


@pytest.mark.slow
@pytest.mark.parametrize("mass", [0.0, 1e-3, 0.1, 0.2392, 0.239, 1.0, 2.0, 2.35, 2.38, 2.391])
def test_pairs_with_a_threshold_in_a_bin(inputs, predictor, mass):
    pair = Fermions(jnp.asarray(mass), jnp.asarray(mass), ALL)
    states = Wet.b_to_s(dark=(pair,))
    values = np.asarray(predictor(states)) - np.asarray(predictor(NeutrinoCoefficients.zero()))
    spectrum = get("dBR/dq2(B+->Knunu)")
    rate = jax.jit(jax.vmap(lambda q2: spectrum.prepare(inputs, q2).pairs.rate(pair)))
    nodes, weights = np.polynomial.legendre.leggauss(200)
    end, threshold = MODES["B+->K"].end_point(inputs), 4 * mass**2
    for i in {0, min(np.searchsorted(EDGES, threshold), 100) - 1, 50, 98, 99} - {-1}:
        a, b = max(EDGES[i], threshold), EDGES[i + 1]
        if a >= b:
            assert values[i] == pytest.approx(0.0, abs=1e-20)
            continue
        u = (nodes + 1) / 2  # q2 = a + (b - a) u^4 crowds nodes at the lower edge, where the threshold may be
        q2 = a + (b - a) * u**4
        expected = np.sum(np.asarray(rate(jnp.asarray(np.minimum(q2, end)))) * weights / 2 * 4 * u**3) * (b - a)
        assert values[i] == pytest.approx(expected, rel=2e-9, abs=1e-20)
