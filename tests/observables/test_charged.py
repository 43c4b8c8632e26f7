"""Charged currents against flavio (frozen by tests/validation/freeze_charged.py), EOS, closed forms and their edges."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from random_warsaw import random_values

from dineutrino.eft.charged import Charged, LeptonNeutrino
from dineutrino.eft.warsaw import warsaw_from_mapping
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import ckm_matrix, load_inputs, load_prior
from dineutrino.invisible.lepton_neutrino import lepton_neutrino, negative_helicity
from dineutrino.invisible.spectrum import Currents, SpinOne, contract
from dineutrino.likelihood import Likelihood
from dineutrino.matching.charged import before_ckm, with_ckm
from dineutrino.matching.descent import fixed_point
from dineutrino.matching.warsaw_to_jms import match_warsaw
from dineutrino.measurements import load_measurements
from dineutrino.models import MasslessNeutrinos
from dineutrino.observables import Predictor, get
from dineutrino.observables.charged_widths import D_STAR, D, Hadrons
from dineutrino.theory import Beyond, Flavours, Theory, Wet

pytestmark = pytest.mark.slow

PEER = json.loads((Path(__file__).parents[1] / "validation/frozen/flavio_charged.json").read_text(encoding="utf-8"))
NAMES = (*PEER["observables"], "Ptau(B0->D*taunu)")
LEPTONS = ("e", "mu", "tau")
NOTHING = Wet(Flavours(), Flavours())


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def values():
    """All observables of new physics and inputs."""
    return jax.jit(lambda new, inputs: jnp.stack([get(name)(new, inputs) for name in NAMES]))


def wet(cb=None, ub=None):
    none = LeptonNeutrino.zero()
    return Wet(Flavours(), Flavours(), charged=Charged(none if cb is None else cb, none if ub is None else ub))


def random_point(seed, inputs, size=0.2):
    random = np.random.default_rng(seed)
    unit = 2 * np.sqrt(2) * float(inputs["G_F"]) * np.abs(np.asarray(ckm_matrix(inputs))[:2, 2])

    def one(scale):
        draws = scale * size * (random.normal(size=(5, 3, 3)) + 1j * random.normal(size=(5, 3, 3)))
        return LeptonNeutrino(*map(jnp.asarray, draws))

    return wet(one(unit[1]), one(unit[0]))


def of_flavio(coefficients, inputs):
    """The Lagrangian of coefficients in flavio's normalisation."""
    sectors = {"bc": np.zeros((5, 3, 3), complex), "bu": np.zeros((5, 3, 3), complex)}
    for name, parts in coefficients.items():
        operator, _, rest = name.partition("_")
        lepton, neutrino = rest[2:].split("nu", 1)
        if lepton not in LEPTONS:  # of "numunu"
            raise ValueError(name)
        place = (("CVL", "CVR", "CSL", "CSR", "CT").index(operator), LEPTONS.index(lepton), LEPTONS.index(neutrino))
        V = ckm_matrix(inputs)[1 if rest.startswith("bc") else 0, 2]
        sectors[rest[:2]][place] = -2 * np.sqrt(2) * inputs["G_F"] * V * complex(*parts)
    return wet(*(LeptonNeutrino(*map(jnp.asarray, sectors[quarks])) for quarks in ("bc", "bu")))


def test_flavio_at_its_inputs(values, inputs):
    """R(D) without tensors, where flavio lacks a factor sqrt2."""
    its = inputs.replace(PEER["scalars"])
    for point in PEER["points"]:
        found = np.array(values(of_flavio(point["coefficients"], its), its)[:5])
        others = {name: parts for name, parts in point["coefficients"].items() if not name.startswith("CT")}
        found[0] = values(of_flavio(others, its), its)[0]
        assert found == approx(point["values"], rel=5e-4)


def test_eos_with_its_masses(inputs):
    """EOS 1.0.21 with these form factors: R(D), R(D*) over the muon, F_L; changes by one current in the tau."""
    masses = {"m_B0": 5.27958, "m_D+": 1.86962, "m_D*+": 2.01026, "m_tau": 1.77686, "m_mu": 0.10566}
    at = inputs.replace(masses | {"eta_EW": 1.0})

    def ratio(decay):
        tau, mu = (float(Hadrons.of(decay, at).form(at[name])[0, 0]) for name in ("m_tau", "m_mu"))
        return tau / mu

    assert [ratio(D), ratio(D_STAR)] == approx([0.2956246, 0.2538935], rel=1e-3)
    predictor = Predictor(["Rtaul(B->Dlnu)", "Rtaul(B->D*lnu)", "FLtot(B0->D*taunu)"], at)
    standard_model = np.asarray(predictor(NOTHING))
    assert standard_model[2] == pytest.approx(0.530661, rel=2e-4)
    for name, value, expected in (
        ("CT", (0.3, 0.0), (1.312800, 0.711394)),
        ("CT", (-0.3, 0.0), (0.786175, 3.524295)),
        ("CT", (0.0, 0.3), (1.049488, 2.117844)),
        ("CVR", (0.3, 0.0), (1.690000, 0.525686)),
    ):
        found = np.asarray(predictor(of_flavio({f"{name}_bctaunutau": value}, at)))[:2] / standard_model[:2]
        assert found == approx(expected, rel=1e-3)


def test_polarisation_of_the_tau(values, inputs):
    """-0.497(13) in the Standard Model, arXiv:1309.0301; scalar currents alone make taus of helicity +1/2."""
    assert float(values(NOTHING, inputs)[5]) == pytest.approx(-0.497, abs=0.03)
    scalar = np.zeros((3, 3), complex)
    scalar[2, 2] = 1.0
    none = LeptonNeutrino.zero()
    strong = wet(LeptonNeutrino(none.VL, none.VR, jnp.asarray(scalar), none.SR, none.T))
    assert float(values(strong, inputs)[5]) == pytest.approx(1, abs=1e-8)


def test_each_helicity_has_one_amplitude():
    """With one hadronic amplitude a + b for vectors and tensors, each helicity of the lepton is a perfect square."""
    q2, mass, a, b = jnp.asarray(6.3), jnp.asarray(1.777), 1.3, -0.7
    one = SpinOne(jnp.asarray(a**2), jnp.asarray(b**2), jnp.asarray(a * b))
    hadronic = Currents(vector=one)

    def rate(x, helicity):
        summed = lepton_neutrino(q2, mass, x)
        part = negative_helicity(q2, mass, summed)
        return contract(hadronic, part if helicity < 0 else jax.tree.map(jnp.subtract, summed, part))

    for helicity in (-1, 1):
        matrix = np.asarray(jax.hessian(lambda x, h=helicity: rate(x, h))(jnp.zeros(5)))[np.ix_([0, 4], [0, 4])]
        assert np.linalg.eigvalsh(matrix)[0] == pytest.approx(0, abs=1e-12)
        assert np.linalg.eigvalsh(matrix)[1] > 0.1
    light = negative_helicity(
        q2, jnp.asarray(1e-6), lepton_neutrino(q2, jnp.asarray(1e-6), jnp.array([1.0, 0, 0, 0, 0]))
    )
    whole = lepton_neutrino(q2, jnp.asarray(1e-6), jnp.array([1.0, 0, 0, 0, 0]))
    assert float(contract(hadronic, light)) == pytest.approx(float(contract(hadronic, whole)), rel=1e-10)


def test_annihilation_by_the_textbook(values, inputs):
    """tau G_F^2/(8 pi) |V_ub|^2 f^2 m_B m_tau^2 (1 - m_tau^2/m_B^2)^2 times |1 + C_VL - C_VR + r (C_SR - C_SL)|^2.

    Here r = m_B^2/(m_tau (m_b + m_u)), and 1 is eta_EW.
    """
    coefficients = {"CVL_butaunutau": (0.1, 0.2), "CVR_butaunutau": (-0.3, 0.1), "CSR_butaunutau": (0.02, -0.05),
                    "CSL_butaunutau": (-0.03, 0.04), "CT_butaunutau": (0.7, 0.2)}  # fmt: skip
    vl, vr, sr, sl = (complex(*coefficients[f"C{X}_butaunutau"]) for X in ("VL", "VR", "SR", "SL"))
    m, tau, m_b = (float(inputs[name]) for name in ("m_B+", "m_tau", "m_b"))
    size = abs(complex(ckm_matrix(inputs)[0, 2])) * float(inputs["f_B+"])
    width = float(inputs["G_F"]) ** 2 / (8 * np.pi) * size**2 * m * tau**2 * (1 - tau**2 / m**2) ** 2
    enhanced = m**2 / (tau * (m_b + float(inputs["m_u(2 GeV)"])))
    expected = float(inputs["tau_B+"]) * width * abs(float(inputs["eta_EW"]) + vl - vr + enhanced * (sr - sl)) ** 2
    assert float(values(of_flavio(coefficients, inputs), inputs)[3]) == pytest.approx(expected, rel=1e-9)


def test_matching_is_that_of_the_whole_basis(inputs):
    """At m_Z nothing has run: the short way and the one through all of LEFT agree."""
    c, V = warsaw_from_mapping(random_values(7)), ckm_matrix(inputs)
    short = before_ckm(c, inputs.replace({"mu_b": inputs["m_Z"], "eta_EW": 1.0}))
    whole = match_warsaw(c, V, inputs["s2_w"], 246.0)
    for up in (0, 1):
        found, expected = with_ckm(short, V, up), LeptonNeutrino.from_jms(whole, up)
        for a, b in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
            assert a == approx(b, rel=1e-8, abs=1e-10)


def smeft(name, value, inputs):
    return at_every_scale({name: value}, inputs)


def at_every_scale(values, inputs):
    """Without running."""
    given = warsaw_from_mapping(values)
    return Beyond(NOTHING, fixed_point(given, given, inputs))


def test_smeft_with_the_ckm_matrix_of_the_point(inputs):
    """C_VL = -v^2 sum_i V_ci/V_cb C_lq3, arXiv:2404.06533 section 4, at CKM matrices that the running did not see."""
    for at in (inputs, inputs.replace({"ckm_A": 0.79, "ckm_etabar": 0.40})):
        V, v2 = np.asarray(ckm_matrix(at)), 1 / (np.sqrt(2) * float(at["G_F"]))
        predictor = Predictor(["Rtaul(B->Dlnu)", "Rtaul(B->D*lnu)"], at)
        standard_model = np.asarray(predictor(NOTHING))
        for name, element in (("lq3_3323", V[1, 1]), ("lq3_3333", V[1, 2])):
            C = -0.1e-6 if name == "lq3_3323" else 1e-6
            # the other term of a Hermitian pair, lq3_3332, is the complex conjugate and feeds V_cb only for 33
            expected = abs(1 - v2 * C * element / V[1, 2]) ** 2
            found = np.asarray(predictor(smeft(name, C, inputs))) / standard_model
            assert found == approx(2 * [expected], rel=1e-6)
    assert abs(v2 * 1e-6 * V[1, 1] / V[1, 2]) == pytest.approx(1.3984, rel=0.1)


def test_derivatives_by_inputs_and_by_new_physics(values, inputs):
    point = random_point(2, inputs)
    names = ("ckm_A", "ckm_etabar", "m_tau", "m_b", "m_c", "f_B_c", "m_D*+")
    x = jnp.stack([inputs[name] for name in names])
    slopes = jax.jit(jax.jacfwd(lambda x: values(point, inputs.replace(dict(zip(names, x, strict=True))))))(x)
    at = np.abs(values(point, inputs))
    for i, name in enumerate(names):
        step = 1e-5 * float(x[i])
        ends = [values(point, inputs.replace({name: x[i] + sign * step})) for sign in (1, -1)]
        assert slopes[:, i] * x[i] / at == approx((ends[0] - ends[1]) / (2 * step) * x[i] / at, rel=1e-5, abs=1e-7)
    along = random_point(3, inputs)
    moved = [jax.tree.map(lambda a, b, t=t: a + t * b, point, along) for t in (1e-4, -1e-4)]
    difference = (values(moved[0], inputs) - values(moved[1], inputs)) / 2e-4
    assert jax.jvp(lambda w: values(w, inputs), (point,), (along,))[1] / at == approx(
        difference / at, rel=1e-6, abs=1e-8
    )


def test_jit_eager_batch_and_loop_agree(values, inputs):
    points = [random_point(seed, inputs) for seed in range(3)]
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *points)
    predictor = Predictor(NAMES, inputs)
    loop = jnp.stack([values(point, inputs) for point in points])
    assert predictor.batch(stacked) == approx(loop, rel=1e-11)
    assert jnp.stack([predictor(point) for point in points]) == approx(loop, rel=1e-11)


def test_heavy_leptons_and_quadrature(inputs):
    """A lepton as heavy as q2 allows: no rate, finite slopes; half the mass: twice the nodes make no difference."""
    end = inputs["m_B0"] - inputs["m_D*+"]
    value, slope = jax.value_and_grad(lambda mass: Hadrons.of(D_STAR, inputs).form(mass)[0, 0])(end)
    assert float(value) == pytest.approx(0, abs=1e-12)
    assert np.isfinite(float(slope))
    beyond = jax.value_and_grad(lambda mass: Hadrons.of(D_STAR, inputs).form(mass)[0, 0])(end + 0.3)
    assert np.all(np.asarray(beyond) == 0)


def test_forms_are_positive(inputs):
    for longitudinal, part in ((False, None), (True, None), (False, negative_helicity)):
        extra = {} if part is None else {"part": part}
        found = np.linalg.eigvalsh(np.asarray(Hadrons.of(D_STAR, inputs).form(inputs["m_tau"], longitudinal, **extra)))
        assert found.min() > -1e-12 * found.max()


def test_arguments_are_refused(inputs):
    with pytest.raises(DineutrinoError, match="takes the arguments: none"):
        Predictor([("Rtaul(B->Dlnu)", 1.0)], inputs)


def test_nuisances_and_nothing_else(inputs):
    measured = load_measurements("hflav2025_RD_RDstar")
    its = set(Likelihood([], measured, load_prior()).prior.labels)
    assert {"B->D f_plus a0", "B->D* A_0 a0", "m_tau"} <= its
    assert not {name for name in its if "B->K" in name or "bag" in name or "f_B" in name}
    theory = Theory(inputs, random_point(1, inputs))
    predictor = Predictor(["BR(B+->Knunu)", "DeltaM_s"], inputs)
    assert predictor(theory) == approx(predictor(NOTHING), rel=0)


def test_named_coefficients_are_parameters_of_every_model(values, inputs):
    """The names of flavio, in its normalisation and with the CKM matrix of the point."""
    coefficients = {"CVL_bctaunutau": (0.1, -0.2), "CSR_butaunumu": (0.05, 0.0), "CT_bcmunue": (0.0, 0.1)}
    named = {f"Re {name}": jnp.asarray(parts[0]) for name, parts in coefficients.items()}
    named |= {f"Im {name}": jnp.asarray(parts[1]) for name, parts in coefficients.items()}
    for at in (inputs, inputs.replace({"ckm_A": 0.79})):
        found = MasslessNeutrinos()(named, at)
        for a, b in zip(
            jax.tree.leaves(found.charged()), jax.tree.leaves(of_flavio(coefficients, at).charged), strict=True
        ):
            assert a == approx(b, rel=1e-12)


def test_rank_one_leptoquark(inputs):
    """S_1 of arXiv:2404.06533 at 8.5 TeV and phi = pi/2: C_VL = 0.0139 for theta = 0.1, 0.0118 for theta = 0.2."""
    at = load_inputs("marzocca2024")
    predictor = Predictor(["Rtaul(B->Dlnu)"], at)
    for theta, expected in ((0.1, 0.0139), (0.2, 0.0118)):
        s, b = np.sin(theta), np.cos(theta)
        C = -0.5 / (s * b) / 8500.0**2
        n = {"2": s, "3": b}
        lq3 = {f"lq3_33{i}{j}": C * n[i] * n[j] for i, j in ("22", "23", "33")}
        new = at_every_scale(lq3, at)
        ratio = float(predictor(new)[0] / predictor(NOTHING)[0])
        assert np.sqrt(ratio) - 1 == pytest.approx(expected, rel=0.02)


def test_ratios_to_the_standard_model(inputs):
    """R(D) and R(D*) over those without new physics; |1 + C_VL|^2 where only taus and the current VL are new."""
    names = ("Rtaul(B->Dlnu)", "Rtaul(B->D*lnu)", "R(B->Dtaunu)", "R(B->D*taunu)")
    predictor, old = Predictor(names, inputs), Predictor(names, inputs)(NOTHING)
    assert old[2:] == approx([1, 1], rel=1e-13)
    new = predictor(random_point(3, inputs))
    assert new[2:] == approx((new / old)[:2], rel=1e-12)
    unit = -2 * np.sqrt(2) * float(inputs["G_F"] * inputs["eta_EW"]) * complex(ckm_matrix(inputs)[1, 2])
    c = 0.1 - 0.2j
    zero = LeptonNeutrino.zero()
    left = LeptonNeutrino(*(zero.VL.at[2, 2].set(c * unit) if name == "VL" else x for name, x in vars(zero).items()))
    assert predictor(wet(cb=left))[2:] == approx([abs(1 + c) ** 2] * 2, rel=1e-10)
