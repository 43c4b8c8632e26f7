"""Mixing of the D0 against flavio (frozen by tests/validation/freeze_charm_mixing.py), all of LEFT, and its edges."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from random_warsaw import random_values

from dineutrino.eft.mixing import DeltaF2, charm_mixing_names
from dineutrino.eft.warsaw import warsaw_from_mapping
from dineutrino.inputs import ckm_matrix, load_inputs
from dineutrino.matching.charm_mixing import FOUR, before_ckm, with_ckm
from dineutrino.matching.descent import fixed_point
from dineutrino.matching.mixing import mixing_from_m_z
from dineutrino.matching.warsaw_to_jms import match_warsaw
from dineutrino.measurements import load_measurements
from dineutrino.models import MasslessNeutrinos
from dineutrino.observables import Predictor, get
from dineutrino.running.theories import theories
from dineutrino.theory import Beyond, Flavours, Wet

PEER = json.loads(
    (Path(__file__).parents[1] / "validation/frozen/flavio_charm_mixing.json").read_text(encoding="utf-8")
)
NOTHING = Wet(Flavours(), Flavours())


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def x12():
    """x12 of eight coefficients and inputs."""
    return jax.jit(lambda c, inputs: get("x12_D")(wet(c), inputs))


def wet(c):
    return Wet(Flavours(), Flavours(), charm_mixing=DeltaF2(*jnp.unstack(c)))


def random(seed):
    rng = np.random.default_rng(seed)
    return jnp.asarray(1e-13 * (rng.normal(size=8) + 1j * rng.normal(size=8)))


def test_flavio(x12, inputs):
    """The same matrix elements, from its bag parameters: 2/3, -5/12, 1/12, 1/2 and 1/6 of f^2 m^2; r but for VLL."""
    m, f, bag = PEER["m_D0"], PEER["decay_constant"], PEER["bag"]
    r = (m / sum(PEER["quark_masses"])) ** 2
    factors = {"O_1(D0)": 2 / 3, "-O_2(D0)": 5 / 12 * r, "O_3(D0)": r / 12, "O_4(D0)": r / 2, "O_5(D0)": r / 6}
    elements = {name: factor * f**2 * m**2 * bag[i] for i, (name, factor) in enumerate(factors.items())}
    its = inputs.replace(elements | {"m_D0": m, "tau_D0": PEER["tau_D0"]})
    for point in PEER["points"]:
        values = [complex(*point["coefficients"].get(name, (0.0, 0.0))) for name in charm_mixing_names()]
        assert float(x12(jnp.asarray(values), its)) == pytest.approx(point["value"], rel=1e-10)


def test_a_scale_of_the_source(x12, inputs):
    """arXiv:1706.04622 finds 10 to 50 thousand TeV for imaginary parts; |M12| itself: (1000 TeV)^-2 of VLL is 1.4%."""
    value = float(x12(jnp.zeros(8, complex).at[0].set(1e-12), inputs))
    assert value == pytest.approx(1e-12 * 0.0805 / 1.86484 * 410.3e-15 / 6.582119569e-25, rel=1e-6)
    assert float(x12(jnp.zeros(8, complex), inputs)) == 0


@pytest.mark.slow
def test_matching_is_that_of_the_whole_basis(inputs):
    """The short way, and that through all of LEFT at m_Z, whose coefficients then run."""
    c, V = warsaw_from_mapping(random_values(7)), ckm_matrix(inputs)
    found = with_ckm(before_ckm(c, inputs), V)
    run = mixing_from_m_z(theories(inputs), inputs["mu_D_mixing"], inputs, FOUR)
    jms, here = match_warsaw(c, V, inputs["s2_w"], 246.0), (0, 1, 0, 1)
    octet = jms.left_right.V8uuLR[here]
    scale = run.vectors[0, 0]
    mixed = run.mixed @ jnp.stack([jms.left_right.V1uuLR[here] - octet / 6, -octet])
    expected = (scale * jms.left_left.VuuLL[here], scale * jms.right_right.VuuRR[here], *mixed)
    for value, other in zip((found.CVLL, found.CVRR, found.CVLR, found.CSLR), expected, strict=True):
        assert complex(value) == pytest.approx(complex(other), rel=1e-9)
    assert jms.quark_scalars.S1uuRR[here] == 0


@pytest.mark.slow
def test_smeft_with_the_ckm_matrix_of_the_point(x12, inputs):
    """A coupling of strange doublets alone mixes D0 with (V_us V_cs^*)^2, also where the CKM matrix is another one."""
    given = warsaw_from_mapping({"qq1_2222": 1e-12})
    new = Beyond(NOTHING, fixed_point(given, given, inputs))
    scale = mixing_from_m_z(theories(inputs), inputs["mu_D_mixing"], inputs, FOUR).vectors[0, 0]
    for at in (inputs, inputs.replace({"ckm_lambda": 0.2})):
        V = np.asarray(ckm_matrix(at))
        expected = float(x12(jnp.zeros(8, complex).at[0].set(scale * 1e-12 * (V[0, 1] * V[1, 1].conj()) ** 2), at))
        assert float(get("x12_D")(new, at)) == pytest.approx(expected, rel=1e-10)
    assert before_ckm(given, inputs).left.shape == (3, 3, 3, 3)


def test_derivatives_and_the_point_without_mixing(x12, inputs):
    names, point = ("O_1(D0)", "O_3(D0)", "O_4(D0)", "tau_D0"), random(1)
    scales = jnp.stack([inputs[name] for name in names])

    def at(x):
        return x12(point, inputs.replace(dict(zip(names, x * scales, strict=True))))

    slopes = jax.jit(jax.grad(at))(jnp.ones(len(names)))
    for i, slope in enumerate(slopes):
        step = 1e-5 * jnp.eye(len(names))[i]
        assert float(slope) == pytest.approx(float(at(1 + step) - at(1 - step)) / 2e-5, rel=1e-6, abs=1e-12)
    real = jax.grad(lambda size: x12(size * point, inputs))
    assert float(real(1.0)) == pytest.approx(float(x12(point, inputs)), rel=1e-12)
    assert np.isfinite(float(real(0.0)))


@pytest.mark.slow
def test_jit_eager_batch_and_loop_agree(x12, inputs):
    points = [random(seed) for seed in range(3)]
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *map(wet, points))
    loop = jnp.stack([x12(point, inputs) for point in points])[:, None]
    assert Predictor(["x12_D"], inputs).batch(stacked) == approx(loop, rel=1e-13)
    assert jnp.stack([get("x12_D")(wet(point), inputs)[None] for point in points]) == approx(loop, rel=1e-13)


def test_named_coefficients_are_parameters_of_every_model(x12, inputs):
    theory = MasslessNeutrinos()({"Re CVLL_ucuc": jnp.asarray(2e-13), "Im CSLR_ucuc": jnp.asarray(1e-13)}, inputs)
    expected = x12(jnp.zeros(8, complex).at[0].set(2e-13).at[5].set(1e-13j), inputs)
    assert float(Predictor(["x12_D"], inputs)(theory)[0]) == pytest.approx(float(expected), rel=1e-13)


def test_the_limit():
    (limit,) = load_measurements("utfit2024_x12_D")
    assert limit.observables == (("x12_D",),)
