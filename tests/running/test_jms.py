"""The whole of LEFT from m_Z down: numbers of an independent code, closed forms, thresholds, derivatives."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from random_jms import values
from way_below_m_z import ALPHA_EM, HIGH, LOW, MASS_FACTOR, MASSES, STRETCH

from dineutrino.eft.names.jms import jms_from_mapping, jms_to_mapping
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.running.alpha_s import alpha_s
from dineutrino.running.jms import Stretch, run_alone, run_jms, run_jms_from_m_z, stretches
from dineutrino.running.jms_classes import JMS, arrays, from_arrays, legs
from dineutrino.running.jms_dipoles import Masses
from dineutrino.running.jms_parts import DOWN_SCALARS, NEUTRAL, run_down_scalars_from_m_z, run_neutral_from_m_z
from dineutrino.running.jms_slope import packed
from dineutrino.running.left import run_left
from dineutrino.running.left_classes import SHAPES, LeftVectors, changes_flavour
from dineutrino.running.left_scalars import LeftScalars, run_left_scalars
from dineutrino.running.quark_masses import quark_mass

pytestmark = pytest.mark.slow

ETA = HIGH / LOW
RUN = jax.jit(run_jms)
STRETCHES = jax.jit(stretches, static_argnums=2)
INPUTS = load_inputs()
# input -> {output: (QCD only, QCD and QED to first order)}, wilson 2.5.2 with masses and alpha_s as above
TABLE = {
    "V1uuLR_1222": {
        "V1uuLR_1222": (1.030135, 1.037347),
        "V8uuLR_1222": (0.6297547, 0.6354367),
        "VeuLL_1112": (0, 0.005246397),
        "VuuLL_1222": (-0.002217181, -0.005378739),
    },
    "V8udLL_2223": {
        "V8udLL_2223": (1.171459, 1.177535),
        "V1udLL_2223": (-0.1136354, -0.1140713),
        "VddLL_2333": (-0.00776525, -0.0078533),
        "VedLL_1123": (0, -0.0002334218),
    },
    "V8udduLR_2322": {"V8udduLR_2322": (1.775008, 1.786575), "V1udduLR_2322": (0.1418282, 0.1427524)},
    "VeeLL_1233": {
        "VeeLL_1233": (1, 0.9739355),
        "VeeLR_1222": (0, -0.002606445),
        "VeuLL_1222": (0, 0.00173763),
        "VedLL_1233": (0, -0.0008688151),
    },
    "VnueLL_2233": {
        "VnueLL_2233": (1, 0.9973936),
        "VnudLL_2233": (0, -0.0008688151),
        "VnuuLR_2222": (0, 0.00173763),
        "VnueLR_2211": (0, -0.002606445),
    },
    "VnueduLR_3332": {"VnueduLR_3332": (1, 1.00391)},
    "SnueduRR_3332": {"SnueduRR_3332": (1.371634, 1.368059), "TnueduRR_3332": (0, -0.0003570273)},
    "TeuRR_2322": {"TeuRR_2322": (0.9000237, 0.894941), "SeuRR_2322": (0, -0.143001)},
    "SeuRL_1212": {"SeuRL_1212": (1.371634, 1.394872)},
    "SeeRR_2333": {"SeeRR_2333": (1, 0.976542)},
    "VuuRR_1212": {"VuuRR_1212": (0.8538486, 0.8449466)},
    "S1ddRR_2323": {"S1ddRR_2323": (1.434504, 1.435177), "S8ddRR_2323": (-0.1054783, -0.1122753)},
    "S1udRR_2223": {
        "S1udRR_2223": (1.940055, 1.956889),
        "S8udRR_2223": (-0.4763434, -0.4814254),
        "S1udduRR_2322": (-0.5055518, -0.5037258),
    },
    "S1ddRR_2333": {"dgamma_23": (0.005944483, 0.005903355), "dG_23": (-0.1322589, -0.1321601)},
    "S8udduRR_2322": {
        "S1udRR_2223": (-0.1925055, -0.1934127),
        "dgamma_23": (-0.003503737, -0.003486453),
        "dG_23": (0.004315889, 0.004252255),
    },
    "dgamma_23": {"dgamma_23": (0.9360997, 0.9332306)},
    "dG_32": {"dG_32": (1.335719, 1.333831), "dgamma_32": (0.03467549, 0.0345926)},
    "uG_12": {"uG_12": (1.335717, 1.328163), "ugamma_12": (-0.06935085, -0.06868774)},
    "egamma_23": {"egamma_23": (1, 0.9687227)},
}
LENGTH = (1 - ETA) * 2 * np.pi / (23 / 3 * HIGH)
"""ln(m_Z/4.8 GeV) with one loop of alpha_s."""


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("qed", [False, True])
def test_table(name, qed):
    """wilson takes the running of masses in QED out of dipoles and does not put it back: 6 Q^2 too much."""
    start = jms_from_mapping({name: 1.0})
    found = jms_to_mapping(RUN(start, STRETCH, ALPHA_EM if qed else 1e-30))
    for output, expected in TABLE[name].items():
        if "gamma" in output and not qed and output != name:
            continue  # in proportion to the electric charge
        charge = {"e": 1.0, "u": 2 / 3, "d": 1 / 3}.get(output[0], 0.0)
        mended = expected[qed] * (1 + qed * 6 * charge**2 * ALPHA_EM / (4 * np.pi) * LENGTH)
        assert found.get(output, 0) == pytest.approx(mended, abs=1e-3 if qed else 2e-5), output


def test_dipoles_like_C_7_and_C_8():
    """C_7 = eta^(16/23) C_7 + 8/3 (eta^(14/23) - eta^(16/23)) C_8 with C_7 = dgamma/(e m_b), C_8 = dG/(g m_b)."""
    e = np.sqrt(4 * np.pi * ALPHA_EM)
    g_high, g_low = np.sqrt(4 * np.pi * HIGH), np.sqrt(4 * np.pi * LOW)
    start = jms_from_mapping({"dgamma_23": 0.7 * e * 2.857462001636422, "dG_23": -0.4 * g_high * 2.857462001636422})
    tiny = 1e-12  # QED is off, but the two are measured in units of e
    found = jms_to_mapping(RUN(rescaled(start, np.sqrt(tiny)), STRETCH, ALPHA_EM * tiny))
    C_7 = found["dgamma_23"] / np.sqrt(tiny) / (e * 4.0764943003304746)
    C_8 = found["dG_23"] / (g_low * 4.0764943003304746)
    power_7, power_8 = ETA ** (16 / 23), ETA ** (14 / 23)
    assert pytest.approx(0.7 * power_7 - 0.4 * 8 / 3 * (power_8 - power_7), rel=1e-6) == C_7
    assert pytest.approx(-0.4 * power_8, rel=1e-6) == C_8


def rescaled(c, factor):
    return from_arrays({n: value * (factor if n == "dgamma" else 1) for n, value in arrays(c).items()})


def test_three_gluons():
    """G with leading logarithms: the power (36 - 3 beta_0)/(2 beta_0), and the dipole that it makes is m_b G."""
    found = jms_to_mapping(RUN(jms_from_mapping({"G": 1.0}), STRETCH, 0.0))
    assert found["G"] == pytest.approx(ETA ** (13 / (46 / 3)), rel=1e-6)
    assert found["dG_33"] / found["dG_22"] == pytest.approx(float(MASSES.down[2] / MASSES.down[1]), rel=1e-9)
    dual = jms_to_mapping(RUN(jms_from_mapping({"Gtilde": 1.0}), STRETCH, 0.0))
    assert dual["dG_33"] == pytest.approx(1j * found["dG_33"])


def test_flavour_changing_vectors_run_as_the_program_of_their_own():
    given = arrays(jms_from_mapping(values(3)))
    kept = {name: np.where(changes_flavour(name), given[name], 0) for name in SHAPES}
    alone = from_arrays({name: jnp.asarray(kept.get(name, np.zeros_like(value))) for name, value in given.items()})
    ours = arrays(RUN(alone, STRETCH, ALPHA_EM))
    theirs = jax.jit(run_left)(LeftVectors(**{n: jnp.asarray(v) for n, v in kept.items()}), HIGH, LOW, ALPHA_EM)
    for name, value in vars(theirs).items():
        expected = np.where(changes_flavour(name), value, 0)
        assert np.where(changes_flavour(name), ours[name], 0) == approx(expected, abs=1e-12), name


def test_scalars_run_as_the_program_of_their_own():
    given = arrays(jms_from_mapping(values(4)))
    theirs = run_left_scalars(LeftScalars(**{n: given[n] for n in LeftScalars.__annotations__}), HIGH, LOW, ALPHA_EM)
    ours = arrays(RUN(from_arrays(given), STRETCH, ALPHA_EM))
    for name, value in vars(theirs).items():
        assert ours[name] == approx(value, abs=1e-5), name


def test_parts_run_alone_as_they_run_together():
    """Products of neutral currents, and scalars and tensors of charged leptons and down quarks."""
    start = jms_from_mapping(values(6))
    whole = packed(RUN(start, STRETCH, ALPHA_EM))
    for part in (NEUTRAL, DOWN_SCALARS):
        alone = jax.jit(lambda c, part=part: run_alone(c, *part, STRETCH, ALPHA_EM))(part[0](packed(start)))
        for ours, theirs in zip(jax.tree.leaves(alone), jax.tree.leaves(part[0](whole)), strict=True):
            assert ours == approx(theirs, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("flavours", [4, 3])
def test_parts_lose_heavy_fields_as_well(flavours):
    start = jms_from_mapping(values(7))
    whole = packed(run_jms_from_m_z(start, 2.0, INPUTS, flavours))
    neutral = run_neutral_from_m_z(packed(start).neutral, 2.0, INPUTS, flavours)
    scalars = run_down_scalars_from_m_z(DOWN_SCALARS[0](packed(start)), 2.0, INPUTS, flavours)
    for ours, theirs in zip(
        jax.tree.leaves((neutral, scalars)), jax.tree.leaves((whole.neutral, DOWN_SCALARS[0](whole))), strict=True
    ):
        assert ours == approx(theirs, rel=1e-11, abs=1e-11)


def test_no_way_is_no_change():
    nowhere = Stretch(jnp.asarray(HIGH), jnp.asarray(HIGH), jnp.asarray(1.0), MASSES, 5)
    start = jms_from_mapping(values(5))
    for name, value in arrays(RUN(start, nowhere, ALPHA_EM)).items():
        assert value == approx(arrays(start)[name], abs=1e-14), name


def low(start, mu, flavours):
    """As `run_jms_from_m_z`, with the compiled function."""
    for stretch in STRETCHES(mu, INPUTS, flavours):
        start = RUN(start, stretch, 0.0)
    return start


def test_theories_with_fewer_flavours():
    """What has b, or c and tau, is gone, the rest runs on: mixing of kaons by the powers of alpha_s of each theory."""
    names = ("VddLL_1212", "VddLL_2323", "VuuLL_1212", "VeeLL_1233", "VedLL_1112", "SeeRR_1323")
    start = jms_from_mapping(dict.fromkeys(names, 1.0))
    four, three = jms_to_mapping(low(start, 2.0, 4), 1e-12), jms_to_mapping(low(start, 1.2, 3), 1e-12)
    for found, heavy in ((four, {"d": "3"}), (three, {"d": "3", "u": "2", "e": "3"})):
        assert found.keys() >= {"VddLL_1212", "VedLL_1112"}
        for name in found:
            cls, _, digits = name.partition("_")
            assert not any(heavy.get(f) == d for f, d in zip(legs(cls), digits, strict=True)), name
    a = {n_f: alpha_s(mu, INPUTS, n_f) for n_f, mu in ((5, INPUTS["m_b(m_b)"]), (4, 2.0))}
    expected = (INPUTS["alpha_s"] / a[5]) ** (6 / 23) * (alpha_s(INPUTS["m_b(m_b)"], INPUTS, 4) / a[4]) ** (6 / 25)
    assert four["VddLL_1212"].real == pytest.approx(float(expected), rel=1e-6)
    assert {"VuuLL_1212", "SeeRR_1323"} <= four.keys()
    assert not {"VuuLL_1212", "SeeRR_1323"} & three.keys()


def test_unknown_flavours():
    with pytest.raises(DineutrinoError, match="not 2"):
        run_jms_from_m_z(JMS.zero(), 2.0, INPUTS, 2)


def test_masses_from_inputs():
    """Of quarks in the theory with five flavours at m_Z, and at the lower end through the factor."""
    (stretch,) = STRETCHES(4.8, INPUTS, 5)
    assert float(stretch.masses.down[2]) == pytest.approx(float(quark_mass("m_b", INPUTS["m_Z"], INPUTS, 5)))
    assert float(stretch.masses.up[1]) == pytest.approx(float(quark_mass("m_c", INPUTS["m_Z"], INPUTS, 5)))
    low = stretch.mass_factor * stretch.masses.down
    assert float(low[2]) == pytest.approx(float(quark_mass("m_b", 4.8, INPUTS, 5)))
    assert float(low[1]) == pytest.approx(float(quark_mass("m_s", 4.8, INPUTS, 5)))
    assert 0.0015 < float(stretch.masses.down[0]) < 0.004
    assert 0.0006 < float(stretch.masses.up[0]) < 0.002
    assert stretch.masses.lepton == approx([INPUTS[name] for name in ("m_e", "m_mu", "m_tau")])


def test_derivatives():
    """By what QCD, QED and masses are, against finite differences, all classes at once."""
    start, weights = jms_from_mapping(values(6)), arrays(jms_from_mapping(values(7)))

    def total(x):
        masses = Masses(MASSES.up, MASSES.down * x[3], MASSES.lepton * x[4])
        found = arrays(run_jms(start, Stretch(x[0], x[1], x[2], masses, 5), x[5]))
        return sum(jnp.sum(weights[n].conj() * value).real for n, value in found.items())

    both = jax.jit(lambda x, tangent: jax.jvp(total, (x,), (tangent,)))
    x = np.array([HIGH, LOW, MASS_FACTOR, 1.0, 1.0, ALPHA_EM])
    for i in range(len(x)):
        step = 1e-4 * x[i] * np.eye(len(x))[i]
        numeric = (both(x + step, step)[0] - both(x - step, step)[0]) / 2
        assert float(both(x, step)[1]) == pytest.approx(float(numeric), rel=1e-5), i


def test_eight_steps_are_enough():
    start = jms_from_mapping(values(9))
    few = RUN(start, STRETCH, ALPHA_EM)
    many = jax.jit(run_jms, static_argnames="steps")(start, STRETCH, ALPHA_EM, steps=32)
    for name, value in arrays(many).items():
        assert arrays(few)[name] == approx(value, abs=1e-5), name
