"""B -> X_s gamma against flavio (frozen by tests/validation/freeze_radiative.py), and its edges."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft.dipoles import dipole_coefficients, dipole_names, dipoles_to_lagrangian
from dineutrino.eft.warsaw import warsaw_from_mapping
from dineutrino.inputs import load_inputs
from dineutrino.matching.descent import fixed_point
from dineutrino.measurements import load_measurements
from dineutrino.observables import Predictor, get
from dineutrino.theory import Beyond, Flavours, Theory, Wet

PEER = json.loads((Path(__file__).parents[1] / "validation/frozen/flavio_radiative.json").read_text(encoding="utf-8"))
NAME = "BR(B->Xsgamma)"
NOTHING = Wet(Flavours(), Flavours())


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


def wet(coefficients, inputs):
    """New physics of C7, C8, C7' and C8' in the normalisation of flavio."""
    named = dict(zip(dipole_names(), coefficients, strict=True))
    return Wet(Flavours(), Flavours(), dipoles=Flavours(sb=dipoles_to_lagrangian(dipole_coefficients(named), inputs)))


@pytest.fixture(scope="module")
def rate():
    return jax.jit(lambda coefficients, inputs: get(NAME)(wet(coefficients, inputs), inputs))


def test_flavio(rate, inputs):
    """Over the Standard Model at a hundred points of |C| < 0.3, among them rates below a third and above the double."""
    ratios = []
    for point in PEER["points"]:
        coefficients = jnp.asarray([complex(*point["coefficients"][name]) for name in dipole_names()])
        ratio = float(rate(coefficients, inputs)) / float(inputs["BR(B->Xsgamma)_SM"])
        assert ratio == pytest.approx(point["ratio"], rel=1e-4)
        ratios.append(ratio)
    assert min(ratios) < 0.3
    assert max(ratios) > 2.5


def test_standard_model_and_its_measurement(inputs):
    assert float(Predictor([NAME], inputs)(NOTHING)[0]) == pytest.approx(3.40e-4, rel=1e-12)
    assert PEER["standard_model"] == pytest.approx(3.40e-4, rel=0.03)
    (measurement,) = load_measurements("hflav2024_BXsgamma")
    assert measurement.observables == ((NAME,),)


@pytest.mark.slow
def test_the_normalisation_follows_the_point(rate, inputs):
    """A coefficient of the Lagrangian counts more where CKM elements and the mass of the b quark are smaller."""
    new, smaller = wet([0.1, 0, 0, 0], inputs), inputs.replace({"m_b": 0.9 * inputs["m_b"]})
    expected = float(rate(jnp.asarray([0.1 / 0.9, 0, 0, 0], complex), smaller))
    assert float(get(NAME)(Theory(inputs, new).wet, smaller)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.slow
def test_derivatives(rate, inputs):
    point = jnp.asarray([0.1 - 0.2j, 0.3j, -0.05, 0.2 + 0.1j])
    names = ("BR(B->Xsgamma)_SM", "a(C7)", "b(C7 C8)")
    scales = jnp.stack([inputs[name] for name in names])

    def at(x):
        return rate(point, inputs.replace(dict(zip(names, x * scales, strict=True)))) * 1e4

    slopes = jax.jit(jax.grad(at))(jnp.ones(3))
    for i, slope in enumerate(slopes):
        step = 1e-5 * jnp.eye(3)[i]
        assert float(slope) == pytest.approx(float(at(1 + step) - at(1 - step)) / 2e-5, rel=1e-6)
    along = jnp.asarray([0.2, 0.1j, 0.3 - 0.1j, 0.0])
    slope = jax.jvp(lambda c: rate(c, inputs), (point,), (along,))[1]
    ends = [rate(point + t * along, inputs) for t in (1e-4, -1e-4)]
    assert float(slope) == pytest.approx(float(ends[0] - ends[1]) / 2e-4, rel=1e-7)


@pytest.mark.slow
def test_jit_eager_batch_and_loop_agree(rate, inputs):
    rng = np.random.default_rng(3)
    points = [jnp.asarray(0.2 * (rng.normal(size=4) + 1j * rng.normal(size=4))) for _ in range(3)]
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *(wet(point, inputs) for point in points))
    loop = jnp.stack([rate(point, inputs) for point in points])[:, None]
    assert Predictor([NAME], inputs).batch(stacked) == approx(loop, rel=1e-12)
    assert jnp.stack([get(NAME)(wet(point, inputs), inputs)[None] for point in points]) == approx(loop, rel=1e-12)


def test_never_negative(inputs):
    """The smallest rate of the form is positive: there is no point where new physics would make it negative."""
    form = get(NAME).prepare(inputs).form
    lowest = form.constant - form.linear @ jnp.linalg.solve(form.quadratic, form.linear)
    assert 0 < float(lowest) < 0.15 * float(form.constant)


@pytest.mark.slow
def test_dipoles_of_smeft_reach_it(inputs):
    """A dipole of the Warsaw basis at m_Z changes the rate in proportion to its size, where it is small."""
    given = [warsaw_from_mapping({"dB_23": size}) for size in (1e-13, 2e-13)]
    values = [float(get(NAME)(Beyond(NOTHING, fixed_point(c, c, inputs)), inputs)) - 3.40e-4 for c in given]
    assert abs(values[0]) > 1e-9
    assert values[1] == pytest.approx(2 * values[0], rel=0.03)
