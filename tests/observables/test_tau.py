"""Decays of taus against flavio (frozen by tests/validation/freeze_tau.py), traces, closed forms, and their edges."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from brute_force import GAMMA, GAMMA5, METRIC, slash
from close import approx
from random_warsaw import random_values

from dineutrino.eft.charged import LeptonNeutrino
from dineutrino.eft.warsaw import warsaw_from_mapping
from dineutrino.eft.weak_decays import LeptonDecay, WeakDecays
from dineutrino.inputs import ckm_matrix, load_inputs, load_prior
from dineutrino.likelihood import Likelihood
from dineutrino.matching.descent import fixed_point
from dineutrino.matching.warsaw_to_jms import match_warsaw
from dineutrino.matching.weak_decays import before_light_ckm, weak_decays_below
from dineutrino.measurements import load_measurements
from dineutrino.observables import Predictor, get
from dineutrino.observables.tau import F, G
from dineutrino.running import mass_ratio
from dineutrino.running.strong import FOUR, TWO_GEV
from dineutrino.theory import Beyond, Flavours, Theory, Wet

PEER = json.loads((Path(__file__).parents[1] / "validation/frozen/flavio_tau.json").read_text(encoding="utf-8"))
RATIOS = ("g_tau/g_mu", "g_tau/g_e", "g_mu/g_e", "g_tau/g_mu(pi)", "g_tau/g_mu(K)")
NAMES = ("BR(tau->enunu)", "BR(tau->mununu)", *RATIOS)
LEPTONS = ("e", "mu", "tau")
DECAYS = {("mu", "e"): "mu_e", ("tau", "e"): "tau_e", ("tau", "mu"): "tau_mu"}
FIELDS = ("VL", "VR", "SL", "SR", "T")
NOTHING = Wet(Flavours(), Flavours())


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def values():
    """All observables of new physics and inputs."""
    return jax.jit(lambda new, inputs: jnp.stack([get(name)(new, inputs) for name in NAMES]))


def wet(decays):
    return Wet(Flavours(), Flavours(), weak_decays=decays)


def split(text):
    """ "etau" -> (0, 2)."""
    first = next(name for name in LEPTONS if text.startswith(name))
    return LEPTONS.index(first), LEPTONS.index(text[len(first) :])


def of_flavio(coefficients, inputs):
    """The Lagrangian of coefficients over -4 G_F/sqrt2, and over V_ud or V_us for quarks."""
    unit = -2 * np.sqrt(2) * float(inputs["G_F"])
    leptonic = {name: np.zeros((2, 3, 3), complex) for name in DECAYS.values()}
    quarks = {"d": np.zeros((5, 3, 3), complex), "s": np.zeros((5, 3, 3), complex)}
    for name, parts in coefficients.items():
        operator, _, rest = name.partition("_")
        value = complex(*parts)
        if rest.startswith("nu"):
            first, second = rest[2:].split("nu")
            neutrino = LEPTONS.index(first)
            partner = next(lepton for lepton in LEPTONS if second.startswith(lepton))
            final, initial = split(second[len(partner) :])
            field = DECAYS[LEPTONS[initial], LEPTONS[final]]
            place = (int(operator == "CVLR"), neutrino, LEPTONS.index(partner))
            leptonic[field][place] = -unit * value  # of L, in units of +4 G_F/sqrt2
        else:
            lepton, neutrino = rest[2:].split("nu")
            place = (FIELDS.index(operator[1:]), LEPTONS.index(lepton), LEPTONS.index(neutrino))
            quarks[rest[0]][place] = unit * ckm_matrix(inputs)[0, "ds".index(rest[0])] * value
    decays = {name: LeptonDecay(*map(jnp.asarray, arrays)) for name, arrays in leptonic.items()}
    currents = {f"u{name}": LeptonNeutrino(*map(jnp.asarray, arrays)) for name, arrays in quarks.items()}
    return wet(WeakDecays(**decays, **currents))


def random_point(seed, inputs, size=0.1):
    rng = np.random.default_rng(seed)
    zero = WeakDecays.zero()
    unit = size * 2 * np.sqrt(2) * float(inputs["G_F"]) * 0.2
    return wet(
        jax.tree.map(lambda a: jnp.asarray(unit * (rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3)))), zero)
    )


def test_standard_model(values, inputs):
    """Branching ratios are within three standard deviations of 17.82(4)% and 17.39(4)%, and couplings are 1."""
    found = values(NOTHING, inputs)
    assert found[:2] == approx([0.1782, 0.1739], rel=3 * 0.0025)
    assert found[2:] == approx(np.ones(5), rel=1e-15)
    flavio = PEER["standard_model"]
    its = values(NOTHING, inputs.replace(PEER["scalars"]))
    assert its[0] / its[1] == pytest.approx(flavio[0] / flavio[1], rel=2e-4)


@pytest.mark.slow
def test_flavio(values, inputs):
    """Rates over those of the Standard Model: with new physics in the muon, in the tau, and with quarks."""
    its = inputs.replace(PEER["scalars"])
    its = its.replace({"m_s": PEER["m_s(2 GeV)"] / mass_ratio(TWO_GEV, its["mu_b"], its, FOUR, 5)})
    standard_model = values(NOTHING, its)
    for point in PEER["points"]:
        found = values(of_flavio(point["coefficients"], its), its)
        assert found[:2] / standard_model[:2] == approx(point["values"][:2], rel=1e-9)
        if any("dutau" in name for name in point["coefficients"]):
            assert found[5:] ** 2 == approx(point["values"][2:], rel=1e-3)


def by_traces(M, m, left, right):
    """The width of l -> l' nu nubar but for a constant, whose neutrinos are summed over: (q q - q^2 g) for each q."""
    one = np.eye(4)
    vertex = (left * (one - GAMMA5) + right * (one + GAMMA5)) / 2
    conjugate = (np.conj(left) * (one + GAMMA5) + np.conj(right) * (one - GAMMA5)) / 2
    nodes, weights = np.polynomial.legendre.leggauss(40)
    end, total = (M - m) ** 2, 0.0
    for q2, weight in zip((1 - ((1 - nodes) / 2) ** 2) * end, weights * (1 - nodes) / 2 * end, strict=True):
        momentum = np.sqrt((end - q2) * ((M + m) ** 2 - q2)) / (2 * M)
        p, k = np.array([M, 0, 0, 0]), np.array([np.hypot(m, momentum), 0, 0, momentum])
        q = METRIC @ (p - k)
        neutrinos = np.outer(q, q) - q2 * METRIC
        incoming = vertex @ (slash(p) + M * one) @ conjugate
        for a in range(4):
            for b in range(4):
                trace = np.trace((slash(k) + m * one) @ GAMMA[a] @ incoming @ GAMMA[b])
                total += weight * momentum * (neutrinos[a, b] * trace).real
    return total


def test_phase_space_by_traces():
    M, m, left, right = 1.777, 0.6, 1.3 - 0.2j, -0.4 + 0.7j
    x = jnp.asarray((m / M) ** 2)
    light = by_traces(M, 1e-4, 1.0, 0.0)
    squares, mixed = abs(left) ** 2 + abs(right) ** 2, (left * right.conjugate()).real
    expected = F(x) * squares - 4 * jnp.sqrt(x) * G(x) * mixed
    assert by_traces(M, m, left, right) / light == pytest.approx(float(expected), rel=1e-6)


def at_m_z(mapping, inputs):
    """Without running."""
    given = warsaw_from_mapping(mapping)
    return Beyond(NOTHING, fixed_point(given, given, inputs))


@pytest.mark.slow
def test_universality_from_couplings_of_the_w(inputs):
    """C_Hl3 of one lepton changes its coupling by v^2 C: also that of the muon, from which G_F is measured."""
    predictor, C = Predictor(RATIOS, inputs), 1e-9
    slope = C / (np.sqrt(2) * float(inputs["G_F"]))
    for name, expected in (
        ("phil3_11", [0, -1, -1, 0, 0]),
        ("phil3_22", [-1, 0, 1, -1, -1]),
        ("phil3_33", [1, 1, 0, 1, 1]),
        ("phil3_23", [0, 0, 0, 0, 0]),
        ("ll_1221", [0.5, 0.5, 0, 0, 0]),
        ("ll_1331", [-0.5, 0, 0.5, 0, 0]),
    ):
        found = (np.asarray(predictor(at_m_z({name: C}, inputs))) - 1) / slope
        assert found == approx(expected, abs=1e-4), name


@pytest.mark.slow
def test_branching_ratios_from_the_muon(inputs):
    """ll_1221 slows down the decay of the muon: the Fermi constant of taus is larger than the one measured there."""
    predictor, C = Predictor(NAMES[:2], inputs), 1e-9
    slope = C / (np.sqrt(2) * float(inputs["G_F"]))
    found = np.asarray(predictor(at_m_z({"ll_1221": C}, inputs))) / np.asarray(predictor(NOTHING)) - 1
    assert found / slope == approx([1, 1], abs=1e-3)


@pytest.mark.slow
def test_matching_is_that_of_the_whole_basis(inputs):
    """At m_Z nothing has run: the short way and the one through all of LEFT agree."""
    c, V = warsaw_from_mapping(random_values(7)), ckm_matrix(inputs)
    expected = WeakDecays.from_jms(match_warsaw(c, V, inputs["s2_w"], 246.0))
    found = weak_decays_below(fixed_point(c, c, inputs), V)
    run = {"SL", "SR", "T", "VL"}  # to 2 GeV
    for name in ("mu_e", "tau_e", "tau_mu"):
        for a, b in zip(jax.tree.leaves(getattr(found, name)), jax.tree.leaves(getattr(expected, name)), strict=True):
            assert a == approx(b, rel=1e-8, abs=1e-10)
    for name in ("ud", "us"):
        for field in FIELDS:
            a, b = (np.asarray(getattr(getattr(part, name), field)) for part in (found, expected))
            factor = np.vdot(b, a).real / np.vdot(b, b).real if np.any(b) else 1.0
            assert a == approx(factor * b, rel=1e-8, abs=1e-10)
            assert (abs(factor - 1) < 1e-12) == (field not in run)
    assert before_light_ckm(c, inputs).down.contact.shape == (3, 3, 3)


@pytest.mark.slow
def test_derivatives(values, inputs):
    point, names = random_point(1, inputs), ("m_tau", "m_mu", "G_F", "tau_tau", "ckm_lambda", "m_s")
    scales = jnp.stack([inputs[name] for name in names])

    def at(x):
        return values(point, inputs.replace(dict(zip(names, x * scales, strict=True))))

    slopes = jax.jit(jax.jacfwd(at))(jnp.ones(len(names)))
    for i in range(len(names)):
        step = 1e-5 * jnp.eye(len(names))[i]
        assert slopes[:, i] == approx((at(1 + step) - at(1 - step)) / 2e-5, rel=1e-6, abs=1e-10)
    along = random_point(2, inputs)
    ends = [values(jax.tree.map(lambda a, b, t=t: a + t * b, point, along), inputs) for t in (1e-4, -1e-4)]
    slope = jax.jvp(lambda w: values(w, inputs), (point,), (along,))[1]
    assert slope == approx((ends[0] - ends[1]) / 2e-4, rel=1e-6, abs=1e-9)


@pytest.mark.slow
def test_jit_eager_batch_and_loop_agree(values, inputs):
    points = [random_point(seed, inputs) for seed in range(3)]
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *points)
    predictor, loop = Predictor(NAMES, inputs), jnp.stack([values(point, inputs) for point in points])
    assert predictor.batch(stacked) == approx(loop, rel=1e-13)
    eager = jnp.stack([jnp.stack([get(name)(point, inputs) for name in NAMES]) for point in points])
    assert eager == approx(loop, rel=1e-13)


def test_nothing_else_changes(inputs):
    predictor = Predictor(["BR(B+->taunu)", "Rtaul(B->Dlnu)"], inputs)
    assert predictor(Theory(inputs, random_point(1, inputs))) == approx(predictor(NOTHING), rel=0)


@pytest.mark.slow
def test_measurements():
    """That of kaons is 1.8 standard deviations from the Standard Model."""
    likelihood = Likelihood([], load_measurements("tau"), load_prior())
    pulls = likelihood.pulls(likelihood.origin())
    assert float(*pulls["average2021_tau_kaon"].values()) == pytest.approx((1 - 0.9857) / 0.0078, rel=1e-6)
