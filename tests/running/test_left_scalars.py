"""Scalars and tensors of LEFT from m_Z to 4.8 GeV: numbers of an independent code, closed forms, consistency."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.errors import DineutrinoError
from dineutrino.running.left_classes import SCALAR_SHAPES, LeftScalars
from dineutrino.running.left_scalars import run_left_scalars, run_scalar, run_scalar_tensor

HIGH, LOW = 0.1185, 0.217149208
ALPHA_EM = 1 / 127.9
# input -> {output: (QCD only, QCD and QED to first order)}, wilson 2.5.2
TABLE = {
    "SedRL_3332": {"SedRL_3332": (1.371634, 1.389509)},
    "SedRR_1223": {"SedRR_1223": (1.371634, 1.389509), "TedRR_1223": (0, 0.001428)},
    "SedRR_1222": {"SedRR_1222": (1.371634, 1.389509), "TedRR_1222": (0, 0.001428)},
    "TedRR_3323": {"TedRR_3323": (0.900024, 0.896114), "SedRR_3323": (0, 0.071501)},
    "SnueduRL_3332": {"SnueduRL_3332": (1.371634, 1.368059)},
    "SnueduRR_2331": {"SnueduRR_2331": (1.371634, 1.368059), "TnueduRR_2331": (0, -0.000357)},
    "TnueduRR_1222": {"TnueduRR_1222": (0.900024, 0.907843), "SnueduRR_1222": (0, -0.017875)},
}
RUN = jax.jit(run_left_scalars)
ONE, NONE = jnp.ones((), complex), jnp.zeros((), complex)


def place(name):
    cls, digits = name.split("_")
    return cls, tuple(int(digit) - 1 for digit in digits)


def to_first_order(start):
    """In alpha_em, as in the table; the rest is of the second order."""
    zeroth, first = jax.jvp(lambda alpha_em: RUN(start, HIGH, LOW, alpha_em), (0.0,), (ALPHA_EM,))
    return jax.tree.map(jnp.add, zeroth, first)


def unit(name):
    cls, index = place(name)
    zero = LeftScalars.zero()
    return eqx.tree_at(lambda c: getattr(c, cls), zero, getattr(zero, cls).at[index].set(1))


@pytest.fixture(scope="module")
def everything():
    rng = np.random.default_rng(3)
    numbers = {name: rng.normal(size=(2, *shape)) for name, shape in SCALAR_SHAPES.items()}
    return LeftScalars(**{name: jnp.asarray(re + 1j * im) for name, (re, im) in numbers.items()})


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("qed", [False, True])
def test_scalar_table(name, qed):
    found = to_first_order(unit(name)) if qed else RUN(unit(name), HIGH, LOW, 0.0)
    expected = {place(output): numbers[qed] for output, numbers in TABLE[name].items()}
    for cls in SCALAR_SHAPES:
        value = np.asarray(getattr(found, cls))
        for index in zip(*np.nonzero(value), strict=True):
            index = tuple(map(int, index))
            assert value[index] == pytest.approx(expected.pop((cls, index)), abs=2e-6)
    assert all(number == 0 for number in expected.values())
    if qed:
        for one, two in zip(jax.tree.leaves(found), jax.tree.leaves(RUN(unit(name), HIGH, LOW, ALPHA_EM)), strict=True):
            assert one == approx(two, abs=4e-4)


def test_scalars_in_qcd_are_powers_of_alpha_s(everything):
    found = RUN(everything, HIGH, LOW, 0.0)
    for name in SCALAR_SHAPES:
        power = (HIGH / LOW) ** ((-12 if name.startswith("S") else 4) / 23)
        assert getattr(found, name) == approx(getattr(everything, name) * power, rel=1e-8)


def test_down_composition_and_up(everything):
    down = RUN(everything, HIGH, LOW, ALPHA_EM)
    steps = RUN(RUN(everything, HIGH, 0.16, ALPHA_EM), 0.16, LOW, ALPHA_EM)
    up = RUN(down, LOW, HIGH, ALPHA_EM)
    eager = run_left_scalars(everything, HIGH, LOW, ALPHA_EM)
    for name in SCALAR_SHAPES:
        assert getattr(steps, name) == approx(getattr(down, name), abs=1e-6)
        assert getattr(up, name) == approx(getattr(everything, name), abs=1e-6)
        assert getattr(eager, name) == approx(getattr(down, name), abs=1e-13)


@pytest.mark.slow
def test_gradient_of_scalars(everything):
    def size(alpha_s_low, alpha_em):
        return sum(
            jnp.sum(jnp.abs(leaf) ** 2) for leaf in jax.tree.leaves(RUN(everything, HIGH, alpha_s_low, alpha_em))
        )

    found = jax.grad(size, argnums=(0, 1))(LOW, ALPHA_EM)
    steps = (
        (size(LOW + 1e-5, ALPHA_EM) - size(LOW - 1e-5, ALPHA_EM)) / 2e-5,
        (size(LOW, ALPHA_EM + 1e-6) - size(LOW, ALPHA_EM - 1e-6)) / 2e-6,
    )
    assert [float(x) for x in found] == pytest.approx([float(x) for x in steps], rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("currents", ["d d l l", "u d l nu", "d d nu N"])
def test_a_scalar_without_tensor(currents):
    """The closed form solves the equation of which the one with the tensor is the other case: second order apart."""
    alone = complex(run_scalar(ONE, currents, HIGH, LOW, ALPHA_EM))
    assert alone == pytest.approx(complex(run_scalar_tensor(ONE, NONE, currents, HIGH, LOW, ALPHA_EM)[0]), rel=5e-5)
    slope = jax.grad(lambda low: run_scalar(ONE, currents, HIGH, low, ALPHA_EM).real)(HIGH)
    full = jax.grad(lambda low: run_scalar_tensor(ONE, NONE, currents, HIGH, low, ALPHA_EM)[0].real)(HIGH)
    assert float(slope) == pytest.approx(float(full), rel=1e-12)


def test_scalars_refuse():
    for run in (run_scalar, lambda S, *rest: run_scalar_tensor(S, NONE, *rest)):
        with pytest.raises(DineutrinoError, match="unknown pair of currents 'd d e e'"):
            run(ONE, "d d e e", 0.1, 0.2, 0.0)
