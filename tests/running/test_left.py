"""LEFT from m_Z to 4.8 GeV: numbers of an independent code, closed forms, consistency."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.inputs import load_inputs
from dineutrino.running.left import run_left, run_left_from_m_z
from dineutrino.running.left_classes import SHAPES, LeftVectors, changes_flavour

HIGH, LOW = 0.1185, 0.217149208
ALPHA_EM = 1 / 127.9
# input -> {output: (QCD only, QCD and QED)}, wilson 2.5.2
TABLE = {
    "VddLL_2323": {"VddLL_2323": (0.853849, 0.851623)},
    "V1ddLR_2323": {"V1ddLR_2323": (1.030410, 1.033096), "V8ddLR_2323": (0.638227, 0.639890)},
    "V8ddLR_2323": {"V1ddLR_2323": (0.141828, 0.142198), "V8ddLR_2323": (1.775008, 1.779635)},
    "VnudLL_3323": {"VnudLL_3323": (1, 1)},
    "VedLL_3323": {"VedLL_3323": (1, 0.989574), "VedLL_1123": (0, -0.002606), "VdeLR_2311": (0, -0.002606)},
    "VdeLR_2333": {"VdeLR_2333": (1, 1.005213), "VedLL_2223": (0, -0.002606)},
    "VedRR_3323": {"VedRR_3323": (1, 0.989574)},
    "VddLL_2223": {"VddLL_2223": (0.840876, 0.837731), "VedLL_1123": (0, -0.003191)},
    "V1duLR_2322": {"V1duLR_2322": (1.030135, 1.021215), "VedLL_1123": (0, 0.005260)},
    "VnueduLL_3332": {"VnueduLL_3332": (1, 1.007819)},
}
LEADING = jax.jit(run_left)


def place(name):
    cls, digits = name.split("_")
    return cls, tuple(int(digit) - 1 for digit in digits)


def unit(name):
    """The non-redundant coefficient 1; the imaginary conjugate entries do not matter for these."""
    cls, index = place(name)
    array = np.zeros(SHAPES[cls], complex)
    p, r, s, t = index
    twins = {index, (s, t, p, r)} if cls in ("VddLL", "VddRR") else {index}
    for i in twins:
        array[i] = 1 / len(twins)
    return eqx.tree_at(lambda c: getattr(c, cls), LeftVectors.zero(), jnp.asarray(array)), len(twins)


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("qed", [False, True])
def test_table(name, qed):
    start, _ = unit(name)
    found = LEADING(start, HIGH, LOW, ALPHA_EM if qed else 0.0)
    for output, expected in TABLE[name].items():
        cls, index = place(output)
        value = complex(getattr(found, cls)[index]) * unit(output)[1]
        assert value == pytest.approx(expected[qed], abs=3e-4 if qed else 1e-5), output


def test_powers_of_alpha_s():
    """(alpha_s(mu)/alpha_s(m_Z))^(-6/23) for mixing through left-handed currents."""
    found = LEADING(unit("VddRR_1313")[0], HIGH, LOW, 0.0)
    assert complex(found.VddRR[0, 2, 0, 2]) == pytest.approx((HIGH / LOW) ** (6 / 23), rel=1e-8)


def test_composition_and_inverse():
    rng = np.random.default_rng(5)
    start = LeftVectors(**{n: jnp.asarray(rng.normal(size=s) + 1j * rng.normal(size=s)) for n, s in SHAPES.items()})
    direct = LEADING(start, HIGH, LOW, ALPHA_EM)
    steps = LEADING(LEADING(start, HIGH, 0.16, ALPHA_EM), 0.16, LOW, ALPHA_EM)
    back = LEADING(direct, LOW, HIGH, ALPHA_EM)
    for name in SHAPES:
        assert getattr(steps, name) == approx(getattr(direct, name), abs=1e-5)
        assert getattr(back, name) == approx(getattr(start, name), abs=1e-5)


def test_flavour_change_decouples():
    """Entries that conserve flavour do not touch those that do not."""
    rng = np.random.default_rng(6)
    start = LeftVectors(
        **{n: jnp.asarray(np.where(changes_flavour(n), 0, rng.normal(size=s) + 0j)) for n, s in SHAPES.items()}
    )
    start = eqx.tree_at(lambda c: c.VnueduLL, start, jnp.zeros(SHAPES["VnueduLL"], complex))
    found = LEADING(start, HIGH, LOW, ALPHA_EM)
    for name in SHAPES:
        assert not np.any(np.where(changes_flavour(name), np.abs(getattr(found, name)) > 1e-12, False))


@pytest.mark.slow
def test_from_inputs_and_gradient():
    inputs = load_inputs()
    start, _ = unit("VddLL_2323")

    @jax.jit
    def mixing(a):
        low = run_left_from_m_z(start, 4.8, inputs.replace({"alpha_s": a}))
        return jnp.real(low.VddLL[1, 2, 1, 2])

    assert float(mixing(0.118)) == pytest.approx(0.8519, abs=2e-3)
    numeric = (mixing(0.1181) - mixing(0.1179)) / 2e-4
    assert float(jax.grad(mixing)(0.118)) == pytest.approx(float(numeric), rel=1e-5)
