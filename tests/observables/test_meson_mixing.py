"""Meson mixing against flavio (frozen by tests/validation/freeze_mixing.py), closed forms and its own edges."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft.mixing import DeltaF2
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import DB, DS, SB, Inputs, ckm_matrix, load_inputs, load_prior
from dineutrino.likelihood import Likelihood
from dineutrino.measurements import Gaussian, load_measurements
from dineutrino.models import SMEFT, MasslessNeutrinos
from dineutrino.observables import Predictor, boxes, get
from dineutrino.observables.m12 import B_D, B_S, KAON, m12, matrix_elements, scale_independent
from dineutrino.running import alpha_s
from dineutrino.running.strong import FLAVOURS
from dineutrino.running.theories import theories
from dineutrino.theory import Flavours, Wet

PEER = json.loads((Path(__file__).parents[1] / "validation/frozen/flavio_mixing.json").read_text(encoding="utf-8"))
MESONS = {"B_s": B_S, "B0": B_D, "K0": KAON}
NAMES = ("DeltaM_s", "DeltaM_d", "S_psiphi", "S_psiK", "eps_K")
SIZES = {SB: 3e-11, DB: 1e-12, DS: 2e-16}
"""GeV^-2, with which new physics is as large as the Standard Model."""
NOTHING = Wet(Flavours(), Flavours())


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def values():
    """All observables of new physics and inputs."""
    return jax.jit(lambda wet, inputs: jnp.stack([get(name)(wet, inputs) for name in NAMES]))


def matched(group):
    """flavio's inputs; its bag parameters of left-right operators leave out the constants beside r."""
    peer, meson = PEER[group], MESONS[group]
    found = load_inputs().replace(PEER["scalars"] | peer["scalars"] | {meson.scale: peer["scale"]})
    found = found.replace({meson.decay_constant: peer["decay_constant"]})
    qcd = theories(found)
    log_mass = qcd.at(peer["scale"], FLAVOURS[meson.scale]).log_mass - qcd.at(found["mu_b"], 5).log_mass
    masses = zip(meson.quarks.masses, peer["quark_masses"], strict=True)
    found = found.replace({name: mass / jnp.exp(log_mass) for name, mass in masses})
    r = (peer["scalars"][f"m_{group}"] / sum(peer["quark_masses"])) ** 2
    for_slr, for_vlr = meson.constants
    bag = np.array(peer["bag"]) / [1, 1, 1, 1 + 4 * for_slr / r, 1 + 6 * for_vlr / r]
    return found.replace({f"bag_{group}_{n}": value for n, value in enumerate(bag, 1)})


def mixing(quarks, coefficients):
    """A sector from flavio's names."""
    values = {name.partition("_")[0]: complex(*parts) for name, parts in coefficients.items()}
    sector = DeltaF2(**{name: jnp.asarray(values.get(name, 0j)) for name in vars(DeltaF2.zero())})
    return Wet(Flavours(), Flavours(), mixing=Flavours(**{quarks.name: sector}))


def random_mixing(seed, size=1.0):
    random = np.random.default_rng(seed)

    def sector(quarks):
        scale = size * SIZES[quarks]
        return DeltaF2(*(jnp.asarray(scale * complex(*random.normal(size=2))) for _ in range(8)))

    return Wet(Flavours(), Flavours(), mixing=Flavours(*map(sector, (SB, DB, DS))))


@pytest.mark.parametrize("group", ["B_s", "B0"])
def test_flavio_at_its_inputs(group):
    """One operator at a time and all of them; flavio has the absorptive part, 2e-4 of the sines."""
    its = matched(group)
    predictor = Predictor(PEER[group]["observables"], its)
    for point in PEER[group]["points"]:
        difference, sine = predictor(mixing(MESONS[group].quarks, point["coefficients"]))
        assert float(difference) == pytest.approx(point["values"][0], rel=1e-3)
        assert float(sine) == pytest.approx(point["values"][1], rel=1e-3, abs=3e-4)
    theirs = complex(*PEER[group]["M12"])
    assert complex(predictor.kernels[0].mixing.standard_model[0]) == pytest.approx(theirs, rel=1e-3)


def test_flavio_for_kaons():
    """flavio converts B_K with alpha_s of four flavours and the exponents of three: 0.4% of the Standard Model."""
    its = matched("K0")
    predictor = Predictor(["eps_K"], its)
    standard_model = float(predictor(NOTHING)[0])
    ours, theirs = (alpha_s(PEER["K0"]["scale"], its, n) for n in (3, 4))
    scheme = float(scale_independent(ours, 3) / scale_independent(theirs, 3))
    first, *points = PEER["K0"]["points"]
    assert standard_model == pytest.approx(scheme * first["values"][0], rel=1e-3)
    for point in points:
        found = float(predictor(mixing(DS, point["coefficients"]))[0]) - standard_model
        assert found == pytest.approx(point["values"][0] - first["values"][0], rel=1e-3)
    choices = tuple((its.choices | {"eps_K": "c-t unitarity"}).items())
    other = Inputs(its.values, its.form_factors, its.name, choices)
    assert float(Predictor(["eps_K"], other)(NOTHING)[0]) == pytest.approx(
        scheme * PEER["eps_K, c-t unitarity"], rel=1e-3
    )


def test_standard_model_at_our_inputs(values, inputs):
    """flavio 2.7.1 with its inputs; f_B0 and CKM make B0 3% different, B_K and CKM epsilon_K 5%."""
    theirs = [PEER[group]["points"][0]["values"] for group in MESONS]
    expected = [theirs[0][0], theirs[1][0], theirs[0][1], theirs[1][1], theirs[2][0]]
    assert values(NOTHING, inputs) == approx(expected, rel=0.06)


def test_phases_of_the_standard_model_are_angles(values, inputs):
    V = np.asarray(ckm_matrix(inputs))

    def angle(q):
        return np.angle(-V[1, q] * V[1, 2].conj() / (V[2, q] * V[2, 2].conj()))

    found = np.asarray(values(NOTHING, inputs))
    assert found[3] == pytest.approx(np.sin(2 * angle(0)), rel=1e-12)
    assert found[2] == pytest.approx(-np.sin(2 * angle(1)), rel=1e-12)


def test_new_physics_in_phase_rescales(values, inputs):
    """C_VLL = k times that of the Standard Model makes 1 + k of all that is linear in M12, and moves no phase."""
    k = 0.7
    unit = -k * float((inputs["G_F"] * inputs["m_W"] / (2 * jnp.pi)) ** 2)

    def like(meson):
        flavours = FLAVOURS[meson.scale]
        factor = scale_independent(alpha_s(inputs[meson.scale], inputs, flavours), flavours)
        c = unit * factor * meson.loops(inputs, meson.quarks)
        return DeltaF2(c, *[jnp.asarray(0j)] * 7)

    wet = Wet(Flavours(), Flavours(), mixing=Flavours(*map(like, (B_S, B_D, KAON))))
    ratio = np.asarray(values(wet, inputs) / values(NOTHING, inputs))
    assert ratio == approx([1 + k, 1 + k, 1, 1, 1 + k], rel=1e-12)


def test_matrix_elements_in_vacuum_insertion(inputs):
    """All bag parameters 1: f^2 m_M times 1/3, r/4 + 1/24 and r/6 + 1/4, by hand with the masses of the quarks."""
    ones = inputs.replace({f"bag_B_s_{n}": 1.0 for n in range(1, 6)})
    log_mass = jnp.log(1.03)
    found = matrix_elements(B_S, log_mass, ones)
    m, f = float(ones["m_B_s"]), float(ones["f_B_s"])
    r = (m / (1.03 * float(ones["m_b"] + ones["m_s"]))) ** 2
    expected = f**2 * m * np.array([1 / 3, -r / 6 - 1 / 4, -5 * r / 24, r / 4 + 1 / 24, r / 2])
    elements = [found.CVLL, found.CVLR, found.CSLL, found.CSLR, found.CTLL]
    assert np.asarray(elements) == approx(expected, rel=1e-12)


def test_boxes():
    x = jnp.asarray(4.1)
    assert float(boxes.different(x, x * (1 + 1e-5))) == pytest.approx(float(boxes.same(x)), rel=2e-5)
    assert float(boxes.same(jnp.asarray(1e-8))) == pytest.approx(1e-8, rel=1e-5)
    assert float(boxes.same(jnp.asarray((162.5 / 80.37) ** 2))) == pytest.approx(2.31, rel=5e-3)  # arXiv:hep-ph/9806471
    small, t = 2.5e-4, 4.1
    expected = small * (np.log(t / small) - 3 * t / (4 * (1 - t)) - 3 * t**2 * np.log(t) / (4 * (1 - t) ** 2))
    assert float(boxes.different(jnp.asarray(small), jnp.asarray(t))) == pytest.approx(expected, rel=2e-3)


@pytest.mark.slow
def test_derivatives_by_inputs_and_by_new_physics(values, inputs):
    wet = random_mixing(2)
    names = ("ckm_etabar", "ckm_A", "m_t(m_t)", "alpha_s", "bag_B_s_4", "bag_B0_3", "bag_K0_5", "m_s", "eta_ut_K")
    slopes = jax.jit(jax.jacfwd(lambda x: values(wet, inputs.replace(dict(zip(names, x, strict=True))))))
    x = jnp.stack([inputs[name] for name in names])
    found, at = np.asarray(slopes(x)), np.abs(values(wet, inputs))
    for i, name in enumerate(names):
        step = 1e-4 * float(x[i])
        ends = [values(wet, inputs.replace({name: x[i] + sign * step})) for sign in (1, -1)]
        assert found[:, i] * x[i] / at == approx((ends[0] - ends[1]) / (2 * step) * x[i] / at, rel=1e-5, abs=1e-7)
    along = random_mixing(3)
    moved = [jax.tree.map(lambda a, b, t=t: a + t * b, wet, along) for t in (1e-4, -1e-4)]
    difference = (values(moved[0], inputs) - values(moved[1], inputs)) / 2e-4
    assert jax.jvp(lambda w: values(w, inputs), (wet,), (along,))[1] / at == approx(difference / at, rel=1e-6, abs=1e-8)


@pytest.mark.slow
def test_jit_eager_batch_and_loop_agree(values, inputs):
    wets = [random_mixing(seed) for seed in range(3)]
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *wets)
    predictor = Predictor(NAMES, inputs)
    loop = jnp.stack([values(wet, inputs) for wet in wets])
    assert predictor.batch(stacked) == approx(loop, rel=1e-11)
    assert jnp.stack([predictor(wet) for wet in wets]) == approx(loop, rel=1e-11)
    assert get("DeltaM_s")(wets[0], inputs) == approx(loop[0, 0], rel=1e-11)


@pytest.mark.slow
def test_where_nothing_mixes(inputs):
    """New physics that cancels the Standard Model: no difference, no phase, finite slopes."""
    kernel = m12(B_S, inputs)
    none = DeltaF2.zero()
    against = DeltaF2(kernel.standard_model / kernel.elements.CVLL, *list(vars(none).values())[1:])

    def both(t):
        sector = jax.tree.map(lambda c: t * c, against)
        wet = Wet(Flavours(), Flavours(), mixing=Flavours(sb=sector))
        return jnp.stack([get(name)(wet, inputs) for name in ("DeltaM_s", "S_psiphi")])

    found, slopes = both(1.0), jax.jacfwd(both)(1.0)
    assert float(found[0]) < 1e-26
    assert np.all(np.isfinite(slopes))
    assert both(1 - 1e-3) == approx([2e-3 * abs(complex(kernel.standard_model)), both(0.0)[1]], rel=1e-9)


@pytest.mark.slow
def test_nothing_else_changes_and_nothing_else_is_changed(inputs):
    predictor = Predictor([*NAMES, "BR(B+->Knunu)", "BR(KL->pinunu)"], inputs)
    standard_model = np.asarray(predictor(NOTHING))
    for quarks, rows in ((SB, (0, 2)), (DB, (1, 3)), (DS, (4,))):
        sector = mixing(quarks, {"CVLL_": [SIZES[quarks], SIZES[quarks]]})
        changed = np.asarray(predictor(sector)) != standard_model
        assert changed.tolist() == [i in rows for i in range(7)]


def test_arguments_are_refused(inputs):
    with pytest.raises(DineutrinoError, match="DeltaM_s takes the arguments: none"):
        Predictor([("DeltaM_s", 1.0)], inputs)


def test_nuisances_are_those_of_the_observables():
    measured = load_measurements(["hflav_DeltaM_d"])
    its = set(Likelihood([], measured, load_prior()).prior.labels)
    assert {"ckm_A", "ckm_rhobar", "m_t(m_t)", "f_B0", "bag_B0_1", "alpha_s"} <= its
    assert not {name for name in its if "_s_" in name or "K0" in name or "kappa" in name}


@pytest.mark.slow
def test_the_standard_model_agrees_with_the_data():
    """Pulls with the errors of theory and data; the ratio of mass differences is known better than both of them."""
    prior, all_terms = load_prior(), [measurement.term for measurement in load_measurements("mixing")]
    terms = [term for term in all_terms if isinstance(term, Gaussian)]
    predictor = Predictor([term.observables[0] for term in terms], prior.central)
    assert [term.observables[0][0] for term in terms[:2]] == ["DeltaM_d", "DeltaM_s"]
    covariance, predicted = np.asarray(predictor.covariance(NOTHING, prior)), np.asarray(predictor(NOTHING))
    measured, errors = (np.array([float(getattr(term, name)[0]) for term in terms]) for name in ("value", "sigma"))
    pulls = (predicted - measured) / np.sqrt(errors**2 + np.diag(covariance))
    assert np.abs(pulls).max() < 2.5
    relative = covariance / np.outer(predicted, predicted)
    of_ratio = np.sqrt(relative[0, 0] + relative[1, 1] - 2 * relative[0, 1])
    assert of_ratio < 0.7 * np.sqrt(relative[1, 1])


@pytest.mark.slow
def test_response_to_smeft_at_1_tev():
    """Table of the responses M12/C of flavio and wilson, GeV TeV^2, which have QED and leading order in QCD: 1%."""
    expected = {
        "B_s": {"qq1_2323": -5.913e-8, "qq3_2323": -5.913e-8, "dd_2323": -6.091e-8, "qd1_2323": 2.775e-7,
                "qd8_2323": 2.984e-7},
        "B0": {"qq1_1313": -4.097e-8, "dd_1313": -4.220e-8, "qd1_1313": 1.933e-7},
        "K0": {"qq1_1212": -1.493e-9, "dd_1212": -1.519e-9, "qd1_1212": 1.567e-7},
    }  # fmt: skip
    its = matched("K0").replace({"mu_B_mixing": 4.2})
    leading = tuple((its.choices | {"mixing_running": "LO"}).items())
    its = Inputs(its.values, its.form_factors, its.name, leading)
    names = [f"{part} {name}" for responses in expected.values() for name in responses for part in ("Re", "Im")]
    model = SMEFT(its, 1.0)
    for group, responses in expected.items():
        kernel = m12(MESONS[group], matched(group))
        for name, response in responses.items():
            coefficient = {f"Re {name}": 0.3, f"Im {name}": -0.4}
            values = {known: jnp.asarray(coefficient.get(known, 0.0)) for known in names}
            found = complex(kernel(model(values, its)) - kernel.standard_model)
            assert found == pytest.approx(response * (0.3 - 0.4j), rel=0.01)


def test_named_coefficients_are_parameters_of_every_model(inputs):
    values = {"Re CSLR_bdbd": jnp.asarray(1e-12), "Im CSLR_bdbd": jnp.asarray(-2e-12)}
    found = MasslessNeutrinos()(values, inputs)
    assert complex(found.mixing(DB).CSLR) == 1e-12 - 2e-12j
    assert not np.any(jax.tree.leaves((found.mixing(SB), found.mixing(DS))))
    predictor = Predictor(NAMES, inputs)
    assert predictor(found) == approx(predictor(mixing(DB, {"CSLR_": [1e-12, -2e-12]})), rel=1e-12)


@pytest.mark.slow
def test_what_is_left_for_new_physics(inputs):
    """C and phi of the unitarity triangle are ratios of what is measured; the mass of a scale moves neither."""
    wet, names = random_mixing(8, 0.3), ("C_Bs", "C_Bd", "phi_Bs", "phi_Bd", "C_epsK")
    both = Predictor([*NAMES, *names], inputs)
    new, old = both(wet), both(NOTHING)
    assert old[5:] == approx([1, 1, 0, 0, 1], abs=1e-14)
    assert new[jnp.array([5, 6, 9])] == approx((new / old)[jnp.array([0, 1, 4])], rel=1e-12)
    beta_s, beta = np.arcsin(old[2:4])
    assert new[2:4] == approx(np.sin([beta_s - 2 * new[7], beta + 2 * new[8]]), rel=1e-12)
    assert np.all(np.abs(new[5:] - old[5:]) > 1e-3)

    def shifted(t):
        sector = jax.tree.map(lambda c: t * c, wet)
        return jnp.stack([get(name)(sector, inputs) for name in names])

    slopes = jax.jacfwd(shifted)(0.4)
    assert slopes == approx((shifted(0.4 + 1e-4) - shifted(0.4 - 1e-4)) / 2e-4, rel=1e-6)
    cancelled = m12(B_S, inputs)
    against = DeltaF2(cancelled.standard_model / cancelled.elements.CVLL, *list(vars(DeltaF2.zero()).values())[1:])
    gone = Wet(Flavours(), Flavours(), mixing=Flavours(sb=against))
    assert [float(get(name)(gone, inputs)) for name in ("C_Bs", "phi_Bs")] == approx([0, 0], abs=1e-12)
