"""B_s -> phi, Lambda_b -> Lambda and B_s -> invisible as observables."""

from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from scipy.integrate import quad

from dineutrino.analysis.predict import predict
from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import c_l_sm, input_rows, load_inputs, load_prior
from dineutrino.invisible import DarkFermions, FermionOperators
from dineutrino.likelihood import Likelihood
from dineutrino.measurements import load_measurements
from dineutrino.models import SterileNeutrino
from dineutrino.observables import Predictor, get
from dineutrino.theory import Wet

WIDTHS = ("narrow", "finite")
SEMILEPTONIC = ("Bs->phi", "Lambdab->Lambda")


@pytest.fixture(scope="module")
def inputs():
    return load_inputs("default")


@pytest.fixture(scope="module")
def states():
    wilson = NeutrinoCoefficients(2.0 * jnp.eye(3, dtype=complex), 1j * jnp.ones((3, 3)))
    pair = DarkFermions(jnp.asarray(0.6), FermionOperators(S1=2e-9, P2=1e-9, V1=2e-9, A2=1e-9j, T1=1e-9))
    return {"neutrinos": wilson, "a pair": Wet.b_to_s(dark=(pair,))}


@pytest.mark.slow
@pytest.mark.parametrize("what", ["neutrinos", "a pair"])
@pytest.mark.parametrize("mode", SEMILEPTONIC)
def test_integrals_of_the_spectrum(mode, what, inputs, states):
    point = states[what]
    end = get(f"BR({mode}nunu)").mode.end_point(inputs)
    names = [
        f"BR({mode}nunu)",
        (f"<BR>({mode}nunu)", 1.0, 7.0),
        (f"<dBR/dq2>({mode}nunu)", 7.0, end),
        f"FL({mode}nunu)",
    ]
    found = Predictor(names, inputs)(point)
    rate = jax.jit(lambda q2: get(f"dBR/dq2({mode}nunu)")(point, inputs, q2))
    fraction = jax.jit(lambda q2: get(f"FL({mode}nunu)")(point, inputs, q2))

    def adaptive(function, edges=(0.0, end)):
        """In u = sqrt(end - q2), with a break where the pair opens."""
        limits = sorted({(end - edge) ** 0.5 for edge in edges} | {(end - 4 * 0.6**2) ** 0.5})
        limits = [u for u in limits if (end - edges[1]) ** 0.5 <= u <= (end - edges[0]) ** 0.5]
        parts = pairwise(limits)
        return sum(
            quad(lambda u: 2 * u * float(function(end - u**2)), a, b, epsabs=0, epsrel=1e-9)[0] for a, b in parts
        )

    first, last = adaptive(rate, (1.0, 7.0)), adaptive(rate, (7.0, end))
    assert found[1] == approx(first, rel=1e-6)
    assert found[2] == approx(last / (end - 7.0), rel=1e-6)
    assert found[0] == approx(adaptive(rate), rel=1e-6)
    longitudinal = adaptive(lambda q2: rate(q2) * jnp.nan_to_num(fraction(q2)))
    assert found[3] == approx(longitudinal / found[0], rel=1e-6)


@pytest.mark.parametrize("mode", SEMILEPTONIC)
def test_interference_with_right_handed_quarks(mode, inputs):
    """|a + b|^2 and |a - b|^2 alone: C_R = +-C_SM; the rate at any C_R follows from the two."""
    predictor = Predictor([f"R({mode}nunu)"], inputs)
    eye = c_l_sm(inputs) * jnp.eye(3, dtype=complex)
    ratio = lambda x: float(predictor(NeutrinoCoefficients(0 * eye, x * eye))[0])  # noqa: E731
    plus, minus = ratio(1.0) / 4, ratio(-1.0) / 4
    assert plus + minus == approx(1.0, rel=1e-12)
    assert ratio(0.3) == approx(1.3**2 * plus + 0.7**2 * minus, rel=1e-12)


def test_the_width_of_the_kstar_is_no_matter_of_the_phi(inputs):
    names = ["BR(Bs->phinunu)", "BR(B0->K*nunu)"]
    zero = NeutrinoCoefficients.zero()
    narrow, finite = (Predictor(names, load_inputs("default", **{"K*_width": w}))(zero) for w in ("narrow", "finite"))
    assert finite[0] == narrow[0]
    assert finite[1] / narrow[1] == approx(float(inputs["K*_width_factor"]), rel=1e-12)


@pytest.mark.slow
def test_the_width_of_the_kstar_is_uncertain_where_it_is_used():
    """Its relative uncertainty adds in quadrature to rates into K*, and to nothing else."""
    names = [("BR(B0->K*nunu)",), ("BR(B+->Knunu)",), ("R(B0->K*nunu)",), ("FL(B0->K*nunu)",)]
    point = NeutrinoCoefficients(jnp.ones((1, 3, 3), complex), 2.0 * jnp.ones((1, 3, 3), complex))
    keep = ["CKM", "K*_width_factor"]
    found = {w: predict(names, point, load_prior("default", **{"K*_width": w}).restrict(keep)) for w in WIDTHS}
    relative = {w: (f.uncertainties / f.values)[0] for w, f in found.items()}
    factor = next(row for row in input_rows("default") if row.name == "K*_width_factor")
    added = (factor.uncertainty / factor.value) ** 2
    assert added > 0
    assert relative["finite"][0] ** 2 - relative["narrow"][0] ** 2 == approx(added, rel=1e-10)
    assert relative["finite"][1:] == approx(relative["narrow"][1:], rel=1e-10, abs=1e-15)


@pytest.mark.slow
@pytest.mark.parametrize(("choice", "expected"), [("narrow", False), ("finite", True)])
def test_the_width_of_the_kstar_is_a_nuisance_where_it_is_used(choice, expected):
    prior = load_prior("default", **{"K*_width": choice}).restrict(["K* width"])
    likelihood = Likelihood([], load_measurements("belle2013_BpKstarnunu"), prior)
    assert any("K*_width_factor" in name for name in likelihood.names) == expected


def test_standard_model(inputs):
    """Lambda_b: between the fits of arXiv:1602.01399 with 18 and 28 coefficients; B_s -> invisible: helicity."""
    found = Predictor(["BR(Lambdab->Lambdanunu)", "BR(Bs->nunu)"], inputs)(NeutrinoCoefficients.zero())
    assert 7.0e-6 < found[0] < 9.5e-6
    assert found[1] == 0.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mass", "QN", "LNQd"),
    [(0.0, 0.0, 4.033e-5), (1.0, 1.214e-6, 3.758e-5), (1.5, 2.440e-6, 3.428e-5), (2.0, 3.488e-6, 2.991e-5)],
)
@pytest.mark.parametrize(("choice", "factor"), [("physical", 1.0), ("paper", 0.5)])
def test_bs_to_nothing(mass, QN, LNQd, choice, factor):
    """C = 0.01 TeV^-2 at 1 TeV; an independent computation with the inputs of arXiv:2309.02940."""
    predictor = Predictor(["BR(Bs->nunu)"], load_inputs("felkl2023", Bs_normalisation=choice))
    for name, expected in (("QN_2311", QN), ("LNQd_1123", LNQd), ("LNQd_3132", LNQd)):
        point = {"mass": jnp.asarray(mass), f"Re {name}": jnp.asarray(0.01)}
        found = predictor(SterileNeutrino(1.608, 0.853)(point, predictor.inputs))[0]
        assert found == approx(factor * expected, rel=2e-3, abs=1e-20)


def test_bs_to_nothing_at_the_threshold():
    inputs = load_inputs("default")
    half = float(inputs["m_B_s"]) / 2
    model = SterileNeutrino(1.608, 0.853)
    rate = jax.jit(
        jax.value_and_grad(
            lambda m: 1e6 * get("BR(Bs->nunu)")(model({"mass": m, "Re QN_2311": jnp.asarray(0.01)}, inputs), inputs)
        )
    )
    for mass in (half, half + 1e-9, 4.0, 6.0):
        value, slope = rate(mass)
        assert value == 0.0
        assert np.isfinite(slope)
    value, slope = rate(half - 0.1)
    numeric = (rate(half - 0.1 + 1e-6)[0] - rate(half - 0.1 - 1e-6)[0]) / 2e-6
    assert value > 0
    assert slope == approx(numeric, rel=1e-6)
