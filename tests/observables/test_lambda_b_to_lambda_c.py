"""R(Lambda_c) against EOS, explicit Dirac spinors, the published value, and its edges."""

import json
from pathlib import Path

import brute_force_baryon
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft.charged import charged_from_flavio, charged_names
from dineutrino.form_factors import baryon
from dineutrino.inputs import load_inputs, load_prior
from dineutrino.likelihood import Likelihood
from dineutrino.measurements import load_measurements
from dineutrino.observables import Predictor, get
from dineutrino.observables.charged_widths import LAMBDA_C, Hadrons
from dineutrino.theory import Flavours, Wet

pytestmark = pytest.mark.slow

NAME = "Rtaul(Lambdab->Lambdaclnu)"
PEER = json.loads((Path(__file__).parents[1] / "validation/frozen/eos_lambda_c.json").read_text(encoding="utf-8"))
NAMES = charged_names()
FIVE = ("CVL", "CVR", "CSL", "CSR", "CT")


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def ratio():
    """R(Lambda_c) of coefficients in flavio's normalisation and inputs."""

    def value(coefficients, inputs):
        return get(NAME)(Wet(Flavours(), Flavours(), charged=charged_from_flavio(coefficients, inputs)), inputs)

    return jax.jit(value)


def of(coefficients):
    found = np.zeros(len(NAMES), complex)
    for name, value in coefficients.items():
        found[NAMES.index(name)] = value
    return jnp.asarray(found)


def random(seed, size=0.2):
    rng = np.random.default_rng(seed)
    return jnp.asarray(size * (rng.normal(size=len(NAMES)) + 1j * rng.normal(size=len(NAMES))))


def test_standard_model(ratio, inputs):
    """0.3328(74)(70), arXiv:1503.01421: the first error is that of the nominal fit, which the covariance is of."""
    prior, none = load_prior(), of({})
    over_muons = inputs.replace({"m_e": inputs["m_mu"]})
    assert float(ratio(none, over_muons)) == pytest.approx(0.3328, abs=2e-4)
    block = next(block for block in prior.blocks if block.name == "Lambda_b->Lambda_c DKMR2017")
    slopes = jax.jit(jax.grad(lambda z: ratio(none, prior.inputs({block.name: z}))))(jnp.zeros(len(block.labels)))
    assert float(jnp.linalg.norm(slopes)) == pytest.approx(0.0074, abs=3e-4)


def test_eos_at_its_masses(ratio, inputs):
    """Vectors to 1e-6; scalars to 1e-3, m_c at m_b(m_b) being 0.92 GeV here.

    EOS 1.0.21 multiplies |C_T|^2 by 1.09, where Dirac spinors (below) and arXiv:1811.09603 have 10.4: no tensors.
    """
    at = inputs.replace(PEER["scalars"] | {"eta_EW": 1.0, "m_c": 0.92})
    compared = 0
    for point in PEER["points"]:
        if "cT" in point["coefficients"]:
            continue
        coefficients = {f"C{name[1:]}_bctaunutau": complex(*parts) for name, parts in point["coefficients"].items()}
        scalars = any("CS" in name for name in coefficients)
        assert float(ratio(of(coefficients), at)) == pytest.approx(point["value"], rel=1e-3 if scalars else 1e-6)
        compared += 1
    assert compared == 5


def test_dirac_spinors(inputs):
    """The width with all five currents, complex ones too: q2 by Gauss and Legendre, spins one by one."""
    fit, mass = inputs.form_factors["Lambda_b->Lambda_c"], float(inputs["m_tau"])
    M, m, m_b, m_c = (float(inputs[name]) for name in ("m_Lambda_b", "m_Lambda_c", "m_b", "m_c"))
    x = np.array([1.0, 0.2 - 0.1j, -0.3 + 0.4j, 0.5j, -0.2 + 0.3j])
    VL, VR, SL, SR, T = x
    g = {"VV": VL + VR, "VA": -VL - VR, "AV": VR - VL, "AA": VL - VR, "SS": SL + SR, "SP": -SL - SR, "PS": SR - SL,
         "PP": SL - SR, "TT": 2 * T, "TT5": -2 * T}  # fmt: skip
    g = {name: value / 4 for name, value in g.items()}
    nodes, weights = np.polynomial.legendre.leggauss(24)
    lower, upper = np.sqrt(mass), np.sqrt(M - m)
    q2 = ((upper + lower) / 2 + (upper - lower) / 2 * nodes) ** 4
    jacobian = (upper - lower) / 2 * 4 * q2**0.75
    values = jax.tree.map(np.asarray, vars(baryon(jnp.asarray(q2), fit)))
    rates = [
        brute_force_baryon.width(s, M, m, m_b, m_c, {name: array[i] for name, array in values.items()}, mass, 0.0, g)
        for i, s in enumerate(q2)
    ]
    found = np.real(x.conj() @ np.asarray(Hadrons.of(LAMBDA_C, inputs).form(inputs["m_tau"])) @ x)
    assert found == pytest.approx(float(np.sum(weights * jacobian * rates)), rel=2e-4)


def test_new_physics_in_any_lepton_and_neutrino(ratio, inputs):
    """Left-handed currents scale widths: those of taus above, those of electrons and muons below."""
    standard_model = float(ratio(of({}), inputs))
    x = 0.2 - 0.3j
    unit = float(inputs["eta_EW"])
    for coefficients, expected in (
        ({"CVL_bctaunutau": x}, abs(1 + x / unit) ** 2),
        ({"CVL_bctaunumu": x}, 1 + abs(x / unit) ** 2),
        ({"CVL_bcmunumu": x, "CVL_bcenue": x}, 1 / abs(1 + x / unit) ** 2),
        ({"CVL_butaunutau": x}, 1.0),
    ):
        assert float(ratio(of(coefficients), inputs)) / standard_model == pytest.approx(expected, rel=1e-9)


def test_derivatives(ratio, inputs):
    names = ("m_Lambda_b", "m_Lambda_c", "m_tau", "m_b", "m_c")
    x, point = jnp.stack([inputs[name] for name in names]), random(1)

    def at(x):
        return ratio(point, inputs.replace(dict(zip(names, x, strict=True))))

    slopes = jax.jit(jax.grad(at))(x)
    for i, slope in enumerate(slopes):
        step = 1e-5 * jnp.eye(len(names))[i]
        assert float(slope) == pytest.approx(float(at(x + step) - at(x - step)) / 2e-5, rel=1e-6, abs=1e-9)


def test_jit_eager_batch_and_loop_agree(ratio, inputs):
    points = [random(seed) for seed in range(3)]
    wets = [Wet(Flavours(), Flavours(), charged=charged_from_flavio(point, inputs)) for point in points]
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *wets)
    predictor, loop = Predictor([NAME], inputs), jnp.stack([ratio(point, inputs) for point in points])[:, None]
    assert predictor.batch(stacked) == approx(loop, rel=1e-12)
    assert jnp.stack([get(NAME)(wet, inputs)[None] for wet in wets]) == approx(loop, rel=1e-12)


def test_the_form_is_positive_and_closes_with_the_phase_space(inputs):
    eigenvalues = np.linalg.eigvalsh(np.asarray(Hadrons.of(LAMBDA_C, inputs).form(inputs["m_tau"])))
    assert eigenvalues.min() > -1e-12 * eigenvalues.max()
    end = inputs["m_Lambda_b"] - inputs["m_Lambda_c"]
    value, slope = jax.value_and_grad(lambda mass: Hadrons.of(LAMBDA_C, inputs).form(mass)[0, 0])(end)
    assert float(value) == pytest.approx(0, abs=1e-12)
    assert np.isfinite(float(slope))


def test_the_measurement_brings_its_form_factors():
    labels = set(Likelihood([], load_measurements("lhcb2022_RLambdac"), load_prior()).prior.labels)
    assert {"Lambda_b->Lambda_c h_plus a0", "m_Lambda_c"} <= labels
    assert not {label for label in labels if "B->D" in label}
