"""B -> pi, rho and K -> pi with two neutrinos against flavio (frozen by tests/validation/freeze_down.py), textbook
formulas and the numbers of arXiv:2404.06533."""

import json
from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft import NeutrinoCoefficients, NuNu, to_lagrangian
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import DB, DS, FormFactorCoefficients, ckm_matrix, load_inputs, load_prior
from dineutrino.invisible import DarkScalars, ScalarOperators
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import load_measurements
from dineutrino.models import MasslessNeutrinos
from dineutrino.observables import Predictor, get
from dineutrino.theory import Flavours, Wet

PEER = json.loads((Path(__file__).parents[1] / "validation/frozen/flavio_down.json").read_text(encoding="utf-8"))
GROUPS = {"b -> d": DB, "s -> d": DS, "s -> d, no change of lepton flavour": DS}
CHARGED, NEUTRAL = "BR(K+->pinunu)", "BR(KL->pinunu)"
B_RATES = ("BR(B+->pinunu)", "BR(B0->pinunu)", "BR(B+->rhonunu)", "BR(B0->rhonunu)")


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def rates(inputs):
    """All branching ratios, of a Lagrangian and inputs."""
    names = (CHARGED, NEUTRAL, *B_RATES)
    return jax.jit(lambda wet, inputs: jnp.stack([get(name)(wet, inputs) for name in names]))


def matched(group):
    found = load_inputs().replace(PEER[group]["scalars"])
    for transition, fit in PEER["form_factors"].items():
        coefficients = {name: jnp.asarray(values, float) for name, values in fit["coefficients"].items()}
        constants = {name: jnp.asarray(value, float) for name, value in fit["constants"].items()}
        new = FormFactorCoefficients(coefficients, constants, fit["parametrisation"], "of a peer", transition)
        found = eqx.tree_at(lambda i, t=transition: i.form_factors[t], found, new)
    return found


def lagrangian(coefficients, inputs, quarks):
    values = {name: complex(*parts) for name, parts in coefficients.items()}
    nunu = NuNu(*to_lagrangian(NeutrinoCoefficients.from_mapping(values, quarks), inputs, quarks))
    return Wet(Flavours(**{quarks.name: nunu}), Flavours())


def random_lagrangian(seed, size=1e-9):
    random = np.random.default_rng(seed)
    both = [[size * (random.normal(size=(3, 3)) + 1j * random.normal(size=(3, 3))) for _ in "LR"] for _ in "bs"]
    return Wet(
        Flavours(**{q.name: NuNu(*map(jnp.asarray, m)) for q, m in zip((DB, DS), both, strict=True)}), Flavours()
    )


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_flavio_at_its_inputs(group):
    quarks, its = GROUPS[group], matched(group)
    predictor = Predictor([tuple(reference) for reference in PEER[group]["references"]], its)
    for point in PEER[group]["points"]:
        found = predictor(lagrangian(point["coefficients"], its, quarks))
        assert found == approx(point["values"], rel=5e-6)


def test_standard_model_at_our_inputs(rates, inputs):
    """flavio 2.7.1 with inputs of its own: 8.14e-11, 2.78e-11; 1.401e-7, 6.52e-8, 4.06e-7, 1.884e-7."""
    found = rates(Wet(Flavours(), Flavours()), inputs)
    assert found == approx([8.14e-11, 2.78e-11, 1.401e-7, 6.52e-8, 4.06e-7, 1.884e-7], rel=0.04)


def test_kaons_by_the_textbook(rates, inputs):
    """kappa (|lambda_t X_t + lambda_c P_c|/lambda^5)^2, arXiv:0705.2025, with the couplings that kappa is for."""
    at = inputs.replace(
        {"alpha_em": inputs["kappa_alpha_em"], "s2_w": inputs["kappa_s2_w"], "X_c_tau/X_c_e": 1.0, "C_L_SM": -6.3}
    )
    V, lambda_ = np.asarray(ckm_matrix(at)), float(at["ckm_lambda"])
    top, charm = V[2, 0].conj() * V[2, 1], V[1, 0].conj() * V[1, 1]
    X_t, P_c = 6.3 * float(at["s2_w"]), float(at["X_c_e"]) / lambda_**4 + float(at["delta_P_cu"])
    size = top * X_t / lambda_**5 + charm * P_c / lambda_
    kappa_plus, kappa_L = (float(at[f"kappa_{K}"]) * (lambda_ / 0.225) ** 8 for K in "+L")
    expected = (kappa_plus * (1 + float(at["Delta_EM"])) * abs(size) ** 2, kappa_L * size.imag**2)
    assert rates(Wet(Flavours(), Flavours()), at)[:2] == approx(expected, rel=1e-12)


def test_points_of_the_paper():
    """Eqs. (A4), (A5) and (A8) of arXiv:2404.06533 at single points, as ratios to the Standard Model."""
    at = load_inputs("marzocca2024", lambda_t="wolfenstein").replace({"delta_P_cu": 0.0, "C_L_SM": -1.481 / 0.23121})
    predictor = Predictor([CHARGED, NEUTRAL, "R(B+->pinunu)"], at)
    theta, phi, C = 0.1, 1.4, 2409.0**-2
    n = np.array([np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)])

    def tau(ds, db):
        right = [jnp.zeros((3, 3), complex).at[2, 2].set(c) for c in (ds, db)]
        none = jnp.zeros((3, 3), complex)
        return Wet(Flavours(ds=NuNu(none, right[0]), db=NuNu(none, right[1])), Flavours())

    standard_model = predictor(tau(0, 0))
    rank_one = predictor(tau(C * n[0] * n[1], C * n[0] * n[2]))
    assert float(rank_one[0] / standard_model[0]) == pytest.approx(3.516 / 0.864, rel=0.02)
    assert float(rank_one[1] / standard_model[1]) == pytest.approx(1, abs=1e-12)
    assert float(rank_one[2]) == pytest.approx(8.92 / 11.66, rel=0.01)
    assert float((predictor(tau(5e-11, 0)) / standard_model)[0]) == pytest.approx(1.286, rel=0.01)
    assert float((predictor(tau(1e-10j, 0)) / standard_model)[1]) == pytest.approx(5.26, rel=0.02)


def test_published_rates_are_an_option():
    """Table A1 of arXiv:2404.06533, at points of its hypothesis: scale of C, angles, chirality, B+ -> pi+ and rho+."""
    at = load_inputs("marzocca2024")
    predictor = Predictor(B_RATES, at)
    assert predictor(Wet(Flavours(), Flavours())) == approx([1.166e-7, 5.41e-8, 4.78e-7, 2.22e-7], rel=5e-3)
    tau, universal = jnp.zeros((3, 3), complex).at[2, 2].set(1.0), jnp.eye(3, dtype=complex)
    for scale, theta, phi, right, flavours, expected in (
        (2409.0, 0.1, 1.4, True, tau, (8.92e-8, 1.067e-6)),
        (2878.0, 0.1, 1.4, False, tau, (8.34e-8, 3.42e-7)),
        (2161.0, 0.05, 3 * np.pi / 4, True, universal, (2.203e-6, 3.574e-6)),
    ):
        db = scale**-2 * np.sin(theta) * np.cos(phi) * np.cos(theta) * flavours
        nunu = NuNu(0 * db, db) if right else NuNu(db, 0 * db)
        assert predictor(Wet(Flavours(db=nunu), Flavours()))[jnp.array([0, 2])] == approx(expected, rel=5e-3)
    for reference in ("dBR/dq2(B+->pinunu)", 4.0), ("<BR>(B0->rhonunu)", 1.0, 5.0), ("FL(B0->rhonunu)",):
        with pytest.raises(DineutrinoError, match="only total rates are known"):
            Predictor([reference], at)


def test_the_neutral_kaon_sees_what_violates_cp(inputs):
    """(K - Kbar)/sqrt2 with amplitudes L_ab and conj(L_ba) for the same neutrinos; zero for a Hermitian matrix."""
    predictor = Predictor([NEUTRAL, CHARGED], inputs)
    new = random_lagrangian(1).nunu.ds
    nothing = Predictor([NEUTRAL, CHARGED], inputs.replace({"C_L_SM": 0.0, "X_c_e": 0.0, "delta_P_cu": 0.0}))

    def both(matrix):
        found = nothing(Wet(Flavours(ds=NuNu(matrix, 0 * matrix)), Flavours()))
        return float(found[0]), float(found[1])

    neutral, charged = both(new.left)
    ratio = float(inputs["kappa_L"] / (inputs["kappa_+"] * (1 + inputs["Delta_EM"])))
    amplitudes = (np.asarray(new.left) - np.asarray(new.left).conj().T) / 2
    expected = ratio * np.sum(abs(amplitudes) ** 2) / np.sum(abs(np.asarray(new.left)) ** 2)
    assert neutral / charged == pytest.approx(float(expected), rel=1e-12)
    assert both(new.left + new.left.conj().T)[0] == pytest.approx(0, abs=1e-30)
    assert float(predictor(Wet(Flavours(), Flavours()))[0]) > 0


@pytest.mark.slow
def test_the_tau_background(inputs):
    """B+ -> tau nu times tau -> pi nu, by the measured widths of a tau: larger than the short distance by far."""
    included = load_inputs(long_distance="included")
    empty = Wet(Flavours(), Flavours())
    found = Predictor(B_RATES, included)(empty) - Predictor(B_RATES, inputs)(empty)
    assert found == approx([9.3e-6, 0, 2.3e-5, 0], rel=0.03, abs=1e-20)
    ratio = float(found[2] / found[0])
    m_tau, m_pi, m_rho = (float(inputs[f"m_{name}"]) for name in ("tau", "pi+", "rho+"))
    widths = ((m_tau**2 - m_rho**2) ** 2 * (1 + 2 * m_rho**2 / m_tau**2), (m_tau**2 - m_pi**2) ** 2)
    assert ratio == pytest.approx(widths[0] / widths[1] * float(inputs["f_rho+"] / inputs["f_pi+"]) ** 2, rel=1e-12)
    bins = Predictor([("<BR>(B+->pinunu)", 0.0, 10.0), ("<BR>(B+->pinunu)", 10.0, 26.0)], included)
    whole = Predictor(["BR(B+->pinunu)"], included)
    assert float(jnp.sum(bins(empty))) == pytest.approx(float(whole(empty)[0]), rel=2e-3)


@pytest.mark.slow
def test_derivatives_by_inputs_and_by_new_physics(rates, inputs):
    wet = random_lagrangian(2)
    names = ("ckm_etabar", "ckm_A", "X_c_e", "kappa_L", "m_pi+", "m_rho0", "C_L_SM", "delta_P_cu")
    slopes = jax.jit(jax.jacfwd(lambda x: rates(wet, inputs.replace(dict(zip(names, x, strict=True))))))
    x = jnp.stack([inputs[name] for name in names])
    step = 1e-5 * jnp.abs(x)
    found = slopes(x)
    for i in range(len(names)):
        ends = [rates(wet, inputs.replace({names[i]: x[i] + sign * step[i]})) for sign in (1, -1)]
        difference = (ends[0] - ends[1]) / (2 * step[i])
        assert found[:, i] * x[i] == approx(difference * x[i], rel=1e-6, abs=1e-8 * float(ends[0].max()))
    along = random_lagrangian(3)
    moved = [jax.tree.map(lambda a, b, t=t: a + t * b, wet, along) for t in (1e-4, -1e-4)]
    difference = (rates(moved[0], inputs) - rates(moved[1], inputs)) / 2e-4
    assert jax.jvp(lambda w: rates(w, inputs), (wet,), (along,))[1] == approx(difference, rel=1e-7)


@pytest.mark.slow
def test_jit_eager_batch_and_loop_agree(rates, inputs):
    wets = [random_lagrangian(seed) for seed in range(3)]
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *wets)
    predictor = Predictor((CHARGED, NEUTRAL, *B_RATES), inputs)
    loop = jnp.stack([rates(wet, inputs) for wet in wets])
    assert predictor.batch(stacked) == approx(loop, rel=1e-12)
    assert jnp.stack([predictor(wet) for wet in wets]) == approx(loop, rel=1e-12)
    assert get(CHARGED)(wets[0], inputs) == approx(loop[0, 0], rel=1e-12)


@pytest.mark.parametrize("name", ["B+->pi", "B0->rho"])
def test_ends_of_the_spectrum_are_finite(name, inputs):
    end = get(f"dBR/dq2({name}nunu)").end_point(inputs)
    slope = jax.jit(jax.value_and_grad(lambda q2: get(f"dBR/dq2({name}nunu)")(random_lagrangian(4), inputs, q2)))
    for q2 in (0.0, end):
        assert np.all(np.isfinite(slope(q2)))
    assert float(slope(end)[0]) == pytest.approx(0, abs=1e-15)
    if "rho" in name:
        fractions = [float(get(f"FL({name}nunu)")(Wet(Flavours(), Flavours()), inputs, q2)) for q2 in (0.0, end)]
        assert fractions == approx([1, 1 / 3], abs=0.02)  # the fit knows the second only roughly


@pytest.mark.slow
def test_further_pairs_are_those_of_their_transition(inputs):
    pair = DarkScalars(jnp.asarray(0.5), ScalarOperators(V=jnp.asarray(1e-9 + 0j), S=jnp.asarray(1e-9 + 0j)))
    b_to_d = Wet(Flavours(), Flavours(db=(pair,)))
    observable = get("BR(B+->pinunu)")
    assert float(observable(b_to_d, inputs)) > 1.001 * float(observable(Wet.b_to_s(dark=(pair,)), inputs))
    assert observable(Wet(Flavours(), Flavours(ds=(pair,))), inputs) == observable(Wet.b_to_s(), inputs)


@pytest.mark.slow
def test_transitions_do_not_mix(inputs):
    predictor = Predictor([CHARGED, "BR(B+->pinunu)", "BR(B+->Knunu)"], inputs)
    standard_model = np.asarray(predictor(Wet(Flavours(), Flavours())))
    moved = {"CL_sdnuenue": 0, "CL_bdnuenue": 1, "CL_bsnuenue": 2}
    for name, row in moved.items():
        wet = MasslessNeutrinos()({f"Re {name}": jnp.asarray(3.0)}, inputs).wet
        changed = np.asarray(predictor(wet)) != standard_model
        assert changed.tolist() == [i == row for i in range(3)]


@pytest.mark.slow
def test_nuisances_are_those_of_the_observables():
    prior = load_prior()
    parameters = [Parameter("Re CL_bsnutaunutau", -40, 40)]
    measured = load_measurements("belle2_2023_BpKnunu_combination")
    alone = Likelihood(parameters, measured, prior)
    assert not [
        name for name in alone.prior.labels if "kappa" in name or "pi" in name or "rho+" in name or "X_c" in name
    ]
    more = Likelihood(parameters, measured, prior, predictions=[CHARGED])
    assert {"kappa_+", "Delta_EM", "X_c_e", "delta_P_cu", "s2_w"} == set(more.prior.labels) - set(alone.prior.labels)
